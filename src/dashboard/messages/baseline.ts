// Texts of the drawer "baseline".

import { roughly } from "../format.ts";
import { isBeforeDose, type Determination } from "../session/determinations.ts";
import type { SessionDetail } from "../wire-session.ts";
import { baselineLine } from "./session.ts";

export const BASELINE = "Baseline";
export const ACCEPT = "Accept as baseline";
export const REPLACE = "Replace the baseline";
export const NOT_ACCEPTED = "Baseline not accepted";
export const WHY_REPLACE = "Why another baseline";
export const TICK_TWO = "Tick two or more readings, taken at least a minute apart.";
export const READINGS = "Readings of this bed";
export const NONE_YET = "No pressure was measured yet. It takes two, at least a minute apart.";
export const ONE_YET = "One pressure so far. Take another one at least a minute after it.";
export const NONE_ALIKE =
  "No two from before the dose agree, a minute apart. Take another one, or tick what you want.";
export const BY_HAND_HINT = "No cuff connected, or unsure of it?";
export const BY_HAND = "Take by hand";

export function acceptedLine(of: NonNullable<SessionDetail["baseline"]>): string {
  return `Accepted: ${baselineLine(of)}`;
}

/** Time, age, pressures, rate and saturation. `ageS` null: the age is not known now. */
export function readingParts(
  of: Determination,
  clock: string,
  ageS: number | null,
): Readonly<Record<"when" | "pressure" | "rest" | "from", string>> {
  const mean = of.map === null ? "" : ` (${of.map})`;
  const rest = [
    of.heartRate === null ? "HR -" : `HR ${of.heartRate}`,
    of.spo2 === null ? "SpO2 -" : `SpO2 ${of.spo2} %`,
  ];
  return {
    when: ageS === null ? clock : `${clock}, ${roughly(ageS)} ago`,
    pressure: `${of.sys}/${of.dia}${mean}`,
    rest: rest.join("  "),
    from: takenFrom(of),
  };
}

function takenFrom(of: Determination): string {
  const hand = of.byHand;
  if (hand === null) return of.device ?? "";
  return `${hand.taker ?? hand.entered_by}, ${hand.method}`;
}

/** Of a reading that came while a person looks at the others: it has no tick by itself. */
export const NEW_READING = "new reading";

/** What must be known of a reading before it is ticked. */
export function readingTags(of: Determination, session: SessionDetail): readonly string[] {
  return [
    ...(of.byHand === null ? [] : ["by hand"]),
    ...(of.questionable ? ["not trusted by the device: does not count"] : []),
    ...(of.verify ? ["unusual: verify"] : []),
    ...(of.amended ? ["amended"] : []),
    ...(of.measured < session.started ? ["before the session"] : []),
    ...(isBeforeDose(of, session) ? [] : ["after the dose"]),
    ...(of.simulated ? ["simulated"] : []),
  ];
}

/** By the kind of problem; what is not here is said as everywhere. */
export const REFUSED: Readonly<Record<string, string>> = {
  "readings-vary":
    "the ticked pressures differ too much. Take another one, and tick those that agree.",
  "too-few-readings":
    "it takes two readings that count, at least a minute apart. Take another one.",
  "unknown-reading":
    "a ticked reading was voided, or is of the patient before. Tick others.",
  "reason-needed": "one was accepted already. Write why it is replaced.",
  "session-over": "the session has ended.",
};
