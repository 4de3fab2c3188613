//! The samples of one metric, all of them: what came when, and when it turns grey.

use std::collections::BTreeSet;
use std::time::Duration;

use super::told::At;
use crate::support::seconds;

/// A sample of one metric.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    pub(crate) at: At,
    pub(crate) value: Option<i32>,
    pub(crate) good: bool,
}

/// All samples of one metric.
#[derive(Debug)]
pub(crate) struct Stream {
    pub(super) seen: Vec<Seen>,
    /// When each sample's value turns grey.
    pub(super) grey: Vec<At>,
    pub(super) period: Duration,
    /// When its line was lost.
    pub(crate) losses: Vec<At>,
    /// No fresh valid value.
    pub(crate) missing: bool,
}

const MICRO: Duration = Duration::from_micros(1);

impl Stream {
    pub(crate) fn new() -> Self {
        let (seen, grey, losses) = (Vec::new(), Vec::new(), Vec::new());
        Self { seen, grey, losses, period: seconds(1), missing: true }
    }

    /// Takes a sample; learns the gap that values usually come at.
    pub(crate) fn take(&mut self, seen: Seen, due: &mut BTreeSet<At>) {
        if let Some(before) = self.seen.last() {
            let gap = (seen.at - before.at).min(seconds(10));
            self.period = if gap < self.period {
                (self.period + gap) / 2
            } else {
                self.period + (gap - self.period) / 8
            };
        }
        self.seen.push(seen);
        self.grey.push(seen.at + whole((self.period * 3).max(seconds(5))));
        self.missing = seen.value.is_none();
        due.insert(self.grey[self.grey.len() - 1] + MICRO);
    }

    pub(crate) fn period(&self) -> Duration {
        self.period
    }

    pub(crate) fn turned_grey(&self, at: At) -> bool {
        self.grey.last().is_some_and(|grey| at > *grey)
    }

    /// No value came for so long that it is an alarm (T3).
    pub(crate) fn was_silent(&self, at: At) -> bool {
        let Some(newest) = self.seen.last() else { return true };
        let silence = (self.period * 5).max(seconds(10));
        newest.value.is_none() || at > newest.at + whole(silence)
    }

    /// The newest value, where it is fresh.
    pub(super) fn fresh(&self) -> Option<Seen> {
        self.seen.last().copied().filter(|_| !self.missing)
    }

    pub(crate) fn last_valued(&self) -> Option<At> {
        self.seen.iter().rfind(|seen| seen.value.is_some()).map(|seen| seen.at)
    }
}

/// In whole microseconds, as all times are.
pub(crate) fn whole(span: Duration) -> Duration {
    Duration::from_micros(span.as_micros().try_into().expect("a short time"))
}
