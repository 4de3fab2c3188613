// Single readings put together to determinations, as a nurse thinks of them, and which of them are
// ticked at first: pure. What a baseline may be made of the service decides (contract 6).

import type { Reading } from "../wire-reading.ts";
import type { SessionDetail } from "../wire-session.ts";
import { countingDoses } from "./next.ts";

/** What is measured by one device within so long is one determination (alarms 10). */
const SAME_MS = 5_000;
/** Between readings of a baseline. */
export const APART_MS = 60_000;
/** Sample variance of systolic and of diastolic pressures: a deviation of 10 is the last good. */
const VARIANCE_MAX = 100;

export type Determination = {
  /** Of its systolic pressure. */
  readonly id: number;
  readonly measured: number;
  /** Null: taken by hand. */
  readonly device: string | null;
  readonly byHand: Reading["by_hand"];
  readonly sys: number;
  readonly dia: number;
  readonly map: number | null;
  readonly heartRate: number | null;
  readonly spo2: number | null;
  readonly questionable: boolean;
  readonly verify: boolean;
  readonly amended: boolean;
  readonly simulated: boolean;
};

/** Newest first. Without those that were voided, and those that lack a pressure. */
export function determinationsOf(readings: readonly Reading[]): readonly Determination[] {
  const standing = readings.filter((reading) => valueOf(reading) !== null);
  const sorted = standing
    .filter(({ metric }) => metric === "nibp_sys")
    .sort((a, b) => b.measured - a.measured || b.id - a.id);
  const kept = sorted.filter((one, place) => !sorted.slice(0, place).some((it) => isOne(it, one)));
  return kept.flatMap((sys) => {
    const of = (...metrics: readonly string[]): Reading | null =>
      nearest(standing.filter((it) => metrics.includes(it.metric)), sys);
    const pressure = (metric: string): Reading | null => {
      const found = of(metric);
      return found !== null && isOne(found, sys) ? found : null;
    };
    const [dia, map] = [pressure("nibp_dia"), pressure("nibp_map")];
    const [upper, lower] = [valueOf(sys), dia === null ? null : valueOf(dia)];
    if (upper === null || dia === null || lower === null) return [];
    const pair = [sys, dia];
    return [
      {
        id: sys.id,
        measured: sys.measured,
        device: sys.device,
        byHand: sys.by_hand,
        sys: upper,
        dia: lower,
        map: map === null ? null : valueOf(map),
        heartRate: valueOrNull(of("hr", "pulse")),
        spo2: valueOrNull(of("spo2")),
        questionable: pair.some((it) => it.questionable),
        verify: pair.some((it) => it.verify),
        amended: pair.some((it) => it.correction !== null),
        simulated: sys.simulated,
      },
    ];
  });
}

/** The newest two that can be a baseline: trusted, a minute apart and alike. Empty: there are no
 * such two. */
export function firstTicks(newestFirst: readonly Determination[]): readonly number[] {
  const good = newestFirst.filter((it) => !it.questionable);
  for (const [place, newer] of good.entries())
    for (const older of good.slice(place + 1))
      if (newer.measured - older.measured >= APART_MS && areAlike([newer, older]))
        return [newer.id, older.id];
  return [];
}

/** A baseline is what a patient has without the drug. */
export function isBeforeDose(
  of: Pick<Determination, "measured">,
  session: Pick<SessionDetail, "doses">,
): boolean {
  return countingDoses(session).every((dose) => of.measured <= dose.started);
}

/** As the service asks: in whole numbers, so that a deviation of 10 exactly is good. */
export function areAlike(some: readonly Determination[]): boolean {
  const varies = (values: readonly number[]): boolean => {
    const n = values.length;
    const sum = values.reduce((all, value) => all + value, 0);
    const squares = values.reduce((all, value) => all + value * value, 0);
    return n * squares - sum * sum > VARIANCE_MAX * n * (n - 1);
  };
  return !varies(some.map((it) => it.sys)) && !varies(some.map((it) => it.dia));
}

/** As it stands: null where it was voided, or there was none. */
function valueOf(reading: Reading): number | null {
  return reading.correction === null ? reading.value : reading.correction.value;
}

function valueOrNull(reading: Reading | null): number | null {
  return reading === null ? null : valueOf(reading);
}

function isSameTaker(a: Reading, b: Reading): boolean {
  return a.device === b.device && (a.by_hand === null) === (b.by_hand === null);
}

function isOne(a: Reading, b: Reading): boolean {
  return isSameTaker(a, b) && Math.abs(a.measured - b.measured) <= SAME_MS;
}

/** Of the same moment: what the same device measured first, then what is nearest. */
function nearest(some: readonly Reading[], to: Reading): Reading | null {
  const farness = (it: Reading): number =>
    (isSameTaker(it, to) ? 0 : SAME_MS + 1) + Math.abs(it.measured - to.measured);
  const near = some.filter((it) => Math.abs(it.measured - to.measured) <= SAME_MS);
  return near.reduce<Reading | null>(
    (best, it) => (best === null || farness(it) < farness(best) ? it : best),
    null,
  );
}
