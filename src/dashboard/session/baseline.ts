// Drawer "baseline": the bed's recent determinations, of which a person accepts two or more. The
// newest two that agree are ticked until a person ticks others.

import { createActForm, type Field } from "../act-form.ts";
import { arrange, make, mark, write, writeList, writeOrHide } from "../dom.ts";
import * as say from "../messages/baseline.ts";
import { READING } from "../messages/common.ts";
import type { SessionDetail } from "../wire-session.ts";
import { checkCame } from "../wire-visit.ts";
import { firstTicks, type Determination } from "./determinations.ts";
import { countingDoses } from "./next.ts";
import { createRecentReadings } from "./recent-readings.ts";
import type { About, OpenSection } from "./section.ts";

/** Real time, beside each new pressure. Ours. */
const READ_EVERY_MS = 10_000;
/** Times on a tile and on a reading are rounded differently. */
const ROUNDED_MS = 1_000;

const REASON: Field = { kind: "text", name: "reason", label: say.WHY_REPLACE, max: 500 };

export const createBaseline: OpenSection = (parts) => {
  const readings = createRecentReadings(parts.bed, parts);
  const accepted = make("p", { class: "accepted" });
  const hint = make("p");
  const list = createList(() => {
    touched = true;
  });
  const hand = make("button", { type: "button" }, [say.BY_HAND]);
  hand.addEventListener("click", () => parts.openDrawer("vitals"));
  const byHand = make("p", { class: "by-hand" }, [make("span", {}, [say.BY_HAND_HINT]), hand]);
  let about: About | null = null;
  let session: SessionDetail | null = null;
  /** A person ticked: nothing is ticked by itself any more. */
  let touched = false;
  let [isReading, wasRead, readMs] = [false, false, 0];
  /** Where the focus was when a person opened this; it goes from there to the first reading. */
  let focusFrom: Element | null = null;
  let newest: number | null = null;
  /** Of the session: readings of before it are its patient's. */
  let sameAs: string | null = null;
  let replaces = false;

  const form = createActForm({
    acts: parts.acts,
    fields: [],
    send: say.ACCEPT,
    notDone: say.NOT_ACCEPTED,
    act: (values) => {
      const ticked = list.ticked();
      if (readings.all().length === 0 && !wasRead) return READING;
      if (ticked.length < 2) return `${say.NOT_ACCEPTED}: ${say.TICK_TWO}`;
      const reason = values["reason"] ?? "";
      const why = reason === "" ? {} : { reason };
      const path = `/sessions/${session?.id}/baseline`;
      return { method: "POST", path, body: { accept: ticked, ...why } };
    },
    done: (body) => {
      touched = false;
      const came = checkCame(body);
      if (came.kind === "good") {
        const { nibp_sys: sys, nibp_dia: dia, nibp_map: map, heart_rate, spo2 } = came.value;
        parts.tell(say.acceptedLine({ sys, dia, map, heart_rate, spo2 }));
      }
      parts.refresh();
      if (session !== null && countingDoses(session).length === 0) parts.openDrawer("dose");
      return undefined;
    },
    refused: (type) => {
      if (type === "/problems/unknown-reading") void read(true);
      const why = say.baselineRefusal(type);
      if (why !== null) form.say(why);
      return why !== null;
    },
  });
  form.element.prepend(list.element);

  async function read(afresh: boolean): Promise<void> {
    if (isReading || about === null || about.seen.serverMs === 0) return;
    isReading = true;
    readMs = performance.now();
    const why = await readings.read(about.seen.serverMs, afresh, paint);
    isReading = false;
    wasRead ||= why === null;
    if (why !== null) form.say(why);
    paint();
  }

  function paint(): void {
    if (about === null || session === null) return;
    const { started } = session;
    const known = readings.all();
    // Another patient's are not offered: what is measured before the session may be.
    const all = sameAs === session.id ? known : known.filter((it) => it.measured >= started);
    list.paint(all, about, started);
    const ticks = firstTicks(all);
    if (!touched) list.tick(ticks);
    const few = [say.NONE_YET, say.ONE_YET][all.length];
    const none = few ?? (ticks.length === 0 ? say.NONE_ALIKE : "");
    writeOrHide(hint, wasRead ? none : ticks.length === 0 ? READING : "");
    if (focusFrom === null || (ticks.length === 0 && isReading)) return;
    if (document.activeElement === focusFrom) form.focus();
    focusFrom = null;
  }

  return {
    name: "baseline",
    label: (it) => (it.session === null ? null : say.BASELINE),
    element: make("div", { class: "visit" }, [accepted, hint, form.element, byHand]),
    update: (it) => {
      about = it;
      if (it.session === null) return;
      if (session?.id !== it.session.id) touched = false;
      session = it.session;
      const { baseline } = session;
      writeOrHide(accepted, baseline === null ? "" : say.acceptedLine(baseline));
      if (replaces !== (baseline !== null)) {
        replaces = baseline !== null;
        form.setFields(replaces ? [REASON] : []);
        form.setSend(replaces ? say.REPLACE : say.ACCEPT);
      }
      const cuff = it.bed.vitals.find(({ metric }) => metric === "nibp_sys");
      const measured = cuff?.measured ?? null;
      // A new patient's bed keeps no pressure of before.
      if (measured !== null && measured < session.started - ROUNDED_MS) sameAs = session.id;
      const isDue = performance.now() - readMs >= READ_EVERY_MS;
      if (measured !== newest || isDue) void read(false);
      newest = measured;
      paint();
    },
    opened: (_, byPerson) => {
      focusFrom = byPerson ? document.activeElement : null;
      void read(true);
      paint();
    },
  };
};

type List = {
  readonly element: HTMLElement;
  readonly paint: (all: readonly Determination[], about: About, fromMs: number) => void;
  readonly tick: (ids: readonly number[]) => void;
  readonly ticked: () => readonly number[];
};

/** One row for each determination; rows are kept, so that focus and ticks are. */
function createList(onTick: () => void): List {
  const rows = new Map<number, HTMLElement>();
  const body = make("div", { class: "readings" });
  const element = make("fieldset", { class: "field" }, [make("legend", {}, [say.READINGS]), body]);
  const boxOf = (row: HTMLElement): HTMLInputElement | null => row.querySelector("input");

  function rowOf(id: number): HTMLElement {
    const box = make("input", { type: "checkbox", name: `reading-${id}` });
    box.addEventListener("change", onTick);
    const names = ["pressure", "when", "rest", "from", "tags"];
    const spans = names.flatMap((name) => [make("span", { class: name }), " "]);
    const row = make("label", { class: "choice reading" }, [box, ...spans]);
    rows.set(id, row);
    return row;
  }

  function fill(row: HTMLElement, of: Determination, { seen }: About, fromMs: number): void {
    const ageS = seen.isLive ? (seen.serverMs - of.measured) / 1000 : null;
    const texts = say.readingParts(of, seen.time.minutes(of.measured), ageS);
    for (const [name, text] of Object.entries(texts)) {
      const span = row.querySelector(`.${name}`);
      if (span !== null) write(span, text);
    }
    mark(row, "title", texts.from);
    const tags = row.querySelector<HTMLElement>(".tags");
    if (tags !== null) writeList(tags, "span", say.readingTags(of, of.measured < fromMs));
  }

  return {
    element,
    paint: (all, about, fromMs) => {
      const wanted = all.map((of) => {
        const row = rows.get(of.id) ?? rowOf(of.id);
        fill(row, of, about, fromMs);
        return row;
      });
      const kept = new Set(all.map(({ id }) => id));
      for (const id of rows.keys()) if (!kept.has(id)) rows.delete(id);
      const pinned = wanted.find((row) => row.contains(document.activeElement)) ?? null;
      arrange(body, wanted, pinned);
      element.hidden = all.length === 0;
    },
    tick: (ids) => {
      for (const [id, row] of rows) {
        const box = boxOf(row);
        if (box !== null) box.checked = ids.includes(id);
      }
    },
    ticked: () => [...rows].filter(([, row]) => boxOf(row)?.checked === true).map(([id]) => id),
  };
}
