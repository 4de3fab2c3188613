// The first minute's guide: in the demo alone, a row of its own below the ward, which covers no
// number, and which a person may hide for good. Its steps tick themselves off.

import { make, mark, write } from "../dom.ts";
import * as say from "../messages/guide.ts";
import { openBed } from "../messages.ts";
import type { Seen } from "../page-view.ts";
import { isOnTheFloor } from "../person.ts";
import { bedPath, type Place } from "../router.ts";
import { advance, bedOf, beginGuide, nextStep, STEPS, type Guide } from "./steps.ts";

const KEY = "dosevigil.guide";
const HIDDEN = "hidden";

export type GuideRow = { readonly update: (seen: Seen, place: Place) => void };

export function createGuide(page: Document): GuideRow {
  const text = make("p", { class: "guide-text", role: "status" });
  const link = make("a", { "data-go": "", class: "guide-go" });
  const hide = make("button", { type: "button" }, [say.HIDE]);
  const items = STEPS.map((step) => make("li", { "data-step": step }, [say.STEP_NAME[step]]));
  const element = make("aside", { id: "guide", "aria-label": say.GUIDE }, [
    make("ol", {}, items),
    text,
    link,
    hide,
  ]);
  element.hidden = true;
  page.querySelector("footer")?.before(element);
  let guide: Guide | null = null;
  /** Which step the text is about, and its bed. */
  let told = "";

  function paint(now: Guide, seen: Seen, place: Place): void {
    const step = nextStep(now);
    for (const item of items) {
      const isDone = STEPS.some((one) => one === item.dataset["step"] && now.done.has(one));
      mark(item, "data-done", isDone ? "" : null);
      mark(item, "aria-label", isDone ? `${item.textContent}: ${say.DONE}` : null);
      mark(item, "aria-current", item.dataset["step"] === step ? "step" : null);
    }
    const id = step === null ? null : bedOf(now, step);
    const view = seen.ward?.beds.find(({ bed }) => bed.id === id);
    const label = view?.bed.label ?? null;
    // As it was when it was first said: it is no clock.
    const since = view?.bed.since_dose_s ?? null;
    const about = `${step} ${label}`;
    if (about !== told)
      write(text, step === null ? say.ALL_DONE : say.stepText(step, label, since));
    told = about;
    link.hidden = view === undefined || (place.view === "bed" && place.bed === id);
    if (view === undefined) return;
    mark(link, "href", bedPath(view.bed.id));
    write(link, openBed(view.bed.label));
  }

  hide.addEventListener("click", () => {
    localStorage.setItem(KEY, HIDDEN);
    element.hidden = true;
  });
  return {
    update: (seen, place) => {
      const { ward, person } = seen;
      const isHere = ward?.simulated === true && person !== null && isOnTheFloor(person);
      element.hidden = !isHere || localStorage.getItem(KEY) === HIDDEN;
      if (element.hidden || ward === null || person === null || !seen.isLive) return;
      guide = advance(guide ?? beginGuide(ward), ward, place, person.name);
      paint(guide, seen, place);
    },
  };
}
