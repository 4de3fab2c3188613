// The list of what happened on a bed. It reads the bed's alarms when it opens, and takes each
// change of one from the live events; the session's steps come with the session.

import { take } from "../alarms/history.ts";
import { createHistoryReader } from "../alarms/history-reader.ts";
import { make, makeGlyph, mark, svgPart, write, writeOrHide } from "../dom.ts";
import type { TimeOfDay } from "../format.ts";
import * as say from "../messages/bed.ts";
import type { ViewParts } from "../page-view.ts";
import type { SessionDetail } from "../wire-session.ts";
import type { WireMessage } from "../wire.ts";
import { happenings, type Happening } from "./happened.ts";

/** As many as the service gives on one page (contract 6). */
const READ = 200;
/** Of a day with many alarms; the alarm history has all. */
const SHOWN = 300;

export type EventList = {
  readonly element: HTMLElement;
  readonly update: (session: SessionDetail | null, time: TimeOfDay) => void;
  readonly hear: (message: WireMessage) => void;
  /** Occurrences that are about equipment. */
  readonly technical: () => ReadonlySet<string>;
  readonly close: () => void;
};

export function createEvents(bed: string, read: ViewParts["read"]): EventList {
  const list = make("ol", { class: "happenings", reversed: "" });
  const none = make("p", {}, [say.NO_EVENTS]);
  const note = make("p", { class: "trend-note" });
  const title = make("h2", { id: "events-title" }, [say.EVENTS]);
  const element = make("section", { class: "events", "aria-labelledby": "events-title" }, [
    title,
    note,
    none,
    list,
  ]);
  const path = `/alarms?state=all&bed=${encodeURIComponent(bed)}&limit=${READ}`;
  const reader = createHistoryReader(read, () => path, () => {
    writeOrHide(note, reader.failed());
    renew();
  });
  let technical: ReadonlySet<string> = new Set();
  let isChanged = true;
  let painted: SessionDetail | null | undefined;
  reader.check();

  function renew(): void {
    const equipment = [...reader.held.values()].filter((one) => one.kind === "technical");
    technical = new Set(equipment.map((one) => one.occurrence));
    isChanged = true;
  }

  return {
    element,
    technical: () => technical,
    update: (session, time) => {
      reader.check();
      if (!isChanged && painted === session) return;
      [isChanged, painted] = [false, session];
      const all = happenings(session, [...reader.held.values()]).slice(0, SHOWN);
      none.hidden = all.length > 0;
      paint(list, all, time);
    },
    hear: (message) => {
      if (message.event === "snapshot") reader.doubt();
      if (message.event !== "alarm" || message.data.bed !== bed) return;
      if (take(reader.held, [message.data])) renew();
    },
    close: reader.close,
  };
}

/** Lines are kept with what they tell: a new one above does not disturb a reader of those below. */
function paint(list: HTMLElement, all: readonly Happening[], time: TimeOfDay): void {
  const lines = new Map(
    [...list.children].map((line) => [line.getAttribute("data-key"), line as HTMLElement]),
  );
  const wanted = all.map((one) => {
    const line = lines.get(one.key) ?? lineOf(one);
    lines.delete(one.key);
    write(line.children[0] as Element, time.seconds(one.at));
    write(line.children[2] as Element, one.what);
    write(line.children[3] as Element, one.who);
    write(line.children[4] as Element, one.why);
    for (const cell of [...line.children].slice(2)) mark(cell, "title", cell.textContent);
    mark(line, "data-priority", one.alarm?.priority ?? null);
    if (one.alarm !== null) mark(svgPart(line, "use"), "href", `#glyph-${one.alarm.priority}`);
    return line;
  });
  for (const gone of lines.values()) gone.remove();
  wanted.forEach((line, place) => {
    if (list.children[place] !== line) list.insertBefore(line, list.children[place] ?? null);
  });
}

function lineOf({ key, alarm }: Happening): HTMLElement {
  const kind = alarm?.isTechnical === true ? { "data-kind": "technical" } : {};
  const symbol = make("span", { class: "symbol" });
  if (alarm !== null) symbol.append(makeGlyph("glyph"));
  return make("li", { "data-key": key, ...kind }, [
    make("time"),
    symbol,
    make("span", { class: "what", dir: "auto" }),
    make("span", { class: "who", dir: "auto" }),
    make("span", { class: "because", dir: "auto" }),
  ]);
}
