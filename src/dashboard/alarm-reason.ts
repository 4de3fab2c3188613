// Acknowledging with a reason, on the alarm's own row: three that need one tap, and a text. One tap
// on "Acknowledge" stays enough; this opens only where a person asks for it.

import { make, write } from "./dom.ts";
import * as say from "./messages/alarms.ts";

export type ReasonChoice = {
  readonly element: HTMLElement;
  readonly open: () => void;
  readonly update: (isSending: boolean) => void;
};

export type ReasonParts = {
  readonly onReason: (reason: string) => void;
  /** A text that was typed on this row: nothing was aimed at that could have moved. */
  readonly onText: (reason: string) => void;
  readonly onBack: () => void;
};

/** As the service takes it (contract 6). */
const LONGEST = "500";

export function createReasonChoice({ onReason, onText, onBack }: ReasonParts): ReasonChoice {
  const button = (text: string, act: () => void): HTMLButtonElement => {
    const made = make("button", { type: "button" }, [text]);
    made.addEventListener("click", act);
    return made;
  };
  const known = say.REASONS.map(([value, label]) => button(label, () => onReason(value)));
  const other = button(say.OTHER_REASON, () => showText(true));
  const input = make("input", { maxlength: LONGEST, autocomplete: "off", dir: "auto" });
  input.setAttribute("aria-label", say.REASON_QUESTION);
  const send = make("button", { type: "submit" }, [say.ACKNOWLEDGE]);
  const back = button(say.BACK, onBack);
  const title = make("span", { class: "unseen" }, [say.REASON_QUESTION]);
  const element = make("form", { class: "reasons" }, [title, ...known, other, input, send, back]);

  function showText(isText: boolean): void {
    for (const one of [...known, other]) one.hidden = isText;
    for (const one of [input, send]) one.hidden = !isText;
    if (isText) input.focus();
  }

  element.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value.trim() !== "") onText(input.value.trim());
    else input.focus();
  });
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.preventDefault();
    onBack();
  });
  showText(false);
  return {
    element,
    open: () => {
      showText(false);
      known[0]?.focus();
    },
    update: (isSending) => {
      for (const one of [...known, other, send]) one.disabled = isSending;
      write(send, isSending ? say.SENDING : say.ACKNOWLEDGE);
    },
  };
}
