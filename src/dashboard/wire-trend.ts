// A bed's trend (contract 6, `GET /beds/{bed}/trend`) and its alarms of the past (`GET /alarms`),
// checked. A bucket that is null is a gap: in it there was no value.

import { amount, checked, count, instant, listOf, mapOf, object, oneOf, orNull } from "./check.ts";
import { text, type Checked, type ReadBy, type Reader } from "./check.ts";
import { actNote } from "./wire-session.ts";
import { occurrence, phase, priority, type Occurrence } from "./wire.ts";

const bucket = object({ min: amount, mean: amount, max: amount, count });

const doseMark = object({ at: instant, mg: orNull(amount), device_number: orNull(count) });
const alarmMark = object({ at: instant, occurrence: text, change: text, priority, text });
const sessionMark = object({
  at: instant,
  change: text,
  phase: orNull(phase),
  act: orNull(actNote),
});

const whatOf = object({ what: oneOf("dose", "alarm", "session") });

/** What happened at one moment, told apart by `what`. */
export type Mark =
  | ({ readonly what: "dose" } & ReadBy<typeof doseMark>)
  | ({ readonly what: "alarm" } & ReadBy<typeof alarmMark>)
  | ({ readonly what: "session" } & ReadBy<typeof sessionMark>);

const mark: Reader<Mark> = (value, path) => {
  const { what } = whatOf(value, path);
  switch (what) {
    case "dose":
      return { what, ...doseMark(value, path) };
    case "alarm":
      return { what, ...alarmMark(value, path) };
    case "session":
      return { what, ...sessionMark(value, path) };
  }
};

const trend = object({
  from: instant,
  to: instant,
  bucket_s: amount,
  series: mapOf(object({ buckets: listOf(orNull(bucket)) })),
  marks: listOf(mark),
});

export type Bucket = ReadBy<typeof bucket>;
export type Trend = ReadBy<typeof trend>;

export function checkTrend(body: unknown): Checked<Trend> {
  return checked(trend, body);
}

/** Newest first. */
export function checkAlarms(body: unknown): Checked<{
  readonly items: readonly Occurrence[];
  readonly next: string | null;
}> {
  return checked(object({ items: listOf(occurrence), next: orNull(text) }), body);
}
