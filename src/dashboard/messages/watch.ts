// Texts of a page that is hidden, and of one that was.

import { duration } from "../format.ts";

/** Of the window's title, which is all that is seen of such a page. */
export function notWatching(title: string): string {
  return `NOT WATCHING · ${title}`;
}

export function didNotWatch(seconds: number): string {
  return `This page did not watch for ${duration(seconds)}`;
}
