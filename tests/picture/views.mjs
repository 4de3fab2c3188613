// Takes pictures of all views in the simulated clinic, to be looked at one by one: the ward with 5,
// 12 and 24 beds, a bed, its drawers, history, setup, report, board and phone, and the ward while a
// HIGH stands as people see it who see no colours, no red or no green.
//   DOSEVIGIL_BIN=... node tests/picture/views.mjs FOLDER

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { openApi } from "../browser/support/api.mjs";
import { DESK, launch, openPage, openWard, painted, WALL } from "../browser/support/browser.mjs";
import { go, open } from "../browser/support/drawers.mjs";
import { startDemo } from "../browser/support/process.mjs";
import { openReport } from "../browser/support/visit.mjs";

const FOLDER = process.argv[2];
const PHONE = { width: 390, height: 844 };
const SIZES = { desk: DESK, wall: WALL };
const VISIONS = ["achromatopsia", "deuteranopia", "protanopia"];
/** The story's HIGH stands a few minutes of the clinic after its start. */
const SPEED = ["--speed", "4"];
const HIGH_WITHIN_MS = 120_000;
const SETTLE_MS = 1_500;

async function take(page, name) {
  await painted(page);
  await page.screenshot({ path: join(FOLDER, `${name}.png`) });
  console.log(`${name}.png`);
}

async function untilHigh(page) {
  const high = page.locator('.alarm[data-priority="high"][data-light="flashing"]');
  await high.first().waitFor({ timeout: HIGH_WITHIN_MS });
}

/** The ward in both sizes, and at the desk as others see it. */
async function takeWard(browser, beds) {
  const demo = await startDemo(...SPEED, "--beds", String(beds));
  try {
    for (const [size, viewport] of Object.entries(SIZES)) {
      const { page } = await openWard(browser, demo.address, viewport);
      await untilHigh(page);
      await take(page, `ward-${beds}-${size}`);
      if (viewport === DESK) await takeVisions(page, `ward-${beds}`);
      await page.context().close();
    }
  } finally {
    await demo.kill();
  }
}

async function takeVisions(page, name) {
  const tab = await page.context().newCDPSession(page);
  for (const type of VISIONS) {
    await tab.send("Emulation.setEmulatedVisionDeficiency", { type });
    await take(page, `${name}-${type}`);
  }
  await tab.send("Emulation.setEmulatedVisionDeficiency", { type: "none" });
}

async function takeViews(browser, demo) {
  const { page } = await openWard(browser, demo.address);
  await untilHigh(page);
  for (const path of ["/beds/bay-2", "/beds/bay-3", "/beds/bay-5", "/alarms", "/setup"]) {
    await go(page, path);
    // Until it has read what it shows.
    await page.waitForTimeout(SETTLE_MS);
    await take(page, path.slice(1).replaceAll("/", "-"));
  }
  await go(page, "/beds/bay-2");
  for (const drawer of ["limits", "vitals", "observation", "discharge"]) {
    await open(page, drawer);
    await take(page, `drawer-${drawer}`);
  }
  await page.getByRole("link", { name: "Record and report" }).click();
  const report = await openReport(page);
  await report.screenshot({ path: join(FOLDER, "report.png"), fullPage: true });
  await page.context().close();
}

async function takeBoard(browser, demo) {
  const admin = await openApi(demo.address, "admin");
  const { code } = await admin.post("/screens/pairings", {});
  const { page } = await openPage(browser, demo.address, WALL);
  await go(page, "/board");
  await page.fill(".pair-form .code", code);
  await page.getByLabel("Name of this board").fill("corridor");
  await page.click(".pair-form .door-start");
  await page.locator("[data-bed]").first().waitFor();
  await take(page, "board");
  await page.context().close();
}

await mkdir(FOLDER, { recursive: true });
const browser = await launch();
try {
  for (const beds of [5, 12, 24]) await takeWard(browser, beds);
  const demo = await startDemo(...SPEED);
  try {
    await takeViews(browser, demo);
    await takeBoard(browser, demo);
    const { page } = await openWard(browser, demo.address, PHONE);
    await take(page, "phone");
  } finally {
    await demo.kill();
  }
} finally {
  await browser.close();
}
