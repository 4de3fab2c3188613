// Texts of the alarms' own parts: reasons, groups, what was missed, and the history.

import { duration } from "../format.ts";
import { alarmCount, endWord, plural, PRIORITY_WORD, SERVICE } from "../messages.ts";
import { lightOf } from "../order.ts";
import type { Occurrence, Priority } from "../wire.ts";

export { SENDING } from "../messages.ts";

export const ACKNOWLEDGE = "Acknowledge";
export const WITH_REASON = "Reason…";
/** The reasons that the service knows by name (contract 6); any other text is one, too. */
export const REASONS: readonly (readonly [value: string, label: string])[] = [
  ["treated", "Treated"],
  ["artefact", "Artefact"],
  ["expected", "Expected"],
];
export const OTHER_REASON = "Other…";
export const BACK = "Back";
export const REASON_QUESTION = "Acknowledge, because:";

export function acknowledgeLabel(bed: string, text: string): string {
  return `Acknowledge ${bed}: ${text}`;
}

export function reasonLabel(bed: string, text: string): string {
  return `${WITH_REASON} Acknowledge ${bed} with a reason: ${text}`;
}

export function ackedLine(by: string, at: string, reason: string | null): string {
  return `ACK ${by} ${at}${reason === null ? "" : ` · ${reason}`}`;
}

/** What comes next, by the step that is reached (alarms 12). */
const NEXT_STEP: readonly string[] = ["all screens", "a second person", "a lead or prescriber"];

/** "calls a second person in 00:40"; empty: it is told no further, or is due now. */
export function nextStepLine(occurrence: Occurrence, serverMs: number): string {
  const next = NEXT_STEP[occurrence.escalation];
  if (occurrence.next_step === null || next === undefined) return "";
  const leftS = Math.ceil((occurrence.next_step - serverMs) / 1000);
  return leftS > 0 ? `calls ${next} in ${duration(leftS)}` : "";
}

/** As the service words it, before the number. */
const RECURRING = "recurring ×";

/** "recurring ×4": null where the occurrence is none of such a group. */
export function recurringOf(occurrence: Occurrence): string | null {
  return occurrence.lines.find((line) => line.startsWith(RECURRING)) ?? null;
}

export function recurring(n: number): string {
  return `${RECURRING}${n}`;
}

/** On the button that unfolds those of a group that are over and still not answered. */
export function foldedLine(n: number, isOpen: boolean): string {
  return `${n} ended ${isOpen ? "▾" : "▸"}`;
}

export function foldedLabel(n: number, isOpen: boolean): string {
  return `${isOpen ? "Hide" : "Show"} ${n} earlier of this group, ended and not acknowledged`;
}

/** What of the strip is out of sight. HIGH and MEDIUM are said; the rest is LOW. */
/** `hasNews`: nobody has seen one of them yet. */
export function hiddenLine(
  above: readonly Priority[],
  below: readonly Priority[],
  hasNews: boolean,
): string {
  const side = (arrow: string, hidden: readonly Priority[]): string[] => {
    const urgent = (["high", "medium"] as const)
      .map((p) => ({ word: PRIORITY_WORD[p], n: hidden.filter((one) => one === p).length }))
      .filter(({ n }) => n > 0)
      .map(({ word, n }) => `${n} ${word}`);
    if (hidden.length === 0) return [];
    return [`${arrow} ${hidden.length} more${urgent.length > 0 ? `: ${urgent.join(", ")}` : ""}`];
  };
  const line = [...side("↑", above), ...side("↓", below)].join(" · ");
  return hasNews ? `NEW ALARM ${line}` : line;
}

export const MISSED_SHOW = "Show";
export const MISSED_HIDE = "Hide";
export const MISSED_TITLE = "Began and ended while this screen was disconnected";

export function missedCount(missed: readonly Occurrence[]): string {
  return `Missed while disconnected: ${alarmCount(missed)}`;
}

export function fromTo(from: string, to: string | null): string {
  return to === null ? from : `${from} to ${to}`;
}

export function lastUpdate(ageMs: number): string {
  return `last update ${Math.floor(ageMs / 1000)} s ago`;
}

export const TITLE = "Alarm history";
export const COLUMNS: readonly string[] = [
  "Began",
  "Bed",
  "Priority",
  "Alarm",
  "Lasted",
  "Ended",
  "Acknowledged",
  "Response",
  "Called for",
];
export const BED = "Bed";
export const ALL_BEDS = "All beds";
export const PRIORITY = "Priority";
export const ALL_PRIORITIES = "All";
export const KIND = "Kind";
export const ALL_KINDS = "All";
export const KIND_WORD: Readonly<Record<Occurrence["kind"], string>> = {
  physiological: "Patient",
  technical: "Equipment",
};
export const PERIOD = "When";
export const PERIOD_WORD = {
  hour: "Last hour",
  day: "Today",
  session: "This bed's session",
  all: "All",
} as const;
export const MORE = "Read older ones";
export const READING_MORE = "Reading…";
export const NONE_READ = "None of this kind so far: older alarms are not read yet.";
export const NONE_FOUND = "No alarm of this kind in this time.";
export const OLD_PAGE = "Not connected: this is how it was. It is read again by itself.";
export const GOES_ON = "goes on";
export const ENDED_OPEN = "not acknowledged";

export function unfoldLabel(text: string): string {
  return `Details: ${text}`;
}

export function bedOf(label: string | null): string {
  return label ?? SERVICE;
}

export function openBedLine(label: string): string {
  return `Go to ${label}`;
}

export function endedLine(occurrence: Occurrence, clockTime: (ms: number) => string): string {
  if (occurrence.ended === null) return GOES_ON;
  const by = occurrence.ended_by === null ? "" : `by ${occurrence.ended_by}`;
  const why = [endWord(occurrence), by].filter(Boolean).join(" ");
  return [clockTime(occurrence.ended), why].filter(Boolean).join(" · ");
}

export function answeredLine(occurrence: Occurrence, clockTime: (ms: number) => string): string {
  const by = occurrence.acknowledged;
  if (by === null) return lightOf(occurrence) === "ended" ? ENDED_OPEN : "";
  const again = occurrence.signal === "active" ? " · sounds again" : "";
  const reason = by.reason === null ? "" : ` · ${by.reason}`;
  return `${by.by} ${clockTime(by.at)}${reason}${again}`;
}

export function waitingLine(seconds: number): string {
  return `waits ${duration(seconds)}`;
}

export function groupAnswered(answered: number, of: number): string {
  return `${answered} of ${of}`;
}

/** How far it went while nobody answered: who was called for. */
export function stepWord(step: number): string {
  return ["", "all screens", "2nd person", "lead"][Math.min(step, 3)] ?? "";
}

export type Figures = {
  readonly all: number;
  readonly isWhole: boolean;
  readonly by: readonly {
    readonly priority: Priority;
    readonly count: number;
    readonly answered: number;
    readonly medianS: number | null;
  }[];
};

/** "12 alarms · HIGH 3: 2 acknowledged, median 00:41 · …". */
export function figuresLine(figures: Figures): string {
  const parts = figures.by
    .filter(({ count }) => count > 0)
    .map(({ priority, count, answered, medianS }) => {
      const within = medianS === null ? "" : `, ${medianLine(medianS)}`;
      return `${PRIORITY_WORD[priority]} ${count}: ${answered} acknowledged${within}`;
    });
  const rest = figures.isWhole ? [] : ["older ones are not read yet"];
  return [plural(figures.all, "alarm"), ...parts, ...rest].join(" · ");
}

/** What a row unfolds to: all that qualifies it. */
export function detailLines(
  occurrence: Occurrence,
  clockTime: (ms: number) => string,
): readonly string[] {
  const { reading, acknowledged } = occurrence;
  const told: string[] = [...occurrence.lines];
  if (reading !== null) {
    const at = reading.source_time ?? reading.received_time;
    if (at !== null) told.push(`Reading of ${clockTime(at)}`);
    if (reading.verify) told.push("Unusual value: verify");
  }
  if (occurrence.frozen) told.push("Its input was missing");
  if (occurrence.restored) told.push("Kept over a restart of the service");
  if (occurrence.outage) told.push("Raised for the time the service was down");
  if (occurrence.simulated) told.push("Simulated, no real patient");
  if (occurrence.subject !== null) told.push(`About: ${occurrence.subject}`);
  if (acknowledged?.reason != null) told.push(`Reason: ${acknowledged.reason}`);
  return told.length === 0 ? ["Nothing more is known of it."] : told;
}

export function medianLine(seconds: number): string {
  return `median ${duration(seconds)}`;
}
