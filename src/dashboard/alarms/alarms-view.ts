// The alarm history (`/alarms`): read by pages, kept up to date by what is told live, and read
// again after each loss of the connection.

import { make, mark, write, writeOrHide } from "../dom.ts";
import { zoneOf, type TimeOfDay } from "../format.ts";
import * as say from "../messages/alarms.ts";
import type { OpenView, PageView, Seen } from "../page-view.ts";
import type { Place } from "../router.ts";
import { createFilterBar } from "./filter-bar.ts";
import * as history from "./history.ts";
import { createHistoryReader, type HistoryReader } from "./history-reader.ts";
import { createHistoryTable } from "./history-table.ts";

/** For a time that moves on: what is older leaves. */
const SHOW_AGAIN_MS = 10_000;

export const openAlarms: OpenView<Extract<Place, { view: "alarms" }>> = (_, parts) => {
  const bar = createFilterBar(refilter);
  const table = createHistoryTable(() => paint());
  const figures = make("p", { class: "figures" });
  const note = make("p", { class: "why" });
  const more = make("button", { type: "button", class: "more-history" }, [say.MORE]);
  const title = make("h2", {}, [say.TITLE]);
  const inside = [title, bar.element, figures, table.element, note, more];
  const element = make("section", { class: "page history-page" }, inside);
  const reader = createHistoryReader(parts.read, pathOf, () => paint());
  let filter = history.FIRST_FILTER;
  let seen: Seen | null = null;
  let [isNews, shownMs] = [false, Number.NEGATIVE_INFINITY];

  const sinceMs = (): number | null => sinceAt(filter, seen);
  function pathOf(next: string | null): string | null {
    return seen === null || seen.ward === null ? null : history.pathOf(filter, sinceMs(), next);
  }

  function refilter(wanted: history.Filter): void {
    const before = pathOf(null);
    filter = wanted;
    if (pathOf(null) !== before) reader.renew();
    paint();
  }

  function paint(): void {
    if (seen === null || seen.ward === null) return;
    const { ward, serverMs } = seen;
    [isNews, shownMs] = [false, performance.now()];
    const found = history.found(reader.held.values(), filter, sinceMs());
    table.show(history.entriesOf(found), {
      serverMs,
      clockTime: dated(serverMs, seen.time, ward.timezone),
      bedLabel: (one) => ward.beds.find(({ bed }) => bed.id === one.bed)?.bed.label ?? one.bed,
    });
    table.element.hidden = found.length === 0;
    const told = history.figuresOf(found, !reader.hasMore());
    writeOrHide(figures, reader.isRead() ? say.figuresLine(told) : "");
    paintState();
  }

  function paintState(): void {
    const isLive = seen?.isLive === true;
    writeOrHide(note, isLive ? stateOf(reader, table.element.hidden === true) : say.OLD_PAGE);
    more.hidden = !reader.hasMore();
    more.disabled = reader.reading() !== "idle" || !isLive;
    write(more, reader.reading() === "more" ? say.READING_MORE : say.MORE);
    mark(element, "data-old", isLive ? null : "");
  }

  function update(now: Seen): void {
    seen = now;
    bar.update(now);
    const present = now.ward?.occurrences.values() ?? [];
    isNews = history.take(reader.held, present) || isNews;
    if (now.isLive) reader.check();
    if (isNews || performance.now() - shownMs >= SHOW_AGAIN_MS) paint();
    else paintState();
    if (now.isLive) table.tick(now.serverMs);
  }

  const hear: PageView["hear"] = (message) => {
    if (message.event === "alarm") isNews = history.take(reader.held, [message.data]) || isNews;
    else if (message.event === "snapshot") reader.doubt();
  };

  more.addEventListener("click", reader.readMore);
  return { title: say.TITLE, element, update, hear, close: reader.close };
};

function sinceAt(filter: history.Filter, seen: Seen | null): number | null {
  if (seen === null || seen.ward === null) return null;
  return history.sinceOf(filter, seen.serverMs, seen.ward.timezone);
}

/** What is to be said of the reading: why it failed, that it goes on, or that nothing was found. */
function stateOf(reader: HistoryReader, isEmpty: boolean): string {
  if (reader.failed() !== "") return reader.failed();
  if (!reader.isRead()) return say.READING_MORE;
  if (!isEmpty || reader.reading() !== "idle") return "";
  return reader.hasMore() ? say.NONE_READ : say.NONE_FOUND;
}

/** The time, and the date before it where it is not of the day that is now. */
function dated(nowMs: number, time: TimeOfDay, timezone: string): (ms: number) => string {
  const options = { timeZone: zoneOf(timezone), day: "numeric", month: "short" } as const;
  const day = new Intl.DateTimeFormat("en-GB", options);
  const today = day.format(nowMs);
  return (ms) => {
    const date = day.format(ms);
    return date === today ? time.seconds(ms) : `${date} ${time.seconds(ms)}`;
  };
}
