// Drawer "start": a session begins on an empty bed. One choice says preset, drug and route. Whose
// the bed's last readings are is asked only where the service asks for it; what was typed stays.

import { createActForm, numberOf, type Field, type Values } from "../act-form.ts";
import type { Act } from "../acts.ts";
import { make, part, writeOrHide } from "../dom.ts";
import { NOT_APPROVED } from "../messages.ts";
import { READING } from "../messages/views.ts";
import * as say from "../messages/start.ts";
import { checkPresets } from "../wire-preset.ts";
import { checkStarted } from "../wire-visit.ts";
import { inWords } from "./body.ts";
import { presetChoices, type PresetChoice } from "./preset-choice.ts";
import type { OpenSection } from "./section.ts";
import { noteSamePatient } from "./turn-over.ts";

const BORN_FROM = 1900;

const ABOUT_PATIENT: readonly Field[] = [
  { kind: "text", name: "reference", label: say.REFERENCE, max: 64 },
  { kind: "text", name: "initials", label: say.INITIALS, max: 8 },
  {
    kind: "number",
    name: "weight_kg",
    label: say.WEIGHT,
    unit: "kg",
    min: 20,
    max: 300,
    step: 0.1,
    optional: true,
  },
  {
    kind: "number",
    name: "birth_year",
    label: say.BORN,
    unit: "",
    min: BORN_FROM,
    max: 2199,
    step: 1,
    optional: true,
  },
];

export const createStart: OpenSection = (parts) => {
  const notApproved = make("p", { class: "notice" });
  const question = createQuestion((isNew) => {
    newPatient = isNew;
    askWhose(false);
    form.element.requestSubmit();
    newPatient = null;
  });
  let choices: readonly PresetChoice[] = [];
  let newPatient: boolean | null = null;
  /** As it was sent. */
  let answered: boolean | null = null;
  let thisYear = Number.POSITIVE_INFINITY;

  const form = createActForm({
    acts: parts.acts,
    fields: ABOUT_PATIENT,
    send: say.BEGIN,
    notDone: say.NOT_STARTED,
    act: (values) => {
      const chosen = choices.find(({ value }) => value === values["what"]);
      if ((numberOf(values, "birth_year") ?? 0) > thisYear)
        return say.bornLater(values["birth_year"] ?? "");
      if (chosen === undefined) return READING;
      const answer = newPatient === null ? {} : { new_patient: newPatient };
      [answered, newPatient] = [newPatient, null];
      return startOf(parts.bed, values, chosen, answer);
    },
    done: (body) => {
      const started = checkStarted(body);
      if (answered === false && started.kind === "good") noteSamePatient(started.value.session);
      parts.tell(say.STARTED);
      parts.refresh();
      parts.openDrawer("baseline");
      return undefined;
    },
    refused: (type) => {
      if (type === "/problems/new-patient") {
        askWhose(true);
        question.focus();
        return true;
      }
      return refused(type);
    },
  });
  const refused = inWords(() => form, say.NOT_STARTED, say.REFUSED);
  form.element.prepend(notApproved);
  part(form.element, ".send").after(make("p", { class: "hint" }, [say.BEDSIDE_CHECK]));
  form.element.append(question.element);
  form.element.addEventListener("change", paintApproval);
  form.element.classList.add("start-form");

  /** The question stands in the button's place: that one would only ask it again. */
  function askWhose(isAsked: boolean): void {
    question.element.hidden = !isAsked;
    form.element.classList.toggle("asking", isAsked);
  }

  function paintApproval(): void {
    const chosen = choices.find(({ value }) => value === form.values()["what"]);
    const isApproved = ({ preset }: PresetChoice): boolean => preset.approved_by !== null;
    const all = chosen === undefined ? choices : [chosen];
    writeOrHide(notApproved, all.length === 0 || all.every(isApproved) ? "" : NOT_APPROVED);
  }

  async function readPresets(): Promise<void> {
    const answer = await parts.read("/presets", checkPresets);
    if (answer.kind === "refused") return form.say(answer.why);
    const next = presetChoices(answer.value.items);
    const key = (all: readonly PresetChoice[]): string => JSON.stringify(all);
    if (key(next) !== key(choices)) {
      choices = next;
      const only = next.length === 1 ? { value: next[0]?.value ?? "" } : {};
      const what: Field = { kind: "choice", name: "what", label: say.WHAT, choices: next, ...only };
      form.setFields([...ABOUT_PATIENT, what]);
    }
    paintApproval();
  }

  return {
    name: "start",
    label: ({ bed }) => (bed.session === null ? say.START : null),
    element: make("div", { class: "visit" }, [form.element]),
    update: ({ seen }) => {
      if (seen.serverMs > 0) thisYear = new Date(seen.serverMs).getUTCFullYear();
    },
    opened: (_, byPerson) => {
      void readPresets();
      if (byPerson) form.focus();
    },
  };
};

function startOf(
  bed: string,
  values: Values,
  chosen: PresetChoice,
  answer: { readonly new_patient?: boolean },
): Act {
  const { preset, route } = chosen;
  const patient = {
    reference: values["reference"],
    initials: values["initials"],
    birth_year: numberOf(values, "birth_year"),
    weight_kg: numberOf(values, "weight_kg"),
  };
  const what = { drug: preset.drug, route, preset: preset.name };
  return { method: "POST", path: "/sessions", body: { bed, patient, ...what, ...answer } };
}

type Question = { readonly element: HTMLElement; readonly focus: () => void };

/** No answer is the likely one: the focus goes to the question, never to a button. */
function createQuestion(answer: (isNew: boolean) => void): Question {
  const text = make("p", { tabindex: "-1" }, [say.WHO_IS_IT]);
  const buttonOf = (word: string, isNew: boolean): HTMLButtonElement => {
    const button = make("button", { type: "button" }, [word]);
    button.addEventListener("click", () => answer(isNew));
    return button;
  };
  const buttons = [buttonOf(say.NEW_PATIENT, true), buttonOf(say.SAME_PATIENT, false)];
  // The form's own is hidden with its button while this asks.
  const why = make("p", { class: "why", role: "status", hidden: "" });
  const element = make("div", { class: "question", role: "group" }, [
    text,
    make("div", { class: "answers" }, buttons),
    why,
  ]);
  element.hidden = true;
  return {
    element,
    focus: () => {
      text.focus();
      element.scrollIntoView({ block: "nearest" });
    },
  };
}
