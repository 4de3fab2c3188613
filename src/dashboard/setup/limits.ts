// The limits of each preset as whoever approves them reads them: number, delay, priority, phases
// and where the number comes from (clinical 2.3).

import { make, mark, write, writeOrHide } from "../dom.ts";
import { READING } from "../messages/views.ts";
import { limitNumber } from "../messages/limits.ts";
import * as say from "../messages/setup.ts";
import { metricLabel, unitLabel } from "../messages/vitals.ts";
import type { ViewParts } from "../page-view.ts";
import { limitRows, type LimitRow } from "../session/limit-rows.ts";
import { checkPreset, checkPresets, type Preset, type PresetSummary } from "../wire-preset.ts";

export type LimitsPart = {
  readonly element: HTMLElement;
  /** Reads all again; what is shown stays until it is here. */
  readonly read: () => Promise<boolean>;
};

export function createLimits(read: ViewParts["read"]): LimitsPart {
  const choices = make("div", { class: "preset-choices", role: "group" });
  choices.setAttribute("aria-label", say.PRESETS);
  const approval = make("p", { class: "approval" });
  const how = make("p", { class: "hint" }, [say.HOW_TO_APPROVE]);
  const facts = make("p", { class: "preset-facts", dir: "auto" });
  const note = make("p", { class: "why" }, [READING]);
  const rows = make("tbody");
  const head = make("tr", {}, say.COLUMNS.map((name) => make("th", { scope: "col" }, [name])));
  const table = make("table", { class: "limits-table" }, [make("thead", {}, [head]), rows]);
  const scroller = make("div", { class: "table-scroll", tabindex: "0", role: "region" }, [table]);
  scroller.setAttribute("aria-label", say.LIMITS);
  const title = make("h3", {}, [say.LIMITS]);
  const legend = make("p", { class: "hint" }, [say.ABOUT_COLUMNS]);
  const inside = [title, choices, approval, how, facts, note, legend, scroller];
  const element = make("section", { class: "setup-part setup-limits" }, inside);
  scroller.hidden = true;
  how.hidden = true;
  let chosen: string | null = null;

  async function readAll(): Promise<boolean> {
    const answer = await read("/presets", checkPresets);
    if (answer.kind === "refused") return refuse(answer.why);
    const presets = answer.value.items;
    chosen ??= (presets.find((one) => one.in_force) ?? presets[0])?.name ?? null;
    paintChoices(presets);
    return chosen === null ? true : choose(chosen);
  }

  function refuse(why: string): boolean {
    writeOrHide(note, why);
    return false;
  }

  async function choose(name: string): Promise<boolean> {
    chosen = name;
    for (const button of choices.children)
      mark(button, "aria-pressed", String(button.getAttribute("data-preset") === name));
    const answer = await read(`/presets/${encodeURIComponent(name)}`, checkPreset);
    // Another was chosen while this one was read.
    if (chosen !== name) return true;
    if (answer.kind === "refused") return refuse(answer.why);
    writeOrHide(note, "");
    paint(answer.value);
    return true;
  }

  function paintChoices(presets: readonly PresetSummary[]): void {
    const shown = [...choices.children].map((one) => one.getAttribute("data-preset")).join(" ");
    if (shown === presets.map((one) => one.name).join(" ")) return;
    choices.replaceChildren(
      ...presets.map(({ name, title: word }) => {
        const button = make("button", { type: "button", "data-preset": name }, [word]);
        button.addEventListener("click", () => void choose(name));
        return button;
      }),
    );
  }

  function paint(preset: Preset): void {
    write(approval, say.approval(preset));
    mark(approval, "data-approved", String(preset.approved_by !== null));
    how.hidden = preset.approved_by !== null;
    write(facts, say.presetFacts(preset));
    rows.replaceChildren(...limitRows(preset, []).map(rowOf));
    scroller.hidden = false;
  }

  return { element, read: readAll };
}

function rowOf(row: LimitRow): HTMLElement {
  const { limit } = row;
  const unit = limit.limit === null ? "" : ` ${unitLabel(limit.unit)}`;
  const cells = [
    limit.rule,
    metricLabel(limit.metric),
    limitNumber(row, limit.limit) + unit,
    limit.over_65 === null ? "" : String(limit.over_65),
    say.waitText(limit),
    say.priorityText(limit),
    say.phasesText(limit),
    say.sourceText(limit),
  ];
  return make("tr", {}, cells.map((text) => make("td", {}, [text])));
}
