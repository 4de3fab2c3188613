// The record of one session (contract 8): who, what was given, measured and done, corrections of
// it, and its report. Of one that has ended the service tells who and when; the rest is in the
// report. `/sessions/recent` is the list alone.

import { make, writeList } from "../dom.ts";
import * as say from "../messages/record.ts";
import type { OpenView, Seen, ViewParts } from "../page-view.ts";
import type { Place } from "../router.ts";
import { checkAnySession, type AnySession, type SessionDetail } from "../wire-session.ts";
import { createCorrection } from "./correction.ts";
import { createRecent } from "./recent.ts";
import { createDoses } from "./record-doses.ts";
import { createHead, type Known } from "./record-head.ts";
import { createReadings } from "./record-readings.ts";
import { stayOf, type Stay } from "./readings-pager.ts";

/** Not a session's id, which is a UUID. */
const LIST_ONLY = "recent";
const READ_EVERY_MS = 5_000;
const UNKNOWN = 404;

export const openRecord: OpenView<Extract<Place, { view: "session" }>> = (place, parts) => {
  const id = place.session;
  const recent = createRecent(parts);
  const part = id === LIST_ONLY ? null : createRecord(id, parts, recent);
  const title = part === null ? say.SESSIONS_TITLE : say.RECORD_TITLE;
  const element = make("section", { class: "page record-page" }, [
    ...(part === null ? [] : [make("h1", {}, [title]), part.element]),
    recent.element,
  ]);
  if (part === null) void recent.read();
  return {
    title,
    element,
    update: (seen) => {
      part?.update(seen);
      recent.update(seen);
    },
    hear: (message) => {
      if (message.event !== "session") return;
      part?.hear(message.data.bed, message.data.change);
      if (part === null && ["started", "ended"].includes(message.data.change))
        void recent.read();
    },
    close: () => {
      part?.close();
      recent.close();
    },
  };
};

type Record = {
  readonly element: HTMLElement;
  readonly update: (seen: Seen) => void;
  readonly hear: (bed: string, change: string) => void;
  readonly close: () => void;
};

function createRecord(
  id: string,
  parts: ViewParts,
  recent: ReturnType<typeof createRecent>,
): Record {
  let known: Known = { kind: "nothing" };
  let seen: Seen | null = null;
  let [readMs, isReading, again, closed] = [Number.NEGATIVE_INFINITY, false, false, false];
  const head = createHead(id);
  const running = createRunning(id, parts, () => void read());

  async function read(): Promise<void> {
    // What is being read now may be of before the change that asks for it.
    again = isReading;
    if (isReading || closed || known.kind === "ended") return;
    [isReading, readMs] = [true, performance.now()];
    const answer = await parts.read(`/sessions/${encodeURIComponent(id)}`, checkAnySession);
    if (answer.kind === "good") take(answer.value);
    else if (answer.status === UNKNOWN) nothingFound();
    else head.say(answer.why);
    isReading = false;
    if (again) void read();
  }

  function nothingFound(): void {
    readMs = Number.POSITIVE_INFINITY;
    head.say(say.NO_SUCH_SESSION);
    void recent.read();
  }

  function take(next: AnySession): void {
    // The journal may be a moment behind: then it is asked again.
    if (closed || (next.kind === "ended" && next.past.ended === null)) return;
    head.say(next.kind === "ended" ? say.IN_THE_REPORT : "");
    if (next.kind !== known.kind) void recent.read();
    known = next;
    paint();
  }

  function paint(): void {
    if (seen === null) return;
    head.update(known, seen);
    running.element.hidden = known.kind !== "runs";
    if (known.kind === "runs") running.update(known.session, seen);
  }

  return {
    element: make("div", { class: "record" }, [head.element, running.element]),
    update: (now) => {
      seen = now;
      if (!isReading && performance.now() - readMs >= READ_EVERY_MS) void read();
      paint();
    },
    hear: (bed, change) => {
      if (known.kind !== "runs" || known.session.bed !== bed) return;
      void read();
      if (change.startsWith("reading-")) running.restart();
    },
    close: () => {
      closed = true;
      running.close();
    },
  };
}

type Running = {
  readonly element: HTMLElement;
  readonly update: (session: SessionDetail, seen: Seen) => void;
  /** A reading was entered or corrected. */
  readonly restart: () => void;
  readonly close: () => void;
};

/** What is told, and can be corrected, of a session that runs. */
function createRunning(id: string, parts: ViewParts, onCorrected: () => void): Running {
  let stay: Stay | null = null;
  const correction = createCorrection(parts, () => {
    restart();
    onCorrected();
  });
  const doses = createDoses(id, correction.open);
  const readings = createReadings(parts, correction.open);
  const events = make("ol", { class: "record-events", reversed: "", dir: "auto" });

  function restart(): void {
    if (stay !== null) readings.restart(stay);
  }

  return {
    element: make("div", { class: "record-columns" }, [
      make("div", {}, [correction.element, doses.element, readings.element]),
      make("section", { class: "record-part" }, [make("h2", {}, [say.EVENTS]), events]),
    ]),
    restart,
    close: readings.close,
    update: (session, seen) => {
      const now = stayOf(session);
      const isNew = stay?.bed !== now.bed || stay.since !== now.since;
      stay = now;
      if (isNew) restart();
      readings.update(seen);
      doses.update(session.doses, seen);
      const { seconds } = seen.time;
      const told = [...session.events].reverse();
      writeList(events, "li", told.map((one) => `${seconds(one.at)}  ${say.eventLine(one)}`));
    },
  };
}
