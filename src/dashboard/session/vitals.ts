// STUB of the interface: its owner writes it.

import { make } from "../dom.ts";
import type { OpenSection } from "./section.ts";

export const createVitals: OpenSection = () => ({
  name: "vitals",
  label: () => null,
  element: make("div"),
  update: () => undefined,
  opened: () => undefined,
});
