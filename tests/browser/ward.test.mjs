// A nurse's station on the real service, fed through a real broker: how alarms look, how they are
// acknowledged, and what the page does with numbers that are no longer to be trusted. One ward for
// all tests, in this order: an alarm that one raised stands in the next.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  assertAccessible,
  assertLaidOut,
  DESK,
  eventually,
  openWard,
  says,
  waitForAnswers,
} from "./support/browser.mjs";
import { closeClinic, openClinic } from "./support/clinic.mjs";
import { until } from "./support/process.mjs";
import {
  acknowledge,
  alarmRow as row,
  bedTile as tile,
  chooseBed,
  tapped,
} from "./support/ward.mjs";

const MARKUP = "<img src=x onerror=stolen()>";
const BEDS = [
  { id: "bay-1", label: "Bay 1" },
  { id: "bay-2", label: "Bay 2" },
  { id: "bay-3", label: MARKUP },
  { id: "bay-4", label: "Bay 4" },
];
const RED = "rgb(211, 32, 42)";
const YELLOW = "rgb(242, 206, 27)";

let parts;
before(async () => {
  parts = await openClinic(BEDS);
});
after(() => closeClinic(parts));

const number = (page, bed, metric) => tile(page, bed).locator(`[data-metric="${metric}"]`);

test("a high pressure appears as text, shape, word and colour, in strip and tile", async () => {
  // Goal: alarms, Dashboard HMI 2 and 3, and 9: told once at once; focus stays where a person is.
  const { page, faults } = await openWard(parts.browser, parts.service.address);
  assert.equal(await page.locator(".alarm:not([data-kind=technical])").count(), 0);
  assert.equal(await page.locator("#simulated").isVisible(), false);
  await assertAccessible(page, "no alarm");
  await chooseBed(page, "bay-2");
  await page.click("#act-alarms");
  const reason = page.locator("#bed-reason");
  await page.keyboard.type("cuff ");
  const heard = page.locator("#alert-region p");
  const before = await heard.count();

  await parts.monitors.high("bay-1", 205);
  const alarm = row(page, "Systolic 205 ≥ 200 mmHg");
  await alarm.waitFor();
  await page.keyboard.type("moved");
  assert.equal(await reason.inputValue(), "cuff moved", "focus stayed, and what was typed");

  assert.equal(await alarm.locator(".word").textContent(), "HIGH");
  assert.equal(await alarm.locator(".bed").textContent(), "Bay 1");
  assert.match(await alarm.locator(".since").textContent(), /^00:\d\d$/);
  assert.equal(await alarm.locator(".glyph use").getAttribute("href"), "#glyph-high");
  const look = (locator, property, pseudo = null) =>
    locator.evaluate((e, [p, of]) => getComputedStyle(e, of)[p], [property, pseudo]);
  assert.equal(await look(alarm, "backgroundColor"), RED);
  assert.equal(await look(alarm.locator(".glyph"), "animationName"), "flash-high");
  assert.equal(await look(alarm.locator(".text"), "animationName"), "none", "no text flashes");

  const bed = tile(page, "bay-1");
  await says(bed.locator(".tile-alarm .what"), /^Systolic 205 ≥ 200 mmHg$/);
  assert.equal(await bed.locator(".tile-alarm .word").textContent(), "HIGH");
  assert.equal(await bed.locator(".bp .stars").textContent(), "!!!");
  assert.equal(await look(bed.locator(".tile-alarm"), "backgroundColor"), RED);
  assert.ok(parseFloat(await look(bed, "borderTopWidth", "::after")) >= 6, "a thick border");
  assert.equal(await look(bed, "animationName", "::after"), "flash-high");
  assert.equal(await look(number(page, "bay-1", "nibp_sys"), "animationName"), "none");

  const told = async () => (await heard.allTextContents()).slice(before);
  await eventually(told, ["HIGH alarm, Bay 1: Systolic 205 ≥ 200 mmHg"], "it is told once");
  assert.equal(await page.locator("#alert-region").getAttribute("role"), "alert");
  await assertAccessible(page, "HIGH");
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("a number carries its age and its limits", async () => {
  // Goal: safety:F1; the age goes on without any further message; limits stand beside the number.
  const { page, faults } = await openWard(parts.browser, parts.service.address);
  // Long before it is told in minutes.
  await parts.monitors.measure("bay-3", 124, 76, 20);
  await says(number(page, "bay-3", "nibp_sys"), /^124$/);
  assert.equal(await number(page, "bay-3", "nibp_dia").textContent(), "76");
  const age = tile(page, "bay-3").locator(".age");
  await says(age, /^\d+ s ago$/);
  const seconds = async () => Number.parseInt(await age.textContent(), 10);
  const first = await seconds();
  await until("it grows older", async () => (await seconds()) > first);
  const limits = tile(page, "bay-3").locator('[data-limits="nibp_sys"]');
  assert.match(await limits.textContent(), /≥200/);
  assert.match(await limits.textContent(), /≤89/);
  const spo2Cell = tile(page, "bay-3").locator(".signal", { hasText: "SpO₂" });
  assert.match(await spo2Cell.locator(".why").textContent(), /no source/);
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("alarms stand by priority, and one tap acknowledges one of them on every screen", async () => {
  // Goal: row:15 of alarms 11; Dashboard HMI 2 and 10. The second reading confirms the low
  // pressure: MEDIUM.
  const first = await openWard(parts.browser, parts.service.address);
  const second = await openWard(parts.browser, parts.service.address);
  await parts.monitors.low("bay-2", 85);
  for (const { page } of [first, second]) {
    await row(page, "Systolic 85 ≤ 89 mmHg").waitFor();
    const words = page.locator(".alarm[data-kind=physiological] .word");
    await eventually(() => words.allTextContents(), ["HIGH", "MEDIUM"], "by priority");
    assert.equal(
      await row(page, "Systolic 85").evaluate((e) => getComputedStyle(e).backgroundColor),
      YELLOW,
    );
  }

  await acknowledge(row(first.page, "Systolic 85"));
  for (const { page } of [first, second]) {
    await says(row(page, "Systolic 85").locator(".acked"), /^ACK nurse \d\d:\d\d:\d\d$/);
    assert.equal(await row(page, "Systolic 85").locator(".acknowledge").isVisible(), false);
    assert.equal(await row(page, "Systolic 205").locator(".acknowledge").isVisible(), true);
    assert.equal(await row(page, "Systolic 205").getAttribute("data-light"), "flashing");
    assert.equal(await row(page, "Systolic 85").getAttribute("data-light"), "steady");
  }
  const polite = first.page.locator("#status-region p");
  await until("the echo is told", async () =>
    (await polite.allTextContents()).some((t) => t.includes("acknowledged by nurse")),
  );
  await assertAccessible(first.page, "acknowledged");
  assert.deepEqual([...first.faults, ...second.faults], []);
  await first.page.context().close();
  await second.page.context().close();
});

test("an acknowledgement that came too late is refused beside its button", async () => {
  // Goal: row:16 of alarms 11. The tap is held up on its way until the alarm has risen to HIGH.
  const { page, faults } = await openWard(parts.browser, parts.service.address);
  await parts.monitors.low("bay-4", 86);
  const alarm = row(page, "Bay 4");
  await alarm.waitFor();
  let arrived;
  const onItsWay = new Promise((resolve) => (arrived = resolve));
  await waitForAnswers(page);
  await page.route("**/acknowledge", (route) => arrived(route));
  const button = alarm.locator(".acknowledge");
  await tapped(button, () => button.isDisabled());
  const route = await onItsWay;
  await parts.monitors.measure("bay-4", 75, 50);
  await row(page, "Systolic 75 ≤ 79 mmHg").waitFor();
  await route.continue();
  await says(alarm.locator(".notes"), /it changed since you looked/);
  assert.equal(await button.isEnabled(), true, "it can be tapped again");
  assert.equal(await alarm.locator(".acked").isVisible(), false);
  assert.equal(await alarm.locator(".word").textContent(), "HIGH");
  await assertAccessible(page, "refused");
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("who only watches is given no button that would be refused; a key is answered", async () => {
  // Goal: safety:X2; the alarm goes on, and the page says in words why nothing can be done here.
  const { page, faults } = await openWard(parts.browser, parts.service.address, DESK, "viewer");
  assert.equal(await page.locator("#view-only").textContent(), "VIEW ONLY");
  assert.match(await page.locator("#bed-hint").innerText(), /This log-in only watches/);
  const alarm = row(page, "Systolic 205");
  await alarm.waitFor();
  await chooseBed(page, "bay-1");
  await page.locator("#bed-bar .for-watching").waitFor();
  assert.equal(await page.locator(".acknowledge:visible, .with-reason:visible").count(), 0);
  assert.equal(await page.locator("#bed-choices").isVisible(), false);
  for (const key of ["a", "A"]) {
    await alarm.focus();
    await page.keyboard.press(key);
    await says(alarm.locator(".notes"), /needs the role nurse/);
  }
  assert.equal(await page.locator(".reasons").count(), 0, "no reason is asked for in vain");
  await page.keyboard.press("p");
  await says(page.locator("#bed-why"), /needs the role nurse/);
  assert.equal(await alarm.locator(".acked").isVisible(), false);
  assert.equal(await alarm.getAttribute("data-light"), "flashing");
  await page.keyboard.press("?");
  const keys = await page.locator("#help dt:visible").allTextContents();
  assert.deepEqual(keys, ["s", "b", "?", "Enter", "Escape"]);
  await page.keyboard.press("Escape");
  await assertAccessible(page, "a viewer");
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("a value that is not renewed turns grey, and a lost link takes the number away", async () => {
  // Goal: safety:F1. Grey has its age and is struck through; -?- is what a lost link leaves.
  const { page, faults } = await openWard(parts.browser, parts.service.address);
  const cell = tile(page, "bay-3").locator(".signal", { hasText: "SpO₂" });
  const isLive = async () => (await cell.getAttribute("data-state")) === "live";
  const isLiveAgain = () =>
    until("it is live while its monitor sends", async () => {
      await parts.monitors.signals("bay-3");
      return isLive();
    });
  await isLiveAgain();
  assert.equal(await number(page, "bay-3", "spo2").textContent(), "97");
  await eventually(() => cell.getAttribute("data-state"), "grey", "grey");
  assert.equal(await number(page, "bay-3", "spo2").textContent(), "97");
  assert.match(await cell.locator(".why").textContent(), /\d+ s old/);
  const { color, line } = await number(page, "bay-3", "spo2").evaluate((e) => ({
    color: getComputedStyle(e).color,
    line: getComputedStyle(e).textDecorationLine,
  }));
  assert.equal(color, "rgb(154, 161, 168)");
  assert.equal(line, "line-through");

  await isLiveAgain();
  await parts.monitors.status("bay-3", "monitor-bay-3", false);
  await says(number(page, "bay-3", "spo2"), /^-\?-$/);
  await says(number(page, "bay-3", "heart_rate"), /^-\?-$/);
  await says(cell.locator(".why"), /link lost/);
  const link = row(page, "Link down");
  await link.waitFor();
  assert.equal(await link.getAttribute("data-kind"), "technical");
  await assertAccessible(page, "link lost");
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("a label with markup in it is shown as text", async () => {
  // Goal: nothing that comes from outside is ever parsed as HTML.
  const { page, faults } = await openWard(parts.browser, parts.service.address);
  assert.equal(await tile(page, "bay-3").locator(".bed-label").textContent(), MARKUP);
  assert.equal(await row(page, "Link down").locator(".bed").textContent(), MARKUP);
  assert.equal(await page.locator("main img").count(), 0);
  assert.deepEqual(faults, []);
  await assertLaidOut(page, "a long label");
  await page.context().close();
});
