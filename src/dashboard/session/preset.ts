// Drawer "preset": another preset for the same drug and route, with a reason; its rules are in
// force at once. After a dose a lead does it, or a nurse on a lead's order.

import { createActForm, type ActForm } from "../act-form.ts";
import { make, write, writeOrHide } from "../dom.ts";
import { NOT_APPROVED } from "../messages.ts";
import { READING } from "../messages/views.ts";
import * as say from "../messages/start.ts";
import type { Person } from "../person.ts";
import { checkPresets, type PresetSummary } from "../wire-preset.ts";
import type { SessionDetail } from "../wire-session.ts";
import { inWords } from "./body.ts";
import { countingDoses } from "./next.ts";
import { overrideFields, overrideOf, REASON } from "./override.ts";
import { otherPresets } from "./preset-choice.ts";
import type { OpenSection } from "./section.ts";

export const createPreset: OpenSection = (parts) => {
  const now = make("p");
  const notApproved = make("p", { class: "notice" });
  const note = make("p");
  let presets: readonly PresetSummary[] = [];
  let session: SessionDetail | null = null;
  let shown = { session: "", key: "" };
  const form: ActForm = createActForm({
    acts: parts.acts,
    fields: [],
    send: say.CHANGE_PRESET,
    notDone: say.NOT_CHANGED,
    act: (values) => ({
      method: "PUT",
      path: `/sessions/${session?.id}/preset`,
      body: { preset: values["preset"], ...overrideOf(values) },
    }),
    done: () => {
      parts.tell(say.CHANGED);
      parts.refresh();
      return undefined;
    },
    refused: inWords(() => form, say.NOT_CHANGED, say.REFUSED),
  });

  function paintFields(session: SessionDetail, person: Person | null): void {
    const others = otherPresets(presets, session);
    const isDosed = countingDoses(session).length > 0;
    const key = JSON.stringify([session.id, others, isDosed, person?.role]);
    if (key === shown.key) return;
    if (session.id !== shown.session) form.clear();
    shown = { session: session.id, key };
    const choices = others.map(({ name, title }) => ({ value: name, label: title }));
    form.element.hidden = others.length === 0;
    form.setFields([
      { kind: "choice", name: "preset", label: say.NEW_PRESET, choices },
      ...(isDosed ? overrideFields(person) : [REASON]),
    ]);
  }

  return {
    name: "preset",
    label: (about) => (about.session === null ? null : say.PRESET),
    element: make("div", { class: "visit" }, [now, notApproved, note, form.element]),
    update: ({ session: running, seen }) => {
      session = running;
      if (running === null) return;
      const inForce = presets.find(({ name }) => name === running.preset);
      write(now, inForce === undefined ? READING : say.presetNow(inForce));
      writeOrHide(notApproved, inForce?.approved_by === null ? NOT_APPROVED : "");
      paintFields(running, seen.person);
      const isAlone = presets.length > 0 && otherPresets(presets, running).length === 0;
      const isLeads = countingDoses(running).length > 0 && seen.person?.role !== "lead";
      const alone = isAlone ? say.noOtherPreset(running.drug, running.route) : "";
      writeOrHide(note, alone === "" && isLeads ? say.LEAD_AFTER_DOSE : alone);
    },
    opened: (about, byPerson) => {
      void parts.read("/presets", checkPresets).then((answer) => {
        if (answer.kind === "refused") return form.say(answer.why);
        presets = answer.value.items;
        if (about.session !== null) paintFields(about.session, about.seen.person);
        if (byPerson) form.focus();
      });
    },
  };
};
