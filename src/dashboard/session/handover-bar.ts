// Hand-overs that are open, on every view of the page: those offered to me, to be accepted or
// rejected before they lapse, and mine until they are answered (alarms 12).

import type { Acts } from "../acts.ts";
import { arrange } from "../dom.ts";
import * as say from "../messages/leaving.ts";
import type { Seen, ViewParts } from "../page-view.ts";
import { isOnTheFloor } from "../person.ts";
import { guardPresses } from "../press-guard.ts";
import type { WireMessage } from "../wire.ts";
import { checkHandovers, checkSession, type Handover } from "../wire-session.ts";
import { bedsOf, outcomeOf, ownRow, resultRow, rowToMe, type Row } from "./handover-rows.ts";

/** Real time; an offer is heard of at once, as a change of its sessions. Ours. */
const READ_EVERY_MS = 5_000;

export type HandoverBar = {
  readonly update: (seen: Seen) => void;
  readonly hear: (message: WireMessage) => void;
  /** Nobody is logged in. */
  readonly clear: () => void;
};

export function createHandoverBar(
  host: HTMLElement,
  parts: Pick<ViewParts, "read" | "tell"> & { readonly acts: Acts },
): HandoverBar {
  let offers: readonly Handover[] = [];
  let seen: Seen | null = null;
  let [readMs, reading, again] = [Number.NEGATIVE_INFINITY, false, false];
  const rows = new Map<string, Row>();
  const guard = guardPresses(host);
  const results = createResults(parts, () => seen, () => seen !== null && paint(seen));

  async function read(): Promise<void> {
    // What is being read now may be of before the change that asks for it.
    again = reading;
    if (reading) return;
    [reading, readMs] = [true, performance.now()];
    const me = seen?.person?.name;
    const answer = await parts.read("/handovers", checkHandovers);
    reading = false;
    if (answer.kind === "good" && me !== undefined && seen?.person?.name === me)
      take(answer.value.items.filter(({ by, to }) => by === me || to === me), me);
    if (again) void read();
  }

  function take(open: readonly Handover[], me: string): void {
    const before = offers;
    offers = open;
    const gone = before.filter((one) => one.by === me && !holds(open, one));
    for (const offer of gone) void results.add(offer);
    for (const offer of open.filter((one) => one.to === me && !holds(before, one)))
      parts.tell(say.offerToMe(offer.by, bedsOf(seen?.ward ?? null, offer)));
    if (seen !== null) paint(seen);
  }

  function paint(now: Seen): void {
    const shown = offers.filter(({ lapses }) => lapses > now.serverMs);
    for (const id of rows.keys()) if (!shown.some((one) => one.handover === id)) rows.delete(id);
    for (const offer of shown) {
      const row = rows.get(offer.handover) ?? rowOf(offer);
      rows.set(offer.handover, row);
      row.update(offer, now);
    }
    place(host, [...[...rows.values()].map(({ element }) => element), ...results.elements()]);
    guard.look();
  }

  function rowOf(offer: Handover): Row {
    return offer.by === seen?.person?.name ? ownRow() : rowToMe(parts, () => void read());
  }

  function clear(): void {
    offers = [];
    for (const kept of [rows, results]) kept.clear();
    place(host, []);
  }

  return {
    clear,
    update: (now) => {
      if (now.person?.name !== seen?.person?.name) clear();
      seen = now;
      if (now.person === null || !isOnTheFloor(now.person)) return clear();
      host.hidden = now.ward === null;
      if (host.hidden) return;
      if (performance.now() - readMs >= READ_EVERY_MS) void read();
      paint(now);
    },
    hear: (message) => {
      if (message.event !== "session" || !message.data.change.startsWith("hand")) return;
      if (seen?.person != null && isOnTheFloor(seen.person)) void read();
    },
  };
}

function place(host: HTMLElement, wanted: readonly HTMLElement[]): void {
  const focused = [...host.children].find((one) => one.contains(document.activeElement));
  arrange(host, wanted, focused ?? null);
  host.hidden = wanted.length === 0;
}

function holds(offers: readonly Handover[], offer: Handover): boolean {
  return offers.some(({ handover }) => handover === offer.handover);
}

type Results = {
  readonly add: (offer: Handover) => Promise<void>;
  readonly elements: () => readonly HTMLElement[];
  readonly clear: () => void;
};

/** What became of offers of mine; each stays until it is seen. */
function createResults(
  parts: Pick<ViewParts, "read" | "tell">,
  seen: () => Seen | null,
  repaint: () => void,
): Results {
  const shown = new Map<string, HTMLElement>();
  return {
    add: async (offer) => {
      const answer = await parts.read(`/sessions/${offer.sessions[0] ?? ""}`, checkSession);
      const now = seen();
      if (now?.person?.name !== offer.by) return;
      const outcome = outcomeOf(offer, now.ward, answer.kind === "good" ? answer.value : null);
      const forget = (): void => {
        shown.delete(offer.handover);
        repaint();
      };
      shown.set(offer.handover, resultRow(outcome, forget));
      parts.tell(outcome.line);
      repaint();
    },
    elements: () => [...shown.values()],
    clear: () => shown.clear(),
  };
}
