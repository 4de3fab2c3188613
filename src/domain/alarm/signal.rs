//! Machine S of one occurrence: how is it told? Rows 1, 1p, 8, 13 to 22, 26 and 27 of alarms 11.
//!
//! | state | worse | re-cuff | lower | over, was HIGH | over | acknowledge |
//! |---|---|---|---|---|---|---|
//! | `None` | - | - | - | - | - | 16b refused |
//! | `Active` | 13 `Active` | 1a | - | 8 `Latched` | 8 `None` | 15 `Acknowledged` |
//! | `Paused` | 13 `Active` | 1a | - | 8 `Latched` | 8 `None` | 15 `Acknowledged` |
//! | `Acknowledged` | 13 `Active` | 1a | 14 kept | 8 `None` | 8 `None` | 16a no effect |
//! | `Latched` | - | - | - | - | - | 21 `None` |
//!
//! | state | pause audio | resume audio | pause alarms | resume alarms | unresolved |
//! |---|---|---|---|---|---|
//! | `Active` | 18 `Paused` | - | 26 `Paused` | - | - |
//! | `Paused` | - | 19 `Active` | - | 27 `Active` | - |
//! | `Acknowledged` | - | - | 26 `Paused` | - | 20 `Active` |
//! | `None`, `Latched` | - | - | - | - | - |
//!
//! 1a is `Active`, or `Paused` where the bed's sound is and nothing breaks through (1p). A new
//! violation while latched is a new occurrence (row 22), so this one does not move. Stale revisions
//! and repeated commands are refused before they reach the machine (rows 16, 17), and so is an
//! acknowledgement under an alarm pause (row 16b). What breaks through is `Sound::new_signal`'s.

use super::Priority;
use super::occurrence::Signal;

/// What moves a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A worse band stands (rows 1b, 1c, 13).
    Worse,
    /// A first qualifying reading of a worse band (row 1a), at this priority.
    Recuff {
        priority: Priority,
        sound: Sound,
    },
    /// A lower band (row 14).
    Lower,
    /// The condition is over; `highest` is the highest priority that it ever had.
    Over {
        highest: Priority,
    },
    /// A named person takes it.
    Acknowledge,
    PauseAudio,
    ResumeAudio,
    PauseAlarms,
    ResumeAlarms,
    /// Still there after the reminders (row 20).
    Unresolved,
}

/// The sound of the bed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sound {
    On,
    /// For a limited time; `highest` is the highest priority that it silences.
    Paused {
        highest: Priority,
    },
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

impl Sound {
    /// How a new signal begins: a HIGH, and what is above all that was silenced, breaks through
    /// (rows 1p, 19).
    #[must_use]
    pub fn new_signal(self, priority: Priority) -> Signal {
        match (self, priority) {
            (Self::On, _) | (Self::Paused { .. }, Priority::High) => Signal::Active,
            (Self::Paused { highest }, priority) if priority > highest => Signal::Active,
            (Self::Paused { .. }, Priority::Medium | Priority::Low) => Signal::Paused,
        }
    }
}

impl Signal {
    #[must_use]
    pub fn step(self, cause: Cause) -> Effect {
        match (self, cause) {
            (Self::None, Cause::Acknowledge) => Effect::Refused, // row 16b
            (Self::Active | Self::Paused, Cause::Acknowledge) => {
                Effect::Moved(Self::Acknowledged) // row 15
            }
            (Self::Latched, Cause::Acknowledge) => Effect::Moved(Self::None), // row 21
            (Self::Active | Self::Paused | Self::Acknowledged, Cause::Worse)
            | (Self::Paused, Cause::ResumeAudio | Cause::ResumeAlarms)
            | (Self::Acknowledged, Cause::Unresolved) => {
                Effect::Moved(Self::Active) // rows 13, 19, 27, 20
            }
            (
                Self::Active | Self::Paused | Self::Acknowledged,
                Cause::Recuff { priority, sound },
            ) => Effect::Moved(sound.new_signal(priority)), // rows 1a, 1p
            (Self::Active, Cause::PauseAudio)
            | (Self::Active | Self::Acknowledged, Cause::PauseAlarms) => {
                Effect::Moved(Self::Paused) // rows 18, 26
            }
            (Self::Active | Self::Paused, Cause::Over { highest: Priority::High }) => {
                Effect::Moved(Self::Latched) // row 8
            }
            (Self::Active | Self::Paused | Self::Acknowledged, Cause::Over { .. }) => {
                Effect::Moved(Self::None) // row 8
            }
            (Self::Acknowledged, Cause::Acknowledge) // row 16a
            | (Self::Active | Self::Paused | Self::Acknowledged, Cause::Lower) // row 14
            | (Self::Active, Cause::ResumeAudio | Cause::ResumeAlarms | Cause::Unresolved)
            | (Self::Paused, Cause::PauseAudio | Cause::PauseAlarms | Cause::Unresolved)
            | (
                Self::Acknowledged,
                Cause::PauseAudio | Cause::ResumeAudio | Cause::ResumeAlarms,
            )
            | (
                Self::None | Self::Latched, // row 22
                Cause::Worse
                | Cause::Recuff { .. }
                | Cause::Lower
                | Cause::Over { .. }
                | Cause::PauseAudio
                | Cause::ResumeAudio
                | Cause::PauseAlarms
                | Cause::ResumeAlarms
                | Cause::Unresolved,
            ) => Effect::Unchanged,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use Effect::{Moved, Refused, Unchanged};
    use Signal::{Acknowledged, Active, Latched, None, Paused};

    /// Every (state, cause) cell of the tables above.
    #[test]
    fn the_signal_follows_its_table() {
        // row:1 row:8 row:13 row:14 row:15 row:16a row:18 row:19 row:20 row:21 row:22 row:26 row:27
        let (medium, high) = (Priority::Medium, Priority::High);
        let paused = Sound::Paused { highest: medium };
        let causes = [
            Cause::Worse,
            Cause::Recuff { priority: medium, sound: Sound::On },
            Cause::Recuff { priority: medium, sound: paused },
            Cause::Lower,
            Cause::Over { highest: high },
            Cause::Over { highest: medium },
            Cause::Acknowledge,
            Cause::PauseAudio,
            Cause::ResumeAudio,
            Cause::PauseAlarms,
            Cause::ResumeAlarms,
            Cause::Unresolved,
        ];
        let told = [Moved(Active), Moved(Active), Moved(Paused), Unchanged];
        let over = [Moved(Latched), Moved(None)];
        let (taken, same) = ([Moved(Acknowledged)], [Unchanged; 4]);
        let [pause, active] = [Moved(Paused), Moved(Active)];
        let rows = [
            (None, [&same[..], &same[..2], &[Refused], &same, &same[..1]]),
            (Active, [&told, &over, &taken, &[pause, Unchanged, pause, Unchanged], &same[..1]]),
            (Paused, [&told, &over, &taken, &[Unchanged, active, Unchanged, active], &same[..1]]),
            (
                Acknowledged,
                [
                    &told[..],
                    &[Moved(None), Moved(None)],
                    &same[..1],
                    &[Unchanged, Unchanged, pause, Unchanged],
                    &[active],
                ],
            ),
            (Latched, [&same[..], &same[..2], &[Moved(None)], &same, &same[..1]]),
        ];
        for (state, row) in rows {
            let effects: Vec<Effect> = row.concat();
            assert_eq!(effects.len(), causes.len());
            for (cause, effect) in causes.into_iter().zip(effects) {
                assert_eq!(state.step(cause), effect, "{state:?} {cause:?}");
            }
        }
    }

    #[test]
    fn what_is_high_or_above_all_that_was_silenced_breaks_through() {
        // row:1p row:19 safety:A5
        use Priority::{High, Low, Medium};
        let table = [
            (Low, [Paused, Active, Active]),
            (Medium, [Paused, Paused, Active]),
            (High, [Paused, Paused, Active]),
        ];
        for (highest, row) in table {
            for (priority, signal) in [Low, Medium, High].into_iter().zip(row) {
                let sound = Sound::Paused { highest };
                assert_eq!(sound.new_signal(priority), signal, "{highest:?} {priority:?}");
                assert_eq!(Sound::On.new_signal(priority), Active);
            }
        }
    }
}
