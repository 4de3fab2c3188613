// Whole visits, from arrival to the printed report, on a simulated clinic whose minutes last a
// second; by what a nurse sees and presses alone.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { emptyBeds } from "./support/api.mjs";
import {
  assertAccessible,
  launch,
  openPage,
  openWard,
  press,
  setTick,
} from "./support/browser.mjs";
import { PASSWORD, startDemo, until } from "./support/process.mjs";
import * as visit from "./support/visit.mjs";
import { bedTile, chooseBed } from "./support/ward.mjs";

const { button, field, form, missing, openDrawer, says, tasks, tile, why } = visit;
const { allIsWell, goHome, goHomeTooEarly, observe, pressUntil } = visit;
const { raiseAndAcknowledge, takeByHand, tightenSystolic } = visit;

/** A clinical minute is a second. */
const SPEED = 60;
/** An hour of it, and what a busy machine takes longer. */
const AN_HOUR_MS = 120_000;
const NEW_PATIENT = "New patient: the readings are somebody else's";
/** What the report says of an infusion: dose, reading, alarm, limit, observation. */
const INFUSION = [
  /\+0:00\s+\d\d:\d\d:\d\d\s+30 mg/,
  /204\/104\s+by hand, aneroid, nurse/,
  /Systolic 204 ≥ 200 mmHg\s+\d\d:\d\d:\d\d nurse/,
  /limit: B2 nibp_sys\s+180\s+170\s+nurse\s+was 165 at home/,
  /nausea; MOAA\/S 4/,
];

let parts;
before(async () => {
  const demo = await startDemo("--speed", String(SPEED));
  parts = { demo, browser: await launch() };
  // Whoever the demo found there goes home first: each visit has a bed of its own.
  await emptyBeds(demo.address, "bay-1", "bay-3", "bay-4");
});
after(async () => {
  await parts?.browser.close();
  await parts?.demo.kill();
});

/** Logged in, the sound heard, and at the bed's page by the ward's own way there. */
async function arrive(bed) {
  const opened = await openWard(parts.browser, parts.demo.address);
  await chooseBed(opened.page, bed);
  await opened.page.click("#bed-chosen");
  await form(opened.page).getByLabel("Patient reference").waitFor();
  return opened;
}

async function start(page, what, patient) {
  for (const [label, value] of Object.entries(patient)) await field(page, label).fill(value);
  await press(page.getByText(what, { exact: true }));
  await pressUntil(page, "Start", page.locator(".question > p[tabindex]"), /is this a new patient/);
  const who = page.locator(".panel-who");
  await pressUntil(page, NEW_PATIENT, who, new RegExp(patient.Initials));
}

async function infusionByMouse() {
  // Goal: issue 5: nothing of a whole visit needs a manual, or anything but the page.
  const { page, faults } = await arrive("bay-4");
  const patient = { "Patient reference": "IV-1", Initials: "I.V.", Weight: "70.5" };
  await start(page, "Ketamine, IV infusion", patient);
  // Two of the monitor's readings, which are ticked by themselves.
  await page.locator(".reading :checked").nth(1).waitFor({ timeout: AN_HOUR_MS });
  const usual = page.locator(".usual");
  await pressUntil(page, "Accept as baseline", usual, /0\.5 mg\/kg at 70\.5 kg is 35\.3 mg/);
  await field(page, "Amount").fill("35");
  const line = page.locator(".running-line");
  await pressUntil(page, "Start infusion", line, /^Running since/);
  await pressUntil(page, "Pause infusion", line, /^Paused since/);
  await pressUntil(page, "Resume infusion", line, /^Running since/);
  await observe(page);
  await tightenSystolic(page);
  await raiseAndAcknowledge(page, "Bay 4");
  await openDrawer(page, "Discharge");
  await goHomeTooEarly(page, /the end of the running dose|the observation time/);
  await openDrawer(page, "Dose");
  await field(page, "Amount given, if not all").fill("30");
  await pressUntil(page, "End infusion", page.locator(".doses"), /^30 mg, .* to /);
  await says(tile(page), /Recovery/, AN_HOUR_MS);
  await allIsWell(page);
  await openDrawer(page, "Discharge");
  await says(missing(page), /only the ticks below are missing/, AN_HOUR_MS);
  await goHome(page, "Bay 4");
  await assertAccessible(page, "the record of a visit that is over");
  const report = await visit.openReport(page);
  await visit.assertReport(report, [/I\.V\./, ...INFUSION]);
  assert.deepEqual(faults, []);
  await page.context().close();
}

async function esketamineByMouse() {
  // Goal: issue 5: the rests count down, the timed reading is asked for, and two hours pass.
  const { page, faults } = await arrive("bay-3");
  const patient = { "Patient reference": "ES-1", Initials: "E.S.", "Born in": "1971" };
  await start(page, "Esketamine, nasal spray", patient);
  await baselineWithHand(page);
  const device = (n) => page.locator(`[data-device="${n}"]`);
  await field(page, "Lot").fill("L-77");
  for (const n of [1, 2, 3]) {
    // A rest lasts five seconds here: whoever looks late sees its end.
    if (n > 1) await says(device(n), /rest 0[0-4]:\d\d|Give device/);
    await says(device(n), /Give device/);
    await pressUntil(page, () => press(device(n)), device(n), /given \d\d:\d\d/);
  }
  await says(tasks(page), /Timed reading in \d\d:\d\d/);
  await observe(page);
  await openDrawer(page, "Discharge");
  await goHomeTooEarly(page, /the observation time, until/);
  await says(tile(page), /T\+4\d:/, AN_HOUR_MS);
  await takeByHand(page, "131", "80");
  await until("the timed reading is done", async () =>
    !/Timed reading/.test(await tasks(page).innerText()),
  );
  await says(tile(page), /Recovery|Discharge/, AN_HOUR_MS);
  await allIsWell(page);
  await openDrawer(page, "Discharge");
  await says(missing(page), /only the ticks below are missing/, AN_HOUR_MS);
  await goHome(page, "Bay 3");
  const report = await visit.openReport(page);
  const devices = [1, 2, 3].map((n) => new RegExp(`28 mg\\s+${n}\\s+L-77`));
  const byHand = [/125\/77\s+by hand, aneroid, nurse.*baseline/, /131\/80\s+by hand, aneroid/];
  await visit.assertReport(report, [/E\.S\./, ...devices, ...byHand, /nausea; MOAA\/S 4/]);
  assert.deepEqual(faults, []);
  await page.context().close();
}

async function injectionByTouch(t) {
  // Goal: issue 5: a visit by muscle takes 30 s of touching at most: a touch is 1.5 s.
  const touching = {
    newContext: (of) => parts.browser.newContext({ ...of, hasTouch: true }),
  };
  const { page, faults } = await openWard(touching, parts.demo.address);
  const { tap, tapUntil, taps } = visit.fingerOn(page);
  const text = (words) => form(page).getByText(words, { exact: true });
  await tap(bedTile(page, "bay-5"), { position: { x: 20, y: 20 } });
  await tap(page.locator("#bed-chosen"));
  await tap(field(page, "Patient reference"));
  await page.keyboard.type("IM-1");
  await tap(field(page, "Initials"));
  await page.keyboard.type("I.M.");
  await tap(text("Ketamine, IM injection"));
  const question = page.locator(".question > p[tabindex]");
  await tapUntil(button(page, "Start"), question, /is this a new patient/);
  await tapUntil(button(page, NEW_PATIENT), page.locator(".panel-who"), /I\.M\./);
  await page.locator(".reading :checked").nth(1).waitFor({ timeout: AN_HOUR_MS });
  const accept = button(page, "Accept as baseline");
  await tapUntil(accept, page.locator(".gate"), /Nothing is missing/);
  // The amount has the focus: it is typed at once.
  await page.keyboard.type("35");
  await tapUntil(button(page, "Dose given"), page.locator(".doses"), /^35 mg, \d\d:\d\d/);
  await says(tile(page), /Recovery|Discharge/, AN_HOUR_MS);
  await tap(button(page, "Observation"));
  await tapUntil(button(page, "No symptoms, MOAA/S 5"), why(page), /^Taken/);
  await tap(button(page, "Discharge"));
  await says(missing(page), /only the ticks below are missing/, AN_HOUR_MS);
  for (const check of visit.CHECKS) await tap(text(check));
  await tap(text("Home, escorted"));
  const end = button(page, "End the session");
  await tapUntil(end, page.locator(".record-head"), /Home, escorted/);
  t.diagnostic(`${taps()} touches`);
  assert.ok(taps() <= 19, `${taps()} touches`);
  assert.deepEqual(faults, []);
  await page.context().close();
}

async function infusionByKeys(t) {
  // Goal: each step's focus is where a person expects it; nothing needs a mouse.
  const { page, faults } = await openPage(parts.browser, parts.demo.address);
  const keys = visit.keyboardOf(page);
  await logInByKeys(keys);
  await page.locator("[data-bed]").first().waitFor();
  await keys.press("b");
  await keys.isAt("Bay 1");
  await keys.press("Enter");
  await page.locator(".start-form").waitFor();
  await startByKeys(page, keys);
  await giveByKeys(page, keys);
  await careByKeys(page, keys);
  await endInfusionByKeys(page, keys);
  await leaveByKeys(page, keys);
  await keys.to("Report (prints)", "Tab", 3);
  const [report] = await Promise.all([
    page.context().waitForEvent("page"),
    keys.press("Enter"),
  ]);
  await report.waitForLoadState();
  await visit.assertReport(report, [/K\.B\./, ...INFUSION]);
  t.diagnostic(`${keys.pressed()} keys, without what is typed`);
  assert.deepEqual(faults, []);
  await page.context().close();
}

/** A pressure that the nurse took: beside the monitor's it makes the baseline. */
async function baselineWithHand(page) {
  await press(button(page, "Take by hand"));
  await takeByHand(page, "125", "77");
  await openDrawer(page, "Baseline");
  const byHand = page.locator(".reading", { hasText: "by hand" });
  // Those that come while the nurse looks are below, the newest of them first.
  const since = page.locator(".reading", { hasText: "new reading" });
  await until("two of the monitor's since", async () => (await since.count()) >= 2, AN_HOUR_MS);
  await visit.untickAll(page);
  await setTick(byHand.getByRole("checkbox"));
  await setTick(since.first().getByRole("checkbox"));
  const gate = page.locator(".gate");
  await pressUntil(page, "Accept as baseline", gate, /Nothing is missing/);
}

async function logInByKeys(keys) {
  await keys.isAt("Name");
  await keys.type("nurse");
  await keys.press("Tab");
  await keys.isAt("Password");
  await keys.type(PASSWORD);
  await keys.press("Enter");
  await keys.isAt("Did you hear the test sounds?");
  await keys.press("Tab");
  await keys.isAt("Yes, I heard them");
  await keys.press("Enter");
}

/** Enter on what has the focus, as `pressUntil`. */
const entering = (page, keys) => (locator, pattern) =>
  pressUntil(page, () => keys.press("Enter"), locator, pattern);

async function startByKeys(page, keys) {
  const enterUntil = entering(page, keys);
  // What is chosen from is read from the service.
  await form(page).getByText("Ketamine, IV infusion", { exact: true }).waitFor();
  await keys.to("Start session");
  await keys.press("Enter");
  await keys.isAt("Patient reference");
  await keys.type("KEYS-1");
  await keys.press("Tab");
  await keys.type("K.B.");
  await keys.press("Tab");
  await keys.type("70,5");
  await keys.press("Tab", "Tab");
  await keys.to("Ketamine, IV infusion", "ArrowDown", 8);
  await enterUntil(page.locator(".question > p[tabindex]"), /is this a new patient/);
  await keys.isAt("Readings came from this bed");
  await keys.press("Tab");
  await keys.isAt("New patient");
  await enterUntil(page.locator(".panel-who"), /K\.B\./);
  await page.locator(".reading :checked").nth(1).waitFor({ timeout: AN_HOUR_MS });
}

async function giveByKeys(page, keys) {
  // Whoever waited with their hands off is in the form; Enter accepts what is ticked.
  await until("the focus in the form", () =>
    page.evaluate(() => document.activeElement?.closest(".drawer form") !== null),
  );
  const enterUntil = entering(page, keys);
  const line = page.locator(".running-line");
  await enterUntil(page.locator(".gate"), /Nothing is missing/);
  await keys.isAt("Amount");
  await keys.type("35");
  await enterUntil(line, /^Running since/);
  await keys.isAt("Running since");
  await keys.to("Pause infusion", "Tab", 2);
  await enterUntil(line, /^Paused since/);
  await keys.isAt("Paused since");
  await keys.to("Resume infusion", "Tab", 2);
  await enterUntil(line, /^Running since/);
  await keys.isAt("Running since");
}

async function careByKeys(page, keys) {
  const enterUntil = entering(page, keys);
  await keys.to("Observation", "Shift+Tab");
  await keys.press("Enter");
  await keys.isAt("No symptoms, MOAA/S 5");
  await keys.to("Nausea");
  await keys.press("Space");
  await keys.to("5 answers readily");
  await keys.press("ArrowDown");
  await enterUntil(why(page), /^Taken/);
  await keys.to("Limits", "Shift+Tab");
  await keys.press("Enter");
  await keys.isAt("Systolic");
  const limit = page.locator('.limit-row[data-key^="bp-high B2 nibp_sys"]');
  await limit.waitFor();
  await keys.to("≥ 180 mmHg Systolic · HIGH", "Tab", 6);
  await keys.press("Enter");
  await keys.isAt("New limit");
  await keys.type("170");
  await keys.press("Tab");
  await keys.type("was 165 at home");
  await enterUntil(limit, /≥ 170 mmHg/);
  await keys.to("Vitals by hand", "Shift+Tab");
  await keys.press("Enter");
  await keys.isAt("Systolic");
  await keys.type("204");
  await keys.press("Tab");
  await keys.type("104");
  await keys.to("Aneroid cuff");
  await keys.press("Space");
  await enterUntil(why(page), /^Entered|entered before/);
  const row = visit.alarmsOf(page, "Bay 1").filter({ hasText: "Systolic 204" });
  await visit.untilAcknowledged(row, async () => {
    // Letters typed on after a field went are no commands: a person looks up first.
    await page.waitForTimeout(1_200);
    await keys.press("s");
    const isThere = keys.to(/Bay 1 Systolic 204/, "ArrowDown", 12);
    await isThere.then(() => keys.press("a")).catch(() => {});
    await page.waitForTimeout(500);
  });
}

async function endInfusionByKeys(page, keys) {
  await keys.to("Dose");
  await keys.press("Enter");
  await keys.isAt("Running since");
  await keys.to("Amount given, if not all");
  await keys.type("30");
  await entering(page, keys)(page.locator(".doses"), /^30 mg, .* to /);
}

async function leaveByKeys(page, keys) {
  const enterUntil = entering(page, keys);
  await keys.to("Discharge", "Shift+Tab");
  await keys.press("Enter");
  await keys.isAt("Awake");
  await keys.press("Space", "Tab", "Space", "Tab", "Space", "Tab", "Space");
  await keys.to("Home, escorted");
  await keys.press("Space");
  await enterUntil(why(page), /^Not ended: .*the observation time.*an escort/);
  await says(tile(page), /Recovery/, AN_HOUR_MS);
  await keys.to("Observation", "Shift+Tab");
  await keys.press("Enter");
  await keys.isAt("No symptoms, MOAA/S 5");
  await enterUntil(why(page), /^Taken/);
  await keys.to("Discharge", "Shift+Tab");
  await keys.press("Enter");
  await says(missing(page), /only the ticks below are missing/, AN_HOUR_MS);
  await keys.isAt("Awake");
  // What was ticked before the refusal stands.
  await keys.to("Escort is here");
  await keys.press("Space");
  await enterUntil(page.locator(".record-head"), /Home, escorted/);
  await keys.isAt("Page");
}

// Side by side: what takes its time is the patients' two hours. Not all at once, for each page
// paints a bed whose hour is a minute.
describe("whole visits", { concurrency: 3 }, () => {
  test("an infusion with the mouse, from arrival to the printed report", infusionByMouse);
  test("esketamine with the mouse: three devices, a reading at 40 minutes", esketamineByMouse);
  test("an injection by touch takes few of them", injectionByTouch);
  test("an infusion by keyboard alone, from the log-in to the printed report", infusionByKeys);
});
