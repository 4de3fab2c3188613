// Which alarms this screen has shown (alarms 9; safety F8): one that asks for an answer counts once
// its row, or the line of its bed's tile that names it, was within view. What is scrolled out of
// sight is told by a count alone, and that is no receipt.

import { rank } from "./format.ts";
import { lightOf } from "./order.ts";
import type { Ward } from "./store.ts";
import type { Occurrence } from "./wire.ts";

type Told = Pick<Ward, "seq" | "occurrences">;

/** The service waits for these (row 23): told by light and sound, and passed on to nobody yet. */
export function asks(occurrence: Occurrence): boolean {
  const isUrgent = rank(occurrence.priority) > 0 && lightOf(occurrence) === "flashing";
  return isUrgent && occurrence.escalation === 0;
}

/** Up to which number all that asks was within view. `shown`: the newest of each that was. */
export function seenUpTo(ward: Told, shown: ReadonlyMap<string, number>): number {
  const unseen = [...ward.occurrences.values()].flatMap((one) =>
    asks(one) && one.seq !== null && one.seq !== shown.get(one.occurrence) ? [one.seq - 1] : [],
  );
  return Math.min(ward.seq, ...unseen);
}

const SCROLLERS = "#alarms, #ward, #view, .bed-main";

/** Its middle is within all that scrolls it. */
export function isInView(element: Element): boolean {
  const { top, bottom, height } = element.getBoundingClientRect();
  const middle = (top + bottom) / 2;
  let frame = element.parentElement?.closest(SCROLLERS) ?? null;
  for (; frame !== null; frame = frame.parentElement?.closest(SCROLLERS) ?? null) {
    const box = frame.getBoundingClientRect();
    if (middle <= box.top || middle >= box.bottom) return false;
  }
  return height > 0;
}

export type Receipts = {
  /** After each painting of a ward that is live. */
  readonly note: (ward: Ward) => void;
  /** The highest number for the lease. */
  readonly upTo: () => number;
  readonly clear: () => void;
};

export function createReceipts(page: Document, onSeen: () => void): Receipts {
  const shown = new Map<string, number>();
  let seen = 0;
  const isVisible = (): boolean => page.visibilityState === "visible";

  function note(ward: Ward): void {
    if (!isVisible()) return;
    for (const id of shown.keys()) if (!ward.occurrences.has(id)) shown.delete(id);
    const fresh = [...ward.occurrences.values()].filter(
      (one) => asks(one) && one.seq !== shown.get(one.occurrence),
    );
    const inView = fresh.length === 0 ? new Set<string>() : namedInView(page);
    const now = fresh.filter((one) => inView.has(one.occurrence));
    if (now.length === 0 && seenUpTo(ward, shown) <= seen) return;
    // What was just written is on the screen once the frame after this one begins.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        if (!isVisible()) return;
        for (const { occurrence, seq } of now) if (seq !== null) shown.set(occurrence, seq);
        const upTo = seenUpTo(ward, shown);
        if (upTo <= seen) return;
        seen = upTo;
        onSeen();
      }),
    );
  }

  return {
    note,
    upTo: () => seen,
    clear: () => {
      shown.clear();
      seen = 0;
    },
  };
}

/** The alarms whose text stands on the screen. */
function namedInView(page: Document): ReadonlySet<string> {
  const named = page.querySelectorAll("#alarms > [data-occurrence], .tile-alarm:not([hidden])");
  const inView = [...named].filter(isInView);
  return new Set(inView.map((one) => one.getAttribute("data-occurrence") ?? ""));
}
