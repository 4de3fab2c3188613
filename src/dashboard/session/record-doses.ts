// The doses of a session on its record, each to be corrected; one that does not count stays.

import { arrange, make, mark, write, writeOrHide } from "../dom.ts";
import * as say from "../messages/record.ts";
import type { Seen } from "../page-view.ts";
import type { Dose } from "../wire-session.ts";
import type { Target } from "./correction.ts";
import { MG_STEP } from "./dose-state.ts";

export function createDoses(
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
      onCorrect({ what, unit: "mg", step: MG_STEP, values: [{ path, label: what }] });
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
