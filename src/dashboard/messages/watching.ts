// Texts about the screens that watch.

/** A screen that watched and stopped without saying so (alarms 9.6). */
export function goneLine(name: string, since: string): string {
  return `Screen ${name} is gone since ${since}`;
}
