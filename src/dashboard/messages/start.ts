// Texts of the drawers "start" and "preset".

import type { PresetSummary } from "../wire-preset.ts";
import { drugLine } from "./session.ts";

export const START = "Start session";
export const BEGIN = "Start";
export const NOT_STARTED = "Session not started";
export const REFERENCE = "Patient reference";
export const INITIALS = "Initials";
export const BORN = "Born in";
export const WEIGHT = "Weight";
export const WHAT = "What is given";
export const WHO_IS_IT =
  "Readings came from this bed in the last 10 minutes. Are they this patient's, or is this a new " +
  "patient, and they are somebody else's?";
export const NEW_PATIENT = "New patient: the readings are somebody else's";
export const SAME_PATIENT = "Same patient: keep the readings";
/** What no service can see. */
export const BEDSIDE_CHECK =
  "Are the bedside monitor's own alarms on, and can staff hear them?";
export const STARTED = "Session started";

export const PRESET = "Preset";
export const CHANGE_PRESET = "Change preset";
export const NOT_CHANGED = "Preset not changed";
export const NEW_PRESET = "New preset";
export const CHANGED = "Preset changed: its limits are in force";
export const LEAD_AFTER_DOSE =
  "A dose was given: a lead changes it, or a nurse on a lead's order by phone.";

export function bornLater(year: string): string {
  return `${BORN}: ${year} is not over yet`;
}

export function presetNow({ title, version }: PresetSummary): string {
  return `In force: ${title} ${version}`;
}

export function noOtherPreset(drug: string, route: string): string {
  return `There is no other preset for ${drugLine(drug, route)}.`;
}

/** By the kind of problem; what is not here is said as everywhere. */
export const REFUSED: Readonly<Record<string, string>> = {
  "bed-in-use": "a session runs on this bed. End or move it first.",
  "unknown-preset": "there is no such preset any more. Open this page again.",
  "wrong-preset": "the preset is for another drug or another way of giving it.",
  "lead-needed": "a dose was given: a lead has to change it, or order it by phone.",
  "already-so": "this preset is in force already.",
  "session-over": "the session has ended.",
};
