// Which devices may be chosen where a device conflict stands (safety S8), and what is told of each.

import assert from "node:assert/strict";
import { test } from "node:test";
import { claimLine } from "../messages/conflict.ts";
import { claimsOf, conflictsOf, latestOf } from "../session/claims.ts";
import { nextDrawer } from "../session/next.ts";
import { initialState, reduce, type Ward } from "../store.ts";
import type { Bed, DeviceLink, Occurrence } from "../wire.ts";
import type { Reading } from "../wire-reading.ts";
import { at, occurrence, snapshot } from "./samples.ts";

const link = (device: string): DeviceLink => ({
  device,
  source: "clinic",
  state: "online",
  since: 0,
  why: null,
  unverified: false,
});
const bedWith = (id: string, ...devices: readonly string[]): Bed => {
  const [first] = snapshot().beds;
  assert.ok(first !== undefined);
  return { ...first, id, label: id.toUpperCase(), links: devices.map(link) };
};
const conflict = (bed: string, subject: string, text: string): Occurrence =>
  occurrence({ occurrence: `${bed} ${subject}`, bed, subject, text, family: "device-conflict" });

function wardOf(beds: readonly Bed[], occurrences: readonly Occurrence[]): Ward {
  const message = { event: "snapshot", data: { ...snapshot(), beds, occurrences } } as const;
  const { ward } = reduce(initialState(at(0)), { kind: "wire", message }, at(0));
  assert.ok(ward !== null);
  return ward;
}

const reading = (device: string, metric: string, value: number): Reading => ({
  id: value,
  metric,
  value,
  absent: null,
  unit: metric.startsWith("nibp") ? "mm[Hg]" : "%",
  source: "pleth",
  device,
  measured: 60_000,
  received: 60_000,
  questionable: false,
  verify: false,
  simulated: false,
  by_hand: null,
  correction: null,
});

test("the devices that the alarm names are offered, and a third that gives the same", () => {
  const bed = bedWith("bay-1", "oxi-a", "oxi-b", "oxi-c", "cuff-1");
  const ward = wardOf([bed], [conflict("bay-1", "spo2", "oxi-a and oxi-b both give SpO2")]);
  const readings = [reading("oxi-c", "spo2", 95), reading("cuff-1", "nibp_sys", 120)];
  const claims = claimsOf(ward, bed, readings);
  assert.deepEqual(claims.map(({ device }) => device), ["oxi-a", "oxi-b", "oxi-c"]);
  assert.equal(claims.some(({ isShared }) => isShared), false);
});

test("a device of two beds is a choice between them, once", () => {
  const [one, other] = [bedWith("bay-1", "oxi"), bedWith("bay-2", "oxi")];
  const both = [conflict("bay-1", "oxi", "oxi"), conflict("bay-2", "oxi", "oxi")];
  const claims = claimsOf(wardOf([one, other], both), other, []);
  assert.deepEqual(claims.map(({ bed, isShared }) => [bed.id, isShared]), [
    ["bay-2", true],
    ["bay-1", true],
  ]);
});

test("what has ended is no conflict, though nobody has acknowledged it", () => {
  const bed = bedWith("bay-1", "oxi-a", "oxi-b");
  const of = conflict("bay-1", "spo2", "oxi-a and oxi-b both give SpO2");
  const ended: Occurrence = { ...of, condition: "ended", signal: "latched" };
  assert.deepEqual(conflictsOf(wardOf([bed], [ended]), "bay-1"), []);
  assert.deepEqual(conflictsOf(wardOf([bed], [of]), "bay-2"), []);
});

test("beside a device stands what it last gave of that, how old, and its link", () => {
  const bed = bedWith("bay-1", "cuff-a", "cuff-b");
  const of = conflict("bay-1", "nibp", "cuff-a and cuff-b both give blood pressure");
  const claims = claimsOf(wardOf([bed], [of]), bed, []);
  const readings = [
    reading("cuff-b", "nibp_sys", 190),
    reading("cuff-a", "nibp_sys", 128),
    reading("cuff-a", "nibp_dia", 79),
  ];
  const lines = claims.map((claim) => {
    const { given, newestMs } = latestOf(claim, [of], readings);
    return claimLine(given, newestMs === null ? null : (72_000 - newestMs) / 1000, claim.link, 0);
  });
  assert.deepEqual(lines, [
    "Blood pressure 128/79 mmHg, newest 12 s ago · ● cuff-a online",
    "Blood pressure 190/- mmHg, newest 12 s ago · ● cuff-b online",
  ]);
  assert.match(claimLine([], null, null, 0), /^no value of late$/);
});

test("a conflict comes before whatever else a visit needs", () => {
  assert.equal(nextDrawer({ session: null }, null, true), "conflict");
});
