// STUB of the interface: its owner writes it. One bed: numbers, trend, events, and the session's
// panel beside them.

import { make } from "../dom.ts";
import type { OpenView } from "../page-view.ts";
import type { Place } from "../router.ts";
import { createPanel } from "../session/panel.ts";

export const openBed: OpenView<Extract<Place, { view: "bed" }>> = (place, parts) => {
  const panel = createPanel(place.bed, parts);
  const element = make("section", { class: "page bed-page" }, [panel.element]);
  return {
    title: place.bed,
    element,
    update: panel.update,
    hear: panel.hear,
    close: panel.close,
  };
};
