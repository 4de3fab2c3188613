//! What a log-in is still good for (safety X4): 30 min without an act it no longer controls
//! anything, after 12 h it is over. In between the alarms stay on the screen: a time-out never
//! takes the display away. Pure: `now` comes from the service's own steady line of time.

use std::time::Duration;

use crate::domain::time::WallTime;

/// Without a person's request for so long, a log-in only displays.
pub const IDLE: Duration = Duration::from_secs(30 * 60);
/// However active, a log-in ends after this.
pub const ABSOLUTE: Duration = Duration::from_secs(12 * 3600);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// All that the role may.
    Full,
    /// Reads what a wall board shows; changes nothing.
    DisplayOnly,
}

impl Standing {
    /// `None`: the log-in is over.
    #[must_use]
    pub fn of(began: WallTime, active: WallTime, now: WallTime) -> Option<Self> {
        if is_past(began, ABSOLUTE, now) {
            None
        } else if is_past(active, IDLE, now) {
            Some(Self::DisplayOnly)
        } else {
            Some(Self::Full)
        }
    }
}

fn is_past(start: WallTime, limit: Duration, now: WallTime) -> bool {
    now >= start.plus(limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_in_displays_after_30_idle_minutes_and_ends_after_12_hours() {
        // Goal: both limits, just under and at them, also when the person never stops.
        // safety:X4
        let (minute, hour) = (60, 3600);
        let table = [
            (0, 0, Some(Standing::Full)),
            (0, 30 * minute - 1, Some(Standing::Full)),
            (0, 30 * minute, Some(Standing::DisplayOnly)),
            (0, 12 * hour - 1, Some(Standing::DisplayOnly)),
            (0, 12 * hour, None),
            (11 * hour, 11 * hour + 29 * minute, Some(Standing::Full)),
            (12 * hour - 1, 12 * hour - 1, Some(Standing::Full)),
            (12 * hour - 1, 12 * hour, None),
        ];
        let at = |second: u64| WallTime::from_micros(0).plus(Duration::from_secs(second));
        for (active, now, expected) in table {
            let standing = Standing::of(at(0), at(active), at(now));
            assert_eq!(standing, expected, "active {active} s, now {now} s");
        }
    }
}
