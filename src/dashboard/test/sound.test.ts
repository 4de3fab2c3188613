import assert from "node:assert/strict";
import { test } from "node:test";
import {
  burstOf,
  busyFor,
  CONNECTION_LOST_TONE,
  HARMONICS,
  hearChange,
  nextBurst,
  RISE_SHARE,
  SILENCE,
  soundTest,
  type SoundMemory,
} from "../sound.ts";
import type { Occurrence } from "../wire.ts";
import { occurrence } from "./samples.ts";

const high = occurrence({ occurrence: "h", priority: "high" });
const medium = occurrence({ occurrence: "m", priority: "medium" });
const low = occurrence({ occurrence: "l", priority: "low" });
const technical = occurrence({ occurrence: "t", priority: "medium", kind: "technical" });

/** What starts in so many seconds, asked every 100 ms: [second, pulses, Hz]. */
function listen(
  seconds: number,
  given: (second: number) => readonly Occurrence[],
): [number, number, number][] {
  let memory: SoundMemory = SILENCE;
  const heard: [number, number, number][] = [];
  for (let ms = 0; ms < seconds * 1000; ms += 100) {
    const choice = nextBurst(memory, given(ms / 1000), ms);
    memory = choice.memory;
    if (choice.burst !== null)
      heard.push([ms / 1000, choice.burst.pulses.length, choice.burst.pulses[0]?.hz ?? 0]);
  }
  return heard;
}

test("bursts are those of the table", () => {
  // Goal: alarms 3, "We use" and the allowed ranges: pulses, lengths, spacing, gaps.
  const gaps = (p: "high" | "medium" | "low"): number[] => {
    const { pulses } = burstOf(p, "physiological");
    return pulses.slice(1).map((next, i) => next.atMs - (pulses[i]!.atMs + pulses[i]!.lengthMs));
  };
  assert.deepEqual(gaps("high"), [100, 100, 350, 100, 700, 100, 100, 350, 100]);
  assert.deepEqual(gaps("medium"), [200, 200]);
  assert.deepEqual(gaps("low"), []);
  assert.ok(burstOf("high", "technical").pulses.every((p) => p.lengthMs === 150 && p.hz === 330));
  assert.ok(
    burstOf("medium", "physiological").pulses.every((p) => p.lengthMs === 200 && p.hz === 440),
  );
  assert.deepEqual(burstOf("low", "physiological").pulses, [{ atMs: 0, lengthMs: 200, hz: 392 }]);
  assert.deepEqual(
    [
      burstOf("high", "physiological").repeatMs,
      burstOf("medium", "physiological").repeatMs,
      burstOf("low", "physiological").repeatMs,
    ],
    [8000, 20000, null],
  );
  assert.ok(burstOf("high", "technical").gain >= burstOf("medium", "technical").gain);
  assert.ok(burstOf("medium", "technical").gain >= burstOf("low", "technical").gain);
});

test("bursts keep within the ranges of the standard's table", () => {
  // Goal: alarms 3: what is allowed, whatever we use: pulse, spacing x and y, gaps, repeat, pitch.
  type Range = readonly [least: number, most: number];
  const within = (value: number, [least, most]: Range, what: string): void =>
    assert.ok(value >= least && value <= most, `${what}: ${value} not in ${least}..${most}`);
  const table = [
    { priority: "high", count: 10, pulse: [75, 200], space: [50, 125], repeat: [2_500, 15_000] },
    { priority: "medium", count: 3, pulse: [125, 250], space: [125, 250], repeat: [2_500, 30_000] },
    { priority: "low", count: 1, pulse: [125, 250], space: [0, 0], repeat: null },
  ] as const;
  for (const { priority, count, pulse, space, repeat } of table) {
    for (const kind of ["physiological", "technical"] as const) {
      const { pulses, repeatMs } = burstOf(priority, kind);
      assert.equal(pulses.length, count);
      for (const p of pulses) {
        within(p.lengthMs, pulse, `${priority} pulse`);
        within(p.hz, [150, 1_000], `${priority} pitch`);
      }
      const gaps = pulses.slice(1).map((p, i) => p.atMs - pulses[i]!.atMs - pulses[i]!.lengthMs);
      gaps.forEach((gap, i) => {
        const [x, length] = [gaps[0]!, pulses[0]!.lengthMs];
        const isHigh = priority === "high";
        if (isHigh && (i === 2 || i === 7)) assert.equal(gap, 2 * x + length, "3 to 4");
        else if (isHigh && i === 4) within(gap, [350, 1_300], "between the fives");
        else within(gap, space, `${priority} spacing`);
      });
      if (repeat === null) assert.equal(repeatMs, null);
      else within(repeatMs ?? 0, repeat, `${priority} repeat`);
    }
  }
  within(RISE_SHARE, [0.15, 0.25], "rise and fall, about a fifth of the pulse");
});

test("a reminder is one LOW burst, for what is still acknowledged, in its turn", () => {
  // Goal: row:20 of alarms 11: heard once; never for what sounds again, and never over HIGH.
  const acked = { ...high, signal: "acknowledged", change: "reminded" } as const;
  const heard = (given: readonly Occurrence[], told: Occurrence = acked): number[] => {
    let memory = hearChange(SILENCE, told);
    const pulses: number[] = [];
    for (let ms = 0; ms < 4_000; ms += 100) {
      const choice = nextBurst(memory, given, ms);
      memory = choice.memory;
      if (choice.burst !== null) pulses.push(choice.burst.pulses.length);
    }
    return pulses;
  };
  assert.deepEqual(heard([acked]), [1]);
  assert.deepEqual(heard([acked], { ...acked, replayed: true }), [], "an old one is not");
  assert.deepEqual(heard([acked], { ...acked, change: "acknowledged" }), []);
  assert.deepEqual(heard([{ ...acked, signal: "active" }]), [10], "unresolved sounds as HIGH");
  assert.deepEqual(heard([acked, { ...high, occurrence: "h2" }]), [10]);
  assert.deepEqual(heard([acked, { ...medium, signal: "paused" }]), [1]);
  const low = nextBurst(hearChange(SILENCE, acked), [acked], 0).burst?.pulses[0];
  assert.equal(low?.hz, 392);
});

test("a reminder kept waiting by a HIGH is heard once that is over", () => {
  // Goal: LOW never interrupts HIGH, but is not lost.
  const acked = { ...medium, signal: "acknowledged", change: "reminded" } as const;
  let memory = hearChange(SILENCE, acked);
  const first = nextBurst(memory, [acked, high], 0);
  memory = nextBurst(first.memory, [acked, high], 5_000).memory;
  assert.equal(nextBurst(memory, [acked], 6_000).burst?.pulses.length, 1);
});

test("from E1 on a burst is louder, and never as loud as the next priority", () => {
  // Goal: alarms 12, "volume +"; alarms 3, loudness in order.
  const gainOf = (o: Occurrence): number => nextBurst(SILENCE, [o], 0).burst?.gain ?? 0;
  const escalated = { escalation: 1 };
  assert.ok(gainOf({ ...high, ...escalated }) > gainOf(high));
  assert.ok(gainOf({ ...medium, ...escalated }) > gainOf(medium));
  assert.ok(gainOf({ ...medium, ...escalated }) < gainOf(high));
  assert.ok(gainOf({ ...high, ...escalated }) <= 1);
});

test("the sound test plays one burst of each priority, the quietest first", () => {
  // Goal: alarms 3: a function test through the same path, once and not mistaken for a repeat.
  const { pulses, repeatMs } = soundTest();
  assert.deepEqual(
    pulses.map((p) => p.hz),
    [392, 440, 440, 440, ...Array.from({ length: 10 }, () => 523)],
  );
  assert.equal(repeatMs, null);
});

test("each pulse carries enough harmonics, near enough in level", () => {
  // Goal: >= 5 harmonics within 15 dB of the fundamental, >= 4 of them in 300-4000 Hz.
  assert.ok(HARMONICS.length >= 6);
  for (const a of HARMONICS) assert.ok(Math.abs(20 * Math.log10(a)) <= 15);
  for (const hz of [523, 440, 392, 330]) {
    const audible = HARMONICS.filter((_, i) => hz * (i + 1) >= 300 && hz * (i + 1) <= 4000);
    assert.ok(audible.length >= 4);
  }
});

test("HIGH sounds at once and every 8 s until it is answered", () => {
  // Goal: repeat from start to start; acknowledged is silent.
  const heard = listen(30, (s) => [s < 20 ? high : { ...high, signal: "acknowledged" }]);
  assert.deepEqual(
    heard.map(([s]) => s),
    [0, 8, 16],
  );
});

test("MEDIUM sounds every 20 s, LOW once", () => {
  // Goal: the other two lines of the table.
  assert.deepEqual(
    listen(45, () => [medium]),
    [
      [0, 3, 440],
      [20, 3, 440],
      [40, 3, 440],
    ],
  );
  assert.deepEqual(
    listen(45, () => [low]),
    [[0, 1, 392]],
  );
});

test("only the highest priority sounds, and LOW waits for its turn", () => {
  // Goal: LOW never interrupts HIGH, but is not lost either.
  const heard = listen(20, (s) => (s < 10 ? [low, high, medium] : [low]));
  assert.deepEqual(heard, [
    [0, 10, 523],
    [8, 10, 523],
    [(busyFor(burstOf("high", "physiological")) + 8_000) / 1000, 1, 392],
  ]);
});

test("a running burst finishes before another starts", () => {
  // Goal: HIGH raised within a MEDIUM burst follows it after a short rest, without which two pulses
  // would be one, and does not wait for the repeat.
  const heard = listen(4, (s) => (s < 0.3 ? [medium] : [medium, high]));
  assert.deepEqual(
    heard.map(([s, n]) => [s, n]),
    [
      [0, 3],
      [1.1, 10],
    ],
  );
});

test("a new occurrence sounds at once though another of its priority just did", () => {
  // Goal: no alarm waits 20 s for its first sound.
  const heard = listen(10, (s) => (s < 5 ? [medium] : [medium, { ...medium, occurrence: "m2" }]));
  assert.deepEqual(
    heard.map(([s]) => s),
    [0, 5],
  );
});

test("a raise sounds again, a fall does not", () => {
  // Goal: alarms 11, rows 13 and 14.
  const heard = listen(16, (s) => [{ ...high, priority: s < 4 || s >= 10 ? "high" : "medium" }]);
  assert.deepEqual(
    heard.map(([s, n]) => [s, n]),
    [
      [0, 10],
      [4, 3],
      [10, 10],
    ],
  );
});

test("a fall to MEDIUM keeps the repeat of MEDIUM, not of HIGH", () => {
  // Goal: what is lower sounds as the lower one does.
  const heard = listen(30, (s) => [{ ...high, priority: s < 2 ? "high" : "medium" }]);
  assert.deepEqual(
    heard.map(([, n]) => n),
    [10, 3, 3],
  );
});

test("technical alarms have their own pitch, and the patient comes first", () => {
  // Goal: kinds are told apart by ear.
  assert.deepEqual(
    listen(1, () => [technical]),
    [[0, 3, 330]],
  );
  assert.deepEqual(
    listen(1, () => [technical, medium]),
    [[0, 3, 440]],
  );
});

test("ended and paused are silent; the gap after a restart sounds once", () => {
  // Goal: alarms 5; row 28.
  assert.deepEqual(
    listen(10, () => [
      { ...high, condition: "ended", signal: "latched" },
      { ...high, signal: "paused" },
    ]),
    [],
  );
  const gap = { ...technical, family: "monitoring-gap", signal: "latched" as const };
  assert.deepEqual(
    listen(45, () => [gap]),
    [[0, 3, 330]],
  );
});

test("the tone of a lost connection is unlike any alarm", () => {
  // Goal: falling, long tones that no priority uses.
  const alarms = (["high", "medium", "low"] as const).map(
    (p) => burstOf(p, "technical").pulses.length,
  );
  assert.ok(!alarms.includes(CONNECTION_LOST_TONE.pulses.length));
  assert.ok(CONNECTION_LOST_TONE.pulses.every((p) => p.lengthMs >= 400));
});
