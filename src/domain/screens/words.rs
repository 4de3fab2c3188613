//! The words of screens: what each is, what its lease says, what happened to it.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::domain::ids::{BedIndex, Seq, Uuid};
use crate::domain::time::WallTime;

/// Named by the command that opened it.
pub type ScreenId = Uuid;

/// What a screen is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScreenKind {
    /// People act at it.
    Station,
    /// On the wall, reads only.
    Board,
}

/// Whether a person before the screen would see the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    Visible,
    Hidden,
}

/// Whether the page can sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audio {
    Unlocked,
    /// The browser waits for a click.
    Locked,
    /// The machine's output is off.
    Muted,
}

/// The beds that a screen shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Coverage {
    All,
    Beds(BTreeSet<BedIndex>),
}

/// What a screen says of itself every 2 s.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    pub visibility: Visibility,
    pub audio: Audio,
    pub beds: Coverage,
    /// The highest alarm transition that it has painted.
    pub seen: Seq,
}

/// The answer to "did you hear it?".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    Yes,
    No,
}

/// Who said whether a screen's test sounds are heard, and when (alarms 3, start of shift).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoundTest {
    pub heard: Heard,
    pub by: Arc<str>,
    pub at: WallTime,
}

/// What happened to a screen, for the record of who could have seen an alarm (alarms 8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScreenNote {
    pub screen: ScreenId,
    pub name: Arc<str>,
    pub kind: ScreenKind,
    /// Who opened it.
    pub owner: Arc<str>,
    pub change: ScreenChange,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScreenChange {
    Opened,
    /// A graceful close, announced.
    Closed {
        by: Arc<str>,
    },
    /// No lease for 5 s.
    Lost,
    /// A lease after it was lost.
    Back,
    Visibility(Visibility),
    Audio(Audio),
    Beds(Coverage),
    SoundTest {
        heard: Heard,
        by: Arc<str>,
    },
}

impl Coverage {
    /// A service-wide alarm is shown whatever the beds.
    #[must_use]
    pub fn holds(&self, bed: Option<BedIndex>) -> bool {
        match (self, bed) {
            (Self::All, _) | (Self::Beds(_), None) => true,
            (Self::Beds(beds), Some(bed)) => beds.contains(&bed),
        }
    }
}

impl ScreenKind {
    pub const ALL: [Self; 2] = [Self::Station, Self::Board];

    /// The wire's word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Station => "station",
            Self::Board => "board",
        }
    }
}

impl Audio {
    pub const ALL: [Self; 3] = [Self::Unlocked, Self::Locked, Self::Muted];

    /// The wire's word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unlocked => "unlocked",
            Self::Locked => "locked",
            Self::Muted => "muted",
        }
    }
}
