// Reads the history's pages, one question at a time: an answer to an older one is dropped, one that
// failed is asked again.

import type { ViewParts } from "../page-view.ts";
import type { Occurrence } from "../wire.ts";
import { checkAlarms } from "../wire-alarms.ts";
import { take } from "./history.ts";

/** After an answer that did not come. Real time. Ours. */
const RETRY_MS = 5_000;

export type HistoryReader = {
  /** All that was read or told, by occurrence. */
  readonly held: Map<string, Occurrence>;
  readonly reading: () => "idle" | "first" | "more";
  /** Whether the first page of what is asked for was read. */
  readonly isRead: () => boolean;
  readonly hasMore: () => boolean;
  /** Why nothing could be read; empty: it could. */
  readonly failed: () => string;
  /** Something else is asked for. */
  readonly renew: () => void;
  /** What is held may have a hole: the connection was lost. */
  readonly doubt: () => void;
  /** Four times a second while the page is live. */
  readonly check: () => void;
  readonly readMore: () => void;
  readonly close: () => void;
};

/** `pathOf`: what to ask for, null while that is not known; `next`: the cursor. */
export function createHistoryReader(
  read: ViewParts["read"],
  pathOf: (next: string | null) => string | null,
  onRead: () => void,
): HistoryReader {
  const held = new Map<string, Occurrence>();
  let next: string | null = null;
  let reading: "idle" | "first" | "more" = "idle";
  let [question, triedMs] = [0, Number.NEGATIVE_INFINITY];
  let [isRead, isDue, failed] = [false, true, ""];

  async function readPage(which: "first" | "more"): Promise<void> {
    const path = pathOf(which === "more" ? next : null);
    if (path === null) return;
    question += 1;
    const asked = question;
    [reading, isDue, triedMs] = [which, false, performance.now()];
    const answer = await read(path, checkAlarms);
    if (asked !== question) return;
    reading = "idle";
    if (answer.kind === "good") {
      [isRead, failed, next] = [true, "", answer.value.next];
      take(held, answer.value.items);
    } else failed = answer.why;
    onRead();
  }

  return {
    held,
    reading: () => reading,
    isRead: () => isRead,
    hasMore: () => next !== null,
    failed: () => failed,
    renew: () => {
      [isRead, next] = [false, null];
      void readPage("first");
    },
    doubt: () => {
      isDue = true;
    },
    check: () => {
      const isAgain = failed !== "" && performance.now() - triedMs >= RETRY_MS;
      if ((isDue || isAgain) && reading === "idle") void readPage("first");
    },
    readMore: () => void readPage("more"),
    close: () => {
      question += 1;
    },
  };
}
