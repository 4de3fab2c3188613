// The whole simulated clinic in one command, as a visitor sees it at a desk and on a wall.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  assertAccessible,
  assertLaidOut,
  DESK,
  launch,
  openWard,
  says,
  WALL,
} from "./support/browser.mjs";
import { startDemo } from "./support/process.mjs";
import { alarmRow, bedTile } from "./support/ward.mjs";

/** The story's first alarm comes 25 clinical seconds after the opening. */
const SPEED = "4";

let browser;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser?.close();
});

test("a simulated clinic is marked on the page and every tile, and its alarm is seen", async () => {
  // Goal: U-marks of a demo, and that nothing is cut or covered while alarms come.
  const demo = await startDemo("--speed", SPEED);
  try {
    const desk = await openWard(browser, demo.address, DESK);
    const wall = await openWard(browser, demo.address, WALL);
    for (const { page } of [desk, wall]) {
      assert.equal(await page.locator("[data-bed]").count(), 5);
      assert.match(await page.locator("#simulated").textContent(), /SIMULATED.*not real patients/);
      assert.equal(await page.locator(".sim-tag").count(), 5);
      for (const tag of await page.locator(".sim-tag").all())
        assert.equal(await tag.innerText(), "SIMULATED");
      assert.equal(await page.locator("#not-approved").textContent(), "LIMITS NOT APPROVED");
      await assertLaidOut(page, "opening");
    }
    const repeat = alarmRow(desk.page, "Systolic 186");
    await repeat.waitFor();
    assert.equal(await repeat.locator(".word").textContent(), "MEDIUM");
    await says(repeat.locator(".notes"), /^re-cuff now 0\d:\d\d/);
    await says(bedTile(desk.page, "bay-2").locator(".advisories"), /repeat BP/i);
    // Receipts came: a screen that is watched is no reason to call anybody else (safety:F8).
    assert.equal(await repeat.getAttribute("data-escalated"), null);
    for (const { page } of [desk, wall]) {
      await bedTile(page, "bay-2").locator(".tile-alarm").waitFor();
      await assertLaidOut(page, "MEDIUM");
      await assertAccessible(page, "MEDIUM");
    }
    const alarm = desk.page.locator(".alarm[data-escalated]", { hasText: "Bay 2" });
    await alarm.waitFor({ timeout: 60_000 });
    await says(alarm.locator(".notes"), /E1: still unanswered/);
    const widthOf = (locator) => locator.evaluate((e) => e.getBoundingClientRect().width);
    const list = await widthOf(desk.page.locator("#alarms"));
    assert.ok((await widthOf(alarm)) > 0.95 * list, "E1: the whole width (alarms 12)");
    await assertLaidOut(desk.page, "escalated");
    await assertAccessible(desk.page, "escalated");
    for (const { page, faults } of [desk, wall]) {
      assert.deepEqual(faults, []);
      await page.context().close();
    }
  } finally {
    await demo.kill();
  }
});

for (const beds of [12, 24]) {
  test(`${beds} beds fit on a desk and on a wall`, async () => {
    // Goal: nothing that must be read leaves its tile, is cut, or stands over something else.
    const demo = await startDemo("--beds", String(beds));
    try {
      for (const viewport of [DESK, WALL]) {
        const { page, faults } = await openWard(browser, demo.address, viewport);
        assert.equal(await page.locator("[data-bed]").count(), beds);
        await assertLaidOut(page, `${beds} beds at ${viewport.width}`);
        await assertAccessible(page, `${beds} beds at ${viewport.width}`);
        assert.equal(await page.locator(".sim-tag").first().isVisible(), true);
        assert.deepEqual(faults, []);
        await page.context().close();
      }
    } finally {
      await demo.kill();
    }
  });
}
