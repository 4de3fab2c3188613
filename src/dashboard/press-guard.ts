// What appeared, moved or came to mean something else a moment ago is not what the finger aimed at:
// such a press is not taken, and the page says so beside the button. A key presses what has the
// focus, and that is where the person put it: keys are let through.

import { writeOrHide } from "./dom.ts";
import { TOO_SOON } from "./messages/views.ts";

/** About the time from seeing to pressing. Real time. Ours. */
export const APPEARED_GUARD_MS = 700;

/** Where a button is in the window, where in what is scrolled, and what a press on it means. */
export type Stand = { readonly seen: string; readonly laid: string; readonly about: string };

export type Stands<K> = {
  /** Since when it stands so. Null: it is not shown. */
  readonly note: (of: K, stand: Stand | null, nowMs: number) => number;
  /** However it stands, a person knows it. */
  readonly know: (of: K, stand: Stand | null) => void;
};

export function createStands<K extends WeakKey>(): Stands<K> {
  const known = new WeakMap<K, { readonly stand: Stand; readonly sinceMs: number }>();

  function put(of: K, stand: Stand | null, sinceMs: number): void {
    if (stand === null) known.delete(of);
    else known.set(of, { stand, sinceMs });
  }

  return {
    note: (of, stand, nowMs) => {
      const last = known.get(of);
      const isSame = last !== undefined && stand !== null && !isOther(last.stand, stand);
      const sinceMs = isSame ? last.sinceMs : nowMs;
      put(of, stand, sinceMs);
      return sinceMs;
    },
    know: (of, stand) => put(of, stand, Number.NEGATIVE_INFINITY),
  };
}

/** One that was scrolled stays in its layout, one that sticks to an edge stays in the window. */
function isOther(was: Stand, is: Stand): boolean {
  return was.about !== is.about || (was.seen !== is.seen && was.laid !== is.laid);
}

export type PressGuard = {
  /** To be called after each paint. */
  readonly look: () => void;
  /** A person asked for what is shown now, by a press elsewhere: it may be pressed at once. */
  readonly settle: () => void;
};

/** One that has a pressed state only chooses what another one does. */
const GUARDED = "button:not([aria-pressed])";

/** Guards the buttons that are in `host`, then or later. What a press means besides its place is
 * told by `data-about` and `data-state`, on the button or on what it is in. A press that is not
 * taken is told in the nearest `.why`. */
export function guardPresses(host: HTMLElement): PressGuard {
  const stands = createStands<Element>();
  const buttons = (): readonly HTMLElement[] => [...host.querySelectorAll<HTMLElement>(GUARDED)];
  let said: HTMLElement | null = null;

  function settle(): void {
    say(null);
    for (const button of buttons()) stands.know(button, standOf(button, host));
  }

  function say(beside: HTMLElement | null): void {
    if (said?.textContent === TOO_SOON) writeOrHide(said, "");
    said = beside;
    if (said !== null) writeOrHide(said, TOO_SOON);
  }

  function onClick(event: MouseEvent): void {
    const { target } = event;
    const button = target instanceof Element ? target.closest<HTMLElement>(GUARDED) : null;
    if (button === null || event.detail === 0) return;
    const nowMs = performance.now();
    const isEarly = nowMs - stands.note(button, standOf(button, host), nowMs) < APPEARED_GUARD_MS;
    say(isEarly ? whyBeside(button, host) : null);
    if (!isEarly) return;
    event.preventDefault();
    event.stopPropagation();
  }

  host.addEventListener("click", onClick, { capture: true });
  // Whoever types or ticks here has seen what is here, and what comes of it.
  for (const kind of ["input", "change"]) host.addEventListener(kind, settle);
  return {
    settle,
    look: () => {
      const nowMs = performance.now();
      for (const button of buttons()) stands.note(button, standOf(button, host), nowMs);
    },
  };
}

function standOf(button: HTMLElement, host: HTMLElement): Stand | null {
  const box = button.getBoundingClientRect();
  if (box.width === 0) return null;
  const about: string[] = [];
  let [left, top] = [box.left, box.top];
  let isInside = true;
  for (let at: HTMLElement | null = button; at !== null; at = at.parentElement) {
    [left, top] = [left + at.scrollLeft, top + at.scrollTop];
    if (isInside) about.push(`${at.dataset["about"] ?? ""}/${at.dataset["state"] ?? ""}`);
    isInside &&= at !== host;
  }
  const place = (x: number, y: number): string => `${Math.round(x)} ${Math.round(y)}`;
  return { seen: place(box.left, box.top), laid: place(left, top), about: about.join(" ") };
}

/** Where the nearest refusal is said, or the host's own. Null: nowhere. */
function whyBeside(button: HTMLElement, host: HTMLElement): HTMLElement | null {
  for (let at = button.parentElement; at !== null && at !== host; at = at.parentElement) {
    const all = [...at.querySelectorAll<HTMLElement>(".why")];
    const shown = all.find((why) => (why.parentElement?.getClientRects().length ?? 0) > 0);
    if (shown !== undefined) return shown;
  }
  return host.querySelector<HTMLElement>(":scope > .why");
}
