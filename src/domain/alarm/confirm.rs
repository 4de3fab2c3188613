//! Does a band that asks for a repeat stand? Rows 1a to 1c of alarms 11, for cuff determinations.
//!
//! | state | qualifies | does not | time is up |
//! |---|---|---|---|
//! | `Idle` | 1a: `Awaiting`; `Confirmed` where a higher band has declared the hazard | - | - |
//! | `Awaiting` | 1b: `Confirmed` | 1b: `Idle`, if it has what violated | 1c: `Confirmed` |
//! | `Confirmed` | - | ends with the band's holds (`band`) | - |
//!
//! An inhibition (rows 26, 32) stops the countdown of `Awaiting`; its end starts it again whole.
//!
//! dosevigil inflates no cuff: the repeat is a nurse's or the monitor's act.

use std::time::Duration;

use super::hold::Declared;
use super::value::Look;
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
        /// When that reading was received: it does not repeat itself.
        first: MonoTime,
        /// How long the whole countdown is, and when this one ends.
        wait: Duration,
        until: MonoTime,
        countdown: Countdown,
        violated: Violated,
    },
    Confirmed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Countdown {
    Runs,
    /// Under an inhibition.
    Stopped,
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
    pub at: MonoTime,
    pub look: Look,
    /// How long a repeat is awaited, should this be the first.
    pub wait: Duration,
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
    pub fn determined(mut self, seen: Determined<'_>, now: MonoTime) -> Self {
        match self {
            Self::Idle if seen.violated.is_empty() => Self::Idle,
            Self::Idle if seen.declared == Declared::Yes => Self::Confirmed,
            Self::Idle => Self::Awaiting {
                device: seen.device.clone(),
                first: seen.at,
                wait: seen.wait,
                until: now.plus(seen.wait),
                countdown: Countdown::Runs,
                violated: seen.violated,
            }, // row 1a
            Self::Awaiting { first, .. } if seen.look == Look::Again && seen.at <= first => self,
            // The same measurement, told in pieces (row 31).
            Self::Awaiting { first, ref mut violated, .. }
                if seen.look == Look::Piece && seen.at <= first =>
            {
                violated.0 |= seen.violated.0;
                self
            }
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
            Self::Awaiting { until, countdown: Countdown::Runs, .. } if until <= now => {
                Self::Confirmed
            }
            Self::Awaiting { .. } if declared == Declared::Yes => Self::Confirmed,
            Self::Idle | Self::Awaiting { .. } | Self::Confirmed => self,
        }
    }

    #[must_use]
    pub const fn deadline(&self) -> Option<MonoTime> {
        match self {
            Self::Awaiting { until, countdown: Countdown::Runs, .. } => Some(*until),
            Self::Idle | Self::Confirmed | Self::Awaiting { .. } => None,
        }
    }

    /// Rows 26, 32.
    pub const fn inhibit(&mut self) {
        if let Self::Awaiting { countdown, .. } = self {
            *countdown = Countdown::Stopped;
        }
    }

    /// Row 27: the countdown starts again whole.
    pub fn resume(&mut self, now: MonoTime) {
        if let Self::Awaiting { countdown, until, wait, .. } = self
            && *countdown == Countdown::Stopped
        {
            (*countdown, *until) = (Countdown::Runs, now.plus(*wait));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WAIT: Duration = Duration::from_micros(100);

    fn device(name: &str) -> DeviceId {
        DeviceId::try_new(name).expect("a valid name")
    }

    /// Since 80 µs, the countdown running.
    fn awaiting(until: MonoTime) -> Confirming {
        Confirming::Awaiting {
            device: device("cuff"),
            first: MonoTime::from_micros(80),
            wait: WAIT,
            until,
            countdown: Countdown::Runs,
            violated: Violated(1),
        }
    }

    /// Every (state, cause) cell of the table above.
    #[test]
    fn the_repeat_or_its_absence_decides() {
        // row:1a row:1b row:1c
        let until = MonoTime::from_micros(180);
        let awaiting = || awaiting(until);
        let cuff = device("cuff");
        let seen = |violated, declared| Determined {
            device: &cuff,
            by_hand: ByHand::No,
            judged: Violated(1),
            violated,
            validity: Validity::Good,
            declared,
            at: MonoTime::from_micros(80),
            look: Look::First,
            wait: WAIT,
        };
        let now = MonoTime::from_micros(80);
        let yes = seen(Violated(1), Declared::No);
        let no = seen(Violated::default(), Declared::No);
        let declared = seen(Violated(1), Declared::Yes);

        assert_eq!(Confirming::Idle.determined(yes, now), awaiting());
        assert_eq!(Confirming::Idle.determined(no, now), Confirming::Idle);
        assert_eq!(Confirming::Idle.determined(declared, now), Confirming::Confirmed);
        assert_eq!(awaiting().determined(yes, now), Confirming::Confirmed);
        assert_eq!(awaiting().determined(no, now), Confirming::Idle);
        assert_eq!(Confirming::Confirmed.determined(yes, now), Confirming::Confirmed);
        assert_eq!(Confirming::Confirmed.determined(no, now), Confirming::Confirmed);

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
        let awaiting = awaiting(until);
        let seen = |by_hand| Determined {
            device: &other,
            by_hand,
            judged: Violated(1),
            violated: Violated::default(),
            validity: Validity::Good,
            declared: Declared::No,
            at: until,
            look: Look::First,
            wait: WAIT,
        };
        assert_eq!(awaiting.clone().determined(seen(ByHand::No), until), awaiting);
        assert_eq!(awaiting.determined(seen(ByHand::Yes), until), Confirming::Idle);
    }

    #[test]
    fn a_reading_that_is_looked_at_again_does_not_repeat_itself() {
        // row:24 row:27
        let until = MonoTime::from_micros(180);
        let cuff = device("cuff");
        let seen = |at| Determined {
            device: &cuff,
            by_hand: ByHand::No,
            judged: Violated(1),
            violated: Violated(1),
            validity: Validity::Good,
            declared: Declared::No,
            at: MonoTime::from_micros(at),
            look: Look::Again,
            wait: WAIT,
        };
        let now = MonoTime::from_micros(170);
        assert_eq!(awaiting(until).determined(seen(80), now), awaiting(until));
        assert_eq!(awaiting(until).determined(seen(81), now), Confirming::Confirmed);
    }

    #[test]
    fn an_inhibition_stops_the_countdown_and_its_end_starts_it_again_whole() {
        // row:26 row:27
        let mut confirming = awaiting(MonoTime::from_micros(180));
        assert_eq!(confirming.deadline(), Some(MonoTime::from_micros(180)));
        confirming.inhibit();
        assert_eq!(confirming.deadline(), None);
        let late = MonoTime::from_micros(500);
        let stopped = confirming.clone().timer(Declared::No, late);
        assert_eq!(stopped, confirming, "it does not run out");
        confirming.resume(late);
        assert_eq!(confirming, awaiting(MonoTime::from_micros(600)));
        confirming.resume(MonoTime::from_micros(590));
        assert_eq!(confirming, awaiting(MonoTime::from_micros(600)), "one that runs goes on");
    }

    /// A good reading of `device` at 180 µs in which nothing violates.
    fn normal(device: &DeviceId) -> Determined<'_> {
        Determined {
            device,
            by_hand: ByHand::No,
            judged: Violated(1),
            violated: Violated::default(),
            validity: Validity::Good,
            declared: Declared::No,
            at: MonoTime::from_micros(180),
            look: Look::First,
            wait: WAIT,
        }
    }

    #[test]
    fn a_piece_of_the_same_measurement_adds_what_it_violates_and_repeats_nothing() {
        // row:31
        let (cuff, until) = (device("cuff"), MonoTime::from_micros(180));
        let piece = |at, violated| Determined {
            look: Look::Piece,
            at: MonoTime::from_micros(at),
            violated,
            ..normal(&cuff)
        };
        let now = MonoTime::from_micros(90);
        let both = match awaiting(until) {
            Confirming::Awaiting { device, first, wait, until, countdown, .. } => {
                let violated = Violated(0b11);
                Confirming::Awaiting { device, first, wait, until, countdown, violated }
            }
            idle @ (Confirming::Idle | Confirming::Confirmed) => idle,
        };
        assert_eq!(awaiting(until).determined(piece(80, Violated(0b10)), now), both);
        assert_eq!(awaiting(until).determined(piece(80, Violated(0)), now), awaiting(until));
        let next = awaiting(until).determined(piece(81, Violated(0b10)), now);
        assert_eq!(next, Confirming::Confirmed, "a later measurement repeats it");
    }

    #[test]
    fn a_questionable_reading_or_one_that_lacks_what_violated_ends_no_wait() {
        // row:1b safety:A6
        let (cuff, until) = (device("cuff"), MonoTime::from_micros(180));
        let table = [
            (Validity::Good, Violated(0b01), Confirming::Idle),
            (Validity::Good, Violated(0b11), Confirming::Idle),
            (Validity::Good, Violated(0b10), awaiting(until)),
            (Validity::Questionable, Violated(0b01), awaiting(until)),
        ];
        for (validity, judged, next) in table {
            let seen = Determined { validity, judged, ..normal(&cuff) };
            assert_eq!(awaiting(until).determined(seen, until), next, "{validity:?} {judged:?}");
        }
    }

    #[test]
    fn components_are_found_by_their_place() {
        let mut violated = Violated::default();
        for place in [0, 3] {
            violated.insert(place);
            violated.insert(place);
        }
        assert_eq!(violated, Violated(0b1001));
        let held: Vec<_> = (0..16).filter(|place| violated.holds(*place)).collect();
        assert_eq!(held, [0, 3]);
        let table = [(0b1001, true), (0b1111, true), (0b0001, false), (0b0110, false)];
        for (other, is_within) in table {
            assert_eq!(violated.is_within(Violated(other)), is_within, "{other:b}");
        }
    }
}
