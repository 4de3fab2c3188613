// What the trend's plots are drawn from, pure: which stretch of time to ask for, columns with their
// gaps, phases, doses, alarms and limits. Times in milliseconds since 1970; a column holds a
// number, `null` where data is missing, and `undefined` where only no value falls (a line goes on
// over it).

import { limitBare, limitsBeside, type TimeOfDay } from "../format.ts";
import { DIASTOLIC, SYSTOLIC } from "../messages/bed.ts";
import type { SessionDetail } from "../wire-session.ts";
import type { Bucket, Trend } from "../wire-trend.ts";
import type { Bed, Metric, Phase, Priority, Vital } from "../wire.ts";

export type Range = "quarter" | "session" | "all";

export type Asked = { readonly from: number; readonly to: number; readonly points: number };

const QUARTER_MS = 15 * 60_000;
/** As far back as the service tells at once (contract 6). */
const DAY_MS = 24 * 3_600_000;
const BUCKETS_MS = [2_000, 3_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 180_000];
const POINTS = 600;
/** Room for what comes live until the trend is read again. */
const AHEAD_MS = 60_000;
/** A continuous value is missing when none came for so long (alarms 13). */
const MISSING_MS = 10_000;

/** From when on a range shows, at `now`. */
export function beginOf(range: Range, started: number | null, now: number): number {
  if (range === "quarter") return now - QUARTER_MS;
  if (range === "session" && started !== null) return Math.max(started, now - DAY_MS + QUARTER_MS);
  return now - DAY_MS + QUARTER_MS;
}

/** Buckets that begin at a multiple of their length, so that they stay the same at each reading. */
export function askFor(range: Range, started: number | null, now: number): Asked {
  const begin = beginOf(range, started, now);
  const wide = now + AHEAD_MS - begin;
  const bucket = BUCKETS_MS.find((ms) => wide / ms <= POINTS) ?? 180_000;
  const from = Math.floor(begin / bucket) * bucket;
  const points = Math.ceil((now + AHEAD_MS - from) / bucket);
  return { from, to: from + points * bucket, points };
}

/** The trend with what the bed shows live now; the same one where that adds nothing. */
export function withLive(trend: Trend, bed: Bed): Trend {
  return bed.vitals.reduce(take, trend);
}

function take(trend: Trend, vital: Vital): Trend {
  const name = seriesOf(vital);
  const { value, measured } = vital;
  if (name === null || value === null || measured === null || vital.state !== "live") return trend;
  const place = placeOf(trend, measured);
  const length = lengthOf(trend);
  if (place < 0 || place >= length) return trend;
  const known = trend.series.get(name)?.buckets ?? new Array<null>(length).fill(null);
  const before = known[place] ?? null;
  if (before !== null && before.min <= value && value <= before.max) return trend;
  const buckets = known.with(place, widened(before, value));
  return { ...trend, series: new Map([...trend.series, [name, { buckets }]]) };
}

/** The series that a vital's value belongs to. A rate that the cuff found is no rate over time. */
function seriesOf({ metric, source }: Vital): string | null {
  switch (metric) {
    case "nibp_sys":
    case "nibp_dia":
    case "nibp_map":
      return source === "art" ? metric.replace("nibp", "art") : metric;
    case "heart_rate":
      return source === "ecg" ? "hr" : source === "pleth" ? "pulse" : null;
    case "spo2":
    case "art_sys":
    case "art_dia":
    case "art_map":
      return metric;
    case "resp":
    case "temp":
      return null;
  }
}

function widened(before: Bucket | null, value: number): Bucket {
  if (before === null) return { min: value, mean: value, max: value, count: 1 };
  const count = before.count + 1;
  return {
    min: Math.min(before.min, value),
    mean: (before.mean * before.count + value) / count,
    max: Math.max(before.max, value),
    count,
  };
}

export function lengthOf(trend: Trend): number {
  return Math.round((trend.to - trend.from) / (trend.bucket_s * 1000));
}

/** The bucket in which a moment lies. */
export function placeOf(trend: Trend, ms: number): number {
  return Math.floor((ms - trend.from) / (trend.bucket_s * 1000));
}

export type Column = (number | null | undefined)[];
export type Buckets = readonly (Bucket | null)[];

export type Columns = {
  readonly x: number[];
  readonly sys: Column;
  readonly dia: Column;
  readonly map: Column;
  readonly rate: readonly [low: Column, mean: Column, high: Column];
  readonly spo2: readonly [low: Column, mean: Column, high: Column];
};

export type Gap = { readonly from: number; readonly to: number };

/** Up to here a cuff reading is joined with the next: when it would be taken out of the live field
 * (alarms 14), and no less where the interval was longer before. */
export function validMs(bed: Bed): number {
  const twice = (2 * bed.interval_s + 60) * 1000;
  return Math.min(Math.max(twice, 20 * 60_000), 60 * 60_000);
}

/** The cuff's reading that the bed shows, in whole units. */
export type Standing = {
  readonly sys: number;
  readonly dia: number | null;
  readonly map: number | null;
  readonly measured: number;
};

/** Also one of before the session: the service takes it away where it is another patient's. */
export function standingOf({ vitals }: Bed): Standing | null {
  const of = (name: Metric): Vital | undefined => vitals.find(({ metric }) => metric === name);
  const [sys, dia, map] = [of("nibp_sys"), of("nibp_dia"), of("nibp_map")];
  if (sys === undefined || sys.value === null || sys.measured === null) return null;
  const { value, measured } = sys;
  return { sys: value, dia: dia?.value ?? null, map: map?.value ?? null, measured };
}

export function columnsOf(trend: Trend, cuffMs: number): Columns {
  const x = timesOf(trend);
  const pressure = (of: PressureName): Column => joined(pressureOf(trend, of), x, cuffMs);
  const run = Math.floor(MISSING_MS / (trend.bucket_s * 1000));
  const three = (buckets: Buckets): readonly [Column, Column, Column] => [
    bridged(buckets, run, (bucket) => bucket.min),
    bridged(buckets, run, (bucket) => bucket.mean),
    bridged(buckets, run, (bucket) => bucket.max),
  ];
  return {
    x,
    sys: pressure("sys"),
    dia: pressure("dia"),
    map: pressure("map"),
    rate: three(rateOf(trend)),
    spo2: three(bucketsOf(trend, "spo2")),
  };
}

/** The middle of each bucket. */
export function timesOf(trend: Trend): number[] {
  const bucketMs = trend.bucket_s * 1000;
  return Array.from({ length: lengthOf(trend) }, (_, i) => trend.from + (i + 0.5) * bucketMs);
}

export function bucketsOf(trend: Trend, name: string): Buckets {
  return trend.series.get(name)?.buckets ?? new Array<null>(lengthOf(trend)).fill(null);
}

export type PressureName = "sys" | "dia" | "map";

/** The cuff's, and an arterial line's between its readings. */
export function pressureOf(trend: Trend, of: PressureName): Buckets {
  return either(bucketsOf(trend, `nibp_${of}`), bucketsOf(trend, `art_${of}`));
}

/** The ECG's rate, and the pulse where there is none, as alarms judge it (alarms 14). */
export function rateOf(trend: Trend): Buckets {
  return either(bucketsOf(trend, "hr"), bucketsOf(trend, "pulse"));
}

function either(first: Buckets, second: Buckets): Buckets {
  return first.map((bucket, place) => bucket ?? second[place] ?? null);
}

function bridged(buckets: Buckets, run: number, of: (bucket: Bucket) => number): Column {
  const column: Column = buckets.map((bucket) => (bucket === null ? null : of(bucket)));
  for (const { first, end } of emptyRuns(buckets)) {
    const isInside = first > 0 && end < buckets.length;
    if (isInside && end - first <= run) column.fill(undefined, first, end);
  }
  return column;
}

function joined(buckets: Buckets, x: readonly number[], cuffMs: number): Column {
  const column: Column = buckets.map((bucket) => bucket?.mean ?? null);
  for (const { first, end } of emptyRuns(buckets)) {
    const apart = (x[end] ?? Infinity) - (x[first - 1] ?? -Infinity);
    if (apart <= cuffMs) column.fill(undefined, first, end);
  }
  return column;
}

function emptyRuns(buckets: Buckets): readonly { first: number; end: number }[] {
  const runs: { first: number; end: number }[] = [];
  buckets.forEach((bucket, place) => {
    if (bucket !== null) return;
    const last = runs.at(-1);
    if (last?.end === place) last.end = place + 1;
    else runs.push({ first: place, end: place + 1 });
  });
  return runs;
}

/** Where nothing is known between `begin` and `now`: no value for longer than it stays valid. */
export function gapsOf(trend: Trend, buckets: Buckets, stayMs: number, now: number): Gap[] {
  const bucketMs = trend.bucket_s * 1000;
  return emptyRuns(buckets)
    .map(({ first, end }) => ({
      from: trend.from + first * bucketMs,
      to: Math.min(trend.from + end * bucketMs, now),
      isFirst: first === 0,
    }))
    .filter(({ from, to }) => to - from > stayMs)
    .map(({ from, to, isFirst }) => ({ from: isFirst ? from : from + stayMs, to }));
}

export function gapsOfAll(
  trend: Trend,
  cuffMs: number,
  now: number,
): Readonly<Record<Plot, Gap[]>> {
  return {
    pressure: gapsOf(trend, pressureOf(trend, "sys"), cuffMs, now),
    rate: gapsOf(trend, rateOf(trend), MISSING_MS, now),
    spo2: gapsOf(trend, bucketsOf(trend, "spo2"), MISSING_MS, now),
  };
}

export type Plot = "pressure" | "rate" | "spo2";

export type Stretch = { readonly from: number; readonly to: number; readonly phase: Phase };

/** The phases, oldest first; the last one goes on until `now`. */
export function phasesOf(trend: Trend, session: SessionDetail | null, now: number): Stretch[] {
  const marks = trend.marks.filter((mark) => mark.what === "session");
  const steps = [...(session?.events ?? []), ...marks]
    .filter(({ change }) => ["started", "phase", "ended"].includes(change))
    .sort((a, b) => a.at - b.at);
  const found: Stretch[] = [];
  for (const { at, change, phase } of steps) {
    const last = found.at(-1);
    if (last !== undefined && last.to > at) found[found.length - 1] = { ...last, to: at };
    if (change !== "ended" && phase !== null && phase !== "ended")
      found.push({ from: at, to: now, phase });
  }
  return found.filter(({ from, to }) => to > from);
}

export type Dose = {
  readonly at: number;
  /** Its end, or `now` while it runs; null: not known. */
  readonly until: number | null;
  readonly mg: number | null;
  readonly device: number | null;
};

/** Those that count; of the session that runs all, though they began before the trend does. */
export function dosesOf(trend: Trend, session: SessionDetail | null, now: number): Dose[] {
  const started = session?.started ?? Infinity;
  const before = trend.marks
    .filter((mark) => mark.what === "dose")
    .filter(({ at }) => at < started)
    .map(({ at, mg, device_number: device }) => ({ at, until: null, mg, device }));
  const own = countingOf(session).map((dose) => ({
    at: dose.started,
    until: dose.ended ?? now,
    mg: dose.mg,
    device: dose.device_number,
  }));
  return [...before, ...own].sort((a, b) => a.at - b.at);
}

/** The first dose of the session, from which time is counted; null: none yet, or no session. */
export function originOf(session: SessionDetail | null): number | null {
  const starts = countingOf(session).map((dose) => dose.started);
  return starts.length === 0 ? null : Math.min(...starts);
}

function countingOf(session: SessionDetail | null): SessionDetail["doses"] {
  return (session?.doses ?? []).filter((dose) => dose.voided_by === null);
}

export type AlarmMark = {
  readonly at: number;
  readonly priority: Priority;
  readonly text: string;
  readonly occurrence: string;
};

/** Where an alarm began or became worse; the lowest first, so that the highest is drawn on top. */
export function alarmsOf(trend: Trend): AlarmMark[] {
  const order: readonly Priority[] = ["low", "medium", "high"];
  return trend.marks
    .filter((mark) => mark.what === "alarm")
    .filter(({ change }) => ["raised", "confirmed", "escalated"].includes(change))
    .sort((a, b) => order.indexOf(a.priority) - order.indexOf(b.priority));
}

export type LimitLine = {
  readonly value: number;
  /** "S ≥165". */
  readonly label: string;
  readonly priority: Priority;
};

const LIMITS_OF: Readonly<Record<Plot, readonly (readonly [Metric, string])[]>> = {
  pressure: [
    ["nibp_sys", SYSTOLIC],
    ["nibp_dia", DIASTOLIC],
  ],
  rate: [["heart_rate", ""]],
  spo2: [["spo2", ""]],
};

/** The tightest limit of each side, and the tightest HIGH one. */
export function limitLines(bed: Bed, plot: Plot): LimitLine[] {
  return LIMITS_OF[plot].flatMap(([metric, letter]) => {
    const limits = bed.vitals.find((vital) => vital.metric === metric)?.limits ?? [];
    const both = (["high", "low"] as const).flatMap((side) => limitsBeside(limits, side));
    return both.map((limit) => ({
      value: limit.limit,
      label: letter + limitBare(limit),
      priority: limit.priority,
    }));
  });
}

/** All that is drawn. */
export type Scene = {
  readonly begin: number;
  readonly now: number;
  readonly origin: number | null;
  readonly time: TimeOfDay;
  readonly columns: Columns;
  readonly phases: readonly Stretch[];
  readonly doses: readonly Dose[];
  readonly alarms: readonly AlarmMark[];
  readonly technical: ReadonlySet<string>;
  readonly limits: Readonly<Record<Plot, readonly LimitLine[]>>;
  readonly gaps: Readonly<Record<Plot, readonly Gap[]>>;
};
