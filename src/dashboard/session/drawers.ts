// The drawers of the session's panel and their buttons: one is open at a time. The one that a visit
// needs next opens by itself where no person has opened another; then it never takes the focus, and
// its buttons take no press before they can have been seen. When a session leaves the bed all
// drawers are made anew: what was typed in them was for its patient.

import { make, mark, writeOrHide } from "../dom.ts";
import { DEEDS } from "../messages/session.ts";
import { guardPresses } from "../press-guard.ts";
import { isToChoose } from "./claims.ts";
import { nextDrawer } from "./next.ts";
import type { About, Section, SectionName } from "./section.ts";

/** A drawer that a person asked for and that is not offered by then is forgotten. Ours. */
const WAIT_FOR_OFFER_MS = 8_000;

export type Drawers = {
  readonly tabs: HTMLElement;
  readonly drawer: HTMLElement;
  readonly update: (about: About, onFloor: boolean) => void;
  /** A person asked for it elsewhere: it opens as soon as it is offered. */
  readonly ask: (name: SectionName) => void;
};

/** One is open at a time: `isOwn` where a person opened it, else it opened by itself. */
export function createDrawers(
  makeSections: (openDrawer: (name: SectionName | null) => void) => readonly Section[],
): Drawers {
  const tabs = make("div", { class: "drawer-tabs", role: "group", "aria-label": DEEDS });
  const drawer = make("div", { class: "drawer" });
  const guard = guardPresses(drawer);
  const early = make("p", { class: "why", role: "status", hidden: "" });
  let about: About | null = null;
  let onFloor = false;
  let open: Section | null = null;
  let isOwn = false;
  let awaited: { readonly name: SectionName; readonly sinceMs: number } | null = null;
  let wasNext: string | null = null;
  let sections = makeSections(ask);
  const buttons = new Map(sections.map(({ name }) => [name, tabOf(name)]));
  tabs.append(...buttons.values());

  function tabOf(name: SectionName): HTMLButtonElement {
    const button = make("button", { type: "button", "data-drawer": name, hidden: "" });
    button.addEventListener("click", () => {
      show(open?.name === name && isOwn ? null : sectionOf(name), true);
      guard.settle();
    });
    return button;
  }

  function sectionOf(name: SectionName | null | undefined): Section | null {
    return sections.find((section) => section.name === name) ?? null;
  }

  function ask(name: SectionName | null): void {
    awaited = name === null ? null : { name, sinceMs: performance.now() };
    if (name === null) show(null, true);
    else if (about !== null) update(about, onFloor);
  }

  function show(section: Section | null, byPerson: boolean): void {
    const before = open;
    const hadFocus = drawer.contains(document.activeElement);
    open = section;
    isOwn = byPerson && section !== null;
    const inside = section === null ? [] : [section.element, early];
    if (before !== section) drawer.replaceChildren(...inside);
    drawer.hidden = section === null;
    if (section !== null && about !== null) {
      section.update(about);
      // Its beginning first: from there the focus goes on only as far as it must.
      if (byPerson) drawer.scrollIntoView({ block: "nearest" });
      section.opened(about, byPerson);
    }
    paintTabs();
    if (section === null && before !== null && hadFocus) buttons.get(before.name)?.focus();
  }

  function labelOf(section: Section): string | null {
    return onFloor && about !== null ? section.label(about) : null;
  }

  function paintTabs(): void {
    for (const section of sections) {
      const button = buttons.get(section.name);
      if (button === undefined) continue;
      writeOrHide(button, labelOf(section) ?? "");
      mark(button, "aria-expanded", String(open === section));
    }
  }

  /** What a person asked for waits until it is offered, and comes even if it is open already. */
  function showAwaited(): void {
    const section = sectionOf(awaited?.name);
    if (awaited === null || section === null) return;
    const isLate = performance.now() - awaited.sinceMs > WAIT_FOR_OFFER_MS;
    if (labelOf(section) !== null) {
      awaited = null;
      show(section, isFree());
    } else if (isLate) awaited = null;
  }

  /** Nobody is busy elsewhere on the page: the focus may go into the drawer. */
  function isFree(): boolean {
    const at = document.activeElement;
    return at === null || at.contains(tabs) || tabs.contains(at) || drawer.contains(at);
  }

  function showNext(at: About): void {
    const isInConflict = isToChoose(at.seen.ward, at.bed);
    const next = nextDrawer(at.bed, at.session, isInConflict);
    const key = `${at.bed.session?.id} ${next}`;
    if (!onFloor || key === wasNext || (next === null && at.session === null)) return;
    wasNext = key;
    const section = sectionOf(next);
    const isBusy = isOwn || (open !== null && drawer.contains(document.activeElement));
    if (section !== null && section !== open && !isBusy && awaited === null)
      show(section, false);
  }

  /** What was typed before a session began is of who walked in, and is kept. */
  function forgetLeft(at: About): void {
    const left = about?.bed.session ?? null;
    if (left === null || left.id === at.bed.session?.id) return;
    show(null, false);
    sections = makeSections(ask);
  }

  function update(at: About, floor: boolean): void {
    forgetLeft(at);
    [about, onFloor] = [at, floor];
    if (open !== null && labelOf(open) === null) show(null, false);
    showAwaited();
    showNext(at);
    paintTabs();
    open?.update(at);
    guard.look();
  }

  drawer.hidden = true;
  return { tabs, drawer, update, ask };
}
