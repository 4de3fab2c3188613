//! Readings of one message: which are new, what they are worth beside the newest, and their
//! judgement. What a cuff sends is `cuff`'s.

use std::time::Duration;

use super::cuff::{Cuff, CuffSeen, is_cuff_value, is_pressure};
use super::{Bed, Desk};
use crate::domain::alarm::family::Gone;
use crate::domain::alarm::rule::Judged;
use crate::domain::device::Message;
use crate::domain::ids::{DeviceId, ReadingId, SourceIndex};
use crate::domain::link::Order;
use crate::domain::metric::Metric;
use crate::domain::reading::{Measured, Quantity, Reading, ValueSource};
use crate::domain::time::Stamp;
use crate::domain::view::Freshness;
use crate::domain::vital::{Kept, Late, Tag, Vital};

/// What all readings of a message share.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrival {
    pub(super) device: usize,
    pub(super) received: Stamp,
    pub(super) late: Late,
    pub(super) extra_lag: Duration,
    pub(super) place: Place,
}

/// Whether we know that a message follows its device's newest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Known,
    Unknown,
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
        let device = self.device_at(line, device, now);
        self.counts.readings += message.readings.len() as u64;
        self.counts.unknown_keys += u64::from(message.unknown_keys);
        let (late, extra_lag, place) = match self.devices[device].clock.order(message, now) {
            Order::New => (Late::OnTime, Duration::ZERO, Place::Known),
            Order::Backlog { late } => (Late::Backlog, late, Place::Known),
            Order::Unplaced => {
                self.counts.older += 1;
                (Late::Backlog, Duration::ZERO, Place::Unknown)
            }
            Order::Repeated => {
                self.counts.repeated += 1;
                return;
            }
            Order::Older => {
                self.counts.older += 1;
                return;
            }
        };
        if place == Place::Known {
            let id = self.devices[device].id.clone();
            if self.is_away(line, &id) {
                self.starts_anew(line, &id);
            }
            self.statuses(device, message, now);
            self.heard(line, device, now);
            self.bedside(device, message);
        }
        let arrival = Arrival { device, received: now, late, extra_lag, place };
        self.readings(message, &arrival, desk);
        self.settle(now, desk);
    }

    pub(super) fn readings(&mut self, message: &Message, arrival: &Arrival, desk: &mut Desk<'_>) {
        let mut cuff: Option<Cuff> = None;
        let mut seen: Option<CuffSeen> = None;
        for (reading, id) in message.readings.iter().zip(desk.first_reading.0..) {
            let id = ReadingId(id);
            self.origin = self.plan.origin.or(reading.origin);
            if self.is_set_aside(&self.devices[arrival.device].id, reading.metric, reading.source) {
                continue;
            }
            if is_pressure(reading.metric) {
                if seen.is_some_and(|seen| seen.measured != reading.measured) {
                    self.determined(cuff.take(), arrival, message, desk);
                    seen = None;
                }
                if seen.is_none() {
                    seen = self.first_sight(reading.measured, arrival, message);
                }
                match reading.value {
                    Ok(value) if seen.is_some_and(|seen| seen.news.has(reading.metric)) => {
                        cuff.get_or_insert_with(|| Cuff::new(reading)).take(reading, id, value);
                    }
                    Err(_) if !seen.is_some_and(CuffSeen::is_before) => {
                        self.absent(reading, id, arrival, message);
                    }
                    Ok(_) | Err(_) => {}
                }
            } else if is_cuff_value(reading)
                && (seen.is_some_and(CuffSeen::is_before)
                    || self.is_told(reading, arrival, message))
            {
                self.counts.repeated += 1; // row 31: the pulse of a determination that was judged
            } else {
                self.value(reading, id, arrival, message);
            }
        }
        self.determined(cuff, arrival, message, desk);
    }

    /// A value that stands alone.
    fn value(&mut self, reading: &Reading, id: ReadingId, arrival: &Arrival, message: &Message) {
        if arrival.place == Place::Unknown {
            return;
        }
        let Ok(Quantity(value)) = reading.value else {
            self.absent(reading, id, arrival, message);
            return;
        };
        self.plausible_again(arrival.device, reading.metric);
        let tag = if reading.metric.is_unusual(value) { Tag::Unusual } else { Tag::Plain };
        let kept = kept(reading, id, arrival, message, tag);
        if reading.source == ValueSource::Manual && self.is_past(reading.metric, &kept, arrival) {
            return;
        }
        let vital = self.keep(reading.metric, reading.source, arrival, kept);
        if arrival.late == Late::OnTime {
            self.value_back(vital);
        }
        let now = arrival.received.mono;
        self.doubt(vital, now);
        let rate = matches!(reading.metric, Metric::HeartRate | Metric::PulseRate);
        let rate = (rate && self.is_rate_in_force(vital, now)).then_some(Judged::HeartRate);
        for judged in [Some(Judged::Metric(reading.metric)), rate].into_iter().flatten() {
            if let Some(value) = self.value_of(judged, Some(vital), now)
                && !self.is_aside(&self.vitals[vital])
            {
                self.judge(&value, now);
            }
        }
    }

    /// The device says that it has none, or what it says can't be used (rows 9, 10).
    fn absent(&mut self, reading: &Reading, id: ReadingId, arrival: &Arrival, message: &Message) {
        if arrival.place == Place::Unknown {
            return;
        }
        let kept = kept(reading, id, arrival, message, Tag::Plain);
        let failed = self.keep(reading.metric, reading.source, arrival, kept);
        self.implausible(arrival.device, reading, arrival.received.mono);
        let now = arrival.received.mono;
        if !is_pressure(reading.metric) {
            self.input_missing(reading.metric, now);
            return;
        }
        // A failed determination leaves the one before; only another cuff's is current.
        let mut others = self.vitals.iter().enumerate().filter(|(index, _)| *index != failed);
        let current = others.any(|(_, vital)| {
            vital.metric == reading.metric && self.freshness(vital, now) == Freshness::Live
        });
        if !current {
            self.judged_missing(Judged::Metric(reading.metric), Gone::All, now);
        }
    }

    /// Keeps the newest reading of a metric, source and device; returns its place.
    pub(super) fn keep(
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
            vital.line = device.line;
            self.wake_for(index);
            self.find_conflict(index, arrival.received.mono);
            return index;
        }
        let vital = Vital::new(metric, source, device.id.clone(), device.line, kept);
        self.vitals.push(vital);
        self.wake_at(arrival.received.mono);
        let index = self.vitals.len() - 1;
        self.find_conflict(index, arrival.received.mono);
        index
    }
}

pub(super) fn kept(
    reading: &Reading,
    id: ReadingId,
    arrival: &Arrival,
    message: &Message,
    tag: Tag,
) -> Kept {
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

/// How old a measurement was at receipt.
pub(super) fn lag(measured: Measured, message: &Message, received: Stamp) -> Duration {
    message.age_of(measured, received)
}
