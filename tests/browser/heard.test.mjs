// What a person at the page hears of a service that runs, and that the screen stays awake for it
// (alarms 3, 11; Dashboard HMI 7, 8). Clinical time runs fast; sound does not.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  becomes,
  hearSound,
  logIn,
  openPage,
  openWard,
  pulses,
  says,
  wakeLocks,
} from "./support/browser.mjs";
import { bays, closeClinic, openClinic } from "./support/clinic.mjs";
import { until } from "./support/process.mjs";
import { acknowledge, alarmRow } from "./support/ward.mjs";

const SPEED = 20;
/** alarms 4: between two reminders, clinical. */
const REMINDED_AFTER_MS = 180_000 / SPEED;
/** alarms 3: the equipment's, in Hz; LOW is one pulse of so many ms. */
const [TECHNICAL, LOW_MS] = [330, 200];

let parts;
before(async () => {
  parts = await openClinic(bays(1), { args: ["--simulation-speed", String(SPEED)] });
});
after(() => closeClinic(parts));

test("what is acknowledged and not over is reminded of, by one soft tone each time", async () => {
  // row:20
  // Goal: as heard on the page; a link that is down stays so.
  const { page, faults } = await openWard(parts.browser, parts.service.address);
  await acknowledge(alarmRow(page, "No second channel"));
  await parts.monitors.status("bay-1", "monitor-1", false);
  const alarm = alarmRow(page, "Link down");
  // LOW at first, which is reminded of never; the test sounds come before both.
  await says(alarm.locator(".word"), /^MEDIUM$/);
  const isMedium = ({ hz }, i, all) => hz === TECHNICAL && all[i + 2]?.hz === TECHNICAL;
  await until("it is heard", async () => (await pulses(page)).some(isMedium));
  // Before it: a late look at the clock must not shorten the time.
  const ackedAt = Date.now();
  await acknowledge(alarm);
  const before = (await pulses(page)).length;
  const since = async () => (await pulses(page)).slice(before);
  for (const times of [1, 2]) {
    await until(`reminder ${times}`, async () => (await since()).length >= times);
    const tookMs = Date.now() - ackedAt;
    const wantedMs = times * REMINDED_AFTER_MS;
    assert.ok(tookMs > wantedMs - 1_500, `${tookMs} ms for ${times}`);
    const heard = (await since()).slice(0, times).map(({ hz, lengthMs }) => [hz, lengthMs]);
    assert.deepEqual(heard, Array(times).fill([TECHNICAL, LOW_MS]));
  }
  assert.equal(await alarm.locator(".acked").isVisible(), true, "and it stays acknowledged");
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("a station that watches keeps its screen awake, and again when it is back", async () => {
  // Goal: Dashboard HMI 8. A browser ends what it gave as soon as the page is hidden.
  const { page } = await openPage(parts.browser, parts.service.address);
  assert.deepEqual(await wakeLocks(page), [], "nobody watches yet");
  await logIn(page);
  await hearSound(page);
  await until("it asks", async () => (await wakeLocks(page)).includes("screen"));
  await becomes(page, "hidden");
  const asked = await wakeLocks(page);
  await becomes(page, "visible");
  await until("once more", async () => (await wakeLocks(page)).length > asked.length);
  await page.context().close();
});
