// All sessions that ever ran, newest first, each with its record and report (contract 6).

import { make, writeOrHide } from "../dom.ts";
import * as say from "../messages/record.ts";
import { whoLine } from "../messages/session.ts";
import type { Seen, ViewParts } from "../page-view.ts";
import { sessionPath } from "../router.ts";
import { checkSessions, type PastSession } from "../wire-session.ts";

export type Recent = {
  readonly element: HTMLElement;
  readonly update: (seen: Seen) => void;
  /** From the newest on. */
  readonly read: () => Promise<void>;
  readonly close: () => void;
};

export function createRecent(parts: Pick<ViewParts, "read">): Recent {
  const list = make("ul", { class: "record-list" });
  const note = make("p", { class: "hint" });
  const more = make("button", { type: "button" }, [say.MORE_SESSIONS]);
  const parted = [make("h2", {}, [say.RECENT]), list, note, more];
  more.hidden = true;
  let known: readonly PastSession[] = [];
  let next: string | null = null;
  let [painted, closed] = ["", false];

  async function page(): Promise<void> {
    const on = next === null ? "" : `&next=${encodeURIComponent(next)}`;
    const answer = await parts.read(`/sessions?state=all&limit=20${on}`, checkSessions);
    if (closed) return;
    if (answer.kind === "refused") return writeOrHide(note, answer.why);
    writeOrHide(note, "");
    const fresh = answer.value.items.filter(({ id }) => known.every((one) => one.id !== id));
    known = [...known, ...fresh];
    next = answer.value.next;
    more.hidden = next === null;
  }

  more.addEventListener("click", () => void page());
  return {
    element: make("section", { class: "record-part" }, parted),
    read: async () => {
      [known, next] = [[], null];
      await page();
    },
    update: ({ time, ward }) => {
      const key = JSON.stringify(known);
      if (key === painted) return;
      painted = key;
      const label = (bed: string | null): string =>
        ward?.beds.find((view) => view.bed.id === bed)?.bed.label ?? bed ?? "";
      list.replaceChildren(
        ...known.map((past) => {
          const ended = past.ended === null ? null : time.day(past.ended);
          const line = say.pastLine(past, time.day(past.started), ended);
          return lineOf(past, [label(past.bed), line].join(" · "));
        }),
      );
    },
    close: () => {
      closed = true;
    },
  };
}

function lineOf(past: PastSession, text: string): HTMLElement {
  const name = whoLine(past);
  const given = { href: sessionPath(past.id), "data-go": "", dir: "auto", title: name };
  const parts = [make("a", given, [name]), make("p", { class: "hint" }, [text])];
  return make("li", {}, [make("div", {}, parts)]);
}
