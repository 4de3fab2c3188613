// STUB of the interface: its owner writes it.

import { make } from "../dom.ts";
import type { OpenSection } from "./section.ts";

export const createMove: OpenSection = () => ({
  name: "move",
  label: () => null,
  element: make("div"),
  update: () => undefined,
  opened: () => undefined,
});
