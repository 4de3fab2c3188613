// Single readings of a bed (contract 6, `GET /beds/{bed}/readings`), checked.

import {
  amount,
  checked,
  count,
  flag,
  instant,
  listOf,
  object,
  orNull,
  text,
} from "./check.ts";
import type { Checked, ReadBy } from "./check.ts";
import type * as Sent from "./generated.ts";
import type { Reads } from "./sent.ts";

const byHand = object({
  entered_by: text,
  taker: orNull(text),
  method: text,
  arm: orNull(text),
  cuff_size: orNull(text),
});

const reading = object({
  id: count,
  metric: text,
  value: orNull(amount),
  absent: orNull(text),
  unit: text,
  source: text,
  device: orNull(text),
  measured: instant,
  received: instant,
  questionable: flag,
  verify: flag,
  simulated: flag,
  by_hand: orNull(byHand),
  correction: orNull(
    object({ by: text, at: instant, reason: orNull(text), value: orNull(amount) }),
  ),
}) satisfies Reads<Sent.Reading>;

const page = object({
  items: listOf(reading),
  next: orNull(text),
}) satisfies Reads<Sent.Page<Sent.Reading>>;

export type Reading = ReadBy<typeof reading>;

/** Newest first. */
export function checkReadings(body: unknown): Checked<ReadBy<typeof page>> {
  return checked(page, body);
}
