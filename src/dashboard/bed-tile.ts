// One bed's state -> its tile. Every vital keeps its place, whatever is missing; a number is
// painted only where it may be trusted: `null` view (lost connection, unreadable message) leaves
// none in the document.

import { clinicalSeconds, type Now } from "./clock.ts";
import {
  fromTemplate,
  mark,
  part,
  svgPart,
  write,
  writeCut,
  writeList,
  writeOrHide,
} from "./dom.ts";
import {
  crossedLimits,
  limitBare,
  limitsBeside,
  limitWait,
  placeOf,
  rank,
  STARS,
  type TimeOfDay,
} from "./format.ts";
import * as say from "./messages.ts";
import { CHANGED_HERE, notInForce, setApart, setApartBrief } from "./messages/limits.ts";
import { tileSpoken } from "./messages/spoken.ts";
import { isAnswered, lightOf, tileAlarm } from "./order.ts";
import { pausesOf, type Pause } from "./pauses.ts";
import { boardName } from "./person.ts";
import type { Seen } from "./page-view.ts";
import type { BedView, Ward } from "./store.ts";
import type { Bed, DeviceLink, Limit, Metric, Occurrence, Priority, Vital } from "./wire.ts";

/** How a number may be shown: as told, or not at all, for this reason. */
export type Trust =
  { readonly kind: "trusted" } | { readonly kind: "withheld"; readonly why: string };

export type TileView = {
  readonly view: BedView;
  readonly occurrences: readonly Occurrence[];
  readonly trust: Trust;
  readonly serverMs: number;
  readonly time: TimeOfDay;
  readonly chosen: boolean;
  /** On a wall, where anybody reads it: no reasons that were typed. */
  readonly isWall: boolean;
  readonly speed: number;
  readonly now: Now;
};

export type Tile = {
  readonly element: HTMLElement;
  readonly update: (view: TileView) => void;
};

/** What a tile of the bed is painted from. */
export function tileOf(
  ward: Ward,
  view: BedView,
  { isLive, serverMs, time, now, person }: Omit<Seen, "ward">,
  chosen: string | null,
): TileView {
  const withheld = isLive ? view.unreadable && say.UNREADABLE : say.ALARMS_UNKNOWN;
  return {
    view,
    trust: withheld === null ? { kind: "trusted" } : { kind: "withheld", why: withheld },
    serverMs,
    time,
    now,
    chosen: view.bed.id === chosen,
    isWall: person !== null && boardName(person) !== null,
    speed: ward.simulation?.speed ?? 1,
    occurrences: [...ward.occurrences.values()].filter((o) => o.bed === view.bed.id),
  };
}

const SIGNALS: readonly {
  readonly metric: Metric;
  readonly label: string;
  readonly unit: string;
}[] = [
  { metric: "heart_rate", label: "HR", unit: "/min" },
  { metric: "spo2", label: "SpO₂", unit: "%" },
  { metric: "resp", label: "RR", unit: "/min" },
  { metric: "temp", label: "Temp", unit: "°C" },
];
const CUFF: readonly Metric[] = ["nibp_sys", "nibp_dia", "nibp_map"];

export function createTile(bed: Bed): Tile {
  const element = fromTemplate("tile");
  element.dataset["bed"] = bed.id;
  const signals = SIGNALS.filter(
    ({ metric }) => metric !== "temp" || bed.vitals.some((v) => v.metric === "temp"),
  ).map(({ metric, label, unit }) => {
    const cell = fromTemplate("signal");
    part(cell, ".number").dataset["metric"] = metric;
    write(part(cell, ".label"), label);
    write(part(cell, ".unit"), unit);
    return { metric, cell };
  });
  part(element, ".signals").append(...signals.map(({ cell }) => cell));

  return {
    element,
    update: (tile) => {
      const bedNow = tile.view.bed;
      const passedS = clinicalSeconds(tile.speed, tile.view.heard, tile.now);
      updateHead(element, bedNow, tile.trust, passedS);
      updateCuff(element, tile, passedS);
      for (const { metric, cell } of signals) updateSignal(cell, metric, tile, passedS);
      const pauses =
        tile.trust.kind === "trusted" ? pausesOf(bedNow, tile.serverMs, tile.time) : [];
      const alarm = updateAlarm(element, tile, pauses);
      updateFoot(element, bedNow, tile, pauses);
      const alarmS = alarm === null ? 0 : ((alarm.ended ?? tile.serverMs) - alarm.onset) / 1000;
      mark(element, "data-chosen", tile.chosen ? "" : null);
      mark(
        element,
        "aria-label",
        tile.trust.kind === "trusted"
          ? tileSpoken(bedNow, passedS, alarm, alarmS)
          : `${bedNow.label}, ${tile.trust.why}`,
      );
    },
  };
}

function updateHead(tile: HTMLElement, bed: Bed, trust: Trust, passedS: number): void {
  mark(tile, "data-state", trust.kind === "trusted" ? bed.state : "absent");
  write(part(tile, ".bed-label"), bed.label);
  mark(part(tile, ".bed-label"), "title", bed.label);
  writeCut(part(tile, ".initials"), say.sessionLine(bed));
  writeCut(part(tile, ".nurse"), bed.responsible?.name ?? "");
  part(tile, ".sim-tag").hidden = !bed.simulated;
  const isAnyThere = bed.vitals.some((vital) => vital.state !== "absent");
  part(tile, ".no-data").hidden = trust.kind === "trusted" && isAnyThere;
  write(part(tile, ".phase"), bed.phase === null ? "" : say.PHASE_WORD[bed.phase]);
  write(part(tile, ".since-dose"), trust.kind === "trusted" ? say.sinceDose(bed, passedS) : "");
}

function updateCuff(
  tile: HTMLElement,
  { view, occurrences, trust, serverMs }: TileView,
  passedS: number,
): void {
  const cell = part(tile, ".bp");
  const vitals = CUFF.map((metric) => vitalOf(view.bed, metric));
  const [systolic] = vitals;
  const worst =
    (["removed", "absent", "grey"] as const).find((state) =>
      vitals.some((v) => v?.state === state),
    ) ?? "live";
  mark(cell, "data-state", trust.kind === "trusted" ? worst : "removed");
  CUFF.forEach((metric, index) =>
    writeNumber(part(cell, `[data-metric=${metric}]`), vitals[index], trust),
  );
  const lead = vitals.find((v) => v !== undefined && v.state !== "live") ?? systolic;
  writeParts(part(cell, ".age"), trust.kind === "trusted" ? say.cuffAge(systolic, passedS) : []);
  writeOrHide(
    part(cell, ".due"),
    trust.kind === "trusted" ? say.nextDue(view.bed.next_due, serverMs) : "",
  );
  writeCut(part(cell, ".why"), noteOf(lead, trust, passedS, "cuff"));
  const isTrusted = trust.kind === "trusted";
  const [sys, dia] = vitals;
  writeParts(part(cell, ".delta"), isTrusted ? say.deltas([sys, dia], view.bed) : []);
  const countdowns = occurrences.map((one) => say.reCuffBrief(one, serverMs));
  const repeats = countdowns.filter((text) => text !== "");
  writeParts(part(cell, ".advisories"), isTrusted ? [...repeats, ...view.bed.advisories] : []);
  part(cell, ".verify").hidden = !vitals.some((v) => v?.verify === true);
  writeParts(part(cell, ".set-apart"), setApartBrief(view.bed.preset));
  mark(part(cell, ".set-apart"), "title", setApart(view.bed.preset));
  for (const metric of CUFF) {
    const limits = vitalOf(view.bed, metric)?.limits ?? [];
    writeLimits(part(cell, `[data-limits=${metric}]`), limits, alarmsAt(occurrences, [metric]));
  }
  markAlarm(cell, occurrences, CUFF);
}

function updateSignal(
  cell: HTMLElement,
  metric: Metric,
  { view, occurrences, trust }: TileView,
  passedS: number,
): void {
  const vital = vitalOf(view.bed, metric);
  mark(cell, "data-state", trust.kind === "trusted" ? (vital?.state ?? "absent") : "removed");
  mark(cell, "data-source", trust.kind === "trusted" && say.hasNoSource(vital) ? "none" : null);
  writeNumber(part(cell, ".number"), vital, trust);
  // Where a rate comes from matters; respiration has no word for it in the closed list.
  write(part(cell, ".source"), vital?.metric === "resp" ? "" : (vital?.source ?? ""));
  writeParts(
    part(cell, ".delta"),
    trust.kind === "trusted" ? say.deltas([vital], view.bed) : [],
  );
  part(cell, ".verify").hidden = vital?.verify !== true;
  writeCut(part(cell, ".why"), noteOf(vital, trust, passedS, "signal"));
  writeLimits(part(cell, ".limits"), vital?.limits ?? [], alarmsAt(occurrences, [metric]));
  markAlarm(cell, occurrences, [metric]);
}

/** Each of its own, so that a small tile can leave one out. */
function writeParts(element: HTMLElement, texts: readonly string[]): void {
  writeList(element, "span", texts);
  element.hidden = texts.length === 0;
  mark(element, "title", texts.length === 0 ? null : texts.join(" "));
}

function writeNumber(element: HTMLElement, vital: Vital | undefined, trust: Trust): void {
  write(element, trust.kind === "trusted" ? say.vitalShown(vital) : say.REMOVED);
}

/** The cuff's age stands beside it already, so its note gives only the reason. */
function noteOf(
  vital: Vital | undefined,
  trust: Trust,
  passedS: number,
  of: "cuff" | "signal",
): string {
  if (trust.kind === "withheld") return trust.why;
  if (vital === undefined) return say.NO_SOURCE;
  return of === "cuff" && vital.state === "grey"
    ? (vital.why ?? "old")
    : say.vitalNote(vital, passedS);
}

function vitalOf(bed: Bed, metric: Metric): Vital | undefined {
  return bed.vitals.find((v) => v.metric === metric);
}

/** The limit itself, and what smaller tiles leave out: its priority, and what it waits for. The
 * smallest have one for each side: the one that an alarm is about, else the tightest. What has
 * ended is between the limits again, and its line says which it had crossed. */
function writeLimits(
  element: HTMLElement,
  limits: readonly Limit[],
  alarms: readonly Occurrence[],
): void {
  const crossed = crossedLimits(limits, alarms);
  for (const side of ["high", "low"] as const) {
    const beside = limitsBeside(limits, side, crossed);
    const lead = beside.findLast((limit) => isAmong(crossed, limit)) ?? beside[0];
    const box = part(element, `.${side}`);
    while (box.children.length > beside.length) box.lastElementChild?.remove();
    while (box.children.length < beside.length) box.append(fromTemplate("limit"));
    beside.forEach((limit, index) => {
      const shown = box.children[index] as HTMLElement;
      mark(shown, "data-lead", limit === lead ? "" : null);
      mark(shown, "data-crossed", isAmong(crossed, limit) ? "" : null);
      mark(shown, "data-changed", limit.changed ? "" : null);
      mark(shown, "title", limit.changed ? CHANGED_HERE : null);
      write(part(shown, ".bare"), limitBare(limit));
      write(part(shown, ".detail"), STARS[limit.priority]);
      write(part(shown, ".wait"), limitWait(limit));
    });
  }
}

function isAmong(limits: readonly Limit[], one: Limit): boolean {
  return limits.some((l) => l.side === one.side && l.limit === one.limit);
}

/** Those that stand and are about these numbers. */
function alarmsAt(
  occurrences: readonly Occurrence[],
  places: readonly Metric[],
): readonly Occurrence[] {
  return occurrences.filter(
    (o) => lightOf(o) !== "ended" && places.includes(placeOf(o) as Metric),
  );
}

/** A number that an alarm is about carries that alarm's stars; it never flashes itself. */
function markAlarm(
  cell: HTMLElement,
  occurrences: readonly Occurrence[],
  places: readonly Metric[],
): void {
  const worst = alarmsAt(occurrences, places).reduce<Priority | null>(
    (p, o) => (p === null || rank(o.priority) > rank(p) ? o.priority : p),
    null,
  );
  mark(cell, "data-alarm", worst);
  writeOrHide(part(cell, ".stars"), worst === null ? "" : STARS[worst]);
}

function updateAlarm(
  tile: HTMLElement,
  { view, occurrences, trust, serverMs, time }: TileView,
  pauses: readonly Pause[],
): Occurrence | null {
  const alarm =
    trust.kind === "withheld" && trust.why === say.ALARMS_UNKNOWN ? null : tileAlarm(occurrences);
  mark(tile, "data-priority", alarm?.priority ?? null);
  mark(tile, "data-light", alarm?.light ?? null);
  const line = part(tile, ".tile-alarm");
  line.hidden = alarm === null;
  if (alarm === null) return null;
  mark(line, "data-kind", alarm.top.kind);
  mark(line, "data-occurrence", alarm.top.occurrence);
  mark(svgPart(line, ".glyph use"), "href", `#glyph-${alarm.priority}`);
  write(part(line, ".word"), say.PRIORITY_WORD[alarm.priority]);
  const ended = alarm.light === "ended" ? `ENDED: ${alarm.top.text}` : alarm.top.text;
  writeCut(part(line, ".what"), ended);
  const ack = isAnswered(alarm.top) ? alarm.top.acknowledged : null;
  writeCut(part(line, ".acked"), ack === null ? "" : `ACK ${ack.by} ${time.minutes(ack.at)}`);
  const troubled = troubledLinks(view.bed, trust);
  writeOrHide(part(line, ".links-brief"), say.linksBrief(troubled));
  mark(part(line, ".links-brief"), "title", linesOf(troubled, serverMs).join(" · "));
  writePauses(part(line, ".paused-brief"), pauses, "brief");
  write(part(line, ".more"), alarm.more === 0 ? "" : `+${alarm.more}`);
  return alarm.top;
}

function updateFoot(
  tile: HTMLElement,
  bed: Bed,
  { serverMs, time, trust, isWall }: TileView,
  pauses: readonly Pause[],
): void {
  writeParts(part(tile, ".links"), linesOf(troubledLinks(bed, trust), serverMs));
  writePauses(part(tile, ".paused"), pauses, isWall ? "wall" : "text");
  writeCut(part(tile, ".responsible"), say.responsibleLine(bed, time.minutes));
  writeCut(part(tile, ".bedside"), trust.kind === "trusted" ? say.bedsideLine(bed) : "");
  write(part(tile, ".preset-name"), say.presetLine(bed));
  writeOrHide(part(tile, ".preset-approval"), bed.preset.approved ? "" : say.PRESET_NOT_APPROVED);
  writeOrHide(part(tile, ".not-in-force"), notInForce(bed.preset.not_in_force));
}

function troubledLinks(bed: Bed, trust: Trust): readonly DeviceLink[] {
  return trust.kind === "trusted" ? bed.links.filter(say.linkMatters) : [];
}

function linesOf(links: readonly DeviceLink[], serverMs: number): readonly string[] {
  return links.map((link) => say.linkLine(link, serverMs));
}

/** Each pause with its symbol; the words and the name where there is room for them. */
function writePauses(
  element: HTMLElement,
  pauses: readonly Pause[],
  as: Exclude<keyof Pause, "kind">,
): void {
  element.hidden = pauses.length === 0;
  while (element.children.length > pauses.length) element.lastElementChild?.remove();
  while (element.children.length < pauses.length) element.append(fromTemplate("pause"));
  pauses.forEach((pause, index) => {
    const shown = element.children[index] as HTMLElement;
    mark(svgPart(shown, "use"), "href", `#glyph-${pause.kind}`);
    write(part(shown, "b"), pause[as]);
    mark(shown, "title", as === "brief" ? pause.wall : pause[as]);
  });
}
