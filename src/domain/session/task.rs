//! What is to be done in a session and by when (clinical 3.1, 5.1): information, never an alarm.

use std::sync::Arc;

use crate::domain::time::Stamp;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    pub what: TaskKind,
    pub due: Stamp,
    pub state: TaskState,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskKind {
    /// Two readings at rest, a minute apart, and accept them.
    Baseline,
    /// The next planned cuff reading.
    CuffReading,
    /// A timed reading by its id (T2).
    TimedReading { id: Arc<str> },
    /// The next nasal device may be given.
    NextDevice { number: u8 },
    /// The time of observation is over: the discharge checks.
    Discharge,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TaskState {
    Upcoming,
    Due,
    Overdue,
}

impl TaskKind {
    /// The wire's word.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::CuffReading => "cuff_reading",
            Self::TimedReading { .. } => "timed_reading",
            Self::NextDevice { .. } => "next_device",
            Self::Discharge => "discharge",
        }
    }
}

impl TaskState {
    /// The wire's word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Upcoming => "upcoming",
            Self::Due => "due",
            Self::Overdue => "overdue",
        }
    }
}
