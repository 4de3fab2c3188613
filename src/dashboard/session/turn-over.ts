// Since when a bed's readings are those of its session's patient. The service knows and does not
// tell: here it is the session's start, but where at this screen a nurse said "same patient".

import type { ViewParts } from "../page-view.ts";
import { checkSessions, type PastSession, type SessionDetail } from "../wire-session.ts";

/** Sessions that began here with the readings of before. */
const same = new Set<string>();
/** Then readings are the patient's from so long before the session, at most (contract 3.3). */
const WALK_IN_MS = 3_600_000;

export function noteSamePatient(session: string): void {
  same.add(session);
}

/** What was measured from then on may be offered; an answer of a moment later may be earlier. */
export async function readingsFrom(
  session: SessionDetail,
  parts: Pick<ViewParts, "read">,
): Promise<number> {
  if (!same.has(session.id)) return session.started;
  const past = await parts.read("/sessions?state=all&limit=50", checkSessions);
  return past.kind === "good" ? leftBefore(session, past.value.items) : session.started;
}

/** When the patient before left the bed, as far as the newest sessions tell. */
export function leftBefore(
  session: Pick<SessionDetail, "bed" | "started">,
  past: readonly Pick<PastSession, "bed" | "ended">[],
): number {
  const ends = past.filter(({ bed }) => bed === session.bed).map(({ ended }) => ended ?? 0);
  const before = ends.filter((ended) => ended <= session.started);
  return Math.max(session.started - WALK_IN_MS, ...before);
}
