//! A cuff on the oximeter's arm (alarms 13): while it is inflated the oximeter loses its signal,
//! and that loss is held back for at most a minute. Only the loss is held: a value that comes is
//! judged.
//!
//! A device that says when it inflates is believed. One that does not is judged backwards, from its
//! determinations: a loss from 45 s before to 15 s after one is the cuff's. To know that, a loss on
//! such an arm waits 45 s for the determination that may explain it.

use std::time::Duration;

use super::{Bed, Limb};
use crate::domain::link::{Device, Inflation};
use crate::domain::metric::Metric;
use crate::domain::reading::ValueSource;
use crate::domain::time::MonoTime;
use crate::domain::vital::Vital;

/// No loss is held for longer.
const HELD_MAX: Duration = Duration::from_secs(60);
/// Before a determination whose inflation was not told, its cuff was inflated for so long.
const INFLATED_BEFORE: Duration = Duration::from_secs(45);
/// After an inflation the signal has so long to come back.
const BACK_WITHIN: Duration = Duration::from_secs(15);
/// The last value may have come so long before the inflation that took the signal was told.
const TOLD_LATE: Duration = Duration::from_secs(5);

impl Bed {
    /// Until when the loss of an oximeter's vital is held; `None`: not held at all.
    pub(super) fn held_until(&self, vital: &Vital) -> Option<MonoTime> {
        let of_oximeter = vital.source == ValueSource::Pleth
            && matches!(vital.metric, Metric::SpO2 | Metric::PulseRate);
        self.loss_held_until(vital.valued.filter(|_| of_oximeter)?)
    }

    /// Until when a loss of the oximeter's signal at `loss` is held.
    pub(super) fn loss_held_until(&self, loss: MonoTime) -> Option<MonoTime> {
        let cuffs = self.devices.iter().filter(|device| self.is_on_oximeter_arm(device));
        let held = cuffs.filter_map(|cuff| match cuff.inflation {
            Inflation::Inflating { since } => {
                (loss.plus(TOLD_LATE) >= since).then(|| since.plus(HELD_MAX))
            }
            Inflation::Ended { began, ended } => {
                let during = loss.plus(TOLD_LATE) >= began && loss <= ended.plus(BACK_WITHIN);
                during.then(|| ended.plus(BACK_WITHIN))
            }
            Inflation::Untold => Some(self.untold(cuff, loss)),
        });
        held.max().map(|until| until.min(loss.plus(HELD_MAX)))
    }

    fn untold(&self, cuff: &Device, loss: MonoTime) -> MonoTime {
        let explains = |at: &MonoTime| {
            loss.plus(TOLD_LATE) >= at.minus(INFLATED_BEFORE) && loss <= at.plus(BACK_WITHIN)
        };
        match self.last_deflated(cuff).filter(explains) {
            Some(at) => at.plus(BACK_WITHIN),
            None => loss.plus(INFLATED_BEFORE),
        }
    }

    /// The newest determination of a cuff, valid or failed: then it had let go.
    fn last_deflated(&self, cuff: &Device) -> Option<MonoTime> {
        let pressures = self.vitals.iter().filter(|vital| {
            vital.metric == Metric::NibpSys && vital.device == cuff.id && vital.newest.value.is_ok()
        });
        let valid = pressures.map(|vital| vital.newest.received.mono.minus(vital.newest.lag)).max();
        valid.max(cuff.failed.map(|failed| failed.newest))
    }

    /// Whether a value is away because a cuff is known to be inflated, or was until just now.
    pub(super) fn is_held_by_cuff(&self, vital: &Vital, now: MonoTime) -> bool {
        let known = self
            .devices
            .iter()
            .any(|device| self.is_on_oximeter_arm(device) && device.inflation != Inflation::Untold);
        let since = vital.valued.filter(|valued| vital.newest.value.is_err() || now > *valued);
        let waits =
            |loss: MonoTime| !known && self.held_until(vital) == Some(loss.plus(INFLATED_BEFORE));
        since.is_some_and(|loss| {
            self.held_until(vital).is_some_and(|until| now <= until) && !waits(loss)
        })
    }

    /// By its own name, or by that of its serial line.
    fn is_on_oximeter_arm(&self, device: &Device) -> bool {
        let mut lines = self.plan.lines.iter();
        let line = lines.find(|(_, line)| *line == device.line).map(|(name, _)| name);
        let mut declared = self.plan.declared.iter();
        declared.any(|it| {
            it.limb == Limb::SameAsOximeter && (it.id == device.id || Some(&it.id) == line)
        })
    }
}
