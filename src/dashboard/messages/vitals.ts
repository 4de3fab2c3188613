// Texts of the drawer "vitals": what a person took by hand.

import type { Choice } from "../act-form.ts";
import type { Metric } from "../wire.ts";

export const VITALS = "Vitals by hand";
export const ENTER_VITALS = "Enter";
export const NOT_ENTERED = "Not entered";
export const NOTHING_TAKEN = "Type at least one value.";
export const PAIR_NEEDED = "A pressure needs both: systolic and diastolic.";
export const NO_METHOD = "Choose or type how it was taken.";
export const NO_TIME = "The time at the service is not known yet. Tap again in a moment.";
export const ENTERED_BEFORE = "The same was entered before, for the same time.";
export const METHOD = "How";
export const METHOD_OTHER = "How, in other words";
export const MINUTES_AGO = "Taken";
export const MIN_AGO = "min ago";
export const TAKER = "Taken by";
export const ARM = "Arm";
export const CUFF_SIZE = "Cuff";

/** Name on the wire, label, unit, and what a person can measure (as the service takes it). */
export const BY_HAND: readonly {
  readonly name: string;
  readonly label: string;
  readonly unit: string;
  readonly band: readonly [low: number, high: number];
  readonly step: number;
}[] = [
  { name: "nibp_sys", label: "Systolic", unit: "mmHg", band: [20, 300], step: 1 },
  { name: "nibp_dia", label: "Diastolic", unit: "mmHg", band: [10, 250], step: 1 },
  { name: "nibp_map", label: "MAP", unit: "mmHg", band: [15, 280], step: 1 },
  { name: "pulse", label: "Pulse", unit: "/min", band: [15, 300], step: 1 },
  { name: "hr", label: "HR (ECG)", unit: "/min", band: [15, 300], step: 1 },
  { name: "spo2", label: "SpO2", unit: "%", band: [1, 100], step: 1 },
  { name: "resp", label: "Resp", unit: "/min", band: [0, 120], step: 1 },
  { name: "temp", label: "Temp", unit: "°C", band: [25, 45], step: 0.1 },
];

/** Sent as they stand here. */
export const METHODS: readonly Choice[] = [
  { value: "aneroid", label: "Aneroid cuff" },
  { value: "automatic", label: "Automatic cuff" },
  { value: "monitor", label: "Read off the monitor" },
  { value: "counted", label: "Counted" },
];
export const ARMS: readonly Choice[] = [
  { value: "left", label: "Left" },
  { value: "right", label: "Right" },
];
export const CUFF_SIZES: readonly Choice[] = [
  { value: "", label: "–" },
  { value: "small", label: "Small" },
  { value: "adult", label: "Adult" },
  { value: "large", label: "Large" },
  { value: "thigh", label: "Thigh" },
];

export function enteredLine(late: boolean): string {
  return late
    ? "Entered, marked late: taken more than 5 min ago. What is newer stays shown."
    : "Entered.";
}

const LABEL: Readonly<Record<Metric | "hr" | "pulse", string>> = {
  nibp_sys: "Systolic",
  nibp_dia: "Diastolic",
  nibp_map: "MAP",
  heart_rate: "Heart rate",
  hr: "Heart rate",
  pulse: "Pulse",
  spo2: "SpO2",
  resp: "Respiration",
  temp: "Temperature",
  art_sys: "Arterial systolic",
  art_dia: "Arterial diastolic",
  art_map: "Arterial MAP",
};

const MORE_LABELS: Readonly<Record<string, string>> = { ...LABEL, moaas: "MOAA/S" };

/** A metric in words; one that is not known stands as it is. */
export function metricLabel(metric: string): string {
  return MORE_LABELS[metric] ?? metric;
}

const UNITS: Readonly<Record<string, string>> = { "mm[Hg]": "mmHg", Cel: "°C", "{score}": "" };

/** As a person writes a unit that comes as UCUM. */
export function unitLabel(ucum: string): string {
  return UNITS[ucum] ?? ucum;
}
