// Sends one acknowledgement and turns the answer into a message for the store. A command id is
// kept until the service answers, so that a second tap after a broken connection is the same act
// (alarms 11, row 17). It never acknowledges more than the one occurrence it is given.

import { ackRefusal, NO_ANSWER, NO_NAME, TAPPED_TOO_SOON } from "./messages.ts";
import type { Message } from "./store.ts";
import { checkAcknowledgement, checkProblem, type Occurrence } from "./wire.ts";

const ANSWER_WITHIN_MS = 5_000;
/** A row that moved under the finger this shortly before is not what the nurse aimed at: about
 * the time from seeing to pressing. Ours. */
export const MOVED_GUARD_MS = 300;

export type AckParts = {
  readonly fetch: typeof fetch;
  readonly newCommandId: () => string;
};

export type Acknowledger = {
  /** `name` as typed; `movedMs`: how long ago another row's place became this one's. */
  readonly acknowledge: (occurrence: Occurrence, name: string, movedMs: number) => Promise<Message>;
};

export function createAcknowledger(parts: AckParts): Acknowledger {
  const commandIds = new Map<string, string>();

  async function acknowledge(
    occurrence: Occurrence,
    name: string,
    movedMs: number,
  ): Promise<Message> {
    const refused = (why: string): Message => ({
      kind: "ack-refused",
      occurrence: occurrence.occurrence,
      revision: occurrence.revision,
      why,
    });
    if (movedMs < MOVED_GUARD_MS) return refused(TAPPED_TOO_SOON);
    if (name.trim() === "") return refused(NO_NAME);

    const command = [occurrence.occurrence, occurrence.revision, name].join(" ");
    const commandId = commandIds.get(command) ?? parts.newCommandId();
    commandIds.set(command, commandId);
    let answer: { readonly status: number; readonly body: unknown };
    try {
      const response = await parts.fetch(
        `/api/v1/alarms/${encodeURIComponent(occurrence.occurrence)}/acknowledge`,
        {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({
            revision: occurrence.revision,
            command_id: commandId,
            name: name.trim(),
            reason: null,
          }),
          signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
        },
      );
      answer = { status: response.status, body: (await response.json()) as unknown };
    } catch {
      return refused(NO_ANSWER);
    }
    commandIds.delete(command);
    if (answer.status === 200) {
      const accepted = checkAcknowledgement(answer.body);
      return accepted.kind === "good"
        ? { kind: "ack-answered", answer: accepted.value }
        : refused(ackRefusal(null, accepted.why));
    }
    const problem = checkProblem(answer.body);
    return refused(
      problem.kind === "good"
        ? ackRefusal(problem.value.type, problem.value.title)
        : ackRefusal(null, `status ${answer.status}`),
    );
  }

  return { acknowledge };
}

/** A UUID of version 4. `crypto.randomUUID` is missing on a page served by plain HTTP. */
export function newCommandId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join("-");
}
