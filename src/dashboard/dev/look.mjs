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
  for (const [name, viewport] of Object.entries(SIZES)) {
    const server = await serve(0, beds);
    const page = await browser.newPage({ viewport });
    const where = `${name}-${beds}`;
    page.on("console", (m) => {
      // The refusals that are asked for below.
      const isRefusal = /status of 4(01|22)/.test(m.text());
      if (m.type() === "error" && !isRefusal) faults.push(`${where}: ${m.text()}`);
    });
    page.on("pageerror", (e) => faults.push(`${where}: ${e}`));
    await page.goto(`http://127.0.0.1:${server.port}/`);
    await page.locator("#log-in-name").waitFor();
    await page.fill("#log-in-name", "kim");
    await page.fill("#log-in-password", "wrong");
    await page.click("#log-in-start");
    await page.locator("#log-in-why").waitFor();
    await page.screenshot({ path: join(directory, `${where}-log-in.png`) });
    await findings(page, `${where}-log-in`);
    await page.fill("#log-in-password", "correct horse");
    await page.click("#log-in-start");
    await page.locator("[data-bed]").first().waitFor();
    await page.locator("#sound-test").waitFor();
    await page.screenshot({ path: join(directory, `${where}-test.png`) });
    await findings(page, `${where}-test`);
    await page.click("#sound-heard");
    await page.locator("#sound-test").waitFor({ state: "hidden" });
    await page.click('[data-bed="bay-2"]');
    await page.click("#act-alarms");
    await page.click("#bed-send");
    await page.locator("#bed-why").waitFor();
    await page.screenshot({ path: join(directory, `${where}-asked.png`) });
    await findings(page, `${where}-asked`);
    await page.click("#bed-back");
    await page.click("#act-audio");
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
    server.close();
  }
}
await browser.close();
console.log(faults.length === 0 ? "no violation" : faults.join("\n"));
process.exitCode = faults.length === 0 ? 0 : 1;
