import assert from "node:assert/strict";
import { test } from "node:test";
import { isNews } from "../alarm-strip.ts";
import { asks, seenUpTo } from "../seen.ts";
import type { Occurrence } from "../wire.ts";
import { occurrence } from "./samples.ts";

function ward(seq: number, ...all: readonly Partial<Occurrence>[]): Parameters<typeof seenUpTo>[0] {
  const base = { priority: "high", signal: "active", condition: "present", escalation: 0 } as const;
  const made = all.map((changes) => occurrence({ ...base, ...changes }));
  return { seq, occurrences: new Map(made.map((one) => [one.occurrence, one])) };
}

test("an alarm that nobody could see is not receipted, nor any after it", () => {
  // Goal: safety:F8; row:23 of alarms 11. The count of what is out of sight is no alarm shown.
  const two = ward(9, { occurrence: "a", seq: 5 }, { occurrence: "b", seq: 8 });
  assert.equal(seenUpTo(two, new Map()), 4);
  assert.equal(seenUpTo(two, new Map([["b", 8]])), 4, "the newer one alone");
  assert.equal(seenUpTo(two, new Map([["a", 5]])), 7, "the older one alone");
  assert.equal(seenUpTo(two, new Map([["a", 5], ["b", 8]])), 9);
});

test("an alarm that has risen has to be seen again", () => {
  const risen = ward(9, { occurrence: "a", seq: 7 });
  assert.equal(seenUpTo(risen, new Map([["a", 5]])), 6);
});

test("what waits for no receipt holds up no other", () => {
  // Goal: the service waits for HIGH and MEDIUM that sound and were passed on to nobody.
  const others: readonly Partial<Occurrence>[] = [
    { priority: "low" },
    { signal: "acknowledged" },
    { signal: "paused" },
    { condition: "ended", signal: "latched" },
    { escalation: 1 },
    // Not committed yet: it has no number that could be told.
    { seq: null },
  ];
  for (const changes of others)
    assert.equal(seenUpTo(ward(9, { seq: 5, ...changes }), new Map()), 9, JSON.stringify(changes));
  assert.equal(asks(occurrence({ priority: "medium", signal: "active", escalation: 0 })), true);
});

test("an alarm is news when it begins or rises, until somebody has answered it", () => {
  // Goal: it brings the strip back to its top; one that only told itself again does not.
  const urgent = (changes: Partial<Occurrence>): Occurrence =>
    occurrence({ priority: "medium", signal: "active", condition: "present", ...changes });
  assert.equal(isNews(null, urgent({})), true);
  assert.equal(isNews(urgent({}), urgent({ priority: "high" })), true);
  assert.equal(isNews(urgent({}), urgent({ revision: 9 })), false);
  assert.equal(isNews(null, urgent({ priority: "low" })), false);
  assert.equal(isNews(null, urgent({ signal: "acknowledged" })), false);
});
