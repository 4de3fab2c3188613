// One bed: its numbers as on its tile, its trend, what happened, and the session's panel beside.

import { createTile, tileOf, type Tile } from "../bed-tile.ts";
import { make, write, writeOrHide } from "../dom.ts";
import { REMOVED } from "../messages.ts";
import * as say from "../messages/bed.ts";
import { NO_SUCH_BED } from "../messages/views.ts";
import type { OpenView, Seen } from "../page-view.ts";
import type { Place } from "../router.ts";
import { createPanel } from "../session/panel.ts";
import type { BedView, Ward } from "../store.ts";
import type { WireMessage } from "../wire.ts";
import { createEvents } from "./events.ts";
import { createTrend } from "./trend.ts";

export const openBed: OpenView<Extract<Place, { view: "bed" }>> = ({ bed }, parts) => {
  const panel = createPanel(bed, parts);
  const trend = createTrend(parts.read);
  const events = createEvents(bed, parts.read);
  const numbers = make("section", { class: "bed-numbers", "aria-label": say.NUMBERS });
  const main = make("div", { class: "bed-main" }, [numbers, trend.element, events.element]);
  const beside = make("section", { class: "bed-panel", "aria-label": say.PANEL }, [panel.element]);
  const nowhere = make("p", { class: "bed-note" });
  const element = make("section", { class: "page bed-page" }, [nowhere, main, beside]);
  let tile: Tile | null = null;
  let title = bed;

  function update(seen: Seen): void {
    const view = seen.ward?.beds.find((one) => one.bed.id === bed);
    writeOrHide(nowhere, seen.ward !== null && view === undefined ? NO_SUCH_BED : "");
    main.hidden = view === undefined && tile === null;
    beside.hidden = main.hidden;
    if (seen.ward === null || view === undefined) {
      for (const number of numbers.querySelectorAll("[data-metric]")) write(number, REMOVED);
      return;
    }
    title = view.bed.label;
    paint(seen.ward, view, seen);
    panel.update(seen);
  }

  function paint(ward: Ward, view: BedView, seen: Seen): void {
    if (tile === null) {
      tile = createTile(view.bed);
      tile.element.removeAttribute("tabindex");
      numbers.replaceChildren(tile.element);
    }
    tile.update(tileOf(ward, view, seen, null));
    const session = panel.session();
    events.update(session, seen.time);
    trend.update({ bed: view.bed, session, technical: events.technical(), seen });
  }

  return {
    get title() {
      return title;
    },
    element,
    update,
    turnTo: panel.turnTo,
    hear: (message: WireMessage) => {
      panel.hear(message);
      events.hear(message);
      const isOurs = message.event === "alarm" || message.event === "session";
      if (isOurs && message.data.bed === bed) trend.expire();
    },
    close: () => {
      panel.close();
      events.close();
      trend.close();
    },
  };
};
