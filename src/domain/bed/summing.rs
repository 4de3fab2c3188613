//! Readings summed up as the baseline (alarms 7; contract 6): medians, where the pressures agree.
//!
//! A reading stands for its whole determination. One that is questionable, or lacks a pressure, is
//! none to start from: it does not count.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::{Bed, Desk, Remembered};
use crate::domain::act::{Act, Answer, Baseline, Done, Refused, Unknown};
use crate::domain::determined::Instant;
use crate::domain::ids::ReadingId;
use crate::domain::metric::Metric;
use crate::domain::reading::Validity;
use crate::domain::time::{MonoTime, Stamp};
use crate::domain::vital::Vital;

const WANTED: u8 = 2;
const APART: Duration = Duration::from_secs(60);
/// Rates and saturation are those of so long before the last reading.
const LATELY: Duration = Duration::from_secs(5 * 60);
/// Sample standard deviation of systolic and of diastolic pressures, in tenths of a mmHg.
const VARY_MAX_TENTHS: u32 = 100;
/// Of all sources the last: a cuff's and hand-taken values.
const SINGLE_RANK: u8 = u8::MAX;

impl Bed {
    /// At least two determinations of this patient, a minute apart; another baseline needs a
    /// reason.
    pub(in crate::domain) fn accept_readings(
        &mut self,
        readings: &[ReadingId],
        act: &Act,
        now: Stamp,
        desk: &mut Desk<'_>,
    ) -> Answer {
        let from = self.readings_from().ok_or(Refused::Unknown(Unknown::Session))?;
        let places = readings.iter().map(|reading| self.place_of(*reading, from));
        let places: BTreeSet<_> = places.collect::<Option<_>>().ok_or(NOT_KNOWN)?;
        let mut taken: Vec<_> = places.iter().map(|place| &self.recent.0[*place]).collect();
        taken.retain(|it| counts(it));
        taken.sort_by_key(|it| it.measured());
        let is_close = |pair: &[&Remembered]| pair[1].measured().since(pair[0].measured()) < APART;
        if taken.len() < usize::from(WANTED) || taken.windows(2).any(is_close) {
            return Err(Refused::TooFewReadings { needed: WANTED });
        }
        let of = |metric| taken.iter().filter_map(|it| it.figure(metric)).collect::<Vec<_>>();
        let [sys, dia, map] = [Metric::NibpSys, Metric::NibpDia, Metric::NibpMap].map(of);
        let (sys_tenths, dia_tenths) = (deviation_tenths(&sys), deviation_tenths(&dia));
        if sys_tenths.max(dia_tenths) > VARY_MAX_TENTHS {
            return Err(Refused::ReadingsVary { sys_tenths, dia_tenths });
        }
        let baseline = Baseline {
            sys: median(sys),
            dia: median(dia),
            map: median(map),
            heart_rate: self.of_late(&[Metric::HeartRate, Metric::PulseRate], &taken, from),
            spo2: self.of_late(&[Metric::SpO2], &taken, from),
        };
        let last = taken.last().map(|it| it.measured());
        let of = taken.iter().filter_map(|it| it.sys).map(|(id, _)| id).collect();
        self.accept_baseline(baseline, act, now, desk)?;
        if let Some(session) = self.session.as_mut() {
            session.baseline_of = of;
            session.baseline_taken = last;
        }
        Ok(Done::BaselineAccepted(baseline))
    }

    /// From when readings are those of the session's patient.
    pub(super) fn readings_from(&self) -> Option<MonoTime> {
        self.session.as_ref().map(|_| self.patient_since)
    }

    /// The determination of a reading, or the one that a pulse or saturation came with.
    fn place_of(&self, reading: ReadingId, from: MonoTime) -> Option<usize> {
        let with = |vital: &Vital| {
            let newest = vital.newest.value.is_ok() && vital.newest.id == reading;
            let newest = newest.then(|| vital.measured_at());
            let at = newest.or_else(|| Some(vital.lately.find(reading)?.at));
            at.filter(|_| vital.is_intermittent()).map(|at| (vital.device.clone(), at))
        };
        let came_with = self.vitals.iter().find_map(with);
        let is_meant = |it: &Remembered| {
            let came_with = came_with.as_ref();
            let came_with =
                came_with.filter(|(from, at)| *from == it.device && is_same(*at, it.measured()));
            it.is_one_of(&[reading]) || came_with.is_some()
        };
        self.recent
            .0
            .iter()
            .rposition(|it| it.voided.is_none() && it.measured() >= from && is_meant(it))
    }

    /// The median of the best source's values: of continuous ones in the time before the last
    /// determination, else those that came with the determinations.
    fn of_late(&self, metrics: &[Metric], taken: &[&Remembered], from: MonoTime) -> Option<i32> {
        let last = taken.last()?.measured();
        let since = last.minus(LATELY).max(from);
        let mut by_rank: BTreeMap<u8, Vec<i32>> = BTreeMap::new();
        let of_metric = |vital: &&Vital| metrics.contains(&vital.metric) && !self.is_aside(vital);
        for vital in self.vitals.iter().filter(of_metric) {
            let values = if vital.is_intermittent() {
                let came_with = |at| taken.iter().any(|it| is_same(at, it.measured()));
                let points = vital.lately.0.iter().filter(|point| came_with(point.at));
                by_rank.entry(SINGLE_RANK).or_default().extend(points.map(|point| point.value));
                continue;
            } else {
                vital.lately.between(since, last)
            };
            let rank = Self::rate_rank(vital).unwrap_or_default();
            by_rank.entry(rank).or_default().extend(values);
        }
        by_rank.into_values().find_map(median)
    }
}

const NOT_KNOWN: Refused = Refused::Unknown(Unknown::Reading);

fn counts(it: &Remembered) -> bool {
    it.validity == Validity::Good && it.sys.is_some() && it.dia.is_some()
}

/// What belongs to one determination is told of one instant.
fn is_same(a: MonoTime, b: MonoTime) -> bool {
    Instant::Ours(a).is_same(Instant::Ours(b))
}

/// Of an even number the mean of the middle two, rounded half up; `None`: of none.
fn median(mut values: Vec<i32>) -> Option<i32> {
    values.sort_unstable();
    let upper = *values.get(values.len() / 2)?;
    if values.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = values[values.len() / 2 - 1];
    Some((lower + upper + 1).div_euclid(2))
}

/// Sample standard deviation, in tenths rounded up: 100 is at most 10.0, and 101 is more.
fn deviation_tenths(values: &[i32]) -> u32 {
    let n = u64::try_from(values.len()).expect("few readings");
    if n < 2 {
        return 0;
    }
    let square = |value: i64| (value * value).unsigned_abs();
    let sum: i64 = values.iter().map(|value| i64::from(*value)).sum();
    let squares: u64 = values.iter().map(|value| square((*value).into())).sum();
    let hundredths = (100 * (n * squares - square(sum))).div_ceil(n * (n - 1));
    let root = hundredths.isqrt();
    let up = if root * root < hundredths { root + 1 } else { root };
    u32::try_from(up).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_number_is_rounded_half_up() {
        let table: [(&[i32], Option<i32>); 6] = [
            (&[], None),
            (&[131], Some(131)),
            (&[130, 133], Some(132)),
            (&[134, 130], Some(132)),
            (&[140, 120, 131], Some(131)),
            (&[120, 129, 128, 160], Some(129)),
        ];
        for (values, expected) in table {
            assert_eq!(median(values.to_vec()), expected, "{values:?}");
        }
    }

    #[test]
    fn a_deviation_of_ten_is_the_last_that_stands() {
        // Goal: 120 and 134 deviate by 9.9, 120 and 135 by 10.6; 110, 120, 130 by 10 exactly.
        let table: [(&[i32], u32); 6] = [
            (&[120], 0),
            (&[120, 120], 0),
            (&[120, 134], 99),
            (&[120, 135], 107),
            (&[110, 120, 130], 100),
            (&[110, 120, 131], 106),
        ];
        for (values, tenths) in table {
            assert_eq!(deviation_tenths(values), tenths, "{values:?}");
        }
    }
}
