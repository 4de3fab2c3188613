// Turns unknown JSON into typed values, or says at which path it is not what the wire promises.
// Built from small readers, so that each message's type and its checker are one definition
// (wire.ts). Unknown extra fields are let through: a newer service may add some. Nothing is
// coerced and nothing gets a default. `sent.ts` ties a reader to what the service sends.

import type { Fields, Instant, Lacking, MapOf, Nullable, Text, Word } from "./sent.ts";

/**
 * Reads one value; throws `WireFault` naming the path when the value does not fit. `Takes` is what
 * may be sent to it, in the words of `sent.ts`.
 */
export interface Reader<T, Takes = never> {
  (value: unknown, path: string): T;
  /** Never there: for the compiler alone. */
  readonly takes?: (sent: Takes) => void;
}
export type ReadBy<R> = R extends Reader<infer T> ? T : never;
type TakenBy<R> = R extends Reader<unknown, infer Takes> ? Takes : never;

export type Checked<T> =
  { readonly kind: "good"; readonly value: T } | { readonly kind: "fault"; readonly why: string };

class WireFault extends Error {}

function fault(path: string, wanted: string, value: unknown): never {
  const seen = value === undefined ? "nothing" : JSON.stringify(value)?.slice(0, 40);
  throw new WireFault(`${path || "message"}: wanted ${wanted}, got ${seen}`);
}

export const text: Reader<string, Text> = (value, path) =>
  typeof value === "string" ? value : fault(path, "text", value);

export const flag: Reader<boolean, boolean> = (value, path) =>
  typeof value === "boolean" ? value : fault(path, "true or false", value);

export const amount: Reader<number, number> = (value, path) =>
  typeof value === "number" && Number.isFinite(value) ? value : fault(path, "a number", value);

/** Whole and not negative: sequence numbers, revisions, counts. */
export const count: Reader<number, number> = (value, path) =>
  Number.isSafeInteger(value) && (value as number) >= 0
    ? (value as number)
    : fault(path, "a count", value);

/** RFC 3339 in UTC, read to milliseconds since 1970. */
export const instant: Reader<number, Instant> = (value, path) => {
  const ms = typeof value === "string" && value.endsWith("Z") ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? fault(path, "a UTC time", value) : ms;
};

export function oneOf<const T extends readonly string[]>(
  ...words: T
): Reader<T[number], Word<T[number]>> {
  return (value, path) =>
    words.includes(value as string) ? (value as T[number]) : fault(path, words.join("|"), value);
}

export function orNull<T, S>(inner: Reader<T, S>): Reader<T | null, Nullable<S>> {
  return (value, path) => (value === null ? null : inner(value, path));
}

/** Null, or not there at all: both mean "not known", and both read as null. */
export function mayLack<T, S>(
  inner: Reader<T, S>,
): Reader<T | null, S | Nullable<S> | Lacking<S>> {
  return (value, path) => (value === null || value === undefined ? null : inner(value, path));
}

export function listOf<T, S>(inner: Reader<T, S>): Reader<readonly T[], readonly S[]> {
  return (value, path) =>
    Array.isArray(value)
      ? value.map((item, index) => inner(item, `${path}[${index}]`))
      : fault(path, "a list", value);
}

export function mapOf<T, S>(inner: Reader<T, S>): Reader<ReadonlyMap<string, T>, MapOf<S>> {
  return (value, path) => {
    const fields = asObject(value, path);
    return new Map(Object.entries(fields).map(([key, v]) => [key, inner(v, `${path}.${key}`)]));
  };
}

type Shape = { readonly [field: string]: Reader<unknown> };
type Shaped<S extends Shape> = { readonly [F in keyof S]: ReadBy<S[F]> };
type Taken<S extends Shape> = Fields<{ readonly [F in keyof S]: TakenBy<S[F]> }>;

export function object<S extends Shape>(shape: S): Reader<Shaped<S>, Taken<S>> {
  const fields = Object.entries(shape);
  return (value, path) => {
    const source = asObject(value, path);
    const pairs = fields.map(([name, read]) => [
      name,
      read(source[name], path === "" ? name : `${path}.${name}`),
    ]);
    return Object.fromEntries(pairs) as Shaped<S>;
  };
}

type Kinds<Key extends string, K extends { readonly [kind: string]: Reader<object> }> = {
  readonly [W in keyof K]: Reader<
    { readonly [F in Key]: W } & ReadBy<K[W]>,
    TakenBy<K[W]> extends Fields<infer F> ? Fields<F & { readonly [E in Key]: Word<W> }> : never
  >;
}[keyof K];

/** Objects of several kinds, told apart by the word that their field `key` has. */
export function toldApart<
  const Key extends string,
  K extends { readonly [kind: string]: Reader<object> },
>(key: Key, kinds: K): Reader<ReadBy<Kinds<Key, K>>, TakenBy<Kinds<Key, K>>> {
  const which = object({ [key]: oneOf(...Object.keys(kinds)) });
  return (value, path) => {
    const told = which(value, path);
    return { ...told, ...kinds[told[key] as string]?.(value, path) } as ReadBy<Kinds<Key, K>>;
  };
}

function asObject(value: unknown, path: string): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : fault(path, "an object", value);
}

/** Runs a reader over a parsed message; the only place where a `WireFault` is caught. */
export function checked<T>(read: Reader<T>, value: unknown): Checked<T> {
  try {
    return { kind: "good", value: read(value, "") };
  } catch (error) {
    if (error instanceof WireFault) return { kind: "fault", why: error.message };
    throw error;
  }
}
