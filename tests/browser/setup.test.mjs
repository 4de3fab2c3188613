// The page Setup (issue 5, item 7; alarms, Dashboard HMI 4, 7, 8): read by a lead or an admin.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  assertAccessible,
  DESK,
  logIn,
  openPage,
  openWard,
  press,
  says,
} from "./support/browser.mjs";
import { bays, closeClinic, openClinic } from "./support/clinic.mjs";
import { cuff } from "./support/monitors.mjs";
import { until } from "./support/process.mjs";

let parts;
before(async () => {
  parts = await openClinic(bays(1), { roles: ["nurse", "lead"] });
});
after(() => closeClinic(parts));

const tab = (page, name) => press(page.locator(".setup-tabs button", { hasText: name }));

test("a nurse is told whom to ask, and nothing of the setup is in the page", async () => {
  // safety:X1
  const { page, faults } = await openWard(parts.browser, parts.service.address);
  await page.click('#places a[href="/setup"]');
  await says(page.locator(".setup-page .why:visible"), /Only a lead or an admin/);
  assert.equal(await page.locator(".setup-page button:visible, .limits-table td").count(), 0);
  await assertAccessible(page, "a nurse's setup");
  await page.click('#places a[href="/"]');
  const tile = page.locator(".tile");
  await until("the ward fills its place", async () => (await tile.boundingBox()).width > 800);
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("a lead reads limits with their sources, links, screens and the configuration", async () => {
  // Goal: clinical 2.3: who approves the limits sees where each number comes from.
  const { page, faults } = await openPage(parts.browser, `${parts.service.address}/setup`);
  await logIn(page, "lead");
  const rows = page.locator(".limits-table tbody tr");
  await rows.first().waitFor();
  await says(page.locator(".approval"), /^LIMITS NOT APPROVED$/);
  const first = await rows.first().locator("td").allTextContents();
  assert.deepEqual(first.slice(0, 3), ["B1", "Systolic", "≥ 200 mmHg"]);
  assert.deepEqual(first.slice(5), ["!!! HIGH", "all", "[AHA24]"]);
  await assertAccessible(page, "limits");

  await tab(page, "Devices");
  await parts.monitors.send("bay-1", "cuff-1", [cuff(130, 80)]);
  await says(page.locator(".bed-links"), /Bay 1.*cuff-1 online/);
  await assertAccessible(page, "devices");
  await tab(page, "Screens and boards");
  await says(page.locator(".setup-screens"), /Nurse station \(station\)leadwatching, 1 bedson/);
  assert.equal(await page.getByRole("button", { name: "Get a code" }).isVisible(), false);
  await assertAccessible(page, "screens");
  await tab(page, "Effective");
  await says(page.locator(".setup-page pre"), /Site test-clinic/);
  await assertAccessible(page, "configuration");

  await page.goto(parts.service.address);
  await page.locator(".tile").waitFor();
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("a measured line tells from how far the ward's numbers can be read", async () => {
  // Goal: alarms, Dashboard HMI 4: a millimetre of a browser is none.
  const { page, faults } = await openWard(parts.browser, parts.service.address, DESK, "lead");
  const number = page.locator(".tile .number").first();
  await number.waitFor();
  const px = await number.evaluate((e) => {
    const pen = document.createElement("canvas").getContext("2d");
    const { fontWeight, fontSize, fontFamily } = getComputedStyle(e);
    pen.font = `${fontWeight} ${fontSize} ${fontFamily}`;
    return pen.measureText("0").actualBoundingBoxAscent;
  });
  await page.click('#places a[href="/setup"]');
  await tab(page, "This computer");
  const length = page.getByLabel("Length of the line in mm");
  await length.fill("5");
  await says(page.locator(".setup-page .why:visible"), /from 20 to 2000 mm/);
  await length.fill("200");
  const told = page.locator(".ruler-told");
  const line = await page.locator(".ruler-line").boundingBox();
  const mm = ((px * 200) / line.width).toFixed(1);
  await says(told, new RegExp(`saturation: ${mm} mm high`));
  await says(told, new RegExp(`at the most from ${((px * 200) / line.width / 5).toFixed(1)} m`));
  assert.equal(await length.evaluate((e) => e === document.activeElement), true, "focus stays");
  await assertAccessible(page, "ruler");
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("a lead reads how fast the newest alarms went out", async () => {
  // Goal: alarms 6; safety U5: measured, shown, and what comes on top is said.
  const { page, faults } = await openPage(parts.browser, `${parts.service.address}/setup`);
  await logIn(page, "lead");
  await page.locator(".setup-tabs").waitFor();
  await tab(page, "Devices");
  const delays = page.locator(".alarm-delays");
  await says(delays, /No alarm has come from a reading/);
  await parts.monitors.high("bay-1", 211);
  await says(delays, /Newest: [\d.]+ ms \(read .*, judged .*, written down .*, sent .*\)\./);
  await says(delays, /Newest \d+: median [\d.]+ ms, longest [\d.]+ ms\..*the next cuff reading/);
  await assertAccessible(page, "delays");
  assert.deepEqual(faults, []);
  await page.context().close();
});
