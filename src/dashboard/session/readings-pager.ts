// The readings of a session as they are read, page by page, newest first: pressures, those taken by
// hand and those corrected; the others only when asked for, for a monitor sends one each second.

import type { ViewParts } from "../page-view.ts";
import { checkReadings, type Reading } from "../wire-reading.ts";
import type { SessionDetail } from "../wire-session.ts";

/** Pages of 200 that one press reads, until it has found this many lines. Ours. */
const PAGES = 20;
const LINES = 12;

const ORDER = ["nibp_sys", "nibp_dia", "nibp_map", "hr", "pulse", "spo2", "resp", "temp"];

/** Values of one moment and one source: of a cuff, one determination. */
export type Taken = { readonly key: string; readonly values: readonly Reading[] };

/** Newest first, as they come; each moment of each source once. */
export function takenOf(readings: readonly Reading[]): readonly Taken[] {
  const groups = new Map<string, Reading[]>();
  for (const reading of readings) {
    const by = reading.by_hand === null ? reading.source : `hand ${reading.received}`;
    const key = `${reading.measured} ${reading.device ?? ""} ${by}`;
    groups.set(key, [...(groups.get(key) ?? []), reading]);
  }
  const place = ({ metric }: Reading): number => ORDER.indexOf(metric);
  const sorted = [...groups].map(([key, all]) => [key, all.sort((a, b) => place(a) - place(b))]);
  return sorted.map(([key, values]) => ({ key, values }) as Taken);
}

/** Whether it is worth a line without being asked for. */
export function isTold({ values }: Taken): boolean {
  return values.some(
    ({ metric, by_hand, correction }) =>
      metric.startsWith("nibp") || by_hand !== null || correction !== null,
  );
}

/** Where a session has been since when: what came from its bed before is another's. */
export type Stay = { readonly bed: string; readonly since: number; readonly hasMoved: boolean };

export function stayOf(session: Pick<SessionDetail, "bed" | "started" | "events">): Stay {
  const moved = session.events.filter(({ change }) => change === "moved").at(-1);
  const since = moved?.at ?? session.started;
  return { bed: session.bed, since, hasMoved: moved !== undefined };
}

export type Pager = {
  /** On from where it stopped, until there are some more lines, or enough was read. */
  readonly readOn: (lines: () => number) => Promise<void>;
  /** What came since. */
  readonly readNew: () => Promise<void>;
  /** Newest first. */
  readonly known: () => readonly Reading[];
  readonly hasMore: () => boolean;
  readonly isReading: () => boolean;
  readonly restart: (stay: Stay) => void;
  readonly close: () => void;
};

/** `onPage`: after each page, with why it could not be read. */
export function createPager(
  parts: Pick<ViewParts, "read">,
  onPage: (why: string | null) => void,
): Pager {
  let from: Stay = { bed: "", since: 0, hasMoved: false };
  let [known, next]: [ReadonlyMap<number, Reading>, string | null] = [new Map(), null];
  let [round, isReading, closed] = [0, false, false];

  /** The cursor of the next page; undefined: it is of no use any more, or there was none. */
  async function page(since: number, cursor: string | null): Promise<string | null | undefined> {
    const mine = round;
    const at = encodeURIComponent(new Date(since).toISOString());
    const on = cursor === null ? "" : `&next=${encodeURIComponent(cursor)}`;
    const path = `/beds/${encodeURIComponent(from.bed)}/readings?limit=200&since=${at}${on}`;
    const answer = await parts.read(path, checkReadings);
    if (mine !== round) return undefined;
    if (answer.kind === "good")
      known = new Map([...known, ...answer.value.items.map((one) => [one.id, one] as const)]);
    onPage(answer.kind === "good" ? null : answer.why);
    return answer.kind === "good" ? answer.value.next : undefined;
  }

  async function readOn(lines: () => number): Promise<void> {
    if (isReading || closed) return;
    isReading = true;
    const [mine, before] = [round, lines()];
    for (let pages = 0; pages < PAGES; pages += 1) {
      const on = await page(from.since, next);
      if (on === undefined) break;
      next = on;
      if (on === null || lines() >= before + LINES) break;
    }
    isReading = false;
    if (mine !== round) return readOn(lines);
    onPage(null);
  }

  return {
    readOn,
    readNew: async () => {
      const newest = Math.max(from.since, ...[...known.values()].map((one) => one.received));
      await page(newest, null);
    },
    known: () => [...known.values()].sort((a, b) => b.measured - a.measured || b.id - a.id),
    hasMore: () => next !== null,
    isReading: () => isReading,
    restart: (stay) => {
      from = stay;
      [known, next, round] = [new Map(), null, round + 1];
    },
    close: () => {
      [closed, round] = [true, round + 1];
    },
  };
}
