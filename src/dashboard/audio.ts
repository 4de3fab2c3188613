// Plays bursts through WebAudio. A context starts suspended until a gesture and may be suspended
// again by the system: its state is watched, never assumed (alarms, Dashboard HMI 7). Knows
// nothing of alarms; it can't know whether a loudspeaker is on.

import { HARMONICS, RISE_SHARE, type Burst, type Pulse } from "./sound.ts";

export type Audio = {
  /** Must be called from a gesture. Resolves to whether sound runs. */
  readonly unlock: () => Promise<boolean>;
  readonly isOn: () => boolean;
  /** Real-time clock of the sound card, in ms; bursts are scheduled on it. */
  readonly nowMs: () => number;
  readonly play: (burst: Burst) => void;
};

/** Ahead of the sound card's clock, so that no pulse starts in its past. */
const LEAD_S = 0.02;

export function createAudio(onChange: () => void): Audio {
  let running: { readonly context: AudioContext; readonly wave: PeriodicWave } | null = null;
  const isOn = (): boolean => running !== null && running.context.state === "running";

  async function unlock(): Promise<boolean> {
    running ??= start(onChange);
    try {
      await running.context.resume();
    } catch (error) {
      console.warn("sound was refused", error);
    }
    onChange();
    return isOn();
  }

  return {
    unlock,
    isOn,
    nowMs: () => (running === null ? 0 : running.context.currentTime * 1000),
    play: (burst) => {
      if (running === null) return;
      const from = running.context.currentTime + LEAD_S;
      for (const pulse of burst.pulses)
        soundPulse(running.context, running.wave, pulse, burst.gain, from);
    },
  };
}

function start(onChange: () => void): { context: AudioContext; wave: PeriodicWave } {
  const context = new AudioContext();
  context.addEventListener("statechange", onChange);
  const imag = new Float32Array([0, ...HARMONICS]);
  return { context, wave: context.createPeriodicWave(new Float32Array(imag.length), imag) };
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
