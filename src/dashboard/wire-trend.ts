// A bed's trend (contract 6, `GET /beds/{bed}/trend`), checked. A bucket that is null is a gap: in
// it there was no value.

import { amount, checked, count, instant, listOf, mapOf, object, orNull, text } from "./check.ts";
import { toldApart, type Checked, type ReadBy } from "./check.ts";
import type * as Sent from "./generated.ts";
import type { Reads } from "./sent.ts";
import { actNote } from "./wire-session.ts";
import { phase, priority } from "./wire.ts";

const bucket = object({ min: amount, mean: amount, max: amount, count });

const doseMark = object({ at: instant, mg: orNull(amount), device_number: orNull(count) });
const alarmMark = object({ at: instant, occurrence: text, change: text, priority, text });
const sessionMark = object({
  at: instant,
  change: text,
  phase: orNull(phase),
  act: orNull(actNote),
});

const mark = toldApart({ dose: doseMark, alarm: alarmMark, session: sessionMark });

const trend = object({
  from: instant,
  to: instant,
  bucket_s: amount,
  series: mapOf(object({ buckets: listOf(orNull(bucket)) })),
  marks: listOf(mark),
}) satisfies Reads<Sent.Trend>;

/** What happened at one moment, told apart by `what`. */
export type Mark = ReadBy<typeof mark>;
export type Bucket = ReadBy<typeof bucket>;
export type Trend = ReadBy<typeof trend>;

export function checkTrend(body: unknown): Checked<Trend> {
  return checked(trend, body);
}
