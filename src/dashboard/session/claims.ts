// Which devices claim the same on a bed, or which beds the same device (alarms 13; safety S8), as
// the service names them, and what each last gave: pure.

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

/** The alarm asks for a choice, and there still is one: it clears a while after it was made. */
export function isToChoose(ward: Ward | null, bed: Bed): boolean {
  const all = ward === null ? [] : [...ward.occurrences.values()];
  return bed.conflicts.length > 0 && all.some((one) => one.bed === bed.id && isConflict(one));
}

/** As the service names them; of a device at two beds, each bed that has it. */
export function claimsOf(ward: Ward, bed: Bed): readonly Claim[] {
  const all = bed.conflicts.flatMap(({ subject, devices, two_beds: isShared }) => {
    const others = ward.beds.map((view) => view.bed).filter(
      (of) =>
        of.id !== bed.id &&
        of.conflicts.some((one) => one.two_beds && one.subject === subject),
    );
    const beds = isShared ? [bed, ...others] : [bed];
    return beds.flatMap((at) => devices.map((device) => claim(at, device, isShared)));
  });
  return all.filter((one, at) => all.findIndex(({ key }) => key === one.key) === at);
}

/** Of what is in conflict; of a device at two beds, only when it last gave anything. */
export function latestOf(
  claim: Claim,
  conflicts: Bed["conflicts"],
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

function claim(bed: Bed, device: string, isShared: boolean): Claim {
  const key = `${bed.id}/${encodeURIComponent(device)}`;
  const link = bed.links.find((one) => one.device === device) ?? null;
  return { key, bed, device, isShared, link };
}
