// Responsibility for this session, or for all of mine, offered to a nurse or lead by name. Who may
// log in is not told to a nurse, so the name is typed, or one of those who have patients now.

import { createActForm, type ActForm, type Field } from "../act-form.ts";
import { make, makeGlyph, mark, write } from "../dom.ts";
import * as say from "../messages/leaving.ts";
import type { Ward } from "../store.ts";
import type { Bed } from "../wire.ts";
import { inWords, quickRow, typed } from "./body.ts";
import { REASON } from "./override.ts";
import type { About, OpenSection } from "./section.ts";

/** The sessions that a person is responsible for. */
export function sessionsOf(ward: Ward | null, name: string): readonly string[] {
  const mine = (ward?.beds ?? []).filter(({ bed }) => bed.responsible?.name === name);
  return mine.flatMap(({ bed }) => (bed.session === null ? [] : [bed.session.id]));
}

/** Who else has patients now, each once. */
export function colleagues(ward: Ward | null, name: string): readonly string[] {
  const all = (ward?.beds ?? []).flatMap(({ bed }) => bed.responsible?.name ?? []);
  return [...new Set(all)].filter((one) => one !== name).sort();
}

export const createHandover: OpenSection = (parts) => {
  let about: About | null = null;
  let mine: readonly string[] = [];
  let known = "";
  const names = make("div", { class: "quick-place" });
  const holder = make("span", { dir: "auto" });
  const held = make("p", { class: "duty-line" }, [makeGlyph("duty", "duty-accepted"), holder]);
  const form: ActForm = createActForm({
    acts: parts.acts,
    fields: [],
    send: say.SEND_OFFER,
    notDone: say.NOT_OFFERED,
    act: (values) => {
      const own = about?.bed.session?.id;
      const sessions = values["which"] === "all" ? mine : [own];
      const body = { sessions, ...typed(values, "to", "reason") };
      return { method: "POST", path: "/handovers", body };
    },
    done: () => {
      form.say(say.OFFERED);
      parts.tell(say.OFFERED);
      parts.refresh();
      return undefined;
    },
    refused: (type, detail) =>
      detail?.includes("`to`") === true &&
      inWords(() => form, say.NOT_OFFERED, { "invalid-body": say.NOBODY_SO_CALLED })(type),
  });

  function follow(now: About): void {
    about = now;
    const me = now.seen.person?.name ?? "";
    mine = sessionsOf(now.seen.ward, me);
    const others = colleagues(now.seen.ward, me);
    const key = JSON.stringify([now.bed.label, mine.length, others]);
    if (key === known) return;
    known = key;
    form.setFields(fieldsOf(now.bed, mine.length));
    names.replaceChildren(
      ...(others.length === 0
        ? []
        : [quickRow(say.ON_THE_FLOOR, others, (name) => form.set("to", name))]),
    );
  }

  return {
    name: "handover",
    label: ({ bed }) => (bed.session === null ? null : say.HANDOVER),
    element: make("div", { class: "care" }, [held, names, form.element]),
    update: (now) => {
      follow(now);
      const by = now.bed.responsible;
      mark(held, "hidden", by === null ? "" : null);
      write(holder, by === null ? "" : say.responsibleNow(by.name, now.seen.isLive));
    },
    opened: (_, byPerson) => {
      form.say("");
      if (byPerson) form.element.querySelector<HTMLElement>("input[name=to]")?.focus();
    },
  };
};

function fieldsOf(bed: Bed, mine: number): readonly Field[] {
  const choices = say.whichChoices(bed.label, mine);
  return [
    { kind: "choice", name: "which", label: say.WHICH, choices, value: "one" },
    { kind: "text", name: "to", label: say.TO_WHOM, max: 64 },
    { ...REASON, optional: true },
  ];
}
