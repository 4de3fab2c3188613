// The bar for the bed that a person has chosen: pause its sound, its alarms, or put it in stand-by.
// It has a fixed place, so that no alarm and no number is ever covered; why an act was refused
// stands beside its button, and what was typed stays.

import { mark, part, write, writeOrHide } from "./dom.ts";
import { openBed } from "./messages.ts";
import { offersOf, type BedActKind, type Offer } from "./pauses.ts";
import { bedPath } from "./router.ts";
import type { BedActState } from "./store.ts";
import type { Bed } from "./wire.ts";

export type BedBarView = {
  /** Null: no bed is chosen. */
  readonly bed: Bed | null;
  readonly act: BedActState | null;
  /** Its own page is open: no link leads to where one is. */
  readonly isHere: boolean;
};

export type BedBar = {
  readonly update: (view: BedBarView) => void;
  readonly focus: () => void;
  /** The act was done: the question is over, and its answer no longer needed. */
  readonly settle: (kind: BedActKind) => void;
  /** Nothing is known of the bed now; what is typed for it comes back with it. */
  readonly hide: () => void;
};

export type OnBedAct = (bed: string, kind: BedActKind, reason: string) => void;

const PLACES = ["#act-audio", "#act-alarms", "#act-standby"] as const;

export function createBedBar(bar: HTMLElement, onAct: OnBedAct): BedBar {
  const buttons = PLACES.map((place) => part(bar, place) as HTMLButtonElement);
  const choices = part(bar, "#bed-choices");
  const question = part(bar, "#bed-question");
  const reason = part(bar, "#bed-reason") as HTMLInputElement;
  const send = part(bar, "#bed-send") as HTMLButtonElement;
  let bed: Bed | null = null;
  let asked: Offer | null = null;
  /** Whose question it is. */
  let askedOf: string | null = null;

  function choose(offer: Offer | undefined): void {
    if (bed === null || offer === undefined) return;
    if (offer.ask === null) return onAct(bed.id, offer.kind, "");
    [asked, askedOf] = [offer, bed.id];
    write(part(question, "span"), offer.ask.question);
    write(send, offer.ask.send);
    paintAsked();
    reason.focus();
  }

  function paintAsked(): void {
    choices.hidden = asked !== null;
    question.hidden = asked === null;
  }

  function forget(): void {
    [asked, askedOf] = [null, null];
    reason.value = "";
    paintAsked();
  }

  buttons.forEach((button, place) =>
    button.addEventListener("click", () => choose(bed === null ? undefined : offersOf(bed)[place])),
  );
  part(bar, "#bed-back").addEventListener("click", () => {
    forget();
    buttons[0]?.focus();
  });
  bar.addEventListener("submit", (event) => {
    event.preventDefault();
    if (bed !== null && asked !== null) onAct(bed.id, asked.kind, reason.value.trim());
  });

  function show(now: Bed | null): void {
    bed = now;
    bar.hidden = bed === null;
    part(document, "#bed-hint").hidden = bed !== null;
  }

  return {
    update: (view) => {
      if (askedOf !== null && view.bed?.id !== askedOf) forget();
      show(view.bed);
      if (bed === null) return;
      write(part(bar, "#bed-chosen"), view.isHere ? bed.label : openBed(bed.label));
      mark(part(bar, "#bed-chosen"), "href", view.isHere ? null : bedPath(bed.id));
      const isSending = view.act?.kind === "sending";
      offersOf(bed).forEach((offer, place) => {
        const button = buttons[place] as HTMLButtonElement;
        write(button, offer.label);
        button.disabled = isSending;
      });
      send.disabled = isSending;
      writeOrHide(part(bar, "#bed-why"), view.act?.kind === "refused" ? view.act.why : "");
    },
    focus: () => buttons[0]?.focus(),
    settle: (kind) => {
      if (asked?.kind !== kind) return;
      forget();
      buttons[0]?.focus();
    },
    hide: () => show(null),
  };
}
