// The trend's plots on canvas, by uPlot: a lane with phases, doses and alarms, below it pressure,
// rate and saturation, all over the same time. Loaded only when a bed is looked at.

import uPlot from "uplot";
import * as say from "../messages/bed.ts";
import { coloursOf, drawAbove, drawBelow, drawLane, type Colours } from "./trend-draw.ts";
import type { Column, Plot, Scene } from "./trend-data.ts";

export type Chart = {
  readonly draw: (scene: Scene) => void;
  /** Puts the cursor over this moment; null: nowhere. */
  readonly point: (ms: number | null) => void;
  readonly destroy: () => void;
};

const LANE = 60;
const LEFT = 58;
const RIGHT = 58;
const FOOT = 36;
const SHARE: Readonly<Record<Plot, number>> = { pressure: 0.44, rate: 0.27, spo2: 0.29 };
/** What is always in sight, so that a curve does not jump. */
const USUAL: Readonly<Record<Plot, readonly [number, number]>> = {
  pressure: [40, 190],
  rate: [40, 130],
  spo2: [84, 100],
};
const NAMES = ["pressure", "rate", "spo2"] as const;

export function createChart(host: HTMLElement, onPoint: (place: number | null) => void): Chart {
  const colours = coloursOf(host);
  let scene: Scene | null = null;
  const seen = (): Scene | null => scene;
  const lane = new uPlot(laneOptions(seen, colours), [[], []], host);
  const plots = NAMES.map((name) => new uPlot(optionsOf(name, seen, colours), EMPTY[name], host));
  const all = [lane, ...plots];
  const [pressure] = plots as [uPlot, ...uPlot[]];
  /** Kept by its time while the plots move on below it; the mouse takes it away. */
  let kept: number | null = null;
  pressure.hooks.setCursor = [(plot) => kept === null && onPoint(plot.cursor.idx ?? null)];
  pressure.hooks.draw?.push(() => kept !== null && place(kept));
  host.addEventListener("pointermove", () => (kept = null));
  const watcher = new ResizeObserver(fit);
  watcher.observe(host);
  fit();

  function place(ms: number): void {
    const left = pressure.valToPos(ms, "x");
    for (const plot of all) plot.setCursor({ left, top: 1 });
  }

  function fit(): void {
    const width = Math.max(host.clientWidth, 200);
    const room = Math.max(host.clientHeight, 200) - LANE - FOOT;
    lane.setSize({ width, height: LANE });
    NAMES.forEach((name, index) => {
      const foot = index === NAMES.length - 1 ? FOOT : 0;
      plots[index]?.setSize({ width, height: Math.floor(room * SHARE[name]) + foot });
    });
  }

  return {
    draw: (next) => {
      const isCountedAnew = scene?.origin !== next.origin;
      scene = next;
      const { x, sys, dia, map, rate, spo2 } = next.columns;
      const [rateLow, rateMean, rateHigh] = rate;
      const [low, mean, high] = spo2;
      const columns: readonly Column[][] = [
        [sys, dia, map],
        [rateHigh, rateLow, rateMean],
        [high, low, mean],
      ];
      lane.setData([x, x.map(() => null)]);
      columns.forEach((some, index) => plots[index]?.setData([x, ...some]));
      // By itself uPlot thinks of its axes again only when their bounds change.
      if (isCountedAnew) for (const plot of plots) plot.redraw(false, true);
    },
    point: (ms) => {
      kept = ms;
      if (ms !== null) place(ms);
      else for (const plot of all) plot.setCursor({ left: -10, top: -10 });
    },
    destroy: () => {
      watcher.disconnect();
      for (const plot of all) plot.destroy();
    },
  };
}

const EMPTY: Readonly<Record<Plot, uPlot.AlignedData>> = {
  pressure: [[], [], [], []],
  rate: [[], [], [], []],
  spo2: [[], [], [], []],
};

type SeenScene = () => Scene | null;
type Shared = Pick<uPlot.Options, "width" | "height" | "legend" | "cursor"> & {
  readonly x: uPlot.Scale;
};

function shared(seen: SeenScene): Shared {
  return {
    width: 200,
    height: LANE,
    legend: { show: false },
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: false, y: false },
      sync: { key: "trend", setSeries: false },
    },
    x: {
      time: false,
      range: () => {
        const scene = seen();
        return scene === null ? [0, 1] : [scene.begin, scene.now];
      },
    },
  };
}

function laneOptions(seen: SeenScene, colours: Colours): uPlot.Options {
  const { x, ...rest } = shared(seen);
  const none = { show: false };
  return {
    ...rest,
    scales: { x, y: { range: [0, 1] } },
    padding: [0, RIGHT, 0, 0],
    axes: [{ show: false }, { size: LEFT, grid: none, ticks: none, values: () => [] }],
    series: [{}, { show: true, points: { show: false } }],
    hooks: {
      drawClear: [(plot) => withScene(seen, (scene) => drawBelow(plot, scene, null, colours))],
      draw: [(plot) => withScene(seen, (scene) => drawLane(plot, scene, colours))],
    },
  };
}

function withScene(seen: SeenScene, draw: (scene: Scene) => void): void {
  const scene = seen();
  if (scene !== null) draw(scene);
}

function optionsOf(name: Plot, seen: SeenScene, colours: Colours): uPlot.Options {
  const { x, ...rest } = shared(seen);
  const colour = colours[name];
  const grid = { stroke: colours.grid, width: 1 };
  const font = `${colours.size}px ${colours.font}`;
  const common = { font, stroke: colours.quiet, grid, ticks: { show: false } };
  const isLast = name === "spo2";
  return {
    ...rest,
    scales: { x, y: { range: (_plot, low, high) => rangeOf(name, seen(), low, high) } },
    padding: [6, RIGHT, isLast ? 0 : 4, 0],
    axes: [
      {
        ...common,
        size: FOOT,
        gap: 2,
        show: true,
        splits: (plot, _axis, min, max) => splitsOf(seen(), plot, min, max),
        values: (_plot, splits) => splits.map((ms) => (isLast ? tickOf(seen(), ms) : "")),
        ...(isLast ? {} : { size: 0 }),
      },
      {
        ...common,
        size: LEFT - 18,
        gap: 4,
        space: 18,
        label: say.PLOT[name],
        labelSize: 18,
        labelGap: 0,
        labelFont: `600 ${font}`,
        stroke: colour,
        values: (_plot, splits) => splits.map((value) => (value > 100 && isLast ? "" : `${value}`)),
      },
    ],
    series: [{}, ...seriesOf(name, colour)],
    bands: [{ series: [1, 2], fill: `${colour}38` }],
    hooks: {
      drawClear: [(plot) => withScene(seen, (scene) => drawBelow(plot, scene, name, colours))],
      draw: [(plot) => withScene(seen, (scene) => drawAbove(plot, scene, name, colours))],
    },
  };
}

/** The cuff's readings stand as points; a value over time as a line in its range. */
function seriesOf(name: Plot, colour: string): uPlot.Series[] {
  const none = { show: false };
  const point = { show: true, size: 6, width: 1, stroke: colour, fill: colour };
  return name === "pressure"
    ? [
        { stroke: colour, width: 1.5, points: point },
        { stroke: colour, width: 1.5, points: point },
        { stroke: colour, width: 1, dash: [2, 4], points: { ...point, size: 4 } },
      ]
    : [
        { stroke: "transparent", points: none },
        { stroke: "transparent", points: none },
        { stroke: colour, width: 1.75, points: none },
      ];
}

function rangeOf(
  name: Plot,
  scene: Scene | null,
  low: number | null,
  high: number | null,
): [number, number] {
  const limits = (scene?.limits[name] ?? []).map((limit) => limit.value);
  const all = [...USUAL[name], ...limits, low, high].filter((value) => value !== null);
  const [min, max] = [Math.min(...all), Math.max(...all)];
  const pad = name === "spo2" ? 1 : 5;
  return [min - pad, max + pad];
}

const STEPS_MIN = [1, 2, 5, 10, 15, 30, 60, 120, 180, 240];
/** With so much time in sight, ticks are whole hours. */
const HOURS_FROM_MS = 10 * 3_600_000;
/** In CSS pixels. */
const TICK_WIDE = 76;

/** Whole minutes since the dose; whole minutes of the day where there is none. */
function splitsOf(scene: Scene | null, plot: uPlot, min: number, max: number): number[] {
  if (scene === null) return [];
  const ticks = (plot.width - LEFT - RIGHT) / TICK_WIDE;
  const step = (STEPS_MIN.find((m) => (max - min) / 60_000 / m <= ticks) ?? 360) * 60_000;
  const zero = scene.origin ?? 0;
  const first = Math.ceil((min - zero) / step);
  const count = Math.floor((max - zero) / step) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => zero + (first + index) * step);
}

function tickOf(scene: Scene | null, ms: number): string {
  if (scene === null) return "";
  const clock = scene.time.minutes(ms);
  if (scene.origin === null) return clock;
  const unit = scene.now - scene.begin > HOURS_FROM_MS ? "hours" : "minutes";
  return `${say.aboutSinceDose(ms - scene.origin, unit)}\n${clock}`;
}
