import assert from "node:assert/strict";
import { test } from "node:test";
import { happenings } from "../bed/happened.ts";
import {
  alarmsOf,
  askFor,
  columnsOf,
  dosesOf,
  gapsOf,
  limitLines,
  originOf,
  phasesOf,
  pressureOf,
  rateOf,
  standingOf,
  withLive,
} from "../bed/trend-data.ts";
import { momentAt, rowsOf, type ReadFrom } from "../bed/trend-read.ts";
import { placeAfter } from "../bed/trend.ts";
import { timeOfDay } from "../format.ts";
import { aboutSinceDose, changeLine, momentLine } from "../messages/bed.ts";
import { deltas } from "../messages.ts";
import type { Bed, Vital } from "../wire.ts";
import type { SessionDetail } from "../wire-session.ts";
import { checkTrend, type Bucket, type Mark, type Trend } from "../wire-trend.ts";
import { occurrence, snapshot } from "./samples.ts";

const MINUTE = 60_000;
const NOON = Date.parse("2026-11-22T12:00:00.000Z");
const CUFF_MS = 20 * MINUTE;

const of = (mean: number, min = mean, max = mean): Bucket => ({ min, mean, max, count: 1 });

/** Buckets of a minute from noon on; "." is an empty one. */
function trendOf(series: Readonly<Record<string, readonly (Bucket | null)[]>>): Trend {
  const length = Math.max(...Object.values(series).map((buckets) => buckets.length));
  return {
    from: NOON,
    to: NOON + length * MINUTE,
    bucket_s: 60,
    series: new Map(Object.entries(series).map(([name, buckets]) => [name, { buckets }])),
    marks: [],
  };
}

function bed(changes: Partial<Bed> = {}): Bed {
  return { ...(snapshot().beds[0] as Bed), ...changes };
}

function session(changes: Partial<SessionDetail>): SessionDetail {
  const empty = { started: NOON, doses: [], events: [] };
  return { ...empty, ...changes } as unknown as SessionDetail;
}

const dose = (startedMin: number, more: Partial<SessionDetail["doses"][number]> = {}) => ({
  id: "d",
  mg: 28,
  device_number: 1,
  lot: null,
  started: NOON + startedMin * MINUTE,
  ended: NOON + startedMin * MINUTE,
  pauses: [],
  entered: NOON,
  voided_by: null,
  ...more,
});

test("a trend is asked for in buckets that stay where they are as time goes on", () => {
  // Goal: the service's bounds (points <= 1000, a day at most) hold for each range.
  for (const range of ["quarter", "session", "all"] as const) {
    for (const length of [0, 1, 10, 90, 600, 4000]) {
      const now = NOON + 1234;
      const asked = askFor(range, now - length * MINUTE, now);
      const bucket = (asked.to - asked.from) / asked.points;
      assert.ok(asked.points <= 1000, `${asked.points} points`);
      assert.ok(asked.to - asked.from <= 24 * 60 * MINUTE, `${range} ${length}`);
      assert.ok(asked.to > now);
      assert.deepEqual([asked.from % bucket, bucket % 1000], [0, 0]);
    }
  }
  const [one, next] = [0, 1999].map((ms) => askFor("session", NOON, NOON + 30 * MINUTE + ms));
  assert.equal(one?.from, next?.from);
});

test("a line never goes over time without data", () => {
  // Goal: safety:F2 for what is past: a gap is a gap. A cuff's readings are joined while they hold.
  const empty = (n: number): null[] => new Array<null>(n).fill(null);
  const trend = trendOf({
    nibp_sys: [of(120), ...empty(9), of(130), ...empty(29), of(140)],
    pulse: [of(70), null, of(72, 71, 90)],
  });
  const { sys, rate } = columnsOf(trend, CUFF_MS);
  assert.deepEqual(sys.slice(0, 12), [120, ...new Array(9).fill(undefined), 130, null]);
  assert.ok(sys.slice(11, 40).every((value) => value === null));
  assert.equal(rate[1][1], null, "a minute is longer than a rate may be missing");
  assert.deepEqual([rate[0][2], rate[1][2], rate[2][2]], [71, 72, 90], "the peak is not lost");
  const fine = { ...trend, bucket_s: 2, to: trend.from + 41 * 2000 };
  assert.equal(columnsOf(fine, CUFF_MS).rate[1][1], undefined, "two seconds are no gap");
});

test("a gap begins where the last value no longer holds, and ends now", () => {
  // Goal: what is drawn as missing, at both ends and in between.
  const trend = trendOf({ nibp_sys: [null, of(120), ...new Array<null>(40).fill(null)] });
  const gaps = gapsOf(trend, pressureOf(trend, "sys"), CUFF_MS, NOON + 30 * MINUTE);
  assert.deepEqual(gaps, [{ from: NOON + 22 * MINUTE, to: NOON + 30 * MINUTE }]);
  const none = trendOf({ pulse: [of(70)] });
  const missing = gapsOf(none, pressureOf(none, "sys"), 0, NOON + 30_000);
  assert.deepEqual(missing, [{ from: NOON, to: NOON + 30_000 }]);
});

test("what is live is added to the trend, what is old or by the cuff is not", () => {
  // Goal: only a live value, in its own series and its own bucket; nothing is drawn again for none.
  const trend = trendOf({ hr: [of(80), null, null] });
  const vital = (changes: Partial<Vital>): Vital => ({
    ...(bed().vitals.find(({ metric }) => metric === "heart_rate") as Vital),
    ...{ value: 95, source: "ecg", state: "live", measured: NOON + MINUTE },
    ...changes,
  });
  const after = (changes: Partial<Vital>): Trend =>
    withLive(trend, bed({ vitals: [vital(changes)] }));
  const highest = (changes: Partial<Vital>) => rateOf(after(changes)).map((one) => one?.max);
  assert.deepEqual(highest({}), [80, 95, undefined]);
  assert.deepEqual(highest({ measured: NOON }), [95, undefined, undefined]);
  assert.deepEqual(highest({ source: "pleth" }), [80, 95, undefined]);
  for (const changes of [
    { state: "grey" as const },
    { source: "nibp" },
    { value: null },
    { measured: NOON + 3 * MINUTE },
    { measured: NOON, value: 80 },
  ])
    assert.equal(after(changes), trend, JSON.stringify(changes));
});

test("time counts from the first dose that counts", () => {
  // Goal: a voided dose is none; without a dose there is no T+.
  const doses = [dose(5, { voided_by: "lead" }), dose(20), dose(8, { ended: null, mg: null })];
  assert.equal(originOf(session({ doses })), NOON + 8 * MINUTE);
  assert.equal(originOf(session({ doses: doses.slice(0, 1) })), null);
  assert.equal(originOf(null), null);
  const marks = [
    { what: "dose", at: NOON - MINUTE, mg: 10, device_number: null },
    { what: "dose", at: NOON + 8 * MINUTE, mg: 28, device_number: 1 },
  ] as const;
  const shown = dosesOf({ ...trendOf({ spo2: [null] }), marks }, session({ doses }), NOON + 1);
  assert.deepEqual(
    shown.map(({ at, until, mg }) => [(at - NOON) / MINUTE, until, mg]),
    [[-1, null, 10], [8, NOON + 1, null], [20, NOON + 20 * MINUTE, 28]],
  );
});

test("phases follow each other and end with the session", () => {
  const step = (min: number, change: string, phase: string | null) =>
    ({ what: "session", at: NOON + min * MINUTE, change, phase, act: null }) as Mark;
  const marks = [
    step(0, "started", "intake"),
    step(1, "phase", "baseline"),
    step(4, "limit", "baseline"),
    step(10, "ended", "ended"),
  ];
  const trend = { ...trendOf({ spo2: [null] }), marks };
  assert.deepEqual(phasesOf(trend, null, NOON + 30 * MINUTE), [
    { from: NOON, to: NOON + MINUTE, phase: "intake" },
    { from: NOON + MINUTE, to: NOON + 10 * MINUTE, phase: "baseline" },
  ]);
});

test("an alarm is marked where it began or became worse, the highest on top", () => {
  const alarm = (at: number, change: string, priority: string) =>
    ({ what: "alarm", at, change, priority, occurrence: "o", text: "t" }) as Mark;
  const marks = [
    alarm(1, "raised", "high"),
    alarm(2, "raised", "medium"),
    alarm(3, "escalated", "high"),
    alarm(4, "acknowledged", "high"),
    alarm(5, "ended", "high"),
  ];
  const shown = alarmsOf({ ...trendOf({ spo2: [null] }), marks });
  assert.deepEqual(shown.map(({ at }) => at), [2, 1, 3]);
});

test("the trend's limits are those beside the number", () => {
  const labels = limitLines(bed(), "pressure").map(({ label }) => label);
  assert.ok(labels.some((label) => /^S ≥\d+$/.test(label)), labels.join());
  assert.ok(labels.some((label) => /^D ≥\d+$/.test(label)), labels.join());
  assert.ok(limitLines(bed(), "spo2").every(({ label }) => label.startsWith("≤")));
});

function readFrom(): ReadFrom {
  const trend = trendOf({
    nibp_sys: [null, of(186), null],
    nibp_dia: [null, of(104), null],
    nibp_map: [null, of(131), null],
    spo2: [of(97), of(96, 88, 98), null],
  });
  const phases = [{ from: NOON, to: NOON + 3 * MINUTE, phase: "active" as const }];
  const doses = dosesOf(trend, session({ doses: [dose(1)] }), NOON);
  const time = timeOfDay("UTC");
  const origin = NOON + MINUTE;
  return { trend, cuffMs: CUFF_MS, standing: null, origin, phases, doses, time };
}

test("one moment of the trend is told in a line, and what is not known is said", () => {
  assert.equal(
    momentLine(momentAt(readFrom(), 1)),
    "12:01:00 · T+00:00 · Active · BP 186/104 (131) at 12:01 · HR no data · " +
      "SpO₂ 96 (88–98) · Device 1 28 mg",
  );
  assert.match(momentLine(momentAt(readFrom(), 0)), /T−01:00 · Active · BP no data · .* 97$/);
  assert.match(momentLine(momentAt(readFrom(), 2)), /BP 186\/104 \(131\) at 12:01 · .*no data$/);
  const late = { ...readFrom(), cuffMs: 0 };
  assert.match(momentLine(momentAt(late, 2)), /BP no data/, "it does not stand forever");
});

test("a cuff's reading of before the session is told while it holds, as the tile shows it", () => {
  // Goal: the chart never says "no data" beside a number that stands on the tile.
  const vitals = (agoMin: number): Bed["vitals"] =>
    bed().vitals.map((vital) => ({
      ...vital,
      ...{ measured: NOON - agoMin * MINUTE, state: "live" as const },
      value: { nibp_sys: 124, nibp_dia: 76, nibp_map: 92 }[vital.metric as string] ?? null,
    }));
  const told = (standing: ReadFrom["standing"], place = 0): string =>
    momentLine(momentAt({ ...readFrom(), standing }, place));
  const shown = standingOf(bed({ vitals: vitals(3) }));
  assert.match(told(shown), /BP 124\/76 \(92\) at 11:57/);
  assert.match(told(shown, 1), /BP 186\/104 \(131\) at 12:01/, "what came since counts");
  assert.match(told(standingOf(bed({ vitals: vitals(21) }))), /BP no data/, "it does not hold");
  const gone = vitals(3).map((vital) => ({ ...vital, value: null, measured: null }));
  assert.equal(standingOf(bed({ vitals: gone })), null, "it was the patient's before");
});

test("the table has a row for each minute, the newest first", () => {
  assert.deepEqual(rowsOf(readFrom(), NOON, NOON + 3 * MINUTE), [
    ["12:02", "T+1", "–", "–", "–", "–"],
    ["12:01", "T+0", "186/104", "131", "–", "96 (88–98)"],
    ["12:00", "T−1", "–", "–", "–", "97"],
  ]);
  const day = { ...readFrom(), origin: null };
  const rows = rowsOf(day, NOON - 23 * 60 * MINUTE, NOON + MINUTE);
  assert.ok(rows.length <= 100 && rows.every((row) => row[1] === "–"), `${rows.length}`);
});

test("keys move over the trend and stop at its ends", () => {
  const bounds = [10, 110] as const;
  const table: readonly [string, number | null, number | null][] = [
    ["ArrowLeft", null, 109],
    ["ArrowLeft", 10, 10],
    ["ArrowRight", 50, 51],
    ["ArrowRight", 110, 110],
    ["PageUp", 50, 40],
    ["PageDown", 50, 60],
    ["Home", 50, 10],
    ["End", 50, 110],
    ["Tab", 50, null],
  ];
  for (const [key, from, to] of table) assert.equal(placeAfter(key, from, bounds), to, key);
});

test("a tick of the axis is in minutes, or in hours where a day is seen", () => {
  const table: readonly [number, string, string][] = [
    [0, "T+0", "T+0 h"],
    [-5, "T−5", "T−0 h"],
    [90, "T+90", "T+2 h"],
    [-1260, "T−1260", "T−21 h"],
  ];
  for (const [minutes, fine, rough] of table) {
    const both = (["minutes", "hours"] as const).map((u) => aboutSinceDose(minutes * MINUTE, u));
    assert.deepEqual(both, [fine, rough]);
  }
});

test("how far a value is from the accepted baseline stands beside it", () => {
  // Goal: "Δ from baseline" of the tile; none for what is not shown, or has no baseline.
  const [sys, dia] = bed().vitals as [Vital, Vital];
  const baseline = { sys: 176, dia: 112, map: 130, heart_rate: null, spo2: 98 };
  const own = bed().session;
  const at = own === null ? bed() : bed({ session: { ...own, baseline } });
  const rate = at.vitals.find(({ metric }) => metric === "heart_rate");
  assert.deepEqual(deltas([sys, dia], at), ["Δ +28", "/±0"]);
  assert.deepEqual(deltas([{ ...sys, value: 170 }], at), ["Δ −6"]);
  assert.deepEqual(deltas([{ ...sys, state: "removed" }, dia], at), []);
  assert.deepEqual(deltas([rate], at), [], "no rate was accepted");
  assert.deepEqual(deltas([sys, dia], bed()), [], "no baseline was accepted");
});

test("what happened is told newest first, with who and why, and only of this session", () => {
  const note = { by: "nurse", ordered_by: "Dr. A", reason: "anxious" };
  const event = (seq: number, min: number, change: string, act: object | null = null) => {
    const full = act === null ? null : { ...note, what: null, old: null, new: null, ...act };
    return { seq, at: NOON + min * MINUTE, bed: "bay-1", change, phase: "active", act: full };
  };
  const events = [
    event(1, 0, "started"),
    event(2, 5, "dose"),
    event(3, 45, "dose"),
    event(4, 50, "limit", { what: "B4 nibp_sys", old: "165", new: "170" }),
  ] as unknown as SessionDetail["events"];
  const doses = [dose(5, { ended: NOON + 45 * MINUTE })];
  const alarm = (onsetMin: number, id: string) =>
    occurrence({
      occurrence: id,
      onset: NOON + onsetMin * MINUTE,
      priority: "high",
      text: "Systolic 186",
      ended: NOON + (onsetMin + 2) * MINUTE,
      acknowledged: { by: "lead", at: NOON + (onsetMin + 1) * MINUTE, reason: null },
    });
  const told = happenings(session({ events, doses }), [alarm(10, "a"), alarm(-30, "before")]);
  assert.deepEqual(
    told.map(({ what, who }) => [what, who]),
    [
      ["Limit changed: Systolic 165 → 170", "nurse"],
      ["Dose ended", ""],
      ["Ended: Systolic 186, lasted 02:00", ""],
      ["Acknowledged: Systolic 186", "lead"],
      ["HIGH alarm: Systolic 186", ""],
      ["Dose given", ""],
      ["Session started", ""],
    ],
  );
  assert.equal(told[0]?.why, "anxious, ordered by Dr. A");
});

test("a change is told by what it was about, once", () => {
  const act = { by: "n", ordered_by: null, reason: null, what: null, old: null, new: null };
  const told = (change: string, more: object) => changeLine(change, "active", { ...act, ...more });
  assert.equal(told("dose", { what: "dose", new: "35 mg, running" }), "Dose given: 35 mg, running");
  assert.equal(told("dose", { what: "device 2", new: "28 mg" }), "Dose given: device 2 28 mg");
  assert.equal(told("baseline", { what: "baseline", new: "S 120" }), "Baseline accepted: S 120");
  assert.equal(told("standby-began", {}), "Stand-by");
  assert.equal(told("something-new", {}), "something new");
  assert.equal(told("limit", { what: "O3 spo2", old: "93" }), "Limit changed: SpO2 93 → none");
  assert.equal(changeLine("phase", "recovery", null), "Phase: Recovery");
});

test("a trend that is not what was promised is not shown", () => {
  const body = { from: "2026-11-22T12:00:00Z", to: "2026-11-22T12:01:00Z", bucket_s: 60 };
  const bucket = { min: 1, mean: 1.5, max: 2, count: 2 };
  const good = { ...body, series: { spo2: { unit: "%", buckets: [bucket, null] } }, marks: [] };
  assert.equal(checkTrend(good).kind, "good");
  const odd = { ...good, marks: [{ what: "storm", at: body.from }] };
  assert.match(JSON.stringify(checkTrend(odd)), /marks\[0\]\.what/);
  const dosed = { ...good, marks: [{ what: "dose", at: body.from, mg: 28, device_number: null }] };
  assert.equal(checkTrend(dosed).kind, "good");
});
