//! The latency budget, measured all the time (safety A1): how long readings took to their alarm's
//! push, and whether that is still within 1 s for 99.9 % and 2 s at most, over the last 5 minutes.

use std::time::{Duration, Instant};

/// 99.9 % within it.
const USUAL: Duration = Duration::from_secs(1);
/// None beyond it.
const LONGEST: Duration = Duration::from_secs(2);
/// One in so many may be slower than `USUAL`.
const SLOW_ONE_IN: u64 = 1000;
/// What is looked back at, in parts that are forgotten one by one.
const PART: Duration = Duration::from_secs(60);
const PARTS: usize = 5;

/// The last minutes' alarms.
#[derive(Clone, Copy, Debug, Default)]
pub struct Budget {
    /// The newest first.
    parts: [Part; PARTS],
    /// When the newest began.
    since: Option<Instant>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Part {
    all: u64,
    slow: u64,
    too_slow: u64,
}

/// Whether the budget is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    Yes,
    /// The text is the same as long as it is broken in the same way.
    No {
        why: &'static str,
    },
}

impl Budget {
    pub(in crate::shell) fn record(&mut self, took: Duration, now: Instant) {
        self.pass(now);
        let newest = &mut self.parts[0];
        newest.all += 1;
        newest.slow += u64::from(took > USUAL);
        newest.too_slow += u64::from(took > LONGEST);
    }

    pub(in crate::shell) fn kept(&mut self, now: Instant) -> Kept {
        self.pass(now);
        let sum = |count: fn(&Part) -> u64| self.parts.iter().map(count).sum::<u64>();
        let (all, slow) = (sum(|part| part.all), sum(|part| part.slow));
        if sum(|part| part.too_slow) > 0 {
            Kept::No { why: "an alarm took more than 2 s from its reading to the screens" }
        } else if slow * SLOW_ONE_IN > all {
            Kept::No { why: "more than one alarm in 1000 took more than 1 s to the screens" }
        } else {
            Kept::Yes
        }
    }

    fn pass(&mut self, now: Instant) {
        let since = self.since.get_or_insert(now);
        let passed = now.saturating_duration_since(*since);
        if passed >= PART * u32::try_from(PARTS).expect("five") {
            *self = Self { since: Some(now), ..Self::default() };
            return;
        }
        while now.saturating_duration_since(*since) >= PART {
            *since += PART;
            self.parts.rotate_right(1);
            self.parts[0] = Part::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::clock::{Clock, Speed};

    fn of(alarms: &[(u64, u64)]) -> (Budget, Instant) {
        let start = Clock::start(Speed::REAL, None).real();
        let mut budget = Budget::default();
        for (count, millis) in alarms {
            (0..*count).for_each(|_| budget.record(Duration::from_millis(*millis), start));
        }
        (budget, start)
    }

    #[test]
    fn the_budget_is_broken_by_one_alarm_over_two_seconds_or_more_than_one_in_a_thousand_over_one()
    {
        // safety:A1 technical:latency. Method: so many alarms that took so many milliseconds.
        type Alarms<'a> = &'a [(u64, u64)];
        let table: [(Alarms<'_>, Option<&str>); 7] = [
            (&[], None),
            (&[(5, 1000)], None),
            (&[(1, 1001)], Some("1000")),
            (&[(999, 10), (1, 1001)], None),
            (&[(998, 10), (1, 1001)], Some("1000")),
            (&[(100_000, 10), (1, 2000)], None),
            (&[(100_000, 10), (1, 2001)], Some("2 s")),
        ];
        for (alarms, broken) in table {
            let (mut budget, now) = of(alarms);
            match (budget.kept(now), broken) {
                (Kept::Yes, None) => {}
                (Kept::No { why }, Some(word)) => assert!(why.contains(word), "{alarms:?}: {why}"),
                (kept, broken) => panic!("{alarms:?}: {kept:?}, expected {broken:?}"),
            }
        }
    }

    #[test]
    fn five_minutes_after_the_slow_alarm_the_budget_is_kept_again() {
        // technical:latency
        let (mut budget, start) = of(&[(1, 2500)]);
        let broken = |kept| matches!(kept, Kept::No { .. });
        for second in [0, 60, 239, 299] {
            assert!(broken(budget.kept(start + Duration::from_secs(second))), "{second}");
        }
        assert_eq!(budget.kept(start + Duration::from_secs(300)), Kept::Yes);
        // A silent hour is passed over in one go.
        let (mut budget, start) = of(&[(1, 2500)]);
        assert_eq!(budget.kept(start + Duration::from_secs(3600)), Kept::Yes);
    }
}
