// A page of the alarm history (contract 6, `GET /alarms`), checked.

import { checked, listOf, object, orNull, text } from "./check.ts";
import type { Checked, ReadBy } from "./check.ts";
import type * as Sent from "./generated.ts";
import type { Reads } from "./sent.ts";
import { occurrence } from "./wire.ts";

const alarmPage = object({
  items: listOf(occurrence),
  next: orNull(text),
}) satisfies Reads<Sent.Page<Sent.Occurrence>>;

/** By the newest transition, newest first; `next` is the cursor of the page after. */
export type AlarmPage = ReadBy<typeof alarmPage>;

export function checkAlarms(body: unknown): Checked<AlarmPage> {
  return checked(alarmPage, body);
}
