// All of the page around tiles and strip: clock, SIMULATED, approval, sources, faults, and the
// CONNECTION LOST overlay (safety F5; alarms, Dashboard HMI 6).

import { elapsedMs, type Now } from "./clock.ts";
import { part, write, writeList, writeOrHide } from "./dom.ts";
import { duration, type TimeOfDay } from "./format.ts";
import * as say from "./messages.ts";
import { createMissed } from "./missed.ts";
import { bedLabel } from "./announce.ts";
import type { Liveness, State, Ward } from "./store.ts";
import type { Source } from "./wire.ts";

const PUT_OFF_MS = 250;

export type Frame = {
  readonly update: (
    state: State,
    alive: Liveness,
    serverMs: number | null,
    time: TimeOfDay,
  ) => void;
  /** Nobody is logged in: there is no connection that could be lost. */
  readonly clear: () => void;
};

export function createFrame(page: Document): Frame {
  const lost = part(page, "#connection-lost");
  const missed = createMissed(page);

  return {
    clear: () => {
      for (const hidden of [lost, part(page, "#fault")]) hidden.hidden = true;
      missed.clear();
      write(part(page, "#clock"), "--:--:--");
      writeList(part(page, "#sources"), "li", []);
    },
    update: (state, alive, serverMs, time) => {
      const isLost = alive.kind === "lost";
      write(
        part(page, "#clock"),
        serverMs === null || isLost ? "--:--:--" : time.seconds(serverMs),
      );
      lost.hidden = !isLost;
      if (isLost) {
        write(part(page, "#lost-for"), duration(alive.forMs / 1000));
        write(part(page, "#lost-why"), say.lostLine(alive.cause, state.goodbye));
      }
      writeOrHide(part(page, "#fault"), state.faults === null ? "" : say.faultLine(state.faults));
      missed.update({
        missed: state.missed,
        bedLabel: (o) => bedLabel(state, o),
        clockTime: time.seconds,
      });
      if (state.ward !== null) updateWardLines(page, state.ward, time);
    },
  };
}

function updateWardLines(page: Document, ward: Ward, time: TimeOfDay): void {
  write(part(page, "#site"), ward.site);
  writeOrHide(
    part(page, "#simulated"),
    ward.simulated ? say.simulatedLine(ward.simulation, time.seconds) : "",
  );
  // Not as the snapshot said: a session that begins brings its own preset.
  const isApproved = ward.beds.length > 0 && ward.beds.every(({ bed }) => bed.preset.approved);
  writeOrHide(part(page, "#not-approved"), isApproved ? "" : say.NOT_APPROVED);
  // What has no room at the end is what works.
  const sources = [...ward.sources].sort((a, b) => Number(isOnline(a)) - Number(isOnline(b)));
  writeList(part(page, "#sources"), "li", sources.map(say.sourceLine));
  writeOrHide(part(page, "#watching"), say.watchingLine(ward.watching));
  writeOrHide(part(page, "#undeclared"), say.undeclaredLine(ward.undeclared));
}

function isOnline({ state }: Source): boolean {
  return state === "online";
}

/** Starts the overlay's own countdown again. It is a CSS animation of opacity alone, which the
 * browser goes on with though this script hangs. To find it costs the browser all styles, so that
 * it is put off at most as often as the page is painted: it comes a little too early then. */
export function createPutOff(overlay: Element): (now: Now) => void {
  let last: Now | null = null;
  return (now) => {
    if (last !== null && elapsedMs(last, now) < PUT_OFF_MS) return;
    last = now;
    for (const animation of overlay.getAnimations()) animation.currentTime = 0;
  };
}

/** The least in which a tile shows all that decides something, in px; the height is the page's own,
 * too (styles.css). */
const TILE_MIN = { width: 205, height: 100 } as const;

/** How many columns of tiles fit best: tiles about 1.6 times as wide as high. Where that would make
 * them too small, fewer: the ward scrolls. */
export function columnsFor(beds: number, width: number, height: number): number {
  const shapeOf = (columns: number): number => {
    const rows = Math.ceil(beds / columns);
    const tall = Math.max(height / rows, TILE_MIN.height);
    return Math.abs(Math.log(width / columns / tall / 1.6)) + 2 * (1 - beds / (rows * columns));
  };
  const most = Math.min(beds, 8, Math.floor(width / TILE_MIN.width));
  const choices = Array.from({ length: Math.max(1, most) }, (_, i) => i + 1);
  return choices.reduce((best, next) => (shapeOf(next) < shapeOf(best) ? next : best), 1);
}
