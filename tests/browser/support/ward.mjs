// The ward as a person sees it and taps on it: rows of the strip, and beds' tiles.

import { until } from "./process.mjs";

/** A person taps again when nothing came of a tap for so long. */
const AGAIN_AFTER_MS = 2_000;

export const alarmRow = (page, text) => page.locator(".alarm", { hasText: text });
export const bedTile = (page, bed) => page.locator(`#beds [data-bed="${bed}"]`);

/** Taps until it was taken: what has just moved takes no tap. `how`: as for a click. */
export function tapped(button, isTaken, how = {}) {
  return until(`${button} takes a tap`, async () => {
    if (await isTaken()) return true;
    await button.click({ timeout: 5_000, ...how }).catch(() => {});
    return until("taken", isTaken, AGAIN_AFTER_MS).catch(() => false);
  });
}

/** Acknowledges without a reason. */
export const acknowledge = (row) =>
  tapped(row.locator(".acknowledge"), () => row.locator(".acked").isVisible());

/** Until its light is that: `flashing`, `steady` or `ended`. It may come after its bed's pause. */
export const isLit = (row, light) =>
  row.and(row.page().locator(`[data-light="${light}"]`)).waitFor();

/** Taps its tile, beside what stands on it, until the bar is that bed's. */
export function chooseBed(page, bed) {
  const link = page.locator(`#bed-chosen[href="/beds/${bed}"]`);
  return tapped(bedTile(page, bed), () => link.isVisible(), { position: { x: 20, y: 20 } });
}
