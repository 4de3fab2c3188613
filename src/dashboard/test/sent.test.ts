// That the compiler refuses a reader which reads what the service does not send. Each `expect` is a
// test: without an error there, nothing compiles.

import assert from "node:assert/strict";
import { test } from "node:test";
import { amount, count, instant, listOf, mapOf, mayLack, object, oneOf, orNull } from "../check.ts";
import { checked, text, toldApart, type Reader } from "../check.ts";
import type { Time } from "../generated.ts";
import type { Reads } from "../sent.ts";

type Sent = {
  id: string;
  at: Time;
  priority: "low" | "high";
  limit: number | null;
  until?: Time;
  lines: Array<string>;
  rejects: { [key in string]: number };
};
type Mark = { what: "dose"; mg: number | null } | { what: "alarm"; text: string };

test("a reader reads all that is sent, or some of it", () => {
  // Goal: the types that agree do compile, or the refusals below would say nothing.
  const all = object({
    id: text,
    at: instant,
    priority: oneOf("high", "low"),
    limit: orNull(amount),
    until: mayLack(instant),
    lines: listOf(text),
    rejects: mapOf(count),
  }) satisfies Reads<Sent>;
  const sent = { id: "a", at: "2026-11-22T10:18:22.000Z", priority: "low", limit: null };
  const read = checked(all, { ...sent, lines: [], rejects: {} });
  assert.equal(read.kind === "good" ? read.value.until : "", null);
  object({ priority: text, limit: mayLack(amount) }) satisfies Reads<Sent>;
});

test("a reader that disagrees does not compile", () => {
  // Goal: a name, a type, a null, what may be left out, a word more, a word less.
  // @ts-expect-error: there is none of that name
  object({ ident: text }) satisfies Reads<Sent>;
  // @ts-expect-error: nor one that may be left out
  object({ end: mayLack(instant) }) satisfies Reads<Sent>;
  // @ts-expect-error: a text is no number
  object({ id: amount }) satisfies Reads<Sent>;
  // @ts-expect-error: a time is read as one
  object({ at: text }) satisfies Reads<Sent>;
  // @ts-expect-error: it may be null
  object({ limit: amount }) satisfies Reads<Sent>;
  // @ts-expect-error: it is never null
  object({ id: orNull(text) }) satisfies Reads<Sent>;
  // @ts-expect-error: it may be left out
  object({ until: instant }) satisfies Reads<Sent>;
  // @ts-expect-error: it is left out, never null
  object({ until: orNull(instant) }) satisfies Reads<Sent>;
  // @ts-expect-error: a word less
  object({ priority: oneOf("low") }) satisfies Reads<Sent>;
  // @ts-expect-error: a word more
  object({ priority: oneOf("low", "medium", "high") }) satisfies Reads<Sent>;
  // @ts-expect-error: any text is no word
  object({ id: oneOf("a", "b") }) satisfies Reads<Sent>;
  // @ts-expect-error: of the items, too
  object({ lines: listOf(amount) }) satisfies Reads<Sent>;
  // @ts-expect-error: a map is no object of certain fields
  object({ rejects: object({ schema: count }) }) satisfies Reads<Sent>;
});

test("a reader is held to what is sent however deep it lies", () => {
  // Goal: the compiler takes nested types for equal from some depth on; it must not do so here.
  type Deep = { a: { [key in string]: { b: Array<{ c: { d: number; e: number } | null }> } } };
  const deep = (inner: Reader<object, readonly [".d", number]>) =>
    object({ a: mapOf(object({ b: listOf(object({ c: orNull(inner) })) })) });
  deep(object({ d: amount })) satisfies Reads<Deep>;
  const other = object({ f: amount, e: amount });
  const all = object({ a: mapOf(object({ b: listOf(object({ c: orNull(other) })) })) });
  // @ts-expect-error: there is no f
  all satisfies Reads<Deep>;
});

test("what is told apart by a word is read with all its words", () => {
  // Goal: each kind has its own fields, and a kind that the page does not know does not compile.
  const dose = object({ mg: orNull(amount) });
  const alarm = object({ text });
  const mark = toldApart({ dose, alarm }) satisfies Reads<Mark>;
  const read = checked(mark, { what: "dose", mg: 56, text: 1 });
  assert.deepEqual(read, { kind: "good", value: { what: "dose", mg: 56 } });
  assert.equal(checked(mark, { what: "alarm", mg: 56 }).kind, "fault");
  assert.equal(checked(mark, { what: "session", mg: 56 }).kind, "fault");
  // @ts-expect-error: a kind less
  toldApart({ dose }) satisfies Reads<Mark>;
  // @ts-expect-error: a kind's field that is none
  toldApart({ dose, alarm: dose }) satisfies Reads<Mark>;
});
