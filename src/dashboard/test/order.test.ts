import assert from "node:assert/strict";
import { test } from "node:test";
import { announce } from "../announce.ts";
import { columnsFor } from "../frame.ts";
import { lightOf, sortedByUrgency, tileAlarm } from "../order.ts";
import { initialState, reduce } from "../store.ts";
import { at, occurrence, wireMessage } from "./samples.ts";

test("alarms stand by priority, then unanswered first, then newest", () => {
  // Goal: alarms, Dashboard HMI 2; given in the wrong order on purpose.
  const ack = { signal: "acknowledged", acknowledged: { by: "Kim", at: 0, reason: null } } as const;
  const given = [
    occurrence({ occurrence: "low", priority: "low", onset: 9 }),
    occurrence({ occurrence: "high-acked-new", priority: "high", onset: 8, ...ack }),
    occurrence({ occurrence: "medium", priority: "medium", onset: 7 }),
    occurrence({ occurrence: "high-old", priority: "high", onset: 1 }),
    occurrence({ occurrence: "high-new", priority: "high", onset: 5 }),
    // Raised again after an acknowledgement: its name is kept, but it sounds.
    occurrence({
      occurrence: "high-reraised",
      priority: "high",
      onset: 3,
      acknowledged: { by: "Kim", at: 0, reason: null },
    }),
  ];
  assert.deepEqual(
    sortedByUrgency(given).map((o) => o.occurrence),
    ["high-new", "high-reraised", "high-old", "high-acked-new", "medium", "low"],
  );
});

test("what has ended never stands above its equal that goes on", () => {
  // Goal: a link that came back does not push down a pressure that is high now; it keeps its place
  // above what somebody has answered.
  const given = [
    occurrence({ occurrence: "answered", signal: "acknowledged", onset: 7 }),
    occurrence({ occurrence: "ended", condition: "ended", signal: "latched", onset: 9 }),
    occurrence({ occurrence: "goes-on", onset: 1 }),
  ];
  assert.deepEqual(
    sortedByUrgency(given).map((o) => o.occurrence),
    ["goes-on", "ended", "answered"],
  );
});

test("only what is unanswered and goes on flashes", () => {
  // Goal: ended and latched never mimic an active alarm (alarms 5).
  assert.equal(lightOf(occurrence({})), "flashing");
  assert.equal(lightOf(occurrence({ condition: "clearing" })), "flashing");
  assert.equal(lightOf(occurrence({ signal: "acknowledged" })), "steady");
  assert.equal(lightOf(occurrence({ signal: "paused" })), "steady");
  assert.equal(lightOf(occurrence({ condition: "ended", signal: "latched" })), "ended");
});

test("a tile shows its most urgent alarm that goes on", () => {
  // Goal: an ended HIGH does not cover a MEDIUM that goes on; an acknowledged one keeps its light.
  const ended = occurrence({ occurrence: "e", condition: "ended", signal: "latched" });
  const medium = occurrence({ occurrence: "m", priority: "medium" });
  assert.equal(tileAlarm([]), null);
  assert.deepEqual(
    [tileAlarm([ended, medium])?.priority, tileAlarm([ended, medium])?.more],
    ["medium", 1],
  );
  assert.equal(tileAlarm([ended])?.light, "ended");
  const acked = occurrence({ occurrence: "a", signal: "acknowledged" });
  assert.equal(tileAlarm([acked, medium])?.light, "steady");
  assert.equal(tileAlarm([acked, medium])?.priority, "high");
});

test("new HIGH and MEDIUM are read out at once, the rest politely, nothing twice", () => {
  // Goal: alarms, Dashboard HMI 9; over a reconnect too.
  const opened = reduce(
    initialState(at(0)),
    { kind: "wire", message: wireMessage("snapshot") },
    at(1),
  );
  const first = announce(new Map(), opened);
  assert.deepEqual(first.assertive, [
    "HIGH alarm, Bay 1: Systolic 204 ≥ 200 mmHg",
    "MEDIUM alarm, Bay 2: Systolic 184 ≥ 180 mmHg",
    "MEDIUM alarm, Bay 3: Link down: bay-3-oxi unplugged",
  ]);
  assert.deepEqual(first.polite, ["LOW alarm, Service: No second channel is configured"]);
  const again = announce(first.told, { ...opened });
  assert.deepEqual([again.assertive, again.polite], [[], []]);
  const by = { by: "Lee", at: "2026-11-22T10:20:05.000Z", reason: null };
  const acked = reduce(
    opened,
    {
      kind: "wire",
      message: wireMessage("alarm", { seq: 1060, signal: "acknowledged", acknowledged: by }),
    },
    at(2),
  );
  assert.deepEqual(announce(again.told, acked).polite, [
    "Bay 1: Systolic 204 ≥ 200 mmHg, acknowledged by Lee",
  ]);
});

test("beds fill the screen without empty places where they can", () => {
  // Goal: desk and wall, from one bed to twenty-four.
  const table = [
    [1, 1],
    [2, 2],
    [4, 2],
    [6, 3],
    [12, 4],
    [24, 6],
  ] as const;
  for (const [beds, columns] of table) {
    assert.equal(columnsFor(beds, 1256, 486), columns, `${beds} beds on a desk`);
    assert.equal(columnsFor(beds, 1896, 730), columns, `${beds} beds on a wall`);
  }
});

test("where tiles would be too small to read there are fewer columns, and the ward scrolls", () => {
  // Goal: 24 beds on a tablet, upright and across.
  assert.equal(columnsFor(24, 744, 520), 3);
  assert.equal(columnsFor(24, 1000, 360), 4);
  assert.equal(columnsFor(5, 150, 600), 1, "one there always is");
});
