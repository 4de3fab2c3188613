// Texts of a device conflict: the drawer in which it is settled, and the way there.

import { roughly } from "../format.ts";
import { linkLine } from "../messages.ts";
import type { DeviceLink } from "../wire.ts";
import { metricLabel, unitLabel } from "./vitals.ts";

export const WHICH_DEVICE = "Which device?";
/** On the alarm: where it is settled. */
export const CHOOSE_THERE = "choose on the bed's page";
export const ABOUT =
  "Until somebody chooses, the values of all of them are judged and none is shown as live. Look " +
  "at the patient first.";
export const CHOOSE = "At the patient is";
export const SEND_KEEP = "Use this device";
export const NOT_CHOSEN = "Not chosen";
export const KEEP_REASONS: readonly string[] = [
  "Seen at the patient",
  "The other is another patient's",
  "The other was left on",
];
const NO_VALUE = "no value of late";

/** By the kind of problem; what is not here is said as everywhere. */
export const REFUSED: Readonly<Record<string, string>> = {
  "already-so": "there is nothing to choose about it. Somebody may have chosen before you.",
  "unknown-device": "this bed has no such device any more.",
};

export function deviceAtBed(device: string, bed: string): string {
  return `${device}, at ${bed}`;
}

export function keptLine(device: string, bed: string): string {
  return `${bed}: ${device} counts now.`;
}

/** What a device last gave of what is in conflict; `text` without the unit. */
export type Given = { readonly metric: string; readonly text: string; readonly unit: string };

/** "Blood pressure 128/79 mmHg, SpO2 97 %, newest 12 s ago · ● oxi-a online". */
export function claimLine(
  given: readonly Given[],
  ageS: number | null,
  link: DeviceLink | null,
  serverMs: number,
): string {
  const values = given.map(({ metric, text, unit }) => {
    const label = metric === "nibp_sys" ? "Blood pressure" : metricLabel(metric);
    return `${label} ${text} ${unitLabel(unit)}`;
  });
  const newest = ageS === null ? [NO_VALUE] : [`newest ${roughly(ageS)} ago`];
  const told = [...values, ...newest].join(", ");
  return link === null ? told : `${told} · ${linkLine(link, serverMs)}`;
}
