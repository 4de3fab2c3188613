//! Who is told next, and when: the times of the steps E1 to E3 (alarms 12).

use std::time::Duration;

/// Steps E1, E2, E3, each counted from the raise (contract 3.1 `[alarms]`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EscalationTimes {
    pub high: [Duration; 3],
    pub medium: [Duration; 3],
}

impl EscalationTimes {
    /// The defaults of alarms 12; none can be off.
    pub const DEFAULT: Self = Self {
        high: [Duration::from_secs(30), Duration::from_secs(60), Duration::from_secs(120)],
        medium: [Duration::from_secs(120), Duration::from_secs(240), Duration::from_secs(600)],
    };
}
