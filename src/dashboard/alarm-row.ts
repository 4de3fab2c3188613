// One row of the strip: what an alarm says, who has answered it, and how it is answered. It lives
// as long as its occurrence, so that focus and what is typed stay.

import { createReasonChoice, type ReasonChoice } from "./alarm-reason.ts";
import { fromTemplate, mark, part, svgPart, write, writeOrHide } from "./dom.ts";
import { duration } from "./format.ts";
import * as say from "./messages.ts";
import * as words from "./messages/alarms.ts";
import { CHOOSE_THERE } from "./messages/conflict.ts";
import { isEscalated, lightOf } from "./order.ts";
import { bedPath } from "./router.ts";
import { isConflict } from "./session/claims.ts";
import type { StripParts, StripView } from "./alarm-strip.ts";
import type { Occurrence } from "./wire.ts";

export type Row = {
  readonly element: HTMLElement;
  occurrence: Occurrence;
  /** When another row's place became this one's, by the page's own clock. */
  movedAtMs: number;
  /** Where it last stood. */
  place: string;
  /** Null: no reason is asked for. */
  choice: ReasonChoice | null;
  /** What it said when the reasons were opened, or after a refusal: a typed reason is for that. */
  read: Occurrence;
};

export type RowParts = StripParts & {
  readonly onFold: (occurrence: Occurrence) => void;
};

/** Those of its group that are over and unanswered; null: there are none, or it is one of them. */
export type Fold = { readonly count: number; readonly isOpen: boolean } | null;

/** A longer text gets two lines: about what one holds at a desk. */
const LONG_TEXT = 20;

export function createRow(occurrence: Occurrence, parts: RowParts): Row {
  const element = fromTemplate("alarm-row");
  const row: Row = {
    element,
    occurrence,
    movedAtMs: Number.NEGATIVE_INFINITY,
    place: "",
    choice: null,
    read: occurrence,
  };
  const withReason = part(element, ".with-reason");
  element.dataset["occurrence"] = occurrence.occurrence;
  write(withReason, words.WITH_REASON);
  part(element, ".acknowledge").addEventListener("click", () => answer(row, parts, null));
  withReason.addEventListener("click", () => askReason(row, parts));
  part(element, ".fold").addEventListener("click", () => parts.onFold(row.occurrence));
  element.addEventListener("focusin", () => parts.onChoose(row.occurrence.bed));
  return row;
}

/** Where it stands on the page; a person's own scrolling of the strip is no move. */
export function placeOf({ element }: Row): string {
  const { left, top } = element.getBoundingClientRect();
  return `${Math.round(left)} ${Math.round(top + (element.parentElement?.scrollTop ?? 0))}`;
}

/** Since the last paint it may have moved, too. */
function answer(row: Row, parts: StripParts, reason: string | null): void {
  const isMoving = row.place !== placeOf(row);
  const movedMs = isMoving ? 0 : performance.now() - row.movedAtMs;
  parts.onAcknowledge(row.occurrence, movedMs, reason);
}

/** A second time: back to the first choice. */
export function askReason(row: Row, parts: StripParts): void {
  if (isAnsweredBySomebody(row.occurrence)) return;
  row.read = row.occurrence;
  if (row.choice === null) {
    row.choice = createReasonChoice({
      onReason: (reason) => answer(row, parts, reason),
      onText: (reason) => {
        const { read } = row;
        row.read = row.occurrence;
        parts.onAcknowledge(read, Number.POSITIVE_INFINITY, reason);
      },
      onBack: () => {
        closeChoice(row);
        part(row.element, ".with-reason").focus();
      },
    });
    part(row.element, ".side").append(row.choice.element);
    mark(row.element, "data-asking", "");
  }
  row.choice.open();
}

function closeChoice(row: Row): void {
  row.choice?.element.remove();
  row.choice = null;
  mark(row.element, "data-asking", null);
}

function isAnsweredBySomebody(occurrence: Occurrence): boolean {
  return occurrence.signal === "acknowledged" && occurrence.acknowledged !== null;
}

export function updateRow(row: Row, occurrence: Occurrence, view: StripView, fold: Fold): void {
  const { element } = row;
  row.occurrence = occurrence;
  const bed = view.bedLabel(occurrence) ?? say.SERVICE;
  mark(element, "data-priority", occurrence.priority);
  mark(element, "data-kind", occurrence.kind);
  mark(element, "data-light", lightOf(occurrence));
  mark(element, "data-escalated", isEscalated(occurrence) ? "" : null);
  mark(svgPart(element, ".glyph use"), "href", `#glyph-${occurrence.priority}`);
  write(part(element, ".word"), say.PRIORITY_WORD[occurrence.priority]);
  writeWhole(part(element, ".bed"), bed);
  const door = view.opensBeds ? occurrence.bed : null;
  mark(part(element, ".bed"), "href", door && bedPath(door));
  writeWhole(part(element, ".text"), occurrence.text);
  mark(element, "data-long", occurrence.text.length > LONG_TEXT ? "" : null);
  write(part(element, ".since"), duration((view.serverMs - occurrence.onset) / 1000));
  updateNotes(row, view);
  updateAnswer(row, view, bed);
  const folded = part(element, ".fold");
  writeOrHide(folded, fold === null ? "" : words.foldedLine(fold.count, fold.isOpen));
  mark(element, "data-group", fold === null ? null : "");
  mark(folded, "aria-expanded", fold === null ? null : String(fold.isOpen));
  mark(folded, "title", fold && words.foldedLabel(fold.count, fold.isOpen));
}

/** The text, and the whole of it in a title where the page cuts it. */
function writeWhole(element: HTMLElement, text: string): void {
  write(element, text);
  mark(element, "title", text);
}

function updateNotes({ element, occurrence }: Row, view: StripView): void {
  const ack = view.acks.get(occurrence.occurrence);
  const refusal =
    ack?.kind === "refused" && !isAnsweredBySomebody(occurrence) ? ack.why : null;
  const pauses = occurrence.signal === "paused" ? view.pausesOf(occurrence) : [];
  const recurring = words.recurringOf(occurrence);
  const notes = say
    .alarmNotes(occurrence, view.serverMs, view.clockTime)
    .filter((note) => note !== recurring && (note !== say.PAUSED || pauses.length === 0));
  // Last, where a narrow row cuts: what is to be done comes before who is told.
  const next = words.nextStepLine(occurrence, view.serverMs);
  const settle = view.opensBeds && isConflict(occurrence) ? CHOOSE_THERE : "";
  const told = [settle, ...pauses, ...notes, next].filter(Boolean).join(" · ");
  mark(element, "data-refused", refusal === null ? null : "");
  writeOrHide(part(element, ".recurring"), refusal === null ? (recurring ?? "") : "");
  write(part(element, ".notes span"), refusal ?? told);
  mark(part(element, ".notes"), "title", refusal ?? [recurring, told].filter(Boolean).join(" · "));
}

function updateAnswer(row: Row, view: StripView, bed: string): void {
  const { element, occurrence } = row;
  const by = occurrence.acknowledged;
  const answered = isAnsweredBySomebody(occurrence);
  const isSending = view.acks.get(occurrence.occurrence)?.kind === "sending";
  const button = part(element, ".acknowledge") as HTMLButtonElement;
  const withReason = part(element, ".with-reason") as HTMLButtonElement;
  const told =
    answered && by !== null ? words.ackedLine(by.by, view.clockTime(by.at), by.reason) : "";
  const acked = part(element, ".acked");
  writeOrHide(acked, told);
  mark(acked, "title", told === "" ? null : told);
  const box = part(element, ".answer");
  // What is hidden loses the focus; it goes to the row, where the person was.
  const hadFocus = answered && row.element.matches(":focus-within") && !box.hidden;
  if (answered) closeChoice(row);
  box.hidden = answered;
  if (hadFocus && !element.contains(document.activeElement)) element.focus();
  for (const one of [button, withReason]) one.disabled = isSending;
  row.choice?.update(isSending);
  write(button, isSending ? say.SENDING : words.ACKNOWLEDGE);
  mark(button, "aria-label", words.acknowledgeLabel(bed, occurrence.text));
  mark(withReason, "aria-label", words.reasonLabel(bed, occurrence.text));
}
