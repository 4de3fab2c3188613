// Gives a dose as the route asks for it. Where the gate is closed the service says so, and then a
// lead gives it all the same with a reason, or a nurse on an order by phone.

import { createActForm, numberOf, type ActForm, type Field, type Values } from "../act-form.ts";
import { make, mark, writeOrHide } from "../dom.ts";
import * as say from "../messages/dose.ts";
import type { SessionDetail } from "../wire-session.ts";
import { inWords, typed } from "./body.ts";
import { createDevices } from "./dose-devices.ts";
import type { Part } from "./dose-running.ts";
import { DEVICE_MG, MG_STEP, runningDose, wayOf } from "./dose-state.ts";
import { countingDoses } from "./next.ts";
import { overrideFields, overrideOf } from "./override.ts";
import type { About, SectionParts } from "./section.ts";

const AMOUNT: Field = {
  kind: "number",
  name: "mg",
  label: say.AMOUNT,
  unit: "mg",
  min: MG_STEP,
  max: 2000,
  step: MG_STEP,
};
const LOT: Field = { kind: "text", name: "lot", label: say.LOT, max: 64, optional: true };

export type Give = Part & { readonly focus: () => void };

export function createGive(parts: SectionParts): Give {
  const usual = make("p", { class: "usual" });
  let about: About | null = null;
  let pressed: number | null = null;
  /** The session, as it was read, whose gate refused a dose: the fields to pass it are shown. */
  let refusedIn: SessionDetail | null = null;
  /** The amount that was asked about, and of which session. */
  let asked = "";
  let shown = { session: "", key: "" };

  const form: ActForm = createActForm({
    acts: parts.acts,
    fields: [AMOUNT, LOT],
    send: say.GIVEN,
    notDone: say.NOT_GIVEN,
    act: (values) => {
      const session = about?.session ?? null;
      if (session === null) return say.NOT_GIVEN;
      if (wayOf(session) === "devices" && pressed === null) return say.PRESS_A_DEVICE;
      const doubt = doubtOf(session, numberOf(values, "mg"));
      const key = `${session.id} ${values["mg"] ?? ""}`;
      if (doubt !== null && asked !== key) {
        asked = key;
        return doubt;
      }
      const body = { ...doseOf(values, pressed), ...overrideOf(values) };
      return { method: "POST", path: `/sessions/${session.id}/doses`, body };
    },
    done: () => {
      asked = "";
      refusedIn = null;
      parts.tell(say.TOLD_GIVEN);
      parts.refresh();
      // The next device is of the same lot, mostly.
      return about?.session != null && wayOf(about.session) === "devices" ? "keep" : undefined;
    },
    refused: (type) => {
      if (type !== "/problems/not-ready" || about === null)
        return refused(type);
      parts.refresh();
      form.say(say.overrideHint(about.seen.person));
      refusedIn = about.session;
      paintFields(about);
      form.element.querySelector<HTMLElement>('[name="reason"]')?.focus();
      return true;
    },
  });
  const refused = inWords(() => form, say.NOT_GIVEN, say.REFUSED);
  const devices = createDevices((number) => {
    pressed = number;
    form.element.requestSubmit();
    pressed = null;
  });
  form.element.querySelector(".fields")?.after(usual, devices.element);
  form.element.classList.add("dose-form");

  function paintFields({ session, seen }: About): void {
    if (session === null) return;
    const way = wayOf(session);
    const overrides = refusedIn?.id === session.id ? overrideFields(seen.person) : [];
    const isMore = countingDoses(session).length > 0;
    const key = JSON.stringify([session.id, way, overrides, isMore]);
    if (key === shown.key) return;
    if (overrides.length === 0) form.say("");
    if (shown.session !== session.id) form.clear();
    shown = { session: session.id, key };
    form.setFields([...(way === "devices" ? [] : [AMOUNT]), LOT, ...overrides]);
    const word = isMore ? say.ANOTHER_GIVEN : say.GIVEN;
    form.setSend(way === "infusion" ? say.START_INFUSION : word);
    mark(form.element, "data-way", way);
    devices.element.hidden = way !== "devices";
  }

  function update(it: About): void {
    about = it;
    const { session } = it;
    if (session === null) return;
    // What was read before the refusal may not know yet what is missing.
    if (session.gates.dose.length === 0 && refusedIn !== session) refusedIn = null;
    paintFields(it);
    writeOrHide(usual, usualOf(session));
    devices.update(it);
    form.element.hidden = runningDose(session) !== null;
  }

  return { element: form.element, update, focus: form.focus };
}

function doseOf(values: Values, device: number | null): Readonly<Record<string, unknown>> {
  const mg = device === null ? numberOf(values, "mg") : DEVICE_MG;
  const number = device === null ? {} : { device_number: device };
  return { mg, ...number, ...typed(values, "lot") };
}

/** Only where a usual dose is known by weight: ketamine as an infusion. */
function weightFor({ drug, route, patient }: SessionDetail): number | null {
  return drug === "ketamine" && route === "iv" ? patient.weight_kg : null;
}

function usualOf(session: SessionDetail): string {
  const weight = weightFor(session);
  return weight === null ? "" : say.usualDose(weight);
}

function doubtOf(session: SessionDetail, mg: number | null): string | null {
  const weight = weightFor(session);
  return weight === null || mg === null ? null : say.amountAsked(mg, weight);
}
