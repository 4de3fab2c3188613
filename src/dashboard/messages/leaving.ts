// Texts of the drawers in which a bed, a nurse or a patient changes: stand-by, hand-over, move,
// discharge; and of the bar that says what is offered.

import type { Choice } from "../act-form.ts";
import type { Missing } from "../wire-session.ts";
import { AS_LAST_KNOWN } from "./views.ts";
import { OBSERVATION } from "./care.ts";
import { DOSE } from "./dose.ts";
import { missingLine, onceEach } from "./session.ts";
import { VITALS } from "./vitals.ts";

export const STANDBY = "Stand-by";
export const ROOM_EMPTY = "Room empty";
export const END_STANDBY = "End stand-by";
export const BEGIN_STANDBY = "Stand-by 10 min";
export const BEGIN_EMPTY = "Stand-by, without end";
export const STANDBY_BEGUN = "Stand-by has begun.";
export const STANDBY_OVER = "Stand-by is over.";
export const SAY_WHY = "Choose or write why first.";
export const OTHER_REASON = "Or in your words";
export const STANDBY_REASONS: readonly Choice[] = [
  { value: "toilet", label: "Toilet" },
  { value: "moving", label: "Moving" },
];
export const EMPTY_REASONS: readonly Choice[] = [
  { value: "room empty", label: "Room empty" },
  { value: "cleaning", label: "Cleaning" },
];

export const MOVE = "Move";
export const MOVE_TO = "To bed";
export const SEND_MOVE = "Move here";
export const NOT_MOVED = "Not moved";
export const NO_FREE_BED = "No bed is free.";
export const MOVE_REASONS: readonly string[] = ["Room needed", "Monitor faulty", "Nearer to staff"];
export function movedLine(bed: string): string {
  return `Moved to ${bed}.`;
}

export const HANDOVER = "Hand over";
export const SEND_OFFER = "Offer";
export const NOT_OFFERED = "Not offered";
export const OFFERED = "Offered. It passes on only when it is accepted, within 60 s.";
export const TO_WHOM = "To (log-in name)";
export const WHICH = "What";
export const ON_THE_FLOOR = "Has patients now:";
export function whichChoices(bed: string, mine: number): readonly Choice[] {
  const one: Choice = { value: "one", label: bed };
  return mine < 2 ? [one] : [one, { value: "all", label: `All mine (${mine})` }];
}
export function responsibleNow(name: string, isLive: boolean): string {
  return isLive ? `Responsible now: ${name}.` : `Responsible, ${AS_LAST_KNOWN}: ${name}.`;
}
export const NOBODY_SO_CALLED = "nobody of that name is a nurse or lead who can log in.";

export const NOT_LOGGED_OUT = "Not logged out";
export const HAND_OVER_FIRST = `${NOT_LOGGED_OUT}: hand your beds over first.`;
/** On the way there. */
export function handOver(beds: readonly string[]): string {
  return `${HANDOVER} ${beds.join(", ")}`;
}

export const ACCEPT = "Accept";
export const REJECT = "Reject…";
export const REJECT_WHY = "Why not?";
export const SEND_REJECT = "Reject";
export const BACK = "Back";
export const SEEN = "Seen";
export const NOT_ACCEPTED = "Not accepted";
export const NOT_REJECTED = "Not rejected";
export function offerToMe(by: string, beds: string): string {
  return `${by} hands over to you: ${beds}.`;
}
export function offerByMe(to: string, beds: string): string {
  return `Offered to ${to}: ${beds}. Until it is accepted you stay responsible.`;
}
export function offerTaken(to: string, beds: string): string {
  return `${to} has taken over: ${beds}.`;
}
export function offerNotTaken(to: string, beds: string, why: string | null): string {
  const reason = why === null ? "" : ` "${why}".`;
  return `Not taken by ${to}: ${beds}.${reason} Responsibility stays where it was.`;
}
export function offerUnknown(to: string, beds: string): string {
  return `Not known whether ${to} has taken over: ${beds}. See the bed who is responsible.`;
}
/** How long an offer still stands is not known: nothing is live. */
export const LEFT_UNKNOWN = "--:--";
export const SOME_BED = "a bed";

export const DISCHARGE = "Discharge";
export const CHECKS = "Checked";
export const WHERE_TO = "How the visit ends";
export const SEND_DISCHARGE = "End the session";
export const NOT_ENDED = "Not ended";
export const ENDED = "The session has ended.";
const NOTHING_MISSING = "Nothing is missing to go home.";
const ONLY_TICKS = "To go home only the ticks below are missing.";
const STILL_MISSING = "To go home this is missing, besides the ticks below:";
export function gateHead(gates: number, all: number, isLive: boolean): string {
  const ticks = all === 0 ? NOTHING_MISSING : ONLY_TICKS;
  const head = gates === 0 ? ticks : STILL_MISSING;
  return isLive ? head : `${head} (${AS_LAST_KNOWN})`;
}
export const WAS_DOSED = "a dose was given, so it can't be called not dosed.";
export const OVERRIDE_HINT =
  "A lead may end it with a reason; a nurse with a reason and who ordered it by phone.";
export function highFirst(alarm: string): string {
  return `acknowledge this HIGH alarm first: ${alarm}`;
}

export const CHECK_CHOICES: readonly Choice[] = [
  { value: "awake", label: "Awake" },
  { value: "oriented", label: "Oriented" },
  { value: "gait", label: "Walks steadily" },
  { value: "symptoms_gone", label: "Symptoms gone" },
  { value: "escort", label: "Escort is here" },
];

export const DISPOSITIONS: readonly Choice[] = [
  { value: "home_escorted", label: "Home, escorted" },
  { value: "admitted", label: "Admitted" },
  { value: "transferred", label: "Transferred" },
  { value: "left_against_advice", label: "Left against advice" },
  { value: "not_dosed", label: "Not dosed" },
];

export function dispositionLabel(value: string): string {
  return DISPOSITIONS.find((one) => one.value === value)?.label ?? value;
}

/** The drawers in which something that is missing to go home is done. */
export const WHERE = {
  dose: DOSE,
  vitals: VITALS,
  observation: OBSERVATION,
} as const;
const DONE_IN: Readonly<Record<string, keyof typeof WHERE>> = {
  dose_running: "dose",
  readings: "vitals",
  discharge_pressure: "vitals",
  timed_reading: "vitals",
  sedation: "observation",
  symptoms: "observation",
};

/** `doneIn` null: it comes with time, or is ticked below. */
export type MissingLine = { readonly line: string; readonly doneIn: keyof typeof WHERE | null };

/** The gate's list without what is ticked here, each thing once. */
export function missingWithout(
  missing: readonly Missing[],
  ticked: readonly string[],
  clockTime: (ms: number) => string,
): readonly MissingLine[] {
  return onceEach(missing)
    .filter(({ what }) => !ticked.includes(what))
    .map((one) => ({ line: missingLine(one, clockTime), doneIn: DONE_IN[one.what] ?? null }));
}
