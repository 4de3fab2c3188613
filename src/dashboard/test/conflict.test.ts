// Which devices may be chosen where a device conflict stands (safety S8), and what is told of each.

import assert from "node:assert/strict";
import { test } from "node:test";
import { claimLine } from "../messages/conflict.ts";
import { claimsOf, isToChoose, latestOf } from "../session/claims.ts";
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
type Conflicts = Bed["conflicts"];
const bedWith = (id: string, devices: readonly string[], conflicts: Conflicts): Bed => {
  const [first] = snapshot().beds;
  assert.ok(first !== undefined);
  return { ...first, id, label: id.toUpperCase(), links: devices.map(link), conflicts };
};
const between = (subject: string, ...devices: readonly string[]): Conflicts => [
  { subject, devices, two_beds: false },
];
const atTwoBeds = (device: string): Conflicts => [
  { subject: device, devices: [device], two_beds: true },
];
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

test("the devices that the service names are offered, whatever is in the alarm's text", () => {
  // "oxi" is in the text, too.
  const devices = ["oxi", "oxi-a", "oxi-b", "oxi-c", "cuff-1"];
  const bed = bedWith("bay-1", devices, between("spo2", "oxi-a", "oxi-b", "oxi-c"));
  const ward = wardOf([bed], [conflict("bay-1", "spo2", "oxi-a and oxi-b both give SpO2")]);
  const claims = claimsOf(ward, bed);
  assert.deepEqual(claims.map(({ device }) => device), ["oxi-a", "oxi-b", "oxi-c"]);
  assert.equal(claims.some(({ link: of }) => of === null), false);
  assert.equal(claims.some(({ isShared }) => isShared), false);
});

test("a device of two beds is a choice between them, once", () => {
  const [one, other] = ["bay-1", "bay-2"].map((id) => bedWith(id, ["oxi"], atTwoBeds("oxi")));
  assert.ok(one !== undefined && other !== undefined);
  const third = bedWith("bay-3", ["oxi"], between("oxi", "oxi"));
  const claims = claimsOf(wardOf([one, other, third], []), other);
  assert.deepEqual(claims.map(({ bed, isShared }) => [bed.id, isShared]), [
    ["bay-2", true],
    ["bay-1", true],
  ]);
});

test("nobody is asked once it is over, though nobody has acknowledged the alarm", () => {
  const bed = bedWith("bay-1", ["oxi-a", "oxi-b"], between("spo2", "oxi-a", "oxi-b"));
  const chosen: Bed = { ...bed, conflicts: [] };
  const of = conflict("bay-1", "spo2", "oxi-a and oxi-b both give SpO2");
  const ended: Occurrence = { ...of, condition: "ended", signal: "latched" };
  const clearing: Occurrence = { ...of, condition: "clearing" };
  assert.equal(isToChoose(wardOf([bed], [of]), bed), true);
  assert.equal(isToChoose(wardOf([bed], [ended]), bed), false);
  assert.equal(isToChoose(wardOf([chosen], [clearing]), chosen), false);
  assert.equal(isToChoose(wardOf([bed], [{ ...of, bed: "bay-2" }]), bed), false);
  assert.equal(isToChoose(null, bed), false);
});

test("beside a device stands what it last gave of that, how old, and its link", () => {
  const bed = bedWith("bay-1", ["cuff-a", "cuff-b"], between("nibp", "cuff-a", "cuff-b"));
  const claims = claimsOf(wardOf([bed], []), bed);
  const readings = [
    reading("cuff-b", "nibp_sys", 190),
    reading("cuff-a", "nibp_sys", 128),
    reading("cuff-a", "nibp_dia", 79),
  ];
  const lines = claims.map((claim) => {
    const { given, newestMs } = latestOf(claim, bed.conflicts, readings);
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
