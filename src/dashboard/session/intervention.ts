// What was done for the patient: a drug, or another thing.

import { createActForm, type ActForm, type Field } from "../act-form.ts";
import { make } from "../dom.ts";
import * as say from "../messages/care.ts";
import { quickRow, typed } from "./body.ts";
import type { About, OpenSection } from "./section.ts";

const FIELDS: readonly Field[] = [
  { kind: "text", name: "drug", label: say.WHAT_DONE, max: 64 },
  { kind: "text", name: "dose", label: say.HOW_MUCH, max: 64, optional: true },
  { kind: "text", name: "note", label: say.NOTE, max: 500, optional: true },
];

export const createIntervention: OpenSection = (parts) => {
  let about: About | null = null;
  const form: ActForm = createActForm({
    acts: parts.acts,
    fields: FIELDS,
    send: say.SEND_INTERVENTION,
    notDone: say.NOT_RECORDED,
    act: (values) => ({
      method: "POST",
      path: `/sessions/${about?.bed.session?.id}/interventions`,
      body: typed(values, "drug", "dose", "note"),
    }),
    done: () => {
      form.say(say.RECORDED);
      parts.tell(say.RECORDED);
      parts.refresh();
      return undefined;
    },
  });
  const often = quickRow(say.OFTEN, say.OFTEN_DONE, (text) => form.set("drug", text));
  return {
    name: "intervention",
    label: ({ bed }) => (bed.session === null ? null : say.INTERVENTION),
    element: make("div", { class: "care" }, [often, form.element]),
    update: (now) => {
      about = now;
    },
    opened: (_, byPerson) => {
      form.say("");
      if (byPerson) form.focus();
    },
  };
};
