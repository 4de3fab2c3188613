// The session goes to another bed on which none runs; devices stay with their beds.

import { createActForm, type ActForm, type Field } from "../act-form.ts";
import { make, writeOrHide } from "../dom.ts";
import * as say from "../messages/leaving.ts";
import { bedPath } from "../router.ts";
import type { Ward } from "../store.ts";
import { quickRow, typed } from "./body.ts";
import { REASON } from "./override.ts";
import type { About, OpenSection } from "./section.ts";

type Place = { readonly value: string; readonly label: string };

/** Beds without a session, in the ward's order. */
export function freeBeds(ward: Ward | null, own: string): readonly Place[] {
  const others = (ward?.beds ?? []).filter(({ bed }) => bed.id !== own && bed.session === null);
  return others.map(({ bed }) => ({ value: bed.id, label: bed.label }));
}

export const createMove: OpenSection = (parts) => {
  let about: About | null = null;
  let known = "";
  let free: readonly Place[] = [];
  const none = make("p", { class: "hint" });
  const form: ActForm = createActForm({
    acts: parts.acts,
    fields: fieldsOf([]),
    send: say.SEND_MOVE,
    notDone: say.NOT_MOVED,
    act: (values) => ({
      method: "POST",
      path: `/sessions/${about?.bed.session?.id}/move`,
      body: typed(values, "bed", "reason"),
    }),
    done: (_, { bed = "" }) => {
      parts.tell(say.movedLine(free.find(({ value }) => value === bed)?.label ?? bed));
      parts.go(bedPath(bed));
      return undefined;
    },
  });
  const why = quickRow(REASON.label, say.MOVE_REASONS, (text) => form.set("reason", text));
  return {
    name: "move",
    label: ({ bed }) => (bed.session === null ? null : say.MOVE),
    element: make("div", { class: "care" }, [none, why, form.element]),
    update: (now) => {
      about = now;
      free = freeBeds(now.seen.ward, now.bed.id);
      writeOrHide(none, free.length === 0 ? say.NO_FREE_BED : "");
      form.element.hidden = why.hidden = free.length === 0;
      const key = JSON.stringify(free);
      if (key !== known) form.setFields(fieldsOf(free));
      known = key;
    },
    opened: (_, byPerson) => {
      form.say("");
      if (byPerson) form.focus();
    },
  };
};

function fieldsOf(free: readonly Place[]): readonly Field[] {
  return [
    { kind: "choice", name: "bed", label: say.MOVE_TO, choices: free },
    REASON,
  ];
}
