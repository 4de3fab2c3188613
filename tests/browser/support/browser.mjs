// Chromium, pages that fail a test when the page's script fails, and axe.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { isDeepStrictEqual } from "node:util";
import { PASSWORD, until, WITHIN_MS } from "./process.mjs";

const dashboard = createRequire(new URL("../../../src/dashboard/package.json", import.meta.url));
const { chromium } = dashboard("playwright-core");
const axe = await readFile(dashboard.resolve("axe-core/axe.min.js"), "utf8");

export const DESK = { width: 1280, height: 800 };
export const WALL = { width: 1920, height: 1080 };

/** A browser that lets the page sound by itself does so by then. */
const SOUND_WITHIN_MS = 5_000;

/** Nobody types an address here: the popups of each window's address bar are pages of their own,
 * and a second of work. The rest is Playwright's own list, which this one takes the place of. */
const WITHOUT = [
  ...["WebUIOmniboxPopup", "WebUIOmniboxAimPopup"],
  ...["AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades"],
  ...["HttpsFirstBalancedModeAutoEnable", "MediaRouter", "PaintHolding", "OptimizationHints"],
  ...["NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch"],
];

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  `--disable-features=${WITHOUT}`,
];

/** `flags`: more than the usual ones. */
export function launch(...flags) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [...FLAGS, ...flags],
  });
}

/** A page in its own context (its own nurse's station) that nobody has logged in at. */
export async function openPage(browser, address, viewport = DESK) {
  const context = await browser.newContext("width" in viewport ? { viewport } : viewport);
  await context.addInitScript(notePulses);
  await context.addInitScript(noteCards);
  await context.addInitScript(noteWakeLocks);
  await context.addInitScript(countClicks);
  const page = await context.newPage();
  page.setDefaultTimeout(WITHIN_MS);
  const faults = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  await page.goto(address);
  await page.locator("#log-in-name").waitFor();
  return { page, faults };
}

/** Runs in the page: notes each tone that is given to the sound card. */
function notePulses() {
  const [start, stop] = [OscillatorNode.prototype.start, OscillatorNode.prototype.stop];
  globalThis.pulses = [];
  OscillatorNode.prototype.start = function (at) {
    this.note = { hz: Math.round(this.frequency.value), atMs: at * 1000, lengthMs: 0 };
    globalThis.pulses.push(this.note);
    return start.call(this, at);
  };
  OscillatorNode.prototype.stop = function (at) {
    this.note.lengthMs = Math.round(at * 1000 - this.note.atMs);
    return stop.call(this, at);
  };
}

/** The tones since the page was opened: {hz, atMs, lengthMs}. */
export function pulses(page) {
  return page.evaluate(() => globalThis.pulses);
}

/** Runs in the page: notes its sound cards. */
function noteCards() {
  globalThis.cards = [];
  globalThis.AudioContext = class extends AudioContext {
    constructor(...given) {
      super(...given);
      globalThis.cards.push(this);
    }
  };
}

/** Runs in the page: notes what it asks to be kept awake. An empty page can't ask. */
function noteWakeLocks() {
  globalThis.wakeLocks = [];
  if (globalThis.WakeLock === undefined) return;
  const { request } = WakeLock.prototype;
  WakeLock.prototype.request = function (kind) {
    globalThis.wakeLocks.push(kind);
    return request.call(this, kind);
  };
}

/** What the page has asked to be kept awake since it was opened. */
export const wakeLocks = (page) => page.evaluate(() => globalThis.wakeLocks);

/** The system takes the sound away, as it may at any time. */
export function suspendSound(page) {
  return page.evaluate(() => Promise.all(globalThis.cards.map((card) => card.suspend())));
}

/** The wall clock of the page's computer is off by so much from now on. What never steps goes on:
 * so does a computer that slept, and one whose clock was set. */
export function stepClock(page, ms) {
  return page.evaluate((off) => {
    globalThis.trueNow ??= Date.now.bind(Date);
    Date.now = () => globalThis.trueNow() + off;
  }, ms);
}

/** Where the page looks, it is `state`: what a browser says when its tab is behind another. The
 * title that this leaves at once. */
export function becomes(page, state) {
  return page.evaluate((word) => {
    Object.defineProperty(document, "visibilityState", { value: word, configurable: true });
    Object.defineProperty(document, "hidden", { value: word === "hidden", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
    return document.title;
  }, state);
}

/** Notes from now on what each frame of the page has shown of a bed's number. */
export function noteFrames(page, bed, metric) {
  return page.evaluate(
    ([bedId, name]) => {
      const part = (selector) => document.querySelector(selector);
      let atMs = 0;
      const look = () => {
        const number = part(`[data-bed="${bedId}"] [data-metric="${name}"]`);
        globalThis.frames.push({
          atMs,
          isLost: !part("#connection-lost").hidden,
          isCovered: getComputedStyle(part("#not-live")).opacity === "1",
          number: number?.textContent ?? null,
        });
      };
      // Within the frame, after all that the page does in it, and before it is painted: what a
      // later task changes is another frame's. Sizes are observed at that point.
      const probe = document.body.appendChild(document.createElement("div"));
      Object.assign(probe.style, { position: "fixed", width: "1px" });
      new ResizeObserver(look).observe(probe);
      const next = (now) => {
        atMs = now;
        probe.style.width = probe.style.width === "1px" ? "2px" : "1px";
        requestAnimationFrame(next);
      };
      globalThis.frames = [];
      requestAnimationFrame(next);
    },
    [bed, metric],
  );
}

export function notedFrames(page) {
  return page.evaluate(() => globalThis.frames);
}

/** How the page asks for another press: a busy service gave no answer. */
export const AGAIN = /tap again/i;

/** Presses until it is `done`; again where the page says there that it has no answer. */
async function pressUntilAnswered(page, button, why, done) {
  await until(`${button} is answered`, async () => {
    await page.click(button);
    await until("an answer", async () => (await done()) || page.locator(why).isVisible());
    return (await done()) || !AGAIN.test(await page.locator(why).textContent());
  });
}

/** Logs in through the page, as a person does; the press turns the sound on. Where it is refused,
 * the page says so. */
export async function logIn(page, name = "nurse", password = PASSWORD) {
  await page.fill("#log-in-name", name);
  await page.fill("#log-in-password", password);
  const isIn = () => page.locator("#log-in").isHidden();
  await pressUntilAnswered(page, "#log-in-start", "#log-in-why", isIn);
}

/** Says that the test sounds were heard; where the browser wants a press for them, after that. */
export async function hearSound(page) {
  const [start, heard] = [page.locator("#sound-start"), page.locator("#sound-heard")];
  const isAsked = () => until("asked", () => heard.isVisible(), SOUND_WITHIN_MS);
  await until("it is asked whether the sound is heard", async () => {
    if (await isAsked().catch(() => false)) return true;
    await start.click({ timeout: 500 }).catch(() => {});
    return false;
  });
  const isHeard = () => page.locator("#sound-test").isHidden();
  await pressUntilAnswered(page, "#sound-heard", "#sound-why", isHeard);
}

/** Ticks it, or lets it go: again, where something had just moved. */
export const setTick = (box, wanted = true) =>
  until(`${box} is ${wanted ? "" : "not "}ticked`, () =>
    box.setChecked(wanted, { timeout: 3_000 }).then(() => true, () => false),
  );

/** A station at which a person watches: logged in, the sound on and heard, its tiles standing. */
export async function openWard(browser, address, viewport = DESK, name = "nurse") {
  const opened = await openPage(browser, address, viewport);
  const { page } = opened;
  await logIn(page, name);
  await page.locator("[data-bed]").first().waitFor();
  if (name === "viewer") await page.locator("#sound-bar").waitFor({ state: "hidden" });
  else await hearSound(page);
  return opened;
}

/** Waits until it says so; if it never does, what it says instead is told. What is hidden counts,
 * unless `read` is `allInnerTexts`. */
export async function says(locator, pattern, withinMs = WITHIN_MS, read = "allTextContents") {
  let said = [];
  const isSaid = async () => {
    said = await locator[read]();
    return said.length > 0 && pattern.test(said[0]);
  };
  await until(`${pattern}`, isSaid, withinMs).catch((error) => {
    throw new Error(`${error.message}: it says ${JSON.stringify(said)}`);
  });
}

/** Waits until what is read is `wanted`; if it never is, what it is instead is told. */
export async function eventually(read, wanted, what) {
  let found = null;
  const isSo = async () => isDeepStrictEqual((found = await read()), wanted);
  await until(what, isSo).catch((error) => {
    assert.deepEqual(found, wanted, what);
    throw error;
  });
}

/** From now on the page waits for each answer for as long as a test holds it back. */
export const waitForAnswers = (page) =>
  page.evaluate(() => {
    AbortSignal.timeout = () => new AbortController().signal;
  });

/** What the page says of a press that was too early. */
export const TOO_SOON = "Not sent: the buttons had just changed. Tap again.";

/** Runs in the page: counts the clicks that reach what was clicked. One that the page takes for a
 * slip is stopped on its way there. */
function countClicks() {
  globalThis.clicks = 0;
  addEventListener("click", () => (globalThis.clicks += 1));
}

/** Presses as a person does: again, where the page says that something had just moved. */
export async function press(button, how = (it) => it.click()) {
  const clicks = () => button.page().evaluate(() => globalThis.clicks);
  await until(`${button} takes a press`, async () => {
    const before = await clicks();
    await how(button);
    return (await clicks()) > before;
  });
}

/** From now on: presses once what is found there, in the moment in which it comes, as a finger does
 * that was on its way to something else. */
export function pressAtOnce(page, selector) {
  return page.evaluate((what) => {
    const watch = new MutationObserver(() => {
      const found = document.querySelector(what);
      if (found === null || found.getClientRects().length === 0) return;
      watch.disconnect();
      found.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, detail: 1 }));
    });
    watch.observe(document.body, { attributes: true, childList: true, subtree: true });
  }, selector);
}

/** WCAG 2.2, which axe leaves out unless it is asked for it: no target under 24 px. */
const MORE_RULES = { "target-size": { enabled: true } };

export async function assertAccessible(page, when) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate((rules) => globalThis.axe.run({ rules }), MORE_RULES);
  const told = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.failureSummary).join(" ")}`);
  assert.deepEqual(told, [], when);
}

/** What is so now is laid out and painted. */
export function painted(page) {
  return page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
}

/** Nothing that must be read is cut off or stands over something else, as soon as what has just
 * come has its place. */
export async function assertLaidOut(page, when) {
  await painted(page);
  const faults = () => page.evaluate(() => {
    const found = [];
    const box = (e) => e.getBoundingClientRect();
    const shown = (e) => box(e).width > 0 && getComputedStyle(e).visibility !== "hidden";
    for (const tile of document.querySelectorAll(".tile")) {
      const whole = [...tile.querySelectorAll(".bp-value, .number, .limits, .bed-label, .age")];
      const parts = whole.filter(shown);
      const line = tile.querySelector(".tile-alarm:not([hidden])");
      const what = line?.querySelector(".what");
      if (what && (box(what).height > box(line).height + 1 || box(line).bottom > box(tile).bottom))
        found.push(`${tile.dataset.bed}: its alarm line is cut`);
      const signs = ".verify, .stars, .advisories :first-child, .bare";
      for (const part of tile.querySelectorAll(signs)) {
        const place = part.closest(".cell-note, .cell-name, .bp-limits, .signal");
        const [inner, outer] = [box(part), box(place)];
        const isOut = inner.right > outer.right + 1 || inner.bottom > outer.bottom + 2;
        const name = `${tile.dataset.bed} ${place.className} "${part.textContent}"`;
        if (shown(part) && isOut) found.push(`${name} is cut`);
      }
      // In its line, or left out whole.
      for (const part of tile.querySelectorAll(".due, .delta, .advisories span, .wait")) {
        const place = part.closest(".cell-note, .cell-name, .cell");
        const [inner, outer] = [box(part), box(place)];
        if (!shown(part) || inner.top >= outer.bottom - 1) continue;
        const isShort = part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 0;
        const isOut = inner.right > outer.right + 1 || inner.bottom > outer.bottom + 2;
        const name = `${tile.dataset.bed} ${part.className || "advisory"} "${part.textContent}"`;
        if (isShort || isOut) found.push(`${name} is cut`);
      }
      for (const part of parts) {
        const [inner, outer] = [box(part), box(tile)];
        const name = `${tile.dataset.bed} ${part.className} "${part.textContent.trim()}"`;
        if (
          inner.left < outer.left - 1 ||
          inner.right > outer.right + 1 ||
          inner.top < outer.top - 1 ||
          inner.bottom > outer.bottom + 1
        )
          found.push(`${name} leaves its tile`);
        if (part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).display !== "inline")
          found.push(`${name} is cut`);
        for (const other of parts) {
          if (part === other || part.contains(other) || other.contains(part)) continue;
          const [a, b] = [inner, box(other)];
          const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
          const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
          if (across > 1 && down > 3) found.push(`${name} over "${other.textContent.trim()}"`);
        }
      }
    }
    return found;
  });
  await eventually(faults, [], when);
}
