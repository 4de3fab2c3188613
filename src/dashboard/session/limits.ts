// The limits of one patient, by signal, and one of them moved (alarms 7): a nurse tightens, a lead
// widens inside the rails, and each can go back to the preset's number. The service knows the rails
// and who may do what; what it refuses is said beside the button.

import { createActForm, numberOf, type ActForm, type Field, type Values } from "../act-form.ts";
import type { Act } from "../acts.ts";
import { arrange, make, mark, write, writeOrHide } from "../dom.ts";
import { READING } from "../messages/common.ts";
import * as say from "../messages/limits.ts";
import { ORDERED_BY, REASON } from "../messages/session.ts";
import { unitLabel } from "../messages/vitals.ts";
import { checkLimitSet } from "../wire-care.ts";
import { checkPreset, type Preset } from "../wire-preset.ts";
import type { SessionEvent } from "../wire-session.ts";
import { typed } from "./body.ts";
import { limitRows, type LimitRow } from "./limit-rows.ts";
import type { About, OpenSection, SectionParts } from "./section.ts";

/** After a preset could not be read. Real time. Ours. */
const ASK_AGAIN_MS = 5_000;

export const createLimits: OpenSection = (parts) => {
  let about: About | null = null;
  let preset: Preset | null = null;
  let [asked, askedMs] = ["", Number.NEGATIVE_INFINITY];
  let told: readonly SessionEvent[] | null = null;
  let signal = "nibp_sys";
  const head = make("p", { class: "limits-head" });
  const list = make("div", { class: "limit-rows" });
  const none = make("p", { class: "hint" });
  const editor = createEditor(parts, () => about);
  const signals = signalPicker((next) => {
    signal = next;
    editor.choose(null);
    paint();
  });
  const lines = new Map<string, HTMLButtonElement>();

  async function readPreset(name: string): Promise<void> {
    [asked, askedMs] = [name, performance.now()];
    write(head, READING);
    const answer = await parts.read(`/presets/${encodeURIComponent(name)}`, checkPreset);
    if (asked !== name) return;
    preset = answer.kind === "good" ? answer.value : null;
    if (answer.kind === "refused") {
      write(head, answer.why);
      asked = "";
      return;
    }
    told = null;
    paint();
  }

  function paint(): void {
    if (about === null || preset === null) return;
    const rows = limitRows(preset, about.session?.events ?? []);
    const shown = rows.filter(({ limit }) => belongs(limit.metric, signal));
    write(head, say.presetHead(preset, about.bed.preset.changed_limits, about.seen.isLive));
    writeOrHide(none, shown.length === 0 ? say.NO_LIMITS : "");
    editor.follow(rows);
    const placed = shown.flatMap((row) =>
      row.key === editor.chosen() ? [lineOf(row), editor.element] : [lineOf(row)],
    );
    const focused = [...list.children].find((one) => one.contains(document.activeElement));
    arrange(list, placed, focused ?? null);
    for (const row of shown) {
      const line = lines.get(row.key);
      if (line !== undefined) mark(line, "aria-pressed", String(editor.chosen() === row.key));
    }
  }

  function lineOf(row: LimitRow): HTMLButtonElement {
    const line = lines.get(row.key) ?? make("button", { type: "button", class: "limit-row" });
    if (!lines.has(row.key)) {
      lines.set(row.key, line);
      line.append(...["b", "span", "span", "span"].map((tag) => make(tag as "b" | "span")));
      line.addEventListener("click", () => {
        editor.choose(row.key);
        paint();
        editor.focus();
      });
    }
    const fixed = row.limit.limit === null ? say.FIXED : say.GATE;
    const texts = [
      `${say.limitNumber(row, row.now)} ${unitLabel(row.limit.unit)}`,
      `${say.limitName(row)} · ${say.priorityWord(row)}`,
      row.isFixed ? fixed : say.changedMark(row),
      say.limitNotes(row, about?.bed.phase ?? null),
    ];
    texts.forEach((text, place) => writeOrHide(line.children[place] as HTMLElement, text));
    line.disabled = row.isFixed;
    mark(line, "data-changed", row.isChanged ? "" : null);
    return line;
  }

  return {
    name: "limits",
    label: ({ bed }) => (bed.session === null ? null : say.LIMITS),
    element: make("div", { class: "care limits-care" }, [head, signals, none, list]),
    update: (now) => {
      about = now;
      const name = now.session?.preset ?? "";
      const isDue = name !== asked && performance.now() - askedMs >= ASK_AGAIN_MS;
      if (name !== "" && (isDue || (name !== asked && asked !== ""))) void readPreset(name);
      if (now.session !== null && now.session.events !== told) {
        told = now.session.events;
        paint();
      }
    },
    opened: (_, byPerson = true) => {
      editor.choose(null);
      paint();
      if (byPerson) signals.querySelector<HTMLElement>("input:checked")?.focus();
    },
  };
};

function belongs(metric: string, signal: string): boolean {
  return signal === "art" ? metric.startsWith("art_") : metric === signal;
}

function signalPicker(onPick: (signal: string) => void): HTMLElement {
  const boxes = say.SIGNALS.map(({ value, label }, place) => {
    const box = make("input", { type: "radio", name: "limits-signal", value });
    box.checked = place === 0;
    box.addEventListener("change", () => onPick(value));
    return make("label", { class: "choice" }, [box, label]);
  });
  const legend = make("legend", { class: "unseen" }, [say.SIGNAL]);
  return make("fieldset", { class: "field" }, [
    legend,
    make("div", { class: "choices" }, boxes),
  ]);
}

type Editor = {
  readonly element: HTMLElement;
  readonly choose: (key: string | null) => void;
  readonly chosen: () => string | null;
  /** The chosen limit as it is now. */
  readonly follow: (rows: readonly LimitRow[]) => void;
  readonly focus: () => void;
};

function createEditor(parts: SectionParts, about: () => About | null): Editor {
  let [key, row]: [string | null, LimitRow | null] = [null, null];
  let isBack = false;
  const head = make("p", { class: "edit-head" });
  const rails = make("p", { class: "hint" });
  const back = make("button", { type: "button", class: "quick" });
  const form: ActForm = createActForm({
    acts: parts.acts,
    fields: fieldsOf(""),
    send: say.SET,
    notDone: say.NOT_CHANGED,
    act: (values) => (row === null ? say.CHOOSE_LIMIT : orderOf(row, values)),
    done: (body) => {
      const set = checkLimitSet(body);
      if (row !== null && set.kind === "good") {
        const line = say.setLine(row, set.value.old, set.value.new);
        form.say(line);
        parts.tell(line);
      }
      form.setFields(fieldsOf(unitLabel(row?.limit.unit ?? "")));
      parts.refresh();
      return undefined;
    },
    refused,
  });
  const element = make("div", { class: "limit-editor" }, [head, rails, back, form.element]);

  function orderOf({ limit }: LimitRow, values: Values): Act {
    const value = isBack ? null : numberOf(values, "value");
    const { rule, metric, family } = limit;
    const which = limit.change ? { family, change: true } : { family };
    const why = typed(values, "reason", "ordered_by");
    const path = `/sessions/${about()?.bed.session?.id}/limits`;
    return { method: "POST", path, body: { rule, metric, value, ...which, ...why } };
  }

  function refused(type: string | null, detail: string | null): boolean {
    const [, low, high] = /from (-?\d+) to (-?\d+)/.exec(detail ?? "") ?? [];
    if (type === "/problems/outside-rails" && low !== undefined && high !== undefined) {
      writeOrHide(rails, say.railsLine(low, high));
      return false;
    }
    if (type === "/problems/already-so") form.say(`${say.NOT_CHANGED}: ${say.ALREADY}`);
    else if (type === "/problems/lead-needed") {
      const ordered: Field = { kind: "text", name: "ordered_by", label: ORDERED_BY, max: 64 };
      form.setFields([...fieldsOf(unitLabel(row?.limit.unit ?? "")), ordered]);
      form.say(`${say.NOT_CHANGED}: ${say.LEAD_NEEDED}`);
    } else return false;
    return true;
  }

  back.addEventListener("click", () => {
    isBack = true;
    form.set("value", String(row?.limit.limit ?? ""));
    form.element.requestSubmit();
    isBack = false;
  });
  element.hidden = true;
  return {
    element,
    chosen: () => key,
    choose: (next) => {
      if (next === key) return;
      key = next;
      row = null;
      form.say("");
      writeOrHide(rails, "");
      for (const name of ["value", "reason"]) form.set(name, "");
    },
    follow: (rows) => {
      const wasNone = row === null;
      row = rows.find((one) => one.key === key) ?? null;
      element.hidden = row === null;
      if (row === null) return;
      if (wasNone) form.setFields(fieldsOf(unitLabel(row.limit.unit)));
      write(head, say.editHead(row));
      writeOrHide(back, row.isChanged ? say.backToPreset(row) : "");
    },
    focus: () => form.focus(),
  };
}

function fieldsOf(unit: string): readonly Field[] {
  return [
    { kind: "number", name: "value", label: say.NEW_LIMIT, unit, min: 0, max: 400, step: 1 },
    { kind: "text", name: "reason", label: REASON, max: 500 },
  ];
}
