// One limit of a patient moved (alarms 7): a nurse tightens, a lead widens inside the rails, and
// each can go back to the preset's number. The service knows the rails and who may do what; what it
// refuses is said beside the button.

import { createActForm, numberOf, type ActForm, type Field, type Values } from "../act-form.ts";
import type { Act } from "../acts.ts";
import { make, write, writeOrHide } from "../dom.ts";
import * as say from "../messages/limits.ts";
import { unitLabel } from "../messages/vitals.ts";
import { checkLimitSet } from "../wire-care.ts";
import { inWords } from "./body.ts";
import type { LimitRow } from "./limit-rows.ts";
import { ORDERED_BY, overrideOf, REASON } from "./override.ts";
import type { About, SectionParts } from "./section.ts";

export type Editor = {
  readonly element: HTMLElement;
  readonly choose: (key: string | null) => void;
  readonly chosen: () => string | null;
  /** The chosen limit as it is now. */
  readonly follow: (rows: readonly LimitRow[]) => void;
  readonly focus: () => void;
};

export function createEditor(parts: SectionParts, about: () => About | null): Editor {
  let [key, row]: [string | null, LimitRow | null] = [null, null];
  let isBack = false;
  /** The limit that was sent: another may be chosen while that is on its way. */
  let sent: LimitRow | null = null;
  const isElsewhere = (): boolean => sent?.key !== key;
  const head = make("p", { class: "edit-head" });
  const rails = make("p", { class: "hint" });
  const back = make("button", { type: "button", class: "quick" });
  const form: ActForm = createActForm({
    acts: parts.acts,
    fields: fieldsOf(null),
    send: say.SET,
    notDone: say.NOT_CHANGED,
    act: (values) => {
      const session = about()?.bed.session?.id;
      if (row === null || session === undefined) return say.CHOOSE_LIMIT;
      sent = row;
      return orderOf(session, row, values, isBack);
    },
    done: (body) => {
      form.say(sent === null ? "" : doneLine(sent, body));
      parts.refresh();
      if (isElsewhere()) return "keep";
      form.setFields(fieldsOf(row));
      return undefined;
    },
    refused,
  });
  const element = make("div", { class: "limit-editor" }, [head, rails, back, form.element]);

  function refused(type: string | null, detail: string | null): boolean {
    if (sent !== null && isElsewhere()) {
      form.say(say.otherNotChanged(sent));
      parts.tell(say.otherNotChanged(sent));
      return true;
    }
    if (type === "/problems/outside-rails") writeOrHide(rails, railsIn(detail));
    if (type === "/problems/lead-needed") form.setFields([...fieldsOf(row), ORDERED_BY]);
    return inWords(() => form, say.NOT_CHANGED, say.REFUSED)(type);
  }

  back.addEventListener("click", () => {
    isBack = true;
    form.set("value", String(row?.limit.limit ?? ""));
    form.element.requestSubmit();
    isBack = false;
  });
  element.hidden = true;
  return {
    element,
    chosen: () => key,
    choose: (next) => {
      if (next === key) return;
      key = next;
      row = null;
      form.say("");
      writeOrHide(rails, "");
      for (const name of ["value", "reason"]) form.set(name, "");
    },
    follow: (rows) => {
      const wasNone = row === null;
      row = rows.find((one) => one.key === key) ?? null;
      element.hidden = row === null;
      if (row === null) return;
      if (wasNone) form.setFields(fieldsOf(row));
      write(head, say.editHead(row));
      writeOrHide(back, row.isChanged ? say.backToPreset(row) : "");
    },
    focus: () => {
      form.focus();
      element.scrollIntoView({ block: "nearest" });
    },
  };
}

/** The act that moves it, or (`isBack`) gives it back its preset's number. */
function orderOf(session: string, { limit }: LimitRow, values: Values, isBack: boolean): Act {
  const value = isBack ? null : numberOf(values, "value");
  const { rule, metric, family } = limit;
  const which = limit.change ? { family, change: true } : { family };
  const path = `/sessions/${session}/limits`;
  return { method: "POST", path, body: { rule, metric, value, ...which, ...overrideOf(values) } };
}

function doneLine(row: LimitRow, body: unknown): string {
  const set = checkLimitSet(body);
  return set.kind === "good" ? say.setLine(row, set.value.old, set.value.new) : "";
}

/** Empty: the answer names none. */
function railsIn(detail: string | null): string {
  const [, low, high] = /from (-?\d+) to (-?\d+)/.exec(detail ?? "") ?? [];
  return low === undefined || high === undefined ? "" : say.railsLine(low, high);
}

function fieldsOf(row: LimitRow | null): readonly Field[] {
  const unit = unitLabel(row?.limit.unit ?? "");
  return [
    { kind: "number", name: "value", label: say.NEW_LIMIT, unit, min: 0, max: 400, step: 1 },
    REASON,
  ];
}
