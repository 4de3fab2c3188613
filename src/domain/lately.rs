//! What a rate or a saturation was of late: enough to sum up a baseline's from it (contract 6).
//!
//! Continuous values are thinned and reach back 20 min; a cuff's and hand-taken ones are all there,
//! as many as the determinations that they came with (`bed::recent`). It is no trend.

use std::collections::VecDeque;
use std::time::Duration;

use super::bed::REMEMBERED;
use super::ids::ReadingId;
use super::metric::Metric;
use super::reading::{Quantity, Validity, ValueSource};
use super::time::MonoTime;
use super::vital::{Kept, is_intermittent};

/// A continuous value is remembered so often.
const SPACING: Duration = Duration::from_secs(10);
const CONTINUOUS: usize = 120;

/// By the time of measurement, the newest last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lately(pub VecDeque<Point>);

/// One value, in the metric's resolution, and when it was measured, by our clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    pub id: ReadingId,
    pub at: MonoTime,
    pub value: i32,
}

impl Point {
    /// `None`: it has no value, or one that its device does not trust.
    #[must_use]
    pub fn of(kept: &Kept) -> Option<Self> {
        let Ok(Quantity(value)) = kept.value else { return None };
        let at = kept.received.mono.minus(kept.lag);
        (kept.validity == Validity::Good).then_some(Self { id: kept.id, at, value })
    }
}

impl Lately {
    /// Takes the next value of this metric and source, where a baseline could need it.
    pub fn take(&mut self, metric: Metric, source: ValueSource, next: Option<Point>) {
        let single = is_intermittent(metric, source);
        let is_wanted = matches!(metric, Metric::HeartRate | Metric::PulseRate | Metric::SpO2);
        // A person's respiration, so that a wrong one that is voided leaves the one before.
        let is_wanted = is_wanted || (single && metric == Metric::RespRate);
        let Some(next) = next.filter(|_| is_wanted) else { return };
        let most = if single {
            REMEMBERED
        } else if self.0.back().is_none_or(|newest| next.at >= newest.at.plus(SPACING)) {
            CONTINUOUS
        } else {
            return;
        };
        let place = self.0.partition_point(|known| known.at <= next.at);
        self.0.insert(place, next);
        if self.0.len() > most {
            self.0.pop_front();
        }
    }

    /// What was measured before `from` is another patient's; all of it where that is `None`.
    pub fn forget_before(&mut self, from: Option<MonoTime>) {
        self.0.retain(|point| from.is_some_and(|from| point.at >= from));
    }

    #[must_use]
    pub fn find(&self, reading: ReadingId) -> Option<Point> {
        self.0.iter().find(|point| point.id == reading).copied()
    }

    /// The reading stands no more, or at another value.
    pub fn change(&mut self, reading: ReadingId, value: Option<i32>) {
        match (self.0.iter().position(|point| point.id == reading), value) {
            (Some(place), Some(value)) => self.0[place].value = value,
            (Some(place), None) => {
                self.0.remove(place);
            }
            (None, _) => {}
        }
    }

    /// Both ends included.
    pub fn between(&self, from: MonoTime, until: MonoTime) -> impl Iterator<Item = i32> {
        let inside = move |point: &&Point| (from..=until).contains(&point.at);
        self.0.iter().filter(inside).map(|point| point.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: u64) -> MonoTime {
        MonoTime::from_micros(second * 1_000_000)
    }

    fn point(second: u64) -> Option<Point> {
        let value = i32::try_from(second).expect("a small number");
        Some(Point { id: ReadingId(second), at: at(second), value })
    }

    #[test]
    fn a_stream_is_thinned_and_reaches_back_twenty_minutes() {
        let mut lately = Lately::default();
        for second in 0..3_000 {
            lately.take(Metric::SpO2, ValueSource::Pleth, point(second));
        }
        let kept: Vec<_> = lately.between(at(0), at(3_000)).collect();
        assert_eq!(kept.len(), 120);
        assert_eq!((kept[0], kept[1], kept[119]), (1_800, 1_810, 2_990));
        assert_eq!(lately.between(at(1_800), at(1_820)).collect::<Vec<_>>(), [1_800, 1_810, 1_820]);
    }

    #[test]
    fn single_values_are_all_kept_in_the_order_of_their_measurement() {
        let mut lately = Lately::default();
        for second in [100, 90, 101, 95] {
            lately.take(Metric::PulseRate, ValueSource::Manual, point(second));
        }
        assert_eq!(lately.between(at(0), at(200)).collect::<Vec<_>>(), [90, 95, 100, 101]);
        for second in (200..).take(REMEMBERED - 1) {
            lately.take(Metric::PulseRate, ValueSource::Manual, point(second));
        }
        assert_eq!(lately.0.len(), REMEMBERED);
        assert_eq!(lately.find(ReadingId(101)).map(|it| it.value), Some(101));
        assert_eq!(lately.find(ReadingId(100)), None);
    }

    #[test]
    fn a_value_that_is_voided_or_amended_is_so_here_too() {
        let mut lately = Lately::default();
        for second in [10, 20] {
            lately.take(Metric::PulseRate, ValueSource::Nibp, point(second));
        }
        lately.change(ReadingId(10), None);
        lately.change(ReadingId(20), Some(72));
        lately.change(ReadingId(30), None);
        assert_eq!(lately.between(at(0), at(30)).collect::<Vec<_>>(), [72]);
    }

    #[test]
    fn nothing_else_is_remembered() {
        let mut lately = Lately::default();
        lately.take(Metric::RespRate, ValueSource::Ecg, point(1));
        lately.take(Metric::NibpSys, ValueSource::Nibp, point(1));
        lately.take(Metric::SpO2, ValueSource::Pleth, None);
        assert_eq!(lately, Lately::default());
    }
}
