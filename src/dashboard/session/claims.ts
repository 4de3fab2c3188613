// Which devices claim the same on a bed, or which beds the same device (alarms 13; safety S8), as
// far as the page knows: pure. What may be chosen the service decides.

import type { Given } from "../messages/conflict.ts";
import type { Ward } from "../store.ts";
import type { Bed, DeviceLink, Occurrence } from "../wire.ts";
import type { Reading } from "../wire-reading.ts";

/** One that may be chosen: this device counts at this bed. */
export type Claim = {
  readonly key: string;
  readonly bed: Bed;
  readonly device: string;
  /** It is at two beds: a choice between beds. */
  readonly isShared: boolean;
  readonly link: DeviceLink | null;
};

/** What a device last gave, newest first. */
export type Latest = { readonly given: readonly Given[]; readonly newestMs: number | null };

export function isConflict({ family, condition }: Occurrence): boolean {
  return family === "device-conflict" && condition !== "ended";
}

export function conflictsOf(ward: Ward | null, bed: string): readonly Occurrence[] {
  const all = ward === null ? [] : [...ward.occurrences.values()];
  return all.filter((one) => one.bed === bed && isConflict(one));
}

/** The alarm names the first two; a third that gives the same, too, is known by its readings. */
export function claimsOf(ward: Ward, bed: Bed, readings: readonly Reading[]): readonly Claim[] {
  const open = conflictsOf(ward, bed.id);
  const all = open.flatMap((conflict) => {
    const others = ward.beds.map((view) => view.bed).filter(
      (of) =>
        of.id !== bed.id &&
        conflictsOf(ward, of.id).some(({ subject }) => subject === conflict.subject),
    );
    const shared = bed.links.find(({ device }) => device === conflict.subject);
    if (shared !== undefined && others.length > 0)
      return [bed, ...others].map((at) => claim(at, shared.device, true));
    const gives = (device: string): boolean =>
      conflict.text.includes(device) ||
      readings.some((one) => one.device === device && isOf(one, conflict.subject));
    const devices = bed.links.map(({ device }) => device).filter(gives);
    return devices.map((device) => claim(bed, device, false));
  });
  return all.filter((one, at) => all.findIndex(({ key }) => key === one.key) === at);
}

/** Of what is in conflict; of a device at two beds, only when it last gave anything. */
export function latestOf(
  claim: Claim,
  conflicts: readonly Occurrence[],
  newestFirst: readonly Reading[],
): Latest {
  const theirs = newestFirst.filter(({ device }) => device === claim.device);
  if (claim.isShared) return { given: [], newestMs: theirs[0]?.received ?? null };
  const found = conflicts.flatMap(({ subject }) => {
    const metric = subject === "nibp" ? "nibp_sys" : subject;
    const value = theirs.find((one) => one.metric === metric && one.value !== null);
    return value === undefined ? [] : [value];
  });
  const given = found.map(({ metric, value, unit, measured }) => {
    const isPressure = metric === "nibp_sys";
    const lower = theirs.find((one) => one.metric === "nibp_dia" && one.measured === measured);
    const text = isPressure ? `${value}/${lower?.value ?? "-"}` : String(value);
    return { metric, text, unit };
  });
  const times = found.map(({ received }) => received);
  return { given, newestMs: times.length === 0 ? null : Math.max(...times) };
}

function claim(bed: Bed, device: string, shared: boolean): Claim {
  const key = `${bed.id}/${encodeURIComponent(device)}`;
  const link = bed.links.find((one) => one.device === device) ?? null;
  return { key, bed, device, isShared: shared, link };
}

function isOf({ metric }: Reading, subject: string | null): boolean {
  return subject === "nibp" ? metric.startsWith("nibp_") : metric === subject;
}
