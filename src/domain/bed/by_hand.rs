//! Vital signs that a person took: judged by all rules at entry (alarms 14).
//!
//! They go the way of a device's, as one that no line belongs to: it has no link to lose, no clock
//! to be off, and nothing of it is ever missed.

use std::time::Duration;

use super::limits::note_of;
use super::message::{Arrival, Place};
use super::starting::WALK_IN;
use super::{Bed, Desk, Remembered};
use crate::domain::act::{Act, Answer, Done, Lateness, Refused};
use crate::domain::alarm::occurrence::SessionChange;
use crate::domain::alarm::text;
use crate::domain::determined::Instant;
use crate::domain::device::Message;
use crate::domain::ids::{DeviceId, ReadingId, SourceIndex};
use crate::domain::lately::Point;
use crate::domain::metric::Metric;
use crate::domain::reading::{Absent, Measured, Quantity, Reading, ValueSource, plausible};
use crate::domain::session::hand::HandReading;
use crate::domain::time::{MonoTime, Stamp, WallTime};
use crate::domain::vital::{Kept, Late, Vital};

/// A browser's clock may be so far ahead of ours.
const AHEAD_MAX_US: i64 = 2_000_000;
/// Entered later than this after it was taken, a reading is marked late (contract 6).
const LATE_AFTER: Duration = Duration::from_secs(5 * 60);

impl Bed {
    /// As from a device of its own; on a bed without a session a walk-in reading.
    pub(in crate::domain) fn enter_reading(
        &mut self,
        reading: &HandReading,
        act: &Act,
        now: Stamp,
        desk: &mut Desk<'_>,
    ) -> Answer {
        if reading.taken.micros_since(now.wall) > AHEAD_MAX_US || self.is_too_old(reading, now) {
            return Err(Refused::BadTime);
        }
        if !is_possible(&reading.values) {
            return Err(Refused::BadValue);
        }
        let taken = reading.taken.min(now.wall);
        let age = Duration::from_micros(now.wall.micros_since(taken).unsigned_abs());
        if self.knows_all(&reading.values, now.mono.minus(age)) {
            return Err(Refused::AlreadySo);
        }
        let lateness = lateness(age);
        let mut how = how(reading);
        if lateness == Lateness::Late {
            how = format!("{how}, entered {} late", text::age(age));
        }
        let note = note_of(act, &how, None, Some(words(&reading.values)));
        self.tell_session(SessionChange::ReadingEntered, Some(note), now, desk);
        let message = self.message_of(reading, taken, now);
        self.see_patient(&message);
        let device = self.device_at(SourceIndex::BY_HAND, &DeviceId::by_hand(), now);
        self.counts.readings += message.readings.len() as u64;
        let arrival = Arrival {
            device,
            received: now,
            late: Late::OnTime,
            extra_lag: Duration::ZERO,
            place: Place::Known,
        };
        self.readings(&message, &arrival, desk);
        self.tick(now, desk);
        let ids = (desk.first_reading.0..).map(ReadingId).zip(&reading.values);
        Ok(Done::ReadingsEntered { readings: ids.map(|(id, _)| id).collect(), lateness })
    }

    /// Taken before whatever could be of this patient's visit: a slip of the pen.
    fn is_too_old(&self, reading: &HandReading, now: Stamp) -> bool {
        let visit = self.session.as_ref().map_or(now, |session| session.started);
        reading.taken < visit.wall.minus(WALK_IN)
    }

    /// The same was entered before: a second click, under another command.
    fn knows_all(&self, values: &[(Metric, Quantity)], at: MonoTime) -> bool {
        let is_same = |other| Instant::Ours(at).is_same(Instant::Ours(other));
        values.iter().all(|(metric, value)| {
            let mut determined = self.recent.standing().filter(|it| is_same(it.measured()));
            let mut vitals = self.vitals.iter().filter(|it| is_same(it.measured_at()));
            let manual = ValueSource::Manual;
            determined.any(|it| it.source() == manual && it.figure(*metric) == Some(value.0))
                || vitals.any(|it| {
                    (it.metric, it.source, it.newest.value) == (*metric, manual, Ok(*value))
                })
        })
    }

    /// Dated by the person: exact, as the device's own time would be.
    fn message_of(&self, reading: &HandReading, taken: WallTime, now: Stamp) -> Message {
        let of = |(metric, value): &(Metric, Quantity)| Reading {
            measured: Measured::DeviceClock(taken),
            origin: self.origin,
            ..Reading::new(*metric, Ok(*value), ValueSource::Manual)
        };
        let readings = reading.values.iter().map(of).collect();
        Message { sent: Some(now.wall), readings, ..Message::default() }
    }

    /// What was voided may be entered again; a device that sends it again is not believed.
    pub(super) fn may_enter_again(&mut self, gone: &Remembered) {
        let mut ours = self.devices.iter_mut().filter(|it| it.line == SourceIndex::BY_HAND);
        if let Some(device) = ours.find(|it| it.id == gone.device) {
            device.forget(gone.instant());
        }
    }

    /// Row 31: a hand-taken value that is known, or older than what is. The older one is remembered
    /// for the baseline of the determination that it came with.
    pub(super) fn is_past(&mut self, metric: Metric, kept: &Kept, arrival: &Arrival) -> bool {
        let at = kept.received.mono.minus(kept.lag);
        let device = self.devices[arrival.device].id.clone();
        let own = |metric, it: &Vital| {
            it.metric == metric && it.source == ValueSource::Manual && it.device == device
        };
        let again = self.vitals.iter().filter(|it| own(metric, it)).any(|it| {
            let same = Instant::Ours(at).is_same(Instant::Ours(it.measured_at()));
            same && it.newest.value == kept.value
        });
        if again {
            self.counts.repeated += 1;
            return true;
        }
        if self.last_known(metric).is_none_or(|last| at >= last) {
            return false;
        }
        self.counts.older += 1;
        if !self.vitals.iter().any(|it| own(metric, it)) {
            let none = Kept { value: Err(Absent::Unavailable), ..kept.clone() };
            self.keep(metric, ValueSource::Manual, arrival, none);
        }
        if let Some(vital) = self.vitals.iter_mut().find(|it| own(metric, it)) {
            vital.lately.take(metric, ValueSource::Manual, Point::of(kept));
        }
        true
    }

    /// When the newest value of a metric was measured, of whatever source.
    pub(super) fn last_known(&self, metric: Metric) -> Option<MonoTime> {
        let known = self.vitals.iter().filter(|vital| vital.metric == metric);
        let last = known.filter_map(|vital| {
            if vital.is_intermittent() {
                vital.newest.value.is_ok().then(|| vital.measured_at())
            } else {
                vital.valued
            }
        });
        last.max()
    }
}

/// Whether it was entered long after it was taken.
pub(super) fn lateness(age: Duration) -> Lateness {
    if age > LATE_AFTER { Lateness::Late } else { Lateness::InTime }
}

/// Each metric once and plausible, and of those that a person can take; a systolic pressure with
/// its diastolic, and above it.
fn is_possible(values: &[(Metric, Quantity)]) -> bool {
    let of = |metric| values.iter().find(|(it, _)| *it == metric).map(|(_, value)| value.0);
    let once = |metric| values.iter().filter(|(it, _)| *it == metric).count() == 1;
    let pair = match (of(Metric::NibpSys), of(Metric::NibpDia)) {
        (Some(sys), Some(dia)) => sys > dia,
        (None, None) => of(Metric::NibpMap).is_none(),
        (Some(_), None) | (None, Some(_)) => false,
    };
    let each = values.iter().all(|(metric, value)| {
        once(*metric) && is_taken_by_hand(*metric) && plausible(*metric, value.0.into()).is_ok()
    });
    !values.is_empty() && pair && each
}

const fn is_taken_by_hand(metric: Metric) -> bool {
    match metric {
        Metric::NibpSys
        | Metric::NibpDia
        | Metric::NibpMap
        | Metric::HeartRate
        | Metric::PulseRate
        | Metric::SpO2
        | Metric::RespRate
        | Metric::Temp => true,
        Metric::ArtSys
        | Metric::ArtDia
        | Metric::ArtMap
        | Metric::CuffPressure
        | Metric::PerfusionIndex
        | Metric::Moaas => false,
    }
}

/// "aneroid, left arm, adult cuff, taken by Ana".
fn how(reading: &HandReading) -> String {
    let HandReading { method, taker, arm, cuff_size, .. } = reading;
    let arm = arm.map(|arm| format!("{} arm", arm.name()));
    let cuff = cuff_size.map(|size| format!("{} cuff", size.name()));
    let taker = taker.as_ref().map(|taker| format!("taken by {taker}"));
    let rest = [arm, cuff, taker].into_iter().flatten();
    let all: Vec<_> = std::iter::once(method.to_string()).chain(rest).collect();
    all.join(", ")
}

/// "132/84, pulse 72".
fn words(values: &[(Metric, Quantity)]) -> String {
    let of = |metric| values.iter().find(|(it, _)| *it == metric).map(|(_, value)| value.0);
    let pair = of(Metric::NibpSys).zip(of(Metric::NibpDia));
    let pair = pair.map(|(sys, dia)| format!("{sys}/{dia}"));
    let is_of_pair = |metric| matches!(metric, Metric::NibpSys | Metric::NibpDia);
    let rest = values.iter().filter(|(metric, _)| !is_of_pair(*metric));
    let rest = rest.map(|(metric, value)| {
        format!("{} {}", metric.info().name, text::figure(*metric, value.0))
    });
    pair.into_iter().chain(rest).collect::<Vec<_>>().join(", ")
}
