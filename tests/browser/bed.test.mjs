// One bed on its own page: numbers, trend and what happened, through a visit (issue 5; alarms,
// Dashboard HMI). One ward for all tests, in this order.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { infusion, openApi } from "./support/api.mjs";
import { assertAccessible, DESK, eventually, openWard, press, says } from "./support/browser.mjs";
import { bays, closeClinic, openClinic } from "./support/clinic.mjs";
import { go } from "./support/drawers.mjs";
import { cuff, heartRate, spo2 } from "./support/monitors.mjs";
import { startDemo, until } from "./support/process.mjs";
import { alarmRow, bedTile } from "./support/ward.mjs";

const PHONE = { width: 390, height: 844 };
/** What a person may write. */
const ODD = `<b>x</b> 🙂 שלום ${"long ".repeat(60)}end`;

let parts;
before(async () => {
  parts = await openClinic(bays(1));
  const { service, monitors } = parts;
  await monitors.send("bay-1", "mon-1", [spo2(98), heartRate(70), cuff(122, 78)]);
  parts = { ...parts, api: await openApi(service.address), rate: 71 };
});
after(async () => {
  clearInterval(parts?.beat);
  await closeClinic(parts);
});

const happened = (page, text) => page.locator(".happenings li", { hasText: text });
const line = (page) => page.locator(".trend-line");
const range = (page, name) => page.locator(".ranges").getByRole("button", { name });
const plots = (page) => page.locator(".trend-plots");

async function openBed(viewport = DESK, address = parts.service.address, bed = "bay-1") {
  const opened = await openWard(parts.browser, address, viewport);
  await go(opened.page, `/beds/${bed}`);
  await opened.page.locator(".trend canvas").first().waitFor();
  return opened;
}

test("the ward loads no plots; a bed does, under the strict policy", async () => {
  // Goal: the first load stays small, and nothing that plots need is refused by the browser.
  const { page, faults } = await openWard(parts.browser, parts.service.address);
  const loaded = [];
  page.on("request", (request) => loaded.push(request.url()));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  await bedTile(page, "bay-1").press("Enter");
  await page.locator(".trend canvas").first().waitFor();
  assert.ok(loaded.some((url) => /trend-chart/.test(url)));
  const newest = /^\d\d:\d\d:\d\d · BP 122\/78 \(93\) at \d\d:\d\d · HR 70 · SpO₂ 98$/;
  await until("the newest of each, while its monitor sends", async () => {
    await parts.monitors.send("bay-1", "mon-1", [spo2(98), heartRate(70)]);
    return newest.test(await line(page).textContent());
  });
  await says(page.locator(".bed-page .bp-value"), /122\/78/);
  assert.equal(await range(page, "Session").isVisible(), false);
  await until("its title", async () => /Bay 1/.test(await page.title()));
  await assertAccessible(page, "no session");
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("a visit is told on its bed: what was done, by whom and why, and when", async () => {
  // Goal: issue 5, item 1 for one bed; a person's words are shown as text, cut and whole.
  const { page, faults } = await openBed();
  const start = infusion("bay-1", "P-1", { initials: "A.B." });
  const { session } = await parts.api.post("/sessions", { ...start, new_patient: false });
  await happened(page, "Session started").waitFor();
  await range(page, "Session").waitFor();
  const told = { reason: "urgent", ordered_by: "Dr. A" };
  await parts.api.post(`/sessions/${session}/doses`, { mg: 35, ...told });
  await happened(page, /Dose given: .*35 mg.*nurse.*urgent, ordered by Dr\. A$/).waitFor();
  const observed = { symptoms: ["nausea"], moaas: 4, note: ODD };
  await parts.api.post(`/sessions/${session}/observations`, observed);
  const odd = happened(page, "Observed").locator(".what");
  await odd.waitFor();
  assert.match(await odd.getAttribute("title"), /<b>x<\/b> 🙂 שלום .*end$/);
  assert.equal(await odd.locator("b").count(), 0);
  parts.beat = setInterval(
    () => void parts.monitors.send("bay-1", "mon-1", [spo2(97), heartRate(parts.rate)]),
    1000,
  );
  await says(line(page), / · T\+00:\d\d · Active · /);
  await assertAccessible(page, "a visit");
  assert.deepEqual(faults, []);
  await page.context().close();
});

/** How much of that colour of the style sheet is painted on the trend, in pixels. */
function inked(page, name) {
  return page.locator(".trend-plots").evaluate((plots, colour) => {
    const one = document.createElement("canvas").getContext("2d");
    one.fillStyle = getComputedStyle(plots).getPropertyValue(colour);
    one.fillRect(0, 0, 1, 1);
    const [wanted] = new Uint32Array(one.getImageData(0, 0, 1, 1).data.buffer);
    const pixelsOf = (canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return new Uint32Array(data.buffer).filter((pixel) => pixel === wanted).length;
    };
    return [...plots.querySelectorAll("canvas")].reduce((sum, it) => sum + pixelsOf(it), 0);
  }, name);
}

test("an alarm stands on the trend and in the list until it ends, with who answered", async () => {
  // Goal: the event list: what, when, who, newest first.
  const { page, faults } = await openBed();
  assert.equal(await inked(page, "--high"), 0, "no alarm colour without an alarm");
  await parts.monitors.send("bay-1", "mon-1", [cuff(205, 96)]);
  const alarm = alarmRow(page, "Systolic 205");
  await alarm.press("a");
  await happened(page, /Acknowledged: Systolic 205.*nurse/).waitFor();
  const began = happened(page, /^\d\d:\d\d:\d\dHIGH alarm: Systolic 205/);
  assert.match(await began.locator("use").getAttribute("href"), /^#glyph-high$/);
  await happened(page, "Dose given").waitFor();
  const texts = await page.locator(".happenings .what").allTextContents();
  assert.ok(texts.findIndex((t) => /^Ack/.test(t)) < texts.findIndex((t) => /Dose/.test(t)));
  await says(line(page), /BP 205\/96/);
  // The alarm's triangle, the dose's, limits, phases, and curves.
  const least = { "--high": 60, "--ink-strong": 60, "--trend-limit": 300, "--trend-odd": 1000 };
  for (const [name, pixels] of Object.entries({ ...least, "--trend-spo2": 20 }))
    await until(`${name} is painted`, async () => (await inked(page, name)) >= pixels);
  await assertAccessible(page, "an alarm");
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("the trend is read by keyboard and as a table, and nobody's place is lost", async () => {
  // Goal: WCAG 2.2: all that the curves tell can be had without seeing them; focus is not stolen.
  const { page, faults } = await openBed();
  await says(line(page), /T.*BP 205/);
  await plots(page).focus();
  await page.keyboard.press("ArrowLeft");
  const text = () => plots(page).getAttribute("aria-valuetext");
  const isHeld = async () => /^\d\d:\d\d:\d\d · T[+−]\d\d:\d\d · /.test(await text());
  await until("the moment is told", isHeld);
  const held = await text();
  parts.rate = 83;
  await says(page.locator(".bed-page .signals"), /83/);
  assert.equal(await text(), held, "the moment that a person is on stays");
  assert.equal(await plots(page).evaluate((e) => e === document.activeElement), true);
  await page.keyboard.press("Escape");
  await says(line(page), /HR 83.*SpO₂ 97/);
  assert.equal(await plots(page).isVisible(), true, "Escape left the moment, not the page");
  await press(range(page, "15 min"));
  await press(page.getByRole("button", { name: "As table" }));
  const table = page.getByRole("table", { name: /Trend as a table/ });
  const heads = () => table.locator("thead th").allTextContents();
  await eventually(heads, ["Time", "Since dose", "BP", "MAP", "HR", "SpO₂"], "its columns");
  await table.locator("tr", { hasText: "205/96" }).waitFor();
  assert.equal(await plots(page).isVisible(), false);
  await assertAccessible(page, "as a table");
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("Escape leads out of a drawer, which stays open, and only then off the page", async () => {
  // Goal: nothing that a person opened or chose goes with one key.
  const { page, faults } = await openBed();
  const button = page.locator('[data-drawer="observation"]');
  await press(button);
  await page.locator(".drawer button").first().focus();
  await page.keyboard.press("Escape");
  assert.equal(await button.evaluate((e) => e === document.activeElement), true);
  assert.equal(await page.locator(".drawer").isVisible(), true);
  await page.keyboard.press("Escape");
  await page.locator(".bed-page").waitFor({ state: "detached" });
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("a list of alarms that could not be read is read again by itself", async () => {
  const { page, faults } = await openWard(parts.browser, parts.service.address);
  const list = "**/api/v1/alarms?state=all&bed=*";
  await page.route(list, (route) => route.abort());
  await bedTile(page, "bay-1").press("Enter");
  const note = page.locator(".events .trend-note");
  await says(note, /did not answer. It is asked again/);
  await page.unroute(list);
  await happened(page, "HIGH alarm: Systolic 205").waitFor();
  await note.waitFor({ state: "hidden" });
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("the view fits a phone", async () => {
  const { page, faults } = await openBed(PHONE);
  await says(line(page), /BP 205/);
  const wide = await page.locator("#view").evaluate((e) => e.scrollWidth - e.clientWidth);
  assert.ok(wide <= 0, `${wide} px too wide`);
  const panel = await page.locator(".bed-panel").boundingBox();
  const trend = await page.locator(".trend").boundingBox();
  assert.ok(panel.y > trend.y + trend.height, "the panel stands below");
  await assertAccessible(page, "a phone");
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("a lost connection leaves no number that looks live", async () => {
  // Goal: safety:F5 on this page: numbers are gone, and the trend says of when it is.
  const { page } = await openBed();
  await says(line(page), /BP 205/);
  await parts.service.kill();
  await page.locator("#connection-lost").waitFor();
  const numbers = () => page.locator(".bed-page [data-metric]").allTextContents();
  await eventually(async () => [...new Set(await numbers())], ["-?-"], "no number is left");
  assert.equal(await page.locator(".bed-page .bp .delta").isVisible(), false);
  await says(page.locator(".trend-note").first(), /^Not live: as of \d\d:/);
  await page.context().close();
});

test("how far a patient is from the baseline stands beside the numbers", async () => {
  // Goal: issue 5, item 1: "Δ from baseline". Two pressures a minute apart need a faster clock.
  const demo = await startDemo("--speed", "60");
  try {
    const api = await openApi(demo.address);
    const { session } = await api.get("/beds/bay-4");
    const byHand = async (sys, dia) => {
      const { to: taken } = await api.get("/beds/bay-4/trend?points=1");
      const cuffed = { method: "aneroid", arm: "left", cuff_size: "adult" };
      const values = { nibp_sys: sys, nibp_dia: dia };
      const body = { ...cuffed, taken, values };
      return (await api.post(`/sessions/${session.id}/readings`, body)).readings.nibp_sys;
    };
    const first = await byHand(120, 80);
    const { to } = await api.get("/beds/bay-4/trend?points=1");
    await until("a minute later", async () => {
      const now = await api.get("/beds/bay-4/trend?points=1");
      return Date.parse(now.to) - Date.parse(to) > 65_000;
    });
    const accept = [first, await byHand(124, 80)];
    await api.post(`/sessions/${session.id}/baseline`, { accept, reason: "late" });
    const { page, faults } = await openBed(DESK, demo.address, "bay-4");
    // Each time its own cuff measures, too, every few seconds here.
    const deltas = [page.locator(".bed-page"), bedTile(page, "bay-4")].map((tile) =>
      tile.locator(".bp .delta"),
    );
    const areShown = async () =>
      (await Promise.all(deltas.map((it) => it.textContent()))).every((it) => it === "Δ −7/+10");
    await until("both tell it", async () => {
      await byHand(115, 90);
      return until("told", areShown, 2_000).catch(() => false);
    });
    await happened(page, /Baseline accepted: .*S 122 D 80 .*nurse.*late$/).waitFor();
    assert.deepEqual(faults, []);
    await page.context().close();
  } finally {
    await demo.kill();
  }
});
