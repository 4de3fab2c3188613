//! Machine E of one occurrence: who is told next, and when? Row 23 of alarms 11, steps of alarms
//! 12. E0 is the owner's screens, E1 all screens, E2 a second person, E3 the lead.
//!
//! | state | raised, restarted | re-cuff | lowered | acknowledged | over |
//! |---|---|---|---|---|---|
//! | `Idle` | 1 `Running` | 1a `Running` | - | `Stopped` | - |
//! | `Running` | 13, 20 anew | - | 14 | 15 `Stopped` | 8 `Idle` |
//! | `Held` | anew | - | 14 | `Stopped` | 8 `Idle` |
//! | `Stopped` | 13, 20 anew | 1a anew | - | - | 8 `Idle` |
//!
//! | state | alarms paused | alarms resumed | process start | time, unreceived |
//! |---|---|---|---|---|
//! | `Idle`, `Stopped` | - | - | - | - |
//! | `Running` | 26 `Held` | - | 28 an overdue step | 23 the next step |
//! | `Held` | - | 27 `Running`, an overdue step | 28 the same | - |
//!
//! LOW has no steps: it is `Idle`. Row 14 keeps the clock of what was HIGH; what was MEDIUM at most
//! and is LOW now goes no further. A step that fell due while the clock was held or the service was
//! down comes once, and the next ones keep their distance from it (rows 27, 28). What a second
//! channel does with E2 and E3 is not decided here.

use std::time::Duration;

use super::Priority;
use crate::domain::time::MonoTime;

/// Steps E1, E2, E3, each counted from the raise (contract 3.1 `[alarms]`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EscalationTimes {
    pub high: [Duration; 3],
    pub medium: [Duration; 3],
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Escalation {
    /// Nothing is told, or it is LOW.
    #[default]
    Idle,
    Running(Steps),
    /// Under an alarm pause or a stand-by: the clock runs, nothing is told.
    Held(Steps),
    /// A named person has taken it.
    Stopped,
}

/// The step that is reached, and when each of E1 to E3 is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Steps {
    reached: u8,
    dues: [MonoTime; 3],
}

/// Whether any visible screen shows the bed (alarms 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attended {
    Yes,
    /// E2 at the raise (alarms 12).
    No,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Row 1.
    Raised {
        priority: Priority,
        attended: Attended,
    },
    /// Rows 13 and 20, and an acknowledgement that is void (row 27): E = 0, Te anew.
    Restarted {
        priority: Priority,
    },
    /// Row 1a over an open occurrence.
    Recuff {
        priority: Priority,
    },
    /// Row 14; `highest` is the highest priority that it ever had.
    Lowered {
        to: Priority,
        highest: Priority,
    },
    Acknowledged,
    Over,
    /// Row 26.
    PauseAlarms,
    /// Row 27.
    ResumeAlarms,
    /// Row 28.
    Restored,
    /// Row 23: Te.
    Time,
    /// Row 23: no screen has shown it.
    Unreceived,
}

/// What a cause did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    Unchanged,
    /// E = 0.
    Started,
    /// This step is told now.
    Reached(u8),
}

const LAST_STEP: u8 = 3;
/// Nobody would see E1 (alarms 12, "nobody logged in").
const UNATTENDED: u8 = 2;

impl EscalationTimes {
    /// The defaults of alarms 12; none can be off.
    pub const DEFAULT: Self = Self {
        high: [Duration::from_secs(30), Duration::from_secs(60), Duration::from_secs(120)],
        medium: [Duration::from_secs(120), Duration::from_secs(240), Duration::from_secs(600)],
    };

    const fn of(&self, priority: Priority) -> Option<[Duration; 3]> {
        match priority {
            Priority::High => Some(self.high),
            Priority::Medium => Some(self.medium),
            Priority::Low => None,
        }
    }
}

impl Escalation {
    #[must_use]
    pub fn step(self, cause: Cause, times: &EscalationTimes, now: MonoTime) -> (Self, Effect) {
        match (self, cause) {
            (_, Cause::Raised { priority, attended }) => {
                raised(started(priority, times, now), attended)
            }
            (_, Cause::Restarted { priority })
            | (Self::Idle | Self::Stopped, Cause::Recuff { priority }) => {
                (started(priority, times, now), Effect::Started) // rows 13, 20, 1a
            }
            (_, Cause::Over) => (Self::Idle, Effect::Unchanged), // row 8
            (_, Cause::Acknowledged) => (Self::Stopped, Effect::Unchanged), // row 15
            (
                Self::Running(_) | Self::Held(_),
                Cause::Lowered { to: Priority::Low, highest: Priority::Medium | Priority::Low },
            ) => (Self::Idle, Effect::Unchanged),
            (Self::Running(steps), Cause::PauseAlarms) => (Self::Held(steps), Effect::Unchanged),
            (Self::Held(steps), Cause::ResumeAlarms | Cause::Restored)
            | (Self::Running(steps), Cause::Restored) => steps.caught_up(now),
            (Self::Running(steps), Cause::Time) => steps.passed(now),
            (Self::Running(steps), Cause::Unreceived) => steps.unreceived(),
            (
                Self::Idle | Self::Stopped,
                Cause::Lowered { .. }
                | Cause::PauseAlarms
                | Cause::ResumeAlarms
                | Cause::Restored
                | Cause::Time
                | Cause::Unreceived,
            )
            | (
                Self::Running(_),
                Cause::Recuff { .. } | Cause::Lowered { .. } | Cause::ResumeAlarms,
            )
            | (
                Self::Held(_),
                Cause::Recuff { .. }
                | Cause::Lowered { .. }
                | Cause::PauseAlarms
                | Cause::Time
                | Cause::Unreceived,
            ) => (self, Effect::Unchanged),
        }
    }

    /// When the next step is due.
    #[must_use]
    pub fn deadline(self) -> Option<MonoTime> {
        match self {
            Self::Running(steps) => steps.next(),
            Self::Idle | Self::Held(_) | Self::Stopped => None,
        }
    }
}

fn started(priority: Priority, times: &EscalationTimes, now: MonoTime) -> Escalation {
    match times.of(priority) {
        Some(after) => {
            Escalation::Running(Steps { reached: 0, dues: after.map(|after| now.plus(after)) })
        }
        None => Escalation::Idle,
    }
}

fn raised(escalation: Escalation, attended: Attended) -> (Escalation, Effect) {
    match (escalation, attended) {
        (Escalation::Running(steps), Attended::No) => {
            let steps = Steps { reached: UNATTENDED, ..steps };
            (Escalation::Running(steps), Effect::Reached(UNATTENDED))
        }
        (
            Escalation::Idle | Escalation::Running(_) | Escalation::Held(_) | Escalation::Stopped,
            Attended::Yes | Attended::No,
        ) => (escalation, Effect::Started),
    }
}

impl Steps {
    /// As a checkpoint keeps it.
    #[must_use]
    pub const fn from_parts(reached: u8, dues: [MonoTime; 3]) -> Self {
        let reached = if reached > LAST_STEP { LAST_STEP } else { reached };
        Self { reached, dues }
    }

    #[must_use]
    pub const fn parts(self) -> (u8, [MonoTime; 3]) {
        (self.reached, self.dues)
    }

    fn next(self) -> Option<MonoTime> {
        self.dues.get(usize::from(self.reached)).copied()
    }

    fn passed(self, now: MonoTime) -> (Escalation, Effect) {
        let mut steps = self;
        while steps.next().is_some_and(|due| due <= now) {
            steps.reached += 1;
        }
        (Escalation::Running(steps), steps.told_after(self))
    }

    /// One step that is overdue; the ones after it move by as much as it was late.
    fn caught_up(self, now: MonoTime) -> (Escalation, Effect) {
        let mut steps = self;
        if let Some(due) = self.next().filter(|due| *due <= now) {
            let late = now.since(due);
            steps.reached += 1;
            steps.dues = steps.dues.map(|due| due.plus(late));
        }
        (Escalation::Running(steps), steps.told_after(self))
    }

    fn unreceived(self) -> (Escalation, Effect) {
        let steps = Self { reached: self.reached.max(1), ..self };
        (Escalation::Running(steps), steps.told_after(self))
    }

    const fn told_after(self, before: Self) -> Effect {
        if self.reached == before.reached {
            Effect::Unchanged
        } else {
            Effect::Reached(self.reached)
        }
    }
}

#[cfg(test)]
mod tests;
