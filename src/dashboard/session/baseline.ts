// Drawer "baseline": the bed's recent determinations, of which a person accepts two or more. The
// newest two that agree are ticked once, when it was opened: what is accepted has been looked at.

import { createActForm, type ActForm, type Field } from "../act-form.ts";
import { make, mark, writeOrHide } from "../dom.ts";
import * as say from "../messages/baseline.ts";
import { READING } from "../messages/views.ts";
import type { SessionDetail } from "../wire-session.ts";
import { checkCame } from "../wire-visit.ts";
import { createBaselineList } from "./baseline-list.ts";
import { inWords, typed } from "./body.ts";
import { firstTicks, isBeforeDose } from "./determinations.ts";
import { countingDoses } from "./next.ts";
import { createOffered } from "./offered-readings.ts";
import { REASON } from "./override.ts";
import type { About, OpenSection, SectionParts } from "./section.ts";

const WHY: Field = { ...REASON, label: say.WHY_REPLACE };

export const createBaseline: OpenSection = (parts) => {
  const accepted = make("p", { class: "accepted" });
  const hint = make("p");
  const list = createBaselineList(() => {
    touched = true;
  });
  const offered = createOffered(parts, (why) => {
    if (why !== null) form.say(why);
    paint();
  });
  const form = createAcceptForm(parts, {
    session: () => session,
    ticked: list.ticked,
    isUnread: () => list.ticked().length === 0 && offered.state() !== "read",
    accepted: () => {
      touched = false;
      begin();
    },
    unknown: offered.readAfresh,
  });
  let about: About | null = null;
  let session: SessionDetail | null = null;
  /** A person ticked: nothing is ticked by itself any more. */
  let touched = false;
  /** Where the focus was when a person opened this; it goes from there to the first reading. */
  let focusFrom: Element | null = null;
  let replaces = false;
  form.element.prepend(list.element);

  function begin(): void {
    list.tick([]);
    list.restart();
  }

  /** Once all is read: one page more could tell of a newer pair. */
  function tickFirst(ticks: readonly number[]): void {
    const isTicked = touched || list.ticked().length > 0;
    if (isTicked || ticks.length === 0 || offered.state() !== "read") return;
    list.tick(ticks);
    mark(form.element, "data-about", ticks.join(" "));
  }

  function paint(): void {
    if (about === null || session === null) return;
    const all = offered.all();
    const of = session;
    const ticks = firstTicks(all.filter((it) => isBeforeDose(it, of)));
    list.paint(all, session, about.seen);
    tickFirst(ticks);
    const few = [say.NONE_YET, say.ONE_YET][all.length];
    const none = few ?? (ticks.length === 0 ? say.NONE_ALIKE : "");
    writeOrHide(hint, none !== "" && offered.state() === "new" ? READING : none);
    if (focusFrom === null || offered.state() !== "read") return;
    if (document.activeElement === focusFrom) form.focus();
    focusFrom = null;
  }

  function paintForm(of: SessionDetail): void {
    writeOrHide(accepted, of.baseline === null ? "" : say.acceptedLine(of.baseline));
    if (replaces === (of.baseline !== null)) return;
    replaces = of.baseline !== null;
    form.setFields(replaces ? [WHY] : []);
    form.setSend(replaces ? say.REPLACE : say.ACCEPT);
  }

  return {
    name: "baseline",
    label: (it) => (it.session === null ? null : say.BASELINE),
    element: make("div", { class: "visit" }, [accepted, hint, form.element, byHand(parts)]),
    update: (it) => {
      about = it;
      if (it.session === null) return;
      paintForm(it.session);
      session = it.session;
      offered.update(it);
      paint();
    },
    opened: (_, byPerson) => {
      focusFrom = byPerson ? document.activeElement : null;
      if (!touched) begin();
      offered.readAfresh();
      paint();
    },
  };
};

type Accepting = {
  readonly session: () => SessionDetail | null;
  readonly ticked: () => readonly number[];
  /** There is nothing to tick yet. */
  readonly isUnread: () => boolean;
  readonly accepted: () => void;
  /** One that is ticked is not there any more. */
  readonly unknown: () => void;
};

function createAcceptForm(parts: SectionParts, of: Accepting): ActForm {
  const form: ActForm = createActForm({
    acts: parts.acts,
    fields: [],
    send: say.ACCEPT,
    notDone: say.NOT_ACCEPTED,
    act: (values) => {
      const ticked = of.ticked();
      if (of.isUnread()) return READING;
      if (ticked.length < 2) return `${say.NOT_ACCEPTED}: ${say.TICK_TWO}`;
      const path = `/sessions/${of.session()?.id}/baseline`;
      return { method: "POST", path, body: { accept: ticked, ...typed(values, "reason") } };
    },
    done: (body) => {
      of.accepted();
      const came = checkCame(body);
      if (came.kind === "good") {
        const { nibp_sys: sys, nibp_dia: dia, nibp_map: map, heart_rate, spo2 } = came.value;
        parts.tell(say.acceptedLine({ sys, dia, map, heart_rate, spo2 }));
      }
      parts.refresh();
      const session = of.session();
      if (session !== null && countingDoses(session).length === 0) parts.openDrawer("dose");
      return undefined;
    },
    refused: (type) => {
      if (type === "/problems/unknown-reading") of.unknown();
      return refused(type);
    },
  });
  const refused = inWords(() => form, say.NOT_ACCEPTED, say.REFUSED);
  return form;
}

function byHand(parts: SectionParts): HTMLElement {
  const hand = make("button", { type: "button" }, [say.BY_HAND]);
  hand.addEventListener("click", () => parts.openDrawer("vitals"));
  return make("p", { class: "by-hand" }, [make("span", {}, [say.BY_HAND_HINT]), hand]);
}
