// The alarm strip with more alarms than it holds: what is hidden is said, what was not shown is not
// receipted, and what is typed on it is for what stood there. One ward for all tests, in this
// order.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, openWard, says } from "./support/browser.mjs";
import { bays, closeClinic, openClinic } from "./support/clinic.mjs";
import { cuff } from "./support/monitors.mjs";
import { until } from "./support/process.mjs";

const BEDS = bays(9);
/** A row that has just moved takes no tap. */
const RESTED_MS = 350;

let parts;
before(async () => {
  parts = await openClinic(BEDS);
});
after(() => closeClinic(parts));

const pass = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const device = (bed) => `cuff-${bed.slice(4)}`;
const high = (bed, sys) => parts.monitors.send(bed, device(bed), [cuff(sys, 100)]);
async function low(bed, sys) {
  for (const agoS of [40, 20]) {
    await parts.monitors.send(bed, device(bed), [cuff(sys, 60, agoS)]);
  }
}

const row = (page, text) => page.locator(".alarm", { hasText: text });
const ofBed = (page, bed, text) => row(page, text).filter({ hasText: bed });
/** Rows that have just moved take no tap, so it is given until it was taken. */
const tapped = (button, isTaken) =>
  until("the tap was taken", async () => {
    if (await isTaken()) return true;
    await pass(RESTED_MS);
    if (await button.isVisible()) await button.click({ timeout: 1_000 }).catch(() => {});
    return false;
  });
async function typeReason(alarm, page, text) {
  await alarm.locator(".with-reason").click();
  await alarm.locator(".reasons button", { hasText: "Other" }).click();
  await page.keyboard.type(text);
}

test("a strip that can't hold all its alarms says which it hides, and shows them", async () => {
  // Goal: alarms, Dashboard HMI 2: nothing HIGH or MEDIUM is below the fold unsaid.
  const { page, faults } = await openWard(parts.browser, parts.service.address);
  for (const bed of ["bay-5", "bay-6", "bay-7", "bay-8", "bay-9"]) await high(bed, 201);
  const more = page.locator("#more-alarms");
  await until("all stand", async () => (await row(page, "Systolic 201").count()) === 5);
  await says(more, /^NEW ALARM ↓ \d+ more: \d HIGH/);
  const last = page.locator(".alarm").last();
  await until("the last is in sight", async () => {
    await more.click();
    const [inner, outer] = [await last.boundingBox(), await page.locator("#alarms").boundingBox()];
    return inner.y < outer.y + outer.height;
  });
  await says(more, /^↑ \d+ more: \d HIGH/);
  await until("the first again", async () => {
    await more.click();
    return /^↓/.test(await more.textContent());
  });
  await assertAccessible(page, "many");
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("what is typed on after another screen has answered is no command", async () => {
  // Goal: row:17 of alarms 11. "s" and "a" of the text would acknowledge the most urgent alarm.
  const first = await openWard(parts.browser, parts.service.address);
  const second = await openWard(parts.browser, parts.service.address);
  const { page } = first;
  const mine = ofBed(page, "Bay 5", "Systolic 201");
  await typeReason(mine, page, "w");
  const theirs = ofBed(second.page, "Bay 5", "Systolic 201");
  await tapped(theirs.locator(".acknowledge"), () => theirs.locator(".acked").isVisible());
  await mine.locator(".reasons").waitFor({ state: "detached" });
  const answered = () => page.locator(".acked:not([hidden])").count();
  const before = await answered();
  await page.keyboard.type("as treated, p", { delay: 40 });
  await pass(500);
  assert.equal(await answered(), before);
  assert.equal(await page.locator(".paused:not([hidden])").count(), 0);
  await pass(1_000);
  await page.keyboard.press("s");
  const top = page.locator(".alarm").first();
  assert.equal(await top.evaluate((e) => e === document.activeElement), true, "now it is meant");
  assert.deepEqual([...first.faults, ...second.faults], []);
  await second.page.context().close();
  await page.context().close();
});

test("a typed reason is for what stood there when it was begun", async () => {
  // Goal: row:16 of alarms 11: it rises while the reason is typed; the next Enter is for that.
  const { page, faults } = await openWard(parts.browser, parts.service.address);
  await low("bay-2", 84);
  const alarm = page.locator(".alarm", { hasText: "Bay 2" });
  await ofBed(page, "Bay 2", "Systolic 84").waitFor();
  await typeReason(alarm, page, "cuff too large");
  await parts.monitors.send("bay-2", "cuff-2", [cuff(75, 50)]);
  await ofBed(page, "Bay 2", "Systolic 75").waitFor();
  await page.keyboard.press("Enter");
  await says(alarm.locator(".notes"), /it changed since you looked/);
  assert.equal(await alarm.locator(".acked").isVisible(), false);
  assert.equal(await alarm.locator(".reasons input").inputValue(), "cuff too large");
  await until("taken", async () => {
    await page.keyboard.press("Enter");
    return alarm.locator(".acked").isVisible();
  });
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("an alarm that is out of sight is said aloud, and counts as seen when it is", async () => {
  // Goal: safety:F8: on a view without tiles a count is no alarm shown.
  const narrow = { width: 1100, height: 800 };
  const { page, faults } = await openWard(parts.browser, parts.service.address, narrow);
  const leases = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/lease")) leases.push(request.postDataJSON());
  });
  await page.click('#places a[href="/alarms"]');
  const list = page.locator("#alarms");
  const rows = async () => {
    const one = await page.locator(".alarm").first().boundingBox();
    return Math.round((await list.boundingBox()).height / one.height);
  };
  await until("three rows for the many HIGH", async () => (await rows()) === 3);
  await low("bay-3", 83);
  const alarm = row(page, "Systolic 83");
  await alarm.waitFor({ state: "attached" });
  const begun = leases.length;
  const more = page.locator("#more-alarms");
  await says(more, /^NEW ALARM ↓ \d+ more: .*MEDIUM/);
  await assertAccessible(page, "out of sight");
  const seq = await page.evaluate(async () => {
    const { items } = await (await fetch("/api/v1/alarms?state=present")).json();
    return items.find((one) => one.text.startsWith("Systolic 83")).seq;
  });
  await until("a lease", () => leases.length > begun);
  assert.ok(leases.every(({ seen }) => seen < seq), "not receipted");
  await until("it is in sight", async () => {
    await more.click();
    const [inner, outer] = [await alarm.boundingBox(), await list.boundingBox()];
    return inner.y > outer.y - 8 && inner.y < outer.y + outer.height / 2 + inner.height;
  });
  await until("a receipt", () => leases.some(({ seen }) => seen >= seq));
  await high("bay-3", 212);
  await row(page, "Systolic 212").waitFor();
  await until("the top again", () => list.evaluate((e) => e.scrollTop === 0));
  assert.deepEqual(faults, []);
  await page.context().close();
});
