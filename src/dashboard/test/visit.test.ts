// What the drawers of a visit know without a page: determinations, ticks, doses, choices, words.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ActForm } from "../act-form.ts";
import * as baselineSays from "../messages/baseline.ts";
import * as doseSays from "../messages/dose.ts";
import { factsLine, whoLine } from "../messages/session.ts";
import * as startSays from "../messages/start.ts";
import type { Person } from "../person.ts";
import { inWords } from "../session/body.ts";
import { inShownOrder } from "../session/baseline-list.ts";
import {
  areAlike,
  determinationsOf,
  firstTicks,
  isBeforeDose,
} from "../session/determinations.ts";
import { deviceStates, nextDevice, pausedSince, undoable, wayOf } from "../session/dose-state.ts";
import { nextDrawer } from "../session/next.ts";
import { overrideFields, overrideOf } from "../session/override.ts";
import { otherPresets, presetChoices } from "../session/preset-choice.ts";
import { leftBefore } from "../session/turn-over.ts";
import type { PresetSummary } from "../wire-preset.ts";
import type { Reading } from "../wire-reading.ts";
import { checkAnySession, type Dose, type Missing, type SessionDetail } from "../wire-session.ts";

const MINUTE = 60_000;
const clock = (ms: number): string => `t${ms / MINUTE}`;

let ids = 0;
function reading(metric: string, value: number | null, measured: number, more = {}): Reading {
  return {
    id: (ids += 1),
    metric,
    value,
    absent: null,
    unit: "",
    source: "nibp",
    device: "cuff-1",
    measured,
    received: measured,
    questionable: false,
    verify: false,
    simulated: false,
    by_hand: null,
    correction: null,
    ...more,
  };
}

function pair(sys: number, dia: number, measured: number, more = {}): readonly Reading[] {
  return [
    reading("nibp_sys", sys, measured, more),
    reading("nibp_dia", dia, measured + 1_000, more),
  ];
}

const HAND = { entered_by: "kim", taker: null, method: "aneroid", arm: null, cuff_size: null };
const BY_HAND = { device: null, source: "manual", by_hand: HAND };

function dose(more: Partial<Dose>): Dose {
  const plain = { id: "d", mg: 28, device_number: null, lot: null, pauses: [], voided_by: null };
  return { ...plain, started: 0, ended: 0, entered: 0, ...more };
}

function missing(what: string, more: Partial<Missing> = {}): Missing {
  return { what, rule: null, until: null, id: null, moaas: null, ...more };
}

function session(more: Partial<SessionDetail> = {}): SessionDetail {
  return {
    id: "s",
    bed: "bay-1",
    drug: "ketamine",
    route: "im",
    started: 0,
    phase: "baseline",
    since_dose_s: null,
    responsible: null,
    baseline: null,
    changed_limits: 0,
    patient: { reference: "K-1", initials: "A.B.", birth_year: null, weight_kg: 82.5 },
    preset: "ketamine-im",
    doses: [],
    symptoms: [],
    moaas: null,
    gates: { dose: [], discharge: [] },
    tasks: [],
    events: [],
    ...more,
  };
}

test("what one device measured at one moment is one determination, the newest first", () => {
  const all = determinationsOf([
    ...pair(124, 80, 5 * MINUTE),
    reading("nibp_map", 95, 5 * MINUTE),
    reading("hr", 70, 5 * MINUTE + 4_000),
    reading("hr", 99, 5 * MINUTE + 1_000, { device: "monitor" }),
    reading("spo2", 97, 5 * MINUTE - 2_000, { device: "oximeter" }),
    reading("spo2", 88, 4 * MINUTE, { device: "oximeter" }),
    ...pair(131, 84, 8 * MINUTE, BY_HAND),
    reading("pulse", 66, 8 * MINUTE, BY_HAND),
    reading("hr", 99, 8 * MINUTE, { device: "monitor" }),
  ]);
  const shown = all.map((it) => [it.sys, it.dia, it.map, it.heartRate, it.spo2]);
  assert.deepEqual(shown, [[131, 84, null, 66, null], [124, 80, 95, 70, 97]]);
  assert.deepEqual(all.map((it) => it.byHand?.entered_by ?? it.device), ["kim", "cuff-1"]);
});

test("a voided or half a determination is none, an amended one stands as amended", () => {
  const correction = { by: "kim", at: 0, reason: "typo" };
  const all = determinationsOf([
    ...pair(124, 80, MINUTE, { correction: { ...correction, value: null } }),
    reading("nibp_sys", 120, 3 * MINUTE),
    reading("nibp_sys", 182, 5 * MINUTE, { correction: { ...correction, value: 128 } }),
    reading("nibp_dia", 80, 5 * MINUTE),
    // Sent a second time by its device.
    ...pair(128, 80, 5 * MINUTE - 3_000),
  ]);
  assert.deepEqual(all.map((it) => [it.sys, it.amended]), [[128, true]]);
});

test("the newest two that a minute parts and that agree are ticked", () => {
  const ticked = (...all: readonly (readonly Reading[])[]): readonly number[] => {
    const of = determinationsOf(all.flat());
    const ids = firstTicks(of);
    return of.filter(({ id }) => ids.includes(id)).map(({ sys }) => sys);
  };
  const old = pair(121, 78, 0);
  assert.deepEqual(ticked(old, pair(124, 80, MINUTE)), [124, 121]);
  assert.deepEqual(ticked(old, pair(124, 80, MINUTE - 1)), []);
  assert.deepEqual(ticked(old, pair(136, 80, MINUTE)), [], "systolic 15 apart");
  assert.deepEqual(ticked(old, pair(135, 80, MINUTE)), [135, 121], "systolic 14 apart");
  assert.deepEqual(ticked(old, pair(124, 93, MINUTE)), [], "diastolic 15 apart");
  assert.deepEqual(ticked(old, pair(160, 99, MINUTE), pair(126, 80, 2 * MINUTE)), [126, 121]);
  const doubtful = pair(122, 79, 2 * MINUTE, { questionable: true });
  assert.deepEqual(ticked(old, pair(124, 80, MINUTE), doubtful), [124, 121]);
});

test("what is measured while a nurse looks comes below what she looks at", () => {
  const [first, second] = [pair(121, 78, 0), pair(124, 80, 2 * MINUTE)];
  const before = determinationsOf([...first, ...second]).map(({ id }) => id);
  const all = determinationsOf([...first, ...second, ...pair(126, 80, 4 * MINUTE)]);
  const order = (shown: readonly number[]): readonly number[] =>
    inShownOrder(shown, all).map(({ sys }) => sys);
  assert.deepEqual(order(before), [124, 121, 126]);
  assert.deepEqual(order([]), [126, 124, 121], "nobody looks yet");
});

test("a deviation of ten exactly still agrees, as for the service", () => {
  const of = (...sys: readonly number[]): boolean =>
    areAlike(determinationsOf(sys.flatMap((it, at) => pair(it, 70, at * MINUTE))));
  assert.equal(of(110, 120, 130), true);
  assert.equal(of(110, 120, 131), false);
});

test("what was measured after a dose is no baseline by itself", () => {
  const doses = [dose({ started: MINUTE }), dose({ started: 0, voided_by: "kim" })];
  assert.equal(isBeforeDose({ measured: MINUTE }, { doses }), true);
  assert.equal(isBeforeDose({ measured: MINUTE + 1 }, { doses }), false);
  const [by] = determinationsOf(pair(170, 98, 2 * MINUTE));
  assert.ok(by !== undefined);
  assert.deepEqual(baselineSays.readingTags(by, session({ doses })), ["after the dose"]);
});

test("a reading's tags say what must be known before it is ticked", () => {
  const [by] = determinationsOf(pair(124, 80, 0, { ...BY_HAND, questionable: true }));
  assert.ok(by !== undefined);
  const doubtful = "not trusted by the device: does not count";
  const tags = baselineSays.readingTags(by, session({ started: 1 }));
  assert.deepEqual(tags, ["by hand", doubtful, "before the session"]);
});

test("the same patient's readings are those since the one before left the bed", () => {
  const of = { bed: "bay-1", started: 120 * MINUTE };
  const left = (bed: string, ended: number | null): { bed: string; ended: number | null } => {
    return { bed, ended };
  };
  const ends = [left("bay-1", null), left("bay-1", 100 * MINUTE), left("bay-1", 90 * MINUTE)];
  assert.equal(leftBefore(of, [left("bay-2", 110 * MINUTE), ...ends]), 100 * MINUTE);
  assert.equal(leftBefore(of, [left("bay-1", 10 * MINUTE)]), 60 * MINUTE, "an hour at most");
});

test("the drawer that a visit needs next", () => {
  const [empty, running] = [{ session: null }, { session: "s" }];
  const lacking = { dose: [missing("baseline")], discharge: [] };
  const rest = { what: "next_device", due: 0, state: "due", id: null, device_number: 2 } as const;
  const table = [
    [empty, null, "start"],
    [running, null, null],
    [running, session({ gates: lacking }), "baseline"],
    [running, session(), "dose"],
    [running, session({ doses: [dose({ voided_by: "kim" })] }), "dose"],
    [running, session({ doses: [dose({})] }), null],
    [running, session({ doses: [dose({ ended: null })], gates: lacking }), "dose"],
    [running, session({ doses: [dose({})], tasks: [rest] }), "dose"],
  ] as const;
  for (const [on, of, drawer] of table) assert.equal(nextDrawer(on, of), drawer, `${drawer}`);
});

test("an entry can be undone for a minute of the service's time, the newest that counts", () => {
  const doses = [
    dose({ id: "a", entered: 0 }),
    dose({ id: "b", entered: 10_000 }),
    dose({ id: "c", entered: 20_000, voided_by: "kim" }),
  ];
  const left = undoable(session({ doses }), 30_000);
  assert.deepEqual([left?.dose.id, left?.leftS], ["b", 40]);
  assert.equal(undoable(session({ doses }), 70_000), null);
  assert.equal(undoable(session(), 0), null);
});

test("devices come one after another, each after its rest", () => {
  const way = { drug: "esketamine", route: "nasal" };
  const doses = [dose({ device_number: 1 })];
  const until = 5 * MINUTE;
  const gates = { dose: [missing("device_rest", { until })], discharge: [] };
  const kinds = (of: SessionDetail, at: number): readonly string[] =>
    deviceStates(of, at).map((it) => (it.kind === "resting" ? `${it.leftS}` : it.kind));
  assert.deepEqual(kinds(session(way), 0), ["next", "later", "later"]);
  const resting = session({ ...way, doses, gates });
  assert.deepEqual(kinds(resting, MINUTE), ["given", "240", "later"]);
  assert.deepEqual(kinds(resting, until), ["given", "next", "later"]);
  const all = [1, 2, 3].map((number) => dose({ device_number: number }));
  assert.deepEqual([nextDevice(resting), nextDevice(session({ doses: all }))], [2, null]);
  const undone = [...doses, dose({ device_number: 2, voided_by: "kim" })];
  assert.equal(nextDevice(session({ doses: undone })), 2);
});

test("a route says how a dose is given, and pauses how it goes", () => {
  assert.equal(wayOf(session({ route: "iv" })), "infusion");
  assert.equal(wayOf(session({ drug: "esketamine", route: "nasal" })), "devices");
  assert.equal(wayOf(session({ route: "nasal" })), "moment");
  const pauses = [{ from: 1, until: 2 }, { from: 5, until: null }];
  assert.equal(pausedSince(dose({ pauses })), 5);
  assert.equal(pausedSince(dose({ pauses: pauses.slice(0, 1) })), null);
});

function preset(name: string, drug: string, routes: readonly string[]): PresetSummary {
  const about = { version: "1", approved_by: null, approved_on: null, in_force: false };
  return { name, title: `Title of ${name}`, drug, routes, ...about };
}

test("each way of giving a drug is one choice, and no two read the same", () => {
  const presets = [
    preset("im", "ketamine", ["im", "sc"]),
    preset("esk", "esketamine", ["nasal"]),
    preset("im-old", "ketamine", ["im"]),
  ];
  const choices = presetChoices(presets).map(({ value, label }) => [value, label]);
  assert.deepEqual(choices, [
    ["im/im", "Ketamine, IM injection (Title of im)"],
    ["im/sc", "Ketamine, SC injection"],
    ["esk/nasal", "Esketamine, nasal spray"],
    ["im-old/im", "Ketamine, IM injection (Title of im-old)"],
  ]);
  const others = otherPresets(presets, { preset: "im", drug: "ketamine", route: "im" });
  assert.deepEqual(others.map(({ name }) => name), ["im-old"]);
});

test("what a gate lacks is said once, with what is left of it", () => {
  const gates = [
    missing("baseline"),
    missing("readings", { rule: "B8" }),
    missing("readings", { rule: "B7" }),
    missing("device_rest", { until: 5 * MINUTE }),
  ];
  const said = "an accepted baseline; two pressures, a minute apart; ";
  const rest = "the rest after the last device, until t5";
  const head = "Still missing before a dose: ";
  assert.equal(doseSays.gateLine(gates, MINUTE, clock), `${head}${said}${rest} (04:00 left)`);
  assert.equal(doseSays.gateLine(gates, null, clock), `${head}${said}${rest}`);
  assert.equal(doseSays.gateLine([], 0, clock), "Nothing is missing: a dose may be given.");
});

test("a lead passes a closed gate with a reason, a nurse with who ordered it, too", () => {
  // safety:X2
  const person = (role: "nurse" | "lead"): Person => {
    return { name: "kim", role, csrf: "", displayOnly: false };
  };
  const names = (role: "nurse" | "lead"): readonly string[] =>
    overrideFields(person(role)).map(({ name }) => name);
  assert.deepEqual(names("lead"), ["reason"]);
  assert.deepEqual(names("nurse"), ["reason", "ordered_by"]);
  const values = { mg: "35", reason: "seen", ordered_by: "" };
  assert.deepEqual(overrideOf(values), { reason: "seen" });
});

test("doses, facts and refusals in a nurse's words", () => {
  const span = dose({ mg: 35.5, lot: "L1", started: 5 * MINUTE, ended: 45 * MINUTE });
  assert.equal(doseSays.doseLine(span, clock), "35.5 mg, lot L1, t5 to t45");
  const undone = dose({ device_number: 2, voided_by: "kim" });
  assert.equal(doseSays.doseLine(undone, clock), "Device 2, 28 mg, t0, does not count (kim)");
  assert.match(doseSays.usualDose(71.5), /^For information: 0\.5 mg\/kg at 71\.5 kg is 35\.8 mg\./);
  assert.match(doseSays.usualDose(70), /is 35 mg\./);
  assert.equal(doseSays.amountAsked(70, 70), null);
  assert.match(doseSays.amountAsked(350, 70) ?? "", /^350 mg is 10 times 0\.5 mg\/kg\./);
  const baseline = { sys: 123, dia: 79, map: 94, heart_rate: 65, spo2: null };
  assert.equal(baselineSays.acceptedLine(baseline), "Accepted: 123/79 (94), HR 65, no SpO2");
  assert.equal(whoLine(session()), "A.B. · K-1");
  assert.equal(factsLine(session()), "82.5 kg · Ketamine, IM injection");
  assert.match(factsLine(session({ baseline })), / · baseline 123\/79 \(94\)/);
});

test("a refusal that is known is said in a nurse's words, another one as everywhere", () => {
  let told = "";
  const form = { say: (text: string) => (told = text) } as unknown as ActForm;
  const says = (words: Readonly<Record<string, string>>, type: string | null): string => {
    told = "";
    const isSaid = inWords(() => form, "No", words)(type);
    assert.equal(isSaid, told !== "", "what is not said here is left to the form");
    return told;
  };
  assert.match(says(baselineSays.REFUSED, "/problems/readings-vary"), /^No: .*differ too much/);
  assert.match(says(doseSays.REFUSED, "/problems/undo-too-late"), /^No: a minute/);
  assert.match(says(startSays.REFUSED, "/problems/bed-in-use"), /^No: a session runs/);
  assert.equal(says(startSays.REFUSED, "/problems/storm"), "");
  assert.equal(says(startSays.REFUSED, null), "");
});

test("a session that has ended is told from one that runs by its end", () => {
  // Goal: contract 6, `GET /sessions/{id}`: of one that has ended only who and when.
  const patient = { reference: "K-7", initials: "A.B.", birth_year: 1984, weight_kg: 70 };
  const past = {
    id: "s",
    bed: "bay-1",
    patient,
    drug: "ketamine",
    route: "iv",
    started: "2026-11-22T10:00:00.000Z",
    ended: "2026-11-22T12:00:00.000Z",
    disposition: "home_escorted",
  };
  const found = checkAnySession(past);
  assert.equal(found.kind === "good" && found.value.kind, "ended");
  assert.deepEqual(checkAnySession({ ...past, patient: 7 }).kind, "fault");
  const { ended, ...cut } = past;
  assert.equal(checkAnySession(cut).kind, "fault", `no running one, without its ${ended}`);
});
