// What can be done to a dose that was entered: an infusion is paused, resumed, ended; the newest
// entry is undone within a minute. Each deed is a small form of its own, refused beside its button.

import { createActForm, numberOf, type ActForm, type Field, type Values } from "../act-form.ts";
import { make, mark, write, writeOrHide } from "../dom.ts";
import * as say from "../messages/dose.ts";
import type { Dose, SessionDetail } from "../wire-session.ts";
import { inWords } from "./body.ts";
import { MG_STEP, pausedSince, runningDose, undoable } from "./dose-state.ts";
import type { About, SectionParts } from "./section.ts";

const AMOUNT_GIVEN: Field = {
  kind: "number",
  name: "mg_given",
  label: say.AMOUNT_GIVEN,
  unit: "mg",
  min: 0,
  max: 2000,
  step: MG_STEP,
  optional: true,
};

export type Part = {
  readonly element: HTMLElement;
  readonly update: (about: About) => void;
};

export type Running = Part & { readonly focus: () => void };

export function createRunning(parts: SectionParts): Running {
  const line = make("p", { class: "running-line", tabindex: "-1" });
  let session: SessionDetail | null = null;
  let dose: Dose | null = null;

  function deed(
    [send, notDone]: readonly [string, string],
    fields: readonly Field[],
    bodyOf: (values: Values) => Readonly<Record<string, unknown>>,
  ): ActForm {
    const form: ActForm = createActForm({
      acts: parts.acts,
      fields,
      send,
      notDone,
      act: (values) => {
        const path = `/sessions/${session?.id}/doses/${dose?.id}`;
        return { method: "PUT", path, body: bodyOf(values) };
      },
      done: () => {
        parts.tell(line.textContent ?? "");
        parts.refresh();
        return undefined;
      },
      refused: inWords(() => form, notDone, say.REFUSED),
    });
    form.element.classList.add("deed");
    return form;
  }

  const pause = deed([say.PAUSE, say.NOT_PAUSED], [], () => ({ action: "pause" }));
  const resume = deed([say.RESUME, say.NOT_RESUMED], [], () => ({ action: "resume" }));
  const end = deed([say.END, say.NOT_ENDED], [AMOUNT_GIVEN], (values) => {
    const given = numberOf(values, "mg_given");
    return { action: "end", ...(given === null ? {} : { mg_given: given }) };
  });
  const forms = [pause.element, resume.element, end.element];
  const element = make("div", { class: "running" }, [line, ...forms]);
  element.hidden = true;

  function update({ session: of, seen }: About): void {
    session = of;
    const next = of === null ? null : runningDose(of);
    const paused = next === null ? null : pausedSince(next);
    const isOther = next?.id !== dose?.id || resume.element.hidden !== (paused === null);
    if (next?.id !== dose?.id) end.clear();
    dose = next;
    mark(element, "data-about", next?.id ?? null);
    element.hidden = next === null;
    if (next === null) return;
    const forS = (seen.serverMs - (paused ?? next.started)) / 1000;
    write(line, say.runningLine(next, paused, seen.isLive ? forS : null, seen.time.minutes));
    const hadFocus = element.contains(document.activeElement);
    pause.element.hidden = paused !== null;
    resume.element.hidden = paused === null;
    if (hadFocus && isOther) line.focus();
  }

  return { element, update, focus: () => line.focus() };
}

export function createUndo(parts: SectionParts): Part {
  const line = make("p");
  let session: SessionDetail | null = null;
  let dose: Dose | null = null;
  const form: ActForm = createActForm({
    acts: parts.acts,
    fields: [],
    send: say.UNDO,
    notDone: say.NOT_UNDONE,
    act: () => ({
      method: "DELETE",
      path: `/sessions/${session?.id}/doses/${dose?.id}`,
      body: null,
    }),
    done: () => {
      parts.tell(say.UNDONE);
      parts.refresh();
      return undefined;
    },
    refused: inWords(() => form, say.NOT_UNDONE, say.REFUSED),
  });
  form.element.classList.add("deed");
  const element = make("div", { class: "undo" }, [line, form.element]);
  return {
    element,
    update: (about) => {
      session = about.session;
      const found = session === null ? null : undoable(session, about.seen.serverMs);
      if (found?.dose.id !== dose?.id) form.say("");
      dose = found?.dose ?? null;
      mark(element, "data-about", dose?.id ?? null);
      element.hidden = found === null || !about.seen.isLive;
      writeOrHide(line, found === null ? "" : say.undoLine(found.dose, found.leftS));
    },
  };
}
