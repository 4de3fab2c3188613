// Texts of a page that is hidden, of one that was, and of one whose loudspeaker may be another.

import { duration } from "../format.ts";

/** Of the window's title, which is all that is seen of such a page. */
export function notWatching(title: string): string {
  return `NOT WATCHING · ${title}`;
}

export function didNotWatch(seconds: number): string {
  return `This page did not watch for ${duration(seconds)}`;
}

/** Beside "Play again". */
export const LOUDSPEAKER_CHANGED = "The loudspeaker may have changed: play the test sounds";
