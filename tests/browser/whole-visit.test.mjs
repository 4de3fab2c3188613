// Whole visits, from arrival to the printed report, on a simulated clinic whose minutes last a
// second; by what a nurse sees and presses alone.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { assertAccessible, launch, openPage, openWard } from "./support/browser.mjs";
import { PASSWORD, startDemo, until } from "./support/process.mjs";
import * as visit from "./support/visit.mjs";

const { button, field, form, missing, openDrawer, says, tasks, tile, why } = visit;
const { allIsWell, goHome, goHomeTooEarly, observe, pressUntil } = visit;
const { raiseAndAcknowledge, tightenSystolic } = visit;

/** A clinical minute is a second. */
const SPEED = 60;
/** An hour of it, and what a busy machine takes longer. */
const AN_HOUR_MS = 120_000;

let parts;
before(async () => {
  const demo = await startDemo("--speed", String(SPEED));
  parts = { demo, browser: await launch() };
  await emptyBeds("bay-1", "bay-3", "bay-4");
});
after(async () => {
  await parts?.browser.close();
  await parts?.demo.kill();
});

/** Whoever the demo found there goes home first: each visit has a bed of its own. */
async function emptyBeds(...beds) {
  const api = `${parts.demo.address}/api/v1`;
  const json = { "content-type": "application/json" };
  const body = JSON.stringify({ name: "lead", password: PASSWORD });
  const login = await fetch(`${api}/login`, { method: "POST", headers: json, body });
  const { csrf } = await login.json();
  const cookie = login.headers.getSetCookie().map((it) => it.split(";")[0]).join("; ");
  const headers = { ...json, cookie, "x-csrf-token": csrf };
  for (const bed of beds) {
    const { session } = await (await fetch(`${api}/beds/${bed}`, { headers })).json();
    const end = { disposition: "transferred", checks: {}, reason: "to the ward" };
    const sent = JSON.stringify({ ...end, command_id: randomUUID() });
    const path = `${api}/sessions/${session.id}/end`;
    const done = await fetch(path, { method: "POST", headers, body: sent });
    assert.equal(done.status, 200, `${bed}: ${await done.text()}`);
  }
}

/** Logged in, the sound heard, and at the bed's page by the ward's own way there. */
async function arrive(bed) {
  const opened = await openWard(parts.browser, parts.demo.address);
  await opened.page.locator(`[data-bed="${bed}"]`).click({ position: { x: 20, y: 20 } });
  await opened.page.click("#bed-chosen");
  await form(opened.page).getByLabel("Patient reference").waitFor();
  return opened;
}

async function start(page, what, patient) {
  for (const [label, value] of Object.entries(patient)) await field(page, label).fill(value);
  await page.getByText(what, { exact: true }).click();
  await button(page, "Start").click();
  await button(page, "New patient: the readings are somebody else's").click();
  await says(page.locator(".panel-who"), new RegExp(patient.Initials));
}

describe("whole visits", { concurrency: true }, () => {
  test("an infusion with the mouse, from arrival to the printed report", async () => {
    // Goal: issue 5: nothing of a whole visit needs a manual, or anything but the page.
    const { page, faults } = await arrive("bay-4");
    const patient = { "Patient reference": "IV-1", Initials: "I.V.", Weight: "70.5" };
    await start(page, "Ketamine, IV infusion", patient);
    // Two of the monitor's readings, which are ticked by themselves.
    await page.locator(".reading :checked").nth(1).waitFor({ timeout: 60_000 });
    await button(page, "Accept as baseline").click();
    await says(page.locator(".usual"), /0\.5 mg\/kg at 70\.5 kg is 35\.3 mg/);
    await field(page, "Amount").fill("35");
    await button(page, "Start infusion").click();
    const line = page.locator(".running-line");
    await says(line, /^Running since/);
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
    await visit.assertReport(report, [/I\.V\./, /30 mg/, /Systolic 20\d/, /nausea/i, /170/]);
    assert.deepEqual(faults, []);
    await page.context().close();
  });

  test("an infusion by keyboard alone, from the log-in to the printed report", async (t) => {
    // Goal: each step's focus is where a person expects it; nothing needs a mouse.
    const { page, faults } = await openPage(parts.browser, parts.demo.address);
    const keys = visit.keyboardOf(page);
    await logInByKeys(keys);
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
    await visit.assertReport(report, [/K\.B\./, /30 mg/, /Systolic 204/, /nausea/i, /170/]);
    t.diagnostic(`${keys.pressed()} keys, without what is typed`);
    assert.deepEqual(faults, []);
    await page.context().close();
  });
});

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

async function startByKeys(page, keys) {
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
  await keys.press("Enter");
  await keys.isAt("Readings came from this bed");
  await keys.press("Tab");
  await keys.isAt("New patient");
  await keys.press("Enter");
  await page.locator(".reading :checked").nth(1).waitFor({ timeout: AN_HOUR_MS });
}

async function giveByKeys(page, keys) {
  // Whoever waited with their hands off is in the form; Enter accepts what is ticked.
  await until("the focus in the form", () =>
    page.evaluate(() => document.activeElement?.closest(".drawer form") !== null),
  );
  await keys.press("Enter");
  await keys.isAt("Amount");
  await keys.type("35");
  await keys.press("Enter");
  const line = page.locator(".running-line");
  await keys.isAt("Running since");
  for (const [name, becomes] of [["Pause infusion", "Paused"], ["Resume infusion", "Running"]]) {
    await keys.to(name, "Tab", 2);
    await until(becomes, async () => {
      if ((await line.innerText()).startsWith(becomes)) return true;
      await keys.press("Enter");
      await page.waitForTimeout(300);
      return false;
    });
    await keys.isAt(becomes);
  }
}

async function careByKeys(page, keys) {
  await keys.to("Observation", "Shift+Tab");
  await keys.press("Enter");
  await keys.isAt("No symptoms, MOAA/S 5");
  await keys.to("Nausea");
  await keys.press("Space");
  await keys.to("5 answers readily");
  await keys.press("ArrowDown");
  await keys.press("Enter");
  await says(why(page), /^Taken/);
  await keys.to("Limits", "Shift+Tab");
  await keys.press("Enter");
  await keys.isAt("Systolic");
  await keys.to("≥ 180 mmHg B2 Systolic");
  await keys.press("Enter");
  await keys.isAt("New limit");
  await keys.type("170");
  await keys.press("Tab");
  await keys.type("was 165 at home");
  await keys.press("Enter");
  await says(why(page), /180 → 170/);
  await keys.to("Vitals by hand", "Shift+Tab");
  await keys.press("Enter");
  await keys.isAt("Systolic");
  await keys.type("204");
  await keys.press("Tab");
  await keys.type("104");
  await keys.to("Aneroid cuff");
  await keys.press("Space", "Enter");
  await says(why(page), /^Entered/);
  const row = visit.alarmsOf(page, "Bay 1").filter({ hasText: "Systolic 204" });
  await row.waitFor();
  await until("it is acknowledged", async () => {
    if (/ACK nurse/.test(await row.innerText())) return true;
    await keys.press("s");
    await keys.to("HIGH", "ArrowDown", 1).catch(() => {});
    await keys.press("a");
    await page.waitForTimeout(500);
    return false;
  });
}

async function endInfusionByKeys(page, keys) {
  await keys.to("Dose");
  await keys.press("Enter");
  await keys.isAt("Running since");
  await keys.to("Amount given, if not all");
  await keys.type("30");
  await keys.press("Enter");
  await says(page.locator(".doses"), /^30 mg, .* to /);
}

async function leaveByKeys(page, keys) {
  await keys.to("Discharge", "Shift+Tab");
  await keys.press("Enter");
  await keys.isAt("Awake");
  await keys.press("Space", "Tab", "Space", "Tab", "Space", "Tab", "Space");
  await keys.to("Home, escorted");
  await keys.press("Space", "Enter");
  await says(why(page), /^Not ended: .*the observation time.*an escort/);
  await says(tile(page), /Recovery/, AN_HOUR_MS);
  await keys.to("Observation", "Shift+Tab");
  await keys.press("Enter");
  await keys.isAt("No symptoms, MOAA/S 5");
  await keys.press("Enter");
  await says(why(page), /^Taken/);
  await keys.to("Discharge", "Shift+Tab");
  await keys.press("Enter");
  await says(missing(page), /only the ticks below are missing/, AN_HOUR_MS);
  await keys.isAt("Awake");
  // What was ticked before the refusal stands.
  await keys.to("Escort is here");
  await keys.press("Space", "Enter");
  await page.waitForURL(/\/sessions\//);
  await says(page.locator(".record-head"), /Home, escorted/);
  await keys.isAt("Page");
}
