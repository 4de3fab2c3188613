// The readings of a session, newest first: pressures, those taken by hand and those corrected; the
// others only when asked for, for a monitor sends one each second. Read page by page.

import { arrange, make, mark, write, writeOrHide } from "../dom.ts";
import * as say from "../messages/record.ts";
import { unitLabel } from "../messages/vitals.ts";
import type { Seen, ViewParts } from "../page-view.ts";
import { checkReadings, type Reading } from "../wire-reading.ts";
import type { Target } from "./correction.ts";

/** Pages of 200 that one press reads, until it has found this many lines. Ours. */
const PAGES = 20;
const LINES = 12;
const SHOWN_MAX = 150;
const READ_EVERY_MS = 10_000;

const ORDER = ["nibp_sys", "nibp_dia", "nibp_map", "hr", "pulse", "spo2", "resp", "temp"];

/** Values of one moment and one source: of a cuff, one determination. */
export type Taken = { readonly key: string; readonly values: readonly Reading[] };

/** Newest first, as they come; each moment of each source once. */
export function takenOf(readings: readonly Reading[]): readonly Taken[] {
  const groups = new Map<string, Reading[]>();
  for (const reading of readings) {
    const by = reading.by_hand === null ? reading.source : `hand ${reading.received}`;
    const key = `${reading.measured} ${reading.device ?? ""} ${by}`;
    groups.set(key, [...(groups.get(key) ?? []), reading]);
  }
  const place = ({ metric }: Reading): number => ORDER.indexOf(metric);
  const sorted = [...groups].map(([key, all]) => [key, all.sort((a, b) => place(a) - place(b))]);
  return sorted.map(([key, values]) => ({ key, values }) as Taken);
}

/** Whether it is worth a line without being asked for. */
export function isTold({ values }: Taken): boolean {
  return values.some(
    ({ metric, by_hand, correction }) =>
      metric.startsWith("nibp") || by_hand !== null || correction !== null,
  );
}

export type RecordReadings = {
  readonly element: HTMLElement;
  readonly update: (seen: Seen) => void;
  /** Another session, or something was corrected: all anew. */
  readonly restart: (bed: string, started: number) => void;
  readonly close: () => void;
};

export function createReadings(
  parts: Pick<ViewParts, "read">,
  onCorrect: (target: Target) => void,
): RecordReadings {
  const list = make("ul", { class: "record-list" });
  const every = make("input", { type: "checkbox" });
  const note = make("p", { class: "hint" });
  const older = make("button", { type: "button" }, [say.OLDER]);
  const element = make("section", { class: "record-part" }, [
    make("h2", {}, [say.READINGS]),
    make("label", { class: "choice" }, [every, say.EVERY_VALUE]),
    list,
    note,
    older,
  ]);
  const lines = new Map<string, HTMLElement>();
  let from = { bed: "", started: 0 };
  let [known, next]: [ReadonlyMap<number, Reading>, string | null] = [new Map(), null];
  let [round, readMs, isReading, closed] = [0, Number.POSITIVE_INFINITY, false, false];
  let seen: Seen | null = null;

  async function page(since: number, cursor: string | null): Promise<string | null | undefined> {
    const mine = round;
    const at = encodeURIComponent(new Date(since).toISOString());
    const on = cursor === null ? "" : `&next=${encodeURIComponent(cursor)}`;
    const path = `/beds/${from.bed}/readings?limit=200&since=${at}${on}`;
    const answer = await parts.read(path, checkReadings);
    if (mine !== round) return undefined;
    if (answer.kind === "refused") {
      writeOrHide(note, answer.why);
      return undefined;
    }
    known = new Map([...known, ...answer.value.items.map((one) => [one.id, one] as const)]);
    return answer.value.next;
  }

  /** On from where it stopped, until there are some more lines, or enough was read. */
  async function readOn(): Promise<void> {
    if (isReading || closed) return;
    [isReading, older.disabled] = [true, true];
    write(note, say.SEARCHING);
    const before = told().length;
    let mine = round;
    for (let pages = 0; pages < PAGES; pages += 1) {
      const on = await page(from.started, next);
      if (on === undefined) break;
      [mine, next] = [round, on];
      paint();
      if (on === null || told().length >= before + LINES) break;
    }
    [isReading, older.disabled] = [false, false];
    if (mine !== round) return void readOn();
    readMs = performance.now();
    if (note.textContent === say.SEARCHING) write(note, "");
    paint();
  }

  async function readNew(): Promise<void> {
    readMs = performance.now();
    const newest = Math.max(from.started, ...[...known.values()].map((one) => one.received));
    await page(newest, null);
    paint();
  }

  function told(): readonly Taken[] {
    const all = [...known.values()].sort((a, b) => b.measured - a.measured || b.id - a.id);
    const groups = takenOf(all);
    return (every.checked ? groups : groups.filter(isTold)).slice(0, SHOWN_MAX);
  }

  function paint(): void {
    if (seen === null) return;
    const shown = told();
    const { time } = seen;
    const wanted = shown.map((taken) => {
      const line = lines.get(taken.key) ?? readingLine(taken.key);
      lines.set(taken.key, line);
      fill(line, taken, time.seconds);
      return line;
    });
    arrange(list, wanted, document.activeElement?.closest("li") ?? null);
    older.hidden = next === null;
    if (!isReading) writeOrHide(note, shown.length === 0 ? say.NO_READINGS : "");
  }

  function readingLine(key: string): HTMLElement {
    const button = make("button", { type: "button" }, [say.CORRECT]);
    button.addEventListener("click", () => {
      const taken = told().find((one) => one.key === key);
      if (taken !== undefined && seen !== null) onCorrect(targetOf(taken, seen.time.seconds));
    });
    const hint = make("p", { class: "hint", dir: "auto" });
    const texts = make("div", {}, [make("p"), hint, make("p", { dir: "auto" })]);
    return make("li", {}, [texts, button]);
  }

  every.addEventListener("change", paint);
  older.addEventListener("click", () => void readOn());
  return {
    element,
    update: (now) => {
      seen = now;
      if (!isReading && !closed && performance.now() - readMs >= READ_EVERY_MS) void readNew();
    },
    restart: (bed, started) => {
      if (bed !== from.bed) lines.clear();
      from = { bed, started };
      [known, next, round] = [new Map(), null, round + 1];
      void readOn();
    },
    close: () => {
      closed = true;
      round += 1;
    },
  };
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
    values: values.map((one) => ({ path: `/readings/${one.id}`, label: say.valueText(one) })),
  };
}
