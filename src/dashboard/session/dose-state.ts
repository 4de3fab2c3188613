// What the doses of a session mean for the drawer "dose": pure.

import type { DeviceWord } from "../messages/dose.ts";
import type { Dose, SessionDetail } from "../wire-session.ts";
import { countingDoses } from "./next.ts";

/** How it is given: an infusion runs until it is ended, sprays of esketamine are counted devices,
 * all else is given in a moment. */
export type Way = "infusion" | "devices" | "moment";

export const DEVICE_NUMBERS = [1, 2, 3] as const;
/** Of esketamine in one device (clinical 1.3). */
export const DEVICE_MG = 28;
/** Three decimals of a dose, as it is entered and corrected. Ours. */
export const MG_STEP = 0.001;
/** From a dose's entry (contract 6). */
const UNDO_MS = 60_000;

export function wayOf(session: SessionDetail): Way {
  if (session.route === "iv") return "infusion";
  return session.route === "nasal" && session.drug === "esketamine" ? "devices" : "moment";
}

export function runningDose(session: SessionDetail): Dose | null {
  return countingDoses(session).find((dose) => dose.ended === null) ?? null;
}

/** Null: it is not paused. */
export function pausedSince(dose: Dose): number | null {
  const last = dose.pauses.at(-1);
  return last !== undefined && last.until === null ? last.from : null;
}

/** The newest dose that can still be undone, and for how many seconds. */
export function undoable(
  session: SessionDetail,
  serverMs: number,
): { readonly dose: Dose; readonly leftS: number } | null {
  const dose = countingDoses(session).reduce<Dose | null>(
    (newest, next) => (newest === null || next.entered >= newest.entered ? next : newest),
    null,
  );
  if (dose === null) return null;
  const leftS = (dose.entered + UNDO_MS - serverMs) / 1000;
  return leftS > 0 ? { dose, leftS } : null;
}

/** Of each device: given, resting until it may be, next, or not yet its turn. */
export function deviceStates(session: SessionDetail, serverMs: number): readonly DeviceWord[] {
  const doses = countingDoses(session);
  const rest = session.gates.dose.find(({ what }) => what === "device_rest")?.until ?? null;
  let isNext = true;
  return DEVICE_NUMBERS.map((number) => {
    const given = doses.find((dose) => dose.device_number === number);
    if (given !== undefined) return { kind: "given", at: given.started };
    const state: DeviceWord =
      rest !== null && rest > serverMs
        ? { kind: "resting", leftS: Math.ceil((rest - serverMs) / 1000) }
        : { kind: "next" };
    const word: DeviceWord = isNext ? state : { kind: "later" };
    isNext = false;
    return word;
  });
}

/** Null: all were given. */
export function nextDevice(session: SessionDetail): number | null {
  const doses = countingDoses(session);
  const isFree = (number: number): boolean => doses.every((it) => it.device_number !== number);
  return DEVICE_NUMBERS.find(isFree) ?? null;
}
