// Puts all flashing borders and symbols in phase, by the service's clock, so that tiles and
// screens do not add up to a faster flicker (alarms, Dashboard HMI 5). Rates and duty are in
// strip.css; only opacity flashes, so that it goes on where the script is busy.

import { serverNow, type Now, type ServerClock } from "./clock.ts";

/** 1.5 Hz and 0.6 Hz (alarms 3, "We use"). */
export const FLASH_PERIOD_MS: Readonly<Record<string, number>> = {
  "flash-high": 1000 / 1.5,
  "flash-medium": 1000 / 0.6,
};
const TOLERANCE_MS = 40;

/** How far into its period a flash is now. Real time: a faster clinic does not flash faster. */
export function flashPhaseMs(clock: ServerClock, now: Now, periodMs: number): number {
  return (serverNow(clock, now) / clock.speed) % periodMs;
}

/** All of one rate begin at the same moment exactly: the first one's, as long as it keeps to the
 * service's clock. */
export function alignFlashes(clock: ServerClock, now: Now): void {
  const timeline = document.timeline.currentTime;
  if (typeof timeline !== "number") return;
  const flashes = document.getAnimations().filter((a) => a instanceof CSSAnimation);
  for (const [name, periodMs] of Object.entries(FLASH_PERIOD_MS)) {
    const same = flashes.filter((flash) => flash.animationName === name);
    const given = same[0]?.startTime;
    const wanted = timeline - flashPhaseMs(clock, now, periodMs);
    const keeps = typeof given === "number" && apartMs(given, wanted, periodMs) <= TOLERANCE_MS;
    const began = keeps ? given : wanted;
    for (const flash of same) if (flash.startTime !== began) flash.startTime = began;
  }
}

/** How far two beginnings of a flash are out of phase. */
function apartMs(a: number, b: number, periodMs: number): number {
  const gap = Math.abs(a - b) % periodMs;
  return Math.min(gap, periodMs - gap);
}
