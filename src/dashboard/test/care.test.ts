import assert from "node:assert/strict";
import { test } from "node:test";
import { timeOfDay } from "../format.ts";
import { missingWithout, whichChoices } from "../messages/leaving.ts";
import { fixedMark, limitName, limitNotes, limitNumber } from "../messages/limits.ts";
import { correctionText, eventLine, sourceText, takenText } from "../messages/record.ts";
import * as vitals from "../messages/vitals.ts";
import { typed } from "../session/body.ts";
import { correctionOf, fieldsOf, type Target } from "../session/correction.ts";
import { bedsOf, outcomeOf, type Outcome } from "../session/handover-rows.ts";
import { colleagues, sessionsOf } from "../session/handover.ts";
import { limitRows } from "../session/limit-rows.ts";
import { freeBeds } from "../session/move.ts";
import { isTold, stayOf, takenOf } from "../session/readings-pager.ts";
import { handBody, takenAt } from "../session/vitals.ts";
import type { Ward } from "../store.ts";
import type { Preset, PresetLimit } from "../wire-preset.ts";
import type { Reading } from "../wire-reading.ts";
import type { SessionDetail, SessionEvent } from "../wire-session.ts";
import { at, snapshot } from "./samples.ts";

const NOW = Date.parse("2026-11-22T10:20:00.000Z");

function reading(changes: Partial<Reading>): Reading {
  return {
    id: 1,
    metric: "nibp_sys",
    value: 132,
    absent: null,
    unit: "mm[Hg]",
    source: "nibp",
    device: "cuff-07",
    measured: NOW,
    received: NOW,
    questionable: false,
    verify: false,
    simulated: false,
    by_hand: null,
    correction: null,
    ...changes,
  };
}

test("what was taken by hand is sent with its method and the service's time", () => {
  // Goal: contract 6: a pressure is a pair, each value is optional, one is needed.
  const taken = takenAt(NOW, 7);
  assert.equal(taken, "2026-11-22T10:13:00.000Z");
  const right = { nibp_sys: "132", nibp_dia: "80", temp: "36,6", method: "aneroid", other: "" };
  assert.deepEqual(handBody({ ...right, arm: "left", taker: "" }, taken), {
    values: { nibp_sys: 132, nibp_dia: 80, temp: 36.6 },
    method: "aneroid",
    taken,
    arm: "left",
  });
  const own = handBody({ pulse: "66", method: "counted", other: "by ear" }, taken);
  assert.equal((own as { method: string }).method, "by ear");
  assert.equal(handBody({ method: "aneroid" }, taken), vitals.NOTHING_TAKEN);
  assert.equal(handBody({ nibp_sys: "132", method: "aneroid" }, taken), vitals.PAIR_NEEDED);
  assert.equal(handBody({ nibp_map: "90", method: "aneroid" }, taken), vitals.PAIR_NEEDED);
  assert.equal(handBody({ spo2: "97" }, taken), vitals.NO_METHOD);
  assert.match(vitals.enteredLine(true), /late/);
});

const limit = (changes: Partial<PresetLimit>): PresetLimit => ({
  family: "bp-high",
  rule: "B2",
  metric: "nibp_sys",
  unit: "mm[Hg]",
  side: "high",
  limit: 180,
  change: false,
  over_65: null,
  with_symptom: false,
  clears: 175,
  priority: "high",
  delay_s: 0,
  confirm_s: 180,
  phases: ["active"],
  source: "label",
  ...changes,
});
const spo2 = { family: "spo2-low", rule: "O3", metric: "spo2", side: "low" } as const;
const preset = {
  limits: [
    limit({}),
    limit({ ...spo2, limit: 93 }),
    limit({ ...spo2, limit: 4, change: true }),
    limit({ family: "discharge", rule: "B6", limit: 140 }),
    limit({ family: "resp-low", rule: "R1", metric: "resp", side: "low", limit: null }),
  ],
} as unknown as Preset;

function event(changes: Partial<SessionEvent>): SessionEvent {
  return { seq: 1, at: NOW, bed: "bay-1", change: "limit", phase: null, act: null, ...changes };
}
const moved = (what: string, old: string, now: string): SessionEvent =>
  event({ act: { by: "kim", ordered_by: null, reason: "r", what, old, new: now } });

test("a limit's number now is told from what was done to it, also where a rule has two", () => {
  // Goal: alarms 7: the changed ones are marked, and none is taken for the other.
  const numbers = (events: readonly SessionEvent[]): readonly (number | null)[] =>
    limitRows(preset, events).map(({ now }) => now);
  assert.deepEqual(numbers([]), [180, 93, 4, 140, null]);
  const steps = [moved("B2 nibp_sys", "180", "170"), moved("O3 spo2", "4", "3")];
  assert.deepEqual(numbers(steps), [170, 93, 3, 140, null]);
  assert.deepEqual(numbers([...steps, moved("O3 spo2", "93", "94")]), [170, 94, 3, 140, null]);
  const rows = limitRows(preset, [...steps, moved("B2 nibp_sys", "170", "180")]);
  assert.deepEqual(rows.map(({ isChanged }) => isChanged), [false, false, true, false, false]);
  assert.deepEqual(rows.map(({ isFixed }) => isFixed), [false, false, false, true, true]);
  assert.deepEqual(rows.map((row) => limitNumber(row, row.now)), [
    "≥ 180",
    "≤ 93",
    "drop ≥ 3",
    "≥ 140",
    "apnoea",
  ]);
});

test("what is missing to go home is told without what is ticked", () => {
  // Goal: the list is live; a nurse sees what is left.
  const lack = { rule: null, until: null, id: null, moaas: null };
  const all = [
    { ...lack, what: "observation", until: NOW },
    { ...lack, what: "sedation", moaas: 3 },
    { ...lack, what: "escort" },
  ];
  const { minutes } = timeOfDay("UTC");
  assert.deepEqual(missingWithout(all, ["escort"], minutes), [
    { line: "the observation time, until 10:20", doneIn: null },
    { line: "a sedation score of 5 (MOAA/S is 3)", doneIn: "observation" },
  ]);
  assert.deepEqual(missingWithout(all, [], minutes).at(-1), { line: "an escort", doneIn: null });
});

test("what is missing is told without a rule's name, once, and where it is done", () => {
  // Goal: a nurse reads what to do and goes there with one tap.
  const lack = { rule: null, until: null, id: null, moaas: null };
  const all = [
    { ...lack, what: "dose_running" },
    { ...lack, what: "readings", rule: "B6" },
    { ...lack, what: "discharge_pressure", rule: "B6" },
    { ...lack, what: "discharge_pressure", rule: "B6b" },
    { ...lack, what: "timed_reading", id: "T2" },
    { ...lack, what: "symptoms" },
  ];
  assert.deepEqual(
    missingWithout(all, [], timeOfDay("UTC").minutes).map(({ line, doneIn }) => [line, doneIn]),
    [
      ["the end of the running dose", "dose"],
      ["two pressures, a minute apart", "vitals"],
      ["a lower pressure (the last ones are too high to go home)", "vitals"],
      ["the timed reading", "vitals"],
      ["an observation without symptoms", "observation"],
    ],
  );
});

test("a limit is told by its signal and priority, without a rule's name or a source", () => {
  const rows = limitRows(preset, []);
  assert.deepEqual(
    rows.map((row) => (row.isFixed ? [limitName(row), fixedMark(row)] : [limitName(row)])),
    [
      ["Systolic · HIGH"],
      ["SpO2 · HIGH"],
      ["SpO2 · HIGH"],
      ["Systolic · HIGH", "asked before going home, fixed"],
      ["Respiration · HIGH", "fixed"],
    ],
  );
  const [first] = rows;
  assert.ok(first);
  assert.equal(limitNotes(first, null), "repeat within 3 min · active");
});

test("a ward says whose sessions are whose and which beds are free", () => {
  const [first] = snapshot().beds;
  assert.ok(first);
  const session = { id: "s-1", initials: "AM", drug: "ketamine", route: "iv", started: NOW };
  const of = (name: string): { name: string; since: number } => ({ name, since: NOW });
  const beds = [
    { ...first, id: "a", label: "A", session, responsible: of("kim") },
    { ...first, id: "b", label: "B", session: { ...session, id: "s-2" }, responsible: of("lee") },
    { ...first, id: "c", label: "C", session: null, responsible: null },
  ].map((bed) => ({ bed, heard: at(0), unreadable: null }));
  const ward = { beds } as unknown as Ward;
  assert.deepEqual(sessionsOf(ward, "kim"), ["s-1"]);
  assert.deepEqual(colleagues(ward, "kim"), ["lee"]);
  assert.deepEqual(freeBeds(ward, "a"), [{ value: "c", label: "C" }]);
  assert.deepEqual(freeBeds(ward, "c"), []);
  assert.equal(whichChoices("A", 1).length, 1);
  assert.equal(whichChoices("A", 3)[1]?.label, "All mine (3)");
});

test("readings of one moment and source are one line, with who took and who corrected them", () => {
  // Goal: old -> new by whom stays readable; contract 6: nothing is deleted.
  const how = { method: "aneroid", arm: "left", cuff_size: null };
  const hand = { entered_by: "nurse", taker: "kim", ...how };
  const readings = [
    reading({ id: 4, metric: "spo2", value: 97, unit: "%", device: "ox-1", source: "pleth" }),
    reading({ id: 3, metric: "nibp_map", value: 97 }),
    reading({ id: 2, metric: "nibp_dia", value: 80 }),
    reading({ id: 1 }),
  ];
  const groups = takenOf(readings);
  assert.deepEqual(groups.map(isTold), [false, true]);
  assert.equal(takenText(groups[1]?.values ?? []), "132/80 (97) mmHg");
  assert.equal(groups[1]?.values[0]?.metric, "nibp_sys", "the systolic is offered first");
  const byHand = reading({ metric: "pulse", value: 66, unit: "/min", by_hand: hand, device: null });
  assert.equal(takenText([byHand]), "Pulse 66 /min");
  assert.equal(
    sourceText(byHand),
    "by hand: aneroid, left arm, taken by kim, entered by nurse",
  );
  assert.equal(sourceText(reading({ simulated: true })), "cuff-07, SIMULATED");
  const correction = { by: "lee", at: NOW, reason: "wrong arm", value: 128 };
  const amended = reading({ correction });
  assert.equal(correctionText(amended), "Systolic 132 → 128, lee: wrong arm");
  const voided = reading({ correction: { ...correction, value: null } });
  assert.equal(correctionText(voided), "Systolic 132 does not count, lee: wrong arm");
});

test("a correction names what it is about, and its reason", () => {
  const target: Target = {
    what: "dose",
    unit: "mg",
    step: 0.001,
    values: [
      { path: "/readings/1", label: "a" },
      { path: "/readings/2", label: "b" },
    ],
  };
  assert.deepEqual(correctionOf(target, { how: "void", reason: "moved" }), {
    method: "POST",
    path: "/readings/1/void",
    body: { reason: "moved" },
  });
  const amend = { how: "amend", which: "/readings/2", value: "12,5", reason: "typed wrong" };
  assert.deepEqual(correctionOf(target, amend), {
    method: "POST",
    path: "/readings/2/amend",
    body: { value: 12.5, reason: "typed wrong" },
  });
  const steps = fieldsOf(target, "amend").map((it) => (it.kind === "number" ? it.step : null));
  assert.deepEqual(steps, [null, null, 0.001, null], "as many decimals as the dose had");
  assert.deepEqual(typed({ a: "x", b: "" }, "a", "b", "c"), { a: "x" });
});

test("an offer of several patients names their beds in the ward's order", () => {
  // Goal: alarms 12. The ids of sessions stand in no order that a person knows.
  const view = (id: string, label: string): object => ({
    bed: { label, session: { id, initials: "NN" } },
  });
  const ward = { beds: [view("s2", "Bay 2"), view("s1", "Bay 3")] } as unknown as Ward;
  const sessions = ["s0", "s1", "s2"];
  const offer = { handover: "h", sessions, by: "kim", to: "lee", offered: 0, lapses: 1 };
  assert.equal(bedsOf(ward, offer), "Bay 2 (NN), Bay 3 (NN), a bed");
});

test("what an offer came to is said as the session tells it, or that it is not known", () => {
  // Goal: alarms 12: a page that could not read must not tell a nurse that she stays responsible.
  const offer = { handover: "h", sessions: ["s"], by: "kim", to: "lee", offered: 0, lapses: 1 };
  const of = (name: string, ...events: readonly SessionEvent[]): SessionDetail =>
    ({ responsible: { name, since: 0 }, events }) as unknown as SessionDetail;
  const act = { by: "lee", ordered_by: null, reason: "busy", what: null, old: null, new: null };
  const rejected = event({ change: "handover-rejected", act });
  const table: readonly [SessionDetail | null, RegExp, Outcome["answer"]][] = [
    [of("lee"), /^lee has taken over/, "accepted"],
    [of("kim"), /^Not taken by lee: a bed\. Responsibility stays/, "declined"],
    [of("kim", rejected), /^Not taken by lee: a bed\. "busy"/, "declined"],
    [null, /^Not known whether lee has taken over/, null],
  ];
  for (const [session, wanted, told] of table) {
    const { line, answer } = outcomeOf(offer, null, session);
    assert.match(line, wanted);
    assert.equal(answer, told, `${wanted}`);
  }
});

test("an event says what, from what to what, who and why", () => {
  const act = { by: "kim", ordered_by: "lee", reason: "as <b>ordered</b>", what: "B2 nibp_sys" };
  assert.equal(
    eventLine(event({ act: { ...act, old: "180", new: "190" } })),
    'Limit changed: Systolic 180 → 190 · kim · as <b>ordered</b>, ordered by lee',
  );
  assert.equal(eventLine(event({ change: "phase", phase: "active" })), "Phase: Active");
  assert.equal(eventLine(event({ change: "something-new" })), "something new");
});

test("a session that was moved has no readings of its bed from before", () => {
  // Goal: they are another patient's.
  const session = { bed: "bay-1", started: NOW, events: [event({ change: "started" })] };
  assert.deepEqual(stayOf(session), { bed: "bay-1", since: NOW, hasMoved: false });
  const at = NOW + 60_000;
  const later = { ...session, bed: "bay-3", events: [event({ change: "moved", at })] };
  assert.deepEqual(stayOf(later), { bed: "bay-3", since: at, hasMoved: true });
});
