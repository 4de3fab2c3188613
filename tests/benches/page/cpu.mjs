// How much of one core the browser takes, by its own count of each process's CPU time. Chromium
// paints without a graphics card here, so that its GPU process does on the CPU what a card would.

import { against, share } from "./figures.mjs";

const AIM_SHARE = 0.25;

export async function measureCpu(browser, page, seconds) {
  const session = await browser.newBrowserCDPSession();
  const tab = await page.context().newCDPSession(page);
  await tab.send("Performance.enable");
  const look = async () => {
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    const { metrics } = await tab.send("Performance.getMetrics");
    const of = (type) =>
      processInfo.filter((p) => p.type === type).reduce((sum, p) => sum + p.cpuTime, 0);
    const metric = (name) => metrics.find((m) => m.name === name)?.value ?? NaN;
    return {
      atS: performance.now() / 1000,
      heard: await page.evaluate(() => globalThis.vitalsHeard),
      renderer: of("renderer"),
      gpu: of("GPU"),
      all: processInfo.reduce((sum, p) => sum + p.cpuTime, 0),
      script: metric("ScriptDuration"),
      style: metric("RecalcStyleDuration"),
      layout: metric("LayoutDuration"),
      tasks: metric("TaskDuration"),
    };
  };
  const before = await look();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const after = await look();
  await Promise.all([session.detach(), tab.detach()]);
  const took = after.atS - before.atS;
  const part = (name) => (after[name] - before[name]) / took;
  const renderer = part("renderer");
  return [
    `vitals heard: ${part("heard").toFixed(1)} beds/s over ${took.toFixed(1)} s`,
    `renderer: ${share(renderer)} of one core; ${against(renderer, AIM_SHARE, share)}`,
    `its main thread is busy ${share(part("tasks"))} of the time, waiting for a core included: ` +
      `script ${share(part("script"))}, style ${share(part("style"))}, ` +
      `layout ${share(part("layout"))}`,
    `all of the browser: ${share(part("all"))}, painting without a graphics card ` +
      `${share(part("gpu"))}`,
  ];
}
