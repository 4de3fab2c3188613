//! Everything that can reach the ward: each is journaled with its `now`, so that folding the
//! journal gives the same beds again.

use std::sync::Arc;

use super::act::Act;
use super::device::{Message, Reject};
use super::ids::{BedIndex, DeviceId, OccurrenceId, SessionId, SourceIndex};
use super::screens::ScreenNote;
use super::time::Stamp;

/// What a source says of its line, of a broker, or of one device's link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkChange {
    /// Trying to open; at start, and after a loss.
    Opening,
    /// Open, no valid frame yet: port open is not yet data flowing.
    Negotiating,
    /// Valid frames, or the broker's ConnAck.
    Online,
    /// Lost: unplugged, EOF, broker gone, `{"online":false}`. `since` is the first sign of it,
    /// which may lie before the moment it was found (frozen broker).
    Lost { since: Stamp, why: Arc<str> },
}

/// A session's start; the minimal session of recordings and tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionStart {
    pub id: SessionId,
    pub initials: Arc<str>,
    pub drug: Arc<str>,
    pub route: Arc<str>,
    /// At the session's start, in whole years; `None`: not known.
    pub age_years: Option<u8>,
    /// The nurse who is responsible; `None`: nobody yet.
    pub responsible: Option<Arc<str>>,
}

/// A dose event, in the clinic's own times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DoseEvent {
    Started { at: Stamp },
    Ended { at: Stamp },
}

/// How the journal does, as the engine sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JournalHealth {
    Committing,
    /// A commit takes longer than 500 ms, or failed.
    Failing {
        why: Arc<str>,
    },
}

/// Who could see and hear alarms now, as the leases of the screens say (alarms 9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watching {
    /// Beds that no visible screen shows, for 10 s now.
    pub unwatched: Vec<BedIndex>,
    pub sound: Sound,
}

/// Whether any visible screen can be heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sound {
    Heard,
    /// There are visible screens, and each has its sound locked or muted, for 10 s now.
    Locked,
}

/// What can be wrong with the service itself; each is one service-wide alarm (alarms 13).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceFault {
    /// Our wall clock stepped by more than 2 s.
    ClockStepped,
    /// Not synchronised for an hour.
    ClockUnsynced,
    /// Less than 500 MB free, or the log is nearly full.
    DiskLow,
    NoSecondChannel,
    SelfTest,
    /// A changed configuration can't be used.
    Config,
    /// The latency budget is broken (A1).
    Latency,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultState {
    Present { why: Arc<str> },
    Over,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A message for a declared bed; never a retained one (safety S7).
    Message {
        bed: BedIndex,
        source: SourceIndex,
        device: DeviceId,
        message: Message,
    },
    /// A message refused whole. `bed` is `None` where no declared bed could be found.
    Rejected {
        bed: Option<BedIndex>,
        source: SourceIndex,
        reason: Reject,
    },
    /// `device` `None`: the line or the broker itself. `bed` `None`: a broker, all its beds.
    Link {
        bed: Option<BedIndex>,
        source: SourceIndex,
        device: Option<DeviceId>,
        change: LinkChange,
    },
    SessionStarted {
        bed: BedIndex,
        start: SessionStart,
    },
    Dose {
        bed: BedIndex,
        dose: DoseEvent,
    },
    Act(Act),
    Journal(JournalHealth),
    Watching(Watching),
    /// What happened to a screen: the record of who could have seen an alarm (alarms 8). Changes
    /// nothing in the ward.
    Screen(ScreenNote),
    /// The self-test's message went this way; it is judged apart from the ward (safety P7).
    SelfTest {
        number: u64,
    },
    /// No visible screen has shown this alarm within 4 s of its event (row 23; safety F8).
    Unreceived {
        occurrence: OccurrenceId,
        revision: u32,
    },
    /// A fault of the service itself began, or is over.
    Service {
        fault: ServiceFault,
        state: FaultState,
    },
    /// Nothing but time.
    Tick,
    /// The process started; it was last known to run at `down_since` (row 28).
    Restarted {
        down_since: Stamp,
    },
    /// A bed's step panicked on an input: the bed is taken out of service, HIGH.
    Quarantined {
        bed: BedIndex,
        why: Arc<str>,
    },
}

impl Input {
    /// How many numbers of readings it takes.
    #[must_use]
    pub const fn readings(&self) -> usize {
        match self {
            Self::Message { message, .. } => message.readings.len(),
            Self::Act(act) => act.readings(),
            Self::Rejected { .. }
            | Self::Link { .. }
            | Self::SessionStarted { .. }
            | Self::Dose { .. }
            | Self::Journal(_)
            | Self::Watching(_)
            | Self::Screen(_)
            | Self::SelfTest { .. }
            | Self::Unreceived { .. }
            | Self::Service { .. }
            | Self::Tick
            | Self::Restarted { .. }
            | Self::Quarantined { .. } => 0,
        }
    }
}

impl ServiceFault {
    pub const ALL: [Self; 7] = [
        Self::ClockStepped,
        Self::ClockUnsynced,
        Self::DiskLow,
        Self::NoSecondChannel,
        Self::SelfTest,
        Self::Config,
        Self::Latency,
    ];

    /// The journal's word, and the alarm's subject where a family has two.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ClockStepped => "clock-stepped",
            Self::ClockUnsynced => "clock-unsynced",
            Self::DiskLow => "disk-low",
            Self::NoSecondChannel => "no-second-channel",
            Self::SelfTest => "self-test",
            Self::Config => "config",
            Self::Latency => "latency",
        }
    }
}
