// STUB of the interface: its owner writes it.

import { make } from "../dom.ts";
import type { OpenView } from "../page-view.ts";
import type { Place } from "../router.ts";

export const openSetup: OpenView<Extract<Place, { view: "setup" }>> = () => ({
  title: "setup",
  element: make("section", { class: "page" }),
  update: () => undefined,
  hear: () => undefined,
  close: () => undefined,
});
