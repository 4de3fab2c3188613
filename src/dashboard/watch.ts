// This page as a watcher: its screen is kept from going dark, and while it is hidden its title says
// that nobody watches here; back again it says for how long (alarms, Dashboard HMI 8). That the
// service counts no hidden page is the lease's (screen.ts).

import { elapsedMs, localNow, type Now } from "./clock.ts";
import { part, writeOrHide } from "./dom.ts";
import { didNotWatch, notWatching } from "./messages/screen.ts";

/** How long the line about it stands in the footer. Ours. */
const TOLD_FOR_MS = 60_000;

export type WatchParts = {
  /** Somebody is logged in: there is something to watch. */
  readonly isIn: () => boolean;
  readonly isSoundOn: () => boolean;
  /** What is seen or heard has changed. */
  readonly onChange: () => void;
  /** To a screen reader, politely. */
  readonly tell: (text: string) => void;
};

export type Watch = {
  /** The sound has changed: it, too, makes a watcher. */
  readonly look: () => void;
  /** The window's title, which is that. */
  readonly title: (text: string) => string;
};

export function createWatch(page: Document, parts: WatchParts): Watch {
  const line = part(page, "#not-watched");
  let hiddenSince: Now | null = null;
  let endOfLine: ReturnType<typeof setTimeout> | undefined;

  function see(): void {
    if (page.visibilityState === "hidden") goAway();
    else if (hiddenSince !== null) comeBack(hiddenSince);
    look();
  }

  /** Written here, for a page that is hidden gets no frame to be painted in. */
  function goAway(): void {
    if (!parts.isIn()) return;
    hiddenSince = localNow();
    page.title = notWatching(page.title);
  }

  function comeBack(since: Now): void {
    hiddenSince = null;
    if (!parts.isIn()) return;
    const text = didNotWatch(elapsedMs(since, localNow()) / 1000);
    parts.tell(text);
    writeOrHide(line, text);
    clearTimeout(endOfLine);
    endOfLine = setTimeout(() => writeOrHide(line, ""), TOLD_FOR_MS);
  }

  function look(): void {
    parts.onChange();
    void keepAwake();
  }

  /** A watching station's screen must not go dark; a browser may refuse, and the page works on. */
  async function keepAwake(): Promise<void> {
    if (!("wakeLock" in navigator) || page.hidden || !parts.isSoundOn()) return;
    try {
      await navigator.wakeLock.request("screen");
    } catch (error) {
      console.warn("the screen may go dark by itself", error);
    }
  }

  page.addEventListener("visibilitychange", see);
  return {
    look,
    title: (text) => (page.visibilityState === "hidden" ? notWatching(text) : text),
  };
}
