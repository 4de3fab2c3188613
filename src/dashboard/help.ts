// The help dialog: the keys, what the signs mean; on a wall board, how it is unpaired.

import { make, part, writeOrHide } from "./dom.ts";
import { UNPAIR, UNPAIR_ABOUT } from "./messages/board.ts";
import * as say from "./messages/keys.ts";

export type Help = {
  readonly open: () => void;
  readonly isOpen: () => boolean;
};

export type HelpParts = {
  readonly isBoard: () => boolean;
  readonly mayAct: () => boolean;
  /** Null: it is none any more; else why not. */
  readonly unpair: () => Promise<string | null>;
};

export function createHelp(page: Document, parts: HelpParts): Help {
  const dialog = part(page, "#help") as HTMLDialogElement;
  const unpair = make("button", { type: "button" }, [UNPAIR]);
  const why = make("p", { role: "status" });
  // What is under a finger that opened this by mistake must do no harm.
  const close = make("button", { autofocus: "" }, [say.CLOSE]);
  const board = make("section", {}, [make("p", {}, [UNPAIR_ABOUT]), unpair, why]);
  const all = make("dl", {}, say.KEYS.flatMap(lineOf));
  const few = make("dl", {}, say.BOARD_KEYS.flatMap(lineOf));
  const looking = make("dl", {}, say.LOOKING_KEYS.flatMap(lineOf));
  dialog.append(
    make("h2", { id: "help-title" }, [say.TITLE]),
    all,
    few,
    looking,
    ...say.SIGNS.map((text) => make("p", {}, [text])),
    board,
    make("form", { method: "dialog" }, [close]),
  );

  async function leave(): Promise<void> {
    unpair.disabled = true;
    const refused = await parts.unpair();
    unpair.disabled = false;
    writeOrHide(why, refused ?? "");
    if (refused === null) dialog.close();
  }

  function open(): void {
    const isBoard = parts.isBoard();
    const shown = isBoard ? few : parts.mayAct() ? all : looking;
    for (const keys of [all, few, looking]) keys.hidden = keys !== shown;
    [board.hidden, why.hidden] = [!isBoard, true];
    dialog.showModal();
  }

  unpair.addEventListener("click", () => void leave());
  part(page, "#help-open").addEventListener("click", open);
  return { open, isOpen: () => dialog.open };
}

function lineOf({ keys, does }: say.KeyLine): readonly HTMLElement[] {
  return [make("dt", {}, [keys]), make("dd", {}, [does])];
}
