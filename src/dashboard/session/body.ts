// What the drawers' acts have in common: fields that were filled in, refusals in a nurse's words,
// and buttons that type for her.

import type { ActForm, Values } from "../act-form.ts";
import { make } from "../dom.ts";

/** Those of the named fields in which something was typed. */
export function typed(
  values: Values,
  ...names: readonly string[]
): Readonly<Record<string, string>> {
  const given = names.map((name) => [name, values[name] ?? ""] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== ""));
}

/** Says these refusals in these words, beside the form's button; the others are the form's own. */
export function inWords(
  form: () => ActForm,
  notDone: string,
  words: Readonly<Record<string, string>>,
): (type: string | null) => boolean {
  return (type) => {
    const word = type === null ? undefined : words[type.replace("/problems/", "")];
    if (word === undefined) return false;
    form().say(`${notDone}: ${word}`);
    return true;
  };
}

/** A row of buttons; each does one thing that is otherwise typed. */
export function quickRow(
  label: string,
  texts: readonly string[],
  onTap: (text: string) => void,
): HTMLElement {
  const buttons = texts.map((text) => {
    const given = { type: "button", class: "quick", title: text, dir: "auto" };
    const button = make("button", given, [text]);
    button.addEventListener("click", () => onTap(text));
    return button;
  });
  return make("div", { class: "quick-row", role: "group", "aria-label": label }, buttons);
}
