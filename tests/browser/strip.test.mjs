// The alarm strip with more alarms than it holds: what is hidden is said, what was not shown is not
// receipted, and what is typed on it is for what stood there. One ward for all tests, in this
// order.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openApi } from "./support/api.mjs";
import { assertAccessible, eventually, openWard, painted, says } from "./support/browser.mjs";
import { bays, closeClinic, openClinic } from "./support/clinic.mjs";
import { until } from "./support/process.mjs";
import { acknowledge, alarmRow as row } from "./support/ward.mjs";
import { leasesOf } from "./support/watching.mjs";

const BEDS = bays(9);

let parts;
before(async () => {
  parts = await openClinic(BEDS);
});
after(() => closeClinic(parts));

const pass = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const ofBed = (page, bed, text) => row(page, text).filter({ hasText: bed });
async function typeReason(alarm, page, text) {
  await alarm.locator(".with-reason").click();
  await alarm.locator(".reasons button", { hasText: "Other" }).click();
  await page.keyboard.type(text);
}

test("a strip that can't hold all its alarms says which it hides, and shows them", async () => {
  // Goal: alarms, Dashboard HMI 2: nothing HIGH or MEDIUM is below the fold unsaid.
  const { page, faults } = await openWard(parts.browser, parts.service.address);
  for (const { id } of BEDS.slice(4)) await parts.monitors.high(id, 201);
  const more = page.locator("#more-alarms");
  await eventually(() => row(page, "Systolic 201").count(), 5, "all stand");
  // New ones are told aloud by the next but one, for these may have been in sight for a moment.
  await says(more, /↓ \d+ more: \d HIGH/);
  const last = page.locator(".alarm").last();
  const top = /^↑ \d+ more: \d HIGH/;
  await until("the last is in sight", async () => {
    const [inner, outer] = [await last.boundingBox(), await page.locator("#alarms").boundingBox()];
    if (inner.y < outer.y + outer.height && top.test(await more.textContent())) return true;
    await more.click();
    await painted(page);
    return false;
  });
  await until("the first again", async () => {
    if (/^↓/.test(await more.textContent())) return true;
    await more.click();
    await painted(page);
    return false;
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
  // Without a pause, for with one the keys are meant: the page's time is slow, so that no stall of
  // a busy machine is one.
  await page.evaluate(() => {
    const now = performance.now.bind(performance);
    const from = now();
    performance.now = () => from + (now() - from) / 20;
    globalThis.quicken = () => (performance.now = now);
  });
  const typing = (async () => {
    while ((await mine.locator(".reasons").count()) > 0) await page.keyboard.type("as ");
    await page.keyboard.type("as treated, p", { delay: 40 });
  })();
  await acknowledge(ofBed(second.page, "Bay 5", "Systolic 201"));
  await typing;
  await pass(500);
  const acked = page.locator("#alarms .acked:visible");
  await eventually(() => acked.count(), 1, "theirs");
  assert.equal(await page.locator(".paused:not([hidden])").count(), 0);
  await page.evaluate(() => globalThis.quicken());
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
  await parts.monitors.low("bay-2", 84);
  const alarm = row(page, "Bay 2");
  await ofBed(page, "Bay 2", "Systolic 84").waitFor();
  await typeReason(alarm, page, "cuff too large");
  await parts.monitors.measure("bay-2", 75, 50);
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
  const api = await openApi(parts.service.address);
  const leases = leasesOf(page);
  await page.click('#places a[href="/alarms"]');
  const list = page.locator("#alarms");
  const rows = async () => {
    const one = await page.locator(".alarm").first().boundingBox();
    return Math.round((await list.boundingBox()).height / one.height);
  };
  await until("three rows for the many HIGH", async () => (await rows()) === 3);
  await parts.monitors.low("bay-3", 83);
  const alarm = row(page, "Systolic 83");
  await alarm.waitFor({ state: "attached" });
  const begun = leases.length;
  const known = async () => {
    const { items } = await api.get("/alarms?state=present");
    return items.find((one) => one.text.startsWith("Systolic 83"));
  };
  const more = page.locator("#more-alarms");
  await says(more, /^NEW ALARM ↓ \d+ more: .*MEDIUM/);
  const { seq } = await known();
  await until("a lease", () => leases.length > begun);
  const told = [...leases];
  // Within 4 s, or it has gone on to its next step, because nobody had shown it.
  const hasGoneOn = (await known()).escalation > 0;
  assert.ok(hasGoneOn || told.every(({ seen }) => seen < seq), "not receipted");
  await until("it is in sight", async () => {
    await more.click();
    const [inner, outer] = [await alarm.boundingBox(), await list.boundingBox()];
    return inner.y > outer.y - 8 && inner.y < outer.y + outer.height / 2 + inner.height;
  });
  await until("a receipt", () => leases.some(({ seen }) => seen >= seq));
  await parts.monitors.high("bay-3", 212);
  await row(page, "Systolic 212").waitFor();
  await until("the top again", () => list.evaluate((e) => e.scrollTop === 0));
  await assertAccessible(page, "out of sight");
  assert.deepEqual(faults, []);
  await page.context().close();
});
