// A small form that sends one act: fields, one button, and why the service refused beside it. What
// was typed stays until the act was done. Knows nothing of what an act means.

import type { Act, Acts } from "./acts.ts";
import { make, mark, write, writeOrHide } from "./dom.ts";
import * as words from "./messages/views.ts";
import { refusal, SENDING } from "./messages.ts";

/** `value`: what stands in it at first. `optional` is said beside the label, but where most fields
 * are (`plain`). `more`: seldom needed, in a fold below the others. */
type Common = {
  readonly name: string;
  readonly label: string;
  readonly value?: string;
  readonly optional?: boolean;
  readonly plain?: boolean;
  readonly more?: boolean;
};

export type Field =
  | (Common & { readonly kind: "text"; readonly max: number })
  /** `step` 0.1 lets one decimal in; the phone shows a number pad. */
  | (Common & {
      readonly kind: "number";
      readonly unit: string;
      readonly min: number;
      readonly max: number;
      readonly step: number;
    })
  /** One of a few, all in sight: a tap chooses it, a second tap (or Space) lets an optional one
   * go. */
  | (Common & { readonly kind: "choice"; readonly choices: readonly Choice[] })
  /** Any of a few, all in sight: the value is the chosen words, joined by spaces. */
  | (Common & { readonly kind: "choices"; readonly choices: readonly Choice[] })
  | (Common & { readonly kind: "select"; readonly choices: readonly Choice[] });

export type Choice = { readonly value: string; readonly label: string };

/** By field; empty: nothing was given. */
export type Values = Readonly<Record<string, string>>;

export type FormParts = {
  readonly acts: Acts;
  readonly fields: readonly Field[];
  /** The word on its button. */
  readonly send: string;
  /** What a refusal is about: "Dose not given". */
  readonly notDone: string;
  /** A text: why it can't be sent yet. */
  readonly act: (values: Values) => Act | string;
  /** What came of it; the form is empty again unless it says `keep`, but for what was typed since
   * it was sent. */
  readonly done: (body: unknown, values: Values) => "keep" | undefined;
  /** A refusal that the caller deals with gets `true`, and is not shown here. */
  readonly refused?: (type: string | null, detail: string | null) => boolean;
};

export type ActForm = {
  readonly element: HTMLFormElement;
  /** Other fields; what was typed into one of the same name stays. */
  readonly setFields: (fields: readonly Field[]) => void;
  readonly values: () => Values;
  readonly set: (name: string, value: string) => void;
  /** As it was at first: what was typed was for somebody else. */
  readonly clear: () => void;
  /** Empties these fields, but for what was typed since these values were sent. */
  readonly settle: (sent: Values, names: readonly string[]) => void;
  /** Another word on its button. */
  readonly setSend: (word: string) => void;
  /** Shows a text beside the button; empty: none. */
  readonly say: (text: string) => void;
  readonly focus: () => void;
};

let made = 0;

export function createActForm(parts: FormParts): ActForm {
  const id = `form-${(made += 1)}`;
  const rows = make("div", { class: "fields" });
  const about = { "data-about": parts.send };
  const send = make("button", { type: "submit", class: "send", ...about }, [parts.send]);
  const why = make("p", { class: "why", role: "status" });
  why.hidden = true;
  const element = make("form", { class: "act-form", novalidate: "" }, [
    rows,
    make("div", { class: "send-row" }, [send, why]),
  ]);
  let fields: readonly Field[] = [];
  let word = parts.send;

  function values(): Values {
    return Object.fromEntries(fields.map(({ name }) => [name, valueOf(element, name)]));
  }

  function setFields(next: readonly Field[]): void {
    const typed = values();
    const focused = rows.contains(document.activeElement) ? document.activeElement : null;
    fields = next;
    const [often, seldom] = [false, true].map((more) =>
      next.filter((field) => (field.more ?? false) === more).map((field) => rowOf(field, id)),
    );
    const isOpen = rows.querySelector("details")?.open ?? false;
    rows.replaceChildren(...(often ?? []), ...fold(seldom ?? [], isOpen));
    for (const { name, value } of next) fill(element, name, typed[name] ?? value ?? "");
    if (focused !== null) alike(element, focused)?.focus();
  }

  function say(text: string): void {
    writeOrHide(why, text);
  }

  function empty(): void {
    for (const { name, value } of fields) fill(element, name, value ?? "");
  }

  function settle(sent: Values, names: readonly string[]): void {
    for (const { name, value } of fields) {
      const isAsSent = valueOf(element, name) === (sent[name] ?? "");
      if (names.includes(name) && isAsSent) fill(element, name, value ?? "");
    }
  }

  async function submit(): Promise<void> {
    const given = values();
    const wrong = fields.map((field) => faultOf(field, given[field.name] ?? "")).find(Boolean);
    const act = wrong ?? parts.act(given);
    if (typeof act === "string") return say(act);
    const focused = document.activeElement;
    send.disabled = true;
    write(send, SENDING);
    say("");
    const answer = await parts.acts.send(act);
    send.disabled = false;
    write(send, word);
    // A button that is disabled loses the focus: whoever works by keyboard goes on from there.
    if (document.activeElement === document.body && focused === send) send.focus();
    if (answer.kind === "done") {
      if (parts.done(answer.body, given) !== "keep") settle(given, Object.keys(given));
      return;
    }
    const [type, detail] =
      answer.kind === "refused" ? [answer.type, answer.detail] : [null, null];
    const asked = new Set(fields.map(({ name }) => name));
    if (parts.refused?.(type, detail) !== true) say(refusal(parts.notDone, answer));
    // What is asked for now, and why, may have come below what is in sight.
    const more = fields.find(({ name }) => !asked.has(name));
    if (more !== undefined) named(element, more.name)[0]?.scrollIntoView({ block: "center" });
    why.scrollIntoView({ block: "nearest" });
  }

  setFields(parts.fields);
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!send.disabled) void submit();
  });
  return {
    element,
    setFields,
    values,
    say,
    set: (name, value) => fill(element, name, value),
    settle,
    clear: () => {
      empty();
      say("");
    },
    setSend: (next) => {
      word = next;
      mark(send, "data-about", word);
      if (!send.disabled) write(send, word);
    },
    focus: () => element.querySelector<HTMLElement>("input, select, button")?.focus(),
  };
}

function fold(rows: readonly HTMLElement[], isOpen: boolean): readonly HTMLElement[] {
  if (rows.length === 0) return [];
  const folded = make("details", { class: "more" }, [
    make("summary", {}, [words.MORE]),
    make("div", { class: "fields" }, rows),
  ]);
  folded.open = isOpen;
  return [folded];
}

function rowOf(field: Field, form: string): HTMLElement {
  const isMarked = field.optional === true && field.plain !== true && field.more !== true;
  const hint = isMarked ? ` (${words.OPTIONAL})` : "";
  const label = field.label + hint;
  switch (field.kind) {
    case "text":
    case "number":
    case "select":
      return make("label", { class: "field" }, [make("span", {}, [label]), ...inputOf(field)]);
    case "choice":
    case "choices": {
      const type = field.kind === "choice" ? "radio" : "checkbox";
      const group = make("fieldset", { class: "field" }, [make("legend", {}, [label])]);
      const boxes = field.choices.map((choice) => {
        const box = make("input", { type, name: field.name, value: choice.value });
        box.id = `${form}-${field.name}-${choice.value}`;
        const label = make("label", { class: "choice", for: box.id }, [box, choice.label]);
        if (type === "radio" && field.optional === true) letGoBySecondTap(box, label);
        return label;
      });
      group.append(make("div", { class: "choices" }, boxes));
      return group;
    }
  }
}

function inputOf(field: Extract<Field, { kind: "text" | "number" | "select" }>): HTMLElement[] {
  const { name } = field;
  switch (field.kind) {
    case "text":
      return [
        make("input", { name, maxlength: String(field.max), autocomplete: "off", dir: "auto" }),
      ];
    case "number": {
      const inputmode = field.step < 1 ? "decimal" : "numeric";
      const input = make("input", { name, inputmode, autocomplete: "off", maxlength: "8" });
      return [make("span", { class: "amount" }, [input, make("i", {}, [field.unit])])];
    }
    case "select": {
      const options = field.choices.map(({ value, label }) => make("option", { value }, [label]));
      return [make("select", { name }, options)];
    }
  }
}

/** The field, or the same choice of it, that stands where this one stood. */
function alike(form: HTMLElement, was: Element): Input | undefined {
  const all = named(form, was.getAttribute("name") ?? "");
  const isBoxed = was instanceof HTMLInputElement && isBox(was);
  return isBoxed ? all.find(({ value }) => value === was.value) : all[0];
}

/** A tap may be on the words, too: their click comes to the box as one of its own. Space on a
 * chosen one is no click at all. */
function letGoBySecondTap(box: HTMLInputElement, label: HTMLElement): void {
  let [wasChosen, bySpace] = [false, false];
  const letGo = (): void => {
    box.checked = false;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  };
  label.addEventListener("pointerdown", () => {
    wasChosen = box.checked;
  });
  box.addEventListener("click", () => {
    if (wasChosen) letGo();
    wasChosen = false;
  });
  box.addEventListener("keydown", (event) => {
    if (!event.repeat) bySpace = event.key === " " && box.checked;
    if (!bySpace) return;
    event.preventDefault();
    if (!event.repeat) letGo();
  });
  box.addEventListener("keyup", (event) => {
    if (bySpace) event.preventDefault();
    bySpace = false;
  });
}

type Input = HTMLInputElement | HTMLSelectElement;

function named(form: HTMLElement, name: string): readonly Input[] {
  return [...form.querySelectorAll<Input>("input, select")].filter((it) => it.name === name);
}

function isBox(input: Input): input is HTMLInputElement {
  return input instanceof HTMLInputElement && ["radio", "checkbox"].includes(input.type);
}

function valueOf(form: HTMLElement, name: string): string {
  const inputs = named(form, name);
  const boxes = inputs.filter(isBox);
  if (boxes.length === 0) return inputs[0]?.value.trim() ?? "";
  return boxes.filter((box) => box.checked).map((box) => box.value).join(" ");
}

function fill(form: HTMLElement, name: string, value: string): void {
  for (const input of named(form, name)) {
    if (isBox(input)) input.checked = value.split(" ").includes(input.value);
    else if (value !== "" || !(input instanceof HTMLSelectElement)) input.value = value;
  }
}

/** What is plainly wrong before anything is sent; null: nothing. */
function faultOf(field: Field, value: string): string | null {
  if (value === "") {
    const isFree = field.optional === true || field.kind === "choices";
    return isFree ? null : words.missingValue(field.label);
  }
  if (field.kind !== "number") return null;
  const number = Number(value.replace(",", "."));
  if (!Number.isFinite(number)) return words.noNumber(field.label, value);
  if (number < field.min || number > field.max) return words.outOfBand(field.label, value, field);
  const places = decimals(String(field.step));
  if (decimals(value) <= places) return null;
  return words.tooFine(field.label, value, places);
}

function decimals(number: string): number {
  return number.split(/[.,]/)[1]?.length ?? 0;
}

/** A number as it was typed, with a comma or a point; null: nothing was typed. */
export function numberOf(values: Values, name: string): number | null {
  const value = values[name] ?? "";
  return value === "" ? null : Number(value.replace(",", "."));
}
