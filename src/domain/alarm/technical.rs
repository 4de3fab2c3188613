//! Technical conditions: a cause that is there since a moment, told in steps as time passes.
//!
//! Priorities are those of the active phase (alarms 13); on a bed in any other phase each is one
//! lower, LOW stays LOW; service-wide ones are never lowered. Tc is 0: the condition ends with its
//! cause, once it could be seen.

use std::time::Duration;

use super::condition::{Facts, Governing, InputState, Level, Quiet, Shown};
use super::occurrence::EndReason;
use super::{AlarmFamily, Priority};
use crate::domain::time::MonoTime;

/// Up to two steps, the later and higher one first: so long after the cause began, this priority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Steps([Option<(Duration, Priority)>; 2]);

/// Whether a bed's technical alarms count in full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// In the active phase, and for everything service-wide.
    Full,
    /// One lower.
    Lowered,
}

const fn after(seconds: u64, priority: Priority) -> Option<(Duration, Priority)> {
    Some((Duration::from_secs(seconds), priority))
}

/// The table of alarms 13, priorities of the active phase. What depends on more than the time
/// since its cause (T1, a second failed cuff, a broken order) is stepped by its own part.
#[must_use]
pub const fn steps(family: AlarmFamily) -> Steps {
    match family {
        AlarmFamily::LinkDown => Steps([after(30, Priority::High), after(4, Priority::Medium)]),
        AlarmFamily::InvalidData => Steps([after(60, Priority::Medium), after(0, Priority::Low)]),
        AlarmFamily::SensorOff => Steps([after(60, Priority::Medium), after(5, Priority::Low)]),
        AlarmFamily::RateConflict => Steps([None, after(30, Priority::Low)]),
        AlarmFamily::Journal
        | AlarmFamily::Evaluator
        | AlarmFamily::DeviceConflict
        | AlarmFamily::NobodyWatching
        | AlarmFamily::SelfTest => Steps([None, after(0, Priority::High)]),
        AlarmFamily::NoValue
        | AlarmFamily::SignalLost
        | AlarmFamily::TimedReading
        | AlarmFamily::BatteryLow
        | AlarmFamily::BedsideAlarms
        | AlarmFamily::StandbyOverrun
        | AlarmFamily::SoundLocked
        | AlarmFamily::Latency => Steps([None, after(0, Priority::Medium)]),
        AlarmFamily::CuffFailed
        | AlarmFamily::Implausible
        | AlarmFamily::Frozen
        | AlarmFamily::DeviceClock
        | AlarmFamily::NoBaseline
        | AlarmFamily::ServiceClock
        | AlarmFamily::NoSecondChannel
        | AlarmFamily::Config => Steps([None, after(0, Priority::Low)]),
        AlarmFamily::NibpOverdue
        | AlarmFamily::MonitoringGap
        | AlarmFamily::BpHigh
        | AlarmFamily::BpLow
        | AlarmFamily::HrHigh
        | AlarmFamily::HrLow
        | AlarmFamily::SpO2Low
        | AlarmFamily::RespLow
        | AlarmFamily::RespHigh
        | AlarmFamily::Sedation
        | AlarmFamily::PreDose
        | AlarmFamily::Discharge => Steps::NONE,
    }
}

/// The subject of "all required signals are lost".
pub const ALL_SIGNALS: &str = "all";
/// The subject of a disk or log that is nearly full.
pub const DISK: &str = "disk";

/// As `steps`, for the subjects that have their own line in alarms 13.
#[must_use]
pub fn steps_of(family: AlarmFamily, subject: Option<&str>) -> Steps {
    match (family, subject) {
        (AlarmFamily::SignalLost, Some(ALL_SIGNALS)) => Steps([None, after(30, Priority::High)]),
        (AlarmFamily::Journal, Some(DISK)) => Steps([None, after(0, Priority::Low)]),
        (family, _) => steps(family),
    }
}

impl Steps {
    pub const NONE: Self = Self([None, None]);

    #[must_use]
    pub const fn new(
        later: Option<(Duration, Priority)>,
        first: Option<(Duration, Priority)>,
    ) -> Self {
        Self([later, first])
    }

    /// No step is told lower than `floor`: for what depends on more than time.
    #[must_use]
    pub fn at_least(self, floor: Priority) -> Self {
        Self(self.0.map(|step| step.map(|(after, priority)| (after, priority.max(floor)))))
    }
}

/// What machine C sees of a cause that is there since `since`; the band's rank is its priority's,
/// so that a change of phase raises or lowers it.
#[must_use]
pub fn facts(
    since: Option<MonoTime>,
    steps: Steps,
    weight: Weight,
    shown: Shown,
    now: MonoTime,
) -> Facts {
    let due = |since: MonoTime| {
        let reached = |(after, _): &(Duration, Priority)| since.plus(*after) <= now;
        steps.0.into_iter().flatten().find(reached)
    };
    let governing = since.and_then(due).map(|(_, priority)| Governing {
        band: rank(weighed(priority, weight)),
        level: Level::Held,
    });
    let quiet = if since.is_some() { Quiet::Pending } else { Quiet::Normal };
    let (input, repriced) = (InputState::Fresh, std::cmp::Ordering::Equal);
    Facts { governing, quiet, input, shown, repriced, ends: EndReason::Cleared }
}

/// When the next step is due.
#[must_use]
pub fn deadline(since: Option<MonoTime>, steps: Steps, now: MonoTime) -> Option<MonoTime> {
    let since = since?;
    let dues = steps.0.into_iter().flatten().map(|(after, _)| since.plus(after));
    dues.filter(|due| *due > now).min()
}

/// The priority of a technical band's rank.
#[must_use]
pub const fn priority_of(rank: u8) -> Priority {
    match rank {
        0 => Priority::High,
        1 => Priority::Medium,
        _ => Priority::Low,
    }
}

const fn rank(priority: Priority) -> u8 {
    match priority {
        Priority::High => 0,
        Priority::Medium => 1,
        Priority::Low => 2,
    }
}

const fn weighed(priority: Priority, weight: Weight) -> Priority {
    match weight {
        Weight::Full => priority,
        Weight::Lowered => priority.lowered(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> MonoTime {
        MonoTime::from_micros(seconds * 1_000_000)
    }

    /// The table of alarms 13, each family's priorities in the active phase and outside it.
    /// `bedside-alarms` stands here only: no protocol of this build tells it.
    #[test]
    fn every_technical_family_has_the_priorities_of_its_line() {
        // technical:bedside-alarms technical:standby-overrun technical:evaluator
        use AlarmFamily as F;
        use Priority::{High, Low, Medium};
        let table: [(AlarmFamily, Option<&str>, &[Priority]); 27] = [
            (F::NoValue, None, &[Medium]),
            (F::SignalLost, None, &[Medium]),
            (F::SignalLost, Some(ALL_SIGNALS), &[High]),
            (F::SensorOff, None, &[Low, Medium]),
            (F::CuffFailed, None, &[Low]),
            (F::TimedReading, None, &[Medium]),
            (F::LinkDown, None, &[Medium, High]),
            (F::InvalidData, None, &[Low, Medium]),
            (F::Implausible, None, &[Low]),
            (F::Frozen, None, &[Low]),
            (F::RateConflict, None, &[Low]),
            (F::DeviceConflict, None, &[High]),
            (F::DeviceClock, None, &[Low]),
            (F::BatteryLow, None, &[Medium]),
            (F::BedsideAlarms, None, &[Medium]),
            (F::NoBaseline, None, &[Low]),
            (F::StandbyOverrun, None, &[Medium]),
            (F::Evaluator, None, &[High]),
            (F::ServiceClock, None, &[Low]),
            (F::Journal, None, &[High]),
            (F::Journal, Some(DISK), &[Low]),
            (F::NobodyWatching, None, &[High]),
            (F::SoundLocked, None, &[Medium]),
            (F::NoSecondChannel, None, &[Low]),
            (F::SelfTest, None, &[High]),
            (F::Config, None, &[Low]),
            (F::Latency, None, &[Medium]),
        ];
        for (family, subject, expected) in table {
            let steps = steps_of(family, subject);
            for (weight, lowered) in [(Weight::Full, false), (Weight::Lowered, true)] {
                let told = |second| {
                    let facts = facts(Some(at(0)), steps, weight, Shown::LongEnough, at(second));
                    facts.governing.map(|governing| priority_of(governing.band))
                };
                let mut seen: Vec<_> = (0..=60).filter_map(told).collect();
                seen.dedup();
                let mut expected = expected.to_vec();
                if lowered {
                    expected = expected.into_iter().map(Priority::lowered).collect();
                }
                expected.dedup();
                assert_eq!(seen, expected, "{} {weight:?}", family.name());
            }
        }
    }

    #[test]
    fn a_floor_raises_what_is_lower_and_delays_nothing() {
        let steps = steps(AlarmFamily::LinkDown).at_least(Priority::High);
        for (second, told) in [(3, None), (4, Some(Priority::High)), (30, Some(Priority::High))] {
            let facts = facts(Some(at(0)), steps, Weight::Full, Shown::LongEnough, at(second));
            assert_eq!(facts.governing.map(|it| priority_of(it.band)), told, "{second}");
        }
    }

    /// Loss at second 100: what is told, second by second, in the active phase and outside it.
    #[test]
    fn a_lost_link_is_told_after_four_seconds_and_is_high_at_thirty() {
        // rule:T3 safety:S3
        let link_down = steps(AlarmFamily::LinkDown);
        let table = [
            (103, None, None),
            (104, Some(Priority::Medium), Some(Priority::Low)),
            (129, Some(Priority::Medium), Some(Priority::Low)),
            (130, Some(Priority::High), Some(Priority::Medium)),
        ];
        for (second, full, lowered) in table {
            for (weight, expected) in [(Weight::Full, full), (Weight::Lowered, lowered)] {
                let facts = facts(Some(at(100)), link_down, weight, Shown::LongEnough, at(second));
                let told = facts.governing.map(|governing| priority_of(governing.band));
                assert_eq!(told, expected, "{second} {weight:?}");
            }
        }
        assert_eq!(deadline(Some(at(100)), link_down, at(100)), Some(at(104)));
        assert_eq!(deadline(Some(at(100)), link_down, at(104)), Some(at(130)));
        assert_eq!(deadline(Some(at(100)), link_down, at(130)), None);
    }
}
