// The readings of a session on its record, newest first, each to be corrected.

import { arrange, make, mark, write, writeOrHide } from "../dom.ts";
import * as say from "../messages/record.ts";
import { unitLabel } from "../messages/vitals.ts";
import type { Seen, ViewParts } from "../page-view.ts";
import type { Target } from "./correction.ts";
import { createPager, isTold, takenOf, type Stay, type Taken } from "./readings-pager.ts";

const SHOWN_MAX = 150;
const READ_EVERY_MS = 10_000;

export type RecordReadings = {
  readonly element: HTMLElement;
  readonly update: (seen: Seen) => void;
  /** Another session, or something was corrected: all anew. */
  readonly restart: (stay: Stay) => void;
  readonly close: () => void;
};

export function createReadings(
  parts: Pick<ViewParts, "read">,
  onCorrect: (target: Target) => void,
): RecordReadings {
  const list = make("ul", { class: "record-list" });
  const every = make("input", { type: "checkbox" });
  const note = make("p", { class: "hint" });
  const moved = make("p", { class: "hint" });
  const older = make("button", { type: "button" }, [say.OLDER]);
  const choice = make("label", { class: "choice" }, [every, say.EVERY_VALUE]);
  const head = make("h2", {}, [say.READINGS]);
  const lines = new Map<string, HTMLElement>();
  const pager = createPager(parts, paint);
  let [seen, readMs]: [Seen | null, number] = [null, performance.now()];

  function told(): readonly Taken[] {
    const groups = takenOf(pager.known());
    return (every.checked ? groups : groups.filter(isTold)).slice(0, SHOWN_MAX);
  }

  function paint(why: string | null = null): void {
    if (seen === null) return;
    const shown = told();
    const { seconds } = seen.time;
    const wanted = shown.map((taken) => {
      const line = lines.get(taken.key) ?? readingLine(() => correct(taken.key));
      lines.set(taken.key, line);
      fill(line, taken, seconds);
      return line;
    });
    arrange(list, wanted, document.activeElement?.closest("li") ?? null);
    older.hidden = !pager.hasMore();
    older.disabled = pager.isReading();
    const state = pager.isReading() ? say.SEARCHING : shown.length === 0 ? say.NO_READINGS : "";
    writeOrHide(note, why ?? state);
  }

  function correct(key: string): void {
    const taken = told().find((one) => one.key === key);
    if (taken !== undefined && seen !== null) onCorrect(targetOf(taken, seen.time.seconds));
  }

  function readOn(): void {
    readMs = performance.now();
    void pager.readOn(() => told().length);
    paint();
  }

  every.addEventListener("change", () => paint());
  older.addEventListener("click", readOn);
  return {
    element: make("section", { class: "record-part" }, [head, moved, choice, list, note, older]),
    update: (now) => {
      seen = now;
      if (pager.isReading() || performance.now() - readMs < READ_EVERY_MS) return;
      readMs = performance.now();
      void pager.readNew();
    },
    restart: (stay) => {
      writeOrHide(moved, stay.hasMoved ? say.SINCE_MOVE : "");
      pager.restart(stay);
      readOn();
    },
    close: pager.close,
  };
}

function readingLine(onCorrect: () => void): HTMLElement {
  const button = make("button", { type: "button" }, [say.CORRECT]);
  button.addEventListener("click", onCorrect);
  const hint = make("p", { class: "hint", dir: "auto" });
  const texts = make("div", {}, [make("p"), hint, make("p", { dir: "auto" })]);
  return make("li", {}, [texts, button]);
}

function fill(line: HTMLElement, taken: Taken, clockTime: (ms: number) => string): void {
  const [first] = taken.values;
  if (first === undefined) return;
  const [values, source, corrected] = line.querySelectorAll("p");
  if (values === undefined || source === undefined || corrected === undefined) return;
  write(values, `${clockTime(first.measured)} · ${say.takenText(taken.values)}`);
  write(source, say.sourceText(first));
  const corrections = taken.values.map(say.correctionText).filter((text) => text !== "");
  writeOrHide(corrected, corrections.join("; "));
  const isVoid = taken.values.every(({ correction }) => correction?.value === null);
  mark(line, "data-void", isVoid ? "" : null);
  mark(line, "data-hand", first.by_hand === null ? null : "");
}

function targetOf({ values }: Taken, clockTime: (ms: number) => string): Target {
  const [first] = values;
  const when = first === undefined ? "" : clockTime(first.measured);
  return {
    what: `${when} · ${say.takenText(values)}`,
    unit: unitLabel(first?.unit ?? ""),
    step: 0.1,
    values: values.map((one) => ({ path: `/readings/${one.id}`, label: say.valueText(one) })),
  };
}
