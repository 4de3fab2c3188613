// From an alarm's commit until it is painted. The commit's time is the reading's arrival at the
// service (`received_time`, to the millisecond) plus the stages up to the commit (`latency_us`).
// Painted counts as of the second animation frame after the bed's tile, which is always in sight,
// holds the alarm's text: the frame with it has gone out by then, so the figure is up to a frame
// too long. Both times are wall time of one machine, to the millisecond.

import { cuff } from "../../browser/support/monitors.mjs";
import { until } from "../../browser/support/process.mjs";
import { against, histogram, ms, quantile } from "./figures.mjs";

const AIM_P99_MS = 400;
const EDGES_MS = [10, 20, 30, 40, 50, 75, 100, 150, 200, 300, 400, 800];
/** Between two messages of cuffs; drawn anew each time, so that no timer is hit in step. */
const PAUSE_MS = [40, 240];

export async function measurePainted(clinic, page, count) {
  await page.evaluate(watchTiles);
  const pause = () => {
    const [least, most] = PAUSE_MS;
    return new Promise((resolve) => setTimeout(resolve, least + Math.random() * (most - least)));
  };
  for (let n = 0; n < count; n += 1) {
    const bed = clinic.beds[n % clinic.beds.length].id;
    // Another value in each round, so that an alarm is known by its bed and text.
    const systolic = 201 + Math.floor(n / clinic.beds.length);
    await clinic.monitors.send(bed, `cuff-${bed}`, [cuff(systolic, 100)]);
    const text = `Systolic ${systolic} ≥ 200 mmHg`;
    await until(`${bed}: ${text} is painted`, () =>
      page.evaluate(([b, t]) => globalThis.paints.has(`${b} ${t}`), [bed, text]),
    );
    await pause();
    await clinic.monitors.send(bed, `cuff-${bed}`, [cuff(120, 80)]);
    await pause();
  }
  const alarms = await page.evaluate(() => {
    globalThis.tileWatch.disconnect();
    return [...globalThis.paints.values()];
  });
  return linesOf(alarms.map(timesOf));
}

/** Runs in the page. */
function watchTiles() {
  const { unpainted } = globalThis;
  const paints = (globalThis.paints = new Map());
  const isShown = ({ bed, text }) => {
    const line = document.querySelector(`[data-bed="${bed}"] .tile-alarm`);
    return !line.hidden && line.querySelector(".what").textContent === text;
  };
  globalThis.tileWatch = new MutationObserver(() => {
    for (const [key, noted] of unpainted) {
      if (!isShown(noted.alarm)) continue;
      unpainted.delete(key);
      requestAnimationFrame(() =>
        requestAnimationFrame(() => paints.set(key, { ...noted, paintedMs: Date.now() })),
      );
    }
  });
  const whatever = { subtree: true, childList: true, characterData: true, attributes: true };
  globalThis.tileWatch.observe(document.querySelector("#beds"), whatever);
}

function timesOf({ alarm, heardMs, paintedMs }) {
  const { decode, step, commit } = alarm.latency_us;
  const receivedMs = Date.parse(alarm.reading.received_time);
  const committedMs = receivedMs + (decode + step + commit) / 1000;
  return {
    painted: paintedMs - committedMs,
    heard: heardMs - committedMs,
    whole: paintedMs - receivedMs,
  };
}

function linesOf(times) {
  const all = (name) => times.map((of) => of[name]);
  const quantiles = (values) =>
    [0.5, 0.9, 0.99, 1]
      .map((part) => `${part === 1 ? "max" : `p${100 * part}`} ${ms(quantile(values, part))}`)
      .join(", ");
  const p99 = quantile(all("painted"), 0.99);
  return [
    ...histogram(all("painted"), EDGES_MS, "ms"),
    `commit → painted: ${quantiles(all("painted"))} of ${times.length} alarms; ` +
      `p99: ${against(p99, AIM_P99_MS, ms)}`,
    `commit → heard by the page's script: ${quantiles(all("heard"))}`,
    `reading's arrival → painted: ${quantiles(all("whole"))}`,
  ];
}
