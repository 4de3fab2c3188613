// The determinations that may be ticked for a baseline: one row for each. Rows are kept, so that
// focus and ticks are; while a person looks at them none changes its place or its tick by itself.

import { arrange, make, mark, write, writeList } from "../dom.ts";
import * as say from "../messages/baseline.ts";
import type { Seen } from "../page-view.ts";
import type { SessionDetail } from "../wire-session.ts";
import type { Determination } from "./determinations.ts";

export type BaselineList = {
  readonly element: HTMLElement;
  readonly paint: (all: readonly Determination[], of: SessionDetail, seen: Seen) => void;
  /** From now on what comes is put below, and marked. */
  readonly tick: (ids: readonly number[]) => void;
  /** The newest first again. */
  readonly restart: () => void;
  readonly ticked: () => readonly number[];
};

/** Of those that were shown first the order stays, what came since is below them: pure. */
export function inShownOrder(
  shown: readonly number[],
  all: readonly Determination[],
): readonly Determination[] {
  const place = ({ id }: Determination): number => {
    const at = shown.indexOf(id);
    return at < 0 ? shown.length : at;
  };
  return [...all].sort((a, b) => place(a) - place(b));
}

/** `onTick`: a person ticked, or took a tick away. */
export function createBaselineList(onTick: () => void): BaselineList {
  const rows = new Map<number, HTMLElement>();
  /** Those in sight when a person began to look; null: nobody has. */
  let shown: readonly number[] | null = null;
  let order: readonly number[] = [];
  const body = make("div", { class: "readings" });
  const element = make("fieldset", { class: "field" }, [make("legend", {}, [say.READINGS]), body]);
  const boxOf = (row: HTMLElement): HTMLInputElement | null => row.querySelector("input");

  function rowOf(id: number): HTMLElement {
    const box = make("input", { type: "checkbox", name: `reading-${id}` });
    box.addEventListener("change", () => {
      shown ??= order;
      onTick();
    });
    const names = ["pressure", "when", "rest", "from", "tags"];
    const spans = names.flatMap((name) => [make("span", { class: name }), " "]);
    const row = make("label", { class: "choice reading" }, [box, ...spans]);
    rows.set(id, row);
    return row;
  }

  function fill(row: HTMLElement, of: Determination, session: SessionDetail, seen: Seen): void {
    const ageS = seen.isLive ? (seen.serverMs - of.measured) / 1000 : null;
    const texts = say.readingParts(of, seen.time.minutes(of.measured), ageS);
    for (const [name, text] of Object.entries(texts)) {
      const span = row.querySelector(`.${name}`);
      if (span !== null) write(span, text);
    }
    mark(row, "title", texts.from);
    const tags = row.querySelector<HTMLElement>(".tags");
    const news = shown === null || shown.includes(of.id) ? [] : [say.NEW_READING];
    if (tags !== null) writeList(tags, "span", [...news, ...say.readingTags(of, session)]);
  }

  return {
    element,
    paint: (all, session, seen) => {
      const sorted = inShownOrder(shown ?? [], all);
      order = sorted.map(({ id }) => id);
      const wanted = sorted.map((of) => {
        const row = rows.get(of.id) ?? rowOf(of.id);
        fill(row, of, session, seen);
        return row;
      });
      const kept = new Set(all.map(({ id }) => id));
      for (const id of rows.keys()) if (!kept.has(id)) rows.delete(id);
      const pinned = wanted.find((row) => row.contains(document.activeElement)) ?? null;
      arrange(body, wanted, pinned);
      element.hidden = all.length === 0;
    },
    restart: () => {
      shown = null;
    },
    tick: (ids) => {
      shown = order;
      for (const [id, row] of rows) {
        const box = boxOf(row);
        if (box !== null) box.checked = ids.includes(id);
      }
    },
    ticked: () => [...rows].filter(([, row]) => boxOf(row)?.checked === true).map(([id]) => id),
  };
}
