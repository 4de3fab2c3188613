// The keyboard: s to the alarms, b to the beds, a acknowledges the one alarm a person is on, A
// does so with a reason, p pauses the sound of the one bed, ? help. No key reaches more than one
// occurrence or one bed; while a person types, no key is a command.

import { part } from "./dom.ts";
import type { AlarmStrip } from "./alarm-strip.ts";
import type { WardView } from "./ward-view.ts";

export type KeyParts = {
  readonly strip: AlarmStrip;
  readonly ward: WardView;
  readonly help: HTMLDialogElement;
  /** The whole page is the log-in: nothing else can be reached. */
  readonly isAway: () => boolean;
  readonly acknowledge: (occurrence: string) => void;
  readonly pauseSound: () => void;
};

export function bindKeys({ strip, ward, help, isAway, acknowledge, pauseSound }: KeyParts): void {
  part(document, "#help-open").addEventListener("click", () => help.showModal());
  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof HTMLInputElement;
    if (typing || help.open || isAway()) return;
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    const alarm = strip.focused();
    const bed = ward.focused();
    const commands: Readonly<Record<string, (() => void) | null>> = {
      s: strip.focusFirst,
      b: ward.focusFirst,
      "?": () => help.showModal(),
      a: alarm === null ? null : () => acknowledge(alarm),
      A: alarm === null ? null : () => strip.askReason(alarm),
      p: alarm === null && bed === null ? null : pauseSound,
      ArrowDown: alarm !== null ? () => strip.focusBeside(1) : beside(bed, ward, "down"),
      ArrowUp: alarm !== null ? () => strip.focusBeside(-1) : beside(bed, ward, "up"),
      ArrowLeft: beside(bed, ward, "left"),
      ArrowRight: beside(bed, ward, "right"),
    };
    const command = commands[event.key] ?? null;
    if (command === null) return;
    event.preventDefault();
    command();
  });
}

type Step = Parameters<WardView["focusBeside"]>[0];

function beside(bed: string | null, ward: WardView, step: Step): (() => void) | null {
  return bed === null ? null : () => ward.focusBeside(step);
}
