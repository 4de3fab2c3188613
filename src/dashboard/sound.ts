// Decides which burst sounds when. Pure: the schedule of each priority (alarms 3, "We use") and
// the choice (highest priority only, a running burst finishes, acknowledged and ended are silent,
// LOW once per occurrence, a reminder as one LOW burst). audio.ts plays what this decides.

import { rank } from "./format.ts";
import { isEscalated } from "./order.ts";
import type { Occurrence, Priority } from "./wire.ts";

export type Pulse = { readonly atMs: number; readonly lengthMs: number; readonly hz: number };

/** `repeatMs` is from start to start; null: once. `gain` 0..1. */
export type Burst = {
  readonly pulses: readonly Pulse[];
  readonly repeatMs: number | null;
  readonly gain: number;
};

/** Relative amplitudes of fundamental and harmonics, within 15 dB of each other (alarms 3). */
export const HARMONICS: readonly number[] = [1, 0.85, 0.7, 0.6, 0.5, 0.4];
/** Share of a pulse that it rises, and again falls (alarms 3). */
export const RISE_SHARE = 0.2;

const HZ = { high: 523, medium: 440, low: 392, technical: 330 } as const;

/** HIGH: 3 + 2 pulses, twice; MEDIUM: 3; LOW: 1 (alarms 3, "We use"). */
const STARTS_MS: Readonly<Record<Priority, readonly number[]>> = {
  high: [0, 250, 500, 1000, 1250, 2100, 2350, 2600, 3100, 3350],
  medium: [0, 400, 800],
  low: [0],
};
const LENGTH_MS: Readonly<Record<Priority, number>> = { high: 150, medium: 200, low: 200 };
const REPEAT_MS: Readonly<Record<Priority, number | null>> = {
  high: 8_000,
  medium: 20_000,
  low: null,
};
/** HIGH is never quieter than MEDIUM, nor MEDIUM than LOW (alarms 3). */
const GAIN: Readonly<Record<Priority, number>> = { high: 0.9, medium: 0.75, low: 0.6 };

/** From E1 on the same burst is louder, but never as loud as the next priority (alarms 12). */
const ESCALATED_GAIN: Readonly<Record<Priority, number>> = { high: 1, medium: 0.85, low: 0.6 };

export function burstOf(priority: Priority, kind: Occurrence["kind"]): Burst {
  const hz = kind === "technical" ? HZ.technical : HZ[priority];
  const pulses = STARTS_MS[priority].map((atMs) => ({ atMs, lengthMs: LENGTH_MS[priority], hz }));
  return { pulses, repeatMs: REPEAT_MS[priority], gain: GAIN[priority] };
}

/** One burst of each priority, through the same path as real alarms (alarms 3), so that a person
 * can say whether they are heard. */
export function soundTest(): Burst {
  const gapMs = 700;
  let startMs = 0;
  const pulses: Pulse[] = [];
  for (const priority of ["low", "medium", "high"] as const) {
    const burst = burstOf(priority, "physiological");
    pulses.push(...burst.pulses.map((p) => ({ ...p, atMs: p.atMs + startMs })));
    startMs += lengthOf(burst) + gapMs;
  }
  return { pulses, repeatMs: null, gain: GAIN.low };
}

/** This page lost the service: two falling tones, unlike any alarm (alarms 9.3). Ours. */
export const CONNECTION_LOST_TONE: Burst = {
  pulses: [
    { atMs: 0, lengthMs: 400, hz: 294 },
    { atMs: 500, lengthMs: 600, hz: 220 },
  ],
  repeatMs: 3_000,
  gain: 0.9,
};

export function lengthOf(burst: Burst): number {
  return Math.max(...burst.pulses.map((p) => p.atMs + p.lengthMs));
}

/** Between two bursts, so that the last pulse of one and the first of the next stay two. Ours: as
 * between two pulses of HIGH. */
const REST_MS = 100;

/** How long nothing else may start. */
export function busyFor(burst: Burst): number {
  return lengthOf(burst) + REST_MS;
}

/** `told`: the priority at which each sounding occurrence was last sounded; `reminders`: the
 * occurrences whose reminder is due and not yet heard. */
export type SoundMemory = {
  readonly told: ReadonlyMap<string, Priority>;
  readonly reminders: ReadonlySet<string>;
  readonly startedMs: Readonly<Partial<Record<Priority, number>>>;
  readonly busyUntilMs: number;
};

export const SILENCE: SoundMemory = {
  told: new Map(),
  reminders: new Set(),
  startedMs: {},
  busyUntilMs: 0,
};

/** A live transition was heard: a reminder asks for one burst (alarms 11, row 20). */
export function hearChange(memory: SoundMemory, occurrence: Occurrence): SoundMemory {
  if (occurrence.change !== "reminded" || occurrence.replayed === true) return memory;
  return { ...memory, reminders: new Set([...memory.reminders, occurrence.occurrence]) };
}

export type Choice = { readonly burst: Burst | null; readonly memory: SoundMemory };

/** What to start at `nowMs` (a real-time clock), if anything. */
export function nextBurst(
  before: SoundMemory,
  occurrences: readonly Occurrence[],
  nowMs: number,
): Choice {
  const sounding = occurrences.filter((o) => isSounding(o) || isGap(o));
  const told = stillTold(before.told, sounding);
  const reminded = occurrences.filter((o) => isReminded(o, before.reminders));
  const memory = { ...before, told, reminders: new Set(reminded.map((o) => o.occurrence)) };
  const isNew = (o: Occurrence): boolean => {
    const at = told.get(o.occurrence);
    return at === undefined || rank(o.priority) > rank(at);
  };
  const asking = sounding.filter((o) => isNew(o) || (isSounding(o) && o.priority !== "low"));
  const top = asking.reduce<Occurrence | null>((best, o) => (louder(o, best) ? o : best), null);
  if (nowMs < memory.busyUntilMs) return { burst: null, memory };
  if (top === null) {
    const [first] = reminded;
    return first === undefined ? { burst: null, memory } : remind(memory, first, nowMs);
  }

  const peers = sounding.filter((o) => o.priority === top.priority);
  const burst = loud(burstOf(top.priority, top.kind), top.priority, peers);
  const started = memory.startedMs[top.priority];
  const repeatDue =
    burst.repeatMs !== null && (started === undefined || nowMs >= started + burst.repeatMs);
  if (!peers.some(isNew) && !repeatDue) return { burst: null, memory };

  for (const peer of peers) told.set(peer.occurrence, peer.priority);
  return {
    burst,
    memory: {
      ...memory,
      startedMs: { ...memory.startedMs, [top.priority]: nowMs },
      busyUntilMs: nowMs + busyFor(burst),
    },
  };
}

/** One burst reminds of all that wait: the rate limit is per sound, never per event. */
function remind(memory: SoundMemory, of: Occurrence, nowMs: number): Choice {
  const burst = burstOf("low", of.kind);
  return {
    burst,
    memory: { ...memory, reminders: new Set(), busyUntilMs: nowMs + busyFor(burst) },
  };
}

function loud(burst: Burst, priority: Priority, peers: readonly Occurrence[]): Burst {
  return peers.some(isEscalated) ? { ...burst, gain: ESCALATED_GAIN[priority] } : burst;
}

/** Only what is still acknowledged: what sounds again by itself needs no reminder. */
function isReminded(occurrence: Occurrence, due: ReadonlySet<string>): boolean {
  return due.has(occurrence.occurrence) && occurrence.signal === "acknowledged";
}

/** What no longer sounds is forgotten; what fell to a lower priority counts as told at that one,
 * so that falling is silent and going up again sounds again (alarms 11, rows 13 and 14). */
function stillTold(
  told: ReadonlyMap<string, Priority>,
  sounding: readonly Occurrence[],
): Map<string, Priority> {
  const kept = new Map<string, Priority>();
  for (const { occurrence, priority } of sounding) {
    const before = told.get(occurrence);
    if (before !== undefined)
      kept.set(occurrence, rank(priority) < rank(before) ? priority : before);
  }
  return kept;
}

function isSounding(occurrence: Occurrence): boolean {
  return occurrence.signal === "active" && occurrence.condition !== "ended";
}

/** The gap after a restart is raised latched, and gets one burst all the same (alarms 11, 28). */
function isGap(occurrence: Occurrence): boolean {
  return occurrence.family === "monitoring-gap" && occurrence.signal === "latched";
}

function louder(candidate: Occurrence, best: Occurrence | null): boolean {
  if (best === null) return true;
  const gap = rank(candidate.priority) - rank(best.priority);
  return gap > 0 || (gap === 0 && candidate.kind === "physiological" && best.kind === "technical");
}
