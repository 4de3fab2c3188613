// The keyboard: s to the alarms, b to the beds, a acknowledges the one alarm a person is on, A
// does so with a reason, p pauses the sound of the one bed, Escape goes back to the ward, ? help.
// No key reaches more than one occurrence or one bed; while a person types, no key is a command;
// at a wall board none of them does anything but look.

import type { AlarmStrip } from "./alarm-strip.ts";
import { make, part } from "./dom.ts";
import type { Help } from "./help.ts";
import { SKIP } from "./messages/keys.ts";
import type { Place } from "./router.ts";
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
  readonly acknowledge: (occurrence: string) => void;
  readonly pauseSound: () => void;
};

type Command = (() => void) | null;

/** Where letters and arrows are the field's own; a box that is ticked takes no letters. */
const FIELDS =
  "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";

export function bindKeys(page: Document, parts: KeyParts): void {
  bindSkip(page, parts.strip);
  page.addEventListener("keydown", (event) => {
    const isTyping = event.target instanceof Element && event.target.closest(FIELDS) !== null;
    if (isTyping || event.defaultPrevented || parts.help.isOpen() || parts.isAway()) return;
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    const looks: Command = lookingAt(event.key, parts);
    const command = looks ?? (parts.isBoard() ? null : doing(event.key, parts));
    if (command === null) return;
    event.preventDefault();
    command();
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
    Escape: isAtWard ? null : toBeds,
    ArrowDown: isAtAlarm ? () => strip.focusBeside(1) : beside(bed, ward, "down"),
    ArrowUp: isAtAlarm ? () => strip.focusBeside(-1) : beside(bed, ward, "up"),
    ArrowLeft: beside(bed, ward, "left"),
    ArrowRight: beside(bed, ward, "right"),
  };
  return commands[key] ?? null;
}

function doing(key: string, parts: KeyParts): Command {
  const { strip, ward, place, acknowledge, pauseSound } = parts;
  const alarm = strip.focused();
  const isAtBed = ward.focused() !== null || place().view === "bed";
  const commands: Readonly<Record<string, Command>> = {
    a: alarm === null ? null : () => acknowledge(alarm),
    A: alarm === null ? null : () => strip.askReason(alarm),
    p: alarm === null && !isAtBed ? null : pauseSound,
  };
  return commands[key] ?? null;
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
