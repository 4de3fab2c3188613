// Turns unknown JSON into typed values, or says at which path it is not what the wire promises.
// Built from small readers, so that each message's type and its checker are one definition
// (wire.ts). Unknown extra fields are let through: a newer service may add some. Nothing is
// coerced and nothing gets a default. `sent.ts` ties a reader to what the service sends.

import type { Instant, Step, Text, Under, Word } from "./sent.ts";

/**
 * Reads one value; throws `WireFault` naming the path when the value does not fit. `Places` is what
 * it reads, and where (`sent.ts`).
 */
export interface Reader<out T, out Places = unknown> {
  (value: unknown, path: string): T;
  /** Never there: for the compiler alone. */
  readonly places?: Places;
}
export type ReadBy<R> = R extends Reader<infer T> ? T : never;
type PlacesOf<R> = R extends Reader<unknown, infer Places> ? Places : never;

export type Checked<T> =
  { readonly kind: "good"; readonly value: T } | { readonly kind: "fault"; readonly why: string };

class WireFault extends Error {}

function fault(path: string, wanted: string, value: unknown): never {
  const seen = value === undefined ? "nothing" : JSON.stringify(value)?.slice(0, 40);
  throw new WireFault(`${path || "message"}: wanted ${wanted}, got ${seen}`);
}

export const text: Reader<string, readonly ["", Text]> = (value, path) =>
  typeof value === "string" ? value : fault(path, "text", value);

export const flag: Reader<boolean, readonly ["", boolean]> = (value, path) =>
  typeof value === "boolean" ? value : fault(path, "true or false", value);

export const amount: Reader<number, readonly ["", number]> = (value, path) =>
  typeof value === "number" && Number.isFinite(value) ? value : fault(path, "a number", value);

/** Whole and not negative: sequence numbers, revisions, counts. */
export const count: Reader<number, readonly ["", number]> = (value, path) =>
  Number.isSafeInteger(value) && (value as number) >= 0
    ? (value as number)
    : fault(path, "a count", value);

/** RFC 3339 in UTC, read to milliseconds since 1970. */
export const instant: Reader<number, readonly ["", Instant]> = (value, path) => {
  const ms = typeof value === "string" && value.endsWith("Z") ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? fault(path, "a UTC time", value) : ms;
};

export function oneOf<const T extends readonly string[]>(
  ...words: T
): Reader<T[number], readonly ["", Word<T[number]>]> {
  return (value, path) =>
    words.includes(value as string) ? (value as T[number]) : fault(path, words.join("|"), value);
}

export function orNull<T, P>(
  inner: Reader<T, P>,
): Reader<T | null, Under<Step["null"], P>> {
  return (value, path) => (value === null ? null : inner(value, path));
}

/** Null, or not there at all: both mean "not known", and both read as null. */
export function mayLack<T, P>(
  inner: Reader<T, P>,
): Reader<T | null, Under<Step["lacking"], P>> {
  return (value, path) => (value === null || value === undefined ? null : inner(value, path));
}

export function listOf<T, P>(
  inner: Reader<T, P>,
): Reader<readonly T[], Under<Step["item"], P>> {
  return (value, path) =>
    Array.isArray(value)
      ? value.map((item, index) => inner(item, `${path}[${index}]`))
      : fault(path, "a list", value);
}

export function mapOf<T, P>(
  inner: Reader<T, P>,
): Reader<ReadonlyMap<string, T>, Under<Step["entry"], P>> {
  return (value, path) => {
    const fields = asObject(value, path);
    return new Map(Object.entries(fields).map(([key, v]) => [key, inner(v, `${path}.${key}`)]));
  };
}

type Shape = { readonly [field: string]: Reader<unknown> };
type Shaped<S extends Shape> = { readonly [F in keyof S]: ReadBy<S[F]> };
type PlacesIn<S extends Shape> = {
  [F in keyof S & string]: Under<`.${F}`, PlacesOf<S[F]>>;
}[keyof S & string];

export function object<S extends Shape>(shape: S): Reader<Shaped<S>, PlacesIn<S>> {
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

type Kinds = { readonly [what: string]: Reader<object> };
type KindOf<K extends Kinds> = {
  readonly [W in keyof K]: { readonly what: W } & ReadBy<K[W]>;
}[keyof K];
type PlacesOfKinds<K extends Kinds> =
  | readonly [".what", Word<keyof K>]
  | { [W in keyof K & string]: Under<`<${W}>`, PlacesOf<K[W]>> }[keyof K & string];

/** Objects of several kinds, told apart by their field `what`. */
export function toldApart<K extends Kinds>(kinds: K): Reader<KindOf<K>, PlacesOfKinds<K>> {
  const which = object({ what: oneOf(...Object.keys(kinds)) });
  return (value, path) => {
    const { what } = which(value, path);
    return { what, ...kinds[what]?.(value, path) } as KindOf<K>;
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
