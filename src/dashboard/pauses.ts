// What is paused on a bed, for how long and by whom, from the service's time (alarms 4), and the
// acts that a person on the floor may ask for there (contract 6). Pure. Every pause has an end but
// one: an empty room.

import type { Act } from "./acts.ts";
import { duration, type TimeOfDay } from "./format.ts";
import type { Bed } from "./wire.ts";

export type PauseKind = "audio-paused" | "alarm-paused" | "standby";

/** `brief` is for places where a name does not fit; `wall` for a wall, where none is told, nor what
 * somebody typed. */
export type Pause = {
  readonly kind: PauseKind;
  readonly text: string;
  readonly brief: string;
  readonly wall: string;
};

export function pausesOf(bed: Bed, serverMs: number, time: TimeOfDay): readonly Pause[] {
  const pauses: Pause[] = [];
  const add = (kind: PauseKind, word: string, left: string, who: string): void => {
    const wall = [word, left].filter(Boolean).join(" ");
    const text = [wall, who].filter(Boolean).join(" ");
    pauses.push({ kind, text, brief: left === "" ? word : left, wall });
  };
  const left = (until: number): string => duration((until - serverMs) / 1000);
  if (bed.standby !== null) {
    const { since, until, by, reason } = bed.standby;
    const length = until === null ? `since ${time.minutes(since)}` : left(until);
    add("standby", "STAND-BY", length, `${by}: ${reason}`);
  }
  if (bed.alarm_paused_until !== null) {
    add("alarm-paused", "ALARM PAUSED", left(bed.alarm_paused_until), bed.alarm_paused_by ?? "");
  }
  if (bed.audio_paused_until !== null) {
    add("audio-paused", "AUDIO PAUSED", left(bed.audio_paused_until), bed.audio_paused_by ?? "");
  }
  return pauses;
}

export type BedActKind =
  | "pause-audio"
  | "resume-audio"
  | "pause-alarms"
  | "resume-alarms"
  | "begin-standby"
  | "end-standby";

/** `ask`: what to ask before it is sent, and the word on the button that then sends it. */
export type Offer = {
  readonly kind: BedActKind;
  readonly label: string;
  readonly ask: { readonly question: string; readonly send: string } | null;
};

/** One offer for each of the three places of the bed bar, always in this order. */
export function offersOf(bed: Bed): readonly [audio: Offer, alarms: Offer, standby: Offer] {
  const now = (kind: BedActKind, label: string): Offer => ({ kind, label, ask: null });
  const audio =
    bed.audio_paused_until === null
      ? now("pause-audio", "Pause sound 2 min")
      : now("resume-audio", "Sound on again");
  const alarms: Offer =
    bed.alarm_paused_until === null
      ? {
          kind: "pause-alarms",
          label: "Sensor care…",
          ask: { question: "Sensor care: why?", send: "Pause alarms 2 min" },
        }
      : now("resume-alarms", "Alarms on again");
  const standby: Offer =
    bed.standby !== null
      ? now("end-standby", "End stand-by")
      : bed.session === null
        ? {
            kind: "begin-standby",
            label: "Room empty…",
            ask: { question: "Room empty: why?", send: "Stand-by, without end" },
          }
        : {
            kind: "begin-standby",
            label: "Stand-by…",
            ask: { question: "Stand-by: why?", send: "Stand-by 10 min" },
          };
  return [audio, alarms, standby];
}

const ROUTE: Readonly<Record<BedActKind, readonly [Act["method"], string]>> = {
  "pause-audio": ["POST", "audio-pause"],
  "resume-audio": ["DELETE", "audio-pause"],
  "pause-alarms": ["POST", "alarm-pause"],
  "resume-alarms": ["DELETE", "alarm-pause"],
  "begin-standby": ["POST", "standby"],
  "end-standby": ["DELETE", "standby"],
};

/** What a refusal is about: "Not done: …" would not say what. */
export const NOT_DONE: Readonly<Record<BedActKind, string>> = {
  "pause-audio": "Sound not paused",
  "resume-audio": "Sound still paused",
  "pause-alarms": "Alarms not paused",
  "resume-alarms": "Alarms still paused",
  "begin-standby": "No stand-by",
  "end-standby": "Still in stand-by",
};

export function actOn(bed: string, kind: BedActKind, reason: string): Act {
  const [method, route] = ROUTE[kind];
  const path = `/beds/${encodeURIComponent(bed)}/${route}`;
  if (method === "DELETE") return { method, path, body: null };
  return { method, path, body: kind === "pause-audio" ? {} : { reason } };
}
