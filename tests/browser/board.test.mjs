// The wall board (issue 5, item 7; alarms, Dashboard HMI 4 and 14; safety X4): paired with a code,
// it shows and sounds a ward of 24 beds, and nothing can be done at it. In this order.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  assertAccessible,
  assertLaidOut,
  eventually,
  hearSound,
  logIn,
  openPage,
  press,
  pulses,
  says,
  WALL,
} from "./support/browser.mjs";
import { bays, closeClinic, openClinic } from "./support/clinic.mjs";
import { cuff, heartRate, spo2 } from "./support/monitors.mjs";
import { startDemo, until } from "./support/process.mjs";
import { alarmRow, bedTile, chooseBed, tapped } from "./support/ward.mjs";

const BEDS = bays(24);
/** Never with a device, so that nothing sounds when it stands by. */
const EMPTY = "bay-3";
/** How wide a screen of 65 inches is, in mm: what a ruler would measure. */
const ACROSS_MM = 1439;
/** Critical text (alarms, Dashboard HMI 4). */
const ARCMIN = 20;

let parts;
before(async () => {
  parts = await openClinic(BEDS, { roles: ["nurse", "admin"] });
});
after(() => closeClinic(parts));

async function type(page, code, name) {
  await page.fill(".pair-form .code", code);
  await page.getByLabel("Name of this board").fill(name);
  await page.click(".pair-form .door-start");
}

/** An admin's code, from the page Setup. */
async function codeOfAdmin(address = parts.service.address) {
  const { page } = await openPage(parts.browser, address);
  await logIn(page, "admin");
  await page.click('#places a[href="/setup"]');
  await press(page.getByRole("button", { name: "Screens and boards" }));
  await press(page.getByRole("button", { name: "Get a code" }));
  await says(page.locator(".pairing-left"), /^good for (10:00|09:\d\d)$/);
  return { admin: page, code: await page.locator(".pairing-code").textContent() };
}

let board;
test("a screen is paired with an admin's code; a wrong one is refused, and stays", async () => {
  // safety:X4
  const { page, faults } = await openPage(parts.browser, parts.service.address, WALL);
  await page.getByRole("link", { name: "Make this screen a wall board" }).click();
  await type(page, "WRONG", "Hall 2");
  await says(page.locator(".door-why"), /Not paired: the code is not good/);
  assert.equal(await page.inputValue(".pair-form .code"), "WRONG");
  assert.equal(await page.locator("[data-bed]").count(), 0, "nothing of the ward");
  await assertAccessible(page, "pairing");

  const { admin, code } = await codeOfAdmin();
  await type(page, code.toLowerCase(), "Hall 2");
  await page.locator(".tile").first().waitFor();
  await says(page.locator("#person"), /^hall-2 · board$/);
  const screens = admin.locator(".setup-screens tbody");
  await says(screens, /hall-2 \(board\)-watching, 24 bedson/);
  await admin.context().close();
  board = { page, faults };
});

test("24 beds are read from across the room, and an alarm is seen and heard there", async () => {
  // Goal: alarms, Dashboard HMI 4, 7: its sound was turned on by the press that paired it.
  const { page } = board;
  for (const { id } of BEDS.filter(({ id }) => id !== EMPTY))
    await parts.monitors.signals(id);
  const last = bedTile(page, "bay-24").locator('[data-metric="spo2"]');
  await until("the last of them", async () => {
    await parts.monitors.signals("bay-24");
    return (await last.textContent()) === "97";
  });
  const heard = (await pulses(page)).length;
  await parts.monitors.high("bay-7", 205);
  await alarmRow(page, "Systolic 205").waitFor();
  await until("a burst", async () => (await pulses(page)).length > heard);
  await assertLaidOut(page, "24 beds on a wall");
  await assertAccessible(page, "the board");
});

/** The digits of the pressures and of the other numbers on such a screen: the lowest, in mm. */
function digitMm(page) {
  return page.locator(".tile :is(.bp-value, .number)").evaluateAll((all, across) => {
    const pen = document.createElement("canvas").getContext("2d");
    const heights = all.map((number) => {
      const { fontWeight, fontSize, fontFamily } = getComputedStyle(number);
      pen.font = `${fontWeight} ${fontSize} ${fontFamily}`;
      return pen.measureText("0").actualBoundingBoxAscent;
    });
    return (Math.min(...heights) * across) / innerWidth;
  }, ACROSS_MM);
}

test("its digits are high enough to be read from where people stand", async () => {
  // Goal: alarms, Dashboard HMI 4: 24 mm from 4 m with 12 beds; with 24 beds from nearer.
  const arcmin = (mm, m) => (Math.atan(mm / (m * 1000)) * 180 * 60) / Math.PI;
  const many = await digitMm(board.page);
  assert.ok(arcmin(many, 2.6) >= ARCMIN, `24 beds from 2.6 m: ${many} mm`);
  const demo = await startDemo("--beds", "12");
  try {
    const { page, faults } = await openPage(parts.browser, demo.address, WALL);
    await page.getByRole("link", { name: "Make this screen a wall board" }).click();
    const { admin, code } = await codeOfAdmin(demo.address);
    await type(page, code, "Hall 3");
    await page.locator(".tile .number").nth(35).waitFor();
    const few = await digitMm(page);
    assert.ok(few >= 24 && arcmin(few, 4) >= ARCMIN, `12 beds from 4 m: ${few} mm`);
    await assertLaidOut(page, "12 beds on a wall");
    assert.deepEqual(faults, []);
    await admin.context().close();
    await page.context().close();
  } finally {
    await demo.kill();
  }
});

test("nothing can be done at a board, by touch or key, and it goes nowhere else", async () => {
  // safety:X1
  const { page } = board;
  const acts = [];
  page.on("request", (request) => {
    if (request.method() !== "GET" && !request.url().endsWith("/lease")) acts.push(request.url());
  });
  const buttons = page.locator("button:visible, a[href]:visible:not(.skip), input:visible");
  const named = async () =>
    (await buttons.allTextContents()).filter((text) => !/more/.test(text));
  await eventually(named, ["◐", "?"], "its brightness, and help");
  for (const key of ["s", "a", "A", "p", "b", "p", "Enter"]) await page.keyboard.press(key);
  assert.equal(new URL(page.url()).pathname, "/board");
  assert.equal(await page.locator(".alarm .acked").first().textContent(), "");
  await page.goto(parts.service.address);
  await page.locator(".tile").first().waitFor();
  await until("it is the board again", () => new URL(page.url()).pathname === "/board");
  // The browser may let it sound by itself.
  await tapped(page.locator("#sound-start"), () => page.locator("#sound-bar").isHidden());
  assert.deepEqual(
    acts.filter((url) => !url.includes("/screens")),
    [],
  );
});

test("a board tells no drug and no reason of a stand-by; its help unpairs it", async () => {
  // Goal: alarms, Dashboard HMI 14.
  const { page, faults } = board;
  const { page: desk } = await openPage(parts.browser, parts.service.address);
  await logIn(desk);
  await hearSound(desk);
  await chooseBed(desk, EMPTY);
  await desk.getByRole("button", { name: "Room empty…" }).click();
  await desk.fill("#bed-reason", "private matter");
  await desk.click("#bed-send");
  await says(bedTile(desk, EMPTY), /private matter/);
  await says(bedTile(page, EMPTY), /STAND-BY/);
  const shown = await page.evaluate(() => document.body.innerText);
  assert.doesNotMatch(shown, /private matter|Ketamine/);
  await desk.context().close();

  await page.keyboard.press("?");
  await assertAccessible(page, "the board's help");
  await page.keyboard.press("Enter");
  await page.locator("#help").waitFor({ state: "hidden" });
  await page.click("#help-open");
  await page.getByRole("button", { name: "Unpair this board" }).click();
  await page.locator(".pair-form").waitFor();
  await eventually(() => page.locator("[data-bed]").count(), 0, "nothing of the ward is left");
  assert.deepEqual(faults, []);
  await page.context().close();
});
