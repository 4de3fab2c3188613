// STUB of the interface: its owner writes it.

import { make } from "../dom.ts";
import type { OpenSection } from "./section.ts";

export const createBaseline: OpenSection = () => ({
  name: "baseline",
  label: () => null,
  element: make("div"),
  update: () => undefined,
  opened: () => undefined,
});
