// What a new nurse has done of the first minute's five steps: pure. Each is told by what the ward
// says of it, so that it counts however it was done.

import type { Place } from "../router.ts";
import type { Ward } from "../store.ts";
import type { Bed } from "../wire.ts";

export const STEPS = ["look", "pause", "acknowledge", "start", "end"] as const;
export type GuideStep = (typeof STEPS)[number];

/** About so long ago was the dose of the patient to look at. */
const DOSED_S = 20 * 60;

/** `dosed` and `free`: the beds that the steps name, as they were at first; null: no such bed.
 * `before`: sessions and acknowledged alarms that were there at first, so none of the nurse's
 * doing. `own`: the session that was started, and its bed. */
export type Guide = {
  readonly dosed: string | null;
  readonly free: string | null;
  readonly own: { readonly session: string; readonly bed: string } | null;
  readonly before: ReadonlySet<string>;
  readonly done: ReadonlySet<GuideStep>;
};

export function beginGuide(ward: Ward): Guide {
  const beds = ward.beds.map((view) => view.bed);
  const away = (bed: Bed): number => Math.abs((bed.since_dose_s ?? 0) - DOSED_S);
  const dosed = beds.filter((bed) => bed.session !== null && bed.since_dose_s !== null);
  const [nearest] = dosed.sort((a, b) => away(a) - away(b));
  const free = beds.find((bed) => bed.session === null && bed.standby === null);
  const sessions = beds.flatMap((bed) => (bed.session === null ? [] : [bed.session.id]));
  const answered = [...ward.occurrences.values()].filter((one) => one.acknowledged !== null);
  return {
    dosed: nearest?.id ?? null,
    free: free?.id ?? null,
    own: null,
    before: new Set([...sessions, ...answered.map((one) => one.occurrence)]),
    done: new Set(),
  };
}

/** The same where nothing was done. */
export function advance(guide: Guide, ward: Ward, place: Place, person: string): Guide {
  const beds = ward.beds.map((view) => view.bed);
  const own = guide.own ?? ownSession(guide, beds, person);
  const isOver = own !== null && !beds.some((bed) => bed.session?.id === own.session);
  const seen: Readonly<Record<GuideStep, boolean>> = {
    look: place.view === "bed" && (guide.dosed === null || place.bed === guide.dosed),
    acknowledge: [...ward.occurrences.values()].some(
      (one) => one.acknowledged?.by === person && !guide.before.has(one.occurrence),
    ),
    pause: beds.some((bed) => bed.audio_paused_by === person),
    start: own !== null,
    end: isOver,
  };
  const done = new Set(STEPS.filter((step) => guide.done.has(step) || seen[step]));
  if (done.size === guide.done.size && own === guide.own) return guide;
  return { ...guide, own, done };
}

/** The first that is not done; null: all are. */
export function nextStep(guide: Guide): GuideStep | null {
  return STEPS.find((step) => !guide.done.has(step)) ?? null;
}

/** The bed that a step is about. */
export function bedOf(guide: Guide, step: GuideStep): string | null {
  switch (step) {
    case "look":
      return guide.dosed;
    case "start":
      return guide.free;
    case "end":
      return guide.own?.bed ?? null;
    case "acknowledge":
    case "pause":
      return null;
  }
}

function ownSession(guide: Guide, beds: readonly Bed[], person: string): Guide["own"] {
  const bed = beds.find(
    ({ session, responsible }) =>
      session !== null && !guide.before.has(session.id) && responsible?.name === person,
  );
  return bed?.session == null ? null : { session: bed.session.id, bed: bed.id };
}
