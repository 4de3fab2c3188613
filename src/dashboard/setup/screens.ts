// The screens that are open: who watches, whether it sounds, who last heard its test sounds, when
// it was last heard of.

import { make, mark, write, writeOrHide } from "../dom.ts";
import { AS_LAST_KNOWN, READING } from "../messages/views.ts";
import * as say from "../messages/setup.ts";
import type { Seen, ViewParts } from "../page-view.ts";
import { checkScreens, type OpenScreen } from "../wire-setup.ts";

/** Real time. Ours. */
const READ_EVERY_MS = 3_000;

export type ScreensPart = { readonly element: HTMLElement; readonly update: (seen: Seen) => void };

export function createScreens(read: ViewParts["read"]): ScreensPart {
  const heads = say.SCREEN_COLUMNS.map((name) => make("th", { scope: "col" }, [name]));
  const head = make("tr", {}, heads);
  const rows = make("tbody");
  const note = make("p", { class: "why" }, [READING]);
  const table = make("table", {}, [make("thead", {}, [head]), rows]);
  const element = make("section", { class: "setup-part setup-screens" }, [
    make("h3", {}, [say.SCREENS]),
    note,
    make("div", { class: "table-scroll" }, [table]),
  ]);
  let [readMs, isReading] = [Number.NEGATIVE_INFINITY, false];

  async function readAgain(clockTime: (ms: number) => string): Promise<void> {
    [readMs, isReading] = [performance.now(), true];
    const answer = await read("/screens", checkScreens);
    isReading = false;
    if (answer.kind === "refused") return writeOrHide(note, answer.why);
    writeOrHide(note, answer.value.items.length === 0 ? say.NO_SCREENS : "");
    paint(rows, answer.value.items, clockTime);
  }

  return {
    element,
    update: ({ isLive, time }) => {
      if (!isLive) return writeOrHide(note, AS_LAST_KNOWN);
      const isDue = performance.now() - readMs >= READ_EVERY_MS;
      if (!isReading && isDue) void readAgain(time.minutes);
    },
  };
}

function paint(
  rows: HTMLElement,
  screens: readonly OpenScreen[],
  clockTime: (ms: number) => string,
): void {
  while (rows.children.length > screens.length) rows.lastElementChild?.remove();
  while (rows.children.length < screens.length)
    rows.append(make("tr", {}, say.SCREEN_COLUMNS.map(() => make("td", { dir: "auto" }))));
  screens.forEach((screen, index) => {
    const texts = [
      `${screen.name} (${screen.kind})`,
      say.ownerText(screen),
      say.watchingText(screen),
      say.soundText(screen),
      say.soundTestText(screen, clockTime),
      say.ageText(screen.age_s),
    ];
    texts.forEach((text, place) => {
      const cell = rows.children[index]?.children[place] as Element;
      write(cell, text);
      mark(cell, "title", text);
    });
  });
}
