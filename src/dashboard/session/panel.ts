// The session's panel of one bed: what is next, and a drawer for each thing a nurse does. It reads
// the session again after each of its changes, after each act, and every few seconds, for gates
// and tasks change with time alone.

import { make, mark, write, writeOrHide } from "../dom.ts";
import { duration } from "../format.ts";
import * as say from "../messages/session.ts";
import type { Seen, ViewParts } from "../page-view.ts";
import { isOnTheFloor } from "../person.ts";
import { sessionPath } from "../router.ts";
import type { WireMessage } from "../wire.ts";
import { checkSession, type SessionDetail } from "../wire-session.ts";
import { createBaseline } from "./baseline.ts";
import { createDischarge } from "./discharge.ts";
import { createDose } from "./dose.ts";
import { createHandover } from "./handover.ts";
import { createIntervention } from "./intervention.ts";
import { createLimits } from "./limits.ts";
import { createMove } from "./move.ts";
import { createObservation } from "./observation.ts";
import { createPreset } from "./preset.ts";
import type { About, OpenSection, Section, SectionName } from "./section.ts";
import { createStandby } from "./standby.ts";
import { createStart } from "./start.ts";
import { createVitals } from "./vitals.ts";

/** Real time. Ours. */
const READ_EVERY_MS = 5_000;

const SECTIONS: Readonly<Record<SectionName, OpenSection>> = {
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
  readonly close: () => void;
  /** The session as last read. */
  readonly session: () => SessionDetail | null;
};

export function createPanel(bed: string, parts: ViewParts): Panel {
  const next = make("ul", { class: "tasks" });
  const tabs = make("div", { class: "drawer-tabs", role: "group" });
  const drawer = make("div", { class: "drawer" });
  const note = make("p", { class: "panel-note" });
  const record = make("a", { class: "record-link", "data-go": "" }, [say.RECORD]);
  const element = make("section", { class: "panel" }, [next, tabs, drawer, note, record]);
  let about: About | null = null;
  let session: SessionDetail | null = null;
  let open: SectionName | null = null;
  let [readMs, reading, closed] = [Number.NEGATIVE_INFINITY, false, false];
  const shared = { ...parts, bed, refresh: () => void refresh(), openDrawer: show };
  const sections = say.ORDER.map((name) => SECTIONS[name](shared));
  const buttons = new Map(sections.map((section) => [section, tabOf(section)]));
  tabs.append(...buttons.values());

  function tabOf(section: Section): HTMLButtonElement {
    const button = make("button", { type: "button", "data-drawer": section.name });
    button.addEventListener("click", () => show(open === section.name ? null : section.name));
    return button;
  }

  function show(name: SectionName | null): void {
    open = name;
    const section = sections.find((one) => one.name === name);
    drawer.replaceChildren(...(section === undefined ? [] : [section.element]));
    if (section !== undefined && about !== null) {
      section.update(about);
      section.opened(about);
    }
    paint();
  }

  async function refresh(): Promise<void> {
    const id = about?.bed.session?.id ?? null;
    if (closed || reading) return;
    readMs = performance.now();
    if (id === null) {
      session = null;
      return;
    }
    reading = true;
    const answer = await parts.read(`/sessions/${id}`, checkSession);
    reading = false;
    if (closed || about?.bed.session?.id !== id) return;
    if (answer.kind === "good") session = answer.value;
    write(note, answer.kind === "good" ? "" : answer.why);
    if (about !== null) update(about.seen);
  }

  function update(seen: Seen): void {
    const view = seen.ward?.beds.find((one) => one.bed.id === bed);
    if (view === undefined) return;
    const id = view.bed.session?.id ?? null;
    if (session !== null && session.id !== id) session = null;
    const isNew = (about?.bed.session?.id ?? null) !== id;
    about = { bed: view.bed, session, seen };
    if (isNew || (id !== null && performance.now() - readMs >= READ_EVERY_MS)) void refresh();
    paint();
  }

  function paint(): void {
    if (about === null) return;
    const at: About = about;
    const onFloor = at.seen.person !== null && isOnTheFloor(at.seen.person);
    paintTasks(next, at);
    for (const [section, button] of buttons) {
      const label = onFloor ? section.label(at) : null;
      writeOrHide(button, label ?? "");
      mark(button, "aria-expanded", String(open === section.name));
      if (label === null && open === section.name) show(null);
    }
    sections.find((one) => one.name === open)?.update(at);
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
    close: () => {
      closed = true;
    },
    session: () => session,
  };
}

function paintTasks(list: HTMLElement, { session, seen }: About): void {
  const tasks = session?.tasks ?? [];
  while (list.children.length > tasks.length) list.lastElementChild?.remove();
  while (list.children.length < tasks.length) list.append(make("li"));
  tasks.forEach((task, place) => {
    const line = list.children[place] as HTMLElement;
    const leftS = (task.due - seen.serverMs) / 1000;
    const when = `${leftS < 0 ? "-" : ""}${duration(Math.abs(leftS))}`;
    write(line, `${say.taskLine(task)} ${when}`);
    mark(line, "data-state", task.state);
  });
}
