// The three devices of an esketamine dose, each a button: given when, how long the next one still
// rests, and which is next.

import { make, mark, write } from "../dom.ts";
import * as say from "../messages/dose.ts";
import { DEVICE_NUMBERS, deviceStates, nextDevice } from "./dose-state.ts";
import type { Part } from "./dose-running.ts";
import type { SessionDetail } from "../wire-session.ts";

/** `onPress` is told which one was used; never one that was given, or is not next. */
export function createDevices(onPress: (number: number) => void): Part {
  let session: SessionDetail | null = null;
  const buttons = DEVICE_NUMBERS.map((number) => {
    const button = make("button", { type: "button", class: "device", "data-device": `${number}` }, [
      make("b"),
      " ",
      make("span"),
    ]);
    button.addEventListener("click", () => {
      if (session !== null && nextDevice(session) === number) onPress(number);
    });
    return button;
  });
  const element = make(
    "div",
    { class: "devices", role: "group", "aria-label": say.DEVICES },
    buttons,
  );
  return {
    element,
    update: ({ session: of, seen }) => {
      session = of;
      if (of === null) return;
      deviceStates(of, seen.isLive ? seen.serverMs : 0).forEach((state, place) => {
        const button = buttons[place];
        const number = DEVICE_NUMBERS[place];
        if (button === undefined || number === undefined) return;
        const [word, more] = say.deviceWords(number, state, seen.time.minutes);
        const [big, small] = button.children;
        if (big !== undefined) write(big, word);
        if (small !== undefined) write(small, more);
        mark(button, "data-state", state.kind);
        const isOff = state.kind === "given" || state.kind === "later";
        // Not `disabled`: that would take the focus from who just pressed it.
        mark(button, "aria-disabled", isOff ? "true" : null);
      });
    },
  };
}
