// STUB of the interface: its owner writes it.

import { make } from "../dom.ts";
import type { OpenSection } from "./section.ts";

export const createIntervention: OpenSection = () => ({
  name: "intervention",
  label: () => null,
  element: make("div"),
  update: () => undefined,
  opened: () => undefined,
});
