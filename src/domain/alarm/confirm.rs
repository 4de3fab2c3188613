//! Does a band that asks for a repeat stand? Rows 1a to 1c of alarms 11, for cuff determinations.
//!
//! | state | qualifies | does not | time is up |
//! |---|---|---|---|
//! | `Idle` | 1a: `Awaiting`; `Confirmed` where a higher band has declared the hazard | - | - |
//! | `Awaiting` | 1b: `Confirmed` | 1b: `Idle`, if it has what violated | 1c: `Confirmed` |
//! | `Confirmed` | - | ends with the band's holds (`family`) | - |
//!
//! dosevigil inflates no cuff: the repeat is a nurse's or the monitor's act.

use super::hold::Declared;
use crate::domain::ids::DeviceId;
use crate::domain::reading::Validity;
use crate::domain::time::MonoTime;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Confirming {
    #[default]
    Idle,
    /// One reading qualified; the next one of this device, or a hand-taken one, decides.
    Awaiting {
        device: DeviceId,
        until: MonoTime,
        violated: Violated,
    },
    Confirmed,
}

/// Which components of a rule violate, by their place; a rule has at most 16 (`config::preset`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Violated(pub u16);

/// A new valid determination, as one band sees it.
#[derive(Clone, Copy, Debug)]
pub struct Determined<'a> {
    pub device: &'a DeviceId,
    /// Taken by hand: decides whatever device awaited.
    pub by_hand: ByHand,
    /// The components that it has values for.
    pub judged: Violated,
    /// Empty: the determination does not qualify.
    pub violated: Violated,
    pub validity: Validity,
    pub declared: Declared,
    /// When a repeat is too late, should this be the first.
    pub until: MonoTime,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByHand {
    No,
    Yes,
}

impl Violated {
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    #[must_use]
    pub const fn holds(self, component: usize) -> bool {
        self.0 >> component & 1 == 1
    }

    #[must_use]
    pub const fn is_within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    pub const fn insert(&mut self, component: usize) {
        self.0 |= 1 << component;
    }
}

impl Confirming {
    #[must_use]
    pub fn determined(self, seen: Determined<'_>) -> Self {
        match self {
            Self::Idle if seen.violated.is_empty() => Self::Idle,
            Self::Idle if seen.declared == Declared::Yes => Self::Confirmed,
            Self::Idle => Self::Awaiting {
                device: seen.device.clone(),
                until: seen.until,
                violated: seen.violated,
            }, // row 1a
            Self::Awaiting { ref device, .. }
                if device != seen.device && seen.by_hand == ByHand::No =>
            {
                self
            }
            Self::Awaiting { .. } if !seen.violated.is_empty() => Self::Confirmed, // row 1b
            // A questionable reading never clears (alarms 14).
            Self::Awaiting { .. } if seen.validity == Validity::Questionable => self,
            // Nor does one that lacks what violated (safety A6).
            Self::Awaiting { violated, .. } if !violated.is_within(seen.judged) => self,
            Self::Awaiting { .. } => Self::Idle, // row 1b
            Self::Confirmed => Self::Confirmed,
        }
    }

    /// Row 1c, or a higher band that has declared the hazard.
    #[must_use]
    pub fn timer(self, declared: Declared, now: MonoTime) -> Self {
        match self {
            Self::Awaiting { until, .. } if until <= now || declared == Declared::Yes => {
                Self::Confirmed
            }
            Self::Idle | Self::Awaiting { .. } | Self::Confirmed => self,
        }
    }

    #[must_use]
    pub const fn deadline(&self) -> Option<MonoTime> {
        match self {
            Self::Awaiting { until, .. } => Some(*until),
            Self::Idle | Self::Confirmed => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(name: &str) -> DeviceId {
        DeviceId::try_new(name).expect("a valid name")
    }

    /// Every (state, cause) cell of the table above.
    #[test]
    fn the_repeat_or_its_absence_decides() {
        // row:1a row:1b row:1c
        let until = MonoTime::from_micros(180);
        let awaiting =
            || Confirming::Awaiting { device: device("cuff"), until, violated: Violated(1) };
        let cuff = device("cuff");
        let seen = |violated, declared| Determined {
            device: &cuff,
            by_hand: ByHand::No,
            judged: Violated(1),
            violated,
            validity: Validity::Good,
            declared,
            until,
        };
        let yes = seen(Violated(1), Declared::No);
        let no = seen(Violated::default(), Declared::No);
        let declared = seen(Violated(1), Declared::Yes);

        assert_eq!(Confirming::Idle.determined(yes), awaiting());
        assert_eq!(Confirming::Idle.determined(no), Confirming::Idle);
        assert_eq!(Confirming::Idle.determined(declared), Confirming::Confirmed);
        assert_eq!(awaiting().determined(yes), Confirming::Confirmed);
        assert_eq!(awaiting().determined(no), Confirming::Idle);
        assert_eq!(Confirming::Confirmed.determined(yes), Confirming::Confirmed);
        assert_eq!(Confirming::Confirmed.determined(no), Confirming::Confirmed);

        let early = MonoTime::from_micros(179);
        assert_eq!(awaiting().timer(Declared::No, early), awaiting());
        assert_eq!(awaiting().timer(Declared::Yes, early), Confirming::Confirmed);
        assert_eq!(awaiting().timer(Declared::No, until), Confirming::Confirmed);
        assert_eq!(Confirming::Idle.timer(Declared::Yes, until), Confirming::Idle);
        assert_eq!(Confirming::Confirmed.timer(Declared::No, until), Confirming::Confirmed);
    }

    #[test]
    fn another_cuff_decides_nothing_a_hand_taken_reading_does() {
        // row:1b
        let until = MonoTime::from_micros(180);
        let other = device("other");
        let awaiting =
            Confirming::Awaiting { device: device("cuff"), until, violated: Violated(1) };
        let seen = |by_hand| Determined {
            device: &other,
            by_hand,
            judged: Violated(1),
            violated: Violated::default(),
            validity: Validity::Good,
            declared: Declared::No,
            until,
        };
        assert_eq!(awaiting.clone().determined(seen(ByHand::No)), awaiting);
        assert_eq!(awaiting.determined(seen(ByHand::Yes)), Confirming::Idle);
    }
}
