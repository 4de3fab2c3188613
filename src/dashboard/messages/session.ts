// Texts of the session's panel that more than one drawer says; each drawer's own are in its file
// here (`messages/start.ts` and so on).

import { duration } from "../format.ts";
import type { SectionName } from "../session/section.ts";
import type { Missing, SessionDetail, Task } from "../wire-session.ts";

export const REASON = "Reason";
export const ORDERED_BY = "Ordered by (phone)";
/** Names the row of buttons that open drawers, for who hears the page. */
export const DEEDS = "What to do";
export const RECORD = "Record and report";
export const USE_A_STATION =
  "On a phone you read and acknowledge. For the session and its limits use a nurse's station.";
export const VIEW_ONLY = "Log in as a nurse or lead to work here.";

/** The drawers' order on the panel: as a visit goes. */
export const ORDER: readonly SectionName[] = [
  "conflict",
  "start",
  "baseline",
  "dose",
  "vitals",
  "observation",
  "intervention",
  "limits",
  "preset",
  "standby",
  "handover",
  "move",
  "discharge",
];

const ROUTE: Readonly<Record<string, string>> = {
  iv: "IV infusion",
  im: "IM injection",
  sc: "SC injection",
  sl: "lozenge",
  po: "by mouth",
  nasal: "nasal spray",
};

/** "Ketamine, IM injection". */
export function drugLine(drug: string, route: string): string {
  return `${drug.slice(0, 1).toUpperCase()}${drug.slice(1)}, ${ROUTE[route] ?? route}`;
}

/** "123/79 (94), HR 65, SpO2 98 %"; what it has none of is left out. */
export function baselineLine(of: NonNullable<SessionDetail["baseline"]>): string {
  const mean = of.map === null ? "" : ` (${of.map})`;
  const rate = of.heart_rate === null ? "no heart rate" : `HR ${of.heart_rate}`;
  const oxygen = of.spo2 === null ? "no SpO2" : `SpO2 ${of.spo2} %`;
  return `${of.sys ?? "-"}/${of.dia ?? "-"}${mean}, ${rate}, ${oxygen}`;
}

/** Whose session it is. */
export function whoLine({ patient }: Pick<SessionDetail, "patient">): string {
  return [patient.initials, patient.reference].filter((part) => part !== "").join(" · ");
}

/** What they get, and where they come from: read before a dose. */
export function factsLine({ patient, baseline, drug, route }: SessionDetail): string {
  const weight = patient.weight_kg === null ? [] : [`${patient.weight_kg} kg`];
  const first = baseline === null ? [] : [`baseline ${baselineLine(baseline)}`];
  return [...weight, drugLine(drug, route), ...first].join(" · ");
}

const MISSING: Readonly<Record<string, string>> = {
  baseline: "an accepted baseline",
  new_baseline: "a new baseline: the accepted one is too old",
  pressure: "a lower pressure (the last ones are too high for a dose)",
  readings: "two pressures, a minute apart",
  device_rest: "the rest after the last device",
  dose_running: "the end of the running dose",
  observation: "the observation time",
  discharge_pressure: "a lower pressure (the last ones are too high to go home)",
  timed_reading: "the timed reading",
  sedation: "a sedation score of 5",
  symptoms: "an observation without symptoms",
  awake: "awake",
  oriented: "oriented",
  gait: "walks steadily",
  symptoms_gone: "symptoms gone",
  escort: "an escort",
};

/** What is missing for a dose or to go home, in a nurse's words. */
export function missingLine(missing: Missing, clockTime: (ms: number) => string): string {
  const word = MISSING[missing.what] ?? missing.what.replaceAll("_", " ");
  const until = missing.until === null ? "" : `, until ${clockTime(missing.until)}`;
  const score = missing.moaas === null ? "" : ` (MOAA/S is ${missing.moaas})`;
  return `${word}${until}${score}`;
}

/** Two rules that lack the same are one line. */
export function onceEach(missing: readonly Missing[]): readonly Missing[] {
  const isSame = (a: Missing, b: Missing): boolean => a.what === b.what && a.until === b.until;
  return missing.filter((one, at) => missing.findIndex((it) => isSame(it, one)) === at);
}

const TASK: Readonly<Record<Task["what"], string>> = {
  baseline: "Accept a baseline",
  cuff_reading: "Cuff reading",
  timed_reading: "Timed reading",
  next_device: "Next device",
  discharge: "Discharge checks",
};

export function taskLine(task: Task): string {
  const { what, device_number: device } = task;
  return device === null ? TASK[what] : `${TASK[what]} ${device}`;
}

/** "in 04:12", "due now", "overdue 01:05": late is what the service calls so. */
export function taskWhen(state: Task["state"], leftS: number): string {
  if (leftS > 0) return `in ${duration(leftS)}`;
  return state === "overdue" ? `overdue ${duration(-leftS)}` : "due now";
}
