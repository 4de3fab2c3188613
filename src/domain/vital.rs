//! The newest reading of one metric from one source of one device, and how current it is.
//!
//! Ages count from receipt on the monotonic line (safety F1). Continuous values go grey, then raise
//! an alarm, then lose their number; a cuff's go by the planned interval (alarms 14).

use std::time::Duration;

use super::alarm::rule::Phase;
use super::ids::{DeviceId, ReadingId, SourceIndex};
use super::lately::{Lately, Point};
use super::metric::Metric;
use super::reading::{Absent, Quantity, Validity, ValueSource};
use super::time::{MonoTime, Stamp, WallTime};
use super::view::Freshness;

/// Without a number after this age (alarms 13).
const REMOVED_AFTER: Duration = Duration::from_secs(30);
/// A device that slows down does not stretch the limits beyond this period.
const PERIOD_MAX: Duration = Duration::from_secs(10);
/// A rate that stands still for so long is frozen (safety F6).
const FROZEN_AFTER: Duration = Duration::from_secs(60);
const PERIOD_FIRST: Duration = Duration::from_secs(1);

/// One reading as the bed keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub id: ReadingId,
    pub value: Result<Quantity, Absent>,
    pub validity: Validity,
    pub received: Stamp,
    /// How old the measurement was at receipt, by the device's own account.
    pub lag: Duration,
    pub source_time: Option<WallTime>,
    pub seq: Option<u32>,
    pub tag: Tag,
    pub late: Late,
}

/// What is said beside a value; it never delays or suppresses a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    Plain,
    /// Plausible but unusual: "verify".
    Unusual,
    /// A mean that we worked out: D + (S - D) / 3.
    Derived,
}

/// Whether a value may be painted live (safety F2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Late {
    OnTime,
    /// Judged, with its age, never painted live.
    Backlog,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vital {
    pub metric: Metric,
    pub source: ValueSource,
    pub device: DeviceId,
    pub line: SourceIndex,
    pub newest: Kept,
    /// Estimated time between values; meaningful for continuous ones only.
    pub period: Duration,
    /// Receipt of the newest value that came on time; `None`: the device has never had one.
    pub valued: Option<MonoTime>,
    /// Its link's first return since that value.
    pub back: Option<MonoTime>,
    /// The values that were the same as the newest one, without a break.
    pub run: Option<Run>,
    /// What it was of late; of rates and saturations only.
    pub lately: Lately,
}

/// A value that was told again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    pub value: Quantity,
    pub since: MonoTime,
    pub until: MonoTime,
}

/// Limits of age of one vital.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AgeLimits {
    pub grey: Duration,
    pub removed: Duration,
}

impl Kept {
    /// A number of now: what a gateway held back does not show that a value is there.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.value.is_ok() && self.late == Late::OnTime
    }
}

impl Vital {
    #[must_use]
    pub fn new(
        metric: Metric,
        source: ValueSource,
        device: DeviceId,
        line: SourceIndex,
        newest: Kept,
    ) -> Self {
        let at = newest.received.mono;
        let valued = newest.is_current().then_some(at);
        let run = newest.value.ok().map(|value| Run { value, since: at, until: at });
        let mut lately = Lately::default();
        lately.take(metric, source, Point::of(&newest));
        let (period, back) = (PERIOD_FIRST, None);
        Self { metric, source, device, line, newest, period, valued, back, run, lately }
    }

    /// A cuff's or a hand-taken value: one reading at a time, by plan.
    #[must_use]
    pub const fn is_intermittent(&self) -> bool {
        is_intermittent(self.metric, self.source)
    }

    /// The newest reading does not stand: of single values the one before it does, if it is still
    /// remembered.
    pub fn take_back(&mut self) {
        let before = self.lately.0.back().filter(|_| self.is_intermittent());
        let Some(before) = before.copied() else {
            self.newest.value = Err(Absent::Invalid);
            return;
        };
        self.newest.id = before.id;
        self.newest.value = Ok(Quantity(before.value));
        self.newest.lag = self.newest.received.mono.since(before.at);
        (self.newest.validity, self.newest.tag) = (Validity::Good, Tag::Plain);
    }

    /// Takes the next reading and learns the period from the gap. A cuff that failed leaves its
    /// last determination, with its age: neither forgotten nor new (alarms 13, "NIBP failed").
    pub fn take(&mut self, next: Kept) {
        if next.is_current() {
            (self.valued, self.back) = (Some(next.received.mono), None);
        } else if next.value.is_err() && self.is_intermittent() && self.newest.value.is_ok() {
            return;
        }
        self.run = self.run_with(&next);
        self.lately.take(self.metric, self.source, Point::of(&next));
        let gap = next.received.mono.since(self.newest.received.mono).min(PERIOD_MAX);
        // Down fast, up slowly: one late value does not stretch the limits.
        self.period = if gap < self.period {
            (self.period + gap) / 2
        } else {
            self.period + (gap - self.period) / 8
        };
        self.newest = next;
    }

    #[must_use]
    pub fn age(&self, now: MonoTime) -> Duration {
        now.since(self.newest.received.mono)
    }

    /// Age of the measurement, not of its receipt: what a cuff's reading shows.
    #[must_use]
    pub fn measured_age(&self, now: MonoTime) -> Duration {
        self.age(now) + self.newest.lag
    }

    /// When it was measured, by our clock.
    #[must_use]
    pub fn measured_at(&self) -> MonoTime {
        self.newest.received.mono.minus(self.newest.lag)
    }

    #[must_use]
    pub fn limits(&self, interval: Duration, phase: Option<Phase>) -> AgeLimits {
        if self.is_intermittent() {
            cuff_limits(interval, phase)
        } else {
            AgeLimits { grey: grey_after(self.period), removed: REMOVED_AFTER }
        }
    }

    /// How it may be shown, for an open link.
    #[must_use]
    pub fn freshness(&self, limits: AgeLimits, now: MonoTime) -> Freshness {
        if self.newest.value.is_err() {
            return Freshness::Absent;
        }
        let age = if self.is_intermittent() { self.measured_age(now) } else { self.age(now) };
        match age {
            age if age > limits.removed => Freshness::Removed,
            age if age > limits.grey => Freshness::Grey,
            _ if self.newest.late == Late::Backlog => Freshness::Grey,
            _ => Freshness::Live,
        }
    }

    /// When it goes grey, then loses its number; in monotonic time.
    #[must_use]
    pub fn turns(&self, limits: AgeLimits) -> [MonoTime; 2] {
        let lag = if self.is_intermittent() { self.newest.lag } else { Duration::ZERO };
        let from = self.newest.received.mono;
        [limits.grey, limits.removed].map(|age| from.plus(age.saturating_sub(lag)))
    }

    /// When a continuous vital without a value is an alarm (T3), its device silent or saying that
    /// it has none; `None`: it has never had one.
    #[must_use]
    pub fn silent_from(&self) -> Option<MonoTime> {
        Some(self.valued?.plus(self.silence()))
    }

    /// It has a number of now that has not been missed yet.
    #[must_use]
    pub fn is_present(&self, now: MonoTime) -> bool {
        self.newest.is_current() && self.silent_from().is_some_and(|from| now <= from)
    }

    /// Whether a value that must vary has not for as long as is believed (safety F6).
    #[must_use]
    pub fn is_frozen(&self) -> bool {
        let varies = match (self.metric, self.source) {
            (Metric::HeartRate, _) | (Metric::PulseRate, ValueSource::Pleth) => true,
            (_, _) => false,
        };
        varies && self.run.is_some_and(|run| run.until.since(run.since) >= FROZEN_AFTER)
    }

    /// The run of identical values with `next`; a gap, or a device that has none for a while, is
    /// no sign of a value that stands still.
    fn run_with(&self, next: &Kept) -> Option<Run> {
        let Ok(value) = next.value else { return self.run };
        let now = next.received.mono;
        let gap =
            self.newest.value.is_err() || now.since(self.newest.received.mono) > self.silence();
        match self.run.filter(|run| run.value == value) {
            Some(run) if gap && !self.is_frozen() => Some(Run { since: now, until: now, ..run }),
            Some(run) => Some(Run { until: now, ..run }),
            None => Some(Run { value, since: now, until: now }),
        }
    }

    /// When its device counts as quiet, with values or without.
    #[must_use]
    pub fn quiet_from(&self) -> MonoTime {
        self.newest.received.mono.plus(self.silence())
    }

    fn silence(&self) -> Duration {
        (self.period * 5).max(Duration::from_secs(10))
    }
}

/// A cuff's or a hand-taken value.
#[must_use]
pub const fn is_intermittent(metric: Metric, source: ValueSource) -> bool {
    match source {
        ValueSource::Nibp | ValueSource::Manual => true,
        ValueSource::Ecg | ValueSource::Pleth | ValueSource::Art => {
            matches!(metric, Metric::NibpSys | Metric::NibpDia | Metric::NibpMap)
        }
    }
}

/// Grey: max(3 periods, 5 s) (alarms 13).
#[must_use]
pub fn grey_after(period: Duration) -> Duration {
    (period * 3).max(Duration::from_secs(5))
}

/// Interval + max(60 s, 0.2 × interval): the overdue limit of T1, and the grey limit of a cuff.
#[must_use]
pub fn overdue_after(interval: Duration) -> Duration {
    interval + (interval / 5).max(Duration::from_secs(60))
}

/// In the active phase MEDIUM at interval + max(180 s, 0.5 × interval) (T1).
#[must_use]
pub fn overdue_medium_after(interval: Duration) -> Duration {
    interval + (interval / 2).max(Duration::from_secs(180))
}

fn cuff_limits(interval: Duration, phase: Option<Phase>) -> AgeLimits {
    let minutes = |n: u64| Duration::from_secs(n * 60);
    let removed = match phase {
        Some(Phase::Active) => minutes(20).max(interval + minutes(5)),
        Some(
            Phase::Intake | Phase::Baseline | Phase::Recovery | Phase::Discharge | Phase::Ended,
        )
        | None => (interval * 2 + minutes(1)).min(minutes(60)),
    };
    AgeLimits { grey: overdue_after(interval), removed }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vital(source: ValueSource) -> Vital {
        let metric = if source == ValueSource::Nibp { Metric::NibpSys } else { Metric::PulseRate };
        let device = DeviceId::try_new("dev").expect("a valid name");
        Vital::new(metric, source, device, SourceIndex(0), kept(100))
    }

    fn kept(second: u64) -> Kept {
        Kept {
            id: ReadingId(1),
            value: Ok(Quantity(120)),
            validity: Validity::Good,
            received: Stamp { mono: at(second), wall: WallTime::default() },
            lag: Duration::ZERO,
            source_time: None,
            seq: None,
            tag: Tag::Plain,
            late: Late::OnTime,
        }
    }

    fn at(second: u64) -> MonoTime {
        MonoTime::from_micros(second * 1_000_000)
    }

    #[test]
    fn a_continuous_value_goes_grey_after_five_seconds_and_is_removed_after_thirty() {
        // safety:F1
        let vital = vital(ValueSource::Pleth);
        let limits = vital.limits(Duration::from_secs(600), None);
        let table = [
            (105, Freshness::Live),
            (106, Freshness::Grey),
            (130, Freshness::Grey),
            (131, Freshness::Removed),
        ];
        for (second, state) in table {
            assert_eq!(vital.freshness(limits, at(second)), state, "{second}");
        }
        assert_eq!(vital.silent_from(), Some(at(110)));
    }

    #[test]
    fn a_cuff_value_goes_grey_when_it_is_overdue_and_is_removed_by_phase() {
        // safety:F1
        let vital = vital(ValueSource::Nibp);
        let interval = Duration::from_secs(600);
        let table = [
            (None, 820, Freshness::Live),
            (None, 821, Freshness::Grey),
            (None, 1360, Freshness::Grey),
            (None, 1361, Freshness::Removed),
            (Some(Phase::Active), 1300, Freshness::Grey),
            (Some(Phase::Active), 1301, Freshness::Removed),
        ];
        for (phase, second, state) in table {
            let limits = vital.limits(interval, phase);
            assert_eq!(vital.freshness(limits, at(second)), state, "{phase:?} {second}");
        }
    }

    #[test]
    fn the_age_of_a_cuff_value_counts_from_its_measurement() {
        let mut vital = vital(ValueSource::Nibp);
        vital.newest.lag = Duration::from_secs(700);
        let limits = vital.limits(Duration::from_secs(600), None);
        assert_eq!(vital.freshness(limits, at(110)), Freshness::Live);
        assert_eq!(vital.freshness(limits, at(121)), Freshness::Grey);
        assert_eq!(vital.turns(limits)[0], at(120));
    }

    #[test]
    fn a_value_that_was_held_back_does_not_count_as_one_of_now() {
        // safety:F2
        let mut vital = vital(ValueSource::Pleth);
        vital.back = Some(at(105));
        vital.take(Kept { late: Late::Backlog, ..kept(109) });
        assert_eq!((vital.valued, vital.back), (Some(at(100)), Some(at(105))));
        vital.take(kept(110));
        assert_eq!((vital.valued, vital.back), (Some(at(110)), None));
    }

    #[test]
    fn a_device_that_slows_down_stretches_its_limits_only_so_far() {
        let mut vital = vital(ValueSource::Pleth);
        for n in 1..100 {
            vital.take(kept(100 + n * 60));
        }
        assert!(vital.period <= PERIOD_MAX);
        assert!(grey_after(vital.period) <= Duration::from_secs(30));
    }
}
