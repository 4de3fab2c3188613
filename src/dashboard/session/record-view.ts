// The record of one session (contract 8): who, what was given, measured and done, corrections of
// it, and its report. Of one that has ended the service tells who and when; the rest is in the
// report. `/sessions/recent` is the list alone.

import { arrange, make, mark, write, writeList, writeOrHide } from "../dom.ts";
import * as say from "../messages/record.ts";
import type { OpenView, Seen, ViewParts } from "../page-view.ts";
import { bedPath, type Place } from "../router.ts";
import { checkSession, type Dose, type PastSession, type SessionDetail } from "../wire-session.ts";
import { createCorrection, type Target } from "./correction.ts";
import { createRecent } from "./recent.ts";
import { createReadings } from "./record-readings.ts";

/** Not a session's id, which is a UUID. */
const LIST_ONLY = "recent";
const READ_EVERY_MS = 5_000;
const UNKNOWN = 404;

type Known =
  | { readonly kind: "nothing" }
  | { readonly kind: "runs"; readonly session: SessionDetail }
  | { readonly kind: "ended"; readonly past: PastSession };

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
      part?.hear(message.data.change);
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
  readonly hear: (change: string) => void;
  readonly close: () => void;
};

function createRecord(
  id: string,
  parts: ViewParts,
  recent: ReturnType<typeof createRecent>,
): Record {
  let known: Known = { kind: "nothing" };
  let seen: Seen | null = null;
  let [readMs, isReading, closed] = [Number.NEGATIVE_INFINITY, false, false];
  const head = createHead(id);
  const correction = createCorrection(parts, again);
  const doses = createDoses(id, correction.open);
  const readings = createReadings(parts, correction.open);
  const events = make("ol", { class: "record-events", reversed: "" });
  const running = make("div", { class: "record-columns" }, [
    make("div", {}, [correction.element, doses.element, readings.element]),
    make("section", { class: "record-part" }, [make("h2", {}, [say.EVENTS]), events]),
  ]);
  running.hidden = true;
  const element = make("div", { class: "record" }, [head.element, running]);

  async function read(): Promise<void> {
    if (isReading || closed || known.kind === "ended") return;
    [isReading, readMs] = [true, performance.now()];
    const answer = await parts.read(`/sessions/${encodeURIComponent(id)}`, checkSession);
    if (answer.kind === "good") take({ kind: "runs", session: answer.value });
    else if (answer.status === UNKNOWN) await readPast();
    else head.say(answer.why);
    isReading = false;
  }

  async function readPast(): Promise<void> {
    await recent.read();
    const past = await recent.search(id);
    if (typeof past === "string") return head.say(past);
    if (past === null) {
      readMs = Number.POSITIVE_INFINITY;
      return head.say(say.NO_SUCH_SESSION);
    }
    // The journal may be a moment behind: then it is asked again.
    if (past.ended !== null) take({ kind: "ended", past });
  }

  function take(next: Known): void {
    if (closed) return;
    head.say(next.kind === "ended" ? say.IN_THE_REPORT : "");
    const isNew = next.kind === "runs" && known.kind !== "runs";
    known = next;
    running.hidden = next.kind !== "runs";
    if (next.kind === "runs" && isNew) {
      readings.restart(next.session.bed, next.session.started);
      void recent.read();
    }
    paint();
  }

  function again(): void {
    if (known.kind === "runs") readings.restart(known.session.bed, known.session.started);
    void read();
  }

  function paint(): void {
    if (seen === null) return;
    head.update(known, seen);
    if (known.kind !== "runs") return;
    const { time } = seen;
    doses.update(known.session.doses, seen);
    const told = [...known.session.events].reverse();
    mark(events, "dir", "auto");
    writeList(events, "li", told.map((one) => `${time.seconds(one.at)}  ${say.eventLine(one)}`));
  }

  return {
    element,
    update: (now) => {
      seen = now;
      if (performance.now() - readMs >= READ_EVERY_MS) void read();
      if (known.kind === "runs") readings.update(now);
      paint();
    },
    hear: (change) => {
      void read();
      if (change.startsWith("reading-") && known.kind === "runs")
        readings.restart(known.session.bed, known.session.started);
    },
    close: () => {
      closed = true;
      readings.close();
    },
  };
}

type Head = {
  readonly element: HTMLElement;
  readonly say: (text: string) => void;
  readonly update: (known: Known, seen: Seen) => void;
};

function createHead(id: string): Head {
  const who = make("p", { class: "record-who", dir: "auto" });
  const when = make("p");
  const note = make("p", { class: "hint", role: "status" });
  const to = `/api/v1/sessions/${encodeURIComponent(id)}`;
  const bed = make("a", { "data-go": "" }, [say.TO_BED]);
  const links = make("nav", { class: "record-links", "aria-label": say.REPORT }, [
    make("a", { href: `${to}/report`, target: "_blank", rel: "noopener" }, [say.REPORT]),
    make("a", { href: `${to}/export.csv`, download: "" }, [say.CSV]),
    make("a", { href: `${to}/export.fhir.json`, download: "" }, [say.FHIR]),
    bed,
  ]);
  links.hidden = true;
  return {
    element: make("header", { class: "record-head" }, [who, when, links, note]),
    say: (text) => writeOrHide(note, text),
    update: (known, { time }) => {
      if (known.kind === "nothing") return;
      const of = known.kind === "runs" ? known.session : known.past;
      links.hidden = false;
      bed.hidden = known.kind !== "runs";
      mark(bed, "href", known.kind === "runs" ? bedPath(known.session.bed) : null);
      write(who, say.recordHead(of.patient));
      mark(who, "title", who.textContent);
      const treated = say.treatment(of.drug, of.route);
      const began = time.day(of.started);
      const course =
        known.kind === "runs"
          ? say.runsSince(began, known.session.phase)
          : say.endedLine(began, time.day(known.past.ended ?? 0), known.past.disposition);
      write(when, `${treated} · ${course}`);
    },
  };
}

function createDoses(
  id: string,
  onCorrect: (target: Target) => void,
): { readonly element: HTMLElement; readonly update: (d: readonly Dose[], seen: Seen) => void } {
  const list = make("ul", { class: "record-list" });
  const none = make("p", { class: "hint" });
  const lines = new Map<string, HTMLElement>();
  let now: { readonly doses: readonly Dose[]; readonly seen: Seen } | null = null;

  function lineOf(dose: Dose): HTMLElement {
    const made = lines.get(dose.id);
    if (made !== undefined) return made;
    const button = make("button", { type: "button" }, [say.CORRECT]);
    button.addEventListener("click", () => {
      const given = now?.doses.find((one) => one.id === dose.id);
      if (now === null || given === undefined) return;
      const what = say.doseLine(given, now.seen.time.seconds);
      const path = `/sessions/${encodeURIComponent(id)}/doses/${given.id}`;
      onCorrect({ what, unit: "mg", values: [{ path, label: what }] });
    });
    const line = make("li", {}, [make("div", {}, [make("p"), make("p")]), button]);
    lines.set(dose.id, line);
    return line;
  }

  return {
    element: make("section", { class: "record-part" }, [make("h2", {}, [say.DOSES]), none, list]),
    update: (doses, seen) => {
      now = { doses, seen };
      writeOrHide(none, doses.length === 0 ? say.NO_DOSE : "");
      arrange(list, doses.map(lineOf), null);
      for (const dose of doses) {
        const line = lineOf(dose);
        const [text, voided] = line.querySelectorAll("p");
        if (text !== undefined) write(text, say.doseLine(dose, seen.time.seconds));
        const by = dose.voided_by;
        if (voided !== undefined) writeOrHide(voided, by === null ? "" : say.voidedBy(by));
        mark(line, "data-void", by === null ? null : "");
        const button = line.querySelector("button");
        if (button !== null) button.hidden = by !== null;
      }
    },
  };
}
