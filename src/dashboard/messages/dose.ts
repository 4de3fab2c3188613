// Texts of the drawer "dose".

import { duration } from "../format.ts";
import type { Person } from "../person.ts";
import type { Dose, Missing } from "../wire-session.ts";
import { missingLine, onceEach } from "./session.ts";

export const DOSE = "Dose";
export const GIVEN = "Dose given";
export const ANOTHER_GIVEN = "Another dose given";
export const START_INFUSION = "Start infusion";
export const PAUSE = "Pause infusion";
export const RESUME = "Resume infusion";
export const END = "End infusion";
export const UNDO = "Undo: not given";
export const AMOUNT = "Amount";
export const LOT = "Lot";
export const AMOUNT_GIVEN = "Amount given, if not all";
export const NOT_GIVEN = "Dose not given";
export const NOT_PAUSED = "Infusion not paused";
export const NOT_RESUMED = "Infusion not resumed";
export const NOT_ENDED = "Infusion not ended";
export const NOT_UNDONE = "Not undone";
export const TOLD_GIVEN = "Dose entered. It can be undone for a minute.";
export const UNDONE = "Undone: the dose does not count";
export const PRESS_A_DEVICE = "Press the button of the device that was used.";
export const NOTHING_MISSING = "Nothing is missing: a dose may be given.";
export const DEVICES = "Devices";
const MISSING = "Still missing before a dose";

/** "Still missing before a dose: an accepted baseline; two pressures, a minute apart". */
export function gateLine(
  missing: readonly Missing[],
  serverMs: number | null,
  clock: (ms: number) => string,
): string {
  if (missing.length === 0) return NOTHING_MISSING;
  const each = onceEach(missing).map((one) => {
    const leftMs = one.until === null || serverMs === null ? 0 : one.until - serverMs;
    const left = leftMs > 0 ? ` (${duration(Math.ceil(leftMs / 1000))} left)` : "";
    return missingLine(one, clock) + left;
  });
  return `${MISSING}: ${each.join("; ")}`;
}

/** How a person may pass a closed gate. */
export function overrideHint(person: Person | null): string {
  return person?.role === "lead"
    ? `${NOT_GIVEN}: see what is missing. To give it all the same, write why.`
    : `${NOT_GIVEN}: see what is missing. On a lead's order by phone, write why and who ordered.`;
}

/** The usual IV dose (clinical 1.1): information, never an order. */
export function usualDose(weightKg: number): string {
  const mg = (weightKg / 2).toFixed(1).replace(/\.0$/, "");
  return `For information: 0.5 mg/kg at ${weightKg} kg is ${mg} mg. The order decides.`;
}

/** More than 1 mg/kg, twice the usual dose: asked about once, as a digit too many is. Null: not. */
export function amountAsked(mg: number, weightKg: number): string | null {
  if (mg <= weightKg) return null;
  const times = (mg / (weightKg / 2)).toFixed(1).replace(/\.0$/, "");
  return `${mg} mg is ${times} times 0.5 mg/kg. If that was ordered, press again.`;
}

export function amountOf(mg: number | null): string {
  return mg === null ? "amount not said" : `${mg} mg`;
}

/** "Device 2, 28 mg, lot L1, 14:05 to 14:45". */
export function doseLine(dose: Dose, clock: (ms: number) => string): string {
  const device = dose.device_number === null ? [] : [`Device ${dose.device_number}`];
  const lot = dose.lot === null ? [] : [`lot ${dose.lot}`];
  const isSpan = dose.ended !== null && dose.ended !== dose.started;
  const when = isSpan
    ? `${clock(dose.started)} to ${clock(dose.ended)}`
    : clock(dose.started);
  const gone = dose.voided_by === null ? [] : [`does not count (${dose.voided_by})`];
  return [...device, amountOf(dose.mg), ...lot, when, ...gone].join(", ");
}

/** "Running since 14:05, for 12:03: 35 mg". `forS` null: how long is not known now. */
export function runningLine(
  dose: Dose,
  pausedSince: number | null,
  forS: number | null,
  clock: (ms: number) => string,
): string {
  const since = pausedSince ?? dose.started;
  const word = pausedSince === null ? "Running" : "Paused";
  const length = forS === null ? "" : `, for ${duration(forS)}`;
  return `${word} since ${clock(since)}${length}: ${amountOf(dose.mg)}`;
}

export function undoLine(dose: Dose, leftS: number): string {
  const device = dose.device_number === null ? "" : `Device ${dose.device_number}, `;
  return `${device}${amountOf(dose.mg)} entered. It can be undone for ${duration(leftS)}.`;
}

export type DeviceWord =
  | { readonly kind: "given"; readonly at: number }
  | { readonly kind: "resting"; readonly leftS: number }
  | { readonly kind: "next" }
  | { readonly kind: "later" };

/** The big word and the small one below it. */
export function deviceWords(
  number: number,
  state: DeviceWord,
  clock: (ms: number) => string,
): readonly [string, string] {
  switch (state.kind) {
    case "given":
      return [`Device ${number}`, `given ${clock(state.at)}`];
    case "resting":
      return [`Device ${number}`, `rest ${duration(state.leftS)}`];
    case "next":
      return [`Give device ${number}`, "28 mg"];
    case "later":
      return [`Device ${number}`, "after the one before"];
  }
}

/** By the kind of problem; what is not here is said as everywhere. */
export const REFUSED: Readonly<Record<string, string>> = {
  "already-so": "an infusion runs already, or this device was given.",
  "not-so": "it is not paused.",
  "dose-over": "it has ended, or was undone.",
  "undo-too-late":
    "a minute has passed since it was entered. Void it on the session's record, with the reason.",
  "unknown-dose": "there is no such dose.",
  "session-over": "the session has ended.",
};
