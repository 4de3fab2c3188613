// Drawer "dose": what its gate still lacks, the dose as the route asks for it, and a minute to undo
// it. Where the gate is closed, a lead gives it all the same with a reason, or a nurse on an order.

import { createActForm, numberOf, type Field, type Values } from "../act-form.ts";
import { make, mark, writeList, writeOrHide } from "../dom.ts";
import * as say from "../messages/dose.ts";
import type { SessionDetail } from "../wire-session.ts";
import { createDevices } from "./dose-devices.ts";
import { createRunning, createUndo, sayRefusal } from "./dose-running.ts";
import { DEVICE_MG, nextDevice, runningDose, wayOf } from "./dose-state.ts";
import { countingDoses } from "./next.ts";
import { overrideFields, overrideOf } from "./override.ts";
import type { About, OpenSection } from "./section.ts";

const AMOUNT: Field = {
  kind: "number",
  name: "mg",
  label: say.AMOUNT,
  unit: "mg",
  min: 0.001,
  max: 2000,
  step: 0.001,
};
const LOT: Field = { kind: "text", name: "lot", label: say.LOT, max: 64, optional: true };

export const createDose: OpenSection = (parts) => {
  const gate = make("p", { class: "gate" });
  const usual = make("p", { class: "usual" });
  const given = make("ul", { class: "doses" });
  const running = createRunning(parts);
  const undo = createUndo(parts);
  let about: About | null = null;
  let pressed: number | null = null;
  /** The session, as it was read, whose gate refused a dose: the fields to pass it are shown. */
  let refusedIn: SessionDetail | null = null;
  let shown = "";

  const form = createActForm({
    acts: parts.acts,
    fields: [AMOUNT, LOT],
    send: say.GIVEN,
    notDone: say.NOT_GIVEN,
    act: (values) => {
      const session = about?.session ?? null;
      if (session === null) return say.NOT_GIVEN;
      const number = pressed;
      pressed = null;
      if (wayOf(session) === "devices" && number === null) return say.PRESS_A_DEVICE;
      const body = { ...doseOf(values, number), ...overrideOf(values) };
      return { method: "POST", path: `/sessions/${session.id}/doses`, body };
    },
    done: () => {
      refusedIn = null;
      parts.tell(say.TOLD_GIVEN);
      parts.refresh();
      // The next device is of the same lot, mostly.
      return about?.session != null && wayOf(about.session) === "devices" ? "keep" : undefined;
    },
    refused: (type) => {
      if (type !== "/problems/not-ready") return sayRefusal(form, say.NOT_GIVEN, type);
      parts.refresh();
      form.say(say.overrideHint(about?.seen.person ?? null));
      refusedIn = about?.session ?? null;
      if (about === null) return true;
      paintFields(about, true);
      form.element.querySelector<HTMLElement>('[name="reason"]')?.focus();
      return true;
    },
  });
  const devices = createDevices((number) => {
    pressed = number;
    form.element.requestSubmit();
    pressed = null;
  });
  form.element.querySelector(".fields")?.after(usual, devices.element);
  form.element.classList.add("dose-form");

  function paintFields({ session, seen }: About, isClosed: boolean): void {
    if (session === null) return;
    const way = wayOf(session);
    const overrides = isClosed && refusedIn?.id === session.id ? overrideFields(seen.person) : [];
    const isMore = countingDoses(session).length > 0;
    const key = JSON.stringify([session.id, way, overrides, isMore]);
    if (key === shown) return;
    if (overrides.length === 0) form.say("");
    shown = key;
    form.setFields([...(way === "devices" ? [] : [AMOUNT]), LOT, ...overrides]);
    const word = isMore ? say.ANOTHER_GIVEN : say.GIVEN;
    form.setSend(way === "infusion" ? say.START_INFUSION : word);
    mark(form.element, "data-way", way);
    devices.element.hidden = way !== "devices";
  }

  function update(it: About): void {
    about = it;
    const { session, seen } = it;
    if (session === null) return;
    const missing = session.gates.dose;
    // What was read before the refusal may not know yet what is missing.
    if (missing.length === 0 && refusedIn !== session) refusedIn = null;
    paintFields(it, refusedIn !== null);
    const runs = runningDose(session) !== null;
    const isMore = countingDoses(session).length > 0;
    const isAllGiven = wayOf(session) === "devices" && nextDevice(session) === null;
    const hadFocus = form.element.contains(document.activeElement);
    form.element.hidden = runs;
    writeOrHide(
      gate,
      runs || isAllGiven || (isMore && missing.length === 0)
        ? ""
        : say.gateLine(missing, seen.isLive ? seen.serverMs : null, seen.time.minutes),
    );
    mark(gate, "data-open", missing.length === 0 ? "" : null);
    writeOrHide(usual, usualOf(session));
    running.update(it);
    if (runs && hadFocus) running.focus();
    devices.update(it);
    undo.update(it);
    const over = session.doses.filter((dose) => dose.ended !== null || dose.voided_by !== null);
    writeList(given, "li", over.map((dose) => say.doseLine(dose, seen.time.minutes)));
  }

  return {
    name: "dose",
    label: ({ session }) => (session === null ? null : say.DOSE),
    element: make("div", { class: "visit" }, [
      gate,
      running.element,
      form.element,
      undo.element,
      given,
    ]),
    update,
    opened: ({ session }, byPerson) => {
      if (!byPerson) return;
      if (session !== null && runningDose(session) !== null) running.focus();
      else form.focus();
    },
  };
};

function doseOf(values: Values, device: number | null): Readonly<Record<string, unknown>> {
  const lot = values["lot"] ?? "";
  const mg = device === null ? numberOf(values, "mg") : DEVICE_MG;
  const number = device === null ? {} : { device_number: device };
  return { mg, ...number, ...(lot === "" ? {} : { lot }) };
}

/** Only where a usual dose is known by weight: ketamine as an infusion. */
function usualOf({ drug, route, patient }: SessionDetail): string {
  const { weight_kg: weight } = patient;
  return drug === "ketamine" && route === "iv" && weight !== null ? say.usualDose(weight) : "";
}
