// Made from the service's own shapes by `make types`; change those, never this.
// A test of the service fails where this is not what it sends.

export type Absent = "range" | "pair" | "unit" | "unavailable" | "invalid" | "stale";

export type Acknowledged = { by: string, at: Time, reason: string | null };

export type Acknowledgement = { occurrence: Occurrence, first: First };

export type ActNote = { by: string, ordered_by: string | null, reason: string | null,
  what: string | null, old: string | null, new: string | null };

export type AlarmFamily = "bp-high" | "bp-low" | "hr-high" | "hr-low" | "spo2-low" | "resp-low"
  | "resp-high" | "sedation" | "pre-dose" | "discharge" | "no-value" | "signal-lost" | "sensor-off"
  | "cuff-failed" | "nibp-overdue" | "timed-reading" | "link-down" | "invalid-data" | "implausible"
  | "frozen" | "rate-conflict" | "device-conflict" | "device-clock" | "battery-low"
  | "bedside-alarms" | "no-baseline" | "standby-overrun" | "evaluator" | "service-clock" | "journal"
  | "nobody-watching" | "sound-locked" | "no-second-channel" | "self-test" | "config" | "latency"
  | "monitoring-gap";

export type AlarmKind = "physiological" | "technical";

export type AlarmMark = { at: Time, occurrence: Id, change: Change, family: AlarmFamily,
  rule: string | null, priority: Priority, text: string };

export type Arm = "left" | "right";

export type Audio = "unlocked" | "locked" | "muted";

export type AuditEntry = { at: Time | null, who: string | null, role: Role | null,
  screen: string | null, from: string | null, what: string, bed: string | null, sessions: Array<Id>,
  occurrence: Id | null, handover: Id | null, detail: string | null, old: string | null,
  new: string | null, reason: string | null, ordered_by: string | null, command_id: Id | null,
  answer: string | null };

export type Baseline = { sys: number | null, dia: number | null, map: number | null,
  heart_rate: number | null, spo2: number | null };

export type Bed = { id: string, label: string, state: Freshness, watch: Watch, simulated: boolean,
  standby: Standby | null, audio_paused_until: Time | null, audio_paused_by: string | null,
  alarm_paused_until: Time | null, alarm_paused_by: string | null, responsible: Responsible | null,
  session: Session | null, preset: Preset, phase: Phase | null, since_dose_s: number | null,
  vitals: Array<Vital>, advisories: Array<string>, next_due: Time | null, interval_s: number,
  links: Array<Link>, conflicts: Array<Conflict>, bedside_alarms: Array<Bedside>,
  occurrences: Array<Id> };

export type BedSetup = { id: string, label: string, links: Array<Link> };

export type Bedside = { code: string, priority: Priority };

export type Bucket = { min: Figure, mean: number, max: Figure, count: number };

export type ByHand = { entered_by: string, taker: string | null, method: string, arm: Arm | null,
  cuff_size: CuffSize | null };

export type Change = "raised" | "confirming" | "confirmed" | "escalated" | "updated" | "clearing"
  | "returned" | "ended" | "frozen" | "thawed" | "acknowledged" | "restored" | "paused" | "resumed"
  | "reminded" | "unresolved" | "stepped-up";

export type Conflict = { subject: string, devices: Array<string>, two_beds: boolean };

export type Correction = { by: string, at: Time, reason: string | null, value: Figure | null };

export type CuffSize = "small" | "adult" | "large" | "thigh";

export type Disposition = "home_escorted" | "admitted" | "transferred" | "left_against_advice"
  | "not_dosed";

export type Dose = { id: Id, mg: Figure | null, device_number: number | null, lot: string | null,
  started: Time, ended: Time | null, pauses: Array<Pause>, entered: Time,
  voided_by: string | null };

export type DoseMark = "dose_start" | "dose_end";

export type DueReading = { id: string, what: RequiredSignal, at_min: number, alarm_min: number };

export type EndReason = "cleared" | "phase" | "moment" | "limit changed" | "baseline changed"
  | "reading voided" | "symptom gone" | "room empty" | "session ended" | "session moved";

export type Entered = { readings: { [key in string]: number }, late: boolean };

export type Farewell = { reason: string };

export type Figure = number;

export type First = { by: string, at: Time };

export type Freshness = "live" | "grey" | "removed" | "absent";

export type FullPreset = { requires: Array<RequiredSignal>, active: Span, observe: Span,
  interval_min: IntervalMinutes, limits: Array<PresetLimit>, due: Array<DueReading>,
  not_in_force: Array<string>, name: string, title: string, version: string, drug: string,
  routes: Array<string>, approved_by: string | null, approved_on: string | null,
  in_force: boolean };

export type Gates = { dose: Array<Missing>, discharge: Array<Missing> };

export type Handover = { handover: Id, sessions: Array<Id>, by: string, to: string, offered: Time,
  lapses: Time };

export type Heartbeat = { server_time: Time, self_check: number, self_test: Time | null,
  watching: number, sources: Array<Source>, undeclared: number };

export type Id = string;

export type IntervalMinutes = { intake: number, baseline: number, active: number, recovery: number,
  discharge: number, after_high: number };

export type Judged = "heart_rate" | "nibp_sys" | "nibp_dia" | "nibp_map" | "art_sys" | "art_dia"
  | "art_map" | "hr" | "pulse" | "spo2" | "resp" | "temp" | "cuff" | "perfusion_index" | "moaas";

export type LatencyUs = { decode: number, step: number, commit: number, publish: number };

export type Limit = { rule: string, side: Side, limit: Figure, changed: boolean, priority: Priority,
  delay_s: number, confirm_s: number | null };

export type LimitSet = { rule: string, metric: Judged, old: Figure, new: Figure };

export type Link = { device: string, source: string, state: LinkState, since: Time,
  why: string | null, unverified: boolean };

export type LinkState = "opening" | "negotiating" | "online" | "quiet" | "lost";

export type LoggedIn = { name: string, role: Role, csrf: string };

export type Mark = { "what": "dose", at: Time, mg: Figure | null, device_number: number | null }
  | { "what": "alarm" } & AlarmMark | { "what": "session", at: Time, change: SessionChange,
  phase: Phase | null, act: ActNote | null };

export type Me = { name: string, role: Role, display_only: boolean, csrf: string | null };

export type Metric = "nibp_sys" | "nibp_dia" | "nibp_map" | "art_sys" | "art_dia" | "art_map" | "hr"
  | "pulse" | "spo2" | "resp" | "temp" | "cuff" | "perfusion_index" | "moaas";

export type Missing = { what: MissingWhat, rule?: string, until?: Time, id?: string,
  moaas?: number };

export type MissingWhat = "baseline" | "pressure" | "readings" | "device_rest" | "dose_running"
  | "observation" | "discharge_pressure" | "timed_reading" | "sedation" | "symptoms" | "awake"
  | "oriented" | "gait" | "symptoms_gone" | "escort";

export type Occurrence = { seq?: number, occurrence: Id, revision: number, bed: string | null,
  session: Id | null, simulated: boolean, outage: boolean, restored: boolean, family: AlarmFamily,
  rule: string | null, kind: AlarmKind, subject: string | null, priority: Priority,
  highest: Priority, condition: Presence, frozen: boolean, confirm_until: Time | null,
  signal: Signal, escalation: number, text: string, lines: Array<string>, metric: Metric | null,
  value: Figure | null, unit: string | null, limit: Figure | null, baseline: Figure | null,
  reading: OccurrenceReading | null, phase: Phase | null, since_dose_s: number | null, onset: Time,
  asked: Time, next_step: Time | null, ended: Time | null, ended_by: string | null,
  end_reason: EndReason | null, acknowledged: Acknowledged | null, change?: Change,
  replayed?: boolean, latency_us?: LatencyUs };

export type OccurrenceReading = { id: number, device: string, seq: number | null,
  source: ValueSource, verify: boolean, source_time: Time | null, received_time: Time };

export type Opened = { id: Id };

export type Outcome = { until: Time | null } | { handover: Id, lapses: Time }
  | { sessions: Array<Id> } | { session: Id } | { dose: Id } | { nibp_sys: number | null,
  nibp_dia: number | null, nibp_map: number | null, heart_rate: number | null,
  spo2: number | null } | Record<symbol, never>;

export type Page<T> = { items: Array<T>, next: string | null };

export type Paired = { name: string };

export type PairingCode = { code: string, valid_s: number };

export type PastSession = { id: Id, bed: string | null, patient: Patient, drug: string,
  route: string, started: Time, ended: Time | null, disposition: Disposition | null };

export type Patient = { reference: string, initials: string, birth_year: number | null,
  weight_kg: Figure | null };

export type Pause = { from: Time, until: Time | null };

export type Phase = "intake" | "baseline" | "active" | "recovery" | "discharge" | "ended";

export type Presence = "present" | "clearing" | "ended";

export type Preset = { name: string, title: string, version: string, approved: boolean,
  changed_limits: number, not_in_force: Array<string> };

export type PresetLimit = { family: AlarmFamily, rule: string, metric: Judged, unit: string,
  side: Side, limit: Figure | null, change: boolean, over_65: Figure | null, with_symptom: boolean,
  clears: Figure, priority: Priority, delay_s: number, confirm_s: number | null,
  phases: Array<Phase>, source: string };

export type PresetSummary = { name: string, title: string, version: string, drug: string,
  routes: Array<string>, approved_by: string | null, approved_on: string | null,
  in_force: boolean };

export type Priority = "low" | "medium" | "high";

export type Problem = { type: string, title: string, status: number, detail: string,
  current?: number, missing?: Array<Missing> };

export type Reading = { id: number, metric: Metric, value: Figure | null, absent: Absent | null,
  unit: string, source: ValueSource, device: string | null, measured: Time, received: Time,
  questionable: boolean, verify: boolean, simulated: boolean, by_hand: ByHand | null,
  correction: Correction | null };

export type RequiredSignal = "nibp" | "heart_rate" | "spo2" | "resp";

export type Responsible = { name: string, since: Time };

export type Role = "viewer" | "nurse" | "lead" | "admin";

export type RunningSession = { id: Id, bed: string, initials: string, drug: string, route: string,
  started: Time, phase: Phase | null, since_dose_s: number | null, responsible: Responsible | null,
  baseline: Baseline | null, changed_limits: number };

export type Screen = { id: Id, name: string, kind: ScreenKind, owner: string, state: string,
  audio: Audio | null, beds: Array<string> | null, seen: number | null, age_s: number,
  sound_test: SoundTest | null };

export type ScreenKind = "station" | "board";

export type Series = { unit: string, buckets: Array<Bucket | null> };

export type Session = { id: Id, initials: string, drug: string, route: string, started: Time,
  baseline: Baseline | null };

export type SessionChange = "started" | "dose" | "phase" | "ended" | "handed-over"
  | "handover-offered" | "handover-rejected" | "handover-lapsed" | "limit" | "baseline" | "observed"
  | "reading-voided" | "standby-began" | "standby-ended" | "alarms-paused" | "alarms-resumed"
  | "device-kept" | "preset" | "dose-changed" | "reading-entered" | "intervention" | "moved";

export type SessionChanged = { seq: number, bed: string, session_id: Id | null,
  session: Session | null, change: SessionChange, phase: Phase | null, at: Time,
  act: ActNote | null, replayed?: boolean };

export type SessionDetail = { patient: Patient, preset: string, doses: Array<Dose>,
  symptoms: Array<Symptom>, moaas: number | null, gates: Gates, tasks: Array<Task>,
  events: Array<SessionEvent>, id: Id, bed: string, initials: string, drug: string, route: string,
  started: Time, phase: Phase | null, since_dose_s: number | null, responsible: Responsible | null,
  baseline: Baseline | null, changed_limits: number };

export type SessionEvent = { seq: number, at: Time, bed: string, change: SessionChange,
  phase: Phase | null, act: ActNote | null };

export type Setup = { site: string, timezone: string, beds: Array<BedSetup>, sources: Array<Source>,
  presets: Array<PresetSummary>, effective: Array<string> };

export type ShownMetric = "nibp_sys" | "nibp_dia" | "nibp_map" | "heart_rate" | "spo2" | "resp"
  | "art_sys" | "art_dia" | "art_map" | "temp";

export type Side = "low" | "high";

export type Signal = "active" | "paused" | "acknowledged" | "latched" | "none";

export type Simulation = { speed: number, seed: number, played_until: Time | null };

export type Snapshot = { seq: number, server_time: Time, site: string, timezone: string,
  simulated: boolean, simulation: Simulation | null, limits_approved: boolean, beds: Array<Bed>,
  occurrences: Array<Occurrence>, sources: Array<Source> };

export type SoundTest = { heard: boolean, by: string, at: Time };

export type Source = { name: string, kind: SourceKind, state: LinkState, why: string | null,
  rejects: { [key in string]: number } };

export type SourceKind = "serial" | "mqtt";

export type Span = { after: DoseMark, min: number };

export type Standby = { since: Time, until: Time | null, by: string, reason: string };

export type Symptom = "chest_pain" | "dyspnoea" | "headache" | "visual" | "seizure"
  | "consciousness" | "focal_deficit" | "nausea" | "dizziness" | "dissociation" | "other";

export type Task = { what: TaskWhat, due: Time, state: TaskState, id?: string,
  device_number?: number };

export type TaskState = "upcoming" | "due" | "overdue";

export type TaskWhat = "baseline" | "cuff_reading" | "timed_reading" | "next_device" | "discharge";

export type Time = string & { readonly isTime: true };

export type Trend = { from: Time, to: Time, bucket_s: number, series: { [key in string]: Series },
  marks: Array<Mark> };

export type User = { name: string, role: Role, disabled: boolean };

export type ValueSource = "ecg" | "pleth" | "nibp" | "art" | "manual";

export type Vital = { metric: ShownMetric, value: Figure | null, unit: string,
  source: ValueSource | null, device: string | null, reading: number | null, age_s: number | null,
  measured: Time | null, verify: boolean, state: Freshness, why: string | null,
  limits: Array<Limit> };

export type Watch = "session" | "always";
