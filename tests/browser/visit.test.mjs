// A visit from arrival through the dose, as a nurse works it at a bed's page: once by keyboard
// alone, once by mouse; and what the service refuses on the way, beside the button that was tried.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { emptyBeds, openApi } from "./support/api.mjs";
import {
  assertAccessible,
  launch,
  openWard,
  press as pressOn,
  pressAtOnce,
  says,
  setTick,
  TOO_SOON,
} from "./support/browser.mjs";
import { bays, closeClinic, openClinic } from "./support/clinic.mjs";
import { startDemo, until } from "./support/process.mjs";
import { untickAll } from "./support/visit.mjs";
import { chooseBed } from "./support/ward.mjs";

/** A baseline takes readings a clinical minute apart: that is 15 s here, and so is an undo. */
const SPEED = 4;

let parts;
before(async () => {
  const demo = await startDemo("--speed", String(SPEED), "--beds", "5");
  parts = { demo, browser: await launch() };
  await emptyBeds(demo.address, "bay-1", "bay-5", "bay-4", "bay-3");
  const nurse = await openApi(demo.address);
  const [atMs, realMs] = [await clinicalMs(nurse), Date.now()];
  /** Pressures of patients who walked in, so many clinical seconds from now: [bed, sys, dia]. */
  async function takenAfter(seconds, pressures) {
    const leftMs = () => atMs + seconds * 1000 - (atMs + (Date.now() - realMs) * SPEED);
    await until("the time of the reading", () => leftMs() <= 0);
    const taken = new Date(atMs + seconds * 1000).toISOString();
    for (const [bed, sys, dia] of pressures) {
      const values = { nibp_sys: sys, nibp_dia: dia, pulse: 66 };
      await nurse.post(`/beds/${bed}/readings`, { method: "aneroid", taken, values });
    }
  }
  await takenAfter(0, [["bay-5", 160, 99]]);
  await takenAfter(20, [["bay-5", 124, 79]]);
  parts.walkedIn = takenAfter(81, [["bay-5", 126, 80]]);
});
after(async () => {
  await parts?.browser.close();
  await parts?.demo.kill();
});

/** Pressures of somebody who is here for a while: enough for a baseline. */
async function walkIn(bed) {
  // Longer ago than the first of them there was another patient.
  await parts.walkedIn;
  const nurse = await openApi(parts.demo.address);
  const nowMs = await clinicalMs(nurse);
  for (const [agoMs, sys, dia] of [[65_000, 122, 78], [0, 124, 80]]) {
    const taken = new Date(nowMs - agoMs).toISOString();
    const values = { nibp_sys: sys, nibp_dia: dia, pulse: 66 };
    await nurse.post(`/beds/${bed}/readings`, { method: "aneroid", taken, values });
  }
}

/** What the clinic's clock says: it runs faster than ours. */
async function clinicalMs(someone) {
  const stop = new AbortController();
  const stream = await someone.ask("/events", { signal: stop.signal });
  let said = "";
  const time = /"server_time":"([^"]+)"/;
  for await (const bytes of stream.body.pipeThrough(new TextDecoderStream())) {
    said += bytes;
    if (time.test(said)) break;
  }
  stop.abort();
  return Date.parse(time.exec(said)[1]);
}

const why = (page) => page.locator(".drawer form:visible .why:visible").first();
const press = (page, name) => pressOn(page.getByRole("button", { name, exact: true }));
const field = (page, label) => page.locator(".drawer form:visible").getByLabel(label);
async function pressUntil(page, name, locator, pattern) {
  await press(page, name);
  await says(locator, pattern);
}
/** The newest two that agree are ticked by themselves: one tap. */
async function accept(page) {
  await page.locator(".reading :checked").nth(1).waitFor();
  await press(page, "Accept as baseline");
}
/** The bed's page, by the ward's own way there. */
async function openBed(bed, address = parts.demo.address) {
  const opened = await openWard(parts.browser, address);
  await chooseBed(opened.page, bed);
  await opened.page.click("#bed-chosen");
  await opened.page.locator(".drawer").waitFor();
  return opened;
}

async function startBy(page, what, more = {}) {
  const given = { "Patient reference": "K-0417", Initials: "A.B.", ...more };
  for (const [label, value] of Object.entries(given)) await field(page, label).fill(value);
  await pressOn(page.getByText(what, { exact: true }));
  await press(page, "Start");
}

/** Another preset of the same drug and route, beside the site's own. */
async function addOtherPreset(site) {
  const presets = join(dirname(site.config), "presets");
  const text = await readFile(join(presets, "ketamine-iv.toml"), "utf8");
  const other = text
    .replace('name = "ketamine-iv"', 'name = "ketamine-iv-old"')
    .replace('title = "Ketamine, IV infusion"', 'title = "Ketamine, IV, over 65"');
  await writeFile(join(presets, "ketamine-iv-old.toml"), other);
}

test("a new patient gets no readings of before, and another preset with a reason", async () => {
  // Goal: rows 24 and 25 of alarms 11 as a nurse sees them; before a dose no lead is needed.
  // The first of all: it waits for nobody who walked in.
  const clinic = await openClinic(bays(1), { prepare: addOtherPreset });
  const { service, monitors } = clinic;
  try {
    for (const agoS of [70, 0]) await monitors.measure("bay-1", 122, 78, agoS);
    const { page, faults } = await openBed("bay-1", service.address);
    await startBy(page, "Ketamine, IV infusion (Ketamine, IV, over 65)", { Weight: "71,5" });
    await press(page, "New patient: the readings are somebody else's");
    await says(page.locator(".drawer"), /No pressure was measured yet/);
    assert.equal(await page.locator(".reading").count(), 0);
    await pressOn(page.locator('[data-drawer="dose"]'));
    await says(page.locator(".usual"), /^For information: 0\.5 mg\/kg at 71\.5 kg is 35\.8 mg\./);
    await pressOn(page.locator('[data-drawer="preset"]'));
    await says(page.locator(".drawer"), /In force: Ketamine, IV, over 65/);
    await pressOn(page.getByText("Ketamine, IV infusion", { exact: true }));
    await press(page, "Change preset");
    await says(why(page), /^Reason: missing$/);
    await field(page, "Reason").fill("63, not 66");
    await press(page, "Change preset");
    await says(page.locator(".drawer"), /In force: Ketamine, IV infusion/);
    await assertAccessible(page, "another preset");
    assert.deepEqual(faults, []);
    await page.context().close();
  } finally {
    await closeClinic(clinic);
  }
});

test("readings that make no baseline are refused in words, and what was ticked stays", async () => {
  // Goal: none ticked, too close, too different; another baseline needs a reason.
  await parts.walkedIn;
  const { page, faults } = await openBed("bay-5");
  await startBy(page, "Ketamine, lozenge");
  await press(page, "Same patient: keep the readings");
  const reading = (text) => page.locator(".reading", { hasText: text }).locator("input");
  await page.locator(".reading :checked").nth(1).waitFor();
  // Its own monitor measures, too: what is ticked from here on is chosen.
  await untickAll(page);
  await setTick(reading("126/80"));
  const by = page.locator(".reading", { hasText: "124/79" });
  assert.match(await by.textContent(), /HR 66 +SpO2 .* nurse, aneroid by hand/);
  await press(page, "Accept as baseline");
  await says(why(page), /^Baseline not accepted: Tick two or more/);
  await setTick(reading("160/99"));
  await press(page, "Accept as baseline");
  await says(why(page), /^Baseline not accepted: the ticked pressures differ too much/);
  await setTick(reading("126/80"), false);
  await setTick(reading("124/79"));
  await press(page, "Accept as baseline");
  await says(why(page), /^Baseline not accepted: it takes two readings that count/);
  assert.equal(await reading("160/99").isChecked(), true);
  await assertAccessible(page, "readings that are too close");
  await pressOn(page.locator('[data-drawer="dose"]'));
  await says(page.locator(".gate"), /^Still missing before a dose: an accepted baseline/);
  await field(page, "Amount").fill("100");
  await press(page, "Dose given");
  await says(why(page), /^Dose not given: see what is missing/);
  assert.equal(await field(page, "Amount").inputValue(), "100");
  await assertAccessible(page, "a gate is closed");
  await pressOn(page.locator('[data-drawer="baseline"]'));
  await setTick(reading("160/99"), false);
  await setTick(reading("126/80"));
  await press(page, "Accept as baseline");
  await says(page.locator(".gate"), /Nothing is missing/);
  await pressOn(page.locator('[data-drawer="baseline"]'));
  await says(page.locator(".accepted"), /^Accepted: 125\/80 \(\d+\), HR \d+, /);
  await press(page, "Replace the baseline");
  await says(why(page), /^Why another baseline: missing$/);
  await field(page, "Why another baseline").fill("first cuff was too small");
  await press(page, "Replace the baseline");
  await says(page.locator(".gate"), /Nothing is missing/);
  await pressOn(page.locator('[data-drawer="preset"]'));
  await says(page.locator(".drawer"), /There is no other preset for Ketamine, lozenge/);
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("an infusion is started, paused, resumed and ended", async () => {
  // Goal: what runs is said with its time; a second tap on another button's place does nothing.
  await walkIn("bay-3");
  const { page, faults } = await openBed("bay-3");
  await startBy(page, "Ketamine, IV infusion");
  await press(page, "Same patient: keep the readings");
  await accept(page);
  await field(page, "Amount").fill("35.25");
  await press(page, "Start infusion");
  const line = page.locator(".running-line");
  await says(line, /^Running since \d\d:\d\d, for \d\d:\d\d: 35\.25 mg$/);
  await until("the focus on what runs", () =>
    line.evaluate((it) => it === document.activeElement),
  );
  await assertAccessible(page, "an infusion runs");
  await pressUntil(page, "Pause infusion", line, /^Paused since \d\d:\d\d/);
  await pressUntil(page, "Resume infusion", line, /^Running/);
  await field(page, "Amount given, if not all").fill("36");
  const refused = page.locator(".running .deed:last-child .why");
  await pressUntil(page, "End infusion", refused, /at most what was ordered/);
  await field(page, "Amount given, if not all").fill("30");
  await press(page, "End infusion");
  await says(page.locator(".doses"), /^30 mg, \d\d:\d\d to \d\d:\d\d$/);
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("an IM visit goes from arrival through the dose by keyboard alone", async () => {
  // Goal: each step's drawer comes with the focus in its first field; nothing needs a mouse.
  await walkIn("bay-4");
  const { page, faults } = await openWard(parts.browser, parts.demo.address);
  const keys = async (...all) => {
    for (const key of all) await page.keyboard.press(key);
  };
  const type = (text) => page.keyboard.type(text);
  const focused = (name) =>
    until(`the focus in ${name}`, () =>
      page.evaluate((it) => document.activeElement?.getAttribute("name") === it, name),
    );
  await keys("b");
  const isThere = () => page.evaluate(() => document.activeElement?.dataset.bed === "bay-4");
  for (let beds = 1; beds < 5 && !(await isThere()); beds += 1) await keys("ArrowRight");
  await keys("Enter");
  const start = page.getByRole("button", { name: "Start session", exact: true });
  await start.waitFor();
  // The drawer opened by itself, and took the focus from nobody.
  await page.locator(".start-form .choice").first().waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.id), "view");
  await until("the focus on its button", async () => {
    await keys("Tab");
    return start.evaluate((it) => it === document.activeElement);
  });
  await keys("Enter");
  await focused("reference");
  await type("K-0417");
  await keys("Tab");
  await type("A.B.");
  await keys("Tab");
  await type("700");
  await keys("Tab", "Tab", "Space", "ArrowDown");
  await keys("Enter");
  await says(why(page), /^Weight: 700 is not from 20 to 300 kg$/);
  assert.equal(await page.inputValue("[name=reference]"), "K-0417");
  await field(page, "Weight").focus();
  await page.keyboard.press("Control+A");
  await type("82,5");
  await keys("Enter");
  // Readings came a moment ago: whose are they? Nothing is chosen for the nurse.
  await says(page.locator(".question > p[tabindex]"), /new patient/);
  await until("the question has the focus", () =>
    page.evaluate(() => document.activeElement?.matches(".question > p")),
  );
  assert.equal(await page.inputValue("[name=initials]"), "A.B.");
  await assertAccessible(page, "asked whose readings they are");
  await keys("Tab", "Tab", "Enter");
  await page.locator(".reading :checked").nth(1).waitFor();
  await assertAccessible(page, "baseline");
  await until("the focus on a reading", () =>
    page.evaluate(() => document.activeElement?.matches(".reading input")),
  );
  await keys("Enter");
  await focused("mg");
  await says(page.locator(".panel-who"), /^A\.B\. · K-0417$/);
  await says(page.locator(".panel-facts"), /^82\.5 kg · Ketamine, IM.* baseline \d+\/\d+ \(/);
  await says(page.locator(".gate"), /Nothing is missing/);
  await type("40");
  await keys("Enter");
  await says(page.locator(".undo > p"), /^40 mg entered\. It can be undone for 00:/);
  await keys("Tab", "Tab", "Tab");
  const undo = page.getByRole("button", { name: "Undo: not given", exact: true });
  assert.equal(await undo.evaluate((it) => it === document.activeElement), true);
  await keys("Enter");
  await says(page.locator(".doses"), /^40 mg, \d\d:\d\d, does not count \(nurse\)$/);
  await page.locator(".undo").waitFor({ state: "hidden" });
  await field(page, "Amount").focus();
  await type("41,5");
  await keys("Enter");
  await says(page.locator(".undo > p"), /^41\.5 mg entered/);
  await assertAccessible(page, "dose given");
  assert.deepEqual(faults, []);
  await page.context().close();
});

/** A reading comes while the nurse looks at the others: none of them changes its tick or place. */
async function measuredMeanwhile(page, bed) {
  const nurse = await openApi(parts.demo.address);
  const { session } = await nurse.get(`/beds/${bed}`);
  const taken = new Date(await clinicalMs(nurse)).toISOString();
  const shown = () =>
    page.locator(".reading").evaluateAll((all) =>
      all.map((it) => `${it.querySelector(".pressure").textContent} ${it.control.checked}`),
    );
  const before = await shown();
  const values = { nibp_sys: 127, nibp_dia: 81 };
  await nurse.post(`/sessions/${session.id}/readings`, { method: "aneroid", taken, values });
  await says(page.locator(".reading", { hasText: "127/81" }), /new reading/);
  const after = await shown();
  assert.ok(after.includes("127/81 false"), "it is not ticked by itself");
  // The oldest may have gone out of sight.
  const still = after.filter((it) => before.includes(it));
  assert.deepEqual(after.slice(0, still.length), before.slice(0, still.length));
  assert.ok(still.length >= before.length - 2, `${after}`);
}

test("an esketamine visit: devices one after another, with a rest between", async () => {
  // Goal: three buttons; a device in its rest is refused, and passed on a lead's order by phone.
  await walkIn("bay-1");
  const { page, faults } = await openBed("bay-1");
  await startBy(page, "Esketamine, nasal spray");
  await press(page, "Same patient: keep the readings");
  const device = (n) => page.locator(`[data-device="${n}"]`);
  await page.locator(".reading :checked").nth(1).waitFor();
  await measuredMeanwhile(page, "bay-1");
  // The second half of a double click lands where the devices have just come.
  await pressAtOnce(page, '[data-device="1"]');
  await page.getByRole("button", { name: "Accept as baseline" }).press("Enter");
  await says(why(page), new RegExp(TOO_SOON));
  await field(page, "Lot").fill("<b>L1</b> عربي");
  await says(device(1), /^Give device 1 28 mg$/);
  await assertAccessible(page, "before the first device");
  await field(page, "Lot").press("Enter");
  await says(why(page), /^Press the button of the device/);
  await pressOn(device(1));
  await says(device(1), /^Device 1 given \d\d:\d\d$/);
  await says(device(2), /^Device 2 rest 0[0-4]:\d\d$/);
  await says(device(3), /^Device 3 after the one before$/);
  await says(page.locator(".gate"), /the rest after the last device, until .* left\)$/);
  await pressOn(device(2));
  await says(why(page), /^Dose not given: see what is missing\. On a lead's order by phone/);
  await assertAccessible(page, "a device that rests");
  await field(page, "Reason").fill("sprayed late");
  await pressOn(device(2));
  await says(why(page), /^Ordered by \(phone\): missing$/);
  assert.equal(await field(page, "Reason").inputValue(), "sprayed late");
  await field(page, "Ordered by (phone)").fill("Dr Ode");
  await pressOn(device(2));
  await says(device(2), /^Device 2 given/);
  await says(page.locator(".doses"), /Device 1, 28 mg, lot <b>L1<\/b> عربي/);
  await says(page.locator(".undo > p"), /^Device 2, 28 mg entered/);
  await press(page, "Undo: not given");
  await says(device(2), /^Device 2 rest 0[0-4]:/);
  assert.deepEqual(faults, []);
  await page.context().close();
});
