// What a screen reader is told when the state changes: new HIGH and MEDIUM alarms at once, new LOW
// ones and acknowledgements when it is convenient (alarms, Dashboard HMI 9). Pure.

import { rank } from "./format.ts";
import { ackEcho, alarmSpoken, escalationLine } from "./messages.ts";
import { lightOf } from "./order.ts";
import type { State } from "./store.ts";
import type { Occurrence, Priority } from "./wire.ts";

/** By occurrence: the priority and the step told, and who answered. Kept over a lost connection,
 * so that a fresh snapshot does not tell everything again. */
export type Told = ReadonlyMap<string, ToldOne>;
type ToldOne = {
  readonly priority: Priority;
  readonly by: string | null;
  readonly step: string;
};

export type Announcements = {
  readonly told: Told;
  readonly assertive: readonly string[];
  readonly polite: readonly string[];
};

export function announce(told: Told, state: State): Announcements {
  if (state.ward === null) return { told, assertive: [], polite: [] };
  const next = new Map<string, ToldOne>();
  const assertive: string[] = [];
  const polite: string[] = [];
  for (const occurrence of state.ward.occurrences.values()) {
    const before = told.get(occurrence.occurrence);
    const by = occurrence.acknowledged?.by ?? null;
    const label = bedLabel(state, occurrence);
    if (
      lightOf(occurrence) === "flashing" &&
      (before === undefined || rank(occurrence.priority) > rank(before.priority))
    ) {
      (occurrence.priority === "low" ? polite : assertive).push(alarmSpoken(occurrence, label));
    }
    const step = escalationLine(occurrence);
    if (step !== "" && before !== undefined && before.step !== step)
      assertive.push(`${alarmSpoken(occurrence, label)}, ${step}`);
    if (by !== null && before !== undefined && before.by !== by)
      polite.push(ackEcho(occurrence, label, by));
    next.set(occurrence.occurrence, { priority: occurrence.priority, by, step });
  }
  return { told: next, assertive, polite };
}

export function bedLabel(state: State, occurrence: Occurrence): string | null {
  const view = state.ward?.beds.find((b) => b.bed.id === occurrence.bed);
  return view?.bed.label ?? occurrence.bed;
}
