// Pure parts of the board, the setup and the guide.

import assert from "node:assert/strict";
import { test } from "node:test";
import { codeOf, nameOf } from "../board/pair.ts";
import { advance, bedOf, beginGuide, nextStep, type Guide } from "../guide/steps.ts";
import { stepText } from "../messages/guide.ts";
import { notInForce } from "../messages/limits.ts";
import { codeText, soundTestText, sourceText } from "../messages/setup.ts";
import { boardName, type Person } from "../person.ts";
import { lineMm, readable } from "../setup/readable.ts";
import type { Ward } from "../store.ts";
import { initialState, reduce } from "../store.ts";
import type { PresetLimit } from "../wire-preset.ts";
import type { Bed, Occurrence } from "../wire.ts";
import { checkScreens } from "../wire-setup.ts";
import { at, occurrence, wireMessage } from "./samples.ts";

const WARD = { view: "ward" } as const;

test("a code is read in groups and typed in any way, and a name becomes a board's", () => {
  // Goal: contract 6: 12 characters, and 1 to 26 of a-z, 0-9, `.`, `_` and `-`.
  assert.equal(codeText("PBXLLF93J2SC"), "PBXL LF93 J2SC");
  assert.equal(codeOf(" pbxl lf93-J2SC "), "PBXLLF93J2SC");
  assert.equal(nameOf("  Hall 2, left "), "hall-2-left");
  assert.equal(nameOf("<b>!"), "b");
  assert.equal(nameOf("שלום"), "");
  assert.equal(nameOf("x".repeat(40)).length, 26);
});

test("a board is told from a person by the name of its credential", () => {
  // Goal: safety:X4. No user's name can have a colon.
  const person = (name: string): Person => ({
    name,
    role: "viewer",
    csrf: null,
    displayOnly: true,
  });
  assert.equal(boardName(person("token:board.hall-2")), "hall-2");
  assert.equal(boardName(person("board.hall-2")), null);
  assert.equal(boardName(person("kim")), null);
});

test("digits of 24 mm are easy to read to 3.75 m, and at the most from 4.8 m", () => {
  // Goal: alarms, Dashboard HMI 4: 20 to 22 arcmin; about 1/200 of the distance.
  const { easyM, mostM } = readable(24);
  assert.equal(easyM.toFixed(2), "3.75");
  assert.equal(mostM.toFixed(2), "4.80");
  assert.equal(lineMm("105,5"), 105.5);
  for (const wrong of ["", "19", "2001", "10 cm", "Infinity"]) assert.equal(lineMm(wrong), null);
});

test("of each screen it is told who heard its test sounds, who did not, and when", () => {
  // Goal: safety:F8, alarms 3.
  const told = (test: unknown): string => {
    const given = { id: "1", name: "desk", kind: "station", owner: "kim", state: "visible" };
    const item = { ...given, audio: "unlocked", beds: null, age_s: 1, sound_test: test };
    const answer = checkScreens({ items: [item] });
    assert.ok(answer.kind === "good", "it is as the service sends it");
    const [screen] = answer.value.items;
    assert.ok(screen !== undefined);
    return soundTestText(screen, (ms) => new Date(ms).toISOString().slice(11, 16));
  };
  const at = "2026-11-22T07:02:00.000Z";
  assert.equal(told(null), "nobody has said");
  assert.equal(told({ heard: true, by: "ada", at }), "heard by ada 07:02");
  assert.equal(told({ heard: false, by: "ada", at }), "NOT HEARD by ada 07:02");
});

function wardOf(change: (bed: Bed) => Bed, occurrences: readonly Occurrence[] = []): Ward {
  const message = wireMessage("snapshot");
  const beds = message.data.beds.map(change);
  const told = { ...message, data: { ...message.data, beds, occurrences } };
  const { ward } = reduce(initialState(at(0)), { kind: "wire", message: told }, at(0));
  assert.ok(ward !== null);
  return ward;
}

const asIs = (bed: Bed): Bed => bed;
const freed = (bed: Bed): Bed =>
  bed.id === "bay-4"
    ? { ...bed, session: null, phase: null, since_dose_s: null, responsible: null, standby: null }
    : bed;
const started = (bed: Bed): Bed => {
  const session = { id: "new", initials: "N.N.", drug: "ketamine", route: "iv", started: 0 };
  const now = { ...session, baseline: null };
  return bed.id === "bay-4"
    ? { ...bed, session: now, responsible: { name: "kim", since: 0 }, standby: null }
    : bed;
};

test("the guide finds its beds by what is known of them, and ticks each step off once", () => {
  // Goal: issue 5, item 9. What others did, or was done before, is not the nurse's doing.
  const acked = { by: "kim", at: 0, reason: null };
  const old = occurrence({ occurrence: "old", acknowledged: acked });
  const ward = wardOf(freed, [old]);
  let guide: Guide = beginGuide(ward);
  assert.deepEqual([bedOf(guide, "look"), bedOf(guide, "start")], ["bay-1", "bay-4"]);
  const step = (now: Ward, place: Parameters<typeof advance>[2] = WARD): string | null => {
    guide = advance(guide, now, place, "kim");
    return nextStep(guide);
  };
  assert.equal(step(ward), "look");
  assert.equal(step(ward, { view: "bed", bed: "bay-2" }), "look", "another bed");
  assert.equal(step(ward, { view: "bed", bed: "bay-1" }), "pause");
  const paused = (bed: Bed): Bed => ({ ...freed(bed), audio_paused_by: "kim" });
  assert.equal(step(wardOf(paused)), "acknowledge");
  assert.equal(step(ward), "acknowledge", "what is done stays done");
  const byOther = { by: "lee", at: 0, reason: null };
  assert.equal(step(wardOf(freed, [occurrence({ acknowledged: byOther })])), "acknowledge");
  assert.equal(step(wardOf(freed, [occurrence({ acknowledged: acked })])), "start");
  assert.equal(step(wardOf(started)), "end");
  assert.equal(bedOf(guide, "end"), "bay-4");
  assert.equal(step(ward), null);
});

test("without a free bed or a dosed one the guide names none", () => {
  // Goal: issue 5, item 9: it tells no lie about a ward that is another.
  const guide = beginGuide(wardOf((bed) => ({ ...started(bed), since_dose_s: null })));
  assert.deepEqual([bedOf(guide, "look"), bedOf(guide, "start")], [null, null]);
  assert.match(stepText("look", null, null), /^Open a bed/);
  assert.match(stepText("start", null, null), /bed that is free/);
  assert.match(stepText("look", "Bay 2", 1210), /dosed 20 min ago in Bay 2/);
  assert.notEqual(nextStep(advance(guide, wardOf(asIs), WARD, "kim")), null);
});

test("what is not judged is said in a nurse's words, and no left-out rule is kept silent", () => {
  // Goal: clinical 2.3; no rule may be silently inactive.
  const waiting = ["B5 disabled: no baseline", "H3 rise disabled: no baseline"];
  assert.equal(notInForce([]), "");
  assert.equal(notInForce(waiting), "No baseline: no alarm on a rise or drop");
  assert.match(notInForce(["B1", ...waiting]), /^Rules left out: B1 · No baseline/);
});

test("a source that nobody has confirmed is told as such, without the file's mark", () => {
  const limit = { source: "[WAN] (M)" } as PresetLimit;
  assert.equal(sourceText(limit), "[WAN] not confirmed");
});
