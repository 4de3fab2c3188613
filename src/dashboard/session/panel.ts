// The session's panel of one bed: what is next, and a drawer for each thing a nurse does. It reads
// the session again after each of its changes, after each act, and every few seconds, for gates
// and tasks change with time alone. The drawer that a visit needs next opens by itself where no
// person has opened another; then it never takes the focus.

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
import { nextDrawer } from "./next.ts";
import { createObservation } from "./observation.ts";
import { createPreset } from "./preset.ts";
import type { About, OpenSection, Section, SectionName } from "./section.ts";
import { createStandby } from "./standby.ts";
import { createStart } from "./start.ts";
import { createVitals } from "./vitals.ts";

/** Real time. Ours. */
const READ_EVERY_MS = 5_000;
/** A drawer that a person asked for and that is not offered by then is forgotten. Ours. */
const WAIT_FOR_OFFER_MS = 8_000;

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
  const facts = make("p", { class: "panel-facts", dir: "auto" });
  const next = make("ul", { class: "tasks" });
  const note = make("p", { class: "panel-note" });
  const record = make("a", { class: "record-link", "data-go": "" }, [say.RECORD]);
  let about: About | null = null;
  let session: SessionDetail | null = null;
  let [readMs, reading, again, closed] = [Number.NEGATIVE_INFINITY, false, false, false];
  const shared = { ...parts, bed, refresh: () => void refresh() };
  const drawers = createDrawers((openDrawer) =>
    say.ORDER.map((name) => SECTIONS[name]({ ...shared, openDrawer })),
  );
  const element = make("section", { class: "panel" }, [
    facts,
    next,
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
    writeOrHide(facts, at.session === null ? "" : say.factsLine(at.session));
    mark(facts, "title", facts.textContent);
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
    close: () => {
      closed = true;
    },
    session: () => session,
  };
}

type Drawers = {
  readonly tabs: HTMLElement;
  readonly drawer: HTMLElement;
  readonly update: (about: About, onFloor: boolean) => void;
};

/** One is open at a time: `isOwn` where a person opened it, else it opened by itself. */
function createDrawers(
  makeSections: (openDrawer: (name: SectionName | null) => void) => readonly Section[],
): Drawers {
  const tabs = make("div", { class: "drawer-tabs", role: "group", "aria-label": say.DEEDS });
  const drawer = make("div", { class: "drawer" });
  let about: About | null = null;
  let onFloor = false;
  let open: Section | null = null;
  let isOwn = false;
  let awaited: { readonly name: SectionName; readonly sinceMs: number } | null = null;
  let wasNext: string | null = null;
  const sections = makeSections(ask);
  const buttons = new Map(sections.map((section) => [section, tabOf(section)]));
  tabs.append(...buttons.values());

  function tabOf(section: Section): HTMLButtonElement {
    const button = make("button", { type: "button", "data-drawer": section.name });
    button.addEventListener("click", () => show(open === section && isOwn ? null : section, true));
    return button;
  }

  function ask(name: SectionName | null): void {
    awaited = name === null ? null : { name, sinceMs: performance.now() };
    if (name === null) show(null, true);
    else if (about !== null) update(about, onFloor);
  }

  function show(section: Section | null, byPerson: boolean): void {
    const before = open;
    open = section;
    isOwn = byPerson && section !== null;
    if (before !== section) drawer.replaceChildren(...(section === null ? [] : [section.element]));
    drawer.hidden = section === null;
    if (section !== null && about !== null) {
      section.update(about);
      section.opened(about, byPerson);
    }
    paintTabs();
  }

  function labelOf(section: Section): string | null {
    return onFloor && about !== null ? section.label(about) : null;
  }

  function paintTabs(): void {
    for (const [section, button] of buttons) {
      writeOrHide(button, labelOf(section) ?? "");
      mark(button, "aria-expanded", String(open === section));
    }
  }

  /** What a person asked for waits until it is offered, and comes even if it is open already. */
  function showAwaited(): void {
    const section = sections.find(({ name }) => name === awaited?.name);
    if (awaited === null || section === undefined) return;
    const isLate = performance.now() - awaited.sinceMs > WAIT_FOR_OFFER_MS;
    if (labelOf(section) !== null) {
      awaited = null;
      show(section, isFree());
    } else if (isLate) awaited = null;
  }

  /** Nobody is busy elsewhere on the page: the focus may go into the drawer. */
  function isFree(): boolean {
    const at = document.activeElement;
    return at === null || at === document.body || tabs.contains(at) || drawer.contains(at);
  }

  function showNext(at: About): void {
    const next = nextDrawer(at.bed, at.session);
    const key = `${at.bed.session?.id} ${next}`;
    if (!onFloor || key === wasNext || (next === null && at.session === null)) return;
    wasNext = key;
    const section = sections.find(({ name }) => name === next);
    const isBusy = isOwn || (open !== null && drawer.contains(document.activeElement));
    if (section !== undefined && section !== open && !isBusy && awaited === null)
      show(section, false);
  }

  function update(at: About, floor: boolean): void {
    [about, onFloor] = [at, floor];
    if (open !== null && labelOf(open) === null) show(null, false);
    showAwaited();
    showNext(at);
    paintTabs();
    open?.update(at);
  }

  drawer.hidden = true;
  return { tabs, drawer, update };
}

function paintTasks(list: HTMLElement, { session, seen }: About): void {
  const tasks = session?.tasks ?? [];
  while (list.children.length > tasks.length) list.lastElementChild?.remove();
  while (list.children.length < tasks.length) list.append(make("li"));
  tasks.forEach((task, place) => {
    const line = list.children[place] as HTMLElement;
    const leftS = (task.due - seen.serverMs) / 1000;
    const when = `${leftS < 0 ? "-" : ""}${duration(Math.abs(leftS))}`;
    write(line, `${say.taskLine(task)} ${seen.isLive ? when : ""}`);
    mark(line, "data-state", task.state);
  });
}
