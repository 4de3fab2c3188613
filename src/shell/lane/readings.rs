//! Questions to the journal about single readings, and about the trend of a bed.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{History, HistoryHandle};
use crate::domain::alarm::occurrence::Transition;
use crate::domain::ids::{BedIndex, DeviceId, ReadingId};
use crate::domain::metric::Metric;
use crate::domain::reading::Reading;
use crate::domain::session::dose::DoseOrder;
use crate::domain::session::hand::HandReading;
use crate::domain::time::WallTime;

/// `GET /beds/{bed}/readings`: single readings, newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadingsQuery {
    pub bed: BedIndex,
    /// Only received at or after this.
    pub since: Option<WallTime>,
    /// Cursor: only from before this place in the journal.
    pub before: Option<u64>,
    pub limit: usize,
}

/// Whole messages: a few readings fewer than asked for, or one message with more.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadingsPage {
    pub items: Vec<ReadingEntry>,
    /// The cursor of the next page, if there is one; a page may be empty and have one.
    pub next: Option<u64>,
}

/// One reading of a bed as it came, and what people did to it.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadingEntry {
    pub id: ReadingId,
    /// As it was decoded or entered, dated as its device or taker says.
    pub reading: Reading,
    pub received: WallTime,
    /// On our clock, as far as can be told.
    pub measured: WallTime,
    /// `None`: taken by hand.
    pub device: Option<DeviceId>,
    /// Who entered it, and how it was taken.
    pub by_hand: Option<(Arc<str>, HandReading)>,
    pub correction: Option<Correction>,
}

/// What a named person did to a reading (row 24).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    pub by: Arc<str>,
    pub at: WallTime,
    pub reason: Option<Arc<str>>,
    /// `None`: it does not stand.
    pub value: Option<i32>,
}

/// `GET /beds/{bed}/trend`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrendQuery {
    pub bed: BedIndex,
    pub from: WallTime,
    /// After `from`.
    pub to: WallTime,
    /// Buckets of the same length; 1 or more.
    pub points: usize,
}

/// The values of a stretch of time, and what happened in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trend {
    /// Of metrics with a value there; `None`: a gap, in which there was none.
    pub series: BTreeMap<Metric, Vec<Option<Bucket>>>,
    /// The bed's transitions in the order of their numbers.
    pub marks: Vec<Transition>,
    /// Doses that were given: when, and what was ordered.
    pub doses: Vec<(WallTime, DoseOrder)>,
}

/// The values of one bucket, in the metric's resolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    pub min: i32,
    pub max: i32,
    pub sum: i64,
    /// At least 1.
    pub count: u32,
}

impl HistoryHandle {
    /// # Errors
    /// What the journal says, or that it takes no requests.
    pub async fn readings(&self, query: ReadingsQuery) -> Result<ReadingsPage, String> {
        self.ask(|reply| History::Readings { query, reply }).await
    }

    /// # Errors
    /// What the journal says, or that it takes no requests.
    pub async fn metric_of(&self, reading: ReadingId) -> Result<Option<Metric>, String> {
        self.ask(|reply| History::MetricOf { reading, reply }).await
    }

    /// # Errors
    /// What the journal says, or that it takes no requests.
    pub async fn trend(&self, query: TrendQuery) -> Result<Trend, String> {
        self.ask(|reply| History::Trend { query, reply }).await
    }
}
