// What the service says of its setup and of the screens that are open (contract 6, `GET /setup`,
// `GET /screens`, `POST /screens/pairings`), checked.

import {
  checked,
  count,
  flag,
  instant,
  listOf,
  object,
  oneOf,
  orNull,
  text,
} from "./check.ts";
import type { Checked, ReadBy } from "./check.ts";
import type * as Sent from "./generated.ts";
import type { Reads } from "./sent.ts";

const setup = object({
  site: text,
  timezone: text,
  effective: listOf(text),
}) satisfies Reads<Sent.Setup>;

const screen = object({
  id: text,
  name: text,
  kind: oneOf("station", "board"),
  owner: text,
  state: text,
  audio: orNull(oneOf("unlocked", "locked", "muted")),
  beds: orNull(listOf(text)),
  age_s: count,
  sound_test: orNull(object({ heard: flag, by: text, at: instant })),
}) satisfies Reads<Sent.Screen>;

const pairing = object({ code: text, valid_s: count }) satisfies Reads<Sent.PairingCode>;

export type Setup = ReadBy<typeof setup>;
export type OpenScreen = ReadBy<typeof screen>;
export type Pairing = ReadBy<typeof pairing>;

export function checkSetup(body: unknown): Checked<Setup> {
  return checked(setup, body);
}

export function checkScreens(body: unknown): Checked<{ readonly items: readonly OpenScreen[] }> {
  return checked(object({ items: listOf(screen) }), body);
}

export function checkPairing(body: unknown): Checked<Pairing> {
  return checked(pairing, body);
}
