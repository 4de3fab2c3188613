//! When an acknowledged, still present occurrence reminds: row 20 of alarms 11.
//!
//! | state | acknowledged | another plan | time | over, told again, LOW |
//! |---|---|---|---|---|
//! | `Off` | `Armed` | - | - | - |
//! | `Armed` | - | moved | one burst; HIGH after three: unresolved, `Off` | `Off` |
//!
//! Every 180 s; where a cuff's pressure governs, when the next reading is due, then once per
//! interval while none comes, never in between. Whether it is told is the caller's: a MEDIUM
//! reminds without end, a HIGH becomes active again with the fourth expiry, a LOW is never armed.

use std::time::Duration;

use super::Priority;
use crate::domain::time::MonoTime;

/// Tr (alarms 14, default timings).
pub const REMIND_AFTER: Duration = Duration::from_secs(180);
/// So many bursts, then a HIGH is told like a new one (row 20).
pub const BURSTS: u8 = 3;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reminder {
    #[default]
    Off,
    Armed {
        /// The acknowledgement, or the newest burst.
        from: MonoTime,
        due: MonoTime,
        /// Bursts given since the acknowledgement.
        given: u8,
    },
}

/// By which clock it reminds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    Timer,
    /// `due`: the next planned reading.
    Cuff {
        due: MonoTime,
        interval: Duration,
    },
}

/// What an expiry does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expired {
    No,
    Burst,
    Unresolved,
}

impl Reminder {
    /// Begins with an acknowledgement; LOW has none.
    #[must_use]
    pub fn armed(priority: Priority, pace: Pace, now: MonoTime) -> Self {
        match priority {
            Priority::High | Priority::Medium => {
                Self::Armed { from: now, due: pace.after(now), given: 0 }
            }
            Priority::Low => Self::Off,
        }
    }

    /// Another reading or interval has moved the plan.
    #[must_use]
    pub fn replanned(self, pace: Pace) -> Self {
        match self {
            Self::Off => Self::Off,
            Self::Armed { from, given, .. } => Self::Armed { from, due: pace.after(from), given },
        }
    }

    #[must_use]
    pub fn time(self, priority: Priority, pace: Pace, now: MonoTime) -> (Self, Expired) {
        match self {
            Self::Armed { due, given, .. } if due <= now => {
                if priority == Priority::High && given >= BURSTS {
                    return (Self::Off, Expired::Unresolved);
                }
                let given = given.saturating_add(1);
                (Self::Armed { from: now, due: pace.after(now), given }, Expired::Burst)
            }
            Self::Off | Self::Armed { .. } => (self, Expired::No),
        }
    }

    #[must_use]
    pub const fn deadline(self) -> Option<MonoTime> {
        match self {
            Self::Off => None,
            Self::Armed { due, .. } => Some(due),
        }
    }
}

impl Pace {
    /// The first moment of this plan after `from`.
    fn after(self, from: MonoTime) -> MonoTime {
        match self {
            Self::Timer => from.plus(REMIND_AFTER),
            Self::Cuff { due, .. } if due > from => due,
            Self::Cuff { due, interval } => {
                // An interval is never shorter than a minute (contract 3.2); no division by zero.
                let interval = interval.max(Duration::from_secs(1));
                let passed = from.since(due).as_micros() / interval.as_micros();
                let passed = u32::try_from(passed).unwrap_or(u32::MAX);
                due.plus(interval * passed).plus(interval)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEDIUM: Priority = Priority::Medium;
    const HIGH: Priority = Priority::High;

    fn at(seconds: u64) -> MonoTime {
        MonoTime::from_micros(seconds * 1_000_000)
    }

    fn armed(from: u64, due: u64, given: u8) -> Reminder {
        Reminder::Armed { from: at(from), due: at(due), given }
    }

    #[test]
    fn a_reminder_follows_its_table() {
        // row:20
        let again = armed(280, 460, 1);
        let cases = [
            (Reminder::Off, HIGH, 280, Reminder::Off, Expired::No),
            (armed(100, 280, 0), HIGH, 279, armed(100, 280, 0), Expired::No),
            (armed(100, 280, 0), HIGH, 280, again, Expired::Burst),
            (armed(100, 280, 0), MEDIUM, 280, again, Expired::Burst),
            (armed(100, 280, 2), HIGH, 280, armed(280, 460, 3), Expired::Burst),
            (armed(100, 280, 3), HIGH, 280, Reminder::Off, Expired::Unresolved),
            (armed(100, 280, 3), MEDIUM, 280, armed(280, 460, 4), Expired::Burst),
        ];
        for (state, priority, second, next, expired) in cases {
            let got = state.time(priority, Pace::Timer, at(second));
            assert_eq!(got, (next, expired), "{state:?} {priority:?} {second}");
        }
        assert_eq!(Reminder::armed(HIGH, Pace::Timer, at(100)), armed(100, 280, 0));
        assert_eq!(Reminder::armed(Priority::Low, Pace::Timer, at(100)), Reminder::Off);
        assert_eq!(armed(100, 280, 0).deadline(), Some(at(280)));
        assert_eq!(Reminder::Off.deadline(), None);
    }

    #[test]
    fn a_cuffs_reminder_comes_when_the_next_reading_is_due_and_once_per_interval_after() {
        // row:20 Goal: acknowledged at 40 of a reading at 0, interval 300.
        let pace = |due| Pace::Cuff { due: at(due), interval: Duration::from_secs(300) };
        let first = Reminder::armed(MEDIUM, pace(300), at(40));
        assert_eq!(first, armed(40, 300, 0));
        let (second, _) = first.time(MEDIUM, pace(300), at(300));
        assert_eq!(second, armed(300, 600, 1));
        assert_eq!(second.replanned(pace(610)), armed(300, 610, 1), "a reading came at 310");
        assert_eq!(Reminder::Off.replanned(pace(610)), Reminder::Off);
        // Taken when the reading was long due: the next multiple.
        assert_eq!(Reminder::armed(MEDIUM, pace(300), at(700)), armed(700, 900, 0));
        // No interval is that short; if one were, it would not be divided by.
        let none = Pace::Cuff { due: at(300), interval: Duration::ZERO };
        assert_eq!(Reminder::armed(MEDIUM, none, at(300)), armed(300, 301, 0));
    }
}
