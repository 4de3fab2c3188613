// The trend in words and numbers, pure: what one moment holds, and the rows of its table.

import type { TimeOfDay } from "../format.ts";
import * as say from "../messages/bed.ts";
import { PRIORITY_WORD } from "../messages.ts";
import type { Bucket, Trend } from "../wire-trend.ts";
import {
  alarmsOf,
  bucketsOf,
  lengthOf,
  placeOf,
  pressureOf,
  rateOf,
  type Buckets,
  type Dose,
  type Standing,
  type Stretch,
} from "./trend-data.ts";

export type ReadFrom = {
  readonly trend: Trend;
  readonly cuffMs: number;
  readonly standing: Standing | null;
  readonly origin: number | null;
  readonly phases: readonly Stretch[];
  readonly doses: readonly Dose[];
  readonly time: TimeOfDay;
};

type Pressure = NonNullable<say.Moment["pressure"]>;

/** What is known of the bucket at this place; the pressure is the last one that still stands. */
export function momentAt(from: ReadFrom, place: number): say.Moment {
  const { trend, origin, time } = from;
  const at = beginAt(trend, place);
  const phase = from.phases.findLast((one) => one.from <= at && at < one.to)?.phase ?? null;
  return {
    at: time.seconds(at),
    since: origin === null ? "" : say.sinceFirstDose(at - origin),
    pressure: pressureAt(from, place),
    rate: span(rateOf(trend)[place] ?? null),
    spo2: span(bucketsOf(trend, "spo2")[place] ?? null),
    phase,
    happened: happenedAt(from, place),
  };
}

function pressureAt(from: ReadFrom, place: number): Pressure | null {
  const { trend, cuffMs, time } = from;
  const sys = pressureOf(trend, "sys");
  const found = sys.slice(0, place + 1).findLastIndex((bucket) => bucket !== null);
  if (found < 0) return standingAt(from, beginAt(trend, place));
  const apart = (place - found) * trend.bucket_s * 1000;
  if (apart > cuffMs) return null;
  const [value, map] = pressureText(trend, found);
  return { value, map, at: time.minutes(beginAt(trend, found)) };
}

/** A reading of before the trend begins, while it still holds: the bed shows it, too. */
function standingAt({ standing, trend, cuffMs, time }: ReadFrom, at: number): Pressure | null {
  if (standing === null || standing.measured >= trend.from) return null;
  if (at - standing.measured > cuffMs) return null;
  const { sys, dia, map, measured } = standing;
  return { value: `${sys}/${dia ?? say.NONE}`, map: `${map ?? ""}`, at: time.minutes(measured) };
}

function beginAt(trend: Trend, place: number): number {
  return trend.from + place * trend.bucket_s * 1000;
}

function pressureText(trend: Trend, place: number): readonly [string, string] {
  const whole = (buckets: Buckets): string => {
    const mean = buckets[place]?.mean;
    return mean === undefined ? say.NONE : mean.toFixed(0);
  };
  const map = pressureOf(trend, "map")[place];
  const pair = `${whole(pressureOf(trend, "sys"))}/${whole(pressureOf(trend, "dia"))}`;
  return [pair, map === null || map === undefined ? "" : map.mean.toFixed(0)];
}

/** "76", or "76 (72–81)" where it moved. */
function span(bucket: Bucket | null): string {
  if (bucket === null) return "";
  const { min, mean, max } = bucket;
  return min === max ? mean.toFixed(0) : `${mean.toFixed(0)} (${min}–${max})`;
}

function happenedAt({ trend, doses }: ReadFrom, place: number): readonly string[] {
  const isHere = ({ at }: { readonly at: number }): boolean => placeOf(trend, at) === place;
  const given = doses.filter(isHere).map(({ mg, device }) => say.doseLabel(mg, device));
  const alarms = alarmsOf(trend).filter(isHere);
  return [...given, ...alarms.map((one) => `${PRIORITY_WORD[one.priority]} ${one.text}`)];
}

const STEPS_S = [60, 120, 300, 600, 900];
const ROWS = 100;

export type Row = readonly string[];

/** One row for some minutes, the newest first; times are those at which the minutes begin. */
export function rowsOf(from: ReadFrom, begin: number, now: number): readonly Row[] {
  const { trend, origin, time } = from;
  const stepS = STEPS_S.find((s) => (now - begin) / 1000 / s <= ROWS) ?? 900;
  const stepMs = stepS * 1000;
  const first = Math.floor(Math.max(begin, trend.from) / stepMs) * stepMs;
  const rows: Row[] = [];
  for (let at = first; at < now; at += stepMs) {
    const range = [placeOf(trend, at), placeOf(trend, at + stepMs)] as const;
    rows.push([
      time.minutes(at),
      origin === null ? say.NONE : say.aboutSinceDose(at - origin, "minutes"),
      ...cellsOf(trend, range),
    ]);
  }
  return rows.reverse();
}

function cellsOf(trend: Trend, [start, end]: readonly [number, number]): readonly string[] {
  const [first, last] = [Math.max(0, start), Math.min(lengthOf(trend), end)];
  const sys = pressureOf(trend, "sys");
  const newest = sys.slice(first, last).findLastIndex((bucket) => bucket !== null);
  const [bp, map] = newest < 0 ? ["", ""] : pressureText(trend, first + newest);
  const over = (buckets: Buckets): string => span(together(buckets.slice(first, last)));
  const cells = [bp, map, over(rateOf(trend)), over(bucketsOf(trend, "spo2"))];
  return cells.map((text) => (text === "" ? say.NONE : text));
}

function together(buckets: Buckets): Bucket | null {
  return buckets.reduce((all, next) => {
    if (all === null || next === null) return all ?? next;
    const count = all.count + next.count;
    return {
      min: Math.min(all.min, next.min),
      mean: (all.mean * all.count + next.mean * next.count) / count,
      max: Math.max(all.max, next.max),
      count,
    };
  }, null);
}
