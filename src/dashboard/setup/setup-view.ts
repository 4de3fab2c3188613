// The page Setup, for a lead or an admin: the limits in force and who approved them, devices and
// links, screens, pairing, and what this computer needs. It changes nothing but for the pairing.

import { make, mark, write, writeOrHide } from "../dom.ts";
import * as say from "../messages/setup.ts";
import type { PageView, Read, Seen, ViewParts } from "../page-view.ts";
import type { Person } from "../person.ts";
import { checkSetup, type Setup } from "../wire-setup.ts";
import { createDelays, type DelayLog } from "./delays.ts";
import { createLimits } from "./limits.ts";
import { createLinks } from "./links.ts";
import { createPairing } from "./pairing.ts";
import { createRuler } from "./ruler.ts";
import { createScreens } from "./screens.ts";

/** After a refusal. Real time. Ours. */
const READ_AGAIN_MS = 5_000;

/** `log`: it heard the stream before this view was opened, and goes on when it is left. */
export function openSetup(parts: ViewParts, log: DelayLog): PageView {
  const [limits, links, screens] = [
    createLimits(parts.read),
    createLinks(),
    createScreens(parts.read),
  ];
  const delays = createDelays(log);
  const [pairing, ruler, effective] = [createPairing(parts), createRuler(), createEffective()];
  const notYours = make("p", { class: "why" }, [say.NOT_YOURS]);
  const all = createTabs([
    [say.LIMITS, [limits.element]],
    [say.SCREENS_TAB, [screens.element, pairing.element]],
    [say.DEVICES, [delays.element, links.element]],
    [say.THIS_SCREEN, [ruler.element, computer()]],
    [say.EFFECTIVE, [effective.element]],
  ]);
  const element = make("section", { class: "page setup-page" }, [
    make("h2", { class: "unseen" }, [say.TITLE]),
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
    delays.update();
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
}

/** Lead and admin (contract 6). */
function maySee(person: Person | null): boolean {
  return person?.role === "lead" || person?.role === "admin";
}

/** One part at a time, so that each has the room. */
function createTabs(given: readonly (readonly [string, readonly HTMLElement[]])[]): HTMLElement {
  const bodies = given.map(([, inside]) => make("div", { class: "setup-parts" }, inside));
  const tabs = given.map(([name]) => make("button", { type: "button" }, [name]));
  function open(chosen: number): void {
    tabs.forEach((tab, index) => mark(tab, "aria-pressed", String(index === chosen)));
    bodies.forEach((body, index) => {
      body.hidden = index !== chosen;
    });
  }
  tabs.forEach((tab, index) => tab.addEventListener("click", () => open(index)));
  open(0);
  const row = make("div", { class: "setup-tabs", role: "group", "aria-label": say.TITLE }, tabs);
  return make("div", { class: "setup-all" }, [row, ...bodies]);
}

type Effective = {
  readonly element: HTMLElement;
  readonly show: (answer: Read<Setup>) => void;
};

function createEffective(): Effective {
  const text = make("pre", { tabindex: "0", "aria-label": say.EFFECTIVE, role: "region" });
  const why = make("p", { class: "why" });
  const element = make("section", { class: "setup-part" }, [
    make("h3", {}, [say.EFFECTIVE]),
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
