import assert from "node:assert/strict";
import { test } from "node:test";
import { folded } from "../alarm-strip.ts";
import {
  entriesOf,
  figuresOf,
  FIRST_FILTER,
  found,
  median,
  pathOf,
  responseS,
  sinceOf,
  startOfDay,
  take,
  type Filter,
} from "../alarms/history.ts";
import { alarmNotes } from "../messages.ts";
import {
  answeredLine,
  detailLines,
  endedLine,
  figuresLine,
  hiddenLine,
  nextStepLine,
} from "../messages/alarms.ts";
import type { Occurrence } from "../wire.ts";
import { checkAlarms } from "../wire-alarms.ts";
import { fixtureText, occurrence } from "./samples.ts";

const ids = (some: readonly Occurrence[]): readonly string[] => some.map((o) => o.occurrence);
const clock = (ms: number): string => `at ${ms}`;
const NOON = Date.parse("2026-11-22T12:00:00.250Z");

/** Alarms of one family, begun at these seconds; they are over and were not answered. */
function flapping(seconds: readonly number[], more: Partial<Occurrence> = {}): Occurrence[] {
  return seconds.map((s) =>
    occurrence({
      occurrence: `${more.bed ?? "bay-1"} ${s}`,
      bed: "bay-1",
      onset: s * 1000,
      ended: s * 1000 + 5000,
      condition: "ended",
      signal: "latched",
      acknowledged: null,
      ...more,
    }),
  );
}

const newestFirst = (some: readonly Occurrence[]): readonly Occurrence[] =>
  [...some].sort((a, b) => b.onset - a.onset);

test("four of one family within ten minutes stand as one, at the newest's place", () => {
  // Goal: alarms 11, flapping; at ten minutes, and just under; others go their way.
  const members = (seconds: readonly number[]): readonly number[] =>
    entriesOf(newestFirst(flapping(seconds))).map((entry) => entry.members.length);
  assert.deepEqual(members([0, 200, 400, 599]), [4]);
  assert.deepEqual(members([0, 200, 400, 600]), [1, 1, 1, 1]);
  assert.deepEqual(members([0, 1, 2]), [1, 1, 1]);
  // It grows while any four of it are that close; a pause makes another of it.
  assert.deepEqual(members([0, 100, 200, 300, 650]), [5]);
  assert.deepEqual(members([0, 1, 2, 3, 5000, 5001, 5002, 5003]), [4, 4]);
  const others = [
    ...flapping([0, 20, 40, 60]),
    ...flapping([10], { bed: "bay-2" }),
    ...flapping([30], { occurrence: "other", family: "spo2-low" }),
  ];
  const entries = entriesOf(newestFirst(others));
  assert.deepEqual(
    entries.map((entry) => ids(entry.members)),
    [["bay-1 60", "bay-1 40", "bay-1 20", "bay-1 0"], ["other"], ["bay-2 10"]],
  );
  assert.equal(entries[0]?.id, "bay-1 0", "its id stays while it grows");
});

test("the history shows what is asked for, newest beginning first", () => {
  // Goal: bed, priority, kind, session and time; what goes on is of every time.
  const now = NOON;
  const one = (name: string, more: Partial<Occurrence>): Occurrence =>
    occurrence({ occurrence: name, condition: "ended", signal: "none", ended: now, ...more });
  const some = [
    one("old", { onset: 1, ended: 2, bed: "bay-1" }),
    one("old-but-acknowledged-now", {
      onset: 2,
      ended: 3,
      acknowledged: { by: "Kim", at: now, reason: null },
    }),
    one("goes-on", { onset: 3, ended: null, condition: "present", signal: "active" }),
    one("technical", { onset: now - 5, kind: "technical", priority: "low", session: "s" }),
    one("new", { onset: now - 4, bed: "bay-2" }),
  ];
  const shown = (changes: Partial<Filter>): readonly string[] => {
    const filter = { ...FIRST_FILTER, ...changes };
    return ids(found(some, filter, sinceOf(filter, now, "UTC")));
  };
  assert.deepEqual(shown({ period: "all" }), [
    "new",
    "technical",
    "goes-on",
    "old-but-acknowledged-now",
    "old",
  ]);
  const recent = ["new", "technical", "goes-on", "old-but-acknowledged-now"];
  assert.deepEqual(shown({ period: "hour" }), recent);
  assert.deepEqual(shown({ period: "day" }), recent);
  assert.deepEqual(shown({ bed: "bay-2", period: "all" }), ["new"]);
  assert.deepEqual(shown({ kind: "technical" }), ["technical"]);
  assert.deepEqual(shown({ priority: "low" }), ["technical"]);
  assert.deepEqual(shown({ period: "session", session: "s" }), ["technical"]);
});

test("the day begins at the site's own midnight", () => {
  // Goal: 23:30 in Vienna is another day than 00:30, an hour later.
  const at = (text: string): string =>
    new Date(startOfDay(Date.parse(text), "Europe/Vienna")).toISOString();
  assert.equal(at("2026-11-22T22:30:00.000Z"), "2026-11-21T23:00:00.000Z");
  assert.equal(at("2026-11-22T23:30:00.123Z"), "2026-11-22T23:00:00.000Z");
  assert.equal(at("2026-07-01T10:00:00.000Z"), "2026-06-30T22:00:00.000Z");
});

test("the service is asked by bed, session, time and cursor", () => {
  // Goal: contract 6, `GET /alarms`.
  const filter = { ...FIRST_FILTER, bed: "bay-1" };
  assert.equal(
    pathOf(filter, Date.parse("2026-11-22T10:00:00.000Z"), "12"),
    "/alarms?state=all&limit=200&bed=bay-1&since=2026-11-22T10%3A00%3A00.000Z&next=12",
  );
  const session = { ...filter, period: "session", session: "s" } as const;
  assert.equal(pathOf(session, null, null), "/alarms?state=all&limit=200&bed=bay-1&session=s");
});

test("what is told live replaces what was read, and never the other way round", () => {
  // Goal: a page that arrives late does not bring back what has ended.
  const held = new Map<string, Occurrence>();
  const read = occurrence({ seq: 5 });
  assert.equal(take(held, [read]), true);
  assert.equal(take(held, [read]), false, "the same is no news");
  const ended = occurrence({ seq: 7, condition: "ended", ended: 9 });
  assert.equal(take(held, [ended]), true);
  assert.equal(take(held, [occurrence({ seq: 6 })]), false);
  assert.equal(held.get(read.occurrence), ended);
});

test("the figures count HIGH and MEDIUM, and the time to their acknowledgement", () => {
  // Goal: a median of an even and an odd number; nobody's answer is no time of zero.
  const answered = (name: string, afterS: number, priority: Occurrence["priority"]): Occurrence =>
    occurrence({
      occurrence: name,
      priority,
      onset: 1000,
      acknowledged: { by: "Kim", at: 1000 + afterS * 1000, reason: null },
    });
  const some = [
    answered("a", 10, "high"),
    answered("b", 30, "high"),
    occurrence({ occurrence: "c", priority: "high", acknowledged: null }),
    occurrence({ occurrence: "d", priority: "medium", acknowledged: null }),
    answered("e", 5, "low"),
  ];
  assert.equal(
    figuresLine(figuresOf(some, true)),
    "5 alarms · HIGH 3: 2 acknowledged, median 00:20 · MEDIUM 1: 0 acknowledged",
  );
  assert.match(figuresLine(figuresOf([], false)), /^0 alarms · older ones are not read yet$/);
  assert.equal(median([9, 1, 4]), 4);
  assert.equal(median([]), null);
});

test("a response counts from when it last asked, and an alarm as the worst that it was", () => {
  // Goal: the golden trace of alarms 11: MEDIUM answered after 40 s, HIGH at 05:10, answered at
  // 05:45, MEDIUM again since: one HIGH, 35 s, here as in the report.
  const one = occurrence({
    priority: "medium",
    highest: "high",
    onset: 0,
    asked: 310_000,
    acknowledged: { by: "Lee", at: 345_000, reason: null },
  });
  assert.equal(responseS(one), 35);
  const line = figuresLine(figuresOf([one], true));
  assert.equal(line, "1 alarm · HIGH 1: 1 acknowledged, median 00:35");
  const high = { ...FIRST_FILTER, period: "all", priority: "high" } as const;
  assert.deepEqual(found([one], high, null), [one]);
});

test("an alarm that nobody answers counts down to who is told next", () => {
  // Goal: alarms 12, rows 15 and 23: by the step that is reached; nothing once it goes no further.
  const at = (escalation: number, nextStep: number | null): string =>
    nextStepLine(occurrence({ escalation, next_step: nextStep }), 1000);
  assert.equal(at(0, 31_000), "calls all screens in 00:30");
  assert.equal(at(1, 30_001), "calls a second person in 00:30");
  assert.equal(at(2, 61_000), "calls a lead or prescriber in 01:00");
  assert.equal(at(1, null), "");
  assert.equal(at(0, 1000), "", "due now: the service says the rest");
});

test("an end says why and by whom, an acknowledgement why", () => {
  // Goal: a value that came back needs no word; all else does.
  const ended = { condition: "ended", signal: "none", ended: 7 } as const;
  const end = (more: Partial<Occurrence>): string =>
    endedLine(occurrence({ ...ended, ...more }), clock);
  assert.equal(end({ end_reason: "cleared", ended_by: null }), "at 7");
  const changed = end({ end_reason: "limit changed", ended_by: "Lee" });
  assert.equal(changed, "at 7 · limit changed by Lee");
  assert.equal(endedLine(occurrence({ ended: null }), clock), "goes on");
  const by = { by: "Kim", at: 3, reason: "artefact" };
  const answer = occurrence({ ...ended, acknowledged: by });
  assert.equal(answeredLine(answer, clock), "Kim at 3 · artefact");
  const nobody = occurrence({ ...ended, acknowledged: null });
  assert.equal(answeredLine(nobody, clock), "not acknowledged");
  const again = occurrence({ signal: "active", acknowledged: { ...by, reason: null } });
  assert.equal(answeredLine(again, clock), "Kim at 3 · sounds again");
  assert.ok(detailLines(answer, clock).includes("Reason: artefact"));
});

test("what the strip hides is said by priority, above and below", () => {
  // Goal: no HIGH or MEDIUM is below the fold unsaid.
  const many = ["high", "low", "high", "medium"] as const;
  assert.equal(hiddenLine([], [], false), "");
  assert.equal(hiddenLine([], many, false), "↓ 4 more: 2 HIGH, 1 MEDIUM");
  assert.equal(hiddenLine(["high"], ["low"], false), "↑ 1 more: 1 HIGH · ↓ 1 more");
  assert.equal(hiddenLine(["high"], [], true), "NEW ALARM ↑ 1 more: 1 HIGH");
});

test("those of a group that are over fold behind its most urgent, and nothing else does", () => {
  // Goal: rows 8 and 22 of alarms 11: each is still there to be acknowledged; a HIGH that goes on,
  // one of another bed, and a family that does not recur are never folded.
  const ended = flapping([1, 2, 3]);
  const present = { condition: "present", signal: "active", ended: null } as const;
  const lead = flapping([9], { ...present, lines: ["recurring ×4"] });
  const other = flapping([4], { bed: "bay-2" });
  const sorted = [...lead, ...other, ...ended];
  const shown = folded(sorted, new Set());
  assert.deepEqual(ids(shown.map((one) => one.occurrence)), ["bay-1 9", "bay-2 4"]);
  assert.deepEqual(shown[0]?.fold, { count: 3, isOpen: false });
  const family = JSON.stringify(["bay-1", lead[0]?.family, lead[0]?.subject]);
  assert.equal(folded(sorted, new Set([family])).length, 5);
  const single = flapping([9], { ...present, lines: [] });
  assert.equal(folded([...single, ...ended], new Set()).length, 4, "it does not recur");
  const twoGoOn = [...lead, ...flapping([8], present)];
  assert.equal(folded(twoGoOn, new Set()).length, 2);
});

test("a page of alarms is read, and never another thing for one", () => {
  const one = JSON.parse(fixtureText("alarm")) as unknown;
  const page = checkAlarms({ items: [one], next: "7" });
  assert.equal(page.kind === "good" && page.value.items.length, 1);
  assert.equal(checkAlarms({ items: [{}], next: null }).kind, "fault");
  assert.equal(checkAlarms({ items: [one] }).kind, "fault", "no cursor is no last page");
});

test("a paused row whose countdown is not known says so all the same", () => {
  // Goal: safety:A5.
  assert.ok(alarmNotes(occurrence({ signal: "paused" }), 0, clock).includes("paused"));
});
