// Vital signs that a person took by hand, in a session or of a patient who walked in before one
// (contract 6). When they were taken is told by the service's clock, not by this screen's.

import { createActForm, numberOf, type ActForm, type Field, type Values } from "../act-form.ts";
import type { Act } from "../acts.ts";
import { make } from "../dom.ts";
import * as say from "../messages/vitals.ts";
import { checkEntered } from "../wire-care.ts";
import { inWords, typed } from "./body.ts";
import type { About, OpenSection } from "./section.ts";

/** The same values sent again within this time are the same act: their time stays. Ours. */
const SAME_WITHIN_MS = 60_000;
const MINUTES_MAX = 720;

const MORE = { optional: true, more: true } as const;
const FIELDS: readonly Field[] = [
  ...say.BY_HAND.map(({ name, label, unit, band: [min, max], step }): Field => {
    return { kind: "number", name, label, unit, min, max, step, optional: true, plain: true };
  }),
  {
    kind: "number",
    name: "minutes",
    label: say.MINUTES_AGO,
    unit: say.MIN_AGO,
    min: 0,
    max: MINUTES_MAX,
    step: 1,
    value: "0",
  },
  {
    kind: "choice",
    name: "method",
    label: say.METHOD,
    choices: say.METHODS,
    optional: true,
    plain: true,
  },
  { kind: "text", name: "other", label: say.METHOD_OTHER, max: 64, ...MORE },
  { kind: "text", name: "taker", label: say.TAKER, max: 64, ...MORE },
  { kind: "select", name: "cuff_size", label: say.CUFF_SIZE, choices: say.CUFF_SIZES, ...MORE },
  { kind: "choice", name: "arm", label: say.ARM, choices: say.ARMS, ...MORE },
];

/** The body of the act; a text: why it can't be sent. */
export function handBody(
  values: Values,
  taken: string,
): Readonly<Record<string, unknown>> | string {
  const all = say.BY_HAND.map(({ name }) => [name, numberOf(values, name)] as const);
  const taking = Object.fromEntries(all.filter(([, value]) => value !== null));
  if (Object.keys(taking).length === 0) return say.NOTHING_TAKEN;
  const pressures = ["nibp_sys", "nibp_dia", "nibp_map"].filter((name) => name in taking);
  const isPair = "nibp_sys" in taking && "nibp_dia" in taking;
  if (pressures.length > 0 && !isPair) return say.PAIR_NEEDED;
  const { other = "", method = "" } = values;
  const how = other === "" ? method : other;
  if (how === "") return say.NO_METHOD;
  return { values: taking, method: how, taken, ...typed(values, "taker", "arm", "cuff_size") };
}

/** RFC 3339, so many minutes before the service's time. */
export function takenAt(serverMs: number, minutesAgo: number): string {
  return new Date(serverMs - minutesAgo * 60_000).toISOString();
}

export const createVitals: OpenSection = (parts) => {
  let about: About | null = null;
  let sent = { values: "", taken: "", serverMs: 0 };

  function act(values: Values): Act | string {
    if (about === null || about.seen.serverMs === 0) return say.NO_TIME;
    const { serverMs } = about.seen;
    const key = JSON.stringify(values);
    if (sent.values !== key || serverMs - sent.serverMs > SAME_WITHIN_MS) {
      const taken = takenAt(serverMs, numberOf(values, "minutes") ?? 0);
      sent = { values: key, taken, serverMs };
    }
    const body = handBody(values, sent.taken);
    if (typeof body === "string") return body;
    const session = about.bed.session?.id;
    const of = session === undefined ? `/beds/${about.bed.id}` : `/sessions/${session}`;
    return { method: "POST", path: `${of}/readings`, body };
  }

  const form: ActForm = createActForm({
    acts: parts.acts,
    fields: FIELDS,
    send: say.ENTER_VITALS,
    notDone: say.NOT_ENTERED,
    act,
    done: (body) => {
      const entered = checkEntered(body);
      const line = say.enteredLine(entered.kind === "good" && entered.value.late);
      sent = { values: "", taken: "", serverMs: 0 };
      form.say(line);
      parts.tell(line);
      parts.refresh();
      return undefined;
    },
    refused: inWords(() => form, say.NOT_ENTERED, { "already-so": say.ENTERED_BEFORE }),
  });
  form.element.classList.add("vitals-form");
  return {
    name: "vitals",
    label: () => say.VITALS,
    element: make("div", { class: "care" }, [form.element]),
    update: (now) => {
      about = now;
    },
    opened: (_, byPerson) => {
      form.say("");
      if (byPerson) form.focus();
    },
  };
};
