// Where a bed's trend comes from: read from the service now and then, in between kept up with the
// values that are heard live.

import type { ViewParts } from "../page-view.ts";
import { checkTrend, type Trend } from "../wire-trend.ts";
import type { Bed } from "../wire.ts";
import { askFor, withLive, type Range } from "./trend-data.ts";

/** Real time: live values are added meanwhile. Ours. */
const READ_EVERY_MS = 30_000;
/** Between two readings at least, also when much happens. */
const READ_AFTER_MS = 2_000;

/** What is wanted of which bed, at which time of the service. */
export type Wanted = {
  readonly bed: Bed;
  readonly range: Range;
  readonly serverMs: number;
};

export type TrendSource = {
  /** While the connection lives: reads what is due, takes in what the bed shows. */
  readonly follow: (wanted: Wanted) => void;
  /** As last read, with what came since; null: nothing yet. */
  readonly trend: () => Trend | null;
  /** Why it could not be read; empty: it could. */
  readonly failure: () => string;
  /** Something happened on this bed: its marks are others. */
  readonly expire: () => void;
  /** A person waits for another range: read at once. */
  readonly hurry: () => void;
  readonly close: () => void;
};

export function createSource(read: ViewParts["read"], changed: () => void): TrendSource {
  let trend: Trend | null = null;
  let failure = "";
  /** What the trend is of: its range and its session. */
  let of = "";
  let readMs = Number.NEGATIVE_INFINITY;
  let [isReading, isExpired, isClosed] = [false, false, false];

  function isDue(wanted: Wanted): boolean {
    const isOther = trend === null || of !== nameOf(wanted) || wanted.serverMs >= trend.to;
    const afterMs = isOther || isExpired ? READ_AFTER_MS : READ_EVERY_MS;
    return !isReading && performance.now() - readMs >= afterMs;
  }

  async function refresh(wanted: Wanted): Promise<void> {
    [readMs, isReading, isExpired] = [performance.now(), true, false];
    const { bed, range, serverMs } = wanted;
    const { from, to, points } = askFor(range, bed.session?.started ?? null, serverMs);
    const [begin, end] = [from, to].map((ms) => new Date(ms).toISOString());
    const path = `/beds/${encodeURIComponent(bed.id)}/trend`;
    const answer = await read(`${path}?from=${begin}&to=${end}&points=${points}`, checkTrend);
    isReading = false;
    if (isClosed) return;
    failure = answer.kind === "good" ? "" : answer.why;
    if (answer.kind === "good") [trend, of] = [answer.value, nameOf(wanted)];
    changed();
  }

  return {
    follow: (wanted) => {
      if (isDue(wanted)) void refresh(wanted);
      if (trend !== null) trend = withLive(trend, wanted.bed);
    },
    trend: () => trend,
    failure: () => failure,
    expire: () => {
      isExpired = true;
    },
    hurry: () => {
      readMs = Number.NEGATIVE_INFINITY;
    },
    close: () => {
      isClosed = true;
    },
  };
}

function nameOf({ bed, range }: Wanted): string {
  return `${range} ${bed.session?.id ?? ""}`;
}
