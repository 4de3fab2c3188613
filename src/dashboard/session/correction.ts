// One form for all corrections of a record: what is chosen does not count, or is another value,
// and why. The old value stays in the record (contract 6).

import { createActForm, numberOf, type ActForm, type Field, type Values } from "../act-form.ts";
import type { Act } from "../acts.ts";
import { make, write } from "../dom.ts";
import * as say from "../messages/record.ts";
import type { ViewParts } from "../page-view.ts";
import { inWords, typed } from "./body.ts";
import { REASON } from "./override.ts";

/** A dose, or the values of one reading: of a cuff, its whole determination. */
export type Target = {
  readonly what: string;
  readonly unit: string;
  /** The smallest that it is given in. */
  readonly step: number;
  /** Below `/api/v1`, without `/void` or `/amend`; one for each value. */
  readonly values: readonly { readonly path: string; readonly label: string }[];
};

export type Correction = {
  readonly element: HTMLElement;
  readonly open: (target: Target) => void;
};

export function createCorrection(
  parts: Pick<ViewParts, "acts" | "tell">,
  onDone: () => void,
): Correction {
  let target: Target | null = null;
  /** What was sent: another may be opened while that is on its way. */
  let sent: Target | null = null;
  let back: Element | null = null;
  const head = make("p", { class: "edit-head", dir: "auto" });
  const close = make("button", { type: "button", class: "quick" }, [say.CLOSE]);
  const form: ActForm = createActForm({
    acts: parts.acts,
    fields: [],
    send: say.SEND_CORRECTION,
    notDone: say.NOT_CORRECTED,
    act: (values) => {
      sent = target;
      return target === null ? say.NOT_HERE : correctionOf(target, values);
    },
    done: () => {
      const isHere = sent === target;
      parts.tell(say.CORRECTED);
      if (isHere) leave();
      onDone();
      return isHere ? undefined : "keep";
    },
    refused: (type) => {
      // It was closed meanwhile: why not must be seen.
      if (target === null) reopen(sent);
      if (sent === null || sent === target) return gone(type);
      form.say(say.otherNotCorrected(sent.what));
      return true;
    },
  });
  const gone = inWords(() => form, say.NOT_CORRECTED, {
    "unknown-reading": say.NOT_HERE,
    "dose-over": say.NOT_HERE,
  });
  const parted = [head, form.element, close];
  const element = make("section", { class: "limit-editor correction" }, parted);
  element.hidden = true;
  form.element.addEventListener("change", ({ target: field }) => {
    const isHow = field instanceof HTMLInputElement && field.name === "how";
    if (target !== null && isHow) form.setFields(fieldsOf(target, form.values()["how"] ?? ""));
  });

  function reopen(of: Target | null): void {
    target = of;
    element.hidden = of === null;
  }

  function leave(): void {
    element.hidden = true;
    target = null;
    if (back instanceof HTMLElement && back.isConnected) back.focus();
  }

  close.addEventListener("click", leave);
  return {
    element,
    open: (next) => {
      target = next;
      back = document.activeElement;
      element.hidden = false;
      write(head, say.correcting(next.what));
      form.say("");
      form.setFields(fieldsOf(next, "amend"));
      for (const name of ["value", "reason"]) form.set(name, "");
      form.setFields(fieldsOf(next, "void"));
      form.set("how", "void");
      form.focus();
    },
  };
}

export function correctionOf(target: Target, values: Values): Act {
  const path = values["which"] ?? target.values[0]?.path ?? "";
  const why = typed(values, "reason");
  if (values["how"] === "void") return { method: "POST", path: `${path}/void`, body: why };
  const body = { value: numberOf(values, "value"), ...why };
  return { method: "POST", path: `${path}/amend`, body };
}

/** What is asked for: `how` is the choice that is made already. */
export function fieldsOf({ unit, step, values }: Target, how: string): readonly Field[] {
  const choices = values.map(({ path, label }) => ({ value: path, label }));
  const which: Field = { kind: "select", name: "which", label: say.WHICH_VALUE, choices };
  const value: Field = {
    kind: "number",
    name: "value",
    label: say.VALUE,
    unit,
    min: 0,
    max: 2000,
    step,
  };
  return [
    { kind: "choice", name: "how", label: say.HOW, choices: say.HOW_CHOICES, value: "void" },
    ...(how === "amend" && values.length > 1 ? [which] : []),
    ...(how === "amend" ? [value] : []),
    REASON,
  ];
}
