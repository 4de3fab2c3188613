// Whether the page grows: 30 minutes of a ward, played faster. Each played minute, in the same
// state of the ward and after a forced collection, its heap, its DOM nodes and its listeners are
// counted; a line through these figures says by how much they rise.

import { until } from "../../browser/support/process.mjs";
import { openClinic, openScreen } from "./clinic.mjs";
import { slope } from "./figures.mjs";
import { openPlayer } from "./player.mjs";

/** Compiled code and warm caches come to the heap in the first minutes: no growth of the page's. */
const WARM_UP_PART = 1 / 3;
/** A rise over the whole time that is told from the noise and from code still being compiled. */
const AIM_HEAP_PART = 0.02;
const AIM_NODES = 1;

export async function measureMemory(browser, minutes) {
  const clinic = await openClinic();
  const player = await openPlayer(clinic.address);
  const screen = await openScreen(browser, player.address);
  try {
    const tab = await screen.page.context().newCDPSession(screen.page);
    await tab.send("Performance.enable");
    const samples = [];
    const begun = performance.now();
    for (let minute = 1; minute <= minutes; minute += 1) {
      const painted = await player.playMinute();
      await until(`minute ${minute} is painted`, () => screen.page.evaluate(isPainted, painted));
      samples.push({ minute, ...(await count(tab)) });
    }
    const tookS = (performance.now() - begun) / 1000;
    return linesOf(samples, tookS, player.told());
  } finally {
    await screen.close();
    player.close();
    await clinic.close();
  }
}

/** Runs in the page. */
function isPainted({ bed, metric, value }) {
  const tile = document.querySelector(`[data-bed="${bed}"]`);
  return tile.querySelector(`[data-metric="${metric}"]`).textContent === value;
}

async function count(tab) {
  await tab.send("HeapProfiler.collectGarbage");
  const { metrics } = await tab.send("Performance.getMetrics");
  const of = (name) => metrics.find((metric) => metric.name === name).value;
  return { heap: of("JSHeapUsedSize"), nodes: of("Nodes"), listeners: of("JSEventListeners") };
}

function linesOf(samples, tookS, told) {
  const settled = samples.slice(Math.ceil(samples.length * WARM_UP_PART));
  const over = samples.length;
  const grown = (name) => {
    const { rise, error } = slope(settled.map((s) => ({ x: s.minute, y: s[name] })));
    return { by: rise * over, error: error * over };
  };
  const verdict = ({ by, error }, aim) => (by - 2 * error <= aim ? "met" : "NOT MET");
  const kB = (bytes) => `${(bytes / 1000).toFixed(0)} kB`;
  const [heap, nodes, listeners] = ["heap", "nodes", "listeners"].map(grown);
  const heapAim = AIM_HEAP_PART * settled[0].heap;
  const line = (name, show) => samples.map((sample) => show(sample[name])).join(" ");
  return [
    `played in ${tookS.toFixed(0)} s: ${told.vitals} vitals, ${told.alarms} alarm events`,
    `JS heap, kB, each minute: ${line("heap", (bytes) => (bytes / 1000).toFixed(0))}`,
    `DOM nodes: ${line("nodes", String)}`,
    `from minute ${settled[0].minute} on, over ${over} minutes by the fitted line ± 2 errors:`,
    `heap ${kB(heap.by)} ± ${kB(2 * heap.error)}; aim ≤ ${kB(heapAim)}: ${verdict(heap, heapAim)}`,
    `nodes ${nodes.by.toFixed(1)} ± ${(2 * nodes.error).toFixed(1)}; aim ≤ ${AIM_NODES}: ` +
      `${verdict(nodes, AIM_NODES)}; listeners ${listeners.by.toFixed(1)}`,
  ];
}
