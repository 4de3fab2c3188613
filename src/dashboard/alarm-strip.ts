// The alarms present -> the strip's rows, most urgent first. A row lives as long as its occurrence,
// so focus stays on it; the strip's place and height are fixed, what does not fit is counted.

import { arrange, fromTemplate, mark, part, svgPart, write, writeOrHide } from "./dom.ts";
import { duration } from "./format.ts";
import * as say from "./messages.ts";
import { isEscalated, lightOf, sortedByUrgency } from "./order.ts";
import type { AckState } from "./store.ts";
import type { Occurrence } from "./wire.ts";

export type StripView = {
  readonly occurrences: readonly Occurrence[];
  readonly acks: ReadonlyMap<string, AckState>;
  readonly bedLabel: (occurrence: Occurrence) => string | null;
  readonly serverMs: number;
  readonly clockTime: (ms: number) => string;
  readonly nowMs: number;
};

export type AlarmStrip = {
  readonly update: (view: StripView) => void;
  /** Nothing is known: no row stays, and no count says that all is well. */
  readonly forget: (heading: string) => void;
  readonly focusFirst: () => void;
  readonly focusBeside: (step: 1 | -1) => void;
  /** The occurrence of the row that a person is on. */
  readonly focused: () => string | null;
};

export type StripParts = {
  /** `movedMs`: how long ago the row took a place that another row had. */
  readonly onAcknowledge: (occurrence: Occurrence, movedMs: number) => void;
  /** A person is on a row: its bed, null where it is of the service. */
  readonly onChoose: (bed: string | null) => void;
};

/** A longer text gets two lines: about what one holds at a desk. */
const LONG_TEXT = 32;

type Row = {
  readonly element: HTMLElement;
  readonly button: HTMLButtonElement;
  occurrence: Occurrence;
  movedAtMs: number;
};

export function createStrip(strip: HTMLElement, parts: StripParts): AlarmStrip {
  const rows = new Map<string, Row>();
  const list = part(strip, "#alarms");
  const heading = part(strip, "#alarm-count");
  const more = part(strip, "#more-alarms");
  list.addEventListener("scroll", () => countHidden(list, more));

  function rowOf(occurrence: Occurrence): Row {
    const held = rows.get(occurrence.occurrence);
    if (held !== undefined) return held;
    const row = createRow(occurrence, parts);
    rows.set(occurrence.occurrence, row);
    return row;
  }

  function update(view: StripView): void {
    const before = [...list.children];
    const sorted = sortedByUrgency(view.occurrences);
    const wanted = sorted.map((occurrence) => {
      const row = rowOf(occurrence);
      updateRow(row, occurrence, view);
      return row;
    });
    for (const [id, row] of rows) if (!wanted.includes(row)) rows.delete(id);
    wanted.forEach((row, index) => {
      const was = before[index];
      if (was !== undefined && was !== row.element) row.movedAtMs = view.nowMs;
    });
    arrange(
      list,
      wanted.map((row) => row.element),
      document.activeElement?.closest(".alarm") ?? null,
    );
    write(heading, say.alarmCount(sorted));
    mark(strip, "data-priority", sorted[0]?.priority ?? null);
    countHidden(list, more);
  }

  const focusedRow = (): Element | null =>
    document.activeElement?.closest("[data-occurrence]") ?? null;
  return {
    update,
    forget: (text) => {
      rows.clear();
      list.replaceChildren();
      write(heading, text);
      more.hidden = true;
      mark(strip, "data-priority", null);
    },
    focusFirst: () => (list.querySelector<HTMLElement>(".alarm") ?? list).focus(),
    focusBeside: (step) => {
      const row = focusedRow();
      const next = step === 1 ? row?.nextElementSibling : row?.previousElementSibling;
      if (next instanceof HTMLElement) next.focus();
    },
    focused: () => focusedRow()?.getAttribute("data-occurrence") ?? null,
  };
}

function createRow(occurrence: Occurrence, { onAcknowledge, onChoose }: StripParts): Row {
  const element = fromTemplate("alarm-row");
  const button = part(element, ".acknowledge") as HTMLButtonElement;
  const row: Row = { element, button, occurrence, movedAtMs: Number.NEGATIVE_INFINITY };
  element.dataset["occurrence"] = occurrence.occurrence;
  button.addEventListener("click", () =>
    onAcknowledge(row.occurrence, performance.now() - row.movedAtMs),
  );
  element.addEventListener("focusin", () => onChoose(row.occurrence.bed));
  return row;
}

function updateRow(row: Row, occurrence: Occurrence, view: StripView): void {
  const { element, button } = row;
  row.occurrence = occurrence;
  const bed = view.bedLabel(occurrence) ?? say.SERVICE;
  mark(element, "data-priority", occurrence.priority);
  mark(element, "data-kind", occurrence.kind);
  mark(element, "data-light", lightOf(occurrence));
  mark(element, "data-escalated", isEscalated(occurrence) ? "" : null);
  mark(svgPart(element, ".glyph use"), "href", `#glyph-${occurrence.priority}`);
  write(part(element, ".word"), say.PRIORITY_WORD[occurrence.priority]);
  write(part(element, ".bed"), bed);
  write(part(element, ".text"), occurrence.text);
  mark(element, "data-long", occurrence.text.length > LONG_TEXT ? "" : null);
  write(part(element, ".since"), duration((view.serverMs - occurrence.onset) / 1000));

  const ack = view.acks.get(occurrence.occurrence);
  const by = occurrence.acknowledged;
  const answered = occurrence.signal === "acknowledged" && by !== null;
  const refusal = ack?.kind === "refused" && !answered ? ack.why : null;
  const notes = say.alarmNotes(occurrence, view.serverMs, view.clockTime).join(" · ");
  mark(element, "data-refused", refusal === null ? null : "");
  write(part(element, ".notes"), refusal ?? notes);
  writeOrHide(part(element, ".acked"), answered ? `ACK ${by.by} ${view.clockTime(by.at)}` : "");
  button.hidden = answered;
  button.disabled = ack?.kind === "sending";
  write(button, ack?.kind === "sending" ? say.SENDING : "Acknowledge");
  mark(button, "aria-label", `Acknowledge ${bed}: ${occurrence.text}`);
}

/** How many rows are out of sight below; a strip that hides an alarm says so. */
function countHidden(list: HTMLElement, more: HTMLElement): void {
  const bottom = list.getBoundingClientRect().bottom;
  const hidden = [...list.children].filter(
    (row) => row.getBoundingClientRect().top > bottom - 8,
  ).length;
  writeOrHide(more, hidden === 0 ? "" : `${hidden} more below ↓`);
}
