// What the page knows: pure (state, message, now) -> state. A snapshot replaces everything; after
// a silence of LOST_AFTER_MS nothing older is trusted and only a snapshot brings the ward back
// (alarms 9.3, 9.4; safety F5). Does no I/O, reads no clock, paints nothing.

import { elapsedMs, type Now, type ServerClock } from "./clock.ts";
import type { Acknowledgement, Bed, Occurrence, Snapshot, Source, WireMessage } from "./wire.ts";

type SessionTold = Extract<WireMessage, { event: "session" }>["data"];

/** Nothing heard for this long: CONNECTION LOST (safety F5). Real time. */
export const LOST_AFTER_MS = 5_000;
/** The engine's self-check count stands still for this long, though heartbeats come: four
 * heartbeats (contract 7), so that one late tick of the engine is no loss. */
export const STALLED_AFTER_MS = 8_000;

/** `heard`: when this bed was last told; `unreadable`: a message about it failed its check. */
export type BedView = {
  readonly bed: Bed;
  readonly heard: Now;
  readonly unreadable: string | null;
};

/** `seq`: of the newest transition that is taken in. */
export type Ward = {
  readonly seq: number;
  readonly site: string;
  readonly timezone: string;
  readonly simulated: boolean;
  readonly simulation: Snapshot["simulation"];
  readonly beds: readonly BedView[];
  readonly occurrences: ReadonlyMap<string, Occurrence>;
  readonly sources: readonly Source[];
  readonly undeclared: number;
  /** Screens that somebody can see now; null: not heard yet. */
  readonly watching: number | null;
};

export type AckState =
  | { readonly kind: "sending" }
  | { readonly kind: "refused"; readonly revision: number; readonly why: string };

/** What came of a person's act on a bed, until it is settled; kept by bed. */
export type BedActState =
  | { readonly kind: "sending" }
  | { readonly kind: "refused"; readonly why: string };

export type State = {
  readonly opened: Now;
  readonly heard: Now | null;
  readonly clock: ServerClock | null;
  readonly selfCheck: { readonly count: number; readonly moved: Now } | null;
  readonly goodbye: string | null;
  readonly ward: Ward | null;
  /** Began and ended while this page was not connected. */
  readonly missed: readonly Occurrence[];
  readonly faults: { readonly count: number; readonly latest: string } | null;
  readonly acks: ReadonlyMap<string, AckState>;
  readonly bedActs: ReadonlyMap<string, BedActState>;
};

export type Message =
  | { readonly kind: "wire"; readonly message: WireMessage }
  | {
      readonly kind: "fault";
      readonly event: string;
      readonly bed: string | null;
      readonly why: string;
    }
  | { readonly kind: "ack-sent"; readonly occurrence: string }
  | { readonly kind: "ack-answered"; readonly answer: Acknowledgement }
  | {
      readonly kind: "ack-refused";
      readonly occurrence: string;
      readonly revision: number;
      readonly why: string;
    }
  | { readonly kind: "bed-act"; readonly bed: string; readonly now: BedActState | null }
  | { readonly kind: "missed-seen" };

export type Liveness =
  | { readonly kind: "starting" }
  | { readonly kind: "live" }
  | { readonly kind: "lost"; readonly forMs: number; readonly cause: "silent" | "stalled" };

export function initialState(now: Now): State {
  return {
    opened: now,
    heard: null,
    clock: null,
    selfCheck: null,
    goodbye: null,
    ward: null,
    missed: [],
    faults: null,
    acks: new Map(),
    bedActs: new Map(),
  };
}

export function liveness(state: State, now: Now): Liveness {
  const silentMs = elapsedMs(state.heard ?? state.opened, now);
  if (silentMs >= LOST_AFTER_MS) return { kind: "lost", forMs: silentMs, cause: "silent" };
  if (state.selfCheck !== null) {
    const stalledMs = elapsedMs(state.selfCheck.moved, now);
    if (stalledMs >= STALLED_AFTER_MS) return { kind: "lost", forMs: stalledMs, cause: "stalled" };
  }
  return state.ward === null ? { kind: "starting" } : { kind: "live" };
}

export function reduce(state: State, message: Message, now: Now): State {
  switch (message.kind) {
    case "wire":
      return hear(forgetAfterSilence(state, now), message.message, now);
    case "fault":
      return {
        ...state,
        faults: {
          count: (state.faults?.count ?? 0) + 1,
          latest: `${message.event}: ${message.why}`,
        },
        ward: state.ward === null ? null : distrust(state.ward, message),
      };
    case "ack-sent":
      return withAck(state, message.occurrence, { kind: "sending" });
    case "ack-answered":
      return {
        ...withAck(state, message.answer.occurrence.occurrence, null),
        ward: state.ward === null ? null : takeAnswer(state.ward, message.answer.occurrence),
      };
    case "ack-refused": {
      const { revision, why } = message;
      return withAck(state, message.occurrence, { kind: "refused", revision, why });
    }
    case "bed-act": {
      const bedActs = new Map(state.bedActs);
      if (message.now === null) bedActs.delete(message.bed);
      else bedActs.set(message.bed, message.now);
      return { ...state, bedActs };
    }
    case "missed-seen":
      return { ...state, missed: [] };
  }
}

function hear(state: State, message: WireMessage, now: Now): State {
  // Without a ward only a snapshot counts: a service that tells all but that tells nothing.
  const counts = state.ward !== null || message.event === "snapshot";
  const heard = counts ? { ...state, heard: now } : state;
  switch (message.event) {
    case "snapshot":
      return takeSnapshot(heard, message.data, now);
    case "vitals":
      return inWard(heard, (ward) =>
        replaceBed(ward, message.data.id, () => ({
          bed: message.data,
          heard: now,
          unreadable: null,
        })),
      );
    case "alarm":
      return message.data.replayed === true
        ? takeReplayed(heard, message.data)
        : dropStaleRefusal(
            inWard(heard, (ward) => reachSeq(applyAlarm(ward, message.data), message.data.seq)),
            message.data,
          );
    case "session":
      if (message.data.replayed === true) return heard;
      return inWard(heard, (ward) => takeSession(ward, message.data));
    case "heartbeat": {
      const { self_check: count, server_time: serverMs, sources, undeclared } = message.data;
      const { watching } = message.data;
      const moved = state.selfCheck?.count === count ? state.selfCheck.moved : now;
      const speed = state.ward?.simulation?.speed ?? 1;
      return inWard(
        { ...heard, selfCheck: { count, moved }, clock: { serverMs, heard: now, speed } },
        (ward) => ({ ...ward, sources, undeclared, watching }),
      );
    }
    case "resync":
      return heard;
    case "bye":
      return { ...heard, goodbye: message.data.reason };
  }
}

/** After a silence the ward is not brought up to date, it is forgotten: a snapshot is due. */
function forgetAfterSilence(state: State, now: Now): State {
  return state.heard !== null && elapsedMs(state.heard, now) >= LOST_AFTER_MS
    ? { ...state, ward: null, selfCheck: null }
    : state;
}

function takeSnapshot(state: State, snapshot: Snapshot, now: Now): State {
  const speed = snapshot.simulation?.speed ?? 1;
  const occurrences = snapshot.occurrences.filter(isShown).map((o) => [o.occurrence, o] as const);
  return {
    ...state,
    clock: { serverMs: snapshot.server_time, heard: now, speed },
    selfCheck: null,
    goodbye: null,
    faults: null,
    acks: new Map([...state.acks].filter(([, ack]) => ack.kind === "sending")),
    ward: {
      seq: snapshot.seq,
      site: snapshot.site,
      timezone: snapshot.timezone,
      simulated: snapshot.simulated,
      simulation: snapshot.simulation,
      beds: snapshot.beds.map((bed) => ({ bed, heard: now, unreadable: null })),
      occurrences: new Map(occurrences),
      sources: snapshot.sources,
      undeclared: state.ward?.undeclared ?? 0,
      watching: state.ward?.watching ?? null,
    },
  };
}

/** A replayed transition is older than the snapshot it follows: it changes no row, but an
 * occurrence that ended meanwhile is listed as missed. */
function takeReplayed(state: State, occurrence: Occurrence): State {
  if (state.ward === null || state.ward.occurrences.has(occurrence.occurrence)) return state;
  if (occurrence.condition !== "ended") return state;
  const others = state.missed.filter((m) => m.occurrence !== occurrence.occurrence);
  return { ...state, missed: [...others, occurrence] };
}

/** Present, clearing, or latched (contract 6, "occurrences present"). */
export function isShown(occurrence: Occurrence): boolean {
  return occurrence.condition !== "ended" || occurrence.signal === "latched";
}

function applyAlarm(ward: Ward, occurrence: Occurrence): Ward {
  const held = ward.occurrences.get(occurrence.occurrence);
  if (held !== undefined && isOlder(occurrence, held)) return ward;
  const occurrences = new Map(ward.occurrences);
  if (isShown(occurrence)) occurrences.set(occurrence.occurrence, occurrence);
  else occurrences.delete(occurrence.occurrence);
  return { ...ward, occurrences };
}

/** Of all that is told of a session, only its course changes what the page holds; the rest comes
 * with the bed's own view. */
const COURSE: readonly string[] = ["started", "dose", "phase", "ended"];

function takeSession(ward: Ward, told: SessionTold): Ward {
  const reached = reachSeq(ward, told.seq);
  if (!COURSE.includes(told.change)) return reached;
  return replaceBed(reached, told.bed, (view) => ({
    ...view,
    bed: { ...view.bed, session: told.session },
  }));
}

/** Live transitions come in order and without a hole, so the newest stands for all before it. */
function reachSeq(ward: Ward, seq: number | null): Ward {
  return seq === null || seq <= ward.seq ? ward : { ...ward, seq };
}

/** The answer may be on its way longer than the live events, and has no `seq`: it tells only what
 * was not heard yet, and brings nothing back that has ended. */
function takeAnswer(ward: Ward, answer: Occurrence): Ward {
  const held = ward.occurrences.get(answer.occurrence);
  const isNews =
    held !== undefined &&
    (held.revision < answer.revision ||
      (held.revision === answer.revision && held.signal !== "acknowledged"));
  return isNews ? applyAlarm(ward, answer) : ward;
}

/** Without `seq` it was sent before its commit and is the newest there is; with `seq`, the greater
 * is newer; a commit that arrives late for a revision already passed is older. */
export function isOlder(arrived: Occurrence, held: Occurrence): boolean {
  if (arrived.revision !== held.revision) return arrived.revision < held.revision;
  return arrived.seq !== null && held.seq !== null && arrived.seq < held.seq;
}

function dropStaleRefusal(state: State, occurrence: Occurrence): State {
  const ack = state.acks.get(occurrence.occurrence);
  if (ack?.kind !== "refused") return state;
  const settled = !isShown(occurrence) || occurrence.acknowledged !== null;
  return settled ? withAck(state, occurrence.occurrence, null) : state;
}

function withAck(state: State, occurrence: string, ack: AckState | null): State {
  const acks = new Map(state.acks);
  if (ack === null) acks.delete(occurrence);
  else acks.set(occurrence, ack);
  return { ...state, acks };
}

function inWard(state: State, change: (ward: Ward) => Ward): State {
  return state.ward === null ? state : { ...state, ward: change(state.ward) };
}

function replaceBed(ward: Ward, id: string, change: (view: BedView) => BedView): Ward {
  return { ...ward, beds: ward.beds.map((view) => (view.bed.id === id ? change(view) : view)) };
}

/** A message that can't be read may have changed any number: the bed's, or all, are not shown. */
function distrust(ward: Ward, fault: Extract<Message, { kind: "fault" }>): Ward {
  if (fault.event !== "vitals" && fault.event !== "snapshot") return ward;
  const beds = ward.beds.map((view) =>
    fault.bed === null || fault.bed === view.bed.id ? { ...view, unreadable: fault.why } : view,
  );
  return { ...ward, beds };
}
