// All beds' tiles: made once, kept in their places, each painted from its bed. A tile can be
// chosen, by a tap or the keyboard; what is done with the chosen bed is the bed bar's.

import { createTile, type Tile, type TileView } from "./bed-tile.ts";
import { write } from "./dom.ts";
import { columnsFor } from "./frame.ts";
import { REMOVED } from "./messages.ts";
import type { Ward } from "./store.ts";

export type WardView = {
  readonly update: (ward: Ward, tileOf: (view: Ward["beds"][number]) => TileView) => void;
  /** Nothing is known yet, or any more: places stay, numbers do not. */
  readonly forget: () => void;
  /** Nobody is logged in: nothing of the beds stays in the page. */
  readonly clear: () => void;
  /** Its tile; null, or no such bed: the first. */
  readonly focusBed: (bed: string | null) => void;
  readonly focusBeside: (step: "left" | "right" | "up" | "down") => void;
  /** The bed of the tile that a person is on. */
  readonly focused: () => string | null;
};

export type WardViewParts = {
  readonly onChoose: (bed: string) => void;
  /** To its own page. */
  readonly onEnter: (bed: string) => void;
};

export function createWardView(beds: HTMLElement, parts: WardViewParts): WardView {
  let tiles = new Map<string, Tile>();
  let columns = 1;
  const bedOf = (target: EventTarget | null): string | null =>
    (target instanceof Element ? target.closest("[data-bed]") : null)?.getAttribute("data-bed") ??
    null;

  beds.addEventListener("focusin", (event) => {
    const bed = bedOf(event.target);
    if (bed !== null) parts.onChoose(bed);
  });
  beds.addEventListener("dblclick", (event) => {
    const bed = bedOf(event.target);
    if (bed !== null) parts.onEnter(bed);
  });
  beds.addEventListener("keydown", (event) => {
    const bed = bedOf(event.target);
    if (event.key !== "Enter" || bed === null) return;
    event.preventDefault();
    parts.onEnter(bed);
  });

  function fit(): void {
    if (beds.clientWidth > 0) columns = fitTiles(beds);
  }

  function arrange(ward: Ward): void {
    const ids = ward.beds.map((view) => view.bed.id);
    if (ids.length === tiles.size && ids.every((id) => tiles.has(id))) return;
    tiles = new Map(ward.beds.map((view) => [view.bed.id, createTile(view.bed)]));
    beds.replaceChildren(...[...tiles.values()].map((tile) => tile.element));
    fit();
  }

  // Also when it is shown again: while it is not, there is nothing to fit into.
  new ResizeObserver(fit).observe(beds);

  return {
    update: (ward, tileOf) => {
      arrange(ward);
      for (const view of ward.beds) tiles.get(view.bed.id)?.update(tileOf(view));
    },
    forget: () => {
      for (const number of beds.querySelectorAll("[data-metric]")) write(number, REMOVED);
    },
    clear: () => {
      tiles = new Map();
      beds.replaceChildren();
    },
    focusBed: (bed) => {
      const [first] = tiles.values();
      (tiles.get(bed ?? "") ?? first)?.element.focus();
    },
    focusBeside: (step) => {
      const all = [...tiles.values()].map((tile) => tile.element);
      const by = { left: -1, right: 1, up: -columns, down: columns }[step];
      const at = all.findIndex((tile) => tile.contains(document.activeElement));
      if (at >= 0) all[at + by]?.focus();
    },
    focused: () => bedOf(document.activeElement),
  };
}

/** Places the tiles in as many columns as fit best, and returns these. */
export function fitTiles(beds: HTMLElement): number {
  const tiles = beds.children.length;
  const columns = columnsFor(tiles, beds.clientWidth, beds.clientHeight);
  beds.style.setProperty("--columns", String(columns));
  beds.style.setProperty("--rows", String(Math.ceil(tiles / columns)));
  return columns;
}
