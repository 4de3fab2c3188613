//! Machine C of one bed and family: is the hazard there, and which band governs?
//!
//! It sees facts, not readings: what the bands' holds and repeats amount to (`family`), or a
//! technical cause (`technical`). Rows are those of alarms 11.
//!
//! | state | nothing governs | same band | higher | lower | all clearing | missing |
//! |---|---|---|---|---|---|---|
//! | quiet | 2, 5, 10, 12 | 1, 1a, 3, 4: raised, whichever band | | | | 10 |
//! | `Open`, present | 8, 25 | - | 1a, 13 | 1b, 14 | 6 | 9 |
//! | `Open`, clearing | 8, 25 | 7 | 13 | 14 | - | 9 |
//!
//! Quiet is `Inhibited`, `Unknown`, `Normal`, `Pending` or `Confirming`.

use std::cmp::Ordering;

use super::occurrence::EndReason;
use crate::domain::time::MonoTime;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Condition {
    /// No rule of the family is in phase.
    Inhibited,
    /// No fresh valid input.
    Unknown,
    #[default]
    Normal,
    /// Violated, Td running.
    Pending,
    /// One reading qualified for a band whose repeat is only advised (B4, B9).
    Confirming,
    /// There, with its governing band; counts as present while it clears.
    Open { governing: Governing, input: InputState },
}

/// The band that governs, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Governing {
    /// Rank of the band: 0 is the highest.
    pub band: u8,
    pub level: Level,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Held,
    /// The first qualifying reading of a "re-cuff now" band: told at once, one step lower (1a).
    Recuff {
        until: MonoTime,
    },
    /// Everything that held is past its clear level (row 6).
    Clearing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputState {
    Fresh,
    /// Row 9: missing data never ends an alarm.
    Frozen,
}

/// What the readings amount to now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    pub governing: Option<Governing>,
    /// Without a governing band: what else there is.
    pub quiet: Quiet,
    /// The input of what holds.
    pub input: InputState,
    /// Shown for at least 5 s (row 8).
    pub shown: Shown,
    /// The governing band's priority against what is told of the open occurrence: a baseline or
    /// another preset may change it while the band stays (rows 13, 14).
    pub repriced: Ordering,
    /// Why an open one ends when nothing governs.
    pub ends: EndReason,
}

/// The states in which nothing is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quiet {
    Inhibited,
    Unknown,
    Normal,
    Pending,
    Confirming,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    LongEnough,
    TooShort,
}

/// What an occurrence is told of a step of C.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// Rows 1, 1a, 3, 4: a new occurrence.
    Raise,
    /// Row 1a over an open occurrence.
    Confirming,
    /// Rows 1b and 1c: the repeat, or its absence, made it stand.
    Confirmed,
    /// Row 1b: the repeat did not; a lower band governs.
    Unconfirmed,
    /// Row 13.
    Escalate,
    /// Row 14.
    Update,
    /// Row 6.
    Clear,
    /// Row 7.
    Return,
    /// Rows 8, 25.
    End(EndReason),
    /// Row 9.
    Freeze,
    /// Row 9: the input is back.
    Thaw,
}

impl Condition {
    /// The next state, and what the occurrence is to be told of it.
    #[must_use]
    pub fn step(self, facts: &Facts) -> (Self, Option<Move>) {
        match (self, facts.governing) {
            (Self::Open { governing: was, input }, Some(now)) => was.moved(now, input, facts),
            (Self::Open { governing, input }, None) => closing(governing, input, facts),
            (
                Self::Inhibited | Self::Unknown | Self::Normal | Self::Pending | Self::Confirming,
                Some(governing),
            ) => (Self::Open { governing, input: facts.input }, Some(Move::Raise)),
            (
                Self::Inhibited | Self::Unknown | Self::Normal | Self::Pending | Self::Confirming,
                None,
            ) => (facts.quiet.into(), None),
        }
    }
}

impl Condition {
    /// The bands stand in another order; `place` says where one is now. One that is gone ranks
    /// lowest, so that whatever else holds takes over as a worse band.
    pub fn rank_by(&mut self, place: impl Fn(u8) -> Option<u8>) {
        if let Self::Open { governing, .. } = self {
            governing.band = place(governing.band).unwrap_or(u8::MAX);
        }
    }
}

impl Governing {
    fn moved(self, now: Self, had: InputState, facts: &Facts) -> (Condition, Option<Move>) {
        use Ordering::{Equal, Greater, Less};
        let input = facts.input;
        let open = |governing| Condition::Open { governing, input };
        // A smaller rank is a worse band.
        let told = match (now.band.cmp(&self.band), self.level, now.level) {
            (Less, _, Level::Recuff { .. }) => Some(Move::Confirming), // row 1a
            (Less, _, Level::Held | Level::Clearing) => Some(Move::Escalate), // row 13
            // Row 13: while a worse band awaits its repeat, or the band itself became worse.
            (Greater, _, Level::Held) | (Equal, Level::Held | Level::Clearing, Level::Held)
                if facts.repriced == Greater =>
            {
                Some(Move::Escalate)
            }
            // Row 14; row 7 where it was clearing.
            (Equal, Level::Held | Level::Clearing, Level::Held) if facts.repriced == Less => {
                Some(Move::Update)
            }
            (Greater, Level::Recuff { .. }, _) => Some(Move::Unconfirmed), // row 1b
            (Greater, Level::Held | Level::Clearing, _) => Some(Move::Update), // row 14
            (Equal, Level::Recuff { .. }, Level::Held) => Some(Move::Confirmed), // rows 1b, 1c
            (Equal, Level::Held, Level::Clearing) => Some(Move::Clear),    // row 6
            (Equal, Level::Clearing, Level::Held) => Some(Move::Return),   // row 7
            (Equal, Level::Clearing, Level::Recuff { .. }) => Some(Move::Confirming),
            (Equal, Level::Held, Level::Held | Level::Recuff { .. })
            | (Equal, Level::Recuff { .. }, Level::Recuff { .. } | Level::Clearing)
            | (Equal, Level::Clearing, Level::Clearing) => None,
        };
        let told = told.or(match (had, input) {
            (InputState::Fresh, InputState::Frozen) => Some(Move::Freeze),
            (InputState::Frozen, InputState::Fresh) => Some(Move::Thaw),
            (InputState::Fresh, InputState::Fresh) | (InputState::Frozen, InputState::Frozen) => {
                None
            }
        });
        (open(now), told)
    }
}

/// Nothing governs any more: ends, unless it was shown too briefly to be seen (row 8).
fn closing(was: Governing, input: InputState, facts: &Facts) -> (Condition, Option<Move>) {
    if facts.shown == Shown::LongEnough {
        return (facts.quiet.into(), Some(Move::End(facts.ends)));
    }
    let governing = Governing { level: Level::Clearing, ..was };
    let told = (was.level != Level::Clearing).then_some(Move::Clear);
    (Condition::Open { governing, input }, told)
}

impl From<Quiet> for Condition {
    fn from(quiet: Quiet) -> Self {
        match quiet {
            Quiet::Inhibited => Self::Inhibited,
            Quiet::Unknown => Self::Unknown,
            Quiet::Normal => Self::Normal,
            Quiet::Pending => Self::Pending,
            Quiet::Confirming => Self::Confirming,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNTIL: MonoTime = MonoTime::from_micros(180);
    const RECUFF: Level = Level::Recuff { until: UNTIL };
    const QUIETS: [(Quiet, Condition); 5] = [
        (Quiet::Inhibited, Condition::Inhibited),
        (Quiet::Unknown, Condition::Unknown),
        (Quiet::Normal, Condition::Normal),
        (Quiet::Pending, Condition::Pending),
        (Quiet::Confirming, Condition::Confirming),
    ];

    fn facts(governing: Option<(u8, Level)>) -> Facts {
        Facts {
            governing: governing.map(|(band, level)| Governing { band, level }),
            quiet: Quiet::Normal,
            input: InputState::Fresh,
            shown: Shown::LongEnough,
            repriced: Ordering::Equal,
            ends: EndReason::Cleared,
        }
    }

    fn open(band: u8, level: Level) -> Condition {
        Condition::Open { governing: Governing { band, level }, input: InputState::Fresh }
    }

    #[test]
    fn from_every_quiet_state_a_governing_band_raises_and_nothing_else_is_told() {
        // row:1 row:1a row:2 row:3 row:4 row:5 row:10 row:12
        for (_, state) in QUIETS {
            for level in [Level::Held, RECUFF] {
                let (next, told) = state.step(&facts(Some((1, level))));
                assert_eq!((next, told), (open(1, level), Some(Move::Raise)), "{state:?}");
            }
            for (quiet, next) in QUIETS {
                assert_eq!(state.step(&Facts { quiet, ..facts(None) }), (next, None));
            }
        }
    }

    /// Every (open state, governing) cell: from band 1 at each level, to a worse band, the same
    /// and a lower one at each level.
    #[test]
    fn an_open_condition_follows_its_bands() {
        // row:1a row:1b row:1c row:6 row:7 row:13 row:14
        let levels = [Level::Held, RECUFF, Level::Clearing];
        let worse = [Move::Escalate, Move::Confirming, Move::Escalate];
        let table = [
            (Level::Held, [None, None, Some(Move::Clear)], Move::Update),
            (RECUFF, [Some(Move::Confirmed), None, None], Move::Unconfirmed),
            (Level::Clearing, [Some(Move::Return), Some(Move::Confirming), None], Move::Update),
        ];
        for (was, same, lower) in table {
            for (i, level) in levels.into_iter().enumerate() {
                let step = |band| open(1, was).step(&facts(Some((band, level))));
                assert_eq!(step(0), (open(0, level), Some(worse[i])), "{was:?} {level:?}");
                assert_eq!(step(1), (open(1, level), same[i]), "{was:?} {level:?}");
                assert_eq!(step(2), (open(2, level), Some(lower)), "{was:?} {level:?}");
            }
        }
    }

    #[test]
    fn a_band_whose_priority_changes_under_it_is_told_as_worse_or_lower() {
        // row:7 row:13 row:14 row:24
        let step =
            |was, now, repriced| open(1, was).step(&Facts { repriced, ..facts(Some(now)) }).1;
        let table = [
            (Level::Held, (1, Level::Held), Ordering::Greater, Some(Move::Escalate)),
            (Level::Held, (1, Level::Held), Ordering::Less, Some(Move::Update)),
            (Level::Held, (1, Level::Held), Ordering::Equal, None),
            // Row 7 with another priority: what happened while it was clearing is told at its end.
            (Level::Clearing, (1, Level::Held), Ordering::Greater, Some(Move::Escalate)),
            (Level::Clearing, (1, Level::Held), Ordering::Less, Some(Move::Update)),
            (Level::Clearing, (1, Level::Held), Ordering::Equal, Some(Move::Return)),
            (Level::Clearing, (1, Level::Clearing), Ordering::Less, None),
            // A HIGH band below one that awaits its repeat.
            (RECUFF, (2, Level::Held), Ordering::Greater, Some(Move::Escalate)),
            (RECUFF, (2, Level::Held), Ordering::Equal, Some(Move::Unconfirmed)),
        ];
        for (was, now, repriced, told) in table {
            assert_eq!(step(was, now, repriced), told, "{was:?} {now:?} {repriced:?}");
        }
    }

    #[test]
    fn an_open_condition_ends_when_nothing_governs_but_not_before_it_could_be_seen() {
        // row:8 row:25
        for level in [Level::Held, RECUFF, Level::Clearing] {
            for (quiet, next) in QUIETS {
                for ends in [EndReason::Cleared, EndReason::Phase] {
                    let none = Facts { quiet, ends, ..facts(None) };
                    assert_eq!(open(1, level).step(&none), (next, Some(Move::End(ends))));
                }
                let brief = Facts { quiet, shown: Shown::TooShort, ..facts(None) };
                let told = (level != Level::Clearing).then_some(Move::Clear);
                assert_eq!(open(1, level).step(&brief), (open(1, Level::Clearing), told));
            }
        }
    }

    #[test]
    fn missing_input_freezes_an_open_condition_and_its_return_thaws_it() {
        // row:9
        let frozen = Facts { input: InputState::Frozen, ..facts(Some((1, Level::Held))) };
        let (state, told) = open(1, Level::Held).step(&frozen);
        assert_eq!(told, Some(Move::Freeze));
        assert_eq!(state.step(&frozen), (state, None));
        let back = facts(Some((1, Level::Held)));
        assert_eq!(state.step(&back), (open(1, Level::Held), Some(Move::Thaw)));
    }

    #[test]
    fn bands_in_another_order_keep_their_governing_one_and_one_that_is_gone_ranks_lowest() {
        // row:13 row:24
        let table = [(1, Some(4), 4), (1, None, u8::MAX)];
        for (band, place, rank) in table {
            let mut condition = open(band, Level::Held);
            condition.rank_by(|asked| if asked == band { place } else { Some(9) });
            assert_eq!(condition, open(rank, Level::Held));
        }
        let mut quiet = Condition::Pending;
        quiet.rank_by(|_| Some(0));
        assert_eq!(quiet, Condition::Pending);
    }
}
