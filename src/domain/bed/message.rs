//! Readings of one message: which are new, what they are worth beside the newest, and their
//! judgement. A cuff's values belong together and are judged once (alarms 14).

use std::time::Duration;

use super::{Bed, Desk};
use crate::domain::alarm::AlarmFamily;
use crate::domain::alarm::confirm::ByHand;
use crate::domain::alarm::family::{Coming, Determination, Value};
use crate::domain::alarm::rule::{Judged, Verdict};
use crate::domain::device::Message;
use crate::domain::ids::{DeviceId, ReadingId, SourceIndex};
use crate::domain::link::{Device, Instant, Link, Order};
use crate::domain::metric::Metric;
use crate::domain::reading::{Measured, Quantity, Reading, Validity, ValueSource};
use crate::domain::time::{MonoTime, Stamp};
use crate::domain::vital::{Kept, Late, Tag, Vital};

/// A systolic further than this from the device's reading before is worth a "verify".
const JUMP: u32 = 40;
const JUMP_WITHIN: Duration = Duration::from_secs(6 * 60);
/// A pulse pressure below this is worth a "verify".
const PULSE_PRESSURE_MIN: i32 = 10;
/// After a high reading the short interval holds until so many are clear (contract 3.2).
const CLEAR_WANTED: u8 = 2;

/// The pressures of one determination inside a message.
#[derive(Clone, Copy, Debug)]
struct Cuff {
    measured: Measured,
    validity: Validity,
    by_hand: ByHand,
    sys: Option<i32>,
    dia: Option<i32>,
    map: Option<i32>,
    first: ReadingId,
}

/// What all readings of a message share.
#[derive(Clone, Copy, Debug)]
struct Arrival {
    device: usize,
    received: Stamp,
    late: Late,
    extra_lag: Duration,
}

impl Bed {
    pub(super) fn message(
        &mut self,
        line: SourceIndex,
        device: &DeviceId,
        message: &Message,
        now: Stamp,
        desk: &mut Desk<'_>,
    ) {
        let device = self.device(line, device, now);
        self.heard(line, device, now);
        self.counts.readings += message.readings.len() as u64;
        self.counts.unknown_keys += u64::from(message.unknown_keys);
        let (late, extra_lag) = match self.devices[device].clock.order(message, now) {
            Order::New => (Late::OnTime, Duration::ZERO),
            Order::Backlog { late } => (Late::Backlog, late),
            Order::Repeated => {
                self.counts.repeated += 1;
                return;
            }
            Order::Older => {
                self.counts.older += 1;
                return;
            }
        };
        self.bedside(message);
        let arrival = Arrival { device, received: now, late, extra_lag };
        let mut cuff: Option<Cuff> = None;
        let mut cuff_seen = CuffSeen::NotYet;
        for (reading, id) in message.readings.iter().zip(desk.first_reading.0..) {
            let id = ReadingId(id);
            self.origin = self.plan.origin.or(reading.origin);
            if is_pressure(reading.metric) {
                if cuff.is_some_and(|cuff| cuff.measured != reading.measured) {
                    self.determined(cuff.take(), &arrival, message, desk);
                    cuff_seen = CuffSeen::NotYet;
                }
                if cuff_seen == CuffSeen::NotYet && reading.value.is_ok() {
                    cuff_seen = self.first_sight(reading.measured, &arrival);
                }
                if cuff_seen == CuffSeen::Before {
                    continue;
                }
                match reading.value {
                    Ok(value) => {
                        cuff.get_or_insert_with(|| Cuff::new(reading, id)).take(reading, value);
                    }
                    Err(_) => self.absent(reading, id, &arrival, message),
                }
            } else if is_cuff_value(reading) && cuff_seen == CuffSeen::Before {
                // The pulse of a determination that has been judged.
            } else {
                self.value(reading, id, &arrival, message);
            }
        }
        self.determined(cuff, &arrival, message, desk);
        self.settle(now, desk);
    }

    /// Whether this determination has been judged before (row 31); counts it if so.
    fn first_sight(&mut self, measured: Measured, arrival: &Arrival) -> CuffSeen {
        let instant = Instant::of(measured, arrival.received);
        if self.devices[arrival.device].is_first_sight(instant) {
            CuffSeen::New
        } else {
            self.counts.repeated += 1;
            CuffSeen::Before
        }
    }

    /// A value that stands alone.
    fn value(&mut self, reading: &Reading, id: ReadingId, arrival: &Arrival, message: &Message) {
        let Ok(Quantity(value)) = reading.value else {
            self.absent(reading, id, arrival, message);
            return;
        };
        let tag = if reading.metric.is_unusual(value) { Tag::Unusual } else { Tag::Plain };
        let kept = kept(reading, id, arrival, message, tag);
        let vital = self.keep(reading.metric, reading.source, arrival, kept);
        self.value_back(vital);
        let (period, intermittent) =
            (self.vitals[vital].period, self.vitals[vital].is_intermittent());
        let coming = if intermittent { Coming::Spot } else { Coming::Continuous { period } };
        let judged = Judged::Metric(reading.metric);
        let validity = reading.validity;
        self.judge(&Value { judged, value, validity, coming }, arrival.received.mono);
        let rate = matches!(reading.metric, Metric::HeartRate | Metric::PulseRate);
        if rate && self.is_rate_in_force(vital, arrival.received.mono) {
            let judged = Judged::HeartRate;
            self.judge(&Value { judged, value, validity, coming }, arrival.received.mono);
        }
    }

    /// The device says that it has none, or what it says can't be used (rows 9, 10).
    fn absent(&mut self, reading: &Reading, id: ReadingId, arrival: &Arrival, message: &Message) {
        let kept = kept(reading, id, arrival, message, Tag::Plain);
        self.keep(reading.metric, reading.source, arrival, kept);
        self.input_missing(reading.metric, arrival.received.mono);
    }

    fn judge(&mut self, value: &Value, now: MonoTime) {
        let phase = self.phase();
        for &index in self.rules.families_of(value.judged) {
            let rules = &self.rules.preset.families[index];
            self.families[index].bands.sample(rules, phase, value, now);
            self.moved.family(index);
        }
    }

    /// Judges a whole determination and keeps its values, the mean worked out where it is missing.
    fn determined(
        &mut self,
        cuff: Option<Cuff>,
        arrival: &Arrival,
        message: &Message,
        desk: &mut Desk<'_>,
    ) {
        let Some(cuff) = cuff else { return };
        let now = arrival.received;
        let lag = lag(cuff.measured, message, now) + arrival.extra_lag;
        let measured_at = now.mono.minus(lag);
        if self.newest_cuff().is_some_and(|newest| measured_at < newest) {
            self.counts.older += 1; // row 31
            return;
        }
        let derived = match (cuff.sys, cuff.dia) {
            // D + (S - D) / 3 to the nearest whole (clinical 3.3).
            (Some(sys), Some(dia)) if cuff.map.is_none() => Some((2 * dia + sys + 1) / 3),
            (Some(_) | None, Some(_) | None) => None,
        };
        let tag = self.pressure_tag(&cuff, arrival);
        let source = match cuff.by_hand {
            ByHand::No => ValueSource::Nibp,
            ByHand::Yes => ValueSource::Manual,
        };
        let values = [
            (Metric::NibpSys, cuff.sys, tag),
            (Metric::NibpDia, cuff.dia, tag),
            (Metric::NibpMap, cuff.map, Tag::Plain),
            (Metric::NibpMap, derived, Tag::Derived),
        ];
        for (offset, (metric, value, tag)) in values.into_iter().enumerate() {
            let Some(value) = value else { continue };
            // A derived mean has no reading of its own: it points to the systolic.
            let id = if tag == Tag::Derived { 0 } else { offset as u64 };
            let reading = Reading {
                validity: cuff.validity,
                measured: cuff.measured,
                ..Reading::new(metric, Ok(Quantity(value)), source)
            };
            let kept = kept(&reading, ReadingId(cuff.first.0 + id), arrival, message, tag);
            self.keep(metric, source, arrival, kept);
        }
        self.in_baseline(now, desk);
        let device = self.devices[arrival.device].id.clone();
        let seen = Determination {
            device: &device,
            by_hand: cuff.by_hand,
            validity: cuff.validity,
            sys: cuff.sys,
            dia: cuff.dia,
            map: cuff.map.or(derived),
            interval: self.interval(),
        };
        let phase = self.phase();
        let families = self.families.iter_mut().zip(&self.rules.preset.families);
        for (index, (family, rules)) in families.enumerate() {
            family.bands.determination(rules, phase, &seen, now.mono);
            self.moved.family(index);
        }
        self.after_high(&seen);
        self.find_overdue();
    }

    /// Baseline begins with the session's first valid cuff reading.
    fn in_baseline(&mut self, now: Stamp, desk: &mut Desk<'_>) {
        if let Some(session) = self.session.as_mut() {
            session.baseline_since.get_or_insert(now.mono);
        }
        self.follow_phase(now, desk);
    }

    /// A reading that violates any bp-high rule shortens the interval until two are clear.
    fn after_high(&mut self, seen: &Determination<'_>) {
        let Some(session) = self.session.as_mut() else { return };
        let families = &self.rules.preset.families;
        let Some(rules) = families.iter().find(|rules| rules.family == AlarmFamily::BpHigh) else {
            return;
        };
        match seen.worst(rules) {
            Verdict::Violated => session.after_high = CLEAR_WANTED,
            Verdict::Clear => {
                session.after_high = session.after_high.saturating_sub(1);
            }
            Verdict::Between => {}
        }
    }

    fn pressure_tag(&mut self, cuff: &Cuff, arrival: &Arrival) -> Tag {
        let now = arrival.received.mono;
        let device = &mut self.devices[arrival.device];
        let jumped = match (cuff.sys, device.last_systolic) {
            (Some(sys), Some((before, at))) => {
                sys.abs_diff(before) > JUMP && now.since(at) <= JUMP_WITHIN
            }
            (Some(_) | None, Some(_) | None) => false,
        };
        if let Some(sys) = cuff.sys {
            device.last_systolic = Some((sys, now));
        }
        let narrow = cuff.sys.zip(cuff.dia).is_some_and(|(s, d)| s - d < PULSE_PRESSURE_MIN);
        let unusual = cuff.sys.is_some_and(|sys| Metric::NibpSys.is_unusual(sys));
        if jumped || narrow || unusual { Tag::Unusual } else { Tag::Plain }
    }

    /// Keeps the newest reading of a metric, source and device; returns its place.
    fn keep(
        &mut self,
        metric: Metric,
        source: ValueSource,
        arrival: &Arrival,
        kept: Kept,
    ) -> usize {
        let device = &self.devices[arrival.device];
        let same = |vital: &Vital| {
            vital.metric == metric && vital.source == source && vital.device == device.id
        };
        if let Some(index) = self.vitals.iter().position(same) {
            let vital = &mut self.vitals[index];
            vital.take(kept);
            return index;
        }
        let vital = Vital::new(metric, source, device.id.clone(), device.line, kept);
        self.vitals.push(vital);
        self.wake_at(arrival.received.mono);
        self.vitals.len() - 1
    }

    fn device(&mut self, line: SourceIndex, id: &DeviceId, now: Stamp) -> usize {
        let known = self.devices.iter().position(|device| device.id == *id && device.line == line);
        known.unwrap_or_else(|| {
            self.devices.push(Device::new(id.clone(), line, Link::Online { since: now }));
            self.devices.len() - 1
        })
    }

    /// The monitor's own alarms are information: shown, never an occurrence of ours.
    fn bedside(&mut self, message: &Message) {
        for alarm in &message.bedside_alarms {
            self.bedside_alarms.retain(|known| known.code != alarm.code);
            if alarm.active {
                self.bedside_alarms.push(alarm.clone());
            }
        }
    }
}

/// Whether a message's determination has been looked up, and with what result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CuffSeen {
    NotYet,
    New,
    Before,
}

impl Cuff {
    const fn new(reading: &Reading, first: ReadingId) -> Self {
        Self {
            measured: reading.measured,
            validity: reading.validity,
            by_hand: match reading.source {
                ValueSource::Manual => ByHand::Yes,
                ValueSource::Ecg | ValueSource::Pleth | ValueSource::Nibp | ValueSource::Art => {
                    ByHand::No
                }
            },
            sys: None,
            dia: None,
            map: None,
            first,
        }
    }

    fn take(&mut self, reading: &Reading, Quantity(value): Quantity) {
        if reading.validity == Validity::Questionable {
            self.validity = Validity::Questionable;
        }
        match reading.metric {
            Metric::NibpSys => self.sys = Some(value),
            Metric::NibpDia => self.dia = Some(value),
            Metric::NibpMap => self.map = Some(value),
            Metric::ArtSys
            | Metric::ArtDia
            | Metric::ArtMap
            | Metric::HeartRate
            | Metric::PulseRate
            | Metric::SpO2
            | Metric::RespRate
            | Metric::Temp
            | Metric::CuffPressure
            | Metric::PerfusionIndex => {}
        }
    }
}

const fn is_pressure(metric: Metric) -> bool {
    matches!(metric, Metric::NibpSys | Metric::NibpDia | Metric::NibpMap)
}

fn is_cuff_value(reading: &Reading) -> bool {
    reading.source == ValueSource::Nibp
}

fn kept(reading: &Reading, id: ReadingId, arrival: &Arrival, message: &Message, tag: Tag) -> Kept {
    Kept {
        id,
        value: reading.value,
        validity: reading.validity,
        received: arrival.received,
        lag: lag(reading.measured, message, arrival.received) + arrival.extra_lag,
        source_time: match reading.measured {
            Measured::DeviceClock(at) => Some(at),
            Measured::AtReceipt | Measured::SecondsAgo(_) => None,
        },
        seq: message.seq,
        tag,
        late: arrival.late,
    }
}

/// How old a measurement was at receipt. A device's own time of sending cancels its clock's
/// offset, so a clock that is wrong by an hour tells the right age (safety F2).
fn lag(measured: Measured, message: &Message, received: Stamp) -> Duration {
    match measured {
        Measured::AtReceipt => Duration::ZERO,
        Measured::SecondsAgo(seconds) => Duration::from_secs(seconds.into()),
        Measured::DeviceClock(at) => {
            let sent = message.sent.unwrap_or(received.wall);
            Duration::from_micros(sent.micros_since(at).max(0).unsigned_abs())
        }
    }
}
