// Stand-by from the panel (contract 3.3): during a session the toilet, for 10 minutes; without one
// an empty room, without an end. The bar of the bed has the same; its acts are `pauses`'.

import { createActForm, type ActForm, type Choice, type Field } from "../act-form.ts";
import { make, mark } from "../dom.ts";
import { REASON } from "../messages/session.ts";
import * as say from "../messages/leaving.ts";
import { actOn, NOT_DONE } from "../pauses.ts";
import type { About, OpenSection, SectionParts } from "./section.ts";

export const createStandby: OpenSection = (parts) => {
  const begin = beginForm(parts, say.BEGIN_STANDBY, say.STANDBY_REASONS);
  const empty = beginForm(parts, say.BEGIN_EMPTY, say.EMPTY_REASONS);
  const end: ActForm = createActForm({
    acts: parts.acts,
    fields: [],
    send: say.END_STANDBY,
    notDone: NOT_DONE["end-standby"],
    act: () => actOn(parts.bed, "end-standby", ""),
    done: () => over(parts, say.STANDBY_OVER),
  });
  const forms = [begin, empty, end];
  const fitting = ({ bed }: About): ActForm => {
    if (bed.standby !== null) return end;
    return bed.session === null ? empty : begin;
  };
  return {
    name: "standby",
    label: ({ bed }) => {
      if (bed.standby !== null) return say.END_STANDBY;
      return bed.session === null ? say.ROOM_EMPTY : say.STANDBY;
    },
    element: make("div", { class: "care" }, forms.map(({ element }) => element)),
    update: (about) => {
      for (const form of forms) mark(form.element, "hidden", form === fitting(about) ? null : "");
    },
    opened: (about, byPerson) => {
      for (const form of forms) form.say("");
      if (byPerson) fitting(about).focus();
    },
  };
};

function beginForm(parts: SectionParts, send: string, choices: readonly Choice[]): ActForm {
  const plain = { optional: true, plain: true } as const;
  const fields: readonly Field[] = [
    { kind: "choice", name: "quick", label: REASON, choices, ...plain },
    { kind: "text", name: "reason", label: say.OTHER_REASON, max: 200, ...plain },
  ];
  return createActForm({
    acts: parts.acts,
    fields,
    send,
    notDone: NOT_DONE["begin-standby"],
    act: ({ quick = "", reason = "" }) => {
      const why = reason === "" ? quick : reason;
      return why === "" ? say.SAY_WHY : actOn(parts.bed, "begin-standby", why);
    },
    done: () => over(parts, say.STANDBY_BEGUN),
  });
}

function over(parts: SectionParts, line: string): undefined {
  parts.tell(line);
  parts.refresh();
  parts.openDrawer(null);
}
