// A tap on what the alarms above have just moved is not what a person aimed at: it does nothing.

import { MOVED_GUARD_MS } from "./acknowledge.ts";
import { TAPPED_TOO_SOON } from "./messages.ts";

/** `below` moves when `above` takes more height, or less; where a person has just gone to another
 * view nothing moved under a finger. What the keyboard does stays aimed. */
export function guardMoved(
  above: HTMLElement,
  below: HTMLElement,
  tell: (text: string) => void,
): void {
  let movedMs = Number.NEGATIVE_INFINITY;
  let view: string | undefined;
  new ResizeObserver(() => {
    const isOther = view !== document.body.dataset["view"];
    view = document.body.dataset["view"];
    if (!isOther) movedMs = performance.now();
  }).observe(above);
  const stop = (event: MouseEvent): void => {
    if (event.detail === 0 || performance.now() - movedMs >= MOVED_GUARD_MS) return;
    event.preventDefault();
    event.stopPropagation();
    tell(TAPPED_TOO_SOON);
  };
  below.addEventListener("click", stop, true);
}
