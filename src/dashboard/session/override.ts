// Where a lead is asked for: a lead gives a reason; a nurse gives the reason and who ordered it by
// phone (contract 6), which the report calls a verbal order.

import type { Field, Values } from "../act-form.ts";
import * as say from "../messages/session.ts";
import type { Person } from "../person.ts";
import { typed } from "./body.ts";

export const REASON: Field = { kind: "text", name: "reason", label: say.REASON, max: 500 };
export const ORDERED_BY: Field = {
  kind: "text",
  name: "ordered_by",
  label: say.ORDERED_BY,
  max: 64,
};

/** The fields that let a closed gate be passed. */
export function overrideFields(person: Person | null): readonly Field[] {
  return person?.role === "lead" ? [REASON] : [REASON, ORDERED_BY];
}

/** Their part of the act's body; nothing where nothing was typed. */
export function overrideOf(values: Values): Readonly<Record<string, string>> {
  return typed(values, "reason", "ordered_by");
}
