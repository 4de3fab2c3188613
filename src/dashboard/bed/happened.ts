// What happened on a bed, pure: the session's steps and the bed's alarms as one list, newest first.

import { endWord } from "../messages.ts";
import * as say from "../messages/bed.ts";
import type { ActNote, SessionDetail } from "../wire-session.ts";
import type { Occurrence, Priority } from "../wire.ts";

export type Happening = {
  readonly key: string;
  readonly at: number;
  readonly what: string;
  /** Empty: it came by itself. */
  readonly who: string;
  readonly why: string;
  /** Where an alarm began. */
  readonly alarm: { readonly priority: Priority; readonly isTechnical: boolean } | null;
};

/** Of a session that runs only what belongs to it: an alarm of the patient before is none of it. */
export function happenings(
  session: SessionDetail | null,
  alarms: readonly Occurrence[],
): readonly Happening[] {
  const steps = (session?.events ?? []).map(({ seq, at, change, phase, act }) => ({
    key: `s${seq}`,
    at,
    what: isDoseEnd(session, change, at, act)
      ? say.DOSE_ENDED
      : say.changeLine(change, phase, act),
    who: act?.by ?? "",
    why: say.reasonLine(act),
    alarm: null,
  }));
  const from = session?.started ?? Number.NEGATIVE_INFINITY;
  const all: readonly Happening[] = [...steps, ...alarms.flatMap(told)];
  return all.filter(({ at }) => at >= from).sort((a, b) => b.at - a.at || (a.key < b.key ? 1 : -1));
}

/** A pump's own word on a dose is the same for its start and its end. */
function isDoseEnd(
  session: SessionDetail | null,
  change: string,
  at: number,
  act: ActNote | null,
): boolean {
  const ends = (session?.doses ?? []).map((dose) => dose.ended ?? Number.NaN);
  return change === "dose" && act === null && ends.some((end) => Math.abs(end - at) < 1000);
}

function told(alarm: Occurrence): readonly Happening[] {
  const { occurrence: id, onset, priority, kind, acknowledged, ended, ended_by: by } = alarm;
  const plain = { who: "", why: "", alarm: null };
  const mark = { priority, isTechnical: kind === "technical" };
  const found: Happening[] = [
    { ...plain, key: `a${id}-0`, at: onset, what: say.alarmBegan(alarm), alarm: mark },
  ];
  if (acknowledged !== null) {
    const what = say.alarmAcknowledged(alarm);
    found.push({ ...plain, key: `a${id}-1`, at: acknowledged.at, what, who: acknowledged.by });
  }
  if (ended !== null) {
    const [what, why] = [say.alarmEnded(alarm), endWord(alarm)];
    found.push({ ...plain, key: `a${id}-2`, at: ended, what, who: by ?? "", why });
  }
  return found;
}
