// Texts that more than one view says.

import type { ActAnswer } from "../acts.ts";

export const READING = "Reading…";
export const NOTHING_HERE = "There is nothing at this address.";
export const NO_SUCH_BED = "There is no such bed.";
/** The connection is lost: nothing of it is live. */
export const AS_LAST_KNOWN = "as last known";
export const TOO_SOON = "Not sent: the buttons had just changed. Tap again.";
export const OPTIONAL = "optional";
export const MORE = "More";

/** What is plainly wrong with what was typed, by the field's label. */
export function missingValue(label: string): string {
  return `${label}: missing`;
}
export function noNumber(label: string, value: string): string {
  return `${label}: "${value}" is not a number`;
}
export function outOfBand(
  label: string,
  value: string,
  { min, max, unit }: { readonly min: number; readonly max: number; readonly unit: string },
): string {
  return `${label}: ${value} is not from ${min} to ${max} ${unit}`.trim();
}
export function tooFine(label: string, value: string, places: number): string {
  return `${label}: ${value} has more than ${places} decimals`;
}

/** Why something could not be read. */
export function notRead(
  why: Exclude<ActAnswer, { kind: "done" }> | { readonly kind: "unreadable"; readonly why: string },
): string {
  switch (why.kind) {
    case "no-answer":
      return "The service did not answer. It is asked again.";
    case "unreadable":
      return `The answer could not be read: ${why.why}`;
    case "refused":
      return why.detail ?? why.title;
  }
}
