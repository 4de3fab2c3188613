// Reads a bed's recent readings page by page: what a monitor sends all the time stands between two
// readings of a cuff, so one page rarely holds two. Keeps what it has and asks for the new only.

import type { ViewParts } from "../page-view.ts";
import { checkReadings, type Reading } from "../wire-reading.ts";
import { determinationsOf, type Determination } from "./determinations.ts";

/** A baseline holds for 30 min before a dose (clinical 2.3); some more, to see a trend. */
const BACK_MS = 45 * 60_000;
/** Of 200 readings: more than a monitor sends in that time. */
const PAGES_MAX = 40;
/** Of the last read, again: readings of one moment may come in pieces. */
const OVERLAP_MS = 10_000;
/** As many as the bed itself remembers, less some. */
const ENOUGH = 8;
const SHOWN: readonly string[] = ["nibp_sys", "nibp_dia", "nibp_map", "hr", "pulse", "spo2"];

export type RecentReadings = {
  readonly all: () => readonly Determination[];
  /** Null: read; else why not. `afresh`: corrections of old ones too. `onPage`: there are more. */
  readonly read: (
    serverMs: number,
    afresh: boolean,
    onPage: () => void,
  ) => Promise<string | null>;
};

export function createRecentReadings(bed: string, parts: Pick<ViewParts, "read">): RecentReadings {
  let known = new Map<number, Reading>();
  let found: readonly Determination[] = [];

  function take(readings: Iterable<Reading>): void {
    for (const reading of readings) known.set(reading.id, reading);
    found = determinationsOf([...known.values()]).slice(0, ENOUGH);
  }

  async function pages(sinceMs: number, onPage: () => void): Promise<string | null> {
    const since = encodeURIComponent(new Date(sinceMs).toISOString());
    let next: string | null = null;
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const cursor: string = next === null ? "" : `&next=${encodeURIComponent(next)}`;
      const path = `/beds/${encodeURIComponent(bed)}/readings?since=${since}&limit=200${cursor}`;
      const answer = await parts.read(path, checkReadings);
      if (answer.kind === "refused") return answer.why;
      take(answer.value.items.filter(({ metric }) => SHOWN.includes(metric)));
      onPage();
      next = answer.value.next;
      if (next === null || found.length >= ENOUGH) return null;
    }
    return null;
  }

  return {
    all: () => found,
    read: (serverMs, afresh, onPage) => {
      const oldest = serverMs - BACK_MS;
      known = new Map([...known].filter(([, reading]) => reading.measured >= oldest));
      const received = [...known.values()].map((it) => it.received - OVERLAP_MS);
      return pages(afresh ? oldest : Math.max(oldest, ...received), onPage);
    },
  };
}
