// Every text a person reads or hears read out. Plain words; the names of priorities, phases and
// conditions are those of the wire.

import type { ActAnswer } from "./acts.ts";
import { duration, quantity, roughly } from "./format.ts";
import { isEscalated } from "./order.ts";
import type {
  Bed,
  DeviceLink,
  LinkWord,
  Occurrence,
  Phase,
  Priority,
  Snapshot,
  Source,
  Vital,
} from "./wire.ts";

export const PRIORITY_WORD: Readonly<Record<Priority, string>> = {
  high: "HIGH",
  medium: "MEDIUM",
  low: "LOW",
};
export const PHASE_WORD: Readonly<Record<Phase, string>> = {
  intake: "Intake",
  baseline: "Baseline",
  active: "Active",
  recovery: "Recovery",
  discharge: "Discharge",
  ended: "Ended",
};
const LINK_GLYPH: Readonly<Record<LinkWord, string>> = {
  opening: "◌",
  negotiating: "◐",
  online: "●",
  quiet: "○",
  lost: "✕",
};

/** As the service words it: said once, with its countdown. */
const RE_CUFF = "re-cuff now";

/** Where its countdown is not known. */
export const PAUSED = "paused";
export const REMOVED = "-?-";
export const NO_SOURCE = "no source";
export const SERVICE = "Service";
export const NO_ALARMS = "No alarms";
export const UNREADABLE = "unreadable message";
export const CONNECTING = "Connecting…";
export const PRODUCT = "dosevigil";
export const LOG_IN_TITLE = `Log in · ${PRODUCT}`;
export const LOST_TITLE = "CONNECTION LOST";
export const ALARMS_UNKNOWN = "Alarms unknown";
export const NOT_APPROVED = "LIMITS NOT APPROVED";
export const PRESET_NOT_APPROVED = "not approved";
export const NO_ANSWER = "No answer: it may not have counted. Tap again.";
export const TAPPED_TOO_SOON = "Not sent: tap again. The list had just moved.";
export const CONNECTION_LOST = "Connection lost. Look at the bedside monitors.";
export const SENDING = "Sending…";
export const SHOWS_NO_ALARMS = "Nobody is logged in: this screen shows no alarms.";
export const LOG_IN_ENDED = "The log-in has ended: this screen shows no alarms. Log in again.";
export const TIMED_OUT =
  "Logged out after 30 minutes without use. Alarms go on being shown; to act, log in again.";
export const SOUND_QUESTION = "Did you hear the test sounds?";
export const SOUND_NOT_HEARD = "NOBODY HEARS THIS SCREEN: turn its loudspeaker up";

/** Why an act was refused: the known reasons in a nurse's words, else what the service says. */
export function refusal(what: string, answer: Exclude<ActAnswer, { kind: "done" }>): string {
  if (answer.kind === "no-answer") return NO_ANSWER;
  const known: Readonly<Record<string, string>> = {
    "/problems/stale-revision": "it changed since you looked. Read it, then tap again.",
    "/problems/ended": "it has already ended.",
    "/problems/alarm-paused": "the bed's alarms are paused. End the pause first.",
    "/problems/unknown-occurrence": "the service does not know this alarm.",
    "/problems/nothing-to-pause": "nothing sounds on this bed.",
    "/problems/high-unacknowledged": "a HIGH alarm of this bed is not acknowledged.",
    "/problems/reason-needed": "write why first.",
    "/problems/busy": "the service is busy. Tap again.",
    "/problems/log-in-needed": "log in first.",
    "/problems/wrong-log-in": "name or password is not right.",
  };
  const said = answer.detail ?? answer.title;
  return `${what}: ${(answer.type === null ? undefined : known[answer.type]) ?? said}`;
}

export const NOT_ACKNOWLEDGED = "Not acknowledged";

export function ackRefusal(why: string): string {
  return `${NOT_ACKNOWLEDGED}: ${why}`;
}

export function alarmSpoken(occurrence: Occurrence, bed: string | null): string {
  return `${PRIORITY_WORD[occurrence.priority]} alarm, ${bed ?? SERVICE}: ${occurrence.text}`;
}

export function ackEcho(occurrence: Occurrence, bed: string | null, by: string): string {
  return `${bed ?? SERVICE}: ${occurrence.text}, acknowledged by ${by}`;
}

/** "3 alarms: 1 HIGH, 2 LOW". */
export function alarmCount(occurrences: readonly Occurrence[]): string {
  if (occurrences.length === 0) return NO_ALARMS;
  const parts = (["high", "medium", "low"] as const)
    .map((p) => ({ word: PRIORITY_WORD[p], n: occurrences.filter((o) => o.priority === p).length }))
    .filter(({ n }) => n > 0)
    .map(({ word, n }) => `${n} ${word}`);
  return `${plural(occurrences.length, "alarm")}: ${parts.join(", ")}`;
}

/** An end that is not simply "it cleared"; the service's own word where here is none. */
const END_WORD: Readonly<Record<string, string>> = {
  cleared: "",
  phase: "not judged in this phase",
  moment: "a single event",
};

export function endWord({ end_reason: reason }: Occurrence): string {
  return reason === null ? "" : (END_WORD[reason] ?? reason.replaceAll("-", " "));
}

/** The second line of an alarm row: all that qualifies its text. */
export function alarmNotes(
  occurrence: Occurrence,
  serverMs: number,
  clockTime: (ms: number) => string,
): readonly string[] {
  const notes: string[] = [];
  if (occurrence.condition === "ended" || occurrence.signal === "latched") {
    notes.push(occurrence.ended === null ? "ENDED" : `ENDED ${clockTime(occurrence.ended)}`);
    const by = occurrence.ended_by === null ? "" : ` by ${occurrence.ended_by}`;
    const why = endWord(occurrence);
    if (why !== "") notes.push(why + by);
  }
  if (occurrence.change === "unresolved") notes.push("still unresolved");
  const step = escalationLine(occurrence);
  if (step !== "") notes.push(step);
  const counting = reCuff(occurrence, serverMs);
  if (counting !== "") notes.push(counting);
  notes.push(...occurrence.lines.filter((line) => counting === "" || line !== RE_CUFF));
  if (occurrence.frozen) {
    const last = occurrence.reading?.received_time ?? null;
    notes.push(last === null ? "no data since" : `last known ${clockTime(last)}`);
  }
  if (occurrence.reading?.verify === true) notes.push("unusual value: verify");
  if (occurrence.kind === "technical") notes.push("equipment");
  if (occurrence.restored) notes.push("restored after a restart");
  if (occurrence.outage) notes.push("from the time the service was down");
  if (occurrence.signal === "paused") notes.push(PAUSED);
  if (occurrence.seq === null) notes.push("not yet logged");
  return notes;
}

/** The countdown of a cuff's repeat; empty where none is awaited. */
export function reCuff(occurrence: Occurrence, serverMs: number): string {
  if (occurrence.confirm_until === null || occurrence.condition === "ended") return "";
  const leftS = (occurrence.confirm_until - serverMs) / 1000;
  return leftS > 0 ? `${RE_CUFF} ${duration(leftS)}` : "re-cuff overdue";
}

/** The same where there is little room. */
export function reCuffBrief(occurrence: Occurrence, serverMs: number): string {
  return reCuff(occurrence, serverMs).replace(RE_CUFF, "re-cuff");
}

/** Steps whose time has come (alarms 12). They say what is due: whether a second way to reach
 * people exists, and was used, is not known here. */
const STEP_LINE: readonly string[] = [
  "",
  "still unanswered",
  "still unanswered: a second person is needed",
  "still unanswered: a lead or prescriber is needed",
];

/** Empty where nothing escalates, or where somebody has answered. */
export function escalationLine(occurrence: Occurrence): string {
  return isEscalated(occurrence) ? (STEP_LINE[occurrence.escalation] ?? STEP_LINE[3] ?? "") : "";
}

export function sinceDose(bed: Bed, passedS: number): string {
  return bed.since_dose_s === null ? "" : `T+${duration(bed.since_dose_s + passedS)}`;
}

/** Who answers for the session, and since when (alarms 12). */
export function responsibleLine(bed: Bed, clockTime: (ms: number) => string): string {
  const by = bed.responsible;
  return by === null ? "" : `Nurse ${by.name} since ${clockTime(by.since)}`;
}

export function presetLine(bed: Bed): string {
  const changed = bed.preset.changed_limits === 0 ? "" : ` · ${bed.preset.changed_limits} changed`;
  return `${bed.preset.title} ${bed.preset.version}${changed}`;
}

export function sessionLine(bed: Bed): string {
  if (bed.session !== null) return bed.session.initials;
  return bed.watch === "always" ? "No session, watched always" : "No session";
}

/** The cuff's age, which is always shown: "2 min" and " ago". None where nothing was measured. */
export function cuffAge(vital: Vital | undefined, passedS: number): readonly string[] {
  if (vital === undefined || vital.age_s === null) return [];
  return [roughly(vital.age_s + passedS), " ago"];
}

export function nextDue(due: number | null, serverMs: number): string {
  if (due === null) return "";
  const leftS = (due - serverMs) / 1000;
  return leftS >= 0 ? `next in ${roughly(leftS)}` : `due ${roughly(-leftS)} ago`;
}

/** What a number is missing, or how old it is when it is not live. */
export function vitalNote(vital: Vital, passedS: number): string {
  const age = vital.age_s === null ? "" : `${roughly(vital.age_s + passedS)} old`;
  switch (vital.state) {
    case "live":
      return "";
    case "grey":
      return [vital.why, age].filter(Boolean).join(", ");
    case "removed":
      return vital.why ?? "too old";
    case "absent":
      return vital.why ?? (hasNoSource(vital) ? NO_SOURCE : "no data");
  }
}

/** Nothing on this bed has measured it: no fault, and nothing to look for. */
export function hasNoSource(vital: Vital | undefined): boolean {
  return (
    vital === undefined || (vital.state === "absent" && vital.why === null && vital.device === null)
  );
}

export function vitalShown(vital: Vital | undefined): string {
  if (vital === undefined) return "–";
  switch (vital.state) {
    case "live":
    case "grey":
      return vital.value === null ? REMOVED : quantity(vital.metric, vital.value);
    case "removed":
      return REMOVED;
    case "absent":
      return "–";
  }
}

/** A link that works as it should is not worth a word on the tile; the foot of the page has it. */
export function linkMatters(link: DeviceLink): boolean {
  return link.state !== "online" || link.unverified;
}

export function linkLine(link: DeviceLink, serverMs: number): string {
  const since = link.state === "online" ? "" : ` ${roughly((serverMs - link.since) / 1000)}`;
  const why = link.why === null ? "" : ` (${link.why})`;
  const unverified = link.unverified ? " · decoder not checked against a real device" : "";
  return `${LINK_GLYPH[link.state]} ${link.device} ${link.state}${since}${why}${unverified}`;
}

/** "✕○": a sign for each link that does not work as it should. */
export function linksBrief(links: readonly DeviceLink[]): string {
  const troubled = links.filter(({ state }) => state !== "online");
  return troubled.map(({ state }) => LINK_GLYPH[state]).join("");
}

export function bedsideLine(bed: Bed): string {
  const codes = bed.bedside_alarms.map((alarm) => alarm.code.replaceAll("_", " "));
  return codes.length === 0 ? "" : `Bedside monitor alarms: ${codes.join(", ")}`;
}

export function simulatedLine(
  simulation: Snapshot["simulation"],
  clockTime: (ms: number) => string,
): string {
  const parts = ["SIMULATED: these are not real patients"];
  if (simulation !== null && simulation.speed !== 1)
    parts.push(`time runs ${simulation.speed} times as fast`);
  if (simulation !== null && simulation.speed > 10) parts.push("delays are not realistic");
  if (simulation !== null && simulation.played_until !== null) {
    parts.push(`Readings before ${clockTime(simulation.played_until)} were played at start`);
  }
  return parts.join(" · ");
}

export function sourceLine(source: Source): string {
  const rejected = [...source.rejects]
    .filter(([, n]) => n > 0)
    .map(([reason, n]) => `${n} ${reason}`);
  const why = source.why === null ? "" : ` (${source.why})`;
  const rejects = rejected.length === 0 ? "" : `, rejected: ${rejected.join(", ")}`;
  const named = `${source.name} ${source.kind} ${source.state}`;
  return `${LINK_GLYPH[source.state]} ${named}${why}${rejects}`;
}

export function watchingLine(screens: number | null): string {
  return screens === null ? "" : `${plural(screens, "screen")} watched`;
}

export function undeclaredLine(n: number): string {
  return n === 0 ? "" : `${plural(n, "message")} from undeclared beds`;
}

export function faultLine(faults: { readonly count: number; readonly latest: string }): string {
  return (
    `${plural(faults.count, "message")} from the service could not be read and was not shown. ` +
    `Look at the bedside monitors. Latest: ${faults.latest}`
  );
}

export function lostLine(cause: "silent" | "stalled", goodbye: string | null): string {
  if (cause === "stalled") return "The service answers, but judges nothing.";
  return goodbye === null
    ? "Nothing is heard from the service."
    : `The service went away: ${goodbye}.`;
}

export function openBed(label: string): string {
  return `Open ${label}`;
}

export function plural(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? "" : "s"}`;
}

/** "+28": how far a value that is shown is from the session's accepted baseline. */
export function delta(vital: Vital | undefined, bed: Bed): string {
  const from = vital === undefined ? null : baselineOf(bed, vital.metric);
  const isShown = vital?.state === "live" || vital?.state === "grey";
  if (!isShown || vital.value === null || from === null) return "";
  const by = Math.round(vital.value - from);
  return by === 0 ? "±0" : `${by > 0 ? "+" : "−"}${Math.abs(by)}`;
}

/** "Δ +28" and "/+9"; nothing where the first of them is not known. */
export function deltas(vitals: readonly (Vital | undefined)[], bed: Bed): readonly string[] {
  const [first = "", ...more] = vitals.map((vital) => delta(vital, bed));
  const rest = more.filter((text) => text !== "").map((text) => `/${text}`);
  return first === "" ? [] : [`Δ ${first}`, ...rest];
}

function baselineOf(bed: Bed, metric: Vital["metric"]): number | null {
  const of = bed.session?.baseline ?? null;
  if (of === null) return null;
  switch (metric) {
    case "nibp_sys":
    case "art_sys":
      return of.sys;
    case "nibp_dia":
    case "art_dia":
      return of.dia;
    case "nibp_map":
    case "art_map":
      return of.map;
    case "heart_rate":
      return of.heart_rate;
    case "spo2":
      return of.spo2;
    case "resp":
    case "temp":
      return null;
  }
}
