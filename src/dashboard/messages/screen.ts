// Texts about this screen itself: nobody sees it, its loudspeaker may be another, how bright it is.

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

/** In the footer, until a person has heard the test sounds. */
export const NOT_CONFIRMED = "Sound not confirmed";

export type Level = "full" | "dim" | "dark";

export function brightness(level: Level): string {
  return `Brightness: ${level}`;
}
