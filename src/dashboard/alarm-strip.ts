// The alarms present -> the strip's rows, most urgent first. A row lives as long as its occurrence,
// so focus stays on it; the strip's place and height are fixed, what does not fit is counted. Of a
// group that recurs, those that are over stand folded behind the one that goes on (alarms 11).

import { askReason, createRow, placeOf, updateRow, type Fold, type Row } from "./alarm-row.ts";
import { familyOf } from "./alarms/history.ts";
import { arrange, mark, part, write, writeOrHide } from "./dom.ts";
import { rank } from "./format.ts";
import * as say from "./messages.ts";
import { hiddenLine, recurringOf } from "./messages/alarms.ts";
import { isAnswered, lightOf, sortedByUrgency } from "./order.ts";
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

/** Between rows, as strip.css has it. */
const GAP_PX = 6;

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
    let hasNews = false;
    const wanted = folded(sorted, unfolded).map(({ occurrence, fold }) => {
      const isNew = isNews(rows.get(occurrence.occurrence)?.occurrence ?? null, occurrence);
      const row = rowOf(occurrence);
      if (isNew) mark(row.element, "data-news", "");
      hasNews ||= isNew;
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
    const urgent = String(rowsFor(wanted));
    if (strip.style.getPropertyValue("--urgent") !== urgent)
      strip.style.setProperty("--urgent", urgent);
    noteMoves(wanted, view.nowMs);
    if (hasNews) showFirst(list, pinned, wanted, view.nowMs);
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
 * it, too; what comes above the strip moves all. */
function noteMoves(rows: readonly Row[], nowMs: number): void {
  for (const row of rows) {
    const place = placeOf(row);
    if (row.place !== "" && row.place !== place) row.movedAtMs = nowMs;
    row.place = place;
  }
}

/** HIGH or MEDIUM that began, or rose to it: it is to be seen at once. */
export function isNews(before: Occurrence | null, now: Occurrence): boolean {
  if (rank(now.priority) === 0 || lightOf(now) !== "flashing") return false;
  return before === null || rank(before.priority) < rank(now.priority);
}

/** Back to the most urgent ones, unless a person is on a row that would go out of sight. */
function showFirst(
  list: HTMLElement,
  pinned: Element | null,
  rows: readonly Row[],
  nowMs: number,
): void {
  if (list.scrollTop === 0) return;
  const at = pinned?.getBoundingClientRect().bottom ?? Number.NEGATIVE_INFINITY;
  if (at + list.scrollTop > list.getBoundingClientRect().bottom + 1) return;
  list.scrollTop = 0;
  for (const row of rows) row.movedAtMs = nowMs;
}

/** How many rows show every HIGH that goes on and is unanswered; these stand first. */
function rowsFor(rows: readonly Row[]): number {
  const isWaiting = ({ occurrence: o }: Row): boolean =>
    o.priority === "high" && !isAnswered(o) && lightOf(o) !== "ended";
  const [first, last] = [rows[0], rows.findLast(isWaiting)];
  if (first === undefined || last === undefined) return 1;
  const rowPx = first.element.offsetHeight;
  const from = first.element.offsetTop;
  return Math.round((last.element.offsetTop - from) / (rowPx + GAP_PX)) + 1;
}

/** What is out of sight; a strip that hides an alarm says so, aloud where nobody has seen it. */
function countHidden(list: HTMLElement, more: HTMLElement): void {
  const { top, bottom } = list.getBoundingClientRect();
  const [above, below]: [Priority[], Priority[]] = [[], []];
  let hidesNews = false;
  for (const row of list.children) {
    const box = row.getBoundingClientRect();
    const middle = (box.top + box.bottom) / 2;
    const side = middle >= bottom ? below : middle <= top ? above : null;
    side?.push(row.getAttribute("data-priority") as Priority);
    if (side === null) mark(row, "data-news", null);
    else hidesNews ||= row.hasAttribute("data-news");
  }
  writeOrHide(more, hiddenLine(above, below, hidesNews));
  mark(more, "data-news", hidesNews ? "" : null);
}
