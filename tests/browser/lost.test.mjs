// The page without its service, and with a script that hangs: no number may pass for a live one
// (safety F5; alarms, Dashboard HMI 6).

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, openWard, painted, pulses, says } from "./support/browser.mjs";
import { bays, closeClinic, openClinic } from "./support/clinic.mjs";
import { picturesWhile, similarity } from "./support/pictures.mjs";
import { startService, until } from "./support/process.mjs";
import { alarmRow } from "./support/ward.mjs";

/** safety F5: 5 s; a bit more for what a busy browser hears late of the service that has ended, and
 * for the page's look at its clock. */
const LOST_WITHIN_MS = 7_000;
/** Its two tones, in Hz, and how often they come (sound.ts; alarms 9.3 leaves the sound to us). */
const [LOST_HZ, LOST_EVERY_MS] = [[294, 220], 3_000];

let parts;
before(async () => {
  parts = await openClinic(bays(2));
});
after(() => closeClinic(parts));

const send = () => parts.monitors.signals("bay-1");
const lostTones = async (page) => (await pulses(page)).filter(({ hz }) => LOST_HZ.includes(hz));
const numbers = (page) => page.locator("[data-metric]").allTextContents();

test("a killed service: CONNECTION LOST, heard and seen, and back by itself", async () => {
  // Goal: safety:F5. What is shown is asked of the page in each of its frames.
  const { page, faults } = await openWard(parts.browser, parts.service.address);
  await parts.monitors.measure("bay-2", 205, 100, 20);
  await alarmRow(page, "Systolic 205").waitFor();
  await until("a number", async () => {
    await send();
    return (await numbers(page)).includes("97");
  });
  const lost = page.locator("#connection-lost");
  assert.equal(await lost.isVisible(), false);
  const told = page.evaluate(
    () =>
      new Promise((resolve) => {
        const overlay = document.querySelector("#connection-lost");
        let [lastMs, slowestMs] = [Date.now(), 0];
        const look = () => {
          const atMs = Date.now();
          [lastMs, slowestMs] = [atMs, Math.max(slowestMs, atMs - lastMs)];
          return overlay.hidden ? requestAnimationFrame(look) : resolve({ atMs, slowestMs });
        };
        look();
      }),
  );

  const killedAt = Date.now();
  await parts.service.kill();
  const { atMs, slowestMs } = await told;
  // A machine that paints no frame for so long can't say so in it.
  const tookMs = atMs - killedAt - slowestMs;
  assert.ok(tookMs <= LOST_WITHIN_MS, `${tookMs} ms, and a frame of ${slowestMs} ms`);
  assert.equal(await page.locator("#lost-title").textContent(), "CONNECTION LOST");
  assert.match(await lost.textContent(), /bedside monitors/);
  await until("no number is left", async () => (await numbers(page)).every((n) => n === "-?-"));
  assert.equal(await page.locator(".alarm").count(), 0, "no row claims to be current");
  assert.equal(await page.locator("#alarm-count").textContent(), "Alarms unknown");
  assert.equal(await page.locator("#clock").textContent(), "--:--:--");
  assert.equal(await page.title(), "CONNECTION LOST");
  await says(page.locator("#alert-region p").last(), /^Connection lost/);
  const lostFor = page.locator("#lost-for");
  await says(lostFor, /^00:(0[5-9]|[1-5]\d)$/);
  const first = await lostFor.textContent();
  await until("it counts on", async () => (await lostFor.textContent()) > first);
  await until("its tones come again", async () => (await lostTones(page)).length >= 4);
  const tones = await lostTones(page);
  assert.deepEqual(tones.slice(0, 4).map(({ hz }) => hz), [...LOST_HZ, ...LOST_HZ]);
  const apartMs = tones[2].atMs - tones[0].atMs;
  assert.ok(apartMs > LOST_EVERY_MS - 1_000, `${apartMs} ms`);
  await assertAccessible(page, "lost");

  parts.service = await startService(parts.site);
  await lost.waitFor({ state: "hidden" });
  const [backAt, heard] = [Date.now(), (await lostTones(page)).length];
  await alarmRow(page, "Systolic 205").waitFor();
  await until("numbers again", async () => {
    await send();
    return (await numbers(page)).includes("97");
  });
  await until("longer than a tone stays away", () => Date.now() - backAt > 2 * LOST_EVERY_MS);
  assert.equal((await lostTones(page)).length, heard, "its tone is over, too");
  const again = await page.locator("#alert-region p").allTextContents();
  // Its next step may have come meanwhile, and is told too.
  const tellings = again.filter((t) => /Systolic 205/.test(t) && !/unanswered/.test(t)).length;
  assert.equal(tellings, 1, "what was told is not told again");
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("a page whose script hangs says NOT LIVE all the same", async () => {
  // Goal: alarms, Dashboard HMI 6. Method: the script is kept busy for 9 s; the pictures that the
  // compositor goes on painting are compared with one of the overlay, and with one of the ward.
  const { page, faults } = await openWard(parts.browser, parts.service.address);
  const ward = await page.screenshot();
  const overlay = await page.evaluateHandle(() => document.querySelector("#not-live"));
  await overlay.evaluate((e) => (e.style.cssText = "animation: none; opacity: 1"));
  const notLive = await page.screenshot();
  await overlay.evaluate((e) => (e.style.cssText = ""));
  await until("the overlay is away", () =>
    overlay.evaluate((e) => getComputedStyle(e).opacity === "0"),
  );
  // What is computed is painted two frames later; a script that hangs earlier would keep the old.
  await painted(page);

  const pictures = await picturesWhile(page, () =>
    page.evaluate(() => {
      const end = performance.now() + 9_000;
      while (performance.now() < end);
    }),
  );
  const likeness = await similarity(parts.browser, pictures, { ward, notLive });
  const told = JSON.stringify(likeness);
  const bare = likeness.findIndex((l) => l.ward > 0.95 && l.notLive < 0.95);
  assert.ok(bare >= 0, `the ward was never seen: ${told}`);
  const covered = likeness.slice(bare).find((l) => l.notLive > 0.99 && l.ward < 0.95);
  assert.ok(covered !== undefined, `the overlay was never seen: ${told}`);
  assert.ok(covered.atMs <= LOST_WITHIN_MS, told);
  await until("it goes away by itself", () =>
    overlay.evaluate((e) => getComputedStyle(e).opacity === "0"),
  );
  // The events of those seconds come first, and are too old to begin with (alarms 9.4).
  await page.locator("#connection-lost").waitFor({ state: "hidden" });
  await alarmRow(page, "Systolic 205").waitFor();
  await until("the numbers are back", async () => {
    await send();
    return (await numbers(page)).includes("97");
  });
  assert.deepEqual(faults, []);
  await page.context().close();
});
