// The log-in, as the whole page while nobody is known here, or as a panel beside the ward while
// only a timed-out log-in shows it; in its place as the page, the pairing of a wall board. Its
// press is the gesture that turns the sound on (alarms, Dashboard HMI 7). The name stays after a
// refusal; the password is never kept.

import { createPairForm } from "./board/pair-form.ts";
import { make, mark, part, write, writeOrHide } from "./dom.ts";
import { THIS_IS_A_BOARD } from "./messages/board.ts";

/** What stands before the ward as the whole page. `person`: who is logged in where a board is to be
 * paired; null: nobody. */
export type Door =
  | { readonly kind: "log-in"; readonly note: string }
  | { readonly kind: "pair"; readonly person: string | null };

export type LogInParts = {
  /** Called within the gesture. Null: logged in; else why not. */
  readonly logIn: (name: string, password: string) => Promise<string | null>;
  /** So, too. Null: this is a wall board now; else why not. */
  readonly pair: (code: string, name: string) => Promise<string | null>;
};

export type LogInView = {
  /** The whole page; null: none, and the ward is in reach. */
  readonly setDoor: (door: Door | null) => void;
  /** Beside the ward, which goes on being shown. */
  readonly showPanel: (note: string) => void;
  readonly hide: () => void;
};

const SCREEN_KEY = "dosevigil.screen";
const FIRST_SCREEN_NAME = "Nurse station";
/** What the page is made of around the log-in: out of reach while it is the whole page. */
const BEHIND = ["#top", "main", "footer"] as const;

export function createLogIn(page: Document, parts: LogInParts): LogInView {
  const view = part(page, "#log-in");
  const form = part(view, "form");
  const name = part(view, "#log-in-name") as HTMLInputElement;
  const password = part(view, "#log-in-password") as HTMLInputElement;
  const screen = part(view, "#screen-name") as HTMLInputElement;
  const start = part(view, "#log-in-start") as HTMLButtonElement;
  const why = part(view, "#log-in-why");
  const pairing = createPairForm(parts.pair);
  const at = { href: "/board", "data-go": "", class: "door-link" };
  const toBoard = make("a", at, [THIS_IS_A_BOARD]);
  form.append(toBoard);
  view.append(pairing.element);
  screen.value = localStorage.getItem(SCREEN_KEY) ?? FIRST_SCREEN_NAME;

  async function submit(): Promise<void> {
    localStorage.setItem(SCREEN_KEY, screenName(page));
    start.disabled = true;
    writeOrHide(why, "");
    const refused = await parts.logIn(name.value.trim(), password.value);
    start.disabled = false;
    if (refused === null) {
      name.value = "";
      password.value = "";
      return;
    }
    writeOrHide(why, refused);
    password.select();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void submit();
  });
  part(view, "#log-in-back").addEventListener("click", hide);

  function hide(): void {
    view.hidden = true;
    writeOrHide(why, "");
    for (const place of BEHIND) part(page, place).inert = false;
    mark(page.body, "data-log-in", null);
  }

  function show(as: "page" | "panel", kind: Door["kind"], note: string): void {
    const isOther = page.body.getAttribute("data-log-in") !== as;
    const isNew = view.hidden || isOther || form.hidden !== (kind === "pair");
    mark(page.body, "data-log-in", as);
    view.hidden = false;
    form.hidden = kind === "pair";
    pairing.element.hidden = kind !== "pair";
    write(part(view, "#log-in-note"), note);
    toBoard.hidden = as === "panel";
    part(view, "#log-in-back").hidden = as === "page";
    for (const place of BEHIND) part(page, place).inert = as === "page";
    if (!isNew) return;
    if (kind === "pair") pairing.focus();
    else (name.value === "" ? name : password).focus();
  }

  return {
    setDoor: (door) => {
      if (door === null) {
        if (page.body.getAttribute("data-log-in") === "page") hide();
        return;
      }
      if (door.kind === "pair") pairing.show(door.person);
      show("page", door.kind, door.kind === "log-in" ? door.note : "");
    },
    showPanel: (note) => show("panel", "log-in", note),
    hide,
  };
}

/** How this screen is called in the service's log, as it was typed. */
export function screenName(page: Document): string {
  const typed = (part(page, "#screen-name") as HTMLInputElement).value.trim();
  return typed === "" ? FIRST_SCREEN_NAME : typed;
}
