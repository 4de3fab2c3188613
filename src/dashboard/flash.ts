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

export function alignFlashes(clock: ServerClock, now: Now): void {
  const timeline = document.timeline.currentTime;
  if (typeof timeline !== "number") return;
  for (const animation of document.getAnimations()) {
    const period =
      animation instanceof CSSAnimation ? FLASH_PERIOD_MS[animation.animationName] : undefined;
    if (period === undefined) continue;
    const wanted = flashPhaseMs(clock, now, period);
    const shown =
      typeof animation.startTime === "number" ? (timeline - animation.startTime) % period : NaN;
    const gap = Math.abs(((wanted - shown + 1.5 * period) % period) - 0.5 * period);
    if (!(gap <= TOLERANCE_MS)) animation.startTime = timeline - wanted;
  }
}
