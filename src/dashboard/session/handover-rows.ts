// The rows of the bar for hand-overs: one that is offered to me, one of mine, and what it came to.

import type { Acts } from "../acts.ts";
import { make, makeGlyph, write, writeOrHide } from "../dom.ts";
import { duration } from "../format.ts";
import * as say from "../messages/leaving.ts";
import { refusal } from "../messages.ts";
import type { Seen } from "../page-view.ts";
import type { Ward } from "../store.ts";
import type { Handover, SessionDetail } from "../wire-session.ts";
import { typed } from "./body.ts";

export type Row = {
  readonly element: HTMLElement;
  readonly update: (offer: Handover, seen: Seen) => void;
};

/** Why it was rejected; null: it lapsed. */
function rejectionOf(session: SessionDetail, offer: Handover): string | null {
  const all = session.events.filter(({ at }) => at >= offer.offered);
  const rejected = all.filter(({ change }) => change === "handover-rejected");
  return rejected.at(-1)?.act?.reason ?? null;
}

/** In the order of the ward, whatever that of the offer is; those that left their beds last. */
export function bedsOf(ward: Ward | null, offer: Handover): string {
  const known = (ward?.beds ?? []).flatMap(({ bed: { label, session } }) =>
    session !== null && offer.sessions.includes(session.id)
      ? [`${label} (${session.initials ?? ""})`]
      : [],
  );
  const gone = Array<string>(offer.sessions.length - known.length).fill(say.SOME_BED);
  return [...known, ...gone].join(", ");
}

function leftOf(offer: Handover, seen: Seen): string {
  return seen.isLive ? duration((offer.lapses - seen.serverMs) / 1000) : say.LEFT_UNKNOWN;
}

export function ownRow(): Row {
  const line = make("p", { dir: "auto" });
  const left = make("b", { class: "offer-left" });
  return {
    element: make("div", { class: "offer" }, [makeGlyph("duty", "duty-offered"), line, left]),
    update: (offer, seen) => {
      write(line, say.offerByMe(offer.to, bedsOf(seen.ward, offer)));
      write(left, leftOf(offer, seen));
    },
  };
}

export function rowToMe(parts: { readonly acts: Acts }, again: () => void): Row {
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
      makeGlyph("duty", "duty-offered"),
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

/** `answer` null: it is not known. */
export type Outcome = { readonly line: string; readonly answer: "accepted" | "declined" | null };

/** What an offer came to, as its first session now says. Null: that could not be read. */
export function outcomeOf(
  offer: Handover,
  ward: Ward | null,
  session: SessionDetail | null,
): Outcome {
  const beds = bedsOf(ward, offer);
  if (session === null) return { line: say.offerUnknown(offer.to, beds), answer: null };
  if (session.responsible?.name === offer.to)
    return { line: say.offerTaken(offer.to, beds), answer: "accepted" };
  const line = say.offerNotTaken(offer.to, beds, rejectionOf(session, offer));
  return { line, answer: "declined" };
}

export function resultRow({ line, answer }: Outcome, onSeen: () => void): HTMLElement {
  const seen = make("button", { type: "button" }, [say.SEEN]);
  seen.addEventListener("click", onSeen);
  const text = make("p", { dir: "auto" }, [line]);
  const glyph = answer === null ? [] : [makeGlyph("duty", `duty-${answer}`)];
  return make("div", { class: "offer", "data-result": "" }, [...glyph, text, seen]);
}
