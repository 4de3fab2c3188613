// What the service answers to the acts of a visit's care (contract 6), checked.

import { amount, checked, flag, object, text } from "./check.ts";
import type { Checked, ReadBy } from "./check.ts";
import type * as Sent from "./generated.ts";
import type { Reads } from "./sent.ts";

const entered = object({ late: flag }) satisfies Reads<Sent.Entered>;
const limitSet = object({
  rule: text,
  metric: text,
  old: amount,
  new: amount,
}) satisfies Reads<Sent.LimitSet>;

export type LimitSet = ReadBy<typeof limitSet>;

export function checkEntered(body: unknown): Checked<ReadBy<typeof entered>> {
  return checked(entered, body);
}

export function checkLimitSet(body: unknown): Checked<LimitSet> {
  return checked(limitSet, body);
}
