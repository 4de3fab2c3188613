// The form that pairs this browser as a wall board. Its press is the gesture that turns the sound
// on. What was typed stays after a refusal.

import { make, mark, write, writeOrHide } from "../dom.ts";
import * as say from "../messages/board.ts";
import { codeOf, nameOf } from "./pair.ts";

export type PairForm = {
  readonly element: HTMLFormElement;
  /** `name`: who is logged in here; null: nobody. */
  readonly show: (name: string | null) => void;
  readonly focus: () => void;
};

/** `pair`: null: paired; else why not. Called within the gesture. */
export function createPairForm(
  pair: (code: string, name: string) => Promise<string | null>,
): PairForm {
  const note = make("p", { class: "door-note" });
  const code = make("input", {
    autocomplete: "off",
    autocapitalize: "characters",
    spellcheck: "false",
    maxlength: "20",
    class: "code",
  });
  const name = make("input", { autocomplete: "off", spellcheck: "false", maxlength: "40" });
  const send = make("button", { type: "submit", class: "door-start" }, [say.PAIR]);
  const why = make("p", { class: "door-why", role: "status" });
  const back = make("a", { href: "/", "data-go": "", class: "door-link" });
  const hint = make("span", { class: "door-hint" }, [say.NAME_HINT]);
  const element = make("form", { class: "pair-form", novalidate: "" }, [
    make("h1", {}, [say.TITLE]),
    make("p", {}, [say.ABOUT]),
    note,
    make("label", {}, [say.CODE, code]),
    make("label", {}, [say.NAME, name, hint]),
    send,
    why,
    back,
  ]);
  why.hidden = true;

  async function submit(): Promise<void> {
    const [codeGiven, nameGiven] = [codeOf(code.value), nameOf(name.value)];
    const missing =
      codeGiven === "" ? say.CODE_MISSING : nameGiven === "" ? say.NAME_MISSING : "";
    writeOrHide(why, missing);
    if (missing !== "") return (codeGiven === "" ? code : name).focus();
    send.disabled = true;
    const refused = await pair(codeGiven, nameGiven);
    send.disabled = false;
    writeOrHide(why, refused ?? "");
    if (refused === null) code.value = "";
  }

  element.addEventListener("submit", (event) => {
    event.preventDefault();
    void submit();
  });
  return {
    element,
    show: (person) => {
      writeOrHide(note, person === null ? "" : say.replacesLogIn(person));
      mark(note, "title", person);
      write(back, person === null ? say.TO_LOG_IN : say.TO_WARD);
    },
    focus: () => code.focus(),
  };
}
