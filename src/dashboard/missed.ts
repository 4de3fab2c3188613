// What began and ended while this page was not connected: a line that says how many, and a list
// that a person opens, below the strip so that it covers no alarm, until it is said to be seen.

import { arrange, make, mark, part, svgPart, write } from "./dom.ts";
import * as say from "./messages.ts";
import * as words from "./messages/alarms.ts";
import { byUrgency } from "./order.ts";
import type { Occurrence } from "./wire.ts";

export type MissedView = {
  readonly missed: readonly Occurrence[];
  readonly bedLabel: (occurrence: Occurrence) => string | null;
  readonly clockTime: (ms: number) => string;
};

export type Missed = {
  readonly update: (view: MissedView) => void;
  readonly clear: () => void;
};

export function createMissed(page: Document): Missed {
  const line = part(page, "#missed");
  const show = part(page, "#missed-show");
  const list = part(page, "#missed-list");
  const items = part(list, "ol");
  const rows = new Map<string, HTMLElement>();
  write(part(list, "h3"), words.MISSED_TITLE);

  function open(isOpen: boolean): void {
    list.hidden = !isOpen;
    mark(show, "aria-expanded", String(isOpen));
    write(show, isOpen ? words.MISSED_HIDE : words.MISSED_SHOW);
  }

  function clear(): void {
    line.hidden = true;
    rows.clear();
    items.replaceChildren();
    open(false);
  }

  show.addEventListener("click", () => open(list.hidden === true));
  list.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    open(false);
    show.focus();
  });
  clear();
  return {
    clear,
    update: ({ missed, bedLabel, clockTime }): void => {
      if (missed.length === 0) {
        if (!line.hidden) clear();
        return;
      }
      line.hidden = false;
      write(part(line, "p"), words.missedCount(missed));
      mark(part(line, "p"), "title", words.missedCount(missed));
      const shown = [...missed].sort(byUrgency).map((one) => {
        const row = rows.get(one.occurrence) ?? missedRow(one);
        rows.set(one.occurrence, row);
        const ended = one.ended === null ? null : clockTime(one.ended);
        write(part(row, ".bed"), bedLabel(one) ?? say.SERVICE);
        mark(part(row, ".bed"), "title", bedLabel(one));
        write(part(row, ".text"), one.text);
        write(part(row, ".times"), words.fromTo(clockTime(one.onset), ended));
        return row;
      });
      arrange(items, shown, document.activeElement);
    },
  };
}

function missedRow(one: Occurrence): HTMLElement {
  const symbol = part(document, "#symbol") as HTMLTemplateElement;
  const row = make("li", { "data-priority": one.priority, "data-kind": one.kind }, [
    symbol.content.cloneNode(true),
    make("b", { class: "word" }, [say.PRIORITY_WORD[one.priority]]),
    make("b", { class: "bed", dir: "auto" }),
    make("span", { class: "text", dir: "auto" }),
    make("span", { class: "times" }),
  ]);
  mark(svgPart(row, ".glyph use"), "href", `#glyph-${one.priority}`);
  return row;
}
