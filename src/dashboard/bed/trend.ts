// The trend of one bed: draws it at most once for each change, and tells what one moment holds to
// whoever moves over it.

import { make, mark, write, writeOrHide } from "../dom.ts";
import * as say from "../messages/bed.ts";
import type { Seen, ViewParts } from "../page-view.ts";
import type { SessionDetail } from "../wire-session.ts";
import type { Trend } from "../wire-trend.ts";
import type { Bed } from "../wire.ts";
import type { Chart } from "./trend-chart.ts";
import {
  alarmsOf,
  beginOf,
  columnsOf,
  dosesOf,
  gapsOfAll,
  lengthOf,
  limitLines,
  originOf,
  phasesOf,
  placeOf,
  standingOf,
  timesOf,
  validMs,
  type Range,
  type Scene,
} from "./trend-data.ts";
import { momentAt, rowsOf, type ReadFrom } from "./trend-read.ts";
import { createSource } from "./trend-source.ts";
import { createTable, type TrendTable } from "./trend-table.ts";

const RANGES: readonly Range[] = ["quarter", "session", "all"];

export type TrendAbout = {
  readonly bed: Bed;
  readonly session: SessionDetail | null;
  /** Occurrences that are about equipment. */
  readonly technical: ReadonlySet<string>;
  readonly seen: Seen;
};

export type TrendSection = {
  readonly element: HTMLElement;
  readonly update: (about: TrendAbout) => void;
  /** Something happened on this bed: its marks are others. */
  readonly expire: () => void;
  readonly close: () => void;
};

/** What is drawn now, and what it was drawn from. */
type Drawn = { readonly scene: Scene; readonly from: ReadFrom; readonly key: string };

export function createTrend(read: ViewParts["read"]): TrendSection {
  const parts = createParts();
  const { element, plots, line, note, table } = parts;
  const source = createSource(read, () => about !== null && update(about));
  let about: TrendAbout | null = null;
  let chart: Chart | null = null;
  let range: Range | null = null;
  let drawn: Drawn | null = null;
  /** The moment that a person is on. */
  let pointed: number | null = null;
  let isClosed = false;
  for (const [name, button] of parts.ranges) button.addEventListener("click", () => choose(name));
  parts.asTable.addEventListener("click", () => showTable(parts));
  plots.addEventListener("keydown", move);
  void load();

  async function load(): Promise<void> {
    const { createChart } = await import("./trend-chart.ts");
    if (isClosed) return;
    chart = createChart(plots, (place) => {
      const trend = source.trend();
      pointed = place === null || trend === null ? null : (timesOf(trend)[place] ?? null);
      tell();
    });
    drawn = null;
    if (about !== null) paint(about);
  }

  function choose(name: Range): void {
    range = name;
    source.hurry();
    point(null);
    if (about !== null) update(about);
  }

  function update(next: TrendAbout): void {
    about = next;
    const { seen, bed } = next;
    const chosen = rangeOf(range, bed);
    for (const [name, button] of parts.ranges) {
      mark(button, "aria-pressed", String(name === chosen));
      button.hidden = name === "session" && bed.session === null;
    }
    if (seen.isLive && seen.serverMs > 0) {
      source.follow({ bed, range: chosen, serverMs: seen.serverMs });
      paint(next);
    }
    const asOf = drawn === null ? "" : say.notLive(seen.time.seconds(drawn.scene.now));
    writeOrHide(note, seen.isLive ? source.failure() : asOf);
  }

  function paint(at: TrendAbout): void {
    const trend = source.trend();
    if (trend === null) return;
    const bucketMs = trend.bucket_s * 1000;
    const now = Math.ceil(at.seen.serverMs / bucketMs) * bucketMs;
    const key = keyOf(at, now);
    if (drawn !== null && drawn.key === key && drawn.from.trend === trend) return;
    const scene = sceneOf(trend, at, beginOf(rangeOf(range, at.bed), started(at.bed), now), now);
    const { origin, phases, doses, time } = scene;
    drawn = {
      scene,
      from: {
        ...{ trend, cuffMs: validMs(at.bed), standing: standingOf(at.bed) },
        ...{ origin, phases, doses, time },
      },
      key: chart === null ? "" : key,
    };
    chart?.draw(scene);
    table.update(rowsOf(drawn.from, scene.begin, now));
    tell();
  }

  /** What stands under the cursor; the newest bucket that holds something where there is none. */
  function tell(): void {
    if (drawn === null) return;
    const { trend } = drawn.from;
    const last = lengthOf(trend) - 1;
    const place = Math.min(Math.max(placeOf(trend, pointed ?? newestOf(trend)), 0), last);
    const text = say.momentLine(momentAt(drawn.from, place));
    write(line, text);
    mark(line, "title", text);
    mark(plots, "aria-valuemax", String(last));
    mark(plots, "aria-valuenow", String(place));
    // Without a cursor it would be read out at each change.
    mark(plots, "aria-valuetext", pointed === null ? say.NOWHERE : text);
  }

  function move(event: KeyboardEvent): void {
    if (drawn === null) return;
    if (event.key === "Escape" && pointed !== null) {
      // It has left the moment; the next one leaves the page.
      event.preventDefault();
      return point(null);
    }
    const { trend } = drawn.from;
    const bounds = [placeOf(trend, drawn.scene.begin), placeOf(trend, newestOf(trend))] as const;
    const place = placeAfter(event.key, pointed === null ? null : placeOf(trend, pointed), bounds);
    if (place === null) return;
    event.preventDefault();
    point(timesOf(trend)[place] ?? null);
  }

  function point(ms: number | null): void {
    pointed = ms;
    chart?.point(ms);
    tell();
  }

  return {
    element,
    update,
    expire: source.expire,
    close: () => {
      isClosed = true;
      source.close();
      chart?.destroy();
    },
  };
}

function rangeOf(chosen: Range | null, { session }: Bed): Range {
  if (session === null) return chosen === "all" ? "all" : "quarter";
  return chosen ?? "session";
}

function started({ session }: Bed): number | null {
  return session?.started ?? null;
}

/** Changes when something other than the trend itself would be drawn. */
function keyOf({ bed, session, technical }: TrendAbout, now: number): string {
  const limits = bed.vitals.flatMap((vital) => vital.limits.map((limit) => limit.limit));
  const doses = session?.doses.map((dose) => [dose.started, dose.ended, dose.mg, dose.voided_by]);
  return JSON.stringify([now, limits, doses, session?.phase, technical.size, bed.interval_s]);
}

function sceneOf(trend: Trend, at: TrendAbout, begin: number, now: number): Scene {
  const { bed, session, seen, technical } = at;
  const cuffMs = validMs(bed);
  return {
    begin: Math.max(begin, trend.from),
    now,
    origin: originOf(session),
    time: seen.time,
    columns: columnsOf(trend, cuffMs),
    phases: phasesOf(trend, session, now),
    doses: dosesOf(trend, session, now),
    alarms: alarmsOf(trend),
    technical,
    limits: {
      pressure: limitLines(bed, "pressure"),
      rate: limitLines(bed, "rate"),
      spo2: limitLines(bed, "spo2"),
    },
    gaps: gapsOfAll(trend, cuffMs, now),
  };
}

/** Where a key leads to from a place; null: it is no key of the trend. */
export function placeAfter(
  key: string,
  from: number | null,
  [first, last]: readonly [number, number],
): number | null {
  const at = from ?? last;
  const far = Math.max(1, Math.round((last - first) / 10));
  const places: Readonly<Record<string, number>> = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    PageUp: at - far,
    PageDown: at + far,
    Home: first,
    End: last,
  };
  const place = places[key];
  return place === undefined ? null : Math.min(Math.max(place, first), last);
}

function showTable({ element, asTable, plots, line, unseen }: Parts): void {
  const isTable = asTable.getAttribute("aria-pressed") !== "true";
  mark(asTable, "aria-pressed", String(isTable));
  mark(element, "data-shown", isTable ? "table" : null);
  plots.hidden = isTable;
  line.hidden = isTable;
  unseen.classList.toggle("unseen", !isTable);
}

/** When the newest value of all came. */
function newestOf(trend: Trend): number {
  const lasts = [...trend.series.values()].map(({ buckets }) =>
    buckets.findLastIndex((bucket) => bucket !== null),
  );
  return timesOf(trend)[Math.max(0, ...lasts)] ?? trend.from;
}

type Parts = {
  readonly element: HTMLElement;
  readonly ranges: ReadonlyMap<Range, HTMLButtonElement>;
  readonly asTable: HTMLButtonElement;
  readonly line: HTMLElement;
  readonly plots: HTMLElement;
  readonly note: HTMLElement;
  /** For a screen reader the table is always there. */
  readonly unseen: HTMLElement;
  readonly table: TrendTable;
};

function createParts(): Parts {
  const button = (text: string): HTMLButtonElement =>
    make("button", { type: "button", "aria-pressed": "false" }, [text]);
  const ranges = new Map(RANGES.map((range) => [range, button(say.RANGE[range])]));
  const asTable = button(say.AS_TABLE);
  const group = make("div", { class: "ranges", role: "group", "aria-label": say.RANGES }, [
    ...ranges.values(),
  ]);
  const line = make("p", { class: "trend-line" });
  const plots = make("div", {
    class: "trend-plots",
    role: "slider",
    tabindex: "0",
    "aria-label": say.PLOTS,
    "aria-valuemin": "0",
    "aria-valuemax": "0",
    "aria-valuenow": "0",
  });
  const note = make("p", { class: "trend-note" });
  const table = createTable();
  const unseen = make("div", { class: "unseen" }, [table.element]);
  const head = make("header", { class: "trend-head" }, [
    make("h2", { id: "trend-title", class: "unseen" }, [say.TREND]),
    group,
    line,
    asTable,
  ]);
  const element = make("section", { class: "trend", "aria-labelledby": "trend-title" }, [
    head,
    plots,
    note,
    unseen,
  ]);
  return { element, ranges, asTable, line, plots, note, unseen, table };
}
