// How bright the page is (alarms, Dashboard HMI 11): dimmed in steps for a dark room, legible in
// each, and never where an alarm is.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, hearSound, openWard, painted, says } from "./support/browser.mjs";
import { bays, closeClinic, openClinic } from "./support/clinic.mjs";
import { go } from "./support/drawers.mjs";
import { luminance } from "./support/pictures.mjs";
import { alarmRow, bedTile } from "./support/ward.mjs";

/** alarms, Dashboard HMI 11, and the white of a usual screen, in cd/m2. */
const [DARKEST, WHITE] = [3, 250];

let parts;
before(async () => {
  parts = await openClinic(bays(4), { roles: ["lead"] });
  Object.assign(parts, await openWard(parts.browser, parts.service.address, undefined, "lead"));
  // It goes on sending: a value that is missed would be an alarm, which is never dimmed.
  parts.beat = setInterval(() => void parts.monitors.signals("bay-4"), 1_000);
});
after(async () => {
  clearInterval(parts?.beat);
  await closeClinic(parts);
});

const button = (page) => page.locator("#light");
async function dimTo(page, level) {
  await button(page).click();
  assert.equal(await button(page).getAttribute("aria-label"), `Brightness: ${level}`);
  await painted(page);
}

/** What the ward gives on average, in cd/m2: alarms stand above it. */
const lightOf = async (page) =>
  WHITE * (await luminance(parts.browser, await page.locator("#ward").screenshot()));

/** At each level, in one moment: every colour of what is found there. */
function coloursOf(page, selector) {
  return page.evaluate((what) => {
    const { dataset } = document.documentElement;
    const kept = dataset.dim;
    const found = ["", "dim", "dark"].map((level) => {
      if (level === "") delete dataset.dim;
      else dataset.dim = level;
      return [...document.querySelectorAll(what)].map((part) => {
        const { color, backgroundColor, borderColor } = getComputedStyle(part);
        return [part.getAttribute("class"), color, backgroundColor, borderColor];
      });
    });
    dataset.dim = kept;
    return found;
  }, selector);
}

test("the page is dimmed in steps, is legible in each, and stays so", async () => {
  // Goal: Dashboard HMI 11; AA by axe, on each kind of page.
  const { page } = parts;
  await says(bedTile(page, "bay-4").locator('[data-metric="spo2"]'), /^97$/);
  const { width, height } = await button(page).boundingBox();
  assert.ok(width >= 44 && height >= 44, `${width} x ${height}`);
  const light = [await lightOf(page)];
  for (const level of ["dim", "dark"]) {
    await dimTo(page, level);
    light.push(await lightOf(page));
  }
  const told = `${light.map((each) => each.toFixed(1))} cd/m2`;
  assert.ok(light[0] > 1.3 * light[1] && light[1] > 1.3 * light[2], told);
  assert.ok(light[2] <= DARKEST, told);
  await dimTo(page, "full");
  for (const level of ["dim", "dark"]) {
    await dimTo(page, level);
    for (const place of ["/beds/bay-1", "/alarms", "/setup", "/"]) {
      await go(page, place);
      await painted(page);
      await assertAccessible(page, `${level}, ${place}`);
    }
  }
  await page.reload();
  await bedTile(page, "bay-4").waitFor();
  assert.equal(await button(page).getAttribute("aria-label"), "Brightness: dark", "it is kept");
  await hearSound(page);
});

test("no alarm is dimmed, and no CONNECTION LOST", async () => {
  // Goal: Dashboard HMI 11, the floor: row and tile are painted as at full brightness.
  const { page, faults } = parts;
  await parts.monitors.measure("bay-2", 205, 100);
  await alarmRow(page, "Systolic 205").waitFor();
  await bedTile(page, "bay-2").locator(".tile-alarm").waitFor();
  await says(bedTile(page, "bay-2").locator('[data-metric="nibp_sys"]'), /^205$/);
  await assertAccessible(page, "dark, with an alarm");
  const alarms = ".alarm, .alarm *, #alarm-count, .tile[data-priority], .tile[data-priority] *";
  const [full, dim, dark] = await coloursOf(page, alarms);
  assert.ok(full.length > 50, "row and tile are there");
  assert.deepEqual(dim, full);
  assert.deepEqual(dark, full);
  const [bright, ...others] = await coloursOf(page, '[data-bed="bay-1"] .bed-label');
  for (const other of others) assert.notDeepEqual(other, bright, "what alarms not is dimmed");
  await parts.service.kill();
  const lost = page.locator("#connection-lost");
  await lost.waitFor();
  const [white, ...dimmed] = await coloursOf(page, "#connection-lost, #connection-lost *");
  assert.equal(white[0][1], "rgb(255, 255, 255)");
  for (const other of dimmed) assert.deepEqual(other, white);
  await assertAccessible(page, "dark, lost");
  assert.deepEqual(faults, []);
});
