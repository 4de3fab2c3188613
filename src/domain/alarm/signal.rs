//! Machine S of one occurrence: how is it told? Rows 1, 8, 13 to 17, 21 and 22 of alarms 11.
//!
//! | state | worse | lower | over, was HIGH | over | acknowledge |
//! |---|---|---|---|---|---|
//! | `None` | `None` | `None` | `None` | `None` | 16b refused |
//! | `Active` | `Active` | `Active` | 8 `Latched` | 8 `None` | 15 `Acknowledged` |
//! | `Paused` | 13 `Active` | `Paused` | 8 `Latched` | 8 `None` | 15 `Acknowledged` |
//! | `Acknowledged` | 13 `Active` | 14 kept | `None` | `None` | 16a no effect |
//! | `Latched` | `Latched` | `Latched` | `Latched` | `Latched` | 21 `None` |
//!
//! A new violation while latched is a new occurrence (row 22), so this one does not move. Stale
//! revisions and repeated commands are refused before they reach the machine (rows 16, 17).

use super::Priority;
use super::occurrence::Signal;

/// What moves a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A worse band, or a first qualifying reading of one (rows 1a, 1b, 1c, 13).
    Worse,
    /// A lower band (row 14).
    Lower,
    /// The condition is over; `highest` is the highest priority that it ever had.
    Over { highest: Priority },
    /// A named person takes it.
    Acknowledge,
}

/// What an acknowledgement did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    Moved(Signal),
    /// Row 16a: somebody was first.
    Unchanged,
    /// Row 16b: the alarm has ended.
    Refused,
}

impl Signal {
    #[must_use]
    pub const fn step(self, cause: Cause) -> Effect {
        match (self, cause) {
            (Self::None, Cause::Acknowledge) => Effect::Refused, // row 16b
            (Self::Acknowledged, Cause::Acknowledge) => Effect::Unchanged, // row 16a
            (Self::Active | Self::Paused, Cause::Acknowledge) => {
                Effect::Moved(Self::Acknowledged) // row 15
            }
            (Self::Latched, Cause::Acknowledge) => Effect::Moved(Self::None), // row 21
            (Self::Active | Self::Paused | Self::Acknowledged, Cause::Worse) => {
                Effect::Moved(Self::Active) // row 13
            }
            (Self::Active | Self::Paused, Cause::Over { highest: Priority::High }) => {
                Effect::Moved(Self::Latched) // row 8
            }
            (Self::Active | Self::Paused | Self::Acknowledged, Cause::Over { .. }) => {
                Effect::Moved(Self::None) // row 8
            }
            (Self::None | Self::Latched, Cause::Worse | Cause::Lower | Cause::Over { .. })
            | (Self::Active | Self::Paused | Self::Acknowledged, Cause::Lower) => {
                Effect::Unchanged // rows 14, 22
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every (state, cause) cell of the table above.
    #[test]
    fn the_signal_follows_its_table() {
        // row:1 row:8 row:13 row:14 row:15 row:16a row:21 row:22
        use Effect::{Moved, Refused, Unchanged};
        use Signal::{Acknowledged, Active, Latched, None, Paused};
        let was_high = Cause::Over { highest: Priority::High };
        let over = Cause::Over { highest: Priority::Medium };
        let causes = [Cause::Worse, Cause::Lower, was_high, over, Cause::Acknowledge];
        let table = [
            (None, [Unchanged, Unchanged, Unchanged, Unchanged, Refused]),
            (Active, [Moved(Active), Unchanged, Moved(Latched), Moved(None), Moved(Acknowledged)]),
            (Paused, [Moved(Active), Unchanged, Moved(Latched), Moved(None), Moved(Acknowledged)]),
            (Acknowledged, [Moved(Active), Unchanged, Moved(None), Moved(None), Unchanged]),
            (Latched, [Unchanged, Unchanged, Unchanged, Unchanged, Moved(None)]),
        ];
        for (state, row) in table {
            for (cause, effect) in causes.into_iter().zip(row) {
                assert_eq!(state.step(cause), effect, "{state:?} {cause:?}");
            }
        }
    }
}
