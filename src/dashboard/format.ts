// Turns numbers, times and limits into the short texts of the tile and the strip. Pure; sentences
// and labels live in messages.ts.

import type { Limit, Metric, Occurrence, Priority } from "./wire.ts";

/** Seconds as m:ss, from an hour on h:mm:ss; minutes have two digits (T+mm:ss). */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n: number): string => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`;
}

/** A rough length of time: "35 s", "2 min", "1 h 5 min". Rounds down: an age never looks older
 * than it is by less than a minute, and the exact time stands beside it. */
export function roughly(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A condition delay: whole minutes as "2 min", all else in seconds. */
export function delay(seconds: number): string {
  return seconds >= 60 && seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

export type TimeOfDay = {
  readonly seconds: (ms: number) => string;
  readonly minutes: (ms: number) => string;
  /** With the day: "28 Nov 2026, 22:44". */
  readonly day: (ms: number) => string;
};

/** Clock times in the site's own time zone, 24 h. An unknown zone falls to UTC and says so. */
export function timeOfDay(timezone: string): TimeOfDay {
  const zone = zoneOf(timezone);
  const suffix = zone === timezone ? "" : " UTC";
  const options = { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  const minutes = new Intl.DateTimeFormat("en-GB", options);
  const seconds = new Intl.DateTimeFormat("en-GB", { ...options, second: "2-digit" });
  const date = { day: "numeric", month: "short", year: "numeric" } as const;
  const day = new Intl.DateTimeFormat("en-GB", { ...options, ...date });
  return {
    minutes: (ms) => minutes.format(ms) + suffix,
    seconds: (ms) => seconds.format(ms) + suffix,
    day: (ms) => day.format(ms) + suffix,
  };
}

/** The zone, or UTC where this browser does not know it: it may know fewer than the service. */
export function zoneOf(timezone: string): string {
  return knownZone(timezone) ? timezone : "UTC";
}

function knownZone(timezone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en-GB", { timeZone: timezone }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}

/** Priority as on bedside monitors: !, !!, !!!. */
export const STARS: Readonly<Record<Priority, string>> = { low: "!", medium: "!!", high: "!!!" };

const DECIMALS: Readonly<Record<Metric, number>> = {
  nibp_sys: 0,
  nibp_dia: 0,
  nibp_map: 0,
  heart_rate: 0,
  spo2: 0,
  resp: 0,
  art_sys: 0,
  art_dia: 0,
  art_map: 0,
  temp: 1,
};

export function quantity(metric: Metric, value: number): string {
  return value.toFixed(DECIMALS[metric]);
}

/** The limits worth showing beside a number on one side: the tightest of all, and the tightest
 * HIGH one where that is another; the tightest first. */
export function limitsBeside(limits: readonly Limit[], side: Limit["side"]): readonly Limit[] {
  const tightest = (some: readonly Limit[]): Limit | undefined =>
    some.reduce<Limit | undefined>((best, next) => {
      if (best === undefined) return next;
      const gap = side === "high" ? next.limit - best.limit : best.limit - next.limit;
      return gap < 0 || (gap === 0 && rank(next.priority) > rank(best.priority)) ? next : best;
    }, undefined);
  const onSide = limits.filter((l) => l.side === side);
  const first = tightest(onSide);
  const high = tightest(onSide.filter((l) => l.priority === "high"));
  return [first, high === first ? undefined : high].filter((l) => l !== undefined);
}

/** "30 s", "2×": what a limit waits for: a delay, or a second reading that agrees or does not come
 * in time. Empty: nothing. */
export function limitWait(limit: Limit): string {
  const persist = limit.delay_s === 0 ? [] : [delay(limit.delay_s)];
  return [...persist, ...(limit.confirm_s === null ? [] : ["2×"])].join(" ");
}

export function limitBare(limit: Limit): string {
  return `${limit.side === "high" ? "≥" : "≤"}${limit.limit}`;
}

export function rank(priority: Priority): number {
  return { low: 0, medium: 1, high: 2 }[priority];
}

/** Where on the tile the metric judged by an alarm stands; null when it has no place there. */
export function placeOf(occurrence: Occurrence): Metric | null {
  const places: Readonly<Record<string, Metric>> = {
    nibp_sys: "nibp_sys",
    nibp_dia: "nibp_dia",
    nibp_map: "nibp_map",
    hr: "heart_rate",
    pulse: "heart_rate",
    heart_rate: "heart_rate",
    spo2: "spo2",
    resp: "resp",
    temp: "temp",
  };
  return occurrence.metric === null ? null : (places[occurrence.metric] ?? null);
}
