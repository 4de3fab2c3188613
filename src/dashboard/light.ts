// How bright this screen's page is: a button that steps through the levels of light.css, kept by
// this browser (alarms, Dashboard HMI 11). It dims no alarm; what it dims says the style sheet.

import { mark, part } from "./dom.ts";
import { brightness, type Level } from "./messages/screen.ts";

const KEY = "dosevigil.light";
const NEXT: Readonly<Record<Level, Level>> = { full: "dim", dim: "dark", dark: "full" };

export function createLight(page: Document): void {
  const button = part(page, "#light");
  let level: Level = levelOf(localStorage.getItem(KEY));

  function show(): void {
    mark(page.documentElement, "data-dim", level === "full" ? null : level);
    for (const name of ["aria-label", "title"]) mark(button, name, brightness(level));
  }

  button.addEventListener("click", () => {
    level = NEXT[level];
    localStorage.setItem(KEY, level);
    show();
  });
  show();
}

/** What was kept may be of another version of the page. */
function levelOf(kept: string | null): Level {
  return kept === "dim" || kept === "dark" ? kept : "full";
}
