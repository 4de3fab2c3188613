//! Small words of the tests: spans of time, and a nurse's act.

use std::time::Duration;

use dosevigil::domain::act::{Act, Actor, Deed};
use dosevigil::domain::ids::CommandId;
use dosevigil::domain::role::Role;

/// `mm:ss`, or `mm:ss.mmm`.
pub(crate) fn span(clock: &str) -> Duration {
    let (minutes, seconds) = clock.split_once(':').expect("mm:ss");
    let minutes: u64 = minutes.parse().expect("minutes");
    let seconds: f64 = seconds.parse().expect("seconds");
    Duration::from_secs(minutes * 60) + Duration::from_secs_f64(seconds)
}

pub(crate) fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

/// A nurse's act under a known command, without a reason.
pub(crate) fn nurse(command: CommandId, by: &str, deed: Deed) -> Act {
    Act { command, by: Actor::new(by, Role::Nurse), reason: None, deed }
}
