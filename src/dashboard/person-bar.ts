// Who is logged in, with the role, in the header; the way out, and back in once the log-in has
// timed out. Why a log-out was refused stands beside its button.

import { mark, part, writeOrHide } from "./dom.ts";
import { BOARD_VIEW_ONLY, BOARD_WORD } from "./messages/board.ts";
import { boardName, isOfTheFloor, isOnTheFloor, type Person } from "./person.ts";
import type { Standing } from "./station.ts";

export type PersonBarParts = {
  readonly onLogIn: () => void;
  readonly logOut: () => Promise<string | null>;
};

export type PersonBar = { readonly update: (standing: Standing) => void };

export function createPersonBar(page: Document, parts: PersonBarParts): PersonBar {
  const out = part(page, "#log-out") as HTMLButtonElement;
  const again = part(page, "#log-in-open");
  const why = part(page, "#log-out-why");

  async function leave(): Promise<void> {
    out.disabled = true;
    writeOrHide(why, "");
    writeOrHide(why, (await parts.logOut()) ?? "");
    out.disabled = false;
  }

  out.addEventListener("click", () => void leave());
  again.addEventListener("click", parts.onLogIn);
  return {
    update: (standing) => {
      const person = standing.kind === "in" ? standing.person : null;
      const isBoard = person !== null && boardName(person) !== null;
      // What only watches is given no button of the floor (strip.css).
      mark(page.body, "data-watches", person === null || isOfTheFloor(person) ? null : "");
      writeOrHide(part(page, "#person"), person === null ? "" : whoIs(person));
      const isTimedOut = person?.displayOnly === true && !isBoard;
      writeOrHide(part(page, "#view-only"), viewOnly(standing));
      again.hidden = !isTimedOut;
      out.hidden = person === null || isBoard;
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
