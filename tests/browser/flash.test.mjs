// How alarms flash, measured from the frames that were painted, against the ranges of alarms 3;
// that all flash together, and that nothing flashes that has to be read.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { openWard } from "./support/browser.mjs";
import { closeClinic, openClinic } from "./support/clinic.mjs";
import { cuff, heartRate } from "./support/monitors.mjs";
import { lightness, picturesWhile } from "./support/pictures.mjs";
import { bedTile } from "./support/ward.mjs";

/** alarms 3, in Hz and as a share of the time. */
const RATE = { high: [1.4, 2.8], medium: [0.4, 0.8] };
const DUTY = [0.2, 0.6];
/** So much of a period a frame may come late on a busy machine. */
const LATE = 0.1;
const LONGEST_GAP_S = 0.45;
/** The page looks four times a second. */
const LOOK_AGAIN_MS = 500;
/** Of 255: a flash is more than this, and what is steady is less than that. */
const [FLASHES, STEADY] = [20, 2];
const BEDS = ["bay-1", "bay-2", "bay-3", "bay-4", "bay-5"].map((id) => ({ id, label: id }));
/** By priority: the beds that have such an alarm. */
const RAISED = { high: ["bay-1", "bay-2"], medium: ["bay-3", "bay-4"], low: ["bay-5"] };

let parts;
before(async () => {
  parts = await openClinic(BEDS);
  const { service, monitors, browser } = parts;
  parts = { ...parts, ...(await openWard(browser, service.address)) };
  for (const bed of RAISED.high) {
    await monitors.high(bed, 205);
    await row(bed, "high").waitFor();
  }
  for (const bed of RAISED.medium) {
    await monitors.low(bed, 85);
    await row(bed, "medium").waitFor();
  }
  // Not a pulse that anybody has: LOW, of the equipment.
  await monitors.send("bay-5", "cuff-bay-5", [cuff(120, 80), heartRate(999)]);
  await row("bay-5", "low").waitFor();
});
after(() => closeClinic(parts));

const row = (bed, priority) =>
  parts.page.locator(`.alarm[data-priority=${priority}]`, { hasText: bed }).first();
const tile = (bed) => bedTile(parts.page, bed);

/** Where to look: borders and symbols, and what has to be read. */
async function places() {
  const found = {};
  const note = async (name, locator) => {
    const { x, y, width, height } = await locator.boundingBox();
    const [left, top] = [Math.ceil(x), Math.ceil(y)];
    found[name] = { x: left, y: top, width: Math.floor(width), height: Math.floor(height) };
    return found[name];
  };
  const noteOne = async (bed, whole, { glyph, number, text }) => {
    const { x, y, height } = await note(`border ${bed}`, whole);
    found[`border ${bed}`] = { x: x + 1, y: y + Math.floor(height / 2), width: 2, height: 8 };
    await note(`glyph ${bed}`, whole.locator(glyph));
    await note(`number ${bed}`, whole.locator(number));
    await note(`text ${bed}`, whole.locator(text));
  };
  const ofTile = { glyph: ".tile-alarm .glyph", text: ".tile-alarm .what" };
  for (const bed of Object.values(RAISED).flat())
    await noteOne(bed, tile(bed), { ...ofTile, number: '[data-metric="nibp_sys"]' });
  const ofRow = { glyph: ".glyph", number: ".word", text: ".text" };
  // Of the strip, the rows that are in sight at a desk.
  for (const bed of RAISED.high)
    await noteOne(`row ${bed}`, row(bed, "high"), ofRow);
  return found;
}

/** The places of this priority that are to flash, if any does. */
const lights = (priority) => {
  const rows = priority === "high" ? RAISED.high.map((bed) => `row ${bed}`) : [];
  return [...RAISED[priority], ...rows].flatMap((of) => [`border ${of}`, `glyph ${of}`]);
};

const median = (all) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;

/** Flashes of one place: how often and how long on, by the median, so that a frame that a busy
 * machine left out does not count. */
function flashing(frames, place) {
  const levels = frames.map((frame) => frame[place]);
  const [least, most] = [Math.min(...levels), Math.max(...levels)];
  const isOn = frames.map((frame) => frame[place] > (least + most) / 2);
  // From each rise: until the next fall, and until the next rise.
  const turns = frames.flatMap(({ atMs }, i) => (i > 0 && isOn[i] !== isOn[i - 1] ? [atMs] : []));
  const onFirst = turns.slice(isOn[0] ? 1 : 0);
  const rises = onFirst.filter((_, i) => i % 2 === 0);
  const falls = onFirst.filter((_, i) => i % 2 === 1);
  const periodMs = median(rises.slice(1).map((at, i) => at - rises[i]));
  const onMs = median(falls.map((at, i) => at - rises[i]));
  return {
    depth: most - least,
    hz: 1000 / periodMs,
    duty: onMs / periodMs,
    isOn,
  };
}

/** The opacity of a bed's border at each hundredth of a period. */
function curveOf(bed) {
  return parts.page.evaluate((id) => {
    const element = document.querySelector(`[data-bed="${id}"]`);
    const all = element.getAnimations({ subtree: true });
    const flash = all.find(({ effect }) => effect.pseudoElement === "::after");
    const { duration: periodMs } = flash.effect.getComputedTiming();
    flash.pause();
    const levels = Array.from({ length: 100 }, (_, i) => {
      flash.currentTime = ((i + 0.5) * periodMs) / 100;
      return Number(getComputedStyle(element, "::after").opacity);
    });
    flash.play();
    return { periodMs, levels };
  }, bed);
}

/** What flashes of each tile and each row of the strip, by its priority and its light: whether its
 * border does, how many of its symbols, and how fast. */
function flashesNow() {
  return parts.page.evaluate(() =>
    [...document.querySelectorAll("#beds .tile[data-priority], #alarms .alarm")].map((one) => {
      const all = one.getAnimations({ subtree: true });
      return {
        name: one.dataset.bed ?? one.querySelector(".text").textContent,
        priority: one.dataset.priority,
        light: one.dataset.light,
        border: all.some(({ effect }) => effect.pseudoElement === "::after"),
        symbols: all.filter(({ effect }) => effect.target.matches(".glyph")).length,
        periods: [...new Set(all.map(({ effect }) => effect.getComputedTiming().duration))],
        others: all.filter(({ animationName }) => !/^flash-/.test(animationName)).length,
      };
    }),
  );
}

/** The share of the time in which two places are not on together. */
function apart(frames, a, b) {
  const wholeMs = frames.at(-1).atMs - frames[0].atMs;
  let ms = 0;
  for (let i = 0; i < frames.length - 1; i++)
    if (a.isOn[i] !== b.isOn[i]) ms += frames[i + 1].atMs - frames[i].atMs;
  return ms / wholeMs;
}

/** The frames of so many milliseconds. Looked at again where a row moved meanwhile, or where the
 * machine was too busy to paint: HIGH alone asks for a frame three times a second. `isDense`:
 * false where it was so each time. */
async function watch(ms) {
  const { page } = parts;
  const cast = { format: "jpeg", quality: 80 };
  for (let tries = 1; ; tries++) {
    const where = await places();
    const pictures = await picturesWhile(page, () => page.waitForTimeout(ms), cast);
    const isSame = isDeepStrictEqual(where, await places());
    const gapsS = pictures.slice(1).map(({ paintedS }, i) => paintedS - pictures[i].paintedS);
    const isDense = Math.max(...gapsS) < LONGEST_GAP_S;
    if ((isSame && (isDense || tries >= 3)) || tries === 10)
      return { isDense, frames: await lightness(parts.browser, pictures, where) };
  }
}

function within(value, [least, most], what) {
  assert.ok(value >= least && value <= most, `${what}: ${value} is not in ${least} to ${most}`);
}

/** Too few frames tell no rate: what they show flashes, and how fast is its animation's to say. */
function assertFlashes({ frames, isDense }, priority) {
  for (const place of lights(priority)) {
    const { depth, hz, duty } = flashing(frames, place);
    assert.ok(depth > FLASHES, `${place} flashes: ${depth}`);
    if (!isDense) continue;
    within(hz, RATE[priority], `${place}, Hz`);
    within(duty, [DUTY[0] - LATE, DUTY[1] + LATE], `${place}, share of the time on`);
  }
}

function assertCurve({ periodMs, levels }, priority) {
  within(1000 / periodMs, RATE[priority], `${priority}, Hz`);
  const middle = (Math.max(...levels) + Math.min(...levels)) / 2;
  within(share(levels, (level) => level > middle), DUTY, `${priority}, share of the time on`);
}

const share = (levels, holds) => levels.filter(holds).length / levels.length;

/** One change is a new number or a new place; what flashes goes on changing. */
function assertSteady(frames, place) {
  const { depth, isOn } = flashing(frames, place);
  const changes = isOn.filter((on, i) => i > 0 && on !== isOn[i - 1]).length;
  assert.ok(depth < STEADY || changes <= 1, `${place} changes ${changes} times, by ${depth}`);
}

test("HIGH and MEDIUM flash at their rates, LOW and all that is read are steady", async () => {
  // Goal: alarms 3; Dashboard HMI 5.
  for (const priority of Object.keys(RATE))
    assertCurve(await curveOf(RAISED[priority][0]), priority);
  const seen = await watch(8_000);
  const { frames } = seen;
  for (const priority of Object.keys(RATE)) assertFlashes(seen, priority);
  for (const place of lights("low")) assertSteady(frames, place);
  const read = Object.keys(frames[0]).filter((name) => /^(number|text) /.test(name));
  for (const place of read) assertSteady(frames, place);
});

test("each tile and row of an alarm flashes at its own rate, and none of a LOW one", async () => {
  // Goal: alarms 3. Of the strip the rows out of sight, too.
  const seen = await flashesNow();
  for (const [priority, beds] of Object.entries(RAISED)) {
    const ofIt = seen.filter((one) => one.priority === priority);
    for (const bed of beds) assert.ok(ofIt.some(({ name }) => name === bed), `${bed}: ${priority}`);
    assert.ok(ofIt.length >= 2 * beds.length, `${priority}: tiles and rows`);
    for (const { name, light, border, symbols, periods, others } of ofIt) {
      const isFlashing = light === "flashing" && priority !== "low";
      assert.deepEqual([border, symbols > 0], [isFlashing, isFlashing], `${name}: ${light}`);
      assert.equal(periods.length, isFlashing ? 1 : 0, `${name}: ${periods}`);
      for (const periodMs of periods) within(1000 / periodMs, RATE[priority], `${name}, Hz`);
      assert.equal(others, 0, name);
    }
  }
  const medium = seen.filter(({ priority }) => priority === "medium");
  assert.ok(medium.filter(({ light }) => light === "flashing").length >= 4, "none was answered");
});

test("all flashes of a priority are in step, and come back into it by themselves", async () => {
  // Goal: Dashboard HMI 5: flashes out of step would add up to a faster flicker. Method: each is
  // put out of step by another time, and the page's next look has to see it.
  await parts.page.evaluate(() => {
    document.getAnimations().forEach((flash, i) => {
      if (/^flash-/.test(flash.animationName)) flash.startTime -= 110 * i;
    });
  });
  // Once more where the page itself came late to its next look.
  const first = await outOfStep();
  assert.deepEqual(first.length === 0 ? first : await outOfStep(), []);
});

/** The lights that are not in step with the first of their kind. */
async function outOfStep() {
  const { frames } = await watch(3_000);
  const later = frames.filter(({ atMs }) => atMs > frames[0].atMs + LOOK_AGAIN_MS);
  const found = [];
  for (const priority of Object.keys(RATE)) {
    // Beside a bright border a symbol may be a dark one, so like is compared with like.
    for (const part of [/^border/, /^glyph/]) {
      const [first, ...others] = lights(priority).filter((place) => part.test(place));
      for (const other of others) {
        const share = apart(later, flashing(later, first), flashing(later, other));
        if (share >= 0.1) found.push(`${first} and ${other}: ${share} of the time apart`);
      }
    }
  }
  return found;
}

test("for those who want less motion alarms flash all the same, with softer edges", async () => {
  // Goal: Dashboard HMI 5. Method: its curve, in the animation's own time; that it is painted shows
  // in pictures.
  const { page } = parts;
  const hard = await curveOf("bay-1");
  await page.emulateMedia({ reducedMotion: "reduce" });
  const soft = await curveOf("bay-1");
  assertCurve(soft, "high");
  const isBetween = (level) => level > 0.4 && level < 0.9;
  assert.equal(share(hard.levels, isBetween), 0);
  within(share(soft.levels, isBetween), [0.1, 0.5], "share of the time between on and off");
  assertCurve(await curveOf("bay-3"), "medium");
  for (const { priority, light, border } of await flashesNow())
    assert.equal(border, priority !== "low" && light === "flashing", `${priority}, ${light}`);
  const { frames } = await watch(2_000);
  assert.ok(flashing(frames, "border bay-1").depth > FLASHES, "it is painted");
  assert.deepEqual(parts.faults, []);
});
