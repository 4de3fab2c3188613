// How the patient is: the whole list of symptoms that are there now, and the sedation score. The
// usual case is one tap; else the list stands as it was last entered.

import { createActForm, type ActForm, type Field } from "../act-form.ts";
import { make } from "../dom.ts";
import * as say from "../messages/care.ts";
import type { SessionDetail } from "../wire-session.ts";
import { quickRow, typed } from "./body.ts";
import type { About, OpenSection } from "./section.ts";

const FIELDS: readonly Field[] = [
  { kind: "choices", name: "symptoms", label: say.SYMPTOMS, choices: say.SYMPTOM_CHOICES },
  {
    kind: "choice",
    name: "moaas",
    label: say.SEDATION,
    choices: say.MOAAS_CHOICES,
    optional: true,
  },
  { kind: "text", name: "note", label: say.NOTE, max: 500, optional: true },
];

export const createObservation: OpenSection = (parts) => {
  let about: About | null = null;
  let shown: SessionDetail | null = null;
  let filled = "";
  const form: ActForm = createActForm({
    acts: parts.acts,
    fields: FIELDS,
    send: say.SEND_OBSERVATION,
    notDone: say.NOT_OBSERVED,
    act: (values) => {
      const { symptoms = "", moaas = "" } = values;
      const score = moaas === "" ? {} : { moaas: Number(moaas) };
      const list = symptoms === "" ? [] : symptoms.split(" ");
      const body = { symptoms: list, ...score, ...typed(values, "note") };
      return { method: "POST", path: `/sessions/${about?.bed.session?.id}/observations`, body };
    },
    done: (_, values) => {
      filled = values["symptoms"] ?? "";
      form.settle(values, ["moaas", "note"]);
      form.say(say.OBSERVED);
      parts.tell(say.OBSERVED);
      parts.refresh();
      return "keep";
    },
  });
  const allWell = quickRow(say.OFTEN, [say.ALL_WELL], () => {
    form.set("symptoms", "");
    form.set("moaas", "5");
    form.element.requestSubmit();
  });

  /** Another list was entered meanwhile; what somebody has ticked here since stays. */
  function follow(session: SessionDetail | null): void {
    if (session === null || session === shown) return;
    shown = session;
    if ((form.values()["symptoms"] ?? "") !== filled) return;
    const now = inOrder(session.symptoms);
    if (now !== filled) form.set("symptoms", now);
    filled = now;
  }

  return {
    name: "observation",
    label: ({ bed }) => (bed.session === null ? null : say.OBSERVATION),
    element: make("div", { class: "care" }, [allWell, form.element]),
    update: (now) => {
      about = now;
      follow(now.session);
    },
    opened: (_, byPerson) => {
      form.say("");
      if (byPerson) allWell.querySelector("button")?.focus();
    },
  };
};

/** As the form gives them: in the order in which they stand there. */
function inOrder(symptoms: readonly string[]): string {
  const known = say.SYMPTOM_CHOICES.map(({ value }) => value);
  return known.filter((one) => symptoms.includes(one)).join(" ");
}
