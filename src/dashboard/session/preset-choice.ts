// Which preset, drug and route a session may begin with, as one choice each: pure.

import type { Choice } from "../act-form.ts";
import { drugLine } from "../messages/session.ts";
import type { PresetSummary } from "../wire-preset.ts";

export type PresetChoice = Choice & {
  readonly preset: PresetSummary;
  readonly route: string;
};

/** One for each route of each preset. Where two would read the same, each has its title. */
export function presetChoices(presets: readonly PresetSummary[]): readonly PresetChoice[] {
  const all = presets.flatMap((preset) =>
    preset.routes.map((route) => ({
      value: `${preset.name}/${route}`,
      label: drugLine(preset.drug, route),
      preset,
      route,
    })),
  );
  const isShared = (label: string): boolean => all.filter((it) => it.label === label).length > 1;
  return all.map((it) =>
    isShared(it.label) ? { ...it, label: `${it.label} (${it.preset.title})` } : it,
  );
}

/** Those that a running session of this drug and route could take instead. */
export function otherPresets(
  presets: readonly PresetSummary[],
  now: { readonly preset: string; readonly drug: string; readonly route: string },
): readonly PresetSummary[] {
  return presets.filter(
    ({ name, drug, routes }) =>
      name !== now.preset && drug === now.drug && routes.includes(now.route),
  );
}
