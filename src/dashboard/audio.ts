// Plays bursts through WebAudio. A context starts suspended until a gesture and may be suspended
// again by the system, and one whose sound card is gone may say that it runs: its state and its
// clock are watched, never assumed (alarms, Dashboard HMI 7). Knows nothing of alarms; it can't
// know whether a loudspeaker is on.

import { busyFor, HARMONICS, RISE_SHARE, type Burst, type Pulse } from "./sound.ts";

export type Audio = {
  /** Must be called from a gesture. Resolves to whether sound runs. */
  readonly unlock: () => Promise<boolean>;
  readonly isOn: () => boolean;
  /** Real-time clock of the sound card, in ms; bursts are scheduled on it. Never goes back. */
  readonly nowMs: () => number;
  readonly play: (burst: Burst) => void;
};

/** Ahead of the sound card's clock, so that no pulse starts in its past. */
const LEAD_S = 0.02;
/** The card's clock stands still for this long: nothing is played. Ours. */
const STALLED_AFTER_MS = 2_000;

/** `beganMs`: what `nowMs` said when it was opened; `clockS` was first seen at `movedMs`; what was
 * given to it ends at `busyMs`. */
type Card = {
  readonly context: AudioContext;
  readonly wave: PeriodicWave;
  readonly beganMs: number;
  clockS: number;
  movedMs: number;
  busyMs: number;
};

export function createAudio(onChange: () => void): Audio {
  let card: Card | null = null;

  const nowMs = (): number => (card === null ? 0 : card.beganMs + card.context.currentTime * 1000);

  function isStalled(): boolean {
    return card !== null && card.context.state === "running" && !isOn();
  }

  function isOn(): boolean {
    if (card === null) return false;
    const [clockS, isRunning] = [card.context.currentTime, card.context.state === "running"];
    if (!isRunning || clockS !== card.clockS) {
      card.clockS = clockS;
      card.movedMs = performance.now();
    }
    return isRunning && performance.now() - card.movedMs < STALLED_AFTER_MS;
  }

  async function unlock(): Promise<boolean> {
    if (card === null || isStalled()) {
      // What the old one was to play is never heard, and nothing has to wait for its end.
      const beganMs = Math.max(nowMs(), card?.busyMs ?? 0);
      void card?.context.close().catch(() => undefined);
      card = open(onChange, beganMs);
    }
    try {
      await card.context.resume();
    } catch (error) {
      console.warn("sound was refused", error);
    }
    onChange();
    return isOn();
  }

  return {
    unlock,
    isOn,
    nowMs,
    play: (burst) => {
      if (card === null) return;
      card.busyMs = nowMs() + busyFor(burst);
      const from = card.context.currentTime + LEAD_S;
      for (const pulse of burst.pulses)
        soundPulse(card.context, card.wave, pulse, burst.gain, from);
    },
  };
}

function open(onChange: () => void, beganMs: number): Card {
  const context = new AudioContext();
  context.addEventListener("statechange", onChange);
  const imag = new Float32Array([0, ...HARMONICS]);
  const wave = context.createPeriodicWave(new Float32Array(imag.length), imag);
  return { context, wave, beganMs, clockS: 0, movedMs: performance.now(), busyMs: 0 };
}

function soundPulse(
  context: BaseAudioContext,
  wave: PeriodicWave,
  pulse: Pulse,
  gain: number,
  from: number,
): void {
  const [begin, length] = [from + pulse.atMs / 1000, pulse.lengthMs / 1000];
  const slope = length * RISE_SHARE;
  const envelope = context.createGain();
  envelope.gain.setValueAtTime(0, begin);
  envelope.gain.linearRampToValueAtTime(gain, begin + slope);
  envelope.gain.setValueAtTime(gain, begin + length - slope);
  envelope.gain.linearRampToValueAtTime(0, begin + length);
  const tone = context.createOscillator();
  tone.setPeriodicWave(wave);
  tone.frequency.value = pulse.hz;
  tone.connect(envelope).connect(context.destination);
  tone.start(begin);
  tone.stop(begin + length);
}
