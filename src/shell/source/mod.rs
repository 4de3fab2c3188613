//! Sources: bytes of serial lines and brokers in, stamped `Intake`s for the engine out (safety S1,
//! S3 to S5, S7).
//!
//! A source opens, reads, decodes with `domain::device`, says what its link does and never ends
//! before it is told to: a lost line or broker is data for the engine, and is tried again. It does
//! not judge values, ages, duplicates or order (the bed's), and knows no other adapter.

mod backoff;
mod link;
pub mod mqtt;
mod rejects;
pub mod serial;
mod topic;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::clock::Clock;
use super::{Ack, Intake, Timing};
use crate::domain::ids::{BedId, BedIndex, SourceIndex};
use crate::domain::input::Input;
use crate::domain::time::Stamp;

/// The declared beds, by name and by place; cheap to clone.
#[derive(Clone, Debug)]
pub struct BedNames(Arc<Names>);

#[derive(Debug)]
struct Names {
    by_place: Vec<BedId>,
    by_name: BTreeMap<Box<str>, BedIndex>,
}

impl BedNames {
    /// `beds` in the configuration's order.
    #[must_use]
    pub fn new(beds: impl IntoIterator<Item = BedId>) -> Self {
        let by_place: Vec<BedId> = beds.into_iter().collect();
        let by_name = (0..).zip(&by_place).map(|(i, id)| (id.as_str().into(), BedIndex(i)));
        let by_name = by_name.collect();
        Self(Arc::new(Names { by_place, by_name }))
    }

    /// The place of a bed; `None`: not declared.
    #[must_use]
    pub fn index(&self, name: &str) -> Option<BedIndex> {
        self.0.by_name.get(name).copied()
    }

    #[must_use]
    pub fn name(&self, bed: BedIndex) -> Option<&BedId> {
        self.0.by_place.get(usize::try_from(bed.0).ok()?)
    }

    /// Whether a bed that a payload names is another one than `bed` (`vitals-json` 1).
    fn contradicts(&self, bed: BedIndex, named: Option<&str>) -> bool {
        named.is_some_and(|named| self.name(bed).is_none_or(|id| id.as_str() != named))
    }
}

/// When bytes arrived: the stamp that the domain goes by, and the instant that latencies go by.
#[derive(Clone, Copy, Debug)]
struct Receipt {
    stamp: Stamp,
    instant: Instant,
}

/// The service stops, or the engine is gone: nothing more can be handed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stopped;

/// A source's way to the engine. Waits while the lane is full; what a source does meanwhile is its
/// own affair.
#[derive(Clone, Debug)]
struct Outlet {
    source: SourceIndex,
    clock: Arc<Clock>,
    lane: mpsc::Sender<Intake>,
    cancel: CancellationToken,
}

impl Outlet {
    /// Read once per read of bytes or packet.
    fn receipt(&self) -> Receipt {
        Receipt { stamp: self.clock.now(), instant: self.clock.real() }
    }

    async fn send(&self, receipt: Receipt, input: Input, ack: Option<Ack>) -> Result<(), Stopped> {
        let timing = Timing { receipt: receipt.instant, decoded: self.clock.real() };
        let intake = Intake { received: receipt.stamp, input, ack, timing };
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(Stopped),
            sent = self.lane.send(intake) => sent.map_err(|_| Stopped),
        }
    }

    async fn pause(&self, pause: Duration) -> Result<(), Stopped> {
        tokio::select! {
            () = self.cancel.cancelled() => Err(Stopped),
            () = tokio::time::sleep(pause) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_contradicts_its_bed_only_when_it_names_another() {
        // Goal: names are compared exactly, and no name is no contradiction.
        let ids = ["bay-1", "bay-2"].map(|name| BedId::try_new(name).expect("a good name"));
        let beds = BedNames::new(ids);
        assert_eq!(beds.index("bay-2"), Some(BedIndex(1)));
        assert_eq!(beds.index("bay-3"), None);
        for (named, expected) in
            [(None, false), (Some("bay-1"), false), (Some("bay-2"), true), (Some("BAY-1"), true)]
        {
            assert_eq!(beds.contradicts(BedIndex(0), named), expected, "{named:?}");
        }
    }
}
