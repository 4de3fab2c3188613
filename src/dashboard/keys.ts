// The keyboard: s to the alarms, a acknowledges the one a person is on, n the name, ? help. No key
// acknowledges more than one occurrence; while a person types, no key is a command.

import { part } from "./dom.ts";
import type { AlarmStrip } from "./alarm-strip.ts";

export type KeyParts = {
  readonly strip: AlarmStrip;
  readonly help: HTMLDialogElement;
  readonly nameField: () => HTMLInputElement | undefined;
  readonly acknowledge: (occurrence: string) => void;
};

export function bindKeys({ strip, help, nameField, acknowledge }: KeyParts): void {
  part(document, "#help-open").addEventListener("click", () => help.showModal());
  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof HTMLInputElement;
    if (typing || help.open || event.ctrlKey || event.altKey || event.metaKey || event.repeat)
      return;
    const focused = strip.focused();
    const commands: Readonly<Record<string, () => void>> = {
      s: strip.focusFirst,
      n: () => nameField()?.focus(),
      "?": () => help.showModal(),
      a: () => focused !== null && acknowledge(focused),
      ArrowDown: () => focused !== null && strip.focusBeside(1),
      ArrowUp: () => focused !== null && strip.focusBeside(-1),
    };
    const command = commands[event.key];
    if (command === undefined || (event.key.startsWith("Arrow") && focused === null)) return;
    event.preventDefault();
    command();
  });
}
