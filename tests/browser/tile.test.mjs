// What stands on a bed's tile at every size: who answers, which limits were changed, what a limit
// waits for, and what people wrote, however long (alarms 7; Dashboard HMI 1, 4, 12; safety A1). One
// ward for all tests, in this order.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { infusion, openApi } from "./support/api.mjs";
import {
  assertAccessible,
  assertLaidOut,
  DESK,
  openWard,
  painted,
  says,
  WALL,
} from "./support/browser.mjs";
import { bays, closeClinic, openClinic } from "./support/clinic.mjs";
import { go } from "./support/drawers.mjs";
import { cuff, heartRate, spo2 } from "./support/monitors.mjs";
import { until } from "./support/process.mjs";
import { alarmRow, bedTile, chooseBed } from "./support/ward.mjs";

const BEDS = bays(12);
/** What a person may write: markup, a sign outside the basic plane, right to left, no end. */
const ODD = `<b>x</b> 🙂 שלום ${"long ".repeat(100)}end`;
const LYING_PHONE = { width: 844, height: 390 };

let parts;
before(async () => {
  const clinic = await openClinic(BEDS);
  const api = await openApi(clinic.service.address);
  const start = infusion("bay-1", "P-1", { initials: "A.B." });
  const { session } = await api.post("/sessions", start);
  await clinic.monitors.send("bay-1", "mon-1", [spo2(97), heartRate(72), cuff(122, 78)]);
  // It goes on, until its link is lost.
  const beat = setInterval(
    () => void clinic.monitors.send("bay-1", "mon-1", [spo2(97), heartRate(72)]),
    1_000,
  );
  parts = { ...clinic, api, session, beat };
});
after(async () => {
  clearInterval(parts?.beat);
  await closeClinic(parts);
});

const ward = (viewport) => openWard(parts.browser, parts.service.address, viewport);
/** In sight, within its line and its tile. */
const isSeen = (locator) =>
  locator.evaluate((e) => {
    const [box, line] = [e, e.closest("p, header")].map((it) => it.getBoundingClientRect());
    return box.width > 0 && box.bottom <= line.bottom + 2 && box.right <= line.right + 1;
  });

test("a limit changed for a patient is told apart, and counted, at any size", async () => {
  // Goal: alarms 7; what is not in force stands there, too. Not by a colour, least an alarm's.
  const limit = { rule: "H2", metric: "heart_rate", value: 130, reason: "was 60 at rest" };
  await parts.api.post(`/sessions/${parts.session}/limits`, limit);
  for (const viewport of [DESK, WALL]) {
    const { page, faults } = await ward(viewport);
    const tile = bedTile(page, "bay-1");
    const changed = tile.locator(".signal").first();
    const marked = changed.locator(".limit[data-changed]");
    await says(marked.locator(".bare"), /^≥130$/);
    assert.match(await marked.getAttribute("title"), /Changed for this patient/);
    const outline = (one) => one.evaluate((e) => getComputedStyle(e).outlineStyle);
    assert.equal(await outline(marked.locator(".bare")), "dotted");
    const own = tile.locator(".signal .low .bare").first();
    assert.equal(await outline(own), "none");
    for (const text of ["1 changed", "no baseline"]) {
      const tag = tile.locator(".set-apart span", { hasText: text });
      await until(`${text} at ${viewport.width}`, () => isSeen(tag));
    }
    await assertLaidOut(page, `a changed limit at ${viewport.width}`);
    await assertAccessible(page, "a changed limit");
    assert.deepEqual(faults, []);
    await page.context().close();
  }
});

test("what a limit waits for stands beside it on the bed's page", async () => {
  // safety:A1
  const { page, faults } = await ward(DESK);
  await go(page, "/beds/bay-1");
  const rate = page.locator(".bed-page .signal").first();
  const waits = rate.locator(".wait:visible");
  await says(waits, /^\d+ s$/);
  const inside = await waits.evaluateAll((all) => {
    const right = (e) => e.getBoundingClientRect().right;
    return all.every((one) => right(one) <= right(one.closest(".signal")) + 1);
  });
  assert.ok(inside, "none is cut");
  await assertLaidOut(page, "the bed's page");
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("who answers for a patient is seen while an alarm stands, and how a link does", async () => {
  // Goal: alarms 12; the last line of a small tile is the alarm's.
  const { page, faults } = await ward(DESK);
  clearInterval(parts.beat);
  await parts.monitors.high("bay-1", 205);
  await parts.monitors.status("bay-1", "mon-1", false);
  const tile = bedTile(page, "bay-1");
  await says(tile.locator(".tile-alarm .what"), /Systolic 205/);
  assert.ok((await tile.boundingBox()).height < 200, "a small one");
  assert.equal(await tile.locator(".tile-foot").isVisible(), false);
  assert.equal(await tile.locator(".nurse").textContent(), "nurse");
  await until("who answers is seen", () => isSeen(tile.locator(".nurse")));
  await says(tile.locator(".links-brief:visible"), /✕/);
  assert.match(await tile.locator(".links-brief").getAttribute("title"), /mon-1 lost/);
  await chooseBed(page, "bay-1");
  await page.click("#act-audio");
  await tile.locator(".paused-brief svg").waitFor();
  await until("the pause is seen", () => isSeen(tile.locator(".paused-brief svg")));
  await assertLaidOut(page, "an alarm, a link and a pause");
  const border = 6;
  const label = await tile.locator(".bed-label").boundingBox();
  assert.ok(label.y >= (await tile.boundingBox()).y + border - 1, "not under the border");
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("limits are large enough to be read on a wall of twelve", async () => {
  // Goal: alarms, Dashboard HMI 4.
  const { page, faults } = await ward(WALL);
  const sizes = await page
    .locator("#beds .limit .bare")
    .evaluateAll((all) => all.map((one) => parseFloat(getComputedStyle(one).fontSize)));
  assert.ok(Math.min(...sizes) >= 14, `${Math.min(...sizes)} px`);
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("what people wrote is cut with a sign, and whole in its title", async () => {
  // Goal: bad input: no text of a person presses out a number, an answer or who answers.
  const reason = ODD.slice(0, 200);
  await parts.api.post("/beds/bay-1/standby", { reason });
  for (const viewport of [DESK, WALL]) {
    const { page, faults } = await ward(viewport);
    const tile = bedTile(page, "bay-1");
    const pause = tile.locator(".paused .pause", { hasText: "STAND-BY" });
    await pause.waitFor({ state: "attached" });
    assert.ok((await pause.getAttribute("title")).includes(reason));
    // No field of the service takes so much; what would show it must bear it.
    const faulty = await tile.evaluate((element, text) => {
      const still = element.cloneNode(true);
      element.replaceWith(still);
      const places = ".initials, .nurse, .responsible, .links, .tile-alarm .what, .pause b, .why";
      for (const place of still.querySelectorAll(places)) {
        place.textContent = text;
        place.hidden = false;
      }
      const out = still.getBoundingClientRect();
      const shown = [...still.querySelectorAll(`${places}, .since-dose, .sim-tag, .bed-label`)];
      return shown
        .map((place) => [place.className, place.getBoundingClientRect()])
        .filter(([, box]) => box.width > 0 && (box.right > out.right || box.bottom > out.bottom))
        .map(([name]) => name);
    }, ODD);
    assert.deepEqual(faulty, [], `leaves its tile at ${viewport.width}`);
    await painted(page);
    await assertLaidOut(page, `long words at ${viewport.width}`);
    assert.equal(await page.locator("#beds b b").count(), 0, "text, never markup");
    assert.deepEqual(faults, []);
    await page.context().close();
  }
  await parts.api.ask("/beds/bay-1/standby", { method: "DELETE", body: "{}" });
});

test("a phone that lies reads and acknowledges, too, and does nothing else", async () => {
  // Goal: Dashboard HMI 12: the alarms beside the beds, both to be scrolled.
  const context = { viewport: LYING_PHONE, hasTouch: true, isMobile: true };
  const { page, faults } = await openWard(parts.browser, parts.service.address, context);
  const row = alarmRow(page, "Systolic 205");
  await row.waitFor();
  const strip = await page.locator("#alarm-strip").boundingBox();
  const beds = await page.locator("#ward").boundingBox();
  assert.ok(beds.x >= strip.x + strip.width - 1 && beds.height > 200, JSON.stringify(beds));
  const button = await row.locator(".acknowledge").boundingBox();
  assert.ok(button.height >= 44);
  await chooseBed(page, "bay-1");
  assert.equal(await page.locator("#bed-choices").isVisible(), false);
  await page.locator("#bed-chosen").click();
  await page.locator(".panel .phone-only").waitFor();
  assert.equal(await page.locator(".panel .drawer-tabs").isVisible(), false);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${wide} px too wide`);
  await assertAccessible(page, "a phone that lies");
  assert.deepEqual(faults, []);
  await page.context().close();
});
