//! How often a bed has alarmed of late: families that flap, and floods (alarms 11, "Hysteresis,
//! persistence, re-arm, flapping").
//!
//! It says so; it suppresses nothing. Only the sound has a rate limit, and that is a screen's.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use super::AlarmFamily;
use crate::domain::time::MonoTime;

const RECURS_WITHIN: Duration = Duration::from_secs(600);
/// So many occurrences of one family within that: a group.
const RECURS_FROM: usize = 4;
const FLOOD_WITHIN: Duration = Duration::from_secs(60);
/// More than so many on one bed within that: a flood.
const FLOOD_ABOVE: usize = 10;
/// Raises that are remembered; a flood is told long before.
const KEPT: usize = 64;

/// The newest raises of one bed, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Raises(pub VecDeque<Raised>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raised {
    pub at: MonoTime,
    pub family: AlarmFamily,
    pub subject: Option<Arc<str>>,
}

impl Raises {
    pub fn put(&mut self, raised: Raised) {
        while self.0.len() >= KEPT
            || self.0.front().is_some_and(|it| raised.at.since(it.at) > RECURS_WITHIN)
        {
            self.0.pop_front();
        }
        self.0.push_back(raised);
    }

    /// How many there are of this family and subject with the one that is raised now; `None`: too
    /// few to be told.
    #[must_use]
    pub fn recurring(
        &self,
        family: AlarmFamily,
        subject: Option<&Arc<str>>,
        now: MonoTime,
    ) -> Option<usize> {
        let count = self.of(family, subject, now) + 1;
        (count >= RECURS_FROM).then_some(count)
    }

    /// The families that recur now, each once.
    #[must_use]
    pub fn groups(&self, now: MonoTime) -> Vec<AlarmFamily> {
        let mut groups = Vec::new();
        for raised in &self.0 {
            let many = self.of(raised.family, raised.subject.as_ref(), now) >= RECURS_FROM;
            if many && !groups.contains(&raised.family) {
                groups.push(raised.family);
            }
        }
        groups
    }

    /// How many alarms the newest minute brought, where they are a flood.
    #[must_use]
    pub fn flood(&self, now: MonoTime) -> Option<usize> {
        let count = self.0.iter().filter(|it| now.since(it.at) < FLOOD_WITHIN).count();
        (count > FLOOD_ABOVE).then_some(count)
    }

    fn of(&self, family: AlarmFamily, subject: Option<&Arc<str>>, now: MonoTime) -> usize {
        let same = |it: &&Raised| {
            it.family == family
                && it.subject.as_ref() == subject
                && now.since(it.at) < RECURS_WITHIN
        };
        self.0.iter().filter(same).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> MonoTime {
        MonoTime::from_micros(seconds * 1_000_000)
    }

    fn raises(all: &[(u64, AlarmFamily)]) -> Raises {
        let mut raises = Raises::default();
        for (second, family) in all {
            raises.put(Raised { at: at(*second), family: *family, subject: None });
        }
        raises
    }

    #[test]
    fn the_fourth_of_a_family_within_ten_minutes_is_recurring() {
        use AlarmFamily::{HrHigh, SpO2Low};
        let raises = raises(&[(0, SpO2Low), (100, SpO2Low), (150, HrHigh), (200, SpO2Low)]);
        assert_eq!(raises.recurring(SpO2Low, None, at(599)), Some(4));
        assert_eq!(raises.recurring(SpO2Low, None, at(600)), None, "the first is ten minutes old");
        assert_eq!(raises.recurring(HrHigh, None, at(300)), None);
        assert_eq!(raises.recurring(SpO2Low, Some(&"x".into()), at(300)), None);
        assert!(raises.groups(at(300)).is_empty(), "three have been");
    }

    #[test]
    fn more_than_ten_in_a_minute_are_a_flood_and_the_memory_is_bounded() {
        let ten: Vec<_> = (0..10).map(|n| (n, AlarmFamily::HrHigh)).collect();
        let mut flood = raises(&ten);
        assert_eq!(flood.flood(at(10)), None);
        flood.put(Raised { at: at(10), family: AlarmFamily::HrLow, subject: None });
        assert_eq!(flood.flood(at(10)), Some(11));
        assert_eq!(flood.flood(at(59)), Some(11));
        assert_eq!(flood.flood(at(60)), None);
        assert_eq!(flood.groups(at(10)), [AlarmFamily::HrHigh]);
        for n in 0..1_000 {
            flood.put(Raised { at: at(20 + n / 100), family: AlarmFamily::HrLow, subject: None });
        }
        assert_eq!(flood.0.len(), 64);
    }

    #[test]
    fn a_raise_is_forgotten_when_it_is_more_than_ten_minutes_old() {
        let kept = |newest| {
            let raises = raises(&[(0, AlarmFamily::HrHigh), (newest, AlarmFamily::HrHigh)]);
            raises.0.len()
        };
        assert_eq!((kept(600), kept(601), kept(9_999)), (2, 1, 1));
    }
}
