//! What was given: infusions with their pauses, nasal devices, injections and lozenges.

use std::sync::Arc;

use crate::domain::ids::Uuid;
use crate::domain::time::{Stamp, WallTime};

/// Named by the command that entered it.
pub type DoseId = Uuid;

/// As it was entered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DoseOrder {
    /// What is to be given: of the drug's base where a salt has one (clinical 6).
    pub micrograms: Option<u64>,
    /// 1, 2, 3: of a nasal spray (clinical 1.3).
    pub device_number: Option<u8>,
    pub lot: Option<Arc<str>>,
    /// `None`: now.
    pub started: Option<WallTime>,
    pub ended: Option<WallTime>,
}

/// What happened to a dose; `None`: now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DoseChange {
    Pause {
        at: Option<WallTime>,
    },
    Resume {
        at: Option<WallTime>,
    },
    End {
        at: Option<WallTime>,
        /// A part of what was ordered; `None`: all of it.
        given_micrograms: Option<u64>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dose {
    pub id: DoseId,
    pub micrograms: Option<u64>,
    pub device_number: Option<u8>,
    pub lot: Option<Arc<str>>,
    pub started: Stamp,
    pub ended: Option<Stamp>,
    /// Of an infusion, oldest first; the last one may be without an end.
    pub pauses: Vec<(Stamp, Option<Stamp>)>,
    /// When it was entered: it can be taken back for 60 s from then.
    pub entered: Stamp,
    /// Does not count: taken back or voided, by whom.
    pub voided: Option<Arc<str>>,
}

impl Dose {
    /// One that only times are known of.
    #[must_use]
    pub const fn plain(id: DoseId, started: Stamp) -> Self {
        Self {
            id,
            micrograms: None,
            device_number: None,
            lot: None,
            started,
            ended: None,
            pauses: Vec::new(),
            entered: started,
            voided: None,
        }
    }

    #[must_use]
    pub const fn counts(&self) -> bool {
        self.voided.is_none()
    }
}
