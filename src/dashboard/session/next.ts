// Which drawer a visit needs next, and opens by itself: pure.

import type { Dose, SessionDetail } from "../wire-session.ts";
import type { SectionName } from "./section.ts";

/** Null: nothing presses, or the session is not read yet. */
export function nextDrawer(
  bed: { readonly session: unknown },
  session: SessionDetail | null,
  isInConflict = false,
): SectionName | null {
  if (isInConflict) return "conflict";
  if (bed.session === null) return "start";
  if (session === null) return null;
  const doses = countingDoses(session);
  if (doses.some((dose) => dose.ended === null)) return "dose";
  if (doses.length > 0)
    return session.tasks.some(({ what }) => what === "next_device") ? "dose" : null;
  return session.gates.dose.some(({ what }) => what === "baseline") ? "baseline" : "dose";
}

/** Those that were neither taken back nor voided, oldest first. */
export function countingDoses(session: Pick<SessionDetail, "doses">): readonly Dose[] {
  return session.doses.filter((dose) => dose.voided_by === null);
}
