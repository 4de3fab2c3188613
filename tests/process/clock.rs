//! Time as the tests see it, and waiting: for a future or a condition, with a deadline that says
//! what did not come.

use std::time::{Duration, Instant};

use dosevigil::shell::clock::{Clock, Speed};
use jiff::Timestamp;

/// Longer than anything takes that must happen soon, on a machine that is busy or stands still for
/// seconds, too. No test judges a speed: `make bench` measures, and the behaviour tests hold the
/// limits of the safety requirements on a clock of their own.
pub(crate) const SOON: Duration = Duration::from_secs(60);
/// Between two looks at a condition that nobody tells of.
const LOOK: Duration = Duration::from_millis(20);

pub(crate) fn now() -> Instant {
    Clock::start(Speed::REAL, None).real()
}

pub(crate) fn wall() -> Timestamp {
    let wall = Clock::start(Speed::REAL, None).now().wall;
    Timestamp::from_microsecond(wall.as_micros()).expect("now is a time")
}

/// Waits for `future`; panics with `what` after `limit`.
pub(crate) async fn within<F: Future>(limit: Duration, what: &str, future: F) -> F::Output {
    match tokio::time::timeout(limit, future).await {
        Ok(output) => output,
        Err(_) => panic!("not within {limit:?}: {what}"),
    }
}

/// Looks until `found` gives something.
pub(crate) async fn eventually<T>(
    limit: Duration,
    what: &str,
    mut found: impl AsyncFnMut() -> Option<T>,
) -> T {
    within(limit, what, async {
        loop {
            if let Some(found) = found().await {
                return found;
            }
            tokio::time::sleep(LOOK).await;
        }
    })
    .await
}
