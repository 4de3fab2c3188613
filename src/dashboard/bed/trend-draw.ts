// What uPlot does not draw by itself: phases, gaps, limits, doses and alarms. Alarm colours are
// used for the marks of alarms and nothing else.

import type uPlot from "uplot";
import { PHASE_WORD } from "../messages.ts";
import * as say from "../messages/bed.ts";
import type { Priority } from "../wire.ts";
import type { AlarmMark, Dose, Gap, LimitLine, Plot, Scene } from "./trend-data.ts";

type Name = Plot | "grid" | "limit" | "quiet" | "ink" | "ground" | "odd";

export type Colours = Readonly<Record<Name, string>> & {
  readonly font: string;
  readonly size: number;
  readonly alarm: Readonly<Record<Priority, readonly [fill: string, ink: string]>>;
};

export function coloursOf(host: HTMLElement): Colours {
  const style = getComputedStyle(host);
  const of = (name: string): string => style.getPropertyValue(name).trim();
  return {
    pressure: of("--trend-pressure"),
    rate: of("--trend-rate"),
    spo2: of("--trend-spo2"),
    grid: of("--trend-grid"),
    limit: of("--trend-limit"),
    odd: of("--trend-odd"),
    quiet: of("--ink-quiet"),
    ink: of("--ink-strong"),
    ground: of("--panel"),
    font: style.fontFamily,
    size: Math.round(Number.parseFloat(style.fontSize)),
    alarm: {
      high: [of("--high"), of("--high-ink")],
      medium: [of("--medium"), of("--medium-ink")],
      low: [of("--low"), of("--low-ink")],
    },
  };
}

/** Lengths in CSS pixels, on a canvas that may have more of its own. */
type Pen = {
  readonly ctx: CanvasRenderingContext2D;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly x: (ms: number) => number;
  readonly y: (value: number) => number;
};

/** Draws within the plot's own place, or right of it, too. */
function pen(plot: uPlot, draw: (pen: Pen) => void): void {
  const ratio = devicePixelRatio;
  const { left, top, width, height } = plot.bbox;
  const { ctx } = plot;
  const within = (ms: number): number => Math.min(Math.max(ms, -1e6), 1e6);
  ctx.save();
  ctx.scale(ratio, ratio);
  draw({
    ctx,
    left: left / ratio,
    top: top / ratio,
    right: (left + width) / ratio,
    bottom: (top + height) / ratio,
    x: (ms) => within(plot.valToPos(ms, "x", true) / ratio),
    y: (value) => plot.valToPos(value, "y", true) / ratio,
  });
  ctx.restore();
}

/** Below the curves: the phases, each other one lighter, and gaps. */
export function drawBelow(plot: uPlot, scene: Scene, name: Plot | null, colours: Colours): void {
  pen(plot, (on) => {
    const { ctx, left, right, top, bottom, x } = on;
    scene.phases.forEach(({ from, to }, index) => {
      const [start, end] = [Math.max(x(from), left), Math.min(x(to), right)];
      if (end <= start) return;
      ctx.fillStyle = index % 2 === 0 ? colours.ground : colours.odd;
      ctx.fillRect(start, top, end - start, bottom - top);
    });
    if (name === null) return;
    for (const gap of scene.gaps[name]) drawGap(on, gap, colours);
  });
}

function drawGap({ ctx, left, right, top, bottom, x }: Pen, gap: Gap, colours: Colours): void {
  const [start, end] = [Math.max(x(gap.from), left), Math.min(x(gap.to), right)];
  if (end - start < 1) return;
  ctx.save();
  ctx.beginPath();
  ctx.rect(start, top, end - start, bottom - top);
  ctx.clip();
  ctx.strokeStyle = colours.grid;
  ctx.lineWidth = 1;
  ctx.beginPath();
  for (let at = start - (bottom - top); at < end; at += 8) {
    ctx.moveTo(at, bottom);
    ctx.lineTo(at + bottom - top, top);
  }
  ctx.stroke();
  ctx.restore();
  ctx.font = `${colours.size}px ${colours.font}`;
  const wide = ctx.measureText(say.NO_DATA).width + 12;
  if (end - start < wide) return;
  const [middle, level] = [(start + end) / 2, (top + bottom) / 2];
  ctx.fillStyle = colours.ground;
  ctx.fillRect(middle - wide / 2, level - colours.size * 0.8, wide, colours.size * 1.6);
  write(ctx, say.NO_DATA, middle, level, colours.quiet, "center");
}

/** Above the curves: limits with their numbers at the right, and where doses were given. */
export function drawAbove(plot: uPlot, scene: Scene, name: Plot, colours: Colours): void {
  pen(plot, (on) => {
    drawLimits(on, scene.limits[name], colours);
    for (const dose of scene.doses) drawDoseLine(on, dose, colours);
  });
}

function drawLimits(on: Pen, limits: readonly LimitLine[], colours: Colours): void {
  const { ctx, left, right, bottom, y } = on;
  ctx.font = `${colours.size - 1}px ${colours.font}`;
  for (const { value, priority } of limits) {
    const level = Math.round(y(value)) + 0.5;
    ctx.strokeStyle = colours.limit;
    ctx.lineWidth = 1;
    ctx.setLineDash(priority === "high" ? [] : [5, 5]);
    ctx.beginPath();
    ctx.moveTo(left, level);
    ctx.lineTo(right, level);
    ctx.stroke();
  }
  ctx.setLineDash([]);
  const fromTop = [...limits].sort((a, b) => b.value - a.value);
  const levels = apart(fromTop.map(({ value }) => y(value)), colours.size - 1, bottom);
  fromTop.forEach(({ label }, place) =>
    write(ctx, label, right + 4, levels[place] ?? 0, colours.ink, "left"),
  );
}

/** Levels from the top, moved so far that labels there do not cover each other. */
function apart(levels: readonly number[], least: number, bottom: number): readonly number[] {
  const down: number[] = [];
  for (const level of levels) down.push(Math.max(level, (down.at(-1) ?? -Infinity) + least));
  const up: number[] = [];
  for (const level of down.reverse())
    up.push(Math.min(level, (up.at(-1) ?? bottom + least / 2) - least));
  return up.reverse();
}

function drawDoseLine(on: Pen, { at }: Dose, colours: Colours): void {
  const { ctx, left, right, top, bottom, x } = on;
  const place = Math.round(x(at)) + 0.5;
  if (place < left || place > right) return;
  ctx.strokeStyle = colours.ink;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  ctx.moveTo(place, top);
  ctx.lineTo(place, bottom);
  ctx.stroke();
}

/** The lane: names of phases, doses, alarms, each in a row of its own. */
export function drawLane(plot: uPlot, scene: Scene, colours: Colours): void {
  pen(plot, (on) => {
    const { ctx, left, right, top, bottom, x } = on;
    ctx.font = `${colours.size}px ${colours.font}`;
    for (const { from, to, phase } of scene.phases) {
      const [start, end] = [Math.max(x(from), left), Math.min(x(to), right)];
      const word = PHASE_WORD[phase];
      if (end - start < ctx.measureText(word).width + 8) continue;
      write(ctx, word, start + 4, top + colours.size * 0.8, colours.quiet, "left");
    }
    const level = top + colours.size * 2.1;
    scene.doses.forEach((dose, index) => {
      const next = scene.doses[index + 1];
      drawDose(on, dose, next === undefined ? right : Math.min(x(next.at), right), level, colours);
    });
    for (const alarm of scene.alarms) {
      const at = x(alarm.at);
      if (at >= left && at <= right) drawAlarm(ctx, alarm, at, bottom - 14, scene, colours);
    }
  });
}

/** `room`: where the next dose is marked, or the plot ends; its label keeps before that. */
function drawDose(on: Pen, dose: Dose, room: number, level: number, colours: Colours): void {
  const { ctx, left, right, bottom, x } = on;
  const at = x(dose.at);
  const end = Math.min(x(dose.until ?? dose.at), right);
  ctx.fillStyle = colours.ink;
  ctx.fillRect(Math.max(at, left), bottom - 2, Math.max(0, end - Math.max(at, left)), 2);
  if (at < left || at > right) return;
  ctx.beginPath();
  ctx.moveTo(at - 6, level - 5);
  ctx.lineTo(at + 6, level - 5);
  ctx.lineTo(at, level + 5);
  ctx.fill();
  const labels = [say.doseLabel(dose.mg, dose.device), say.doseBrief(dose.mg, dose.device)];
  const fits = (text: string): boolean => at + ctx.measureText(text).width + 18 < room;
  write(ctx, labels.find(fits) ?? "", at + 10, level, colours.ink, "left");
}

/** Filled: the patient; outlined: the equipment. */
function drawAlarm(
  ctx: CanvasRenderingContext2D,
  { priority, occurrence }: AlarmMark,
  x: number,
  y: number,
  scene: Scene,
  colours: Colours,
): void {
  const [fill, ink] = colours.alarm[priority];
  const isTechnical = scene.technical.has(occurrence);
  ctx.beginPath();
  shape(ctx, priority, x, y);
  ctx.closePath();
  ctx.fillStyle = isTechnical ? colours.ground : fill;
  ctx.strokeStyle = isTechnical ? fill : colours.ground;
  ctx.lineWidth = isTechnical ? 2 : 1;
  ctx.fill();
  ctx.stroke();
  ctx.font = `800 10px ${colours.font}`;
  const level = y + (priority === "high" ? 3 : 0);
  const letter = say.PRIORITY_LETTER[priority];
  write(ctx, letter, x, level, isTechnical ? colours.ink : ink, "center");
}

function shape(ctx: CanvasRenderingContext2D, priority: Priority, x: number, y: number): void {
  switch (priority) {
    case "high":
      ctx.moveTo(x, y - 11);
      ctx.lineTo(x + 11, y + 9);
      ctx.lineTo(x - 11, y + 9);
      return;
    case "medium":
      ctx.moveTo(x, y - 11);
      ctx.lineTo(x + 11, y);
      ctx.lineTo(x, y + 11);
      ctx.lineTo(x - 11, y);
      return;
    case "low":
      ctx.arc(x, y, 8.5, 0, 2 * Math.PI);
      return;
  }
}

function write(
  ctx: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  colour: string,
  align: CanvasTextAlign,
): void {
  ctx.fillStyle = colour;
  ctx.textAlign = align;
  ctx.textBaseline = "middle";
  ctx.fillText(text, x, y);
}
