// The preset's limits with the numbers that hold for this patient: pure. A limit that is out of
// phase stands nowhere on the bed, so what was moved is told from the session's own events.

import type { Preset, PresetLimit } from "../wire-preset.ts";
import type { SessionEvent } from "../wire-session.ts";

export type LimitRow = {
  /** Family, rule, metric and whether it is a change: no two limits share them. */
  readonly key: string;
  readonly limit: PresetLimit;
  /** Null: apnoea. */
  readonly now: number | null;
  readonly isChanged: boolean;
  /** Gates and apnoea can't be moved. */
  readonly isFixed: boolean;
};

/** Families whose limits are gates of a dose or of the way home. */
const GATES: readonly string[] = ["pre-dose", "discharge"];

export function limitRows(preset: Preset, events: readonly SessionEvent[]): readonly LimitRow[] {
  const moved = movedIn(preset, events);
  return preset.limits.map((limit) => {
    const key = keyOf(limit);
    const now = moved.get(key) ?? limit.limit;
    const isFixed = limit.limit === null || GATES.includes(limit.family);
    return { key, limit, now, isChanged: now !== limit.limit, isFixed };
  });
}

function keyOf(limit: PresetLimit): string {
  return [limit.family, limit.rule, limit.metric, limit.change].join(" ");
}

/** Each step names rule and metric; where these leave two, its old number says which it was. */
function movedIn(preset: Preset, events: readonly SessionEvent[]): ReadonlyMap<string, number> {
  const moved = new Map<string, number>();
  for (const { change, act } of events) {
    if (change !== "limit" || act === null) continue;
    const [old, now] = [act.old, act.new].map((text) => (text === null ? NaN : Number(text)));
    const fitting = preset.limits.filter(
      ({ rule, metric, limit }) => limit !== null && act.what === `${rule} ${metric}`,
    );
    const gap = (limit: PresetLimit): number =>
      Math.abs((moved.get(keyOf(limit)) ?? limit.limit ?? NaN) - (old ?? NaN));
    const [meant] = [...fitting].sort((a, b) => gap(a) - gap(b));
    if (meant === undefined || now === undefined || Number.isNaN(now)) continue;
    if (now === meant.limit) moved.delete(keyOf(meant));
    else moved.set(keyOf(meant), now);
  }
  return moved;
}
