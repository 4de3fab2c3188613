// What is told of screens that are gone, and of how long alarms took: the pure parts.

import assert from "node:assert/strict";
import { test } from "node:test";
import { followScreens, NOBODY, type Watchers } from "../gone-screens.ts";
import { createDelayLog, delayLines, totalMs } from "../setup/delays.ts";
import type { OpenScreen } from "../wire-setup.ts";
import { wireMessage } from "./samples.ts";

const screen = (id: string, state: string, name = "Nurse station"): OpenScreen => ({
  id,
  name,
  state,
  kind: "station",
  owner: "kim",
  audio: "unlocked",
  beds: null,
  age_s: 6,
  sound_test: null,
});
const follow = (...reads: readonly (readonly OpenScreen[])[]): Watchers =>
  reads.reduce<Watchers>(followScreens, NOBODY);
const goneIds = (...reads: readonly (readonly OpenScreen[])[]): readonly string[] =>
  follow(...reads).gone.map(({ id }) => id);

test("a screen that watched and says nothing any more is gone", () => {
  // Goal: alarms 9.6: also where another of the same name goes on watching.
  const both = [screen("a", "visible"), screen("b", "visible")];
  const one = [screen("a", "visible"), screen("b", "lost")];
  assert.deepEqual(goneIds(both, one), ["b"]);
  assert.deepEqual(goneIds(both, one, one), ["b"], "as long as it is");
  assert.deepEqual(goneIds(both, one, both), [], "it is back");
});

test("a screen that said goodbye, or was hidden, is not gone", () => {
  const both = [screen("a", "visible"), screen("b", "visible")];
  const hidden = [screen("a", "visible"), screen("b", "hidden")];
  const lost = [screen("a", "visible"), screen("b", "lost")];
  assert.deepEqual(goneIds(both, [screen("a", "visible")]), []);
  assert.deepEqual(goneIds(both, hidden, lost), []);
  assert.deepEqual(goneIds(lost), [], "nobody here has seen it watch");
});

test("a screen that was started again is not gone", () => {
  const both = [screen("a", "visible"), screen("b", "visible", "Desk 2")];
  const lost = [screen("a", "visible"), screen("b", "lost", "Desk 2")];
  const other = [...lost, screen("c", "visible", "Desk 3")];
  const again = [...other, screen("d", "visible", "Desk 2")];
  assert.deepEqual(goneIds(both, lost, other), ["b"]);
  assert.deepEqual(goneIds(both, lost, other, again), []);
  assert.deepEqual(goneIds(both, lost, other, again, again), []);
});

test("delays are told in milliseconds: the newest by its steps, and the middle and longest", () => {
  // Goal: alarms 6: measured and shown.
  const of = (commit: number) => ({ decode: 41, step: 12, commit, publish: 30 });
  assert.equal(totalMs(of(917)), 1);
  assert.match(delayLines([]).join(" "), /^No alarm has come/);
  assert.deepEqual(delayLines([of(917), of(12_917), of(2_917)]), [
    "Newest: 1.0 ms (read 0.0 ms, judged 0.0 ms, written down 0.9 ms, sent 0.0 ms).",
    "Newest 3: median 3.0 ms, longest 13 ms.",
  ]);
});

test("the newest twenty delays are kept, of alarms that tell one, by each log for itself", () => {
  const [log, other] = [createDelayLog(), createDelayLog()];
  const took = (commit: number) => ({ decode: 41, step: 12, commit, publish: 30 });
  log.hear(wireMessage("heartbeat"));
  log.hear(wireMessage("alarm", { latency_us: null }));
  assert.deepEqual(log.newest(), []);
  for (let n = 1; n <= 21; n += 1) log.hear(wireMessage("alarm", { latency_us: took(n) }));
  assert.deepEqual(
    log.newest().map(({ commit }) => commit),
    Array.from({ length: 20 }, (_, at) => 21 - at),
  );
  assert.deepEqual(other.newest(), []);
});
