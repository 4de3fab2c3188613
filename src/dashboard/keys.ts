// The keyboard: s to the alarms, b to the beds, a acknowledges the one alarm a person is on, A
// does so with a reason, p pauses the sound of the one bed, Escape goes back to the ward, ? help.
// No key reaches more than one occurrence or one bed; while a person types, no key is a command,
// nor is a letter meant for a field that has just gone; at a wall board no key does more than look.

import type { AlarmStrip } from "./alarm-strip.ts";
import { make, part } from "./dom.ts";
import type { Help } from "./help.ts";
import { SKIP } from "./messages/keys.ts";
import type { Place } from "./router.ts";
import { createStray, type Stray } from "./stray.ts";
import type { WardView } from "./ward-view.ts";

export type KeyParts = {
  readonly strip: AlarmStrip;
  readonly ward: WardView;
  readonly help: Help;
  readonly place: () => Place;
  readonly go: (path: string) => void;
  /** The whole page is a door: nothing else can be reached. */
  readonly isAway: () => boolean;
  readonly isBoard: () => boolean;
  readonly mayAct: () => boolean;
  readonly acknowledge: (occurrence: string) => void;
  readonly bedOf: (occurrence: string) => string | null;
  readonly pauseSound: (bed: string) => void;
};

type Command = (() => void) | null;

/** Where letters and arrows are the field's own. */
const FIELDS =
  'input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable]';

/** With these a person leaves a field, or sends what is in it. */
const LEAVING: readonly string[] = ["Enter", "Escape", "Tab"];

/** `look` is called at each paint. */
export function bindKeys(page: Document, parts: KeyParts): Pick<Stray, "look"> {
  const stray = createStray(() => performance.now());
  bindSkip(page, parts.strip);
  watchFields(page, stray);
  page.addEventListener("keydown", (event) => {
    if (fieldOf(event) !== null || event.defaultPrevented) return;
    if (parts.help.isOpen() || parts.isAway()) return;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if ((event.key.length === 1 && stray.takes()) || event.repeat) return;
    const looks: Command = lookingAt(event.key, parts);
    const command = looks ?? (parts.isBoard() ? null : doing(event.key, parts));
    if (command === null) return;
    event.preventDefault();
    command();
  });
  return { look: stray.look };
}

function fieldOf({ target }: Event): Element | null {
  return target instanceof Element ? target.closest(FIELDS) : null;
}

function watchFields(page: Document, stray: Stray): void {
  const isAt = (field: Element): void => stray.at(() => page.activeElement === field);
  page.addEventListener("focusin", (event) => {
    const field = fieldOf(event);
    if (field === null) stray.look();
    else isAt(field);
  });
  // Before what the key does takes the field away.
  const typed = (event: KeyboardEvent): void => {
    const field = fieldOf(event);
    if (field === null) return;
    if (LEAVING.includes(event.key)) stray.left();
    else isAt(field);
  };
  page.addEventListener("keydown", typed, true);
  page.addEventListener("pointerdown", (event) => {
    if (fieldOf(event) !== page.activeElement) stray.left();
  });
}

function lookingAt(key: string, { strip, ward, help, place, go }: KeyParts): Command {
  const isAtAlarm = strip.focused() !== null;
  const bed = ward.focused();
  const shown = place();
  const isAtWard = shown.view === "ward" || shown.view === "board";
  const toBeds = (): void => {
    if (!isAtWard) go("/");
    ward.focusBed(shown.view === "bed" ? shown.bed : null);
  };
  const commands: Readonly<Record<string, Command>> = {
    s: strip.focusFirst,
    b: toBeds,
    "?": help.open,
    Escape: isAtWard ? null : (toDrawerButton() ?? toBeds),
    ArrowDown: isAtAlarm ? () => strip.focusBeside(1) : beside(bed, ward, "down"),
    ArrowUp: isAtAlarm ? () => strip.focusBeside(-1) : beside(bed, ward, "up"),
    ArrowLeft: beside(bed, ward, "left"),
    ArrowRight: beside(bed, ward, "right"),
  };
  return commands[key] ?? null;
}

/** From within a drawer to its button: the drawer stays, and the page is left from there. */
function toDrawerButton(): Command {
  const panel = document.activeElement?.closest(".drawer")?.parentElement;
  const button = panel?.querySelector<HTMLElement>('.drawer-tabs [aria-expanded="true"]');
  return button == null ? null : () => button.focus();
}

/** Of who may not, too: the service's refusal says why, beside the alarm or in the bed's bar. */
function doing(key: string, parts: KeyParts): Command {
  const { strip, acknowledge, mayAct, pauseSound } = parts;
  const alarm = strip.focused();
  const bed = bedAt(alarm, parts);
  const commands: Readonly<Record<string, Command>> = {
    a: alarm === null ? null : () => acknowledge(alarm),
    A: alarm === null ? null : () => (mayAct() ? strip.askReason(alarm) : acknowledge(alarm)),
    p: bed === null ? null : () => pauseSound(bed),
  };
  return commands[key] ?? null;
}

/** The one bed that a person is on: where the focus is comes before what the page shows. */
function bedAt(alarm: string | null, { ward, place, bedOf }: KeyParts): string | null {
  if (alarm !== null) return bedOf(alarm);
  const shown = place();
  return ward.focused() ?? (shown.view === "bed" ? shown.bed : null);
}

type Step = Parameters<WardView["focusBeside"]>[0];

function beside(bed: string | null, ward: WardView, step: Step): Command {
  return bed === null ? null : () => ward.focusBeside(step);
}

/** For who goes by Tab: the first stop of the page leads past its head. */
function bindSkip(page: Document, strip: AlarmStrip): void {
  const skip = make("a", { href: "#alarms", class: "skip" }, [SKIP]);
  // Not by its address, which would be another place of the page.
  skip.addEventListener("click", (event) => {
    event.preventDefault();
    strip.focusFirst();
  });
  part(page, "#top").prepend(skip);
}
