// What is read out, as new lines of a live region that exists from the start.

import { write } from "./dom.ts";

const KEPT = 5;

export function append(region: HTMLElement, texts: readonly string[]): void {
  for (const text of texts) {
    const line = document.createElement("p");
    write(line, text);
    region.append(line);
  }
  while (region.children.length > KEPT) region.firstElementChild?.remove();
}
