// Holds the readers (`check.ts`) to what the service sends (`generated.ts`). `Reads<W>` is any
// reader that reads a `W`: all of its fields, or some; each by its name; a time as a time; all the
// words of a union, and none besides; null or left out where that may be, and only there.
// Types only: nothing of this is there when the page runs.
//
// Either side is a union of places: a path and what is there. The union of a reader must be part of
// the union of what is sent. They are flat, for the compiler takes types that are nested more than
// three deep for equal.

import type { Reader } from "./check.ts";
import type { Time } from "./generated.ts";

/** One of some words. */
export interface Word<in out W> {
  /** In both places, so that a word more is as wrong as a word less. */
  readonly word: (word: W) => W;
}
export interface Text {
  readonly text: true;
}
export interface Instant {
  readonly instant: true;
}

/** The places of `Inner`, each further down. */
export type Under<Step extends string, Inner> = Inner extends readonly [
  infer Path extends string,
  infer Leaf,
]
  ? readonly [`${Step}${Path}`, Leaf]
  : never;

/** The steps of a path. `mayLack` reads what is there always, too. */
export type Step = { null: "?"; lacking: "~"; item: "[]"; entry: "{}" };

type Sent<W> = undefined extends W
  ? Under<Step["lacking"], There<Exclude<W, null | undefined>>>
  : null extends W
    ? Under<Step["null" | "lacking"], There<Exclude<W, null>>>
    : There<W> | Under<Step["lacking"], There<W>>;

type There<W> = [W] extends [Time]
  ? readonly ["", Instant]
  : [W] extends [string]
    ? readonly ["", Text] | (string extends W ? never : readonly ["", Word<W>])
    : [W] extends [number | boolean]
      ? readonly ["", W]
      : [W] extends [readonly (infer Item)[]]
        ? Under<Step["item"], Sent<Item>>
        : string extends keyof W
          ? Under<Step["entry"], Sent<W[keyof W]>>
          : Fields<W> | Kinds<W>;

type Fields<W> = {
  [F in keyof W & string]-?: Under<`.${F}`, Sent<W[F]>>;
}[keyof W & string];

/** The fields of each kind, where there are several, told apart by `what`. */
type Kinds<All, W = All> = W extends { readonly what: infer What extends string }
  ? [All] extends [W]
    ? never
    : Under<`<${What}>`, Fields<W>>
  : never;

export type Reads<W> = Reader<unknown, Sent<W>>;
