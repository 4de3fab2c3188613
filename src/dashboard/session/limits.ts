// The limits of one patient, by signal, each with its number and phases; one that is chosen can be
// moved (`limit-editor`).

import { arrange, make, mark, write, writeOrHide } from "../dom.ts";
import { READING } from "../messages/views.ts";
import * as say from "../messages/limits.ts";
import { unitLabel } from "../messages/vitals.ts";
import type { Phase } from "../wire.ts";
import { checkPreset, type Preset } from "../wire-preset.ts";
import type { SessionEvent } from "../wire-session.ts";
import { createEditor } from "./limit-editor.ts";
import { limitRows, type LimitRow } from "./limit-rows.ts";
import type { About, OpenSection, SectionParts } from "./section.ts";

/** After a preset could not be read. Real time. Ours. */
const ASK_AGAIN_MS = 5_000;

export const createLimits: OpenSection = (parts) => {
  let about: About | null = null;
  let preset: Preset | null = null;
  let told: readonly SessionEvent[] | null = null;
  let signal = "nibp_sys";
  const head = make("p", { class: "limits-head" });
  const list = make("div", { class: "limit-rows" });
  const phone = make("p", { class: "hint phone-only" }, [say.AT_A_STATION]);
  const none = make("p", { class: "hint" });
  const editor = createEditor(parts, () => about);
  const signals = signalPicker((next) => {
    signal = next;
    editor.choose(null);
    paint();
  });
  const lines = createLines((key) => {
    editor.choose(key);
    paint();
    editor.focus();
  });

  const presets = createPresetReader(parts, (answer) => {
    preset = typeof answer === "string" ? null : answer;
    if (typeof answer === "string") write(head, answer);
    told = null;
    paint();
  });

  function paint(): void {
    if (about === null || preset === null) return;
    const rows = limitRows(preset, about.session?.events ?? []);
    const shown = rows.filter(({ limit }) => belongs(limit.metric, signal));
    write(head, say.presetHead(preset, about.bed.preset.changed_limits, about.seen.isLive));
    writeOrHide(none, shown.length === 0 ? say.NO_LIMITS : "");
    editor.follow(rows);
    const { phase } = about.bed;
    const placed = shown.flatMap((row) => {
      const isChosen = row.key === editor.chosen();
      const line = lines(row, phase, isChosen);
      return isChosen ? [line, editor.element] : [line];
    });
    const focused = [...list.children].find((one) => one.contains(document.activeElement));
    arrange(list, placed, focused ?? null);
  }

  return {
    name: "limits",
    label: ({ bed }) => (bed.session === null ? null : say.LIMITS),
    element: make("div", { class: "care limits-care" }, [head, phone, signals, none, list]),
    update: (now) => {
      about = now;
      presets(now.session?.preset ?? "");
      if (now.session !== null && now.session.events !== told) {
        told = now.session.events;
        paint();
      }
    },
    opened: (_, byPerson) => {
      paint();
      if (byPerson) signals.querySelector<HTMLElement>("input:checked")?.focus();
    },
  };
};

/** Reads the preset of that name once, and again where it could not be read: then it says why. */
function createPresetReader(
  parts: SectionParts,
  onRead: (answer: Preset | string) => void,
): (name: string) => void {
  let [asked, failedMs] = ["", Number.NEGATIVE_INFINITY];
  const read = async (name: string): Promise<void> => {
    asked = name;
    onRead(READING);
    const answer = await parts.read(`/presets/${encodeURIComponent(name)}`, checkPreset);
    if (asked !== name) return;
    if (answer.kind === "refused") [asked, failedMs] = ["", performance.now()];
    onRead(answer.kind === "good" ? answer.value : answer.why);
  };
  return (name) => {
    if (name === "" || name === asked) return;
    if (performance.now() - failedMs >= ASK_AGAIN_MS) void read(name);
  };
}

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

/** The line of a limit, made once and written anew; a tap on it chooses it. */
function createLines(
  onChoose: (key: string) => void,
): (row: LimitRow, phase: Phase | null, isChosen: boolean) => HTMLElement {
  const lines = new Map<string, HTMLButtonElement>();
  const newLine = (key: string): HTMLButtonElement => {
    const texts = [make("b"), make("span"), make("span"), make("span")];
    const given = { type: "button", class: "limit-row", "data-key": key };
    const line = make("button", given, texts);
    line.addEventListener("click", () => onChoose(key));
    lines.set(key, line);
    return line;
  };
  return (row, phase, isChosen) => {
    const line = lines.get(row.key) ?? newLine(row.key);
    const texts = [
      `${say.limitNumber(row, row.now)} ${unitLabel(row.limit.unit)}`,
      say.limitName(row),
      row.isFixed ? say.fixedMark(row) : say.changedMark(row),
      say.limitNotes(row, phase),
    ];
    texts.forEach((text, place) => writeOrHide(line.children[place] as HTMLElement, text));
    line.disabled = row.isFixed;
    mark(line, "data-changed", row.isChanged ? "" : null);
    mark(line, "aria-pressed", String(isChosen));
    return line;
  };
}
