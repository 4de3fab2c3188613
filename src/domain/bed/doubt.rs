//! Values that are in doubt (alarms 13): outside their valid band, standing still (safety F6), or
//! contradicting each other (T4). What can be judged is judged all the same.

use super::Bed;
use crate::domain::alarm::AlarmFamily;
use crate::domain::alarm::text;
use crate::domain::metric::Metric;
use crate::domain::reading::{Absent, Quantity, Reading, ValueSource};
use crate::domain::time::MonoTime;
use crate::domain::view::Freshness;
use crate::domain::vital::Vital;

/// ECG and pleth rate that differ by more, /min, contradict each other (T4).
const RATES_DIFFER: u32 = 20;

impl Bed {
    /// A value that is none: outside its band, or a pair that contradicts itself.
    pub(super) fn implausible(&mut self, device: usize, reading: &Reading, now: MonoTime) {
        let (raw, what) = match reading.value {
            Err(Absent::Range { raw }) => (raw, ""),
            Err(Absent::Pair { raw }) => (raw, ", the pair contradicts itself"),
            Ok(_) | Err(Absent::Unit | Absent::Unavailable | Absent::Invalid | Absent::Stale) => {
                return;
            }
        };
        let metric = reading.metric;
        let known = &mut self.devices[device].implausible;
        if !known.contains(&metric) {
            known.push(metric);
        }
        let name = metric.info().name;
        if self.is_off_monitor() && self.open(AlarmFamily::Implausible, Some(name)).is_none() {
            return;
        }
        // The raw figure as it came; one that no number holds is that far away, or farther.
        let far = match raw {
            i64::MAX => "≥ ",
            i64::MIN => "≤ ",
            _ => "",
        };
        let figure = text::figure(metric, raw);
        let why = format!("{far}{figure} {}{what}", metric.info().unit_label);
        self.cause(AlarmFamily::Implausible, Some(name), now, &why);
    }

    /// A valid value of a device: nothing implausible stands of this metric.
    pub(super) fn plausible_again(&mut self, device: usize, metric: Metric) {
        let known = &mut self.devices[device].implausible;
        let Some(place) = known.iter().position(|it| *it == metric) else { return };
        known.remove(place);
        if !self.devices.iter().any(|it| it.implausible.contains(&metric)) {
            self.no_cause(AlarmFamily::Implausible, Some(metric.info().name));
        }
    }

    /// A valid value that was kept: does it stand still, does it contradict another?
    pub(super) fn doubt(&mut self, vital: usize, now: MonoTime) {
        let Vital { metric, .. } = self.vitals[vital];
        let name = metric.info().name;
        let of_metric = |vital: &&Vital| vital.metric == metric;
        if self.vitals.iter().filter(of_metric).any(Vital::is_frozen) {
            self.missed(AlarmFamily::Frozen, Some(name), now);
        } else {
            self.no_cause(AlarmFamily::Frozen, Some(name));
        }
        if matches!(metric, Metric::HeartRate | Metric::PulseRate) {
            self.find_rate_conflict(now);
        }
    }

    /// T4. What is told stays while one of both is missing, unless nobody is watched any more.
    pub(super) fn find_rate_conflict(&mut self, now: MonoTime) {
        let rate = |metric, source| {
            let live = self.vitals.iter().filter(|vital| {
                (vital.metric, vital.source) == (metric, source)
                    && !vital.is_intermittent()
                    && self.freshness(vital, now) == Freshness::Live
            });
            live.max_by_key(|vital| vital.newest.received.mono)?.newest.value.ok()
        };
        let both = rate(Metric::HeartRate, ValueSource::Ecg)
            .zip(rate(Metric::PulseRate, ValueSource::Pleth));
        let is_open = self.open(AlarmFamily::RateConflict, None).is_some();
        match both {
            Some((Quantity(heart), Quantity(pulse))) if heart.abs_diff(pulse) > RATES_DIFFER => {
                let began = self.cause_of(AlarmFamily::RateConflict, None).unwrap_or(now);
                if !self.is_resting(AlarmFamily::RateConflict, None) {
                    let why = format!("ECG rate {heart} and pulse {pulse} /min differ");
                    self.cause(AlarmFamily::RateConflict, None, began, &why);
                }
            }
            None if is_open && self.is_watched() => {}
            Some(_) | None => self.no_cause(AlarmFamily::RateConflict, None),
        }
    }
}
