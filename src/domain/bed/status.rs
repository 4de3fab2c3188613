//! What devices tell of themselves (alarms 13): sensor off, poor signal, a failed cuff (T5), a
//! battery, a gateway that has lost its monitor, a clock that is off (safety F2).
//!
//! A device tells changes, so a state stands until it is told over, or until the device is there
//! again after its link was lost. The monitor's own alarms being off (`bedside-alarms`) is told by
//! no protocol of this build: nothing here raises it.

use std::sync::Arc;
use std::time::Duration;

use super::Bed;
use crate::domain::alarm::inactivation::Inhibition;
use crate::domain::alarm::{AlarmFamily, Priority};
use crate::domain::device::{Message, StatusCode};
use crate::domain::ids::{DeviceId, SourceIndex};
use crate::domain::link::clock::Told;
use crate::domain::link::{Device, Link, Turn};
use crate::domain::metric::Metric;
use crate::domain::reading::{Absent, Quantity, ValueSource};
use crate::domain::time::{MonoTime, Stamp};

/// The delay of "sensor off" (alarms 13): a loss that is held ends it no sooner.
const SENSOR_OFF_AFTER: Duration = Duration::from_secs(5);
/// A cuff at this pressure is inflated, mmHg.
const INFLATED_FROM: i32 = 20;
/// A device that was not heard for so long, and about which nobody has to be told any more, is
/// forgotten: no alarm may stand for ever.
const RETIRED_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

impl Bed {
    /// What a message says of its device, its readings apart.
    pub(super) fn statuses(&mut self, device: usize, message: &Message, now: Stamp) {
        for told in &message.statuses {
            let turn = self.devices[device].turn(*told, now.mono);
            match told.code {
                StatusCode::CuffLeak
                | StatusCode::CuffLoose
                | StatusCode::Overpressure
                | StatusCode::Timeout
                | StatusCode::Aborted => {
                    // Told again while it stands: the same failure, or by its time another.
                    let again = told.active && self.devices[device].failed.is_some();
                    if turn == Turn::On || again {
                        self.cuff_failed(device, reason(told.code), now.mono);
                    }
                }
                StatusCode::Busy => self.devices[device].inflates(turn, now.mono),
                StatusCode::CommsLost => {
                    if turn == Turn::On {
                        self.gateway_lost_monitor(device, now);
                    }
                }
                StatusCode::SensorOff
                | StatusCode::SensorFault
                | StatusCode::LowPerfusion
                | StatusCode::Motion
                | StatusCode::OutOfTrack
                | StatusCode::Artifact
                | StatusCode::LowBattery => {}
            }
        }
        for reading in &message.readings {
            if let (Metric::CuffPressure, Ok(Quantity(pressure))) = (reading.metric, reading.value)
            {
                let turn = if pressure >= INFLATED_FROM { Turn::On } else { Turn::Off };
                self.devices[device].inflates(turn, now.mono);
            }
            let is_of_cuff =
                reading.metric == Metric::NibpSys && reading.source == ValueSource::Nibp;
            if is_of_cuff && reading.value == Err(Absent::Invalid) {
                self.cuff_failed(device, "invalid", now.mono);
            }
        }
        if !message.statuses.is_empty() {
            self.find_status(device);
            self.wake_at(now.mono);
        }
        self.find_clock(device, now);
    }

    /// T5: LOW, the second in a row MEDIUM.
    fn cuff_failed(&mut self, device: usize, why: &str, now: MonoTime) {
        let in_a_row = self.devices[device].cuff_failed(now);
        let id = self.devices[device].id.clone();
        if self.is_resting(AlarmFamily::CuffFailed, Some(id.as_str())) {
            return;
        }
        self.cause(AlarmFamily::CuffFailed, Some(id.as_str()), now, why);
        let floor = if in_a_row > 1 { Priority::Medium } else { Priority::Low };
        self.floor(AlarmFamily::CuffFailed, id.as_str(), floor, why);
    }

    /// A valid determination: whoever failed before it, the pressure is known again.
    pub(super) fn cuff_worked(&mut self, measured: MonoTime) {
        let failed = |device: &Device| device.failed.is_some_and(|it| it.newest <= measured);
        let over: Vec<_> =
            (0..self.devices.len()).filter(|at| failed(&self.devices[*at])).collect();
        for at in over {
            self.devices[at].failed = None;
            // Whatever failed has not any more, taken back or not.
            self.devices[at].statuses.retain(|(code, _)| !is_of_failed_cuff(*code));
            let id = self.devices[at].id.clone();
            self.no_cause(AlarmFamily::CuffFailed, Some(id.as_str()));
        }
    }

    /// Sensor off, poor signal, motion; and the battery.
    fn find_status(&mut self, device: usize) {
        let id = self.devices[device].id.clone();
        let subject = Some(id.as_str());
        match self.devices[device].is_on(StatusCode::LowBattery) {
            true => {
                let since = self.since(device, |code| code == StatusCode::LowBattery);
                self.cause(AlarmFamily::BatteryLow, subject, since.unwrap_or_default(), "");
            }
            false => self.no_cause(AlarmFamily::BatteryLow, subject),
        }
        let since = self.since(device, is_of_sensor).filter(|_| self.is_watched());
        let Some(since) = since else { return self.no_cause(AlarmFamily::SensorOff, subject) };
        let is_lost = self.lost(self.devices[device].line, &id).is_some();
        if self.is_resting(AlarmFamily::SensorOff, subject)
            || (is_lost && self.open(AlarmFamily::SensorOff, subject).is_none())
        {
            return;
        }
        let held = self.loss_held_until(since).filter(|_| self.is_oximeter(&id));
        let since = held.map_or(since, |until| since.max(until.minus(SENSOR_OFF_AFTER)));
        let on = self.devices[device].statuses.iter().filter(|(code, _)| is_of_sensor(*code));
        let why: Vec<_> = on.map(|(code, _)| reason(*code)).collect();
        self.cause(AlarmFamily::SensorOff, subject, since, &why.join(", "));
    }

    fn since(&self, device: usize, is_meant: impl Fn(StatusCode) -> bool) -> Option<MonoTime> {
        let statuses = self.devices[device].statuses.iter();
        statuses.filter(|(code, _)| is_meant(*code)).map(|(_, since)| *since).min()
    }

    fn is_oximeter(&self, device: &DeviceId) -> bool {
        let mut theirs = self.vitals.iter().filter(|vital| vital.device == *device);
        theirs.any(|vital| vital.source == ValueSource::Pleth)
    }

    /// Whether a device says why its values are away: its line speaks for them.
    pub(super) fn tells_sensor_off(&self, device: &DeviceId) -> bool {
        self.cause_of(AlarmFamily::SensorOff, Some(device.as_str())).is_some()
    }

    /// A device's clock: steadily off by more than a minute LOW, MEDIUM where its order broke.
    fn find_clock(&mut self, device: usize, now: Stamp) {
        let Device { id, clock, .. } = &self.devices[device];
        if clock.newest.is_none() {
            return; // it sends no time
        }
        let (id, clock) = (id.clone(), *clock);
        let subject = id.as_str();
        let is_open = self.open(AlarmFamily::DeviceClock, Some(subject)).is_some();
        let told = if is_open { Told::Yes } else { Told::No };
        let is_broken = clock.broken_until().is_some_and(|until| now.mono < until);
        let why = match (clock.off(now), is_broken) {
            (Some(off), true) => format!("set back, now {}", off.said()),
            (None, true) => "set back".to_owned(),
            (Some(off), false) if off.is_alarm(told) => off.said(),
            (Some(_), false) => return self.no_cause(AlarmFamily::DeviceClock, Some(subject)),
            (None, false) => return,
        };
        self.cause(AlarmFamily::DeviceClock, Some(subject), now.mono, &why);
        let floor = if is_broken { Priority::Medium } else { Priority::Low };
        self.floor(AlarmFamily::DeviceClock, subject, floor, &why);
    }

    /// What is said beside a link that is there.
    pub(super) fn clock_advisory(&self, device: &Device, now: Stamp) -> Option<Arc<str>> {
        let off = device.clock.off(now).filter(|off| off.is_advised())?;
        Some(format!("its clock is {}", off.said()).into())
    }

    /// Everything that a device has told, looked at again: a session began, a link went.
    pub(super) fn find_told(&mut self, now: Stamp) {
        for device in 0..self.devices.len() {
            self.find_status(device);
            self.find_clock(device, now);
        }
        self.find_rate_conflict(now.mono);
    }

    /// A gateway speaks, but has lost the monitor behind it.
    fn gateway_lost_monitor(&mut self, device: usize, now: Stamp) {
        let why: Arc<str> = "its gateway has lost it".into();
        let id = self.devices[device].id.clone();
        self.devices[device].link = Link::Lost { since: now, why: why.clone() };
        self.link_cause(device, &id, now.mono, &why);
        self.drop_bedside();
    }

    /// The link of a device is lost; a flat battery makes it HIGH as soon as it is told.
    pub(super) fn link_lost(&mut self, device: usize, since: MonoTime, why: &str) {
        let it = &mut self.devices[device];
        it.statuses.retain(|(code, _)| *code != StatusCode::CommsLost);
        let id = it.id.clone();
        // The first cause stands: that the line can't be opened again follows from it.
        if self.cause_of(AlarmFamily::LinkDown, Some(id.as_str())).is_some() {
            return;
        }
        self.link_cause(device, &id, since, why);
    }

    /// Lost by a flat battery it is HIGH, whoever found it (alarms 13).
    fn link_cause(&mut self, device: usize, id: &DeviceId, since: MonoTime, why: &str) {
        let is_flat = self.devices[device].is_on(StatusCode::LowBattery);
        let why = if is_flat { format!("{why}; its battery was low") } else { why.to_owned() };
        self.cause(AlarmFamily::LinkDown, Some(id.as_str()), since, &why);
        let floor = if is_flat { Priority::High } else { Priority::Low };
        self.floor(AlarmFamily::LinkDown, id.as_str(), floor, &why);
    }

    /// Whoever is there again after its link was lost tells anew what stands. A serial line's
    /// devices do so whenever it was opened.
    pub(super) fn starts_anew(&mut self, line: SourceIndex, id: &DeviceId) {
        let of_line = self.is_line(id);
        for at in 0..self.devices.len() {
            let it = &self.devices[at];
            let concerned = it.line == line && (of_line || it.id == *id);
            if concerned && !it.statuses.is_empty() {
                self.devices[at].statuses.clear();
                self.find_status(at);
            }
        }
    }

    pub(super) fn floor(&mut self, family: AlarmFamily, subject: &str, floor: Priority, why: &str) {
        let it = self.technical.iter_mut().find(|it| it.is_of(family, Some(subject)));
        if let Some(it) = it.filter(|it| it.floor != floor) {
            it.floor = floor;
            it.why = why.into();
            self.moved.technical = true;
        }
    }

    /// Devices that are gone for good take the causes about them along.
    pub(super) fn retire_devices(&mut self, now: MonoTime) {
        while let Some(at) = self.devices.iter().position(|device| self.is_retired(device, now)) {
            let id = self.devices[at].id.clone();
            self.forget(at, now);
            for it in &mut self.technical {
                let of_device = it.subject.as_deref() == Some(id.as_str());
                let metric = it.subject.as_deref().and_then(Metric::by_name);
                let unseen = |metric| !self.vitals.iter().any(|vital| vital.metric == metric);
                if of_device || metric.is_some_and(unseen) {
                    it.since = None;
                }
            }
        }
    }

    fn is_retired(&self, device: &Device, now: MonoTime) -> bool {
        let about = self.technical.iter().filter(|it| self.is_about(it, device));
        let mut open = about.filter_map(|it| it.episode.open.as_deref());
        !self.is_line(&device.id)
            && now.since(self.last_heard(device)) >= RETIRED_AFTER
            && open.all(|open| open.acknowledged.is_some())
    }

    /// In a stand-by the patient's values are not expected.
    pub(super) fn is_off_monitor(&self) -> bool {
        self.inhibition() == Inhibition::Standby
    }
}

const fn is_of_sensor(code: StatusCode) -> bool {
    match code {
        StatusCode::SensorOff
        | StatusCode::SensorFault
        | StatusCode::LowPerfusion
        | StatusCode::Motion
        | StatusCode::OutOfTrack
        | StatusCode::Artifact => true,
        StatusCode::CuffLeak
        | StatusCode::CuffLoose
        | StatusCode::Overpressure
        | StatusCode::Timeout
        | StatusCode::Aborted
        | StatusCode::LowBattery
        | StatusCode::CommsLost
        | StatusCode::Busy => false,
    }
}

const fn is_of_failed_cuff(code: StatusCode) -> bool {
    match code {
        StatusCode::CuffLeak
        | StatusCode::CuffLoose
        | StatusCode::Overpressure
        | StatusCode::Timeout
        | StatusCode::Aborted => true,
        StatusCode::SensorOff
        | StatusCode::SensorFault
        | StatusCode::LowPerfusion
        | StatusCode::Motion
        | StatusCode::OutOfTrack
        | StatusCode::Artifact
        | StatusCode::LowBattery
        | StatusCode::CommsLost
        | StatusCode::Busy => false,
    }
}

/// The device's reason as a person reads it.
const fn reason(code: StatusCode) -> &'static str {
    match code {
        StatusCode::SensorOff => "sensor off",
        StatusCode::SensorFault => "sensor fault",
        StatusCode::LowPerfusion => "low perfusion",
        StatusCode::Motion => "motion",
        StatusCode::CuffLeak => "leak",
        StatusCode::CuffLoose => "loose cuff",
        StatusCode::Overpressure => "overpressure",
        StatusCode::Timeout => "time-out",
        StatusCode::Aborted => "aborted",
        StatusCode::LowBattery => "low battery",
        StatusCode::CommsLost => "connection lost",
        StatusCode::Busy => "measuring",
        StatusCode::OutOfTrack => "out of track",
        StatusCode::Artifact => "artifact",
    }
}
