// The table of the history: one line for each entry, its members or details below it while it is
// unfolded. Lines live as long as their entries, so that focus stays.

import { arrange, make } from "../dom.ts";
import { COLUMNS, TITLE } from "../messages/alarms.ts";
import type { Occurrence } from "../wire.ts";
import type { Entry } from "./history.ts";
import { createLine, type Line, type LineView } from "./history-row.ts";

export type TableView = Pick<LineView, "serverMs" | "clockTime" | "bedLabel">;

export type HistoryTable = {
  readonly element: HTMLElement;
  readonly show: (entries: readonly Entry[], view: TableView) => void;
  readonly tick: (serverMs: number) => void;
};

/** `onUnfold`: a person has opened or closed a line, and it is to be shown again. */
export function createHistoryTable(onUnfold: () => void): HistoryTable {
  const body = make("tbody");
  const head = COLUMNS.map((name) => make("th", { scope: "col" }, [name]));
  const element = make("table", { class: "history", "aria-label": TITLE }, [
    make("thead", {}, [make("tr", {}, head)]),
    body,
  ]);
  let lines = new Map<string, Line>();
  const open = new Set<string>();

  function lineOf(key: string, isGroup: boolean): Line {
    return (
      lines.get(key) ??
      createLine(isGroup, () => {
        if (!open.delete(key)) open.add(key);
        onUnfold();
      })
    );
  }

  function show(entries: readonly Entry[], view: TableView): void {
    const kept = new Map<string, Line>();
    const wanted: HTMLElement[] = [];
    const put = (key: string, members: readonly Occurrence[], depth: "top" | "member"): boolean => {
      const line = lineOf(key, members.length > 1);
      const isOpen = open.has(key);
      kept.set(key, line);
      line.write({ ...view, members, isOpen });
      line.element.toggleAttribute("data-member", depth === "member");
      wanted.push(line.element);
      if (isOpen && line.detail !== null) wanted.push(line.detail);
      return isOpen;
    };
    for (const { id, members } of entries) {
      const isGroup = members.length > 1;
      if (put(isGroup ? `group ${id}` : id, members, "top") && isGroup)
        for (const one of members) put(one.occurrence, [one], "member");
    }
    lines = kept;
    arrange(body, wanted, document.activeElement?.closest("tr") ?? null);
  }

  return {
    element,
    show,
    tick: (serverMs) => {
      for (const line of lines.values()) line.tick(serverMs);
    },
  };
}
