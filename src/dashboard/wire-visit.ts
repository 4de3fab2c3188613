// What the service answers to the acts of a visit (contract 6), checked.

import { amount, checked, object, orNull, text } from "./check.ts";
import type { Checked, ReadBy } from "./check.ts";
import type * as Sent from "./generated.ts";
import type { Reads } from "./sent.ts";

const came = object({
  nibp_sys: orNull(amount),
  nibp_dia: orNull(amount),
  nibp_map: orNull(amount),
  heart_rate: orNull(amount),
  spo2: orNull(amount),
}) satisfies Reads<Extract<Sent.Outcome, { nibp_sys: unknown }>>;

const started = object({ session: text }) satisfies Reads<
  Extract<Sent.Outcome, { session: unknown }>
>;

/** The id of a session that began. */
export function checkStarted(body: unknown): Checked<ReadBy<typeof started>> {
  return checked(started, body);
}

/** What readings come to as a baseline; null: it has none of that. */
export type Came = ReadBy<typeof came>;

export function checkCame(body: unknown): Checked<Came> {
  return checked(came, body);
}
