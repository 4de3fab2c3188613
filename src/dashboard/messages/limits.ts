// Texts of the drawer "limits": which are in force for this patient, and one of them moved.

import type { Choice } from "../act-form.ts";
import type { LimitRow } from "../session/limit-rows.ts";
import { delay } from "../format.ts";
import { NOT_APPROVED, PHASE_WORD, plural, PRIORITY_WORD } from "../messages.ts";
import type { Preset } from "../wire-preset.ts";
import type { Bed, Phase } from "../wire.ts";
import { AS_LAST_KNOWN } from "./views.ts";
import { metricLabel, unitLabel } from "./vitals.ts";

export const LIMITS = "Limits";
export const SIGNAL = "Signal";
export const NEW_LIMIT = "New limit";
export const SET = "Change the limit";
export const NOT_CHANGED = "Not changed";
export const CHOOSE_LIMIT = "Choose a limit first.";
/** By the kind of problem; what is not here is said as everywhere. */
export const REFUSED: Readonly<Record<string, string>> = {
  "already-so": "it is that already.",
  "lead-needed": "this widens the limit: a lead does it, or you with who ordered it by phone.",
};
export const NO_LIMITS = "The preset has no limit for it.";
export const AT_A_STATION = "Limits are changed at a station, not on a phone.";
/** Why a limit can't be moved, by its family. */
const FIXED: Readonly<Record<string, string>> = {
  "pre-dose": "asked before a dose, fixed",
  discharge: "asked before going home, fixed",
};

export const SIGNALS: readonly Choice[] = [
  { value: "nibp_sys", label: "Systolic" },
  { value: "nibp_dia", label: "Diastolic" },
  { value: "nibp_map", label: "MAP" },
  { value: "heart_rate", label: "Heart rate" },
  { value: "spo2", label: "SpO2" },
  { value: "resp", label: "Resp" },
  { value: "moaas", label: "MOAA/S" },
  { value: "art", label: "Arterial line" },
];

export function presetHead(preset: Preset, changed: number, isLive: boolean): string {
  const approval =
    preset.approved_by === null ? NOT_APPROVED : `approved by ${preset.approved_by}`;
  const moved = changed === 0 ? "none changed" : `${changed} changed`;
  const old = isLive ? [] : [AS_LAST_KNOWN];
  return [`${preset.title} ${preset.version}`, approval, moved, ...old].join(" · ");
}

/** "≥ 180", "rise ≥ 40", "≤ 89". */
export function limitNumber(row: LimitRow, number: number | null): string {
  if (number === null) return "apnoea";
  const sign = row.limit.change || row.limit.side === "high" ? "≥" : "≤";
  const kind = row.limit.change ? (row.limit.side === "high" ? "rise " : "drop ") : "";
  return `${kind}${sign} ${number}`;
}

/** "Systolic · HIGH". */
export function limitName({ limit }: LimitRow): string {
  return `${metricLabel(limit.metric)} · ${PRIORITY_WORD[limit.priority]}`;
}

export function fixedMark({ limit }: LimitRow): string {
  return FIXED[limit.family] ?? "fixed";
}

export function changedMark(row: LimitRow): string {
  return row.isChanged ? `changed, preset ${row.limit.limit}` : "";
}

/** What qualifies a limit: what it waits for, and its phases. Its source is on the setup page. */
export function limitNotes(row: LimitRow, phase: Phase | null): string {
  const { limit } = row;
  const held = limit.delay_s === 0 ? [] : [`for ${delay(limit.delay_s)}`];
  const again = limit.confirm_s === null ? [] : [`repeat within ${delay(limit.confirm_s)}`];
  const symptom = limit.with_symptom ? ["with a symptom"] : [];
  const old = limit.over_65 === null ? [] : [`above 65 years ${limit.over_65}`];
  const words: Readonly<Record<string, string>> = PHASE_WORD;
  const phases = limit.phases.map((one) => (words[one] ?? one).toLowerCase()).join(", ");
  const isAll = limit.phases.length >= 5;
  const isNow = phase === null || limit.phases.includes(phase);
  const when = [isAll ? "all phases" : phases, ...(isNow ? [] : ["not in this phase"])];
  return [...held, ...again, ...symptom, ...old, ...when].join(" · ");
}

export function editHead(row: LimitRow): string {
  const unit = unitLabel(row.limit.unit);
  const now = limitNumber(row, row.now);
  return `${limitName(row)}: now ${now} ${unit}, preset ${row.limit.limit} ${unit}`;
}

export function backToPreset(row: LimitRow): string {
  return `Back to the preset's ${row.limit.limit}`;
}

export function setLine(row: LimitRow, old: number, now: number): string {
  return `${limitName(row)}: ${old} → ${now}.`;
}

/** While that was on its way another limit was chosen: why is said when it is tried again. */
export function otherNotChanged(row: LimitRow): string {
  return `${limitName(row)}: ${NOT_CHANGED.toLowerCase()}. Choose it and try again.`;
}

export function railsLine(low: string, high: string): string {
  return `It can be from ${low} to ${high}.`;
}

export const CHANGED_HERE = "Changed for this patient";

/** As the service says it of each rule that compares with the baseline. */
const NO_BASELINE = " disabled: no baseline";

type InForce = Pick<Bed["preset"], "changed_limits" | "not_in_force">;

/** What a small tile says of a bed that is not watched as its preset says: "2 changed",
 * "3 rules off", "no baseline". None: the preset's own limits and rules are in force. */
export function setApartBrief(preset: InForce): readonly string[] {
  const { changed_limits: changed, not_in_force: rules } = preset;
  const leftOut = rules.filter((rule) => !rule.endsWith(NO_BASELINE)).length;
  return [
    ...(changed === 0 ? [] : [`${changed} changed`]),
    ...(leftOut === 0 ? [] : [`${plural(leftOut, "rule")} off`]),
    ...(leftOut < rules.length ? ["no baseline"] : []),
  ];
}

/** The same in whole words; empty where there is nothing to say. */
export function setApart({ changed_limits: changed, not_in_force: rules }: InForce): string {
  const moved = changed === 0 ? "" : `${plural(changed, "limit")} changed for this patient`;
  return [moved, notInForce(rules)].filter(Boolean).join(" · ");
}

/** Rules that the preset leaves out, by name; those that wait for a baseline by what is missed. */
export function notInForce(rules: readonly string[]): string {
  const leftOut = rules.filter((rule) => !rule.endsWith(NO_BASELINE));
  const told = leftOut.length === 0 ? [] : [`Rules left out: ${leftOut.join(", ")}`];
  if (leftOut.length < rules.length) told.push("No baseline: no alarm on a rise or drop");
  return told.join(" · ");
}
