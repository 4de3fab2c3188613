// The alarm history as data: what is held, what of it is asked for, which of it recurs, and the
// figures. Pure.

import { zoneOf } from "../format.ts";
import type { Figures } from "../messages/alarms.ts";
import { isOlder, isShown } from "../store.ts";
import type { Occurrence, Priority } from "../wire.ts";

export type Period = "hour" | "day" | "session" | "all";

/** Null: any. `session` is the one asked for while `period` is "session". */
export type Filter = {
  readonly bed: string | null;
  readonly priority: Priority | null;
  readonly kind: Occurrence["kind"] | null;
  readonly period: Period;
  readonly session: string | null;
};

export const FIRST_FILTER: Filter = {
  bed: null,
  priority: null,
  kind: null,
  period: "day",
  session: null,
};

const HOUR_MS = 3_600_000;
/** The most that the service gives at once (contract 6). */
const PAGE = 200;
/** A group is so many of one family within that (alarms 11, flapping), as the service counts. */
const RECURS_FROM = 4;
const RECURS_WITHIN_MS = 600_000;

/** Adds those that are newer than what is held; false: nothing was news. */
export function take(held: Map<string, Occurrence>, told: Iterable<Occurrence>): boolean {
  let isNews = false;
  for (const one of told) {
    const before = held.get(one.occurrence);
    if (before === one || (before !== undefined && isOlder(one, before))) continue;
    held.set(one.occurrence, one);
    isNews = true;
  }
  return isNews;
}

/** The beginning of the time asked for; null: there is none. */
export function sinceOf(filter: Filter, serverMs: number, zone: string): number | null {
  switch (filter.period) {
    case "hour":
      return serverMs - HOUR_MS;
    case "day":
      return startOfDay(serverMs, zone);
    case "session":
    case "all":
      return null;
  }
}

/** Midnight of the site's own day. On the two days on which clocks are changed it may be an hour
 * off. */
export function startOfDay(ms: number, zone: string): number {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zoneOf(zone),
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
  const part = (type: string): number =>
    Number(format.formatToParts(ms).find((one) => one.type === type)?.value ?? 0);
  const passedS = part("hour") * 3600 + part("minute") * 60 + part("second");
  return ms - passedS * 1000 - (ms % 1000);
}

/** What the service is asked for; priority and kind it does not know. */
export function pathOf(filter: Filter, sinceMs: number | null, next: string | null): string {
  const asked = new URLSearchParams({ state: "all", limit: String(PAGE) });
  if (filter.bed !== null) asked.set("bed", filter.bed);
  if (filter.period === "session" && filter.session !== null) asked.set("session", filter.session);
  if (sinceMs !== null) asked.set("since", new Date(sinceMs).toISOString());
  if (next !== null) asked.set("next", next);
  return `/alarms?${asked}`;
}

/** Those asked for, newest beginning first. What goes on is of every time. */
export function found(
  held: Iterable<Occurrence>,
  filter: Filter,
  sinceMs: number | null,
): readonly Occurrence[] {
  const isWanted = (one: Occurrence): boolean =>
    (filter.bed === null || one.bed === filter.bed) &&
    (filter.priority === null || one.highest === filter.priority) &&
    (filter.kind === null || one.kind === filter.kind) &&
    (filter.period !== "session" || one.session === filter.session) &&
    (sinceMs === null || isShown(one) || changed(one) >= sinceMs);
  return [...held]
    .filter(isWanted)
    .sort((a, b) => b.onset - a.onset || (a.occurrence < b.occurrence ? 1 : -1));
}

function changed(one: Occurrence): number {
  return Math.max(one.onset, one.ended ?? 0, one.acknowledged?.at ?? 0);
}

/** Several of a group stand as one, at the place of the newest. */
export type Entry = { readonly id: string; readonly members: readonly Occurrence[] };

/** `newestFirst` as `found` gives it. A group's id is that of its oldest, so that it stays the
 * same while it grows. */
export function entriesOf(newestFirst: readonly Occurrence[]): readonly Entry[] {
  const families = new Map<string, Occurrence[]>();
  for (const one of newestFirst) {
    const key = familyOf(one);
    const family = families.get(key) ?? [];
    family.push(one);
    families.set(key, family);
  }
  const grouped = new Map<Occurrence, readonly Occurrence[]>();
  for (const group of [...families.values()].flatMap((family) => groupsOf(family.reverse())))
    for (const one of group) grouped.set(one, group);
  const entries: Entry[] = [];
  for (const one of newestFirst) {
    const group = grouped.get(one) ?? [one];
    if (group.at(-1) === one)
      entries.push({ id: group[0]?.occurrence ?? one.occurrence, members: [...group].reverse() });
  }
  return entries;
}

/** One bed, one family, one subject: what flaps together. */
export function familyOf(one: Occurrence): string {
  return JSON.stringify([one.bed, one.family, one.subject]);
}

function groupsOf(oldestFirst: readonly Occurrence[]): readonly (readonly Occurrence[])[] {
  const spans: { from: number; to: number }[] = [];
  for (let to = RECURS_FROM - 1; to < oldestFirst.length; to += 1) {
    const from = to - RECURS_FROM + 1;
    const [first, last] = [oldestFirst[from], oldestFirst[to]];
    if (first === undefined || last === undefined) continue;
    if (last.onset - first.onset >= RECURS_WITHIN_MS) continue;
    const before = spans.at(-1);
    if (before !== undefined && from <= before.to) before.to = to;
    else spans.push({ from, to });
  }
  return spans.map(({ from, to }) => oldestFirst.slice(from, to + 1));
}

/** From when it last asked for an answer to that answer, in seconds, as the report counts it; null:
 * nobody has answered. */
export function responseS(one: Occurrence): number | null {
  return one.acknowledged === null ? null : (one.acknowledged.at - one.asked) / 1000;
}

export function figuresOf(some: readonly Occurrence[], isWhole: boolean): Figures {
  const by = (["high", "medium"] as const).map((priority) => {
    const those = some.filter((one) => one.highest === priority);
    const responses = those.map(responseS).filter((s) => s !== null);
    const medianS = median(responses);
    return { priority, count: those.length, answered: responses.length, medianS };
  });
  return { all: some.length, isWhole, by };
}

export function median(some: readonly number[]): number | null {
  const sorted = [...some].sort((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
