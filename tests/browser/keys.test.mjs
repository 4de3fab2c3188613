// The keyboard on every view (alarms, Dashboard HMI 10; issue 5, item 8): what a key does, where it
// does nothing, and the way back to the ward.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, openWard } from "./support/browser.mjs";
import { bays, closeClinic, openClinic } from "./support/clinic.mjs";
import { until } from "./support/process.mjs";
import { alarmRow } from "./support/ward.mjs";

const BEDS = bays(4);

let parts;
before(async () => {
  parts = await openClinic(BEDS);
});
after(() => closeClinic(parts));

const at = (page) => new URL(page.url()).pathname;
const focused = (page, attribute) =>
  page.evaluate((name) => document.activeElement.getAttribute(name), attribute);

test("a bed is opened, its sound paused and the way back found by keys alone", async () => {
  // Goal: alarms, Dashboard HMI 10.
  const { page, faults } = await openWard(parts.browser, parts.service.address);
  await parts.monitors.high("bay-3", 205);
  await alarmRow(page, "Systolic 205").waitFor();
  await page.keyboard.press("b");
  for (const key of ["ArrowRight", "ArrowLeft", "ArrowDown"]) await page.keyboard.press(key);
  assert.equal(await focused(page, "data-bed"), "bay-3");
  await page.keyboard.press("Enter");
  await page.locator(".bed-page .tile").waitFor();
  assert.equal(at(page), "/beds/bay-3");
  await page.keyboard.press("p");
  await page.locator(".bed-page .paused", { hasText: "AUDIO PAUSED" }).waitFor();
  await page.keyboard.press("s");
  await page.keyboard.press("a");
  await page.locator(".alarm .acked", { hasText: "nurse" }).waitFor();
  await page.keyboard.press("Escape");
  assert.equal(at(page), "/");
  assert.equal(await focused(page, "data-bed"), "bay-3", "where one came from");
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("while a person types or chooses in a field, no key is a command", async () => {
  // Goal: alarms, Dashboard HMI 10.
  const { page, faults } = await openWard(parts.browser, parts.service.address);
  await page.click('#places a[href="/alarms"]');
  const select = page.locator(".history-filter select").first();
  await select.focus();
  for (const key of ["s", "b", "?", "Escape"]) await page.keyboard.press(key);
  assert.equal(at(page), "/alarms");
  assert.equal(await select.evaluate((e) => e === document.activeElement), true);
  assert.equal(await page.locator("#help").evaluate((e) => e.open), false);
  await page.locator("#view").focus();
  await page.keyboard.press("b");
  assert.equal(at(page), "/");
  assert.equal(await focused(page, "data-bed"), "bay-1");
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("the help tells all keys; the first stop of Tab leads to the alarms", async () => {
  // Goal: WCAG 2.4.1, and an alarm strip that one key reaches.
  const { page, faults } = await openWard(parts.browser, parts.service.address);
  await page.keyboard.press("?");
  const keys = await page.locator("#help dl:visible dt").allTextContents();
  assert.deepEqual(keys.sort(), ["?", "A", "Enter", "Escape", "a", "b", "p", "s"]);
  await assertAccessible(page, "help");
  await page.keyboard.press("Escape");
  await page.locator("#help").waitFor({ state: "hidden" });
  await page.locator("#places a").first().focus();
  await page.keyboard.press("Shift+Tab");
  assert.match(await page.evaluate(() => document.activeElement.textContent), /^To the alarms/);
  await assertAccessible(page, "the first stop");
  await page.keyboard.press("Enter");
  await until("an alarm or their list", () =>
    page.evaluate(() => document.activeElement.closest("#alarms") !== null));
  assert.equal(at(page), "/");
  assert.deepEqual(faults, []);
  await page.context().close();
});
