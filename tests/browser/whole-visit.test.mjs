// Whole visits, from arrival to the printed report, on a simulated clinic whose minutes last a
// second; by what a nurse sees and presses alone.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { assertAccessible, launch, openWard } from "./support/browser.mjs";
import { PASSWORD, startDemo, until } from "./support/process.mjs";
import * as visit from "./support/visit.mjs";

const { button, field, form, missing, openDrawer, says, tasks, tile, why } = visit;

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

/** Tries until it is done: an alarm that came a moment ago is acknowledged first. */
async function endSession(page, bed) {
  await until("the session's record", async () => {
    await visit.acknowledgeHigh(page, bed);
    await button(page, "End the session").click({ timeout: 2_000 }).catch(() => {});
    await page.waitForURL(/\/sessions\//, { timeout: 2_000 }).catch(() => {});
    return /\/sessions\//.test(page.url());
  });
}

const CHECKS = ["Awake", "Oriented", "Walks steadily", "Symptoms gone", "Escort is here"];

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
    const report = await visit.openReport(page);
    await visit.assertReport(report, [/I\.V\./, /30 mg/, /Systolic 20\d/, /nausea/i, /170/]);
    assert.deepEqual(faults, []);
    await page.context().close();
  });
});

/** A button that has just come does nothing yet: a person presses again. */
async function pressUntil(page, name, locator, pattern) {
  await until(`${pattern}`, async () => {
    if (pattern.test((await locator.innerText().catch(() => "")) ?? "")) return true;
    await button(page, name).click({ timeout: 1_000 }).catch(() => {});
    return false;
  });
}

async function observe(page) {
  await openDrawer(page, "Observation");
  await form(page).getByText("Nausea", { exact: true }).click();
  await form(page).getByText("4 slow to answer", { exact: true }).click();
  await button(page, "Take observation").click();
  await says(why(page), /^Taken/);
}

async function allIsWell(page) {
  await openDrawer(page, "Observation");
  await button(page, "No symptoms, MOAA/S 5").click();
  await says(why(page), /^Taken/);
}

async function tightenSystolic(page) {
  await openDrawer(page, "Limits");
  await page.locator(".limit-row", { hasText: "B2 Systolic" }).click();
  await field(page, "New limit").fill("170");
  await field(page, "Reason").fill("was 165 at home");
  await button(page, "Change the limit").click();
  await says(why(page), /180 → 170/);
}

/** A pressure by hand that no one waits with; the monitor's next one ends it. */
async function raiseAndAcknowledge(page, bed) {
  await openDrawer(page, "Vitals by hand");
  await field(page, "Systolic").fill("204");
  await field(page, "Diastolic").fill("104");
  await form(page).getByText("Aneroid cuff", { exact: true }).click();
  await button(page, "Enter").click();
  const row = visit.alarmsOf(page, bed).filter({ hasText: "Systolic 204" });
  await row.waitFor();
  // A list that has just moved takes no tap, and says so: a person taps again.
  await until("it is acknowledged", async () => {
    if (/ACK nurse/.test(await row.innerText())) return true;
    const tap = row.getByRole("button", { name: /^Acknowledge/ });
    await tap.click({ timeout: 1_000 }).catch(() => {});
    return false;
  });
}

async function goHomeTooEarly(page, lack) {
  await form(page).getByText("Home, escorted", { exact: true }).click();
  await button(page, "End the session").click();
  await says(why(page), /^Not ended: .*an escort/);
  await says(why(page), lack);
}

async function goHome(page, bed) {
  for (const check of CHECKS) await form(page).getByText(check, { exact: true }).click();
  await form(page).getByText("Home, escorted", { exact: true }).click();
  await endSession(page, bed);
  await says(page.locator(".record-head"), /Home, escorted/);
  await assertAccessible(page, "the record of a visit that is over");
}
