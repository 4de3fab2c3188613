// The log-in, as the whole page while nobody is known here, or as a panel beside the ward while
// only a timed-out log-in shows it. Its press is the gesture that turns the sound on (alarms,
// Dashboard HMI 7). The name stays after a refusal; the password is never kept.

import { mark, part, write, writeOrHide } from "./dom.ts";

/** `page`: no ward is behind it; `panel`: the ward goes on being shown. */
export type LogInAs = "page" | "panel";

export type LogInParts = {
  /** Called within the gesture. Null: logged in; else why not. */
  readonly logIn: (name: string, password: string) => Promise<string | null>;
};

export type LogInView = {
  readonly show: (as: LogInAs, note: string) => void;
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

  return {
    show: (as, note) => {
      const isNew = view.hidden || page.body.getAttribute("data-log-in") !== as;
      mark(page.body, "data-log-in", as);
      view.hidden = false;
      write(part(view, "#log-in-note"), note);
      part(view, "#log-in-back").hidden = as === "page";
      for (const place of BEHIND) part(page, place).inert = as === "page";
      if (isNew) (name.value === "" ? name : password).focus();
    },
    hide,
  };
}

/** How this screen is called in the service's log, as it was typed. */
export function screenName(page: Document): string {
  const typed = (part(page, "#screen-name") as HTMLInputElement).value.trim();
  return typed === "" ? FIRST_SCREEN_NAME : typed;
}
