// Drawer "dose": what its gate still lacks, the dose as the route asks for it, and a minute to undo
// it.

import { make, mark, writeList, writeOrHide } from "../dom.ts";
import * as say from "../messages/dose.ts";
import type { SessionDetail } from "../wire-session.ts";
import { createGive } from "./dose-give.ts";
import { createRunning, createUndo } from "./dose-running.ts";
import { nextDevice, runningDose, wayOf } from "./dose-state.ts";
import { countingDoses } from "./next.ts";
import type { About, OpenSection } from "./section.ts";

export const createDose: OpenSection = (parts) => {
  const gate = make("p", { class: "gate" });
  const given = make("ul", { class: "doses" });
  const [running, give, undo] = [createRunning(parts), createGive(parts), createUndo(parts)];

  function update(about: About): void {
    const { session, seen } = about;
    if (session === null) return;
    const { isLive, serverMs, time } = seen;
    const missing = session.gates.dose.map((one) =>
      one.what === "baseline" && session.baseline !== null ? { ...one, what: "new_baseline" } : one,
    );
    const isTold = !isNoQuestion(session);
    writeOrHide(gate, isTold ? say.gateLine(missing, isLive ? serverMs : null, time.minutes) : "");
    mark(gate, "data-open", missing.length === 0 ? "" : null);
    const hadFocus = give.element.contains(document.activeElement);
    running.update(about);
    give.update(about);
    if (hadFocus && runningDose(session) !== null) running.focus();
    undo.update(about);
    const over = session.doses.filter((dose) => dose.ended !== null || dose.voided_by !== null);
    writeList(given, "li", over.map((dose) => say.doseLine(dose, time.minutes)));
  }

  return {
    name: "dose",
    label: ({ session }) => (session === null ? null : say.DOSE),
    element: make("div", { class: "visit" }, [
      gate,
      running.element,
      give.element,
      undo.element,
      given,
    ]),
    update,
    opened: ({ session }, byPerson) => {
      if (!byPerson) return;
      if (session !== null && runningDose(session) !== null) running.focus();
      else give.focus();
    },
  };
};

/** Whether there is a next dose that could lack something: not while one runs, not after the last
 * device, and not after a dose that nothing has to follow. */
function isNoQuestion(session: SessionDetail): boolean {
  const isDone = countingDoses(session).length > 0 && session.gates.dose.length === 0;
  const isLast = wayOf(session) === "devices" && nextDevice(session) === null;
  return runningDose(session) !== null || isDone || isLast;
}
