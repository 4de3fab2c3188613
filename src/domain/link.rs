//! One device on one bed: is it there, and what has it said of itself? Its clock is `clock`'s.
//!
//! Leaving `Online` withdraws the device's values and raises a technical alarm; a link never ends
//! an alarm. A device tells changes of its states, so the ones that are on are remembered here; its
//! cuff's failures and inflations, too (alarms 13).

pub mod clock;

use std::sync::Arc;
use std::time::Duration;

use super::determined::{Determined, Figures, Instant};
use super::device::{DeviceStatus, StatusCode};
use super::ids::{DeviceId, SourceIndex};
use super::input::LinkChange;
use super::metric::Metric;
use super::time::{MonoTime, Stamp};
use super::view::LinkState;
pub use clock::{DeviceClock, Order};

/// Determinations remembered per device, so that a re-sent one is judged once.
const REMEMBERED: usize = 16;
/// What tells a failure again within this time tells the same one: a determination takes longer.
const SAME_FAILURE: Duration = Duration::from_secs(15);

/// One device on one bed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    pub id: DeviceId,
    pub line: SourceIndex,
    pub link: Link,
    pub clock: DeviceClock,
    determined: Vec<Determined>,
    /// The systolic before, for the jump that is worth a "verify".
    pub last_systolic: Option<(i32, MonoTime)>,
    /// The states that it has told and not ended, with when it did.
    pub statuses: Vec<(StatusCode, MonoTime)>,
    pub failed: Option<CuffFailure>,
    pub inflation: Inflation,
    /// Whose newest value was outside its band or contradicted its pair.
    pub implausible: Vec<Metric>,
}

/// Failed determinations of a cuff since its last valid one (T5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CuffFailure {
    pub in_a_row: u8,
    /// When the newest was last told.
    pub newest: MonoTime,
}

/// Whether a cuff is inflated now, as far as its device tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Inflation {
    /// It has never said when it inflates.
    #[default]
    Untold,
    Inflating {
        since: MonoTime,
    },
    Ended {
        began: MonoTime,
        ended: MonoTime,
    },
}

/// Legal changes: `Opening` → `Negotiating` → `Online` → `Lost` → `Opening`; a broker's device
/// starts `Online` with its first message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    Opening { since: Stamp },
    Negotiating { since: Stamp },
    Online { since: Stamp },
    Lost { since: Stamp, why: Arc<str> },
}

/// What a told state changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    On,
    Off,
    Same,
}

impl Device {
    #[must_use]
    pub fn new(id: DeviceId, line: SourceIndex, link: Link) -> Self {
        Self {
            id,
            line,
            link,
            clock: DeviceClock::default(),
            determined: Vec::new(),
            last_systolic: None,
            statuses: Vec::new(),
            failed: None,
            inflation: Inflation::default(),
            implausible: Vec::new(),
        }
    }

    /// Takes what the device says of one of its states.
    pub fn turn(&mut self, told: DeviceStatus, now: MonoTime) -> Turn {
        let DeviceStatus { code, active } = told;
        let known = self.statuses.iter().position(|(known, _)| *known == code);
        match (known, active) {
            (None, true) => {
                self.statuses.push((code, now));
                Turn::On
            }
            (Some(place), false) => {
                self.statuses.remove(place);
                Turn::Off
            }
            (None, false) | (Some(_), true) => Turn::Same,
        }
    }

    #[must_use]
    pub fn is_on(&self, code: StatusCode) -> bool {
        self.statuses.iter().any(|(known, _)| *known == code)
    }

    /// The cuff says that it inflates, or that it does not.
    pub fn inflates(&mut self, turn: Turn, now: MonoTime) {
        self.inflation = match (turn, self.inflation) {
            (Turn::On, Inflation::Untold | Inflation::Ended { .. }) => {
                Inflation::Inflating { since: now }
            }
            (Turn::Off, Inflation::Inflating { since }) => {
                Inflation::Ended { began: since, ended: now }
            }
            (Turn::Off, Inflation::Untold) => Inflation::Ended { began: now, ended: now },
            (Turn::On, same @ Inflation::Inflating { .. })
            | (Turn::Off, same @ Inflation::Ended { .. })
            | (Turn::Same, same) => same,
        };
    }

    /// A determination failed; returns how many have in a row.
    pub fn cuff_failed(&mut self, now: MonoTime) -> u8 {
        let in_a_row = match self.failed {
            Some(failed) if now.since(failed.newest) <= SAME_FAILURE => failed.in_a_row,
            Some(failed) => failed.in_a_row.saturating_add(1),
            None => 1,
        };
        self.failed = Some(CuffFailure { in_a_row, newest: now });
        in_a_row
    }

    /// Puts a device back as a checkpoint had it.
    #[must_use]
    pub fn with_determined(mut self, determined: Vec<Determined>) -> Self {
        self.determined = determined;
        self
    }

    #[must_use]
    pub fn determined(&self) -> &[Determined] {
        &self.determined
    }

    /// A determination of that instant is new again.
    pub fn forget(&mut self, instant: Instant) {
        self.determined.retain(|seen| !seen.instant.is_same(instant));
    }

    /// Remembers a determination and returns its figures that have not been judged: all where the
    /// instant is new or a figure differs, so that a device whose time stands still is heard.
    pub fn news_of(&mut self, told: Determined) -> Figures {
        let same = |seen: &Determined| seen.instant.is_same(told.instant);
        let agrees = |seen: &&mut Determined| same(seen) && seen.figures.agree(told.figures);
        if let Some(seen) = self.determined.iter_mut().find(agrees) {
            let news = told.figures.without(seen.figures);
            seen.figures = seen.figures.or(told.figures);
            return news;
        }
        self.determined.retain(|seen| !same(seen));
        if self.determined.len() == REMEMBERED {
            self.determined.remove(0);
        }
        self.determined.push(told);
        told.figures
    }
}

impl Link {
    #[must_use]
    pub fn changed(change: &LinkChange, now: Stamp) -> Self {
        match change {
            LinkChange::Opening => Self::Opening { since: now },
            LinkChange::Negotiating => Self::Negotiating { since: now },
            LinkChange::Online => Self::Online { since: now },
            LinkChange::Lost { since, why } => Self::Lost { since: *since, why: why.clone() },
        }
    }

    #[must_use]
    pub const fn state(&self) -> LinkState {
        match self {
            Self::Opening { .. } => LinkState::Opening,
            Self::Negotiating { .. } => LinkState::Negotiating,
            Self::Online { .. } => LinkState::Online,
            Self::Lost { .. } => LinkState::Lost,
        }
    }

    #[must_use]
    pub const fn since(&self) -> Stamp {
        match self {
            Self::Opening { since }
            | Self::Negotiating { since }
            | Self::Online { since }
            | Self::Lost { since, .. } => *since,
        }
    }

    #[must_use]
    pub fn why(&self) -> Option<Arc<str>> {
        match self {
            Self::Lost { why, .. } => Some(why.clone()),
            Self::Opening { .. } | Self::Negotiating { .. } | Self::Online { .. } => None,
        }
    }
}
