// The page Setup, for a lead or an admin: the limits in force and who approved them, devices and
// links, screens, pairing, and what this computer needs. It changes nothing but for the pairing.

import { make, write, writeOrHide } from "../dom.ts";
import * as say from "../messages/setup.ts";
import type { OpenView, PageView, Read, Seen } from "../page-view.ts";
import type { Person } from "../person.ts";
import type { Place } from "../router.ts";
import { checkSetup, type Setup } from "../wire-setup.ts";
import { createLimits } from "./limits.ts";
import { createLinks } from "./links.ts";
import { createPairing } from "./pairing.ts";
import { createRuler } from "./ruler.ts";
import { createScreens } from "./screens.ts";

/** After a refusal. Real time. Ours. */
const READ_AGAIN_MS = 5_000;

export const openSetup: OpenView<Extract<Place, { view: "setup" }>> = (_, parts) => {
  const [limits, links, screens] = [
    createLimits(parts.read),
    createLinks(),
    createScreens(parts.read),
  ];
  const [pairing, ruler, effective] = [createPairing(parts), createRuler(), createEffective()];
  const notYours = make("p", { class: "why" }, [say.NOT_YOURS]);
  const beside = make("div", { class: "setup-beside" }, [
    pairing.element,
    screens.element,
    links.element,
    ruler.element,
    computer(),
  ]);
  const main = make("div", { class: "setup-main" }, [limits.element, effective.element]);
  const all = make("div", { class: "setup-all" }, [main, beside]);
  const element = make("section", { class: "page setup-page" }, [
    make("h2", {}, [say.TITLE]),
    notYours,
    all,
  ]);
  [all.hidden, notYours.hidden] = [true, true];
  let [isRead, isClosed, askedMs] = [false, false, Number.NEGATIVE_INFINITY];

  async function read(): Promise<void> {
    askedMs = performance.now();
    const [hasLimits, setup] = await Promise.all([limits.read(), parts.read("/setup", checkSetup)]);
    if (isClosed) return;
    effective.show(setup);
    isRead = hasLimits && setup.kind === "good";
  }

  function update(seen: Seen): void {
    const isTheirs = maySee(seen.person);
    notYours.hidden = isTheirs || seen.person === null;
    all.hidden = !isTheirs;
    if (!isTheirs) return;
    const isDue = performance.now() - askedMs >= READ_AGAIN_MS;
    if (seen.isLive && !isRead && isDue) void read();
    for (const one of [links, screens, pairing]) one.update(seen);
    if (seen.ward !== null) ruler.update();
  }

  const hear: PageView["hear"] = (message) => {
    // The connection is back; the service may have started again with another setup.
    if (message.event === "snapshot") isRead = false;
  };
  const close = (): void => {
    isClosed = true;
  };
  return { title: say.TITLE, element, update, hear, close };
};

/** Lead and admin (contract 6). */
function maySee(person: Person | null): boolean {
  return person?.role === "lead" || person?.role === "admin";
}

type Effective = {
  readonly element: HTMLElement;
  readonly show: (answer: Read<Setup>) => void;
};

function createEffective(): Effective {
  const text = make("pre", { tabindex: "0", "aria-label": say.EFFECTIVE, role: "region" });
  const why = make("p", { class: "why" });
  const element = make("details", { class: "setup-part" }, [
    make("summary", {}, [say.EFFECTIVE]),
    why,
    text,
  ]);
  return {
    element,
    show: (answer) => {
      writeOrHide(why, answer.kind === "refused" ? answer.why : "");
      if (answer.kind === "good") write(text, answer.value.effective.join("\n").trim());
    },
  };
}

function computer(): HTMLElement {
  const notes = say.COMPUTER.map((text) => make("p", {}, [text]));
  return make("section", { class: "setup-part" }, [make("h3", {}, [say.THIS_SCREEN]), ...notes]);
}
