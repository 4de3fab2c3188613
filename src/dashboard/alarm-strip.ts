// The alarms present -> the strip's rows, most urgent first. A row lives as long as its occurrence,
// so focus stays on it; the strip's place and height are fixed, what does not fit is counted. Of a
// group that recurs, those that are over stand folded behind the one that goes on (alarms 11).

import { askReason, createRow, placeOf, updateRow, type Fold, type Row } from "./alarm-row.ts";
import { familyOf } from "./alarms/history.ts";
import { arrange, mark, part, write, writeOrHide } from "./dom.ts";
import * as say from "./messages.ts";
import { hiddenLine, recurringOf } from "./messages/alarms.ts";
import { lightOf, sortedByUrgency } from "./order.ts";
import type { AckState } from "./store.ts";
import type { Occurrence, Priority } from "./wire.ts";

export type StripView = {
  readonly occurrences: readonly Occurrence[];
  readonly acks: ReadonlyMap<string, AckState>;
  readonly bedLabel: (occurrence: Occurrence) => string | null;
  /** A row's bed leads to that bed's own page. */
  readonly opensBeds: boolean;
  /** The pauses of its bed, with their countdowns. */
  readonly pausesOf: (occurrence: Occurrence) => readonly string[];
  readonly serverMs: number;
  readonly clockTime: (ms: number) => string;
  readonly nowMs: number;
};

export type AlarmStrip = {
  readonly update: (view: StripView) => void;
  /** Nothing is known: no row is shown, and no count says that all is well. What a person was
   * typing comes back with its alarm. */
  readonly forget: (heading: string) => void;
  /** Nobody is logged in: nothing of it stays. */
  readonly clear: () => void;
  readonly focusFirst: () => void;
  readonly focusBeside: (step: 1 | -1) => void;
  /** The occurrence of the row that a person is on. */
  readonly focused: () => string | null;
  /** Opens the reasons on that row. */
  readonly askReason: (occurrence: string) => void;
};

export type StripParts = {
  /** `movedMs`: how long ago the row took a place that another row had. */
  readonly onAcknowledge: (
    occurrence: Occurrence,
    movedMs: number,
    reason: string | null,
  ) => void;
  /** A person is on a row: its bed, null where it is of the service. */
  readonly onChoose: (bed: string | null) => void;
  /** What a row shows has changed by a person's tap. */
  readonly onChange: () => void;
};

/** One row to show; those that wait behind it. */
type Shown = { readonly occurrence: Occurrence; readonly fold: Fold };

export function createStrip(strip: HTMLElement, parts: StripParts): AlarmStrip {
  const rows = new Map<string, Row>();
  const unfolded = new Set<string>();
  const list = part(strip, "#alarms");
  const heading = part(strip, "#alarm-count");
  const more = part(strip, "#more-alarms");
  list.addEventListener("scroll", () => countHidden(list, more));
  more.addEventListener("click", () => showNext(list));

  function onFold(occurrence: Occurrence): void {
    const family = familyOf(occurrence);
    if (!unfolded.delete(family)) unfolded.add(family);
    parts.onChange();
  }

  function rowOf(occurrence: Occurrence): Row {
    const held = rows.get(occurrence.occurrence);
    if (held !== undefined) return held;
    const row = createRow(occurrence, { ...parts, onFold });
    rows.set(occurrence.occurrence, row);
    return row;
  }

  function update(view: StripView): void {
    const before = [...list.children];
    const sorted = sortedByUrgency(view.occurrences);
    const wanted = folded(sorted, unfolded).map(({ occurrence, fold }) => {
      const row = rowOf(occurrence);
      updateRow(row, occurrence, view, fold);
      return row;
    });
    const kept = new Set(wanted);
    for (const [id, row] of rows) if (!kept.has(row)) rows.delete(id);
    wanted.forEach((row, index) => {
      const was = before[index];
      if (was !== undefined && was !== row.element) row.movedAtMs = view.nowMs;
    });
    const pinned = document.activeElement?.closest(".alarm") ?? null;
    arrange(list, wanted.map(({ element }) => element), pinned);
    noteMoves(wanted, view.nowMs);
    write(heading, say.alarmCount(sorted));
    mark(strip, "data-priority", sorted[0]?.priority ?? null);
    countHidden(list, more);
  }

  function forget(text: string): void {
    for (const [id, row] of rows) if (row.choice === null) rows.delete(id);
    list.replaceChildren();
    write(heading, text);
    more.hidden = true;
    mark(strip, "data-priority", null);
  }

  return {
    update,
    forget,
    clear: () => {
      rows.clear();
      unfolded.clear();
      forget("");
    },
    ...focusIn(list),
    askReason: (occurrence) => {
      const row = rows.get(occurrence);
      if (row !== undefined) askReason(row, parts);
    },
  };
}

function focusIn(list: HTMLElement): Pick<AlarmStrip, "focusFirst" | "focusBeside" | "focused"> {
  const focusedRow = (): Element | null =>
    document.activeElement?.closest("[data-occurrence]") ?? null;
  return {
    focusFirst: () => (list.querySelector<HTMLElement>(".alarm") ?? list).focus(),
    focusBeside: (step) => {
      const row = focusedRow();
      const next = step === 1 ? row?.nextElementSibling : row?.previousElementSibling;
      if (next instanceof HTMLElement) next.focus();
    },
    focused: () => focusedRow()?.getAttribute("data-occurrence") ?? null,
  };
}

/** Shows the next of what is hidden; after the last, the first again. */
function showNext(list: HTMLElement): void {
  const isAtEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 8;
  list.scrollTo({ top: isAtEnd ? 0 : list.scrollTop + list.clientHeight });
}

/** What of a group is over, behind its most urgent one; it stays counted in the heading. */
export function folded(
  sorted: readonly Occurrence[],
  unfolded: ReadonlySet<string>,
): readonly Shown[] {
  const families = new Map<string, Occurrence[]>();
  for (const one of sorted) {
    const family = families.get(familyOf(one)) ?? [];
    family.push(one);
    families.set(familyOf(one), family);
  }
  return sorted.flatMap((one): readonly Shown[] => {
    const family = families.get(familyOf(one)) ?? [];
    const [lead, ...rest] = family;
    const over = family.some((o) => recurringOf(o) !== null)
      ? rest.filter((o) => lightOf(o) === "ended")
      : [];
    if (over.includes(one)) return [];
    if (one !== lead || over.length === 0) return [{ occurrence: one, fold: null }];
    const isOpen = unfolded.has(familyOf(one));
    const shown: Shown = { occurrence: one, fold: { count: over.length, isOpen } };
    return isOpen ? [shown, ...over.map((o) => ({ occurrence: o, fold: null }))] : [shown];
  });
}

/** A row that became wider, as one does that is escalated or asked a reason for, moves those after
 * it, too. */
function noteMoves(rows: readonly Row[], nowMs: number): void {
  for (const row of rows) {
    const place = placeOf(row);
    if (row.place !== "" && row.place !== place) row.movedAtMs = nowMs;
    row.place = place;
  }
}

/** What is out of sight; a strip that hides an alarm says so. */
function countHidden(list: HTMLElement, more: HTMLElement): void {
  const { top, bottom } = list.getBoundingClientRect();
  const [above, below]: [Priority[], Priority[]] = [[], []];
  for (const row of list.children) {
    const box = row.getBoundingClientRect();
    const side = box.top > bottom - 8 ? below : box.bottom < top + 8 ? above : null;
    side?.push(row.getAttribute("data-priority") as Priority);
  }
  writeOrHide(more, hiddenLine(above, below));
}
