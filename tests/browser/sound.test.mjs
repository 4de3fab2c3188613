// What is heard, measured from samples: the page's own speaker rendered offline, for each priority
// and kind of alarm, against the ranges of alarms 3. No number of sound.ts is used here.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { launch } from "./support/browser.mjs";
import { openSpeaker, pulsesIn, render } from "./support/samples.mjs";

const FIXTURE = new URL("../../src/dashboard/fixtures/alarm.json", import.meta.url);
const ALARM = JSON.parse(await readFile(FIXTURE, "utf8"));

/** alarms 3: pulses of a burst, and the allowed ranges in ms. */
const RANGES = {
  high: { count: 10, pulse: [75, 200], spacing: [50, 125], repeat: [2_500, 15_000] },
  medium: { count: 3, pulse: [125, 250], spacing: [125, 250], repeat: [2_500, 30_000] },
  low: { count: 1, pulse: [125, 250], spacing: [0, 0], repeat: null },
};
const BETWEEN_FIVES_MS = [350, 1_300];
/** alarms 3, in Hz and dB. */
const [PITCH, AUDIBLE, LEVEL] = [[150, 1_000], [300, 4_000], 15];
/** Long enough for three bursts of what repeats. */
const ALONE_S = { high: 20, medium: 45, low: 45 };
const KINDS = ["physiological", "technical"];
/** A longer silence separates two bursts: the longest that may be within one, and a bit. */
const APART_MS = 1_350;

let browser;
let page;
/** By priority and kind: the bursts while the alarm stands. */
const alone = {};
before(async () => {
  browser = await launch();
  page = await openSpeaker(browser);
  for (const priority of Object.keys(RANGES)) {
    for (const kind of KINDS) {
      alone[`${priority} ${kind}`] = await hear(ALONE_S[priority], [[0, [{ priority, kind }]]]);
    }
  }
});
after(() => browser?.close());

/** The bursts heard in so many seconds; `story`: [from second, the alarms there are]. */
async function hear(seconds, story) {
  const told = story.map(([from, alarms]) => {
    const occurrences = alarms.map((alarm) => ({ ...ALARM, ...alarm }));
    return [from, { kind: "alarms", occurrences }];
  });
  return bursts(pulsesIn(await render(page, seconds, told)));
}

function bursts(pulses) {
  return pulses.reduce((all, pulse) => {
    const last = all.at(-1);
    if (last !== undefined && pulse.atMs - last.at(-1).endMs <= APART_MS) last.push(pulse);
    else all.push([pulse]);
    return all;
  }, []);
}

function within(value, [least, most], what) {
  assert.ok(value >= least && value <= most, `${what}: ${value} is not in ${least} to ${most}`);
}

const gaps = (burst) => burst.slice(1).map((pulse, i) => pulse.atMs - burst[i].endMs);
const pitches = (heard) => heard.map((burst) => burst[0].hz);
const eachAlone = () =>
  Object.entries(alone).map(([name, heard]) => {
    const [priority] = name.split(" ");
    return { name, heard, seconds: ALONE_S[priority], ...RANGES[priority] };
  });

test("every burst has its pulses, and each is as long and as far apart as it may be", () => {
  // Goal: alarms 3. Foot to foot and near the peak: the length is in the range by either measure.
  for (const { name, heard, count, pulse, spacing } of eachAlone()) {
    assert.ok(heard.length > 0, `${name} is heard`);
    for (const burst of heard) {
      assert.equal(burst.length, count, name);
      for (const { lengthMs, loudMs } of burst) {
        within(lengthMs, pulse, `${name}, foot to foot`);
        within(loudMs, pulse, `${name}, near its peak`);
      }
      const [x, length] = [gaps(burst)[0], burst[0].lengthMs];
      gaps(burst).forEach((gap, i) => {
        const isHigh = count === RANGES.high.count;
        if (isHigh && i === 4) within(gap, BETWEEN_FIVES_MS, `${name}, between the fives`);
        else if (isHigh && (i === 2 || i === 7))
          within(gap, [0.9 * (2 * x + length), 1.1 * (2 * x + length)], `${name}, 3 to 4`);
        else within(gap, spacing, `${name}, spacing`);
      });
    }
  }
});

test("HIGH and MEDIUM repeat in time as long as they stand, LOW chimes once", () => {
  // Goal: alarms 3, from start to start.
  for (const { name, heard, repeat, seconds } of eachAlone()) {
    if (repeat === null) {
      assert.equal(heard.length, 1, name);
      continue;
    }
    assert.ok(heard.length >= 3, `${name}: ${heard.length} bursts`);
    const starts = heard.map(([first]) => first.atMs);
    starts.slice(1).forEach((at, i) => within(at - starts[i], repeat, `${name}, repeat`));
    assert.ok(starts.at(-1) + repeat[1] >= seconds * 1000, `${name} goes on`);
  }
});

test("each pulse rises, falls and sounds as the table asks", () => {
  // Goal: alarms 3: about a fifth each; the fundamental, and four harmonics that are not lost
  // beside it. A pure tone has none.
  for (const { name, heard } of eachAlone()) {
    for (const { rise, fall, hz, partials, peak } of heard.flat()) {
      within(rise, [0.15, 0.25], `${name}, rise`);
      within(fall, [0.15, 0.25], `${name}, fall`);
      within(hz, PITCH, `${name}, fundamental`);
      const isHeard = ([at, level]) =>
        at >= AUDIBLE[0] && at <= AUDIBLE[1] && Math.abs(level) <= LEVEL;
      assert.ok(partials.filter(isHeard).length >= 4, `${name}: ${JSON.stringify(partials)}`);
      assert.ok(peak < 1, `${name} is not clipped`);
    }
  }
});

test("priorities and kinds differ by pitch, and none is quieter than a lower one", () => {
  // Goal: alarms 3, the order of loudness for every pair of kinds; and E1's "volume +" keeps it.
  assert.equal(new Set(KINDS.flatMap((kind) => pitches(alone[`high ${kind}`]))).size, 2);
  const ladder = ["high", "medium", "low"].map((p) => pitches(alone[`${p} physiological`])[0]);
  assert.deepEqual([...ladder].sort((a, b) => b - a), ladder);
  assert.equal(new Set(ladder).size, 3);
  const levels = (priority) =>
    KINDS.flatMap((kind) => alone[`${priority} ${kind}`].flat().map(({ rms }) => rms));
  assert.ok(Math.min(...levels("high")) > Math.max(...levels("medium")), "HIGH over MEDIUM");
  assert.ok(Math.min(...levels("medium")) > Math.max(...levels("low")), "MEDIUM over LOW");
});

test("from E1 on an alarm is louder, but no louder than the next priority", async () => {
  // Goal: alarms 12, measured as above.
  const level = (heard) => heard[0][0].rms;
  const [high, medium] = ["high", "medium"].map((p) => level(alone[`${p} physiological`]));
  const loud = async (priority) => level(await hear(4, [[0, [{ priority, escalation: 1 }]]]));
  assert.ok((await loud("high")) > high);
  within(await loud("medium"), [medium * 1.01, high], "MEDIUM at E1");
});

test("a running burst is heard to its end before a higher one begins", async () => {
  // Goal: alarms 3. HIGH is raised between the first and the second pulse of MEDIUM.
  const medium = { occurrence: "m", priority: "medium" };
  const high = { occurrence: "h", priority: "high" };
  const heard = (await hear(6, [[0, [medium]], [0.25, [medium, high]]])).flat();
  const [m, h] = ["medium", "high"].map((p) => pitches(alone[`${p} physiological`])[0]);
  const wanted = [...Array(3).fill(m), ...Array(10).fill(h)];
  assert.deepEqual(heard.map(({ hz }) => hz), wanted, "three of MEDIUM, then ten of HIGH");
  within(heard[3].atMs - heard[2].endMs, [80, 450], "a short rest between them");
});

test("an acknowledgement cuts no burst, and silences the next", async () => {
  // Goal: alarms 3 and 4: whole pulses, then none.
  const heard = await hear(20, [
    [0, [{ priority: "high" }]],
    [1, [{ priority: "high", signal: "acknowledged" }]],
  ]);
  assert.deepEqual(heard.map((burst) => burst.length), [10]);
});

test("only the highest is heard, and LOW interrupts no HIGH", async () => {
  // Goal: alarms 3. LOW comes within a burst of HIGH, and again between two; it has its turn, once,
  // when HIGH is over.
  const low = (occurrence) => ({ occurrence, priority: "low" });
  const [high, medium] = ["high", "medium"].map((p) => ({ occurrence: p, priority: p }));
  const heard = await hear(40, [
    [0, [high, medium]],
    [1, [high, medium, low("l1")]],
    [6, [high, medium, low("l1"), low("l2")]],
    [22, [low("l1"), low("l2")]],
  ]);
  const [h, l] = ["high", "low"].map((p) => pitches(alone[`${p} physiological`])[0]);
  assert.deepEqual(pitches(heard), [h, h, h, l]);
  assert.deepEqual(heard.map((burst) => new Set(burst.map(({ hz }) => hz)).size), [1, 1, 1, 1]);
  assert.deepEqual(heard.map((burst) => burst.length), [10, 10, 10, 1]);
});

test("the tone of a lost connection is no alarm's, and lasts", async () => {
  // Goal: safety:F5, audibly; alarms 9.3: two minutes and more, until the connection is back.
  const samples = await render(page, 130, [
    [0, { kind: "lost" }],
    [125, { kind: "unknown" }],
  ]);
  const heard = pulsesIn(samples);
  assert.ok(heard.every(({ lengthMs }) => lengthMs > RANGES.low.pulse[1]), "longer than any pulse");
  heard.slice(1).forEach((tone, i) => within(tone.atMs - heard[i].endMs, [0, 5_000], "no pause"));
  assert.ok(heard.at(-1).endMs >= 120_000);
  assert.ok(heard.at(-1).endMs <= 128_000, "and ends");
});
