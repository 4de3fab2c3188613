import assert from "node:assert/strict";
import { test } from "node:test";
import { timeOfDay } from "../format.ts";
import { escalationLine } from "../messages.ts";
import { byUrgency, isEscalated } from "../order.ts";
import { actOn, offersOf, pausesOf, type BedActKind } from "../pauses.ts";
import type { Bed } from "../wire.ts";
import { occurrence, snapshot } from "./samples.ts";

const NOW = Date.parse("2026-11-22T10:20:00.000Z");
const time = timeOfDay("UTC");
const bed = (changes: Partial<Bed>): Bed => ({
  ...(snapshot().beds[0] as Bed),
  audio_paused_until: null,
  audio_paused_by: null,
  alarm_paused_until: null,
  standby: null,
  ...changes,
});
const texts = (changes: Partial<Bed>): string[] =>
  pausesOf(bed(changes), NOW, time).map((pause) => pause.text);

test("every pause counts down by the service's time and names its person", () => {
  // Goal: safety:A5; alarms 4: what, how long, who; nothing where nothing is paused.
  assert.deepEqual(texts({}), []);
  assert.deepEqual(texts({ audio_paused_until: NOW + 103_000, audio_paused_by: "lee" }), [
    "AUDIO PAUSED 01:43 lee",
  ]);
  assert.deepEqual(texts({ alarm_paused_until: NOW + 120_000 }), ["ALARM PAUSED 02:00"]);
  const standby = { since: NOW - 60_000, by: "kim", reason: "toilet" };
  assert.deepEqual(texts({ standby: { ...standby, until: NOW + 540_000 } }), [
    "STAND-BY 09:00 kim: toilet",
  ]);
  assert.deepEqual(texts({ standby: { ...standby, until: null } }), [
    "STAND-BY since 10:19 kim: toilet",
  ]);
  assert.deepEqual(
    texts({ audio_paused_until: NOW - 1_000, audio_paused_by: "lee" }),
    ["AUDIO PAUSED 00:00 lee"],
    "it never counts below nothing",
  );
});

test("where there is no room, the time that is left stays", () => {
  // Goal: a small tile drops the name, not the countdown.
  const shown = pausesOf(bed({ audio_paused_until: NOW + 9_000 }), NOW, time);
  assert.deepEqual(
    shown.map((pause) => [pause.kind, pause.brief]),
    [["audio-paused", "00:09"]],
  );
});

test("what is offered for a bed ends what is paused, and asks why where it must", () => {
  // Goal: alarms 4: there is always a way to end a pause.
  const offered = (changes: Partial<Bed>): [BedActKind, boolean][] =>
    offersOf(bed(changes)).map((offer) => [offer.kind, offer.ask !== null]);
  assert.deepEqual(offered({}), [
    ["pause-audio", false],
    ["pause-alarms", true],
    ["begin-standby", true],
  ]);
  const standby = { since: NOW, until: null, by: "kim", reason: "cleaning" };
  assert.deepEqual(
    offered({ audio_paused_until: NOW + 1, alarm_paused_until: NOW + 1, standby }),
    [
      ["resume-audio", false],
      ["resume-alarms", false],
      ["end-standby", false],
    ],
  );
  assert.match(offersOf(bed({ session: null }))[2].label, /Room empty/);
});

test("each act has its own route", () => {
  // Goal: contract 6: method, path and body of the six acts.
  const table: readonly [BedActKind, string, string, unknown][] = [
    ["pause-audio", "POST", "/beds/bay-1/audio-pause", {}],
    ["resume-audio", "DELETE", "/beds/bay-1/audio-pause", null],
    ["pause-alarms", "POST", "/beds/bay-1/alarm-pause", { reason: "moving the cuff" }],
    ["resume-alarms", "DELETE", "/beds/bay-1/alarm-pause", null],
    ["begin-standby", "POST", "/beds/bay-1/standby", { reason: "moving the cuff" }],
    ["end-standby", "DELETE", "/beds/bay-1/standby", null],
  ];
  for (const [kind, method, path, body] of table)
    assert.deepEqual(actOn("bay-1", kind, "moving the cuff"), { method, path, body });
  assert.equal(actOn("../x", "pause-audio", "").path, "/beds/..%2Fx/audio-pause");
});

test("a step of escalation is told as due, never as done", () => {
  // Goal: alarms 12. E2 and E3 say what is needed: whether anybody was reached is not known here.
  const at = (escalation: number): string => escalationLine(occurrence({ escalation }));
  assert.deepEqual(at(0), "");
  assert.match(at(1), /^still unanswered$/);
  assert.match(at(2), /: a second person is needed$/);
  assert.match(at(3), /: a lead or prescriber is needed$/);
  for (const step of [1, 2, 3]) assert.doesNotMatch(at(step), /called|sent|paged|notified/);
  const answered = { escalation: 2, signal: "acknowledged" } as const;
  assert.equal(escalationLine(occurrence(answered)), "", "an answer ends it");
  assert.equal(isEscalated(occurrence({ escalation: 2, signal: "latched" })), false);
  assert.equal(isEscalated(occurrence({ escalation: 1, signal: "paused" })), true);
});

test("the further escalated stands first among its equals, never above a higher priority", () => {
  // Goal: High is never hidden by what is lower, however long that waits.
  const rows = [
    occurrence({ occurrence: "m2", priority: "medium", escalation: 2, onset: 1 }),
    occurrence({ occurrence: "h0", priority: "high", escalation: 0, onset: 3 }),
    occurrence({ occurrence: "h1", priority: "high", escalation: 1, onset: 2 }),
    occurrence({ occurrence: "m0", priority: "medium", escalation: 0, onset: 4 }),
  ];
  assert.deepEqual(
    rows.sort(byUrgency).map((o) => o.occurrence),
    ["h1", "h0", "m2", "m0"],
  );
});
