// Which alarms of the history are asked for: bed, priority, kind and time.

import { make, mark } from "../dom.ts";
import { PRIORITY_WORD } from "../messages.ts";
import * as say from "../messages/alarms.ts";
import type { Seen } from "../page-view.ts";
import type { Priority } from "../wire.ts";
import { FIRST_FILTER, type Filter, type Period } from "./history.ts";

export type FilterBar = {
  readonly element: HTMLElement;
  readonly update: (seen: Seen) => void;
};

type Option = readonly [value: string, label: string];

const PRIORITIES: readonly Priority[] = ["high", "medium", "low"];
const KINDS = ["physiological", "technical"] as const;
const PERIODS: readonly Period[] = ["hour", "day", "session", "all"];

export function createFilterBar(onFilter: (filter: Filter) => void): FilterBar {
  const bed = select(say.BED, [["", say.ALL_BEDS]]);
  const priority = select(say.PRIORITY, [
    ["", say.ALL_PRIORITIES],
    ...PRIORITIES.map((one): Option => [one, PRIORITY_WORD[one]]),
  ]);
  const kind = select(say.KIND, [
    ["", say.ALL_KINDS],
    ...KINDS.map((one): Option => [one, say.KIND_WORD[one]]),
  ]);
  const period = select(
    say.PERIOD,
    PERIODS.map((one): Option => [one, say.PERIOD_WORD[one]]),
  );
  const all = [bed, priority, kind, period];
  const ofSession = period.box.options[PERIODS.indexOf("session")];
  let sessions = new Map<string, string>();
  /** The one asked for last. */
  let asked: string | null = null;
  let shownBeds = "";
  period.box.value = FIRST_FILTER.period;

  function changed(): void {
    allowSession();
    asked = sessions.get(bed.box.value) ?? null;
    onFilter({
      bed: bed.box.value === "" ? null : bed.box.value,
      priority: PRIORITIES.find((one) => one === priority.box.value) ?? null,
      kind: KINDS.find((one) => one === kind.box.value) ?? null,
      period: PERIODS.find((one) => one === period.box.value) ?? FIRST_FILTER.period,
      session: period.box.value === "session" ? asked : null,
    });
  }

  /** Only a bed that was chosen has one; a time that is no longer to be had falls back. */
  function allowSession(): void {
    if (ofSession === undefined) return;
    ofSession.disabled = !sessions.has(bed.box.value);
    if (ofSession.disabled && period.box.value === "session")
      period.box.value = FIRST_FILTER.period;
  }

  for (const { box } of all) box.addEventListener("change", changed);
  return {
    element: make(
      "div",
      { class: "history-filter", role: "group", "aria-label": say.TITLE },
      all.map(({ label }) => label),
    ),
    update: (seen) => {
      const beds = (seen.ward?.beds ?? []).map((view) => view.bed);
      if (beds.length === 0) return;
      sessions = new Map(beds.flatMap((b) => (b.session === null ? [] : [[b.id, b.session.id]])));
      if (ofSession !== undefined && period.box.value !== "session")
        mark(ofSession, "disabled", sessions.has(bed.box.value) ? null : "");
      // The next patient's; that of one who has left stays until then.
      const next = sessions.get(bed.box.value) ?? asked;
      if (period.box.value === "session" && next !== asked) changed();
      const told = JSON.stringify(beds.map((b) => [b.id, b.label]));
      if (told === shownBeds) return;
      shownBeds = told;
      const chosen = bed.box.value;
      bed.box.replaceChildren(
        ...[["", say.ALL_BEDS] as Option, ...beds.map((b): Option => [b.id, b.label])].map(option),
      );
      bed.box.value = chosen;
    },
  };
}

function option([value, label]: Option): HTMLOptionElement {
  return make("option", { value, dir: "auto" }, [label]);
}

function select(
  name: string,
  options: readonly Option[],
): { readonly label: HTMLElement; readonly box: HTMLSelectElement } {
  const box = make("select", {}, options.map(option));
  return { label: make("label", {}, [make("span", {}, [name]), box]), box };
}
