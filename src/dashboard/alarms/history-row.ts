// One line of the history: an occurrence, or a group of one family that recurs, with what it
// unfolds to. Written only where it changed; what goes on counts on.

import { fromTemplate, make, mark, part, svgPart, write, writeOrHide } from "../dom.ts";
import { duration, rank } from "../format.ts";
import { PRIORITY_WORD } from "../messages.ts";
import * as say from "../messages/alarms.ts";
import { bedPath } from "../router.ts";
import { isShown } from "../store.ts";
import type { Occurrence, Priority } from "../wire.ts";
import { median, responseS } from "./history.ts";

export type LineView = {
  readonly serverMs: number;
  /** With the date where it is another day's. */
  readonly clockTime: (ms: number) => string;
  /** Newest first. */
  readonly members: readonly Occurrence[];
  readonly isOpen: boolean;
  readonly bedLabel: (occurrence: Occurrence) => string | null;
};

export type Line = {
  readonly element: HTMLElement;
  /** Below it while it is unfolded: what it says of itself; null for a group. */
  readonly detail: HTMLElement | null;
  readonly write: (view: LineView) => void;
  /** What changes with time alone. */
  readonly tick: (serverMs: number) => void;
};

export function createLine(isGroup: boolean, onUnfold: () => void): Line {
  const element = fromTemplate("history-row");
  const toggle = part(element, ".unfold");
  const detail = isGroup ? null : detailRow();
  let members: readonly Occurrence[] = [];
  toggle.addEventListener("click", onUnfold);
  mark(element, "data-group", isGroup ? "" : null);
  return {
    element,
    detail,
    write: (view) => {
      members = view.members;
      writeLine(element, view, isGroup);
      if (detail !== null && view.isOpen) writeDetail(detail, view);
    },
    tick: (serverMs) => {
      const [one] = members;
      const first = members.at(-1);
      if (one === undefined || first === undefined) return;
      if (one.ended === null) write(part(element, ".lasted"), lasted(first.onset, one, serverMs));
      if (!isGroup && one.acknowledged === null && isShown(one))
        write(part(element, ".response"), response(one, serverMs));
    },
  };
}

function writeLine(element: HTMLElement, view: LineView, isGroup: boolean): void {
  const [newest] = view.members;
  const top = highestOf(view.members);
  if (newest === undefined || top === null) return;
  const { clockTime } = view;
  const toggle = part(element, ".unfold");
  mark(element, "data-priority", top);
  mark(element, "data-kind", newest.kind);
  mark(toggle, "aria-expanded", String(view.isOpen));
  mark(toggle, "aria-label", say.unfoldLabel(newest.text));
  write(part(toggle, "span"), view.isOpen ? "▾" : "▸");
  write(part(element, ".began"), clockTime(newest.onset));
  const bed = say.bedOf(view.bedLabel(newest));
  write(part(element, ".bed"), bed);
  mark(part(element, ".bed"), "title", bed);
  mark(svgPart(element, ".glyph use"), "href", `#glyph-${top}`);
  write(part(element, ".word"), PRIORITY_WORD[top]);
  write(part(element, ".text"), newest.text);
  mark(part(element, ".text"), "title", newest.text);
  writeOrHide(part(element, ".recurring"), recurringText(view.members, isGroup));
  part(element, ".sim-tag").hidden = !newest.simulated;
  const { lastedText, ended, acked, answered } = isGroup ? ofGroup(view) : ofOne(newest, view);
  write(part(element, ".lasted"), lastedText);
  write(part(element, ".ended"), ended);
  write(part(element, ".by"), acked);
  mark(part(element, ".by"), "title", acked === "" ? null : acked);
  write(part(element, ".response"), answered);
  write(part(element, ".step"), say.stepWord(Math.max(...view.members.map((o) => o.escalation))));
}

/** What it was at its worst, as the report has it. */
function highestOf(some: readonly Occurrence[]): Priority | null {
  const all = some.map((one) => one.highest).sort((a, b) => rank(b) - rank(a));
  return all[0] ?? null;
}

function recurringText(members: readonly Occurrence[], isGroup: boolean): string {
  if (isGroup) return say.recurring(members.length);
  return (members[0] && say.recurringOf(members[0])) ?? "";
}

type Cells = {
  readonly lastedText: string;
  readonly ended: string;
  readonly acked: string;
  readonly answered: string;
};

function ofOne(one: Occurrence, view: LineView): Cells {
  return {
    lastedText: lasted(one.onset, one, view.serverMs),
    ended: say.endedLine(one, view.clockTime),
    acked: say.answeredLine(one, view.clockTime),
    answered: response(one, view.serverMs),
  };
}

function ofGroup(view: LineView): Cells {
  const { members } = view;
  const [newest, oldest] = [members[0], members.at(-1)];
  const responses = members.map(responseS).filter((s) => s !== null);
  const medianS = median(responses);
  const isSome = newest !== undefined && oldest !== undefined;
  return {
    lastedText: isSome ? lasted(oldest.onset, newest, view.serverMs) : "",
    ended: isSome ? say.endedLine(newest, view.clockTime) : "",
    acked: say.groupAnswered(responses.length, members.length),
    answered: medianS === null ? "" : say.medianLine(medianS),
  };
}

function lasted(onset: number, last: Occurrence, serverMs: number): string {
  return duration(((last.ended ?? serverMs) - onset) / 1000);
}

/** LOW waits for nobody. */
function response(one: Occurrence, serverMs: number): string {
  const seconds = responseS(one);
  if (seconds !== null) return duration(seconds);
  const waits = isShown(one) && one.priority !== "low";
  return waits ? say.waitingLine((serverMs - one.asked) / 1000) : "–";
}

function detailRow(): HTMLElement {
  const cell = make("td", { colspan: String(say.COLUMNS.length) }, [
    make("ul"),
    make("a", { "data-go": "" }),
  ]);
  return make("tr", { class: "detail" }, [cell]);
}

function writeDetail(row: HTMLElement, view: LineView): void {
  const [one] = view.members;
  if (one === undefined) return;
  const lines = say.detailLines(one, view.clockTime);
  const list = part(row, "ul");
  const same = [...list.children].map((line) => line.textContent).join("\n") === lines.join("\n");
  if (!same) list.replaceChildren(...lines.map((line) => make("li", { dir: "auto" }, [line])));
  const link = part(row, "a");
  link.hidden = one.bed === null;
  if (one.bed !== null) mark(link, "href", bedPath(one.bed));
  write(link, say.openBedLine(say.bedOf(view.bedLabel(one))));
}
