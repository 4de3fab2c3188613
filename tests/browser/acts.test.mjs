// What people do about a bed: pauses, their countdowns on all screens, and refusals beside the
// button (alarms 4; safety A5). One ward for all tests, in this order.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, openWard, pulses, says } from "./support/browser.mjs";
import { bays, closeClinic, openClinic } from "./support/clinic.mjs";
import { until } from "./support/process.mjs";
import { alarmRow as row, bedTile as tile, chooseBed, isLit, tapped } from "./support/ward.mjs";

let parts;
before(async () => {
  parts = await openClinic(bays(2));
});
after(() => closeClinic(parts));

/** alarms 3: its pulses, and their pitch in Hz. */
const [HIGH_PULSES, HIGH_HZ] = [10, 523];

test("a bed's sound is paused with a countdown and a name on every screen, and ends", async () => {
  // Goal: safety:A5; rows 18 and 19 of alarms 11 as the nurses see them.
  const first = await openWard(parts.browser, parts.service.address);
  const second = await openWard(parts.browser, parts.service.address);
  const before = (await pulses(first.page)).length;
  await parts.monitors.high("bay-1", 205);
  for (const { page } of [first, second]) await row(page, "Systolic 205").waitFor();
  // A technical one may chime before it.
  const burst = async () =>
    (await pulses(first.page))
      .slice(before)
      .filter(({ hz }) => hz === HIGH_HZ)
      .slice(0, HIGH_PULSES);
  await until("one burst of HIGH", async () => (await burst()).length === HIGH_PULSES);
  const gaps = (await burst()).map((p, i, all) => {
    const next = all[i + 1];
    return next === undefined ? null : Math.round(next.atMs - p.atMs - p.lengthMs);
  });
  assert.deepEqual(gaps, [100, 100, 350, 100, 700, 100, 100, 350, 100, null]);
  await chooseBed(first.page, "bay-1");
  await first.page.keyboard.press("p");
  for (const { page } of [first, second]) {
    await says(tile(page, "bay-1").locator(".paused"), /^AUDIO PAUSED 0[0-2]:\d\d nurse$/);
    await says(row(page, "Systolic 205").locator(".notes"), /AUDIO PAUSED 0[0-2]:\d\d nurse/);
    await isLit(row(page, "Systolic 205"), "steady");
  }
  await assertAccessible(second.page, "paused");
  await chooseBed(second.page, "bay-1");
  await second.page.click("#act-audio");
  for (const { page } of [first, second]) {
    await tile(page, "bay-1").locator(".paused").waitFor({ state: "hidden" });
    await isLit(row(page, "Systolic 205"), "flashing");
  }
  assert.deepEqual([...first.faults, ...second.faults], []);
  await first.page.context().close();
  await second.page.context().close();
});

test("p pauses the bed of the alarm that a person is on, on another bed's page, too", async () => {
  // Goal: Dashboard HMI 10: the one bed is that of the focus.
  const { page, faults } = await openWard(parts.browser, parts.service.address);
  await parts.monitors.high("bay-2", 206);
  await row(page, "Systolic 206").waitFor();
  await tile(page, "bay-2").press("Enter");
  await page.locator(".bed-page").waitFor();
  await row(page, "Systolic 205").focus();
  // Several paints later the page still shows bay 2.
  await says(page.locator("#last-update"), /[1-9] s ago$/);
  await says(page.locator("#bed-chosen"), /Bay 2/);
  await page.keyboard.press("p");
  await says(row(page, "Systolic 205").locator(".notes"), /AUDIO PAUSED 0[0-2]:\d\d nurse/);
  assert.equal(await row(page, "Systolic 206").getAttribute("data-light"), "flashing");
  await page.keyboard.press("b");
  await chooseBed(page, "bay-1");
  await page.click("#act-audio");
  await tile(page, "bay-1").locator(".paused").waitFor({ state: "hidden" });
  await parts.monitors.calm("bay-2");
  // It is over, so it goes with the answer.
  const over = row(page, "Systolic 206");
  await tapped(over.locator(".acknowledge"), async () => (await over.count()) === 0);
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("what can't be done is refused beside its button, and what was typed stays", async () => {
  // Goal: the reason is read where the act was tried.
  const { page, faults } = await openWard(parts.browser, parts.service.address);
  await chooseBed(page, "bay-2");
  await page.click("#act-audio");
  await says(page.locator("#bed-why"), /^Sound not paused: nothing sounds on this bed/);
  await chooseBed(page, "bay-1");
  // Another bed, another matter.
  await page.locator("#bed-why").waitFor({ state: "hidden" });
  await page.click("#act-standby");
  await page.fill("#bed-reason", "bed is being cleaned");
  await page.click("#bed-send");
  await says(page.locator("#bed-why"), /^No stand-by: a HIGH alarm of this bed/);
  assert.equal(await page.inputValue("#bed-reason"), "bed is being cleaned");
  await assertAccessible(page, "refused");
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("sensor care asks why, and shows its countdown", async () => {
  // Goal: row:26 of alarms 11: an alarm pause needs a reason, and technical alarms stay.
  const { page, faults } = await openWard(parts.browser, parts.service.address);
  await chooseBed(page, "bay-1");
  await page.click("#act-alarms");
  await page.click("#bed-send");
  await says(page.locator("#bed-why"), /^Alarms not paused: /);
  await page.fill("#bed-reason", "moving the cuff");
  await page.keyboard.press("Enter");
  await says(tile(page, "bay-1").locator(".paused"), /ALARM PAUSED 0[0-2]:\d\d/);
  await says(row(page, "Systolic 205").locator(".notes"), /ALARM PAUSED 0[0-2]:\d\d/);
  await page.click("#act-alarms");
  await tile(page, "bay-1").locator(".paused").waitFor({ state: "hidden" });
  await isLit(row(page, "Systolic 205"), "flashing");
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("an empty room is in stand-by until a person ends it", async () => {
  // Goal: row:32 of alarms 11, without a session: who, why and since when.
  const { page, faults } = await openWard(parts.browser, parts.service.address);
  await parts.monitors.signals("bay-2");
  await chooseBed(page, "bay-2");
  await page.click("#act-standby");
  await page.fill("#bed-reason", "<b>cleaning</b>");
  await page.click("#bed-send");
  const paused = tile(page, "bay-2").locator(".paused");
  await says(paused, /^STAND-BY since \d\d:\d\d nurse: <b>cleaning<\/b>$/);
  await page.click("#act-standby");
  await paused.waitFor({ state: "hidden" });
  assert.deepEqual(faults, []);
  await page.context().close();
});
