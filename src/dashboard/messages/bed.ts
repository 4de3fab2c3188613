// Texts of one bed's view: its trend and what happened.

import { duration } from "../format.ts";
import { PHASE_WORD, PRIORITY_WORD } from "../messages.ts";
import { metricLabel } from "./vitals.ts";
import type { ActNote } from "../wire-session.ts";
import type { Occurrence, Phase } from "../wire.ts";
import type { Plot, Range } from "../bed/trend-data.ts";

export const NUMBERS = "Numbers now";
export const TREND = "Trend";
export const EVENTS = "What happened";
export const PANEL = "Session";
export const DOSE_ENDED = "Dose ended";
export const NO_EVENTS = "Nothing yet.";
export const AS_TABLE = "As table";
export const NO_DATA = "no data";
/** In a cell, or half of a pressure. */
export const NONE = "–";
/** Before a limit in the plot of both pressures. */
export const SYSTOLIC = "S ";
export const DIASTOLIC = "D ";
export const RANGES = "How much is shown";
export const RANGE: Readonly<Record<Range, string>> = {
  quarter: "15 min",
  session: "Session",
  all: "All (24 h)",
};
export const PLOT: Readonly<Record<Plot, string>> = {
  pressure: "BP mmHg",
  rate: "HR /min",
  spo2: "SpO₂ %",
};
export const PLOTS = "Trend. Left and right arrows move through time, Home and End to its ends.";
export const TABLE_CAPTION =
  "Trend as a table, newest first. A rate or saturation: mean (lowest to highest).";
export const PRIORITY_LETTER = { high: "H", medium: "M", low: "L" } as const;

export const TABLE_HEAD = ["Time", "Since dose", "BP", "MAP", "HR", "SpO₂"];
export const NOWHERE = "On no moment";

export function notLive(at: string): string {
  return `Not live: as of ${at}`;
}

export function doseLabel(mg: number | null, device: number | null): string {
  const amount = mg === null ? "" : ` ${mg} mg`;
  return device === null ? `Dose${amount}` : `Device ${device}${amount}`;
}

/** Where the next dose leaves no room for more. */
export function doseBrief(mg: number | null, device: number | null): string {
  return `${device ?? mg ?? ""}`;
}

/** "T+12:30", "T−5:00". */
export function sinceFirstDose(ms: number): string {
  return `T${ms < 0 ? "−" : "+"}${duration(Math.abs(ms) / 1000)}`;
}

/** "T+90", in whole minutes; where much time is seen at once in hours, "T−12 h". */
export function aboutSinceDose(ms: number, unit: "minutes" | "hours"): string {
  const size = Math.abs(ms) / 60_000;
  const text = unit === "minutes" ? `${Math.round(size)}` : `${Math.round(size / 60)} h`;
  return `T${ms < 0 ? "−" : "+"}${text}`;
}

/** What one moment of the trend holds. */
export type Moment = {
  readonly at: string;
  readonly since: string;
  readonly pressure: { readonly value: string; readonly map: string; readonly at: string } | null;
  readonly rate: string;
  readonly spo2: string;
  readonly phase: Phase | null;
  readonly happened: readonly string[];
};

export function momentLine(moment: Moment): string {
  const { pressure, rate, spo2, phase } = moment;
  const bp =
    pressure === null
      ? `BP ${NO_DATA}`
      : `BP ${pressure.value}${pressure.map === "" ? "" : ` (${pressure.map})`} at ${pressure.at}`;
  const parts = [
    moment.at,
    moment.since,
    phase === null ? "" : PHASE_WORD[phase],
    bp,
    `HR ${rate === "" ? NO_DATA : rate}`,
    `SpO₂ ${spo2 === "" ? NO_DATA : spo2}`,
    ...moment.happened,
  ];
  return parts.filter((text) => text !== "").join(" · ");
}

const CHANGE: Readonly<Record<string, string>> = {
  started: "Session started",
  dose: "Dose given",
  "dose-changed": "Dose changed",
  ended: "Session ended",
  "handed-over": "Handed over",
  "handover-offered": "Hand-over offered",
  "handover-rejected": "Hand-over refused",
  "handover-lapsed": "Hand-over not taken in time",
  limit: "Limit changed",
  baseline: "Baseline accepted",
  observed: "Observed",
  "reading-voided": "Reading corrected",
  "reading-entered": "Taken by hand",
  "standby-began": "Stand-by",
  "standby-ended": "Stand-by ended",
  "alarms-paused": "Alarms paused",
  "alarms-resumed": "Alarm pause ended",
  "device-kept": "Device chosen",
  preset: "Preset changed",
  intervention: "Given",
  moved: "Moved",
};

/** What a change says by its own name already. */
const SAID = /^(baseline|observation|dose)(, |$)/;

/** "Limit changed: Systolic 165 → 170". */
export function changeLine(change: string, phase: Phase | null, act: ActNote | null): string {
  if (change === "phase") return `Phase: ${phase === null ? "none" : PHASE_WORD[phase]}`;
  const word = CHANGE[change] ?? change.replaceAll("-", " ");
  const said = (act?.what ?? "").replace(SAID, "");
  const what = change === "limit" ? signalOf(said) : said;
  const from = act?.old ?? null;
  const to = act?.new ?? null;
  const step = from === null ? (to ?? "") : `${from} → ${to ?? "none"}`;
  const detail = [what, step].filter((text) => text !== "").join(" ");
  return detail === "" ? word : `${word}: ${detail}`;
}

/** "B2 nibp_sys" as the bed calls it: a rule's name is none of a nurse's words. */
function signalOf(limit: string): string {
  const [rule = "", metric = rule] = limit.split(" ");
  return metricLabel(metric);
}

/** Why, and by whose order. */
export function reasonLine(act: ActNote | null): string {
  const ordered = act?.ordered_by === null || act === null ? "" : `ordered by ${act.ordered_by}`;
  return [act?.reason ?? "", ordered].filter((text) => text !== "").join(", ");
}

export function alarmBegan(alarm: Occurrence): string {
  return `${PRIORITY_WORD[alarm.priority]} alarm: ${alarm.text}`;
}

export function alarmAcknowledged(alarm: Occurrence): string {
  return `Acknowledged: ${alarm.text}`;
}

export function alarmEnded(alarm: Occurrence): string {
  const lasted = duration(((alarm.ended ?? alarm.onset) - alarm.onset) / 1000);
  return `Ended: ${alarm.text}, lasted ${lasted}`;
}
