// Presets with their limits (contract 6, `GET /presets` and `/presets/{name}`), checked.

import {
  amount,
  checked,
  count,
  flag,
  listOf,
  object,
  oneOf,
  orNull,
  text,
} from "./check.ts";
import type { Checked, ReadBy } from "./check.ts";
import type * as Sent from "./generated.ts";
import type { Reads } from "./sent.ts";

const about = {
  name: text,
  title: text,
  version: text,
  drug: text,
  routes: listOf(text),
  approved_by: orNull(text),
  approved_on: orNull(text),
  in_force: flag,
};

const summary = object(about) satisfies Reads<Sent.PresetSummary>;

const limit = object({
  family: text,
  rule: text,
  metric: text,
  unit: text,
  side: oneOf("low", "high"),
  limit: orNull(amount),
  change: flag,
  over_65: orNull(amount),
  with_symptom: flag,
  clears: amount,
  priority: oneOf("low", "medium", "high"),
  delay_s: count,
  confirm_s: orNull(count),
  phases: listOf(text),
  source: text,
});

const span = object({ after: text, min: count });

const preset = object({
  ...about,
  requires: listOf(text),
  active: span,
  observe: span,
  interval_min: object({
    intake: count,
    baseline: count,
    active: count,
    recovery: count,
    discharge: count,
    after_high: count,
  }),
  limits: listOf(limit),
  due: listOf(object({ id: text, what: text, at_min: count, alarm_min: count })),
  not_in_force: listOf(text),
}) satisfies Reads<Sent.FullPreset>;

export type PresetSummary = ReadBy<typeof summary>;
export type Preset = ReadBy<typeof preset>;
export type PresetLimit = ReadBy<typeof limit>;

export function checkPresets(body: unknown): Checked<{
  readonly items: readonly PresetSummary[];
}> {
  return checked(object({ items: listOf(summary) }), body);
}

export function checkPreset(body: unknown): Checked<Preset> {
  return checked(preset, body);
}
