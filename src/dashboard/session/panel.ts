// The session's panel of one bed: what is next, and a drawer for each thing a nurse does. It reads
// the session again after each of its changes, after each act, and every few seconds, for gates
// and tasks change with time alone.

import { make, mark, write, writeList, writeOrHide } from "../dom.ts";
import * as say from "../messages/session.ts";
import type { Seen, ViewParts } from "../page-view.ts";
import { isOnTheFloor } from "../person.ts";
import { sessionPath } from "../router.ts";
import type { WireMessage } from "../wire.ts";
import { checkSession, type SessionDetail } from "../wire-session.ts";
import { createBaseline } from "./baseline.ts";
import { createConflict } from "./conflict.ts";
import { createDischarge } from "./discharge.ts";
import { createDose } from "./dose.ts";
import { createDrawers } from "./drawers.ts";
import { createHandover } from "./handover.ts";
import { createIntervention } from "./intervention.ts";
import { createLimits } from "./limits.ts";
import { createMove } from "./move.ts";
import { createObservation } from "./observation.ts";
import { createPreset } from "./preset.ts";
import type { About, OpenSection, SectionName } from "./section.ts";
import { createStandby } from "./standby.ts";
import { createStart } from "./start.ts";
import { createVitals } from "./vitals.ts";

/** Real time. Ours. */
const READ_EVERY_MS = 5_000;

const SECTIONS: Readonly<Record<SectionName, OpenSection>> = {
  conflict: createConflict,
  start: createStart,
  baseline: createBaseline,
  dose: createDose,
  vitals: createVitals,
  observation: createObservation,
  intervention: createIntervention,
  limits: createLimits,
  preset: createPreset,
  standby: createStandby,
  handover: createHandover,
  move: createMove,
  discharge: createDischarge,
};

export type Panel = {
  readonly element: HTMLElement;
  readonly update: (seen: Seen) => void;
  readonly hear: (message: WireMessage) => void;
  /** Opens the drawer of that name, where there is one. */
  readonly turnTo: (name: string) => void;
  readonly close: () => void;
  /** The session as last read. */
  readonly session: () => SessionDetail | null;
};

export function createPanel(bed: string, parts: ViewParts): Panel {
  const who = make("p", { class: "panel-who", dir: "auto" });
  const facts = make("p", { class: "panel-facts" });
  const next = make("ul", { class: "tasks" });
  const note = make("p", { class: "panel-note" });
  const record = make("a", { class: "record-link", "data-go": "" }, [say.RECORD]);
  const phone = make("p", { class: "phone-only" }, [say.USE_A_STATION]);
  let about: About | null = null;
  let session: SessionDetail | null = null;
  let [readMs, reading, again, closed] = [Number.NEGATIVE_INFINITY, false, false, false];
  const shared = { ...parts, bed, refresh: () => void refresh() };
  const drawers = createDrawers((openDrawer) =>
    say.ORDER.map((name) => SECTIONS[name]({ ...shared, openDrawer })),
  );
  const element = make("section", { class: "panel" }, [
    make("div", { class: "panel-head" }, [who, facts]),
    next,
    phone,
    drawers.tabs,
    drawers.drawer,
    note,
    record,
  ]);

  async function refresh(): Promise<void> {
    const id = about?.bed.session?.id ?? null;
    // What is being read now may be of before the act that asks for it.
    again = reading;
    if (closed || reading) return;
    readMs = performance.now();
    if (id === null) {
      session = null;
      return;
    }
    reading = true;
    const answer = await parts.read(`/sessions/${id}`, checkSession);
    reading = false;
    if (closed) return;
    if (about?.bed.session?.id === id) {
      if (answer.kind === "good") session = answer.value;
      write(note, answer.kind === "good" ? "" : answer.why);
      if (about !== null) update(about.seen);
    }
    if (again) void refresh();
  }

  function update(seen: Seen): void {
    const view = seen.ward?.beds.find((one) => one.bed.id === bed);
    if (view === undefined) return;
    const id = view.bed.session?.id ?? null;
    if (session !== null && session.id !== id) session = null;
    const isNew = (about?.bed.session?.id ?? null) !== id;
    about = { bed: view.bed, session, seen };
    if (isNew || (id !== null && performance.now() - readMs >= READ_EVERY_MS)) void refresh();
    paint(about);
  }

  function paint(at: About): void {
    const onFloor = at.seen.person !== null && isOnTheFloor(at.seen.person);
    writeOrHide(who, at.session === null ? "" : say.whoLine(at.session));
    mark(who, "title", who.textContent);
    writeOrHide(facts, at.session === null ? "" : say.factsLine(at.session));
    paintTasks(next, at);
    drawers.update(at, onFloor);
    if (!onFloor) write(note, say.VIEW_ONLY);
    else if (note.textContent === say.VIEW_ONLY) write(note, "");
    record.hidden = at.bed.session === null;
    mark(record, "href", at.bed.session === null ? null : sessionPath(at.bed.session.id));
  }

  return {
    element,
    update,
    hear: (message) => {
      if (message.event === "session" && message.data.bed === bed) void refresh();
    },
    turnTo: (name) => {
      const section = say.ORDER.find((one) => one === name);
      if (section !== undefined) drawers.ask(section);
    },
    close: () => {
      closed = true;
    },
    session: () => session,
  };
}

function paintTasks(list: HTMLElement, { session, seen }: About): void {
  const tasks = session?.tasks ?? [];
  const lines = tasks.map((task) => {
    const leftS = (task.due - seen.serverMs) / 1000;
    return `${say.taskLine(task)} ${seen.isLive ? say.taskWhen(task.state, leftS) : ""}`;
  });
  writeList(list, "li", lines);
  [...list.children].forEach((line, at) => mark(line, "data-state", tasks[at]?.state ?? null));
}
