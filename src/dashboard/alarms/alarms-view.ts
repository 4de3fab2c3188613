// The alarm history (`/alarms`): read by pages, kept up to date by what is told live, and read again
// after each loss of the connection.

import { make, mark, write, writeOrHide } from "../dom.ts";
import { timeOfDay } from "../format.ts";
import * as say from "../messages/alarms.ts";
import type { OpenView, Seen } from "../page-view.ts";
import type { Place } from "../router.ts";
import type { Occurrence } from "../wire.ts";
import { checkAlarms } from "../wire-alarms.ts";
import { createFilterBar } from "./filter-bar.ts";
import * as history from "./history.ts";
import { createHistoryTable } from "./history-table.ts";

/** After an answer that did not come. Real time. Ours. */
const RETRY_MS = 5_000;
/** For a time that moves on: what is older leaves. */
const SHOW_AGAIN_MS = 10_000;

type Reading = "idle" | "first" | "more";

export const openAlarms: OpenView<Extract<Place, { view: "alarms" }>> = (_, parts) => {
  const held = new Map<string, Occurrence>();
  const bar = createFilterBar(refilter);
  const table = createHistoryTable(() => paint());
  const figures = make("p", { class: "figures" });
  const note = make("p", { class: "why" });
  const more = make("button", { type: "button", class: "more-history" }, [say.MORE]);
  const element = make("section", { class: "page history-page" }, [
    make("h2", {}, [say.TITLE]),
    bar.element,
    figures,
    table.element,
    note,
    more,
  ]);
  let filter = history.FIRST_FILTER;
  let seen: Seen | null = null;
  let next: string | null = null;
  let reading: Reading = "idle";
  /** Counts what is asked for: an answer to an older question is dropped. */
  let asked = 0;
  let [isRead, isNews, failed] = [false, false, ""];
  let [triedMs, shownMs] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];

  const sinceMs = (): number | null =>
    seen === null || seen.ward === null
      ? null
      : history.sinceOf(filter, seen.serverMs, seen.ward.timezone);

  function refilter(wanted: history.Filter): void {
    const isElsewhere =
      wanted.bed !== filter.bed ||
      wanted.period !== filter.period ||
      wanted.session !== filter.session;
    filter = wanted;
    if (isElsewhere) void readPage("first");
    paint();
  }

  async function readPage(which: Exclude<Reading, "idle">): Promise<void> {
    if (seen === null || seen.ward === null) return;
    asked += 1;
    const question = asked;
    reading = which;
    triedMs = performance.now();
    const path = history.pathOf(filter, sinceMs(), which === "more" ? next : null);
    const answer = await parts.read(path, checkAlarms);
    if (question !== asked) return;
    reading = "idle";
    if (answer.kind === "good") {
      [isRead, failed] = [true, ""];
      next = answer.value.next;
      history.take(held, answer.value.items);
    } else failed = answer.why;
    paint();
  }

  function paint(): void {
    if (seen === null || seen.ward === null) return;
    const { ward, serverMs } = seen;
    [isNews, shownMs] = [false, performance.now()];
    const found = history.found(held.values(), filter, sinceMs());
    table.show(history.entriesOf(found), {
      serverMs,
      clockTime: dated(serverMs, ward.timezone),
      bedLabel: (one) => ward.beds.find(({ bed }) => bed.id === one.bed)?.bed.label ?? one.bed,
    });
    table.element.hidden = found.length === 0;
    writeOrHide(figures, isRead ? say.figuresLine(history.figuresOf(found, next === null)) : "");
    paintState(found.length === 0);
  }

  function paintState(isEmpty: boolean): void {
    const isLive = seen?.isLive === true;
    const none = isEmpty && isRead && reading === "idle" ? say.NONE_FOUND : "";
    const waits = !isRead && failed === "" ? say.READING_MORE : "";
    writeOrHide(note, isLive ? failed || none || waits : say.OLD_PAGE);
    more.hidden = next === null;
    more.disabled = reading !== "idle" || !isLive;
    write(more, reading === "more" ? say.READING_MORE : say.MORE);
    mark(element, "data-old", isLive ? null : "");
  }

  more.addEventListener("click", () => void readPage("more"));
  return {
    title: say.TITLE,
    element,
    update: (now) => {
      const isFirst = seen === null || seen.ward === null;
      seen = now;
      bar.update(now);
      if (now.ward !== null && history.take(held, now.ward.occurrences.values())) isNews = true;
      const isDue = performance.now() - triedMs >= RETRY_MS;
      if ((isFirst || failed !== "") && reading === "idle" && now.isLive && isDue)
        void readPage("first");
      if (isNews || performance.now() - shownMs >= SHOW_AGAIN_MS) paint();
      else paintState(table.element.hidden === true);
      if (now.isLive) table.tick({ serverMs: now.serverMs, clockTime: now.time.seconds });
    },
    hear: (message) => {
      if (message.event === "alarm") isNews = history.take(held, [message.data]) || isNews;
      // The connection is back: what ended meanwhile is told to nobody.
      if (message.event === "snapshot") void readPage("first");
    },
    close: () => {
      asked += 1;
    },
  };
};

/** The time, and the date before it where it is not of the day that is now. */
function dated(nowMs: number, zone: string): (ms: number) => string {
  const time = timeOfDay(zone);
  const day = new Intl.DateTimeFormat("en-GB", { timeZone: zone, day: "numeric", month: "short" });
  const today = day.format(nowMs);
  return (ms) => {
    const date = day.format(ms);
    return date === today ? time.seconds(ms) : `${date} ${time.seconds(ms)}`;
  };
}
