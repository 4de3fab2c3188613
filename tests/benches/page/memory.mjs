// Whether the page grows: 30 minutes of a ward, played faster, after some that warm it up. Each
// played minute, in the same state of the ward and after forced collections, its heap, its DOM
// nodes and its listeners are counted; a line through these figures says by how much they rise. A
// single figure is now and then 0.2 MB too high, for something that is in use just then: the line
// does not follow such points.

import { until } from "../../browser/support/process.mjs";
import { openClinic, openScreen } from "./clinic.mjs";
import { against, quantile, slope } from "./figures.mjs";
import { openPlayer } from "./player.mjs";

/** A rise over all minutes, as part of the heap, that is told from the browser's own caches. */
const AIM_HEAP_PART = 0.02;
const AIM_NODES = 1;
const COLLECTIONS = 3;

export async function measureMemory(browser, warmUp, minutes) {
  const clinic = await openClinic();
  const player = await openPlayer(clinic.address);
  const screen = await openScreen(browser, player.address);
  try {
    const tab = await screen.page.context().newCDPSession(screen.page);
    await tab.send("Performance.enable");
    const samples = [];
    const begun = performance.now();
    for (let minute = 1; minute <= warmUp + minutes; minute += 1) {
      const painted = await player.playMinute();
      await until(`minute ${minute} is painted`, () => screen.page.evaluate(isPainted, painted));
      await screen.page.evaluate(dropNotes);
      samples.push({ minute, ...(await count(tab)) });
    }
    const tookS = (performance.now() - begun) / 1000;
    return linesOf(samples, warmUp, tookS, player.told());
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

/** Runs in the page: the tests' own note of each tone is no growth of the page's. */
function dropNotes() {
  globalThis.pulses = [];
}

async function count(tab) {
  // One leaves what only a finalizer held.
  for (let i = 0; i < COLLECTIONS; i += 1) await tab.send("HeapProfiler.collectGarbage");
  const { metrics } = await tab.send("Performance.getMetrics");
  const of = (name) => metrics.find((metric) => metric.name === name).value;
  return { heap: of("JSHeapUsedSize"), nodes: of("Nodes"), listeners: of("JSEventListeners") };
}

function linesOf(samples, warmUp, tookS, told) {
  const settled = samples.slice(warmUp);
  const minutes = settled.length;
  const rise = (name) => minutes * slope(settled.map((s) => ({ x: s.minute, y: s[name] })));
  const kB = (bytes) => `${(bytes / 1000).toFixed(0)} kB`;
  const [heap, nodes, listeners] = ["heap", "nodes", "listeners"].map(rise);
  const typical = quantile(settled.map((sample) => sample.heap), 0.5);
  const figures = (name, show) => samples.map((sample) => show(sample[name])).join(" ");
  return [
    `played in ${tookS.toFixed(0)} s: ${told.vitals} vitals, ${told.alarms} alarm events, ` +
      `${warmUp} minutes to warm up and ${minutes} that count`,
    `JS heap, kB: ${figures("heap", (bytes) => (bytes / 1000).toFixed(0))}`,
    `DOM nodes: ${figures("nodes", String)}`,
    `rise over ${minutes} minutes: heap ${kB(heap)} of ${kB(typical)}; ` +
      against(heap, AIM_HEAP_PART * typical, kB),
    `DOM nodes ${nodes.toFixed(1)}; ${against(nodes, AIM_NODES, String)}`,
    `listeners ${listeners.toFixed(1)}; ${against(listeners, AIM_NODES, String)}`,
  ];
}
