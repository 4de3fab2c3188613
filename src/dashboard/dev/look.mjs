// Takes pictures of the page at desk and wall size and looks for accessibility faults:
//   npm run build && node dev/look.mjs DIRECTORY
// Ends with an error where axe finds a violation or the page logs one.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { serve } from "./fixture-server.mjs";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const SIZES = { desk: { width: 1280, height: 800 }, wall: { width: 1920, height: 1080 } };
const directory = process.argv[2] ?? ".";
const axe = await readFile(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: FLAGS,
});
const faults = [];

async function findings(page, where) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  for (const v of violations) {
    faults.push(
      `${where}: ${v.id}: ${v.nodes.map((n) => `${n.target} ${n.failureSummary}`).join(" | ")}`,
    );
  }
}

for (const beds of [4, 12, 24]) {
  const server = await serve(0, beds);
  for (const [name, viewport] of Object.entries(SIZES)) {
    const page = await browser.newPage({ viewport });
    const where = `${name}-${beds}`;
    page.on("console", (m) => {
      if (m.type() === "error") faults.push(`${where}: ${m.text()}`);
    });
    page.on("pageerror", (e) => faults.push(`${where}: ${e}`));
    await page.goto(`http://127.0.0.1:${server.port}/`);
    await page.locator("[data-bed]").first().waitFor();
    await page.screenshot({ path: join(directory, `${where}-silent.png`) });
    await findings(page, `${where}-silent`);
    await page.fill("#name", "Kim");
    await page.click("#sound-start");
    await page.locator("#sound-bar").waitFor({ state: "hidden" });
    await page.waitForTimeout(400);
    await page.screenshot({ path: join(directory, `${where}.png`) });
    await findings(page, where);
    if (beds === 4) {
      await page.evaluate(() => fetch("/quiet").then((r) => r.text()));
      await page.locator("#connection-lost").waitFor({ state: "visible", timeout: 9_000 });
      const numbers = await page.locator("[data-metric]").allTextContents();
      if (numbers.some((n) => n !== "-?-")) faults.push(`${where}: numbers kept: ${numbers}`);
      await page.screenshot({ path: join(directory, `${where}-lost.png`) });
      await findings(page, `${where}-lost`);
      await page.evaluate(() => fetch("/loud").then((r) => r.text()));
      await page.locator("#connection-lost").waitFor({ state: "hidden", timeout: 15_000 });
    }
    await page.close();
  }
  server.close();
}
await browser.close();
console.log(faults.length === 0 ? "no violation" : faults.join("\n"));
process.exitCode = faults.length === 0 ? 0 : 1;
