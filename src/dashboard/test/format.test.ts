import assert from "node:assert/strict";
import { test } from "node:test";
import { flashPhaseMs, FLASH_PERIOD_MS } from "../flash.ts";
import {
  crossedLimits,
  delay,
  duration,
  limitWait,
  limitsBeside,
  placeOf,
  roughly,
  timeOfDay,
} from "../format.ts";
import {
  alarmNotes,
  cuffAge,
  linkMatters,
  nextDue,
  simulatedLine,
  vitalNote,
  vitalShown,
} from "../messages.ts";
import type { Limit, Vital } from "../wire.ts";
import { occurrence, snapshot } from "./samples.ts";

test("lengths of time read as a nurse writes them", () => {
  // Goal: at and around each bound.
  const table: readonly [number, string, string][] = [
    [0, "00:00", "0 s"],
    [59.9, "00:59", "59 s"],
    [60, "01:00", "1 min"],
    [119, "01:59", "1 min"],
    [3599, "59:59", "59 min"],
    [3600, "1:00:00", "1 h 0 min"],
    [-3, "00:00", "0 s"],
  ];
  for (const [s, exact, rough] of table)
    assert.deepEqual([duration(s), roughly(s)], [exact, rough]);
  assert.deepEqual(
    [delay(30), delay(60), delay(90), delay(180)],
    ["30 s", "1 min", "90 s", "3 min"],
  );
});

test("clock times are the site's, and an unknown zone says UTC", () => {
  // Goal: no times in the browser's own zone.
  const ms = Date.parse("2026-11-22T04:05:06.000Z");
  assert.equal(timeOfDay("America/New_York").seconds(ms), "23:05:06");
  assert.equal(timeOfDay("Mars/Olympus").minutes(ms), "04:05 UTC");
});

test("the tightest limit and the HIGH one stand beside a number", () => {
  // Goal: both sides; one line where they are the same.
  const limit = (
    side: Limit["side"],
    value: number,
    priority: Limit["priority"],
    delay_s = 0,
  ): Limit => ({
    rule: "X",
    side,
    limit: value,
    changed: false,
    priority,
    delay_s,
    confirm_s: null,
  });
  const limits = [
    limit("high", 150, "high", 10),
    limit("high", 121, "medium", 30),
    limit("high", 140, "medium"),
    limit("low", 39, "high"),
    limit("low", 49, "medium"),
  ];
  assert.deepEqual(
    limitsBeside(limits, "high").map((l) => l.limit),
    [121, 150],
  );
  assert.deepEqual(
    limitsBeside(limits, "low").map((l) => l.limit),
    [49, 39],
  );
  assert.deepEqual(
    limitsBeside([limit("high", 120, "medium"), limit("high", 120, "high")], "high").map(
      (l) => l.priority,
    ),
    ["high"],
  );
  assert.deepEqual(limitsBeside([], "low"), []);
  assert.equal(limitWait(limit("high", 121, "medium", 30)), "30 s");
  assert.equal(limitWait({ ...limit("high", 180, "high"), confirm_s: 180 }), "2×");
  assert.equal(limitWait(limit("high", 200, "high")), "");
});

test("the limit that an alarm is about stands beside the number, and the next one beyond", () => {
  // Goal: alarms, Dashboard HMI 1: with three and more limits on a side, never only the others.
  const limit = (side: Limit["side"], value: number, rule: string): Limit => {
    const priority = rule === "high" ? "high" : "medium";
    return { rule, side, limit: value, changed: false, priority, delay_s: 0, confirm_s: null };
  };
  const limits = [
    limit("high", 111, "H3"),
    limit("high", 121, "H1"),
    limit("high", 141, "high"),
    limit("high", 150, "high"),
    limit("low", 49, "H4"),
  ];
  const shown = (...crossed: [number, number][]): readonly number[] => {
    const alarms = crossed.map(([at, value]) => occurrence({ rule: "X", limit: at, value }));
    return limitsBeside(limits, "high", crossedLimits(limits, alarms)).map((l) => l.limit);
  };
  assert.deepEqual(shown(), [111, 141], "none: the tightest and the HIGH one");
  assert.deepEqual(shown([111, 112]), [111, 121]);
  assert.deepEqual(shown([121, 130]), [121, 141]);
  assert.deepEqual(shown([141, 145]), [141, 150]);
  assert.deepEqual(shown([150, 160]), [111, 150], "none beyond: the tightest, to come down to");
  assert.deepEqual(shown([141, 145], [111, 145]), [111, 141, 150], "two alarms");
  assert.deepEqual(shown([49, 45]), [111, 141], "the other side is as ever");
  assert.deepEqual(shown([130, 136]), [130, 141], "a gate's, which is none of the number's own");
  const low = crossedLimits(limits, [occurrence({ rule: "H4", limit: 49, value: 45 })]);
  assert.deepEqual(low, [limit("low", 49, "H4")]);
  const apnoea = occurrence({ rule: "R1", limit: null, value: 0 });
  assert.deepEqual(crossedLimits(limits, [apnoea]), []);
});

test("a number is shown only while it may be trusted", () => {
  // Goal: the four states of a vital; a live state without a value is not a number.
  const vital = snapshot().beds[0]?.vitals[3] as Vital;
  const table: readonly [Partial<Vital>, string, string][] = [
    [{ state: "live", value: 118 }, "118", ""],
    [{ state: "grey", value: 118, age_s: 9 }, "118", "11 s old"],
    [{ state: "removed", value: null, why: "link lost" }, "-?-", "link lost"],
    [{ state: "removed", value: 118, why: null }, "-?-", "too old"],
    [{ state: "absent", value: null, why: "no finger" }, "–", "no finger"],
    [{ state: "absent", value: null, why: null, device: "cuff-07" }, "–", "no data"],
    [{ state: "absent", value: null, why: null, device: null }, "–", "no source"],
    [{ state: "live", value: null }, "-?-", ""],
  ];
  for (const [changes, shown, note] of table) {
    assert.deepEqual(
      [vitalShown({ ...vital, ...changes }), vitalNote({ ...vital, ...changes }, 2)],
      [shown, note],
    );
  }
  assert.equal(cuffAge({ ...vital, age_s: 95 }, 30).join(""), "2 min ago");
  assert.equal(nextDue(90_000, 30_000), "next in 1 min");
  assert.equal(nextDue(30_000, 90_000), "due 1 min ago");
});

test("an alarm's second line says all that qualifies it", () => {
  // Goal: countdown by the service's clock; frozen, restored, not yet logged, ended.
  const time = (ms: number): string => `@${ms}`;
  const plain = occurrence({ reading: null });
  assert.deepEqual(alarmNotes(plain, 0, time), []);
  assert.deepEqual(alarmNotes({ ...plain, confirm_until: 147_000 }, 0, time), [
    "re-cuff now 02:27",
  ]);
  assert.deepEqual(alarmNotes({ ...plain, confirm_until: 147_000 }, 147_000, time), [
    "re-cuff overdue",
  ]);
  const worded = { ...plain, lines: ["re-cuff now", "Δ+62"] };
  assert.deepEqual(alarmNotes({ ...worded, confirm_until: 147_000 }, 0, time), [
    "re-cuff now 02:27",
    "Δ+62",
  ]);
  assert.deepEqual(alarmNotes(worded, 0, time), ["re-cuff now", "Δ+62"]);
  const frozen = {
    ...plain,
    frozen: true,
    restored: true,
    seq: null,
    lines: ["Δ+62"],
    reading: { verify: false, source_time: null, received_time: 5 },
  };
  assert.deepEqual(alarmNotes(frozen, 0, time), [
    "Δ+62",
    "last known @5",
    "restored after a restart",
    "not yet logged",
  ]);
  const ended = { ...plain, condition: "ended" as const, ended: 7, end_reason: "cleared" };
  assert.deepEqual(alarmNotes(ended, 0, time), ["ENDED @7"]);
  const again = { ...plain, change: "unresolved" };
  assert.deepEqual(alarmNotes(again, 0, time), ["still unresolved"]);
  const by = { ...ended, end_reason: "limit changed", ended_by: "lee" };
  assert.deepEqual(alarmNotes(by, 0, time), ["ENDED @7", "limit changed by lee"]);
});

test("a tile tells a link only where something is to be told", () => {
  // Goal: calm beds are calm; a decoder that was never checked is told though it works.
  const link = { device: "d", source: "s", since: 0, why: null, unverified: false } as const;
  assert.equal(linkMatters({ ...link, state: "online" }), false);
  assert.equal(linkMatters({ ...link, state: "online", unverified: true }), true);
  assert.equal(linkMatters({ ...link, state: "quiet" }), true);
});

test("a simulation says so, and that its delays are not real", () => {
  // Goal: above 10 times only; what was played at start.
  const time = (ms: number): string => `@${ms}`;
  const at = (speed: number): string => simulatedLine({ speed, played_until: null }, time);
  assert.equal(at(1), "SIMULATED: these are not real patients");
  assert.doesNotMatch(at(10), /not realistic/);
  assert.match(at(10.5), /delays are not realistic/);
  assert.match(
    simulatedLine({ speed: 1, played_until: 3 }, time),
    /Readings before @3 were played at start/,
  );
});

test("an alarm's metric has its place on the tile", () => {
  // Goal: heart rate and pulse share one place; apnoea and technical alarms have none.
  assert.equal(placeOf(occurrence({ metric: "pulse" })), "heart_rate");
  assert.equal(placeOf(occurrence({ metric: "hr" })), "heart_rate");
  assert.equal(placeOf(occurrence({ metric: "nibp_dia" })), "nibp_dia");
  assert.equal(placeOf(occurrence({ metric: null })), null);
});

test("flashes keep the rates of the table and the phase of the service's clock", () => {
  // Goal: 1.4-2.8 Hz and 0.4-0.8 Hz (alarms 3); the same phase at the same real time at any speed.
  const hz = (name: string): number => 1000 / (FLASH_PERIOD_MS[name] ?? Number.NaN);
  assert.ok(hz("flash-high") >= 1.4 && hz("flash-high") <= 2.8 && hz("flash-high") < 3);
  assert.ok(hz("flash-medium") >= 0.4 && hz("flash-medium") <= 0.8);
  const heard = { mono: 0, wall: 0 };
  const now = { mono: 250, wall: 250 };
  assert.equal(flashPhaseMs({ serverMs: 1_000, heard, speed: 1 }, now, 1_000), 250);
  assert.equal(flashPhaseMs({ serverMs: 60_000, heard, speed: 60 }, now, 1_000), 250);
});
