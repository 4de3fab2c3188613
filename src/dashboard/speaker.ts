// Sounds what sound.ts decides on the sound card of this screen: alarms, the tone of a lost
// connection, the test. Holds the memory between two bursts; a burst that runs is never cut.

import { createAudio } from "./audio.ts";
import {
  busyFor,
  CONNECTION_LOST_TONE,
  hearChange,
  nextBurst,
  SILENCE,
  soundTest,
  type Burst,
} from "./sound.ts";
import type { Occurrence } from "./wire.ts";

/** What there is to hear now. */
export type ToHear =
  | { readonly kind: "alarms"; readonly occurrences: readonly Occurrence[] }
  | { readonly kind: "lost" }
  | { readonly kind: "unknown" };

export type Speaker = {
  /** Must be called from a gesture. Resolves to whether sound runs. */
  readonly unlock: () => Promise<boolean>;
  readonly isOn: () => boolean;
  readonly playTest: () => void;
  /** A live transition, for what sounds once. */
  readonly hear: (occurrence: Occurrence) => void;
  readonly sound: (now: ToHear) => void;
};

export function createSpeaker(onChange: () => void): Speaker {
  const audio = createAudio(onChange);
  let memory = SILENCE;
  let lostToneDueMs = 0;

  function play(burst: Burst): void {
    audio.play(burst);
    memory = { ...memory, busyUntilMs: audio.nowMs() + busyFor(burst) };
  }

  function soundLost(nowMs: number): void {
    if (nowMs < Math.max(memory.busyUntilMs, lostToneDueMs)) return;
    play(CONNECTION_LOST_TONE);
    lostToneDueMs = nowMs + (CONNECTION_LOST_TONE.repeatMs ?? 0);
  }

  return {
    unlock: audio.unlock,
    isOn: audio.isOn,
    playTest: () => {
      if (audio.isOn() && audio.nowMs() >= memory.busyUntilMs) play(soundTest());
    },
    hear: (occurrence) => {
      memory = hearChange(memory, occurrence);
    },
    sound: (now) => {
      if (!audio.isOn() || now.kind === "unknown") return;
      if (now.kind === "lost") return soundLost(audio.nowMs());
      const choice = nextBurst(memory, now.occurrences, audio.nowMs());
      memory = choice.memory;
      if (choice.burst !== null) audio.play(choice.burst);
    },
  };
}
