// Takes the picture that the README shows: a nurse's desk in the simulated clinic, some time after
// the repeat of its story's high pressure has turned it HIGH. Nothing in it is a real patient.
//   DOSEVIGIL_BIN=... node tests/picture/ward.mjs [FILE.webp]

import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { DESK, launch, openWard } from "../browser/support/browser.mjs";
import { startDemo } from "../browser/support/process.mjs";

const FILE = process.argv[2] ?? fileURLToPath(new URL("ward.webp", import.meta.url));
const AT_MOST_BYTES = 200_000;
/** Of the story: 25 s to the first reading, a minute to its repeat, and as long again. */
const HIGH_WITHIN_MS = 180_000;

const demo = await startDemo();
const browser = await launch();
try {
  const { page, faults } = await openWard(browser, demo.address, DESK);
  const alarm = page.locator('.alarm[data-priority="high"][data-light="flashing"]');
  await alarm.filter({ hasText: "Systolic" }).first().waitFor({ timeout: HIGH_WITHIN_MS });
  if (!(await page.locator("#simulated").isVisible())) throw new Error("it does not say SIMULATED");
  await alarm.locator(".glyph").first().evaluate(untilItLights);
  const tab = await page.context().newCDPSession(page);
  const { data } = await tab.send("Page.captureScreenshot", { format: "webp", quality: 90 });
  const picture = Buffer.from(data, "base64");
  const size = `${picture.length} bytes, at most ${AT_MOST_BYTES}`;
  if (picture.length > AT_MOST_BYTES) throw new Error(`too large: ${size}`);
  if (faults.length > 0) throw new Error(faults.join("\n"));
  await writeFile(FILE, picture);
  console.log(`${FILE}: ${size}`);
} finally {
  await browser.close();
  await demo.kill();
}

/** Runs in the page: ends when the symbol's flash has just become bright. The animations are not
 * stopped for the picture: the cover NOT LIVE is the end of one. */
function untilItLights(glyph) {
  return new Promise((resolve) => {
    let wasDark = false;
    const look = () => {
      const isDark = Number(getComputedStyle(glyph).opacity) < 0.5;
      if (wasDark && !isDark) return resolve();
      wasDark = isDark;
      requestAnimationFrame(look);
    };
    look();
  });
}
