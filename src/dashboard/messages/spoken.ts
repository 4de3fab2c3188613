// A tile read aloud.

import {
  alarmSpoken,
  delta,
  PHASE_WORD,
  plural,
  SERVICE,
  sessionLine,
  vitalNote,
  vitalShown,
} from "../messages.ts";
import type { Bed, Occurrence, Vital } from "../wire.ts";

const SPOKEN_METRIC: Readonly<Record<Vital["metric"], string>> = {
  nibp_sys: "systolic",
  nibp_dia: "diastolic",
  nibp_map: "mean pressure",
  heart_rate: "heart rate",
  spo2: "oxygen saturation",
  resp: "respiration",
  art_sys: "arterial systolic",
  art_dia: "arterial diastolic",
  art_map: "arterial mean pressure",
  temp: "temperature",
};

/** Changes at most once a minute, but in the first minute of an alarm: every ten seconds. `alarm`:
 * the one that the tile shows, and for how many seconds it stands. */
export function tileSpoken(
  bed: Bed,
  passedS: number,
  alarm: Occurrence | null,
  alarmS: number,
): string {
  const parts = [bed.label, sessionLine(bed)];
  if (bed.phase !== null) parts.push(PHASE_WORD[bed.phase]);
  if (bed.since_dose_s !== null) {
    parts.push(`${Math.floor((bed.since_dose_s + passedS) / 60)} minutes since the dose`);
  }
  for (const vital of bed.vitals) {
    const value =
      vital.state === "live" || vital.state === "grey"
        ? vitalShown(vital)
        : vitalNote(vital, passedS);
    const old = vital.state === "grey" ? ", old" : "";
    const by = delta(vital, bed);
    const change = by === "" ? "" : `, ${by} from baseline`;
    parts.push(`${SPOKEN_METRIC[vital.metric]} ${value}${old}${change}`);
  }
  if (alarm !== null) {
    parts.push(alarmSpoken(alarm, null).replace(`, ${SERVICE}`, ""));
    parts.push(alarmS < 10 ? "just now" : `for ${spokenLength(alarmS)}`);
  }
  return parts.join(", ");
}

/** "40 seconds", "3 minutes": rounded down. */
function spokenLength(seconds: number): string {
  return seconds < 60
    ? plural(10 * Math.floor(seconds / 10), "second")
    : plural(Math.floor(seconds / 60), "minute");
}
