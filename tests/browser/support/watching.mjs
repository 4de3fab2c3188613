// What a page that watches tells: the service of itself, and a person of how old things are.

import { alarmRow as row, bedTile } from "./ward.mjs";

/** The page's leases from now on. */
export function leasesOf(page) {
  const leases = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/lease"))
      leases.push({ atMs: Date.now(), ...request.postDataJSON() });
  });
  return leases;
}

/** In seconds: of the alarm of bay 2, of its pressure, and of the page's clock. */
export async function agesOf(page) {
  const text = (locator) => locator.textContent();
  const count = (words, of) => words.split(":").reduce((sum, part) => 60 * sum + Number(part), of);
  const [, n, unit] = (await text(bedTile(page, "bay-2").locator(".age"))).match(/(\d+) (s|min)/);
  return {
    alarm: count(await text(row(page, "Systolic 205").locator(".since")), 0),
    pressure: Number(n) * (unit === "s" ? 1 : 60),
    clock: count(await text(page.locator("#clock")), 0),
  };
}

/** The most that an age can have grown since then, as it is told. */
export const passedS = (fromMs) => (Date.now() - fromMs) / 1_000 + 3;
