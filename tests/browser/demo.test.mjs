// The whole simulated clinic in one command, as a visitor sees it at a desk and on a wall.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  assertAccessible,
  assertLaidOut,
  DESK,
  eventually,
  launch,
  openWard,
  says,
  WALL,
} from "./support/browser.mjs";
import { startDemo } from "./support/process.mjs";
import { alarmRow, bedTile, chooseBed } from "./support/ward.mjs";

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
    await says(repeat.locator(".word"), /^MEDIUM$/);
    await says(repeat.locator(".notes"), /re-cuff now 0\d:\d\d/);
    await says(bedTile(desk.page, "bay-2").locator(".advisories"), /repeat BP/i);
    for (const { page } of [desk, wall]) {
      await bedTile(page, "bay-2").locator(".tile-alarm").waitFor();
      await assertLaidOut(page, "MEDIUM");
      await assertAccessible(page, "MEDIUM");
    }
    const alarm = desk.page.locator(".alarm[data-escalated]", { hasText: "Bay 2" }).first();
    await alarm.waitFor({ timeout: 60_000 });
    await says(alarm.locator(".notes"), /still unanswered/);
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

/** Puts in place of the tiles what they look like when all is long that must be read: values of
 * three digits, each to be verified, and a pressure to be repeated. Painted over no more. */
function fillTiles(page) {
  return page.evaluate(() => {
    const beds = document.querySelector("#beds");
    beds.replaceChildren(...[...beds.children].map((tile) => tile.cloneNode(true)));
    const values = { nibp_sys: 214, nibp_dia: 118, nibp_map: 150, heart_rate: 134, spo2: 100 };
    for (const [metric, value] of Object.entries(values))
      for (const number of beds.querySelectorAll(`[data-metric="${metric}"]`))
        number.textContent = value;
    for (const limit of beds.querySelectorAll('.signal [data-metric="heart_rate"]'))
      limit.closest(".signal").querySelector(".high .bare").textContent = "≥141";
    const measured = '.cell:not([data-source="none"]) ';
    for (const place of beds.querySelectorAll(`${measured}.verify, .bp .stars, .advisories`))
      place.hidden = false;
    for (const stars of beds.querySelectorAll(".bp .stars")) stars.textContent = "!!!";
    for (const advice of beds.querySelectorAll(".advisories")) {
      const span = document.createElement("span");
      span.textContent = "re-cuff 02:59";
      advice.replaceChildren(span);
    }
  });
}

/** And with the next reading in place of the repeat, far from the baseline. */
function dueTiles(page) {
  return page.evaluate(() => {
    const all = (selector) => document.querySelectorAll(`#beds ${selector}`);
    for (const advice of all(".advisories")) advice.hidden = true;
    for (const due of all(".due")) [due.hidden, due.textContent] = [false, "due 14 min ago"];
    for (const delta of all(".delta")) {
      const parts = delta.closest(".bp") === null ? ["Δ +62"] : ["Δ +62", "/+41"];
      const spans = parts.map((text) => {
        const span = document.createElement("span");
        span.textContent = text;
        return span;
      });
      delta.hidden = false;
      delta.replaceChildren(...spans);
    }
  });
}

/** A tablet, upright and across. */
const TABLETS = [
  { width: 768, height: 1024 },
  { width: 1024, height: 768 },
];

for (const beds of [12, 24]) {
  test(`${beds} beds fit on a desk, on a wall and on a tablet`, async () => {
    // Goal: nothing that must be read leaves its tile, is cut, or stands over something else; what
    // has no room across is on another line.
    const demo = await startDemo("--beds", String(beds));
    try {
      for (const viewport of [DESK, WALL, ...TABLETS]) {
        const when = `${beds} beds at ${viewport.width}`;
        const { page, faults } = await openWard(browser, demo.address, viewport);
        assert.equal(await page.locator("[data-bed]").count(), beds);
        await chooseBed(page, "bay-2");
        await eventually(() => offTheEdge(page), [], when);
        await assertLaidOut(page, when);
        await assertAccessible(page, when);
        assert.equal(await page.locator(".sim-tag").first().isVisible(), true);
        await fillTiles(page);
        await assertLaidOut(page, `${when}, all long`);
        assert.deepEqual(await unseenSigns(page), [], "each sign to verify is in sight");
        await dueTiles(page);
        await assertLaidOut(page, `${when}, a reading due`);
        assert.deepEqual(faults, []);
        await page.context().close();
      }
    } finally {
      await demo.kill();
    }
  });
}

function offTheEdge(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll("#top *, .strip-head *, .alarm *, .tile")]
      .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
      .map((e) => `${e.id} ${e.className} ${e.textContent}`),
  );
}

/** A line hides whole what does not fit in it. Without a source there is nothing to verify. */
function unseenSigns(page) {
  return page.locator('.tile .cell:not([data-source="none"]) .verify').evaluateAll((all) =>
    all
      .filter((sign) => {
        const [box, line] = [sign, sign.parentElement].map((e) => e.getBoundingClientRect());
        return box.width === 0 || box.bottom > line.bottom + 2;
      })
      .map((sign) => sign.parentElement.textContent),
  );
}
