// How long the newest alarms took in the service, from the last byte of the reading to their going
// out to the screens (alarms 6; safety A1, U5). The service measures each and tells it only as it
// is sent: whoever owns the log keeps them from the stream on, since this page was opened.

import { make, write } from "../dom.ts";
import { median } from "../alarms/history.ts";
import * as say from "../messages/setup.ts";
import type { Occurrence, WireMessage } from "../wire.ts";

const KEPT = 20;

export type Delay = NonNullable<Occurrence["latency_us"]>;

export type DelayLog = {
  readonly hear: (message: WireMessage) => void;
  /** Newest first. */
  readonly newest: () => readonly Delay[];
};

export function createDelayLog(): DelayLog {
  let newest: readonly Delay[] = [];
  return {
    hear: (message) => {
      const delay = message.event === "alarm" ? message.data.latency_us : null;
      if (delay !== null) newest = [delay, ...newest].slice(0, KEPT);
    },
    newest: () => newest,
  };
}

export function totalMs({ decode, step, commit, publish }: Delay): number {
  return (decode + step + commit + publish) / 1000;
}

/** Empty: none was measured yet. */
export function delayLines(delays: readonly Delay[]): readonly string[] {
  const [last] = delays;
  const totals = delays.map(totalMs);
  if (last === undefined) return [say.NO_DELAY];
  const figures = say.delayFigures(totals.length, median(totals) ?? 0, Math.max(...totals));
  return [say.newestDelay(last, totalMs(last)), figures];
}

export type DelaysPart = { readonly element: HTMLElement; readonly update: () => void };

export function createDelays({ newest }: Pick<DelayLog, "newest">): DelaysPart {
  const lines = [make("p"), make("p")];
  const about = make("p", { class: "hint" }, [say.DELAY_ABOUT]);
  return {
    element: make("section", { class: "setup-part alarm-delays" }, [
      make("h3", {}, [say.DELAY]),
      ...lines,
      about,
    ]),
    update: () => {
      const told = delayLines(newest());
      lines.forEach((line, at) => write(line, told[at] ?? ""));
    },
  };
}
