// Who is logged in, with the role, in the header; the way out, and back in once the log-in has
// timed out. Why a log-out was refused stands over the header, with the way to what is missing.

import { mark, part, write, writeOrHide } from "./dom.ts";
import { BOARD_VIEW_ONLY, BOARD_WORD } from "./messages/board.ts";
import { HAND_OVER_FIRST, handOver } from "./messages/leaving.ts";
import { boardName, isOfTheFloor, isOnTheFloor, type Person } from "./person.ts";
import { bedPath } from "./router.ts";
import type { Standing } from "./station.ts";
import type { Ward } from "./store.ts";
import type { Bed } from "./wire.ts";

export type PersonBarParts = {
  readonly onLogIn: () => void;
  readonly logOut: () => Promise<string | null>;
};

export type PersonBar = { readonly update: (standing: Standing, ward: Ward | null) => void };

/** The beds with a session for which whoever is here is responsible. */
export function responsibleFor(standing: Standing, ward: Ward | null): readonly Bed[] {
  const name = standing.kind === "in" ? standing.person.name : null;
  const beds = (ward?.beds ?? []).map(({ bed }) => bed);
  return beds.filter((bed) => bed.session !== null && bed.responsible?.name === name);
}

export function createPersonBar(page: Document, parts: PersonBarParts): PersonBar {
  const out = part(page, "#log-out") as HTMLButtonElement;
  const again = part(page, "#log-in-open");
  const why = part(page, "#log-out-why");
  const words = part(why, "strong");
  const way = part(why, "a");

  function say(text: string): void {
    const hadFocus = why.contains(document.activeElement);
    write(words, text);
    why.hidden = text === "";
    if (text !== "") words.focus();
    else if (hadFocus) out.focus();
  }

  function showWay(beds: readonly Bed[]): void {
    const [first] = beds;
    const isAsked = words.textContent === HAND_OVER_FIRST;
    // All of them are handed over: nothing stands in the way any more.
    if (isAsked && first === undefined) return say("");
    writeOrHide(way, isAsked ? handOver(beds.map(({ label }) => label)) : "");
    if (first !== undefined) mark(way, "href", `${bedPath(first.id)}#handover`);
  }

  async function leave(): Promise<void> {
    out.disabled = true;
    say((await parts.logOut()) ?? "");
    out.disabled = false;
  }

  out.addEventListener("click", () => void leave());
  for (const done of [way, part(why, "button")]) done.addEventListener("click", () => say(""));
  again.addEventListener("click", parts.onLogIn);
  return {
    update: (standing, ward) => {
      const person = standing.kind === "in" ? standing.person : null;
      const isBoard = person !== null && boardName(person) !== null;
      // What only watches is given no button of the floor (strip.css).
      mark(page.body, "data-watches", person === null || isOfTheFloor(person) ? null : "");
      writeOrHide(part(page, "#person"), person === null ? "" : whoIs(person));
      const isTimedOut = person?.displayOnly === true && !isBoard;
      writeOrHide(part(page, "#view-only"), viewOnly(standing));
      again.hidden = !isTimedOut;
      out.hidden = person === null || isBoard;
      if (ward !== null) showWay(responsibleFor(standing, ward));
    },
  };
}

function whoIs(person: Person): string {
  const board = boardName(person);
  return board === null ? `${person.name} · ${person.role}` : `${board} · ${BOARD_WORD}`;
}

function viewOnly(standing: Standing): string {
  if (standing.kind !== "in" || isOnTheFloor(standing.person)) return "";
  if (boardName(standing.person) !== null) return BOARD_VIEW_ONLY;
  return standing.person.displayOnly ? "VIEW ONLY: log-in timed out" : "VIEW ONLY";
}
