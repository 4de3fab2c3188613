// The shapes the service sends (HTTP API and live events), each with its checker. A message that
// does not fit becomes a fault that the page shows; it is never painted. Times are read to
// milliseconds since 1970 (UTC); ages and delays stay in the unit their name ends in.
// Not read here: fields that this page shows nowhere. `satisfies` holds each to what is sent.

import {
  amount,
  checked,
  count,
  flag,
  instant,
  listOf,
  mapOf,
  mayLack,
  object,
  oneOf,
  orNull,
  text,
} from "./check.ts";
import type { Checked, ReadBy, Reader } from "./check.ts";
import type * as Sent from "./generated.ts";
import type { Reads } from "./sent.ts";

export const priority = oneOf("low", "medium", "high");
const vitalState = oneOf("live", "grey", "removed", "absent");
const linkWord = oneOf("opening", "negotiating", "online", "quiet", "lost");
export const phase = oneOf("intake", "baseline", "active", "recovery", "discharge", "ended");

export const occurrence = object({
  seq: mayLack(count),
  occurrence: text,
  revision: count,
  bed: orNull(text),
  session: mayLack(text),
  simulated: flag,
  outage: flag,
  restored: flag,
  family: text,
  kind: oneOf("physiological", "technical"),
  subject: orNull(text),
  priority,
  highest: priority,
  condition: oneOf("present", "clearing", "ended"),
  frozen: flag,
  confirm_until: orNull(instant),
  signal: oneOf("active", "paused", "acknowledged", "latched", "none"),
  text,
  lines: listOf(text),
  rule: orNull(text),
  metric: orNull(text),
  value: orNull(amount),
  limit: orNull(amount),
  reading: orNull(
    object({
      verify: flag,
      source_time: orNull(instant),
      received_time: instant,
    }),
  ),
  onset: instant,
  asked: instant,
  next_step: orNull(instant),
  ended: orNull(instant),
  end_reason: mayLack(text),
  ended_by: mayLack(text),
  acknowledged: orNull(object({ by: text, at: instant, reason: mayLack(text) })),
  escalation: count,
  latency_us: mayLack(object({ decode: count, step: count, commit: count, publish: count })),
  change: mayLack(text),
  replayed: mayLack(flag),
}) satisfies Reads<Sent.Occurrence>;

const limit = object({
  rule: text,
  side: oneOf("low", "high"),
  limit: amount,
  changed: flag,
  priority,
  delay_s: amount,
  confirm_s: orNull(amount),
});

const vital = object({
  metric: oneOf(
    "nibp_sys",
    "nibp_dia",
    "nibp_map",
    "heart_rate",
    "spo2",
    "resp",
    "art_sys",
    "art_dia",
    "art_map",
    "temp",
  ),
  value: orNull(amount),
  unit: text,
  source: orNull(text),
  device: orNull(text),
  age_s: orNull(amount),
  measured: orNull(instant),
  verify: flag,
  state: vitalState,
  why: orNull(text),
  limits: listOf(limit),
});

const deviceLink = object({
  device: text,
  source: text,
  state: linkWord,
  since: instant,
  why: orNull(text),
  unverified: flag,
});

const conflict = object({ subject: text, devices: listOf(text), two_beds: flag });

/** As a named person accepted it, in whole units; null: it has none of that. */
export const baseline = object({
  sys: orNull(amount),
  dia: orNull(amount),
  map: orNull(amount),
  heart_rate: orNull(amount),
  spo2: orNull(amount),
});

const session = object({
  id: text,
  initials: text,
  drug: text,
  route: text,
  started: instant,
  baseline: mayLack(baseline),
});

const bed = object({
  id: text,
  label: text,
  state: vitalState,
  watch: oneOf("session", "always"),
  simulated: flag,
  session: orNull(session),
  preset: object({
    name: text,
    title: text,
    version: text,
    approved: flag,
    changed_limits: count,
    not_in_force: listOf(text),
  }),
  audio_paused_until: mayLack(instant),
  audio_paused_by: mayLack(text),
  alarm_paused_until: orNull(instant),
  alarm_paused_by: mayLack(text),
  standby: orNull(object({ since: instant, until: orNull(instant), by: text, reason: text })),
  responsible: orNull(object({ name: text, since: instant })),
  phase: orNull(phase),
  since_dose_s: orNull(amount),
  vitals: listOf(vital),
  advisories: listOf(text),
  next_due: orNull(instant),
  interval_s: amount,
  links: listOf(deviceLink),
  conflicts: listOf(conflict),
  bedside_alarms: listOf(object({ code: text, priority })),
}) satisfies Reads<Sent.Bed>;

const source = object({
  name: text,
  kind: text,
  state: linkWord,
  why: orNull(text),
  rejects: mapOf(count),
});

const snapshot = object({
  seq: count,
  server_time: instant,
  site: text,
  timezone: text,
  simulated: flag,
  simulation: orNull(object({ speed: amount, played_until: orNull(instant) })),
  beds: listOf(bed),
  occurrences: listOf(occurrence),
  sources: listOf(source),
}) satisfies Reads<Sent.Snapshot>;

const sessionChange = object({
  seq: mayLack(count),
  bed: text,
  session: orNull(session),
  change: text,
  at: instant,
  replayed: mayLack(flag),
}) satisfies Reads<Sent.SessionChanged>;

const heartbeat = object({
  server_time: instant,
  self_check: count,
  watching: count,
  sources: listOf(source),
  undeclared: count,
}) satisfies Reads<Sent.Heartbeat>;

const farewell = object({ reason: text }) satisfies Reads<Sent.Farewell>;

const acknowledgement = object({
  occurrence,
  first: object({ by: text, at: instant }),
}) satisfies Reads<Sent.Acknowledgement>;
const problem = object({
  type: text,
  title: text,
  detail: mayLack(text),
}) satisfies Reads<Sent.Problem>;

const role = oneOf("viewer", "nurse", "lead", "admin");
const loggedIn = object({ name: text, role, csrf: text }) satisfies Reads<Sent.LoggedIn>;
const me = object({
  name: text,
  role,
  display_only: flag,
  csrf: orNull(text),
}) satisfies Reads<Sent.Me>;
const screen = object({ id: text }) satisfies Reads<Sent.Opened>;

export type Priority = ReadBy<typeof priority>;
export type Phase = ReadBy<typeof phase>;
export type Occurrence = ReadBy<typeof occurrence>;
export type Limit = ReadBy<typeof limit>;
export type Vital = ReadBy<typeof vital>;
export type Metric = Vital["metric"];
export type Bed = ReadBy<typeof bed>;
export type DeviceLink = ReadBy<typeof deviceLink>;
export type LinkWord = ReadBy<typeof linkWord>;
export type Source = ReadBy<typeof source>;
export type Snapshot = ReadBy<typeof snapshot>;
export type Session = ReadBy<typeof session>;
export type Baseline = ReadBy<typeof baseline>;
export type Acknowledgement = ReadBy<typeof acknowledgement>;
export type Problem = ReadBy<typeof problem>;
export type Role = ReadBy<typeof role>;
export type LoggedIn = ReadBy<typeof loggedIn>;
export type Me = ReadBy<typeof me>;

/** One live event, told apart by `event`, the name it has on the stream. */
export type WireMessage =
  | { readonly event: "snapshot"; readonly data: Snapshot }
  | { readonly event: "vitals"; readonly data: Bed }
  | { readonly event: "alarm"; readonly data: Occurrence }
  | { readonly event: "session"; readonly data: ReadBy<typeof sessionChange> }
  | { readonly event: "heartbeat"; readonly data: ReadBy<typeof heartbeat> }
  | { readonly event: "resync"; readonly data: ReadBy<typeof farewell> }
  | { readonly event: "bye"; readonly data: ReadBy<typeof farewell> };

const readers: { [E in WireMessage["event"]]: Reader<Extract<WireMessage, { event: E }>["data"]> } =
  {
    snapshot,
    vitals: bed,
    alarm: occurrence,
    session: sessionChange,
    heartbeat,
    resync: farewell,
    bye: farewell,
  };

export const EVENT_NAMES = Object.keys(readers) as readonly WireMessage["event"][];

/** Checks one event as it came off the stream: its name and the text of its data. */
export function checkEvent(event: WireMessage["event"], data: string): Checked<WireMessage> {
  const parsed = parse(data);
  if (parsed.kind === "fault") return parsed;
  const result = checked<unknown>(readers[event], parsed.value);
  return result.kind === "good"
    ? { kind: "good", value: { event, data: result.value } as WireMessage }
    : result;
}

export function checkAcknowledgement(body: unknown): Checked<Acknowledgement> {
  return checked(acknowledgement, body);
}

export function checkProblem(body: unknown): Checked<Problem> {
  return checked(problem, body);
}

export function checkLoggedIn(body: unknown): Checked<LoggedIn> {
  return checked(loggedIn, body);
}

export function checkMe(body: unknown): Checked<Me> {
  return checked(me, body);
}

/** The id of a screen that was opened. */
export function checkScreen(body: unknown): Checked<{ readonly id: string }> {
  return checked(screen, body);
}

/** The bed a message that failed its check was about, as far as that can be told. */
export function bedOfFaulty(event: WireMessage["event"], data: string): string | null {
  const parsed = parse(data);
  if (parsed.kind === "fault") return null;
  const field = event === "vitals" ? "id" : "bed";
  const found = checked(object({ [field]: text }), parsed.value);
  return found.kind === "good" ? (found.value[field] ?? null) : null;
}

function parse(data: string): Checked<unknown> {
  try {
    return { kind: "good", value: JSON.parse(data) as unknown };
  } catch {
    return { kind: "fault", why: "not JSON" };
  }
}
