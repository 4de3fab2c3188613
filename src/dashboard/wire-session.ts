// What the service says of a session (contract 6, `GET /sessions` and `/sessions/{id}`), checked.

import {
  amount,
  checked,
  count,
  instant,
  listOf,
  mayLack,
  object,
  oneOf,
  orNull,
  text,
} from "./check.ts";
import type { Checked, ReadBy } from "./check.ts";
import type * as Sent from "./generated.ts";
import type { Reads } from "./sent.ts";
import { baseline, phase } from "./wire.ts";

const missing = object({
  what: text,
  rule: mayLack(text),
  until: mayLack(instant),
  id: mayLack(text),
  moaas: mayLack(count),
});

const task = object({
  what: oneOf("baseline", "cuff_reading", "timed_reading", "next_device", "discharge"),
  due: instant,
  state: oneOf("upcoming", "due", "overdue"),
  id: mayLack(text),
  device_number: mayLack(count),
});

const dose = object({
  id: text,
  mg: orNull(amount),
  device_number: orNull(count),
  lot: orNull(text),
  started: instant,
  ended: orNull(instant),
  pauses: listOf(object({ from: instant, until: orNull(instant) })),
  entered: instant,
  voided_by: orNull(text),
});

const patient = object({
  reference: text,
  initials: text,
  birth_year: orNull(count),
  weight_kg: orNull(amount),
});

export const actNote = object({
  by: text,
  ordered_by: orNull(text),
  reason: orNull(text),
  what: orNull(text),
  old: orNull(text),
  new: orNull(text),
});

const event = object({
  seq: count,
  at: instant,
  bed: text,
  change: text,
  phase: orNull(phase),
  act: orNull(actNote),
});

const detail = object({
  id: text,
  bed: text,
  drug: text,
  route: text,
  started: instant,
  phase: orNull(phase),
  since_dose_s: orNull(amount),
  responsible: orNull(object({ name: text, since: instant })),
  baseline: orNull(baseline),
  changed_limits: count,
  patient,
  preset: text,
  doses: listOf(dose),
  symptoms: listOf(text),
  moaas: orNull(count),
  gates: object({ dose: listOf(missing), discharge: listOf(missing) }),
  tasks: listOf(task),
  events: listOf(event),
}) satisfies Reads<Sent.SessionDetail>;

const past = object({
  id: text,
  bed: orNull(text),
  patient,
  drug: text,
  route: text,
  started: instant,
  ended: orNull(instant),
  disposition: orNull(text),
}) satisfies Reads<Sent.PastSession>;

const handover = object({
  handover: text,
  sessions: listOf(text),
  by: text,
  to: text,
  offered: instant,
  lapses: instant,
}) satisfies Reads<Sent.Handover>;

const pastPage = object({
  items: listOf(past),
  next: orNull(text),
}) satisfies Reads<Sent.Page<Sent.PastSession>>;

export type SessionDetail = ReadBy<typeof detail>;
export type Missing = ReadBy<typeof missing>;
export type Task = ReadBy<typeof task>;
export type Dose = ReadBy<typeof dose>;
export type ActNote = ReadBy<typeof actNote>;
export type SessionEvent = ReadBy<typeof event>;
export type PastSession = ReadBy<typeof past>;
export type Handover = ReadBy<typeof handover>;

/** Of one that has ended the service tells who and when; the rest is in the report. */
export type AnySession =
  | { readonly kind: "runs"; readonly session: SessionDetail }
  | { readonly kind: "ended"; readonly past: PastSession };

export function checkAnySession(body: unknown): Checked<AnySession> {
  return checked<AnySession>((value, path) => {
    const hasEnded = typeof value === "object" && value !== null && "ended" in value;
    return hasEnded
      ? { kind: "ended", past: past(value, path) }
      : { kind: "runs", session: detail(value, path) };
  }, body);
}

export function checkSession(body: unknown): Checked<SessionDetail> {
  return checked(detail, body);
}

export function checkSessions(body: unknown): Checked<ReadBy<typeof pastPage>> {
  return checked(pastPage, body);
}

export function checkHandovers(body: unknown): Checked<{ readonly items: readonly Handover[] }> {
  return checked(object({ items: listOf(handover) }), body);
}
