// Hand-overs that are open, on every view of the page: those offered to me, to be accepted or
// rejected before they lapse, and mine until they are answered (alarms 12).

import type { Acts } from "../acts.ts";
import { arrange, make, write, writeOrHide } from "../dom.ts";
import { duration } from "../format.ts";
import * as say from "../messages/leaving.ts";
import { refusal } from "../messages.ts";
import type { Seen, ViewParts } from "../page-view.ts";
import { isOnTheFloor } from "../person.ts";
import type { Ward } from "../store.ts";
import type { WireMessage } from "../wire.ts";
import {
  checkHandovers,
  checkSession,
  type Handover,
  type SessionDetail,
} from "../wire-session.ts";
import { typed } from "./body.ts";

/** Real time; an offer is heard of at once, as a change of its sessions. Ours. */
const READ_EVERY_MS = 5_000;

export type HandoverBar = {
  readonly update: (seen: Seen) => void;
  readonly hear: (message: WireMessage) => void;
  /** Nobody is logged in. */
  readonly clear: () => void;
};

type Row = {
  readonly element: HTMLElement;
  readonly update: (offer: Handover, seen: Seen) => void;
};

export function createHandoverBar(
  host: HTMLElement,
  parts: Pick<ViewParts, "read" | "tell"> & { readonly acts: Acts },
): HandoverBar {
  let offers: readonly Handover[] = [];
  let seen: Seen | null = null;
  let [readMs, reading] = [Number.NEGATIVE_INFINITY, false];
  const rows = new Map<string, Row>();
  const results = new Map<string, HTMLElement>();

  async function read(): Promise<void> {
    if (reading) return;
    reading = true;
    readMs = performance.now();
    const me = seen?.person?.name;
    const answer = await parts.read("/handovers", checkHandovers);
    reading = false;
    if (answer.kind === "refused" || seen?.person?.name !== me || me === undefined) return;
    const open = answer.value.items.filter(({ by, to }) => by === me || to === me);
    const isOpen = ({ handover }: Handover): boolean =>
      open.some((one) => one.handover === handover);
    for (const gone of offers.filter((one) => one.by === me && !isOpen(one))) void conclude(gone);
    const known = offers.map(({ handover }) => handover);
    for (const one of open.filter(({ to, handover }) => to === me && !known.includes(handover)))
      parts.tell(say.offerToMe(one.by, bedsOf(seen?.ward ?? null, one)));
    offers = open;
    if (seen !== null) paint(seen);
  }

  /** What became of an offer of mine, as its first session says; stays until it is seen. */
  async function conclude(offer: Handover): Promise<void> {
    const ward = seen?.ward ?? null;
    const beds = bedsOf(ward, offer);
    const answer = await parts.read(`/sessions/${offer.sessions[0] ?? ""}`, checkSession);
    if (seen?.person?.name !== offer.by) return;
    const session = answer.kind === "good" ? answer.value : null;
    const isTaken = session?.responsible?.name === offer.to;
    const why = isTaken ? null : rejectionOf(session, offer);
    const line = isTaken ? say.offerTaken(offer.to, beds) : say.offerNotTaken(offer.to, beds, why);
    const seenIt = make("button", { type: "button" }, [say.SEEN]);
    const element = make("div", { class: "offer", "data-result": "" }, [
      make("p", { dir: "auto" }, [line]),
      seenIt,
    ]);
    seenIt.addEventListener("click", () => {
      results.delete(offer.handover);
      if (seen !== null) paint(seen);
    });
    results.set(offer.handover, element);
    parts.tell(line);
    if (seen !== null) paint(seen);
  }

  function paint(now: Seen): void {
    const me = now.person?.name;
    const shown = offers.filter(({ lapses }) => lapses > now.serverMs);
    for (const id of rows.keys()) if (!shown.some((one) => one.handover === id)) rows.delete(id);
    for (const offer of shown) {
      const isMine = offer.by === me;
      const newRow = (): Row => (isMine ? ownRow() : rowToMe(parts, () => void read()));
      const row = rows.get(offer.handover) ?? newRow();
      rows.set(offer.handover, row);
      row.update(offer, now);
    }
    const wanted = [...[...rows.values()].map(({ element }) => element), ...results.values()];
    const focused = [...host.children].find((one) => one.contains(document.activeElement));
    arrange(host, wanted, focused ?? null);
    host.hidden = wanted.length === 0;
  }

  function clear(): void {
    offers = [];
    rows.clear();
    results.clear();
    host.replaceChildren();
    host.hidden = true;
  }

  return {
    clear,
    update: (now) => {
      if (now.person?.name !== seen?.person?.name) clear();
      seen = now;
      if (now.person === null || !isOnTheFloor(now.person) || now.ward === null) return clear();
      if (performance.now() - readMs >= READ_EVERY_MS) void read();
      paint(now);
    },
    hear: (message) => {
      if (message.event !== "session" || !message.data.change.startsWith("hand")) return;
      if (seen?.person != null && isOnTheFloor(seen.person)) void read();
    },
  };
}

/** Why it was rejected; null: it lapsed, or nobody knows. */
export function rejectionOf(session: SessionDetail | null, offer: Handover): string | null {
  const all = session?.events.filter(({ at }) => at >= offer.offered) ?? [];
  const rejected = all.filter(({ change }) => change === "handover-rejected");
  return rejected.at(-1)?.act?.reason ?? null;
}

function bedsOf(ward: Ward | null, offer: Handover): string {
  const beds = offer.sessions.map((id) => {
    const bed = ward?.beds.find((view) => view.bed.session?.id === id)?.bed;
    return bed === undefined ? say.SOME_BED : `${bed.label} (${bed.session?.initials ?? ""})`;
  });
  return beds.join(", ");
}

function leftOf(offer: Handover, seen: Seen): string {
  return seen.isLive ? duration((offer.lapses - seen.serverMs) / 1000) : "--:--";
}

function ownRow(): Row {
  const line = make("p", { dir: "auto" });
  const left = make("b", { class: "offer-left" });
  return {
    element: make("div", { class: "offer" }, [line, left]),
    update: (offer, seen) => {
      write(line, say.offerByMe(offer.to, bedsOf(seen.ward, offer)));
      write(left, leftOf(offer, seen));
    },
  };
}

function rowToMe(parts: { readonly acts: Acts }, again: () => void): Row {
  let handover = "";
  const line = make("p", { dir: "auto" });
  const left = make("b", { class: "offer-left" });
  const accept = make("button", { type: "button", class: "accept" }, [say.ACCEPT]);
  const ask = make("button", { type: "button" }, [say.REJECT]);
  const reason = make("input", { maxlength: "500", autocomplete: "off" });
  const back = make("button", { type: "button" }, [say.BACK]);
  const reject = make("form", { class: "offer-reject" }, [
    make("label", {}, [say.REJECT_WHY, " ", reason]),
    make("button", { type: "submit" }, [say.SEND_REJECT]),
    back,
  ]);
  const why = make("p", { class: "why", role: "status" });
  why.hidden = reject.hidden = true;

  async function answer(how: "accept" | "reject", notDone: string): Promise<void> {
    const body = how === "reject" ? typed({ reason: reason.value.trim() }, "reason") : {};
    accept.disabled = true;
    const came = await parts.acts.send({
      method: "POST",
      path: `/handovers/${handover}/${how}`,
      body,
    });
    accept.disabled = false;
    writeOrHide(why, came.kind === "done" ? "" : refusal(notDone, came));
    again();
  }

  function turn(isAsking: boolean): void {
    reject.hidden = !isAsking;
    accept.hidden = ask.hidden = isAsking;
    (isAsking ? reason : accept).focus();
  }

  accept.addEventListener("click", () => void answer("accept", say.NOT_ACCEPTED));
  ask.addEventListener("click", () => turn(true));
  back.addEventListener("click", () => turn(false));
  reject.addEventListener("submit", (event) => {
    event.preventDefault();
    void answer("reject", say.NOT_REJECTED);
  });
  return {
    element: make("div", { class: "offer", "data-to-me": "" }, [
      line,
      left,
      accept,
      ask,
      reject,
      why,
    ]),
    update: (offer, seen) => {
      handover = offer.handover;
      write(line, say.offerToMe(offer.by, bedsOf(seen.ward, offer)));
      write(left, leftOf(offer, seen));
    },
  };
}
