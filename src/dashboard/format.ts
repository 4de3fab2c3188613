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

/** The limits worth showing beside a number on one side, the tightest first: what alarms are about
 * that stand, and the next one beyond them; while none stands, the tightest of all, and the
 * tightest HIGH one where that is another. `crossed`: as `crossedLimits` has them. */
export function limitsBeside(
  limits: readonly Limit[],
  side: Limit["side"],
  crossed: readonly Limit[] = [],
): readonly Limit[] {
  const sign = side === "high" ? 1 : -1;
  const sorted = (some: readonly Limit[]): readonly Limit[] =>
    some
      .filter((l) => l.side === side)
      .sort((a, b) => sign * (a.limit - b.limit) || rank(b.priority) - rank(a.priority));
  const [onSide, over] = [sorted(limits), sorted(crossed)];
  const worst = over.at(-1);
  const [tightest] = onSide;
  const next =
    worst === undefined
      ? onSide.find((l) => l.priority === "high")
      : onSide.find((l) => sign * (l.limit - worst.limit) > 0);
  const first = worst === undefined || next === undefined ? tightest : undefined;
  const beside = [...over, first, next].filter((l) => l !== undefined);
  return sorted(beside.filter((l, at) => beside.findIndex((o) => o.limit === l.limit) === at));
}

/** The limits that these alarms of one number are about; a gate's is not among the number's own. */
export function crossedLimits(
  limits: readonly Limit[],
  alarms: readonly Occurrence[],
): readonly Limit[] {
  return alarms.flatMap(({ limit, value, rule, priority }) => {
    if (limit === null) return [];
    const same = limits.filter((l) => l.limit === limit);
    const own = same.find((l) => l.rule === rule) ?? same[0];
    if (own !== undefined) return [own];
    const side = value !== null && value < limit ? "low" : "high";
    const moved = { changed: false, delay_s: 0, confirm_s: null };
    return [{ rule: rule ?? "", side, limit, priority, ...moved }];
  });
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
