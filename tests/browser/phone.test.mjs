// A phone: reading and acknowledging, and nothing else (alarms, Dashboard HMI 12). One ward for all
// tests, in this order.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  assertAccessible,
  assertLaidOut,
  eventually,
  openWard,
  press,
  says,
} from "./support/browser.mjs";
import { bays, closeClinic, openClinic } from "./support/clinic.mjs";
import { until } from "./support/process.mjs";
import { acknowledge, alarmRow as row, bedTile, chooseBed, tapped } from "./support/ward.mjs";

const PHONE = { width: 390, height: 844 };
const BEDS = bays(4);
/** Dashboard HMI 4: 10 mm. */
const TOUCH_PX = 44;

let parts;
before(async () => {
  parts = await openClinic(BEDS);
});
after(() => closeClinic(parts));

/** Nothing is wider than the phone, and what is to be tapped is large enough. */
async function assertFits(page, when) {
  const misfits = () => page.evaluate((touch) => {
    const found = [];
    if (document.documentElement.scrollWidth > innerWidth) found.push("the page is too wide");
    for (const one of document.querySelectorAll("button, a[href], select, .tile, .alarm, p")) {
      const { left, right, height, width } = one.getBoundingClientRect();
      if (width === 0 || one.closest(".unseen")) continue;
      const name = `${one.tagName} ${one.id} ${one.className} "${one.textContent.trim()}"`;
      if (left < -1 || right > innerWidth + 1) found.push(`${name} is cut: ${left} to ${right}`);
      const isTapped = one.matches("button, a[href], select");
      if (isTapped && height < touch) found.push(`${name} is ${height} high`);
    }
    return found;
  }, TOUCH_PX);
  await eventually(misfits, [], when);
}

test("the ward is one column below the alarms, with the age of what is shown", async () => {
  // Goal: the strip comes first, the tiles scroll, and all of them can be reached.
  const { page, faults } = await openWard(parts.browser, parts.service.address, PHONE);
  await parts.monitors.signals("bay-1");
  await parts.monitors.high("bay-1", 205);
  await row(page, "Systolic 205").waitFor();
  await says(page.locator("#last-update"), /^last update \d s ago$/);
  const boxes = await page
    .locator(".tile")
    .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
  assert.equal(new Set(boxes.map(({ left }) => left)).size, 1, "one column");
  const strip = await page.locator("#alarm-strip").boundingBox();
  await until("the tiles are below it", async () => {
    const [below, above] = [bedTile(page, "bay-1"), page.locator("#alarm-strip")];
    const [tile, over] = [await below.boundingBox(), await above.boundingBox()];
    return tile.y >= over.y + over.height;
  });
  await assertFits(page, "the ward");
  await assertAccessible(page, "the ward");
  const last = bedTile(page, "bay-4");
  await until("it is reached whole", async () => {
    await last.scrollIntoViewIfNeeded();
    const { y, height } = await last.boundingBox();
    return y >= strip.y + strip.height - 1 && y + height <= PHONE.height + 1;
  });
  await assertLaidOut(page, "the tiles");
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("an alarm is acknowledged by a tap, or with a reason", async () => {
  // Goal: read and acknowledge; no pause is offered.
  const { page, faults } = await openWard(parts.browser, parts.service.address, PHONE);
  await parts.monitors.high("bay-2", 206);
  const button = row(page, "Systolic 205").locator(".acknowledge");
  const { width } = await button.boundingBox();
  assert.ok(width >= PHONE.width / 2, "it is not missed");
  await acknowledge(row(page, "Systolic 205"));
  await says(row(page, "Systolic 205").locator(".acked"), /^ACK nurse \d\d:\d\d:\d\d$/);
  const other = row(page, "Systolic 206");
  await other.locator(".with-reason").click();
  await assertFits(page, "the reasons");
  await assertAccessible(page, "the reasons");
  const treated = other.locator("button", { hasText: "Treated" });
  await tapped(treated, () => other.locator(".acked").isVisible());
  await says(other.locator(".acked"), /· treated$/);
  for (const act of ["#act-audio", "#act-alarms", "#act-standby"])
    assert.equal(await page.locator(act).isVisible(), false, act);
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("a bed can be read, and for its session the page names a station", async () => {
  // Goal: no limit and no form of a session on a phone.
  const { page, faults } = await openWard(parts.browser, parts.service.address, PHONE);
  await chooseBed(page, "bay-1");
  await page.locator("#bed-chosen").click();
  const panel = page.locator(".panel");
  await panel.waitFor();
  await panel.locator(".phone-only").waitFor();
  assert.equal(await panel.locator(".drawer-tabs").isVisible(), false);
  assert.equal(await panel.locator("form, input, select").locator("visible=true").count(), 0);
  await assertFits(page, "the bed");
  await assertAccessible(page, "the bed");
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("the history is read on a phone", async () => {
  const { page, faults } = await openWard(parts.browser, parts.service.address, PHONE);
  await page.click('#places a[href="/alarms"]');
  const line = page.locator(".history tbody tr", { hasText: "Systolic 206" });
  await line.waitFor();
  assert.match(await line.textContent(), /HIGH/);
  await press(line.locator(".unfold"));
  await assertFits(page, "the history");
  await assertAccessible(page, "the history");
  assert.deepEqual(faults, []);
  await page.context().close();
});
