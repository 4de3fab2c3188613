//! The log of refused messages: at most one line a second per source and reason, with how many it
//! stands for, and never their text (safety S1). Counting is the engine's.

use std::time::{Duration, Instant};

use crate::domain::device::Reject;

const QUIET: Duration = Duration::from_secs(1);

#[derive(Debug, Default)]
pub(super) struct RejectLog {
    /// By the reason's place in `Reject::ALL`.
    reasons: [Unsaid; Reject::ALL.len()],
}

#[derive(Clone, Copy, Debug, Default)]
struct Unsaid {
    last: Option<Instant>,
    count: u64,
}

impl RejectLog {
    pub(super) fn note(&mut self, source: &str, reason: Reject, now: Instant) {
        if let Some(count) = self.count(reason, now) {
            tracing::warn!(source, reason = reason.name(), count, "messages were refused");
        }
    }

    /// How many to say now; `None`: said less than a second ago.
    fn count(&mut self, reason: Reject, now: Instant) -> Option<u64> {
        let unsaid = &mut self.reasons[reason as usize];
        unsaid.count += 1;
        if unsaid.last.is_some_and(|last| now.saturating_duration_since(last) < QUIET) {
            return None;
        }
        unsaid.last = Some(now);
        Some(std::mem::take(&mut unsaid.count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::clock::{Clock, Speed};

    #[test]
    fn a_flood_of_refused_messages_is_one_line_a_second_per_reason() {
        // Goal: the log stays readable and the counts in it add up.
        for (place, reason) in Reject::ALL.into_iter().enumerate() {
            assert_eq!(reason as usize, place);
        }
        let mut log = RejectLog::default();
        let start = Clock::start(Speed::REAL, None).real();
        let mut said = Vec::new();
        for ms in (0..3000_u64).step_by(10) {
            said.extend(log.count(Reject::Checksum, start + Duration::from_millis(ms)));
        }
        assert_eq!(said, [1, 100, 100]);
        assert_eq!(log.count(Reject::Schema, start + Duration::from_millis(2995)), Some(1));
    }
}
