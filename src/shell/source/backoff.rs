//! How long to wait before a broker is tried again: 0.2 to 5 s, doubling, with jitter (safety S3).
//!
//! The jitter comes from the client id and the attempt: two services started at the same instant
//! drift apart, and no random numbers are needed.

use std::time::Duration;

const SHORTEST: Duration = Duration::from_millis(200);
const LONGEST: Duration = Duration::from_secs(5);

/// The wait after failed attempt number `attempt`, from 0: between half of the doubled step and
/// all of it, never below the shortest.
pub(super) fn delay(client_id: &str, attempt: u32) -> Duration {
    let step = SHORTEST.saturating_mul(1 << attempt.min(5)).min(LONGEST);
    let thousandths = 500 + spread(client_id, attempt) % 501;
    (step * thousandths / 1000).max(SHORTEST)
}

/// FNV-1a over the client id and the attempt, its high bits folded in.
fn spread(client_id: &str, attempt: u32) -> u32 {
    let bytes = client_id.bytes().chain(attempt.to_le_bytes());
    let hash = bytes
        .fold(0x811C_9DC5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    hash ^ (hash >> 15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_stay_within_their_bounds_grow_and_differ_between_clients() {
        // Goal: 0.2 to 5 s for any attempt, and two clients do not keep step.
        for attempt in (0..40).chain([u32::MAX]) {
            let wait = delay("dosevigil-a", attempt);
            assert!((SHORTEST..=LONGEST).contains(&wait), "{attempt}: {wait:?}");
        }
        assert!(delay("dosevigil-a", 9) >= LONGEST / 2);
        let apart = (0..20).filter(|&n| delay("dosevigil-a", n) != delay("dosevigil-b", n));
        assert!(apart.count() > 15);
        let jittered: std::collections::BTreeSet<_> =
            (10..30).map(|n| delay("dosevigil-a", n)).collect();
        assert!(jittered.len() > 10);
    }
}
