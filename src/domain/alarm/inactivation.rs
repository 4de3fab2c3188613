//! What people may silence for a time: a bed's sound, or its physiological alarms altogether.
//! Rows 18, 19, 26, 27 and 32 of alarms 11; symbols and limits in alarms 4.
//!
//! The sound of a bed (`AudioPaused`) is one timed state and breaks off by row 19. Beside it the
//! bed is in one of these:
//!
//! | state | pause alarms | resume alarms | stand-by | end stand-by |
//! |---|---|---|---|---|
//! | `None` | 26 | not so | 32 | not so |
//! | `AlarmPaused` | already so | 27 | 32 | not so |
//! | `Toilet` | already so | not so | already so | 27 |
//! | `Overrun` | already so | not so | anew | `None` |
//! | `RoomEmpty` | already so | not so | already so | 27 |
//!
//! | state | time | session start | session end | process start |
//! |---|---|---|---|---|
//! | `None` | - | - | - | - |
//! | `AlarmPaused` | 27 | - | 27 | 28: over |
//! | `Toilet` | `Overrun` | 27 | 27 | 28: over |
//! | `Overrun` | - | `None` | `None` | stays |
//! | `RoomEmpty` | - | 27 | - | stays |
//!
//! Stand-by is `Toilet` in a session and `RoomEmpty` without one. When a toilet stand-by has lasted
//! its ten minutes the bed is judged again, and a technical alarm stays until a person ends the
//! stand-by: nothing is off for longer than it may be (safety A5). Nothing here is off for ever but
//! the alarms of an empty room.

use std::sync::Arc;
use std::time::Duration;

use super::Priority;
use super::occurrence::SessionChange;
use crate::domain::act::Refused;
use crate::domain::time::{MonoTime, Stamp};

/// Tp (alarms 14, default timings).
pub const AUDIO_PAUSE: Duration = Duration::from_secs(120);
/// Tq.
pub const ALARM_PAUSE: Duration = Duration::from_secs(120);
/// A stand-by in a session (row 32).
pub const STANDBY_MAX: Duration = Duration::from_secs(600);

/// Rows 18 and 19: the whole bed's sound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AudioPaused {
    pub by: Arc<str>,
    pub since: Stamp,
    pub until: Stamp,
    /// The highest priority that it silences now: what is above breaks through.
    pub highest: Priority,
}

/// Whether the physiological families of a bed are judged (state `INHIBITED` of alarms 11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inhibition {
    None,
    /// Sensor care: technical alarms stay.
    AlarmPaused,
    /// The patient is off the monitor: what is missing with them is no alarm either.
    Standby,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Inactivation {
    #[default]
    None,
    /// Sensor care.
    AlarmPaused {
        act: Named,
        until: Stamp,
    },
    Toilet {
        act: Named,
        until: Stamp,
        seen: PatientSeen,
    },
    /// The stand-by was to end then; nobody has ended it, the bed is judged.
    Overrun {
        act: Named,
        until: Stamp,
    },
    RoomEmpty {
        act: Named,
        seen: PatientSeen,
    },
}

/// Who did it, when and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub by: Arc<str>,
    pub since: Stamp,
    pub reason: Arc<str>,
}

/// Whether a valid value has come during a stand-by: then its end is proposed (row 32).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatientSeen {
    No,
    Yes,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    PauseAlarms(Named),
    ResumeAlarms,
    /// In a session.
    BeginToilet(Named),
    /// Without one.
    BeginRoomEmpty(Named),
    EndStandby,
    Time,
    SessionStarted,
    SessionEnded,
    ProcessStarted,
}

impl Inactivation {
    /// The next state; `None`: it stays as it is.
    ///
    /// # Errors
    /// `AlreadySo` and `NotSo`, for acts only.
    pub fn step(&self, cause: Cause, now: Stamp) -> Result<Option<Self>, Refused> {
        let next = match (self, cause) {
            (Self::None, Cause::PauseAlarms(act)) => {
                Self::AlarmPaused { act, until: now.plus(ALARM_PAUSE) } // row 26
            }
            (
                Self::None | Self::AlarmPaused { .. } | Self::Overrun { .. },
                Cause::BeginToilet(act),
            ) => {
                let until = now.plus(STANDBY_MAX);
                Self::Toilet { act, until, seen: PatientSeen::No } // row 32
            }
            (
                Self::None | Self::AlarmPaused { .. } | Self::Overrun { .. },
                Cause::BeginRoomEmpty(act),
            ) => Self::RoomEmpty { act, seen: PatientSeen::No }, // row 32
            (Self::AlarmPaused { .. }, Cause::ResumeAlarms)
            | (
                Self::Toilet { .. } | Self::Overrun { .. } | Self::RoomEmpty { .. },
                Cause::EndStandby | Cause::SessionStarted,
            )
            | (
                Self::AlarmPaused { .. } | Self::Toilet { .. } | Self::Overrun { .. },
                Cause::SessionEnded,
            )
            | (Self::AlarmPaused { .. } | Self::Toilet { .. }, Cause::ProcessStarted) => Self::None,
            (Self::AlarmPaused { until, .. }, Cause::Time) if until.mono <= now.mono => Self::None,
            (Self::Toilet { act, until, .. }, Cause::Time) if until.mono <= now.mono => {
                Self::Overrun { act: act.clone(), until: *until }
            }
            (
                Self::AlarmPaused { .. }
                | Self::Toilet { .. }
                | Self::Overrun { .. }
                | Self::RoomEmpty { .. },
                Cause::PauseAlarms(_),
            )
            | (
                Self::Toilet { .. } | Self::RoomEmpty { .. },
                Cause::BeginToilet(_) | Cause::BeginRoomEmpty(_),
            ) => return Err(Refused::AlreadySo),
            (
                Self::None | Self::Toilet { .. } | Self::Overrun { .. } | Self::RoomEmpty { .. },
                Cause::ResumeAlarms,
            )
            | (Self::None | Self::AlarmPaused { .. }, Cause::EndStandby) => {
                return Err(Refused::NotSo);
            }
            (
                Self::None
                | Self::AlarmPaused { .. }
                | Self::Toilet { .. }
                | Self::Overrun { .. }
                | Self::RoomEmpty { .. },
                Cause::Time,
            )
            | (Self::None | Self::AlarmPaused { .. }, Cause::SessionStarted)
            | (Self::None | Self::RoomEmpty { .. }, Cause::SessionEnded)
            | (Self::None | Self::Overrun { .. } | Self::RoomEmpty { .. }, Cause::ProcessStarted) =>
            {
                return Ok(None);
            }
        };
        Ok(Some(next))
    }

    #[must_use]
    pub const fn inhibition(&self) -> Inhibition {
        match self {
            Self::None | Self::Overrun { .. } => Inhibition::None,
            Self::AlarmPaused { .. } => Inhibition::AlarmPaused,
            Self::Toilet { .. } | Self::RoomEmpty { .. } => Inhibition::Standby,
        }
    }

    /// What is told of the bed when it goes from here to `next`.
    #[must_use]
    pub const fn told(&self, next: &Self) -> Option<SessionChange> {
        match (self, next) {
            (_, Self::AlarmPaused { .. }) => Some(SessionChange::AlarmsPaused),
            (_, Self::Toilet { .. } | Self::RoomEmpty { .. }) => Some(SessionChange::StandbyBegan),
            (Self::AlarmPaused { .. }, Self::None) => Some(SessionChange::AlarmsResumed),
            (Self::Toilet { .. } | Self::Overrun { .. } | Self::RoomEmpty { .. }, Self::None) => {
                Some(SessionChange::StandbyEnded)
            }
            // The technical alarm tells of it.
            (_, Self::Overrun { .. }) | (Self::None, Self::None) => None,
        }
    }

    /// When time alone changes it.
    #[must_use]
    pub const fn deadline(&self) -> Option<MonoTime> {
        match self {
            Self::AlarmPaused { until, .. } | Self::Toilet { until, .. } => Some(until.mono),
            Self::None | Self::Overrun { .. } | Self::RoomEmpty { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATES: usize = 5;

    fn at(seconds: u64) -> Stamp {
        Stamp::default().plus(Duration::from_secs(seconds))
    }

    fn named(second: u64) -> Named {
        Named { by: "Kim".into(), since: at(second), reason: "because".into() }
    }

    /// Each begun at second 100.
    fn states() -> [Inactivation; STATES] {
        let (act, seen) = (named(100), PatientSeen::No);
        [
            Inactivation::None,
            Inactivation::AlarmPaused { act: act.clone(), until: at(220) },
            Inactivation::Toilet { act: act.clone(), until: at(700), seen },
            Inactivation::Overrun { act: act.clone(), until: at(700) },
            Inactivation::RoomEmpty { act, seen },
        ]
    }

    #[test]
    fn inactivation_follows_its_table() {
        // row:26 row:27 row:28 row:32 Goal: every (state, cause) cell, a second before the end of
        // the state in question for time that does not count, and at it.
        let [none, pause, toilet, overrun, room] = states();
        let paused = Ok(Some(Inactivation::AlarmPaused { act: named(200), until: at(320) }));
        let seen = PatientSeen::No;
        let begun = Ok(Some(Inactivation::Toilet { act: named(200), until: at(800), seen }));
        let empty = Ok(Some(Inactivation::RoomEmpty { act: named(200), seen }));
        let (over, same) = (Ok(Some(Inactivation::None)), Ok(None));
        let (already, not) = (Err(Refused::AlreadySo), Err(Refused::NotSo));
        let causes = [
            Cause::PauseAlarms(named(200)),
            Cause::ResumeAlarms,
            Cause::BeginToilet(named(200)),
            Cause::BeginRoomEmpty(named(200)),
            Cause::EndStandby,
            Cause::Time,
            Cause::SessionStarted,
            Cause::SessionEnded,
            Cause::ProcessStarted,
        ];
        let table = [
            (&none, [&paused, &not, &begun, &empty, &not, &same, &same, &same, &same]),
            (&pause, [&already, &over, &begun, &empty, &not, &same, &same, &over, &over]),
            (&toilet, [&already, &not, &already, &already, &over, &same, &over, &over, &over]),
            (&overrun, [&already, &not, &begun, &empty, &over, &same, &over, &over, &same]),
            (&room, [&already, &not, &already, &already, &over, &same, &over, &same, &same]),
        ];
        for (state, row) in table {
            for (cause, expected) in causes.iter().zip(row) {
                let got = state.step(cause.clone(), at(200));
                assert_eq!(got, *expected, "{state:?} {cause:?}");
            }
        }
        let ends = [(&pause, 220, none.clone()), (&toilet, 700, overrun)];
        for (state, second, next) in ends {
            assert_eq!(state.deadline(), Some(at(second).mono));
            assert_eq!(state.step(Cause::Time, at(second - 1)), Ok(None));
            assert_eq!(state.step(Cause::Time, at(second)), Ok(Some(next)));
        }
    }

    #[test]
    fn what_a_change_tells_of_the_bed_follows_from_where_it_goes() {
        // row:26 row:27 row:32
        use SessionChange::{AlarmsPaused, AlarmsResumed, StandbyBegan, StandbyEnded};
        let states = states();
        let to_none = [None, Some(AlarmsResumed), Some(StandbyEnded), Some(StandbyEnded)];
        for (from, told) in states.iter().zip(to_none.into_iter().chain([Some(StandbyEnded)])) {
            assert_eq!(from.told(&states[0]), told, "{from:?}");
            assert_eq!(from.told(&states[1]), Some(AlarmsPaused));
            assert_eq!(from.told(&states[2]), Some(StandbyBegan));
            assert_eq!(from.told(&states[3]), None);
            assert_eq!(from.told(&states[4]), Some(StandbyBegan));
        }
    }
}
