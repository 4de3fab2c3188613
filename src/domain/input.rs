//! Everything that can reach the ward: each is journaled with its `now`, so that folding the
//! journal gives the same beds again.

use std::sync::Arc;

use super::device::{Message, Reject};
use super::ids::{BedIndex, CommandId, DeviceId, OccurrenceId, SessionId, SourceIndex};
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

/// A session's start; the minimal session of demo and tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionStart {
    pub id: SessionId,
    pub initials: Arc<str>,
    pub drug: Arc<str>,
    pub route: Arc<str>,
}

/// A dose event, in the clinic's own times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DoseEvent {
    Started { at: Stamp },
    Ended { at: Stamp },
}

/// A person's acknowledgement of one occurrence at one revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledge {
    pub occurrence: OccurrenceId,
    pub revision: u32,
    pub command: CommandId,
    pub by: Arc<str>,
    pub reason: Option<Arc<str>>,
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
    SessionEnded {
        bed: BedIndex,
    },
    Acknowledge(Acknowledge),
    Journal(JournalHealth),
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
