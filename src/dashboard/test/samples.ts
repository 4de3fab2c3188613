// The fixtures as the page reads them, and occurrences made from them.

import { readFileSync } from "node:fs";
import type { Now } from "../clock.ts";
import { checkEvent, type Occurrence, type Snapshot, type WireMessage } from "../wire.ts";

export function fixtureText(name: string): string {
  return readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), "utf8");
}

export function wireMessage<E extends WireMessage["event"]>(
  event: E,
  changes: Record<string, unknown> = {},
): Extract<WireMessage, { event: E }> {
  const raw = { ...(JSON.parse(fixtureText(event)) as object), ...changes };
  const result = checkEvent(event, JSON.stringify(raw));
  if (result.kind === "fault") throw new Error(result.why);
  return result.value as Extract<WireMessage, { event: E }>;
}

export function snapshot(): Snapshot {
  return wireMessage("snapshot").data;
}

/** It was never worse, and has asked once, unless the changes say so. */
export function occurrence(changes: Partial<Occurrence>): Occurrence {
  const one = { ...wireMessage("alarm").data, ...changes };
  return { ...one, highest: one.priority, asked: one.onset, ...changes };
}

/** A local moment this many seconds after the page was opened. */
export function at(seconds: number): Now {
  return { mono: seconds * 1000, wall: 1_000_000 + seconds * 1000 };
}
