// Screens that watched and have stopped without saying goodbye, told on every other one (alarms
// 9.6): a line in the footer, read out politely, no sound. The service lists them as long as it
// knows them; it is asked when the number of those that watch changes.

import { part, writeOrHide } from "./dom.ts";
import { goneLine } from "./messages/watching.ts";
import type { Seen, ViewParts } from "./page-view.ts";
import { checkScreens, type OpenScreen } from "./wire-setup.ts";

/** Real time: after a read that brought nothing new, and while one is gone. Ours. */
const READ_AGAIN_MS = 5_000;

export type Watchers = {
  /** By id: those that have been seen watching, and did not say goodbye. */
  readonly known: ReadonlySet<string>;
  readonly gone: readonly OpenScreen[];
};

export const NOBODY: Watchers = { known: new Set(), gone: [] };

/** One that was hidden did not watch. A new one of the same name is the same, started again. */
export function followScreens(before: Watchers, screens: readonly OpenScreen[]): Watchers {
  const watching = screens.filter(({ state }) => state === "visible");
  const fresh = watching.filter(({ id }) => !before.known.has(id));
  const isBack = ({ name }: OpenScreen): boolean => fresh.some((one) => one.name === name);
  const lost = screens.filter(({ state, id }) => state === "lost" && before.known.has(id));
  const gone = lost.filter((one) => !isBack(one));
  return { known: new Set([...watching, ...gone].map(({ id }) => id)), gone };
}

export type GoneScreens = { readonly update: (seen: Seen) => void };

export function createGoneScreens(
  page: Document,
  parts: Pick<ViewParts, "read" | "tell">,
): GoneScreens {
  const host = part(page, "#gone-screens");
  let watchers = NOBODY;
  /** By id: what was told of each. */
  let lines: ReadonlyMap<string, string> = new Map();
  let counted: number | null = null;
  let [isReading, isWanted, readMs] = [false, false, Number.NEGATIVE_INFINITY];

  async function read(seen: Seen): Promise<void> {
    [isReading, isWanted, readMs] = [true, false, performance.now()];
    const answer = await parts.read("/screens", checkScreens);
    isReading = false;
    if (answer.kind === "refused") isWanted = true;
    else show(followScreens(watchers, answer.value.items), seen);
  }

  function show(next: Watchers, { ward, serverMs, time }: Seen): void {
    const speed = ward?.simulation?.speed ?? 1;
    watchers = next;
    const now = new Map<string, string>();
    for (const { id, name, age_s: ageS } of next.gone) {
      const told = lines.get(id);
      const line = told ?? goneLine(name, time.minutes(serverMs - ageS * 1000 * speed));
      if (told === undefined) parts.tell(line);
      now.set(id, line);
    }
    lines = now;
  }

  return {
    update: (seen) => {
      const isKnown = seen.isLive && seen.ward !== null && seen.person !== null;
      writeOrHide(host, isKnown ? [...lines.values()].join(" · ") : "");
      if (!isKnown || seen.ward === null) return;
      const isOther = seen.ward.watching !== counted;
      counted = seen.ward.watching;
      isWanted ||= isOther;
      const isDue = performance.now() - readMs >= READ_AGAIN_MS;
      const isLate = isDue && (isWanted || lines.size > 0);
      if (!isReading && (isOther || isLate)) void read(seen);
    },
  };
}
