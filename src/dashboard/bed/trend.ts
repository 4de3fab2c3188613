// The trend of one bed: asks for it, keeps it up with what is heard live, draws it at most once for
// each change, and tells what one moment holds to whoever moves over it.

import { make, mark, write, writeOrHide } from "../dom.ts";
import * as say from "../messages/bed.ts";
import type { Seen, ViewParts } from "../page-view.ts";
import type { SessionDetail } from "../wire-session.ts";
import { checkTrend, type Trend } from "../wire-trend.ts";
import type { Bed } from "../wire.ts";
import type { Chart } from "./trend-chart.ts";
import {
  alarmsOf,
  askFor,
  beginOf,
  columnsOf,
  dosesOf,
  gapsOfAll,
  lengthOf,
  limitLines,
  originOf,
  phasesOf,
  placeOf,
  timesOf,
  validMs,
  withLive,
  type Range,
  type Scene,
} from "./trend-data.ts";
import { momentAt, rowsOf, type ReadFrom } from "./trend-read.ts";
import { createTable, type TrendTable } from "./trend-table.ts";

/** Real time: live values are added meanwhile. Ours. */
const READ_EVERY_MS = 30_000;
/** Between two readings at least, also when much happens. */
const READ_AFTER_MS = 2_000;
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

type Known = { readonly trend: Trend; readonly range: Range; readonly session: string | null };

export function createTrend(bed: string, read: ViewParts["read"]): TrendSection {
  const parts = createParts();
  const { element, plots, line, note, table } = parts;
  let about: TrendAbout | null = null;
  let known: Known | null = null;
  let chart: Chart | null = null;
  let range: Range | null = null;
  /** The moment that a person is on. */
  let pointed: number | null = null;
  let failure = "";
  let drawn = "";
  let drawnTrend: Trend | null = null;
  let scene: Scene | null = null;
  let [readMs, isReading, isExpired, isClosed] = [Number.NEGATIVE_INFINITY, false, false, false];
  for (const [name, button] of parts.ranges) button.addEventListener("click", () => choose(name));
  parts.asTable.addEventListener("click", () => {
    const isTable = parts.asTable.getAttribute("aria-pressed") !== "true";
    mark(parts.asTable, "aria-pressed", String(isTable));
    plots.hidden = isTable;
    line.hidden = isTable;
    mark(element, "data-shown", isTable ? "table" : null);
    parts.unseen.classList.toggle("unseen", !isTable);
  });
  plots.addEventListener("keydown", move);
  void load();

  async function load(): Promise<void> {
    const { createChart } = await import("./trend-chart.ts");
    if (isClosed) return;
    chart = createChart(plots, (place) => {
      pointed = place === null || known === null ? null : (timesOf(known.trend)[place] ?? null);
      tell();
    });
    drawn = "";
    paint();
  }

  function choose(name: Range): void {
    range = name;
    readMs = Number.NEGATIVE_INFINITY;
    if (about !== null) update(about);
  }

  function rangeNow(at: TrendAbout): Range {
    return range ?? (at.bed.session === null ? "quarter" : "session");
  }

  function isDue(at: TrendAbout): boolean {
    const sinceMs = performance.now() - readMs;
    const isOther =
      known === null ||
      known.range !== rangeNow(at) ||
      known.session !== (at.bed.session?.id ?? null) ||
      at.seen.serverMs >= known.trend.to;
    return sinceMs >= (isOther || isExpired ? READ_AFTER_MS : READ_EVERY_MS);
  }

  async function refresh(at: TrendAbout): Promise<void> {
    [readMs, isReading, isExpired] = [performance.now(), true, false];
    const asked = { range: rangeNow(at), session: at.bed.session?.id ?? null };
    const span = askFor(asked.range, at.bed.session?.started ?? null, at.seen.serverMs);
    const [from, to] = [span.from, span.to].map((ms) => new Date(ms).toISOString());
    const path = `/beds/${encodeURIComponent(bed)}/trend`;
    const answer = await read(`${path}?from=${from}&to=${to}&points=${span.points}`, checkTrend);
    isReading = false;
    if (isClosed) return;
    failure = answer.kind === "good" ? "" : answer.why;
    if (answer.kind === "good") known = { trend: answer.value, ...asked };
    if (about !== null) update(about);
  }

  function update(next: TrendAbout): void {
    about = next;
    const now = rangeNow(next);
    for (const [name, button] of parts.ranges) mark(button, "aria-pressed", String(name === now));
    const hasSession = next.bed.session !== null;
    (parts.ranges.get("session") as HTMLElement).hidden = !hasSession;
    if (!hasSession && range === "session") range = null;
    if (next.seen.isLive && next.seen.serverMs > 0) {
      if (!isReading && isDue(next)) void refresh(next);
      if (known !== null) known = { ...known, trend: withLive(known.trend, next.bed) };
    }
    const isOld = !next.seen.isLive && scene !== null;
    writeOrHide(note, isOld ? say.notLive(next.seen.time.seconds(scene?.now ?? 0)) : failure);
    paint();
  }

  function sceneOf({ trend }: Known, at: TrendAbout, now: number): Scene {
    const { bed, session, seen, technical } = at;
    const cuffMs = validMs(bed);
    const begin = beginOf(rangeNow(at), bed.session?.started ?? null, now);
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

  function paint(): void {
    if (about === null || known === null || !about.seen.isLive) return;
    const bucketMs = known.trend.bucket_s * 1000;
    const now = Math.ceil(about.seen.serverMs / bucketMs) * bucketMs;
    const { bed, session, technical } = about;
    const limits = bed.vitals.flatMap((vital) => vital.limits.map((limit) => limit.limit));
    const doses = session?.doses.map((dose) => [dose.started, dose.ended, dose.mg, dose.voided_by]);
    const key = JSON.stringify([now, known.range, limits, doses, technical.size, chart === null]);
    if (key === drawn && drawnTrend === known.trend) return;
    [drawn, drawnTrend] = [key, known.trend];
    scene = sceneOf(known, about, now);
    chart?.draw(scene);
    table.update(rowsOf(readFrom(known, scene), scene.begin, scene.now));
    tell();
  }

  function readFrom({ trend }: Known, { origin, phases, doses, time }: Scene): ReadFrom {
    const cuffMs = about === null ? 0 : validMs(about.bed);
    return { trend, cuffMs, origin, phases, doses, time };
  }

  /** What stands under the cursor; the newest bucket that holds something where there is none. */
  function tell(): void {
    if (known === null || scene === null) return;
    const { trend } = known;
    const place = Math.min(placeOf(trend, pointed ?? newestOf(trend)), lengthOf(trend) - 1);
    const text = say.momentLine(momentAt(readFrom(known, scene), place));
    write(line, text);
    mark(plots, "aria-valuemax", String(lengthOf(trend) - 1));
    mark(plots, "aria-valuenow", String(place));
    // Without a cursor it would be read out at each change.
    mark(plots, "aria-valuetext", pointed === null ? say.NOWHERE : text);
  }

  function move(event: KeyboardEvent): void {
    if (known === null || scene === null) return;
    const { trend } = known;
    const [first, last] = [placeOf(trend, scene.begin), placeOf(trend, newestOf(trend))];
    const at = pointed === null ? last : placeOf(trend, pointed);
    const far = Math.max(1, Math.round((last - first) / 10));
    const places: Readonly<Record<string, number>> = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      PageUp: at - far,
      PageDown: at + far,
      Home: first,
      End: last,
    };
    if (event.key === "Escape") point(null);
    const place = places[event.key];
    if (place === undefined) return;
    event.preventDefault();
    point(timesOf(trend)[Math.min(Math.max(place, first), last)] ?? null);
  }

  function point(ms: number | null): void {
    pointed = ms;
    chart?.point(ms);
    tell();
  }

  return {
    element,
    update,
    expire: () => {
      isExpired = true;
    },
    close: () => {
      isClosed = true;
      chart?.destroy();
    },
  };
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
