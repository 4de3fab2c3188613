// Texts of a session's record: what happened, what was given and measured, and corrections.

import type { Choice } from "../act-form.ts";
import { PHASE_WORD } from "../messages.ts";
import type { Dose, PastSession, SessionDetail, SessionEvent } from "../wire-session.ts";
import type { Reading } from "../wire-reading.ts";
import { changeLine, reasonLine } from "./bed.ts";
import { amountOf } from "./dose.ts";
import { dispositionLabel } from "./leaving.ts";
import { drugLine, whoLine } from "./session.ts";
import { metricLabel, unitLabel } from "./vitals.ts";

export const RECORD_TITLE = "Record";
export const SESSIONS_TITLE = "Sessions";
export const REPORT = "Report (prints)";
export const CSV = "Readings as CSV";
export const FHIR = "FHIR bundle";
export const TO_BED = "To the bed";
export const DOSES = "Doses";
export const READINGS = "Readings";
export const EVENTS = "What happened";
export const RECENT = "Recent sessions";
export const MORE_SESSIONS = "Earlier sessions";
export const NO_DOSE = "No dose was given.";
export const NO_READINGS = "No reading yet.";
export const EVERY_VALUE = "Also each value of the oximeter and monitor";
export const SINCE_MOVE = "Since the move to this bed; those before are in the report.";
export const OLDER = "Older readings";
export const SEARCHING = "Reading…";
export const NO_SUCH_SESSION = "There is no such session.";
export const IN_THE_REPORT =
  "This session has ended: its doses, readings and events are in its report.";
export const CORRECT = "Correct…";
export const CORRECTED = "Corrected. The old one stays in the record.";
export const NOT_CORRECTED = "Not corrected";
/** While that was on its way another was opened: why is said when it is tried again. */
export function otherNotCorrected(what: string): string {
  return `${NOT_CORRECTED}: ${what}. Open it and try again.`;
}
export const NOT_HERE = "it is too old to be corrected here.";
export const HOW = "What is it";
export const VALUE = "Right value";
export const WHICH_VALUE = "Which value";
export const SEND_CORRECTION = "Correct";
export const CLOSE = "Close";
export const BY_HAND = "by hand";
export const SIMULATED = "SIMULATED";
export const RUNNING = "running";
export const PAUSED = "paused";
export const HOW_CHOICES: readonly Choice[] = [
  { value: "void", label: "Does not count" },
  { value: "amend", label: "Another value" },
];

export function recordHead(patient: SessionDetail["patient"]): string {
  const born = patient.birth_year === null ? [] : [`born ${patient.birth_year}`];
  const weight = patient.weight_kg === null ? [] : [`${patient.weight_kg} kg`];
  return [whoLine({ patient }), ...born, ...weight].join(" · ");
}

export function runsSince(started: string, phase: keyof typeof PHASE_WORD | null): string {
  const word = phase === null ? "" : ` · ${PHASE_WORD[phase]}`;
  return `Runs since ${started}${word}`;
}

export function endedLine(started: string, ended: string, disposition: string | null): string {
  const how = disposition === null ? "" : ` · ${dispositionLabel(disposition)}`;
  return `${started} to ${ended}${how}`;
}

export function pastLine(past: PastSession, started: string, ended: string | null): string {
  const when = ended === null ? `${started}, runs` : endedLine(started, ended, past.disposition);
  return `${when} · ${drugLine(past.drug, past.route)}`;
}

export function doseLine(dose: Dose, clockTime: (ms: number) => string): string {
  const name = dose.device_number === null ? [] : [`device ${dose.device_number}`];
  const lot = dose.lot === null ? [] : [`lot ${dose.lot}`];
  const isPaused = dose.pauses.some(({ until }) => until === null);
  const end = dose.ended === null ? (isPaused ? PAUSED : RUNNING) : clockTime(dose.ended);
  const isSpan = dose.ended === null || dose.ended !== dose.started;
  const when = `${clockTime(dose.started)}${isSpan ? ` to ${end}` : ""}`;
  return [when, ...name, amountOf(dose.mg), ...lot].join(" · ");
}

export function voidedBy(name: string): string {
  return `does not count: ${name}`;
}

/** "132/80 (97) mmHg, Pulse 72 /min": all values of one moment. */
export function takenText(values: readonly Reading[]): string {
  const of = (metric: string): string => {
    const found = values.find((one) => one.metric === metric);
    return found === undefined ? "" : String(found.value ?? "–");
  };
  const [sys, dia, map] = [of("nibp_sys"), of("nibp_dia"), of("nibp_map")];
  const mean = map === "" ? "" : ` (${map})`;
  const pressure = sys === "" && dia === "" ? [] : [`${sys}/${dia}${mean} mmHg`];
  const isTold = (metric: string): boolean =>
    pressure.length === 1 && metric.startsWith("nibp_");
  const others = values.filter(({ metric }) => !isTold(metric)).map(valueText);
  return [...pressure, ...others].join(", ");
}

export function valueText(reading: Reading): string {
  const unit = unitLabel(reading.unit);
  return `${metricLabel(reading.metric)} ${reading.value ?? reading.absent ?? ""} ${unit}`.trim();
}

export function sourceText(reading: Reading): string {
  const hand = reading.by_hand;
  const simulated = reading.simulated ? [SIMULATED] : [];
  if (hand === null) return [reading.device ?? reading.source, ...simulated].join(", ");
  const taker = hand.taker === null ? [] : [`taken by ${hand.taker}`];
  const arm = hand.arm === null ? [] : [`${hand.arm} arm`];
  const size = hand.cuff_size === null ? [] : [`${hand.cuff_size} cuff`];
  const entered = `entered by ${hand.entered_by}`;
  const parts = [hand.method, ...arm, ...size, ...taker, entered, ...simulated];
  return `${BY_HAND}: ${parts.join(", ")}`;
}

/** "132 → 128, kim: wrong arm"; "132 does not count, kim: moved". */
export function correctionText(reading: Reading): string {
  const { correction } = reading;
  if (correction === null) return "";
  const why = correction.reason === null ? "" : `: ${correction.reason}`;
  const name = metricLabel(reading.metric);
  return correction.value === null
    ? `${name} ${reading.value} does not count, ${correction.by}${why}`
    : `${name} ${reading.value} → ${correction.value}, ${correction.by}${why}`;
}

export function correcting(what: string): string {
  return `Correct: ${what}`;
}

/** What happened, in one line without its time. */
export function eventLine({ change, phase, act }: SessionEvent): string {
  const parts = [changeLine(change, phase, act), act?.by ?? "", reasonLine(act)];
  return parts.filter((text) => text !== "").join(" · ");
}
