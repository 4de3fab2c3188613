// Acknowledges one occurrence as the person who is logged in, and turns the answer into a message
// for the store (alarms 11, rows 15 to 17). Never more than the one occurrence it is given.

import type { Acts } from "./acts.ts";
import { ackRefusal, NOT_ACKNOWLEDGED, refusal, TAPPED_TOO_SOON } from "./messages.ts";
import type { Message } from "./store.ts";
import { checkAcknowledgement, type Occurrence } from "./wire.ts";

/** A row that moved under the finger this shortly before is not what the nurse aimed at: about
 * the time from seeing to pressing. Ours. */
export const MOVED_GUARD_MS = 300;

/** `movedMs`: how long ago another row's place became this one's. `reason`: only the first
 * acknowledgement takes one; null: none was given. */
export async function acknowledge(
  acts: Acts,
  occurrence: Occurrence,
  movedMs: number,
  reason: string | null,
): Promise<Message> {
  const refused = (why: string): Message => ({
    kind: "ack-refused",
    occurrence: occurrence.occurrence,
    revision: occurrence.revision,
    why,
  });
  if (movedMs < MOVED_GUARD_MS) return refused(TAPPED_TOO_SOON);
  const answer = await acts.send({
    method: "POST",
    path: `/alarms/${encodeURIComponent(occurrence.occurrence)}/acknowledge`,
    body: { revision: occurrence.revision, reason },
  });
  if (answer.kind !== "done") return refused(refusal(NOT_ACKNOWLEDGED, answer));
  const accepted = checkAcknowledgement(answer.body);
  return accepted.kind === "good"
    ? { kind: "ack-answered", answer: accepted.value }
    : refused(ackRefusal(accepted.why));
}
