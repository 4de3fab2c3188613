// Keys that were meant for a field that is gone: an answer given on another screen, or a session
// that ended, takes it away while a person types. They are no commands until that person pauses.

/** From when the field went, or from the last of such keys: time to see it. Ours. */
export const STRAY_MS = 1_000;

export type Stray = {
  /** A person is at a field; `hasFocus`: whether they still are. */
  readonly at: (hasFocus: () => boolean) => void;
  /** They left it by an act of their own. */
  readonly left: () => void;
  /** Often, so that it is known when the field went. */
  readonly look: () => void;
  /** Whether the letter that is pressed now is such a key. */
  readonly takes: () => boolean;
};

export function createStray(nowMs: () => number): Stray {
  let hasFocus: (() => boolean) | null = null;
  let untilMs = Number.NEGATIVE_INFINITY;

  function look(): void {
    if (hasFocus === null || hasFocus()) return;
    hasFocus = null;
    untilMs = nowMs() + STRAY_MS;
  }

  return {
    at: (now) => {
      hasFocus = now;
    },
    left: () => {
      hasFocus = null;
    },
    look,
    takes: () => {
      look();
      if (nowMs() >= untilMs) return false;
      untilMs = nowMs() + STRAY_MS;
      return true;
    },
  };
}
