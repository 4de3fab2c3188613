//! Waiting: for a moment, and for a condition with a limit.

use std::thread::sleep;
use std::time::{Duration, Instant};

/// Longest that a process may take until it answers.
pub(crate) const START_LIMIT: Duration = Duration::from_secs(20);
/// Between two looks at a condition.
const LOOK_EACH: Duration = Duration::from_millis(1);

pub(crate) fn sleep_until(due: Instant) {
    sleep(due.saturating_duration_since(Instant::now()));
}

/// What `look` finds, as soon as it does.
///
/// # Panics
/// When it finds nothing within `limit`; `what` says what was waited for.
pub(crate) fn wait_until<T>(limit: Duration, what: &str, look: impl FnMut() -> Option<T>) -> T {
    found_within(limit, look).unwrap_or_else(|| panic!("waited {limit:?} in vain: {what}"))
}

pub(crate) fn found_within<T>(limit: Duration, mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let end = Instant::now() + limit;
    loop {
        if let Some(found) = look() {
            return Some(found);
        }
        if Instant::now() >= end {
            return None;
        }
        sleep(LOOK_EACH);
    }
}
