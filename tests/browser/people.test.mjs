// Who is at the station: the log-in, its sound, and its end (safety X1, X4; alarms, Dashboard HMI
// 7). The service runs for real; no alarm is needed.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openApi } from "./support/api.mjs";
import {
  assertAccessible,
  launch,
  logIn,
  openPage,
  openWard,
  pulses,
  says,
} from "./support/browser.mjs";
import { bays, closeClinic, openClinic } from "./support/clinic.mjs";
import { until } from "./support/process.mjs";
import { alarmRow, tapped } from "./support/ward.mjs";

let parts;
before(async () => {
  parts = await openClinic(bays(1));
});
after(() => closeClinic(parts));

const send = () => parts.monitors.signals("bay-1");
/** [Hz, ms] of the test: LOW, MEDIUM and HIGH. */
const TEST_SOUNDS = [[392, 200], ...Array(3).fill([440, 200]), ...Array(10).fill([523, 150])];
/** The first tones of the page; an alarm may sound after the test. */
const testSounds = async (page) =>
  (await pulses(page)).slice(0, TEST_SOUNDS.length).map(({ hz, lengthMs }) => [hz, lengthMs]);
/** HIGH ones: of the test, for no test here begins with such an alarm. */
const highTones = async (page) => (await pulses(page)).filter(({ hz }) => hz === 523).length;
const numbers = (page) => page.locator("[data-metric]").allTextContents();

test("nobody sees a bed before the log-in, and a wrong password is refused beside it", async () => {
  // Goal: safety:X1. What was typed stays, and nothing of the ward is in the page.
  const { page, faults } = await openPage(parts.browser, parts.service.address);
  assert.match(await page.locator("#log-in-note").textContent(), /this screen shows no alarms/);
  assert.equal(await page.locator("[data-bed]").count(), 0);
  assert.equal(await page.locator("#connection-lost").isVisible(), false);
  await assertAccessible(page, "log-in");
  await logIn(page, "nurse", "not the password");
  await says(page.locator("#log-in-why"), /password is not right/);
  assert.equal(await page.locator("#log-in-name").inputValue(), "nurse");
  assert.equal(await page.locator("[data-bed]").count(), 0);
  await assertAccessible(page, "refused");
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("the press that logs in turns the sound on, and asks whether it is heard", async () => {
  // Goal: alarms, Dashboard HMI 7. After a reload there was no gesture yet: where the browser wants
  // one, the page says so.
  const { page, faults } = await openPage(parts.browser, parts.service.address);
  await logIn(page);
  await page.locator("[data-bed]").first().waitFor();
  await page.locator("#sound-test").waitFor();
  assert.equal(await page.locator("#sound-bar").isVisible(), false);
  await assertAccessible(page, "sound test");
  assert.deepEqual(await testSounds(page), TEST_SOUNDS, "through the path of real alarms");
  assert.equal(await page.locator("#person").textContent(), "nurse · nurse");
  await page.click("#sound-not-heard");
  await says(page.locator("#sound-question"), /NOBODY HEARS/);

  await page.reload();
  await page.locator("[data-bed]").first().waitFor();
  const bar = page.locator("#sound-bar");
  await bar.waitFor();
  await says(bar, /SOUND IS OFF ON THIS SCREEN/);
  await assertAccessible(page, "sound off");
  const menu = page.locator("#places a", { hasText: "Alarm history" });
  await menu.click();
  await page.locator('#places a[aria-current="page"]', { hasText: "Alarm history" }).waitFor();
  assert.equal(await bar.isVisible(), true, "the menu is in reach, and the bar stays");
  await page.click("#sound-start");
  await bar.waitFor({ state: "hidden" });
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("a managed station that is loaded again sounds without a press, and asks again", async () => {
  // Goal: alarms, Dashboard HMI 7: the browser's own policy lets it.
  const browser = await launch("--autoplay-policy=no-user-gesture-required");
  try {
    const { page, faults } = await openWard(browser, parts.service.address);
    await page.reload();
    await page.locator("#sound-test").waitFor();
    assert.equal(await page.locator("#sound-bar").isVisible(), false);
    await says(page.locator("#sound-question"), /^Did you hear/);
    assert.deepEqual(await testSounds(page), TEST_SOUNDS, "the test is what it asks about");
    assert.deepEqual(faults, []);
  } finally {
    await browser.close();
  }
});

test("after another loudspeaker was plugged in the sound is to be heard anew", async () => {
  // Goal: alarms, Dashboard HMI 7, device-change. Nobody can say yes to what was not played.
  const { page, faults } = await openWard(parts.browser, parts.service.address);
  const before = await highTones(page);
  const change = () =>
    page.evaluate(() => navigator.mediaDevices.dispatchEvent(new Event("devicechange")));
  await change();
  await page.locator("#sound-test").waitFor();
  await says(page.locator("#sound-question"), /loudspeaker may have changed/);
  assert.equal(await page.locator("#sound-heard").isVisible(), false);
  assert.equal(await highTones(page), before, "and nothing is played by itself");
  const footer = page.locator("#sound-told");
  await says(footer, /^Sound not confirmed$/);
  await assertAccessible(page, "another loudspeaker");
  await page.click("#sound-again");
  await says(page.locator("#sound-question"), /^Did you hear/);
  const answer = page.waitForRequest((request) => request.url().endsWith("/sound-test"));
  await page.click("#sound-heard");
  assert.deepEqual((await answer).postDataJSON().heard, true, "recorded anew");
  await page.locator("#sound-test").waitFor({ state: "hidden" });
  await says(footer, /^Sound heard by nurse \d\d:\d\d$/);

  // A "no" stands until somebody hears it.
  await change();
  await page.click("#sound-again");
  await page.click("#sound-not-heard");
  await change();
  await says(page.locator("#sound-question"), /NOBODY HEARS/);
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("a browser that refuses the sound holds up no log-in, and the screen says so", async () => {
  // Goal: alarms, Dashboard HMI 7. Such a browser leaves the request unanswered for ever.
  const { page, faults } = await openPage(parts.browser, parts.service.address);
  await page.evaluate(() => {
    Object.defineProperty(AudioContext.prototype, "state", { value: "suspended" });
    AudioContext.prototype.resume = () => new Promise(() => {});
  });
  await logIn(page);
  await page.locator("[data-bed]").first().waitFor();
  await page.locator("#sound-bar").waitFor();
  assert.equal(await page.inputValue("#log-in-password"), "", "nothing of the log-in is left");
  assert.equal(await page.locator("#log-in-start").isEnabled(), true);
  assert.deepEqual(await pulses(page), [], "and no test that nobody can hear");
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("a station tells what it shows and has painted, and announces its end", async () => {
  // Goal: safety:F8; alarms 9.1 and 9.6. A screen that is gone, and not just lost, is not listed.
  const { page, faults } = await openWard(parts.browser, parts.service.address);
  const leases = [];
  page.on("request", (request) => {
    const [, screen] = request.url().match(/screens\/([^/]+)\/lease$/) ?? [];
    if (screen !== undefined) leases.push({ screen, ...request.postDataJSON() });
  });
  await parts.monitors.high("bay-1", 205);
  await alarmRow(page, "Systolic 205").waitFor();
  const other = await page.context().newPage();
  await other.goto(parts.service.address);
  await other.locator("[data-bed]").first().waitFor();
  const items = (path) => other.evaluate(async (p) => (await (await fetch(p)).json()).items, path);
  const alarms = await items("/api/v1/alarms?state=present");
  const { seq } = alarms.find((alarm) => alarm.text.startsWith("Systolic 205"));
  const shown = await until("a receipt", () =>
    leases.find(({ seen, audio }) => seen >= seq && audio === "unlocked"),
  );
  assert.deepEqual([shown.visible, shown.beds], [true, ["bay-1"]]);
  // Of earlier tests' screens one may be listed still, as lost.
  const isListed = async () =>
    (await items("/api/v1/screens")).some(({ id }) => id === shown.screen);
  assert.equal(await isListed(), true);
  await page.goto("about:blank");
  await until("it is gone", async () => !(await isListed()));
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("a log-in that timed out goes on showing alarms, says so, and is taken up again", async () => {
  // Goal: safety:X4. Method: half an hour does not pass here; what the service then answers to an
  // act, and to who this is, is put in its place.
  const { page, faults } = await openWard(parts.browser, parts.service.address);
  assert.equal(await page.locator("#log-in-open").isVisible(), false);
  let isOver = false;
  await page.route("**/api/v1/me", async (route) => {
    const answer = await route.fetch();
    return route.fulfill({ json: { ...(await answer.json()), display_only: isOver } });
  });
  await page.route("**/acknowledge", (route) => {
    isOver = true;
    const problem = { type: "/problems/log-in-needed", title: "Log in first", status: 401 };
    const contentType = "application/problem+json";
    return route.fulfill({ status: 401, contentType, body: JSON.stringify(problem) });
  });
  await parts.monitors.high("bay-1", 206);
  const alarm = alarmRow(page, "Systolic");
  const isTimedOut = () => page.locator("#log-in-open").isVisible();
  await tapped(alarm.locator(".acknowledge"), isTimedOut);
  await says(page.locator("#view-only"), /^VIEW ONLY: log-in timed out$/);
  await says(alarm.locator(".notes"), /^Not acknowledged: log in first/);
  await until("numbers go on", async () => {
    await send();
    return (await numbers(page)).includes("97");
  });
  assert.equal(await alarm.isVisible(), true);
  await assertAccessible(page, "timed out");

  await page.click("#log-in-open");
  await says(page.locator("#log-in-note"), /Alarms go on being shown; to act, log in again/);
  assert.equal(await alarm.isVisible(), true, "beside it the ward goes on");
  await assertAccessible(page, "in again");
  await page.unroute("**/api/v1/me");
  await page.unroute("**/acknowledge");
  await logIn(page);
  await page.locator("#log-in-open").waitFor({ state: "hidden" });
  await tapped(alarm.locator(".acknowledge"), () => alarm.locator(".acked").isVisible());
  assert.equal(await page.locator("#view-only").isVisible(), false);
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("a log-out leaves nothing of the ward, here and on this browser's other pages", async () => {
  // Goal: safety:X4. The other page was not asked: it says that it shows no alarms any more.
  const { page, faults } = await openWard(parts.browser, parts.service.address);
  const other = await page.context().newPage();
  await other.goto(parts.service.address);
  for (const each of [page, other]) {
    await until("a number", async () => {
      await send();
      return (await numbers(each)).includes("97");
    });
  }
  await page.click("#log-out");
  await page.locator("#log-in-start").waitFor();
  await says(page.locator("#log-in-note"), /Nobody is logged in/);
  assert.equal(await page.locator("[data-bed]").count(), 0);
  await says(other.locator("#log-in-note"), /log-in has ended/, 60_000);
  assert.equal(await other.locator("[data-bed]").count(), 0);
  await assertAccessible(other, "ended");

  await logIn(page);
  await page.locator("[data-bed]").first().waitFor();
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("a screen that is gone without a goodbye is told on the others", async () => {
  // Goal: alarms 9.6. It comes back, and nothing is told of it any more.
  const api = await openApi(parts.service.address);
  await until("the screens of earlier tests watch no more", async () =>
    (await api.get("/screens")).items.every(({ state }) => state !== "visible"),
  );
  const one = await openWard(parts.browser, parts.service.address);
  const { page: other } = await openPage(parts.browser, parts.service.address);
  await other.fill("#screen-name", "Desk 2");
  await logIn(other);
  await other.locator("[data-bed]").first().waitFor();
  const gone = one.page.locator("#gone-screens");
  const watched = async (n) => says(one.page.locator("#watching"), new RegExp(`^${n} screen`));
  await watched(2);
  await other.context().setOffline(true);
  await says(gone, /^Screen Desk 2 is gone since \d\d:\d\d$/);
  await says(one.page.locator("#status-region"), /Screen Desk 2 is gone since/);
  await assertAccessible(one.page, "a screen is gone");
  await other.context().setOffline(false);
  await gone.waitFor({ state: "hidden" });
  await watched(2);
  await other.goto("about:blank");
  await watched(1);
  assert.equal(await gone.isVisible(), false, "it said goodbye");
  assert.deepEqual(one.faults, []);
  for (const page of [one.page, other]) await page.context().close();
});
