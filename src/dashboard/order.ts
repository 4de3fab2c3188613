// In which order alarms are told: priority, then unacknowledged first, then the one further
// escalated, then newest (alarms, Dashboard HMI 2, and 12); what has ended and waits to be seen
// never stands above its equal that goes on. And what of them a tile says.

import { rank } from "./format.ts";
import type { Occurrence, Priority } from "./wire.ts";

export function byUrgency(a: Occurrence, b: Occurrence): number {
  return (
    rank(b.priority) - rank(a.priority) ||
    Number(isAnswered(a)) - Number(isAnswered(b)) ||
    Number(lightOf(a) === "ended") - Number(lightOf(b) === "ended") ||
    stepOf(b) - stepOf(a) ||
    b.onset - a.onset ||
    (a.occurrence < b.occurrence ? -1 : 1)
  );
}

export function sortedByUrgency(occurrences: Iterable<Occurrence>): readonly Occurrence[] {
  return [...occurrences].sort(byUrgency);
}

/** By `signal`: `acknowledged` keeps its name when a raise makes the alarm sound again. */
export function isAnswered(occurrence: Occurrence): boolean {
  return occurrence.signal === "acknowledged";
}

/** From E1 on, while nobody has answered: told on all screens, full width (alarms 12). */
export function isEscalated(occurrence: Occurrence): boolean {
  return stepOf(occurrence) > 0;
}

function stepOf(occurrence: Occurrence): number {
  return isAnswered(occurrence) || lightOf(occurrence) === "ended" ? 0 : occurrence.escalation;
}

/** How the light of an occurrence behaves: it flashes only while nobody has answered and the
 * condition stands; what ended is told apart from what goes on (alarms 5). */
export type Light = "flashing" | "steady" | "ended";

export function lightOf(occurrence: Occurrence): Light {
  if (occurrence.condition === "ended" || occurrence.signal === "latched") return "ended";
  return occurrence.signal === "active" ? "flashing" : "steady";
}

export type TileAlarm = {
  readonly top: Occurrence;
  readonly priority: Priority;
  readonly light: Light;
  readonly more: number;
};

/** The tile shows its highest priority; an alarm that goes on comes before one that ended, and
 * its border flashes while any alarm of that priority does. */
export function tileAlarm(occurrences: readonly Occurrence[]): TileAlarm | null {
  const going = occurrences.filter((o) => lightOf(o) !== "ended");
  const [top] = sortedByUrgency(going.length > 0 ? going : occurrences);
  if (top === undefined) return null;
  const flashes = going.some((o) => o.priority === top.priority && lightOf(o) === "flashing");
  const light = flashes ? "flashing" : going.length > 0 ? "steady" : "ended";
  return { top, priority: top.priority, light, more: occurrences.length - 1 };
}
