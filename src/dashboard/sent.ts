// Holds the readers (`check.ts`) to what the service sends (`generated.ts`). `Reads<W>` is any
// reader that reads a `W`: all of its fields, or some; each by its name; a time as a time; all the
// words of a union, and none besides; null or left out where that may be, and only there.
// Types only: nothing of this is there when the page runs.

import type { Reader } from "./check.ts";
import type { Time } from "./generated.ts";

export interface Text {
  readonly text: true;
}
/** One of some words; it may be read as any text. */
export interface Word<W> extends Text {
  /** In both places, so that a word more is as wrong as a word less. */
  readonly word: (word: W) => W;
}
export interface Instant {
  readonly instant: true;
}
export interface Nullable<S> {
  readonly nullable: S;
}
/** May be left out. */
export interface Lacking<S> {
  readonly lacking: S;
}
export interface MapOf<S> {
  readonly map: S;
}
export interface Fields<F> {
  readonly fields: F;
}

type Sent<W> = null extends W
  ? Nullable<Sent<Exclude<W, null>>>
  : [W] extends [Time]
    ? Instant
    : [W] extends [string]
      ? string extends W
        ? Text
        : Word<W>
      : W extends number | boolean
        ? W
        : W extends readonly (infer I)[]
          ? readonly Sent<I>[]
          : string extends keyof W
            ? MapOf<Sent<W[keyof W]>>
            : Fields<{ [F in keyof W]-?: SentField<W, F> }>;

type SentField<W, F extends keyof W> = undefined extends W[F]
  ? Lacking<Sent<Exclude<W[F], undefined>>>
  : Sent<W[F]>;

export type Reads<W> = Reader<unknown, Sent<W>>;
