//! One limit: an absolute number, a change from the accepted baseline, or apnoea; and where a
//! value stands against it with hysteresis (clinical 2.3, alarms 11).
//!
//! Whole numbers in the metric's resolution. A change becomes an absolute number as soon as there
//! is a baseline; without one it is off, which whoever shows limits must say (alarms 7). For how
//! long a value must violate is `hold`'s.

/// Which side of a limit violates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// At or above: clears at limit - h.
    Upper,
    /// At or below: clears at limit + h.
    Lower,
}

/// A limit in the metric's resolution; the limit itself violates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    AtOrAbove(i32),
    AtOrBelow(i32),
    /// So much above the baseline `from`, or more; `None`: there is no baseline.
    Rise {
        change: i32,
        from: Option<i32>,
    },
    /// So much below the baseline `from`, or more.
    Drop {
        change: i32,
        from: Option<i32>,
    },
    /// Respiration 0 from a device that says its value is good; clears as the plain limit
    /// `clears_as` of its rule does (contract 6).
    Apnoea {
        clears_as: i32,
    },
}

/// Where a value stands against a limit with hysteresis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Violated,
    /// Neither violating nor past the clear level.
    Between,
    /// Past the clear level: limit - h for an upper limit, limit + h for a lower one.
    Clear,
}

impl Limit {
    /// Judges `value` with hysteresis `clear_by` (rows 1 to 8). A limit that is off holds nothing.
    #[must_use]
    pub const fn judge(self, value: i32, clear_by: i32) -> Verdict {
        let Some(limit) = self.clears_from() else { return Verdict::Clear };
        let violated = match self {
            Self::AtOrAbove(_) | Self::Rise { .. } => value >= limit,
            Self::AtOrBelow(_) | Self::Drop { .. } => value <= limit,
            Self::Apnoea { .. } => value == 0,
        };
        let clear = match self.side() {
            Side::Upper => value <= limit - clear_by,
            Side::Lower => value >= limit + clear_by,
        };
        match (violated, clear) {
            (true, _) => Verdict::Violated,
            (false, true) => Verdict::Clear,
            (false, false) => Verdict::Between,
        }
    }

    #[must_use]
    pub const fn side(self) -> Side {
        match self {
            Self::AtOrAbove(_) | Self::Rise { .. } => Side::Upper,
            Self::AtOrBelow(_) | Self::Drop { .. } | Self::Apnoea { .. } => Side::Lower,
        }
    }

    /// The absolute number on the wire; `None` for apnoea (contract 6), and for a change without a
    /// baseline.
    #[must_use]
    pub const fn number(self) -> Option<i32> {
        match self {
            Self::Apnoea { .. } => None,
            Self::AtOrAbove(_) | Self::AtOrBelow(_) | Self::Rise { .. } | Self::Drop { .. } => {
                self.clears_from()
            }
        }
    }

    /// What the hysteresis counts from; `None`: off.
    #[must_use]
    pub const fn clears_from(self) -> Option<i32> {
        match self {
            Self::AtOrAbove(limit) | Self::AtOrBelow(limit) => Some(limit),
            Self::Apnoea { clears_as } => Some(clears_as),
            Self::Rise { change, from: Some(from) } => Some(from.saturating_add(change)),
            Self::Drop { change, from: Some(from) } => Some(from.saturating_sub(change)),
            Self::Rise { from: None, .. } | Self::Drop { from: None, .. } => None,
        }
    }

    /// The configured change of a limit that goes by the baseline.
    #[must_use]
    pub const fn change(self) -> Option<i32> {
        match self {
            Self::Rise { change, .. } | Self::Drop { change, .. } => Some(change),
            Self::AtOrAbove(_) | Self::AtOrBelow(_) | Self::Apnoea { .. } => None,
        }
    }

    /// A change without a baseline.
    #[must_use]
    pub const fn is_off(self) -> bool {
        self.clears_from().is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Limits are judged exactly: at, just under and just over each edge.
    #[test]
    fn a_limit_violates_at_its_number_and_clears_past_its_hysteresis() {
        use Verdict::{Between, Clear, Violated};
        let table = [
            (
                Limit::AtOrAbove(180),
                5,
                [(179, Between), (180, Violated), (176, Between), (175, Clear)],
            ),
            (Limit::AtOrBelow(90), 1, [(91, Clear), (90, Violated), (89, Violated), (92, Clear)]),
            (Limit::AtOrBelow(49), 3, [(50, Between), (49, Violated), (51, Between), (52, Clear)]),
            (
                Limit::Rise { change: 40, from: Some(124) },
                5,
                [(163, Between), (164, Violated), (160, Between), (159, Clear)],
            ),
            (
                Limit::Drop { change: 4, from: Some(97) },
                1,
                [(94, Clear), (93, Violated), (92, Violated), (97, Clear)],
            ),
            (
                Limit::Apnoea { clears_as: 7 },
                2,
                [(0, Violated), (1, Between), (8, Between), (9, Clear)],
            ),
        ];
        for (limit, clear_by, cases) in table {
            for (value, verdict) in cases {
                assert_eq!(limit.judge(value, clear_by), verdict, "{limit:?} {value}");
            }
        }
    }

    #[test]
    fn a_change_without_a_baseline_is_off_and_with_one_is_told_as_an_absolute_number() {
        for limit in [Limit::Rise { change: 40, from: None }, Limit::Drop { change: 4, from: None }]
        {
            assert!(limit.is_off());
            assert_eq!(limit.number(), None);
            for value in [0, 100, 300] {
                assert_eq!(limit.judge(value, 5), Verdict::Clear);
            }
        }
        assert_eq!(Limit::Rise { change: 40, from: Some(124) }.number(), Some(164));
        assert_eq!(Limit::Drop { change: 4, from: Some(97) }.number(), Some(93));
        assert_eq!(Limit::Apnoea { clears_as: 7 }.number(), None);
    }
}
