// What the page costs and how soon it shows an alarm: the service and Chromium on one machine.
// Prints figures beside their aims; asserts none (style 2.7, Budgets).
//   DOSEVIGIL_BIN=... node tests/benches/page.mjs [--quick] [cpu|painted|memory]...

import { cpus, loadavg, release, type } from "node:os";
import { launch } from "../browser/support/browser.mjs";
import { openClinic, openScreen } from "./page/clinic.mjs";
import { measureCpu } from "./page/cpu.mjs";
import { measureMemory } from "./page/memory.mjs";
import { measurePainted } from "./page/painted.mjs";

const given = process.argv.slice(2);
const wanted = given.filter((word) => !word.startsWith("-"));
const has = (part) => wanted.length === 0 || wanted.includes(part);
const plan = given.includes("--quick")
  ? { alarms: 24, cpuS: 5, warmUp: 4, minutes: 6 }
  : { alarms: 200, cpuS: 20, warmUp: 20, minutes: 30 };
const say = (text) => process.stdout.write(`${text}\n`);
const machine = () => `load ${loadavg().map((of) => of.toFixed(1)).join(" ")}`;

async function measure(name, how) {
  say(`\n${name} (${machine()})`);
  for (const line of await how()) say(`  ${line}`);
  say(`  at its end: ${machine()}`);
}

const browser = await launch();
say(`Chromium ${browser.version()}, ${cpus().length} × ${cpus()[0].model}, ${type()} ${release()}`);
try {
  if (has("cpu") || has("painted")) {
    const clinic = await openClinic();
    try {
      const { page, close } = await openScreen(browser, clinic.address);
      if (has("cpu")) {
        const name = "CPU, 24 beds, 4 updates/s each, no alarm of a reading";
        await measure(name, () => measureCpu(browser, page, plan.cpuS));
      }
      if (has("painted")) {
        const name = `Commit → painted, ${plan.alarms} HIGH alarms, 24 beds, 4 updates/s each`;
        await measure(name, () => measurePainted(clinic, page, plan.alarms));
        const after = "CPU, 24 beds, 4 updates/s each, each bed with a HIGH that has ended";
        await measure(after, () => measureCpu(browser, page, plan.cpuS));
      }
      await close();
    } finally {
      await clinic.close();
    }
  }
  if (has("memory")) {
    const name = `Memory over ${plan.minutes} played minutes, 24 beds, 4 updates/s each`;
    await measure(name, () => measureMemory(browser, plan.warmUp, plan.minutes));
  }
} finally {
  await browser.close();
}
