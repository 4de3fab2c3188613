//! Does one component of a rule hold? Condition delay, tolerated dips and clear delay (Td, Tc).
//!
//! | state | sample violates | between | past clear level | timer | missing |
//! |---|---|---|---|---|---|
//! | `Idle` | 1, 2: `Held` (Td 0) or `Running` | - | - | - | - |
//! | `Running` | 3: `Held` at Td, dips tolerated | 5: dip | 5: dip | 4 | 10, 11: clock kept 15 s |
//! | `Held` | - | - | 6: `Clearing`, `Idle` when Tc is 0 | - | 9: stays |
//! | `Clearing` | 7: `Held` | 7: `Held` | 8 at Tc | 8: `Idle` | 9: `Held` |
//!
//! The numbers are rows of alarms 11. Which band governs a family is `family`'s; whether a hazard
//! is told is `condition`'s and `signal`'s.

use std::time::Duration;

use super::rule::Verdict;
use crate::domain::reading::Validity;
use crate::domain::time::MonoTime;

/// Tc of continuous values; a cuff's reading decides at once (alarms 14, default timings).
pub const CLEAR_DELAY: Duration = Duration::from_secs(10);
/// A pending delay goes on over a gap shorter than this (row 11).
const GAP_MAX: Duration = Duration::from_secs(15);
/// A dip longer than this, or than three periods, resets a pending delay (row 5).
const DIP_MIN: Duration = Duration::from_secs(3);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hold {
    #[default]
    Idle,
    /// Violated, Td running.
    Running(Run),
    Held,
    /// Past the clear level since then, Tc running.
    Clearing {
        since: MonoTime,
    },
}

/// A running condition delay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Time of the first violating sample.
    pub since: MonoTime,
    /// Time of the newest sample, and whether it violates.
    pub newest: MonoTime,
    pub violating: bool,
    /// Start of the dip that goes on.
    pub dip_since: Option<MonoTime>,
    /// All dips that are over, added up.
    pub dips: Duration,
    /// Violating spot values in a row; 0 for a continuous value.
    pub spots: u8,
    /// The input went missing then (row 10).
    pub lost: Option<MonoTime>,
}

/// How values of this kind come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sampling {
    /// Every so often; judged by time.
    Continuous { period: Duration },
    /// A cuff's pressure: one reading, one decision.
    Intermittent,
    /// A cuff's or hand-taken pulse: so many in a row.
    Spot { needed: u8 },
}

/// One judged sample.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    pub verdict: Verdict,
    pub validity: Validity,
    pub sampling: Sampling,
    /// Td.
    pub persist: Duration,
    /// The family is present at this band's rank or higher: the hazard has been declared, so a
    /// lower band holds at once and takes over without a gap (row 14).
    pub declared: Declared,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declared {
    No,
    Yes,
}

impl Hold {
    /// Judges the next sample.
    #[must_use]
    pub fn sample(self, sample: &Sample, now: MonoTime) -> Self {
        match (self, sample.verdict) {
            (Self::Idle, Verdict::Violated) => start(sample, now),
            (Self::Idle, Verdict::Between | Verdict::Clear) => Self::Idle,
            (Self::Running(run), verdict) => run.sample(sample, verdict, now),
            (Self::Held, Verdict::Violated | Verdict::Between) => Self::Held,
            (Self::Clearing { .. }, Verdict::Violated | Verdict::Between) => Self::Held, // row 7
            // Row 6: a questionable sample never clears, and the clear delay wants good ones.
            (Self::Held | Self::Clearing { .. }, Verdict::Clear)
                if sample.validity == Validity::Questionable =>
            {
                Self::Held
            }
            (Self::Held, Verdict::Clear) => match sample.sampling {
                Sampling::Intermittent => Self::Idle, // rows 6 and 8 with Tc 0
                Sampling::Continuous { .. } | Sampling::Spot { .. } => {
                    Self::Clearing { since: now }
                }
            },
            (Self::Clearing { since }, Verdict::Clear) => {
                if now.since(since) >= CLEAR_DELAY { Self::Idle } else { self } // row 8
            }
        }
    }

    /// Time alone has passed; `newest` says whether the newest sample is fresh.
    #[must_use]
    pub fn timer(self, persist: Duration, newest: Newest, now: MonoTime) -> Self {
        match self {
            Self::Idle | Self::Held => self,
            Self::Running(run) => run.timer(persist, newest, now),
            Self::Clearing { since } => match newest {
                Newest::Fresh if now.since(since) >= CLEAR_DELAY => Self::Idle, // row 8
                Newest::Fresh | Newest::Spot => self,
                Newest::Missing => Self::Held, // row 9
            },
        }
    }

    /// A higher band holds by time alone: what violates now has been declared with it.
    #[must_use]
    pub fn declared(self) -> Self {
        match self {
            Self::Running(run) if run.violating && run.lost.is_none() => Self::Held,
            Self::Idle | Self::Running(_) | Self::Held | Self::Clearing { .. } => self,
        }
    }

    /// The input is stale, absent or invalid (rows 9, 10).
    #[must_use]
    pub fn missing(self, now: MonoTime) -> Self {
        match self {
            Self::Idle | Self::Held => self,
            Self::Running(run) => Self::Running(Run { lost: run.lost.or(Some(now)), ..run }),
            Self::Clearing { .. } => Self::Held,
        }
    }

    /// The process started: timed pending is dropped, what clears is present again (row 28).
    #[must_use]
    pub const fn restarted(self) -> Self {
        match self {
            Self::Idle | Self::Running(_) => Self::Idle,
            Self::Held | Self::Clearing { .. } => Self::Held,
        }
    }

    /// When to call `timer`, if nothing comes before.
    #[must_use]
    pub fn deadline(self, persist: Duration) -> Option<MonoTime> {
        match self {
            Self::Running(run)
                if run.spots == 0 && run.lost.is_none() && run.newest < run.since.plus(persist) =>
            {
                Some(run.since.plus(persist))
            }
            Self::Clearing { since } => Some(since.plus(CLEAR_DELAY)),
            Self::Idle | Self::Held | Self::Running(_) => None,
        }
    }
}

/// What the newest sample of an input is at a timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Newest {
    Fresh,
    /// A spot value: judged only when the next one comes.
    Spot,
    Missing,
}

fn start(sample: &Sample, now: MonoTime) -> Hold {
    let needed = match sample.sampling {
        Sampling::Spot { needed } => needed,
        Sampling::Intermittent => 1,
        Sampling::Continuous { .. } if sample.persist.is_zero() => 1,
        Sampling::Continuous { .. } => u8::MAX,
    };
    if needed <= 1 || sample.declared == Declared::Yes {
        return Hold::Held; // row 1
    }
    Hold::Running(Run {
        since: now,
        newest: now,
        violating: true,
        dip_since: None,
        dips: Duration::ZERO,
        spots: u8::from(matches!(sample.sampling, Sampling::Spot { .. })),
        lost: None,
    }) // row 2
}

impl Run {
    fn sample(self, sample: &Sample, verdict: Verdict, now: MonoTime) -> Hold {
        let violates = verdict == Verdict::Violated;
        if violates && sample.declared == Declared::Yes {
            return Hold::Held;
        }
        match sample.sampling {
            // Row 3.
            Sampling::Spot { needed } if violates && self.spots + 1 >= needed => Hold::Held,
            Sampling::Spot { .. } if violates => {
                Hold::Running(Self { spots: self.spots + 1, newest: now, ..self })
            }
            Sampling::Spot { .. } => Hold::Idle, // row 5: any one
            Sampling::Intermittent if violates => Hold::Held,
            Sampling::Intermittent => Hold::Idle,
            Sampling::Continuous { period } => {
                let is_gap = self.lost.is_some_and(|lost| now.since(lost) >= GAP_MAX);
                if is_gap || self.spots > 0 {
                    // Row 11: the clock starts again. Spot values have none.
                    return Hold::Idle.sample(sample, now);
                }
                self.continuous(violates, sample, period, now)
            }
        }
    }

    fn continuous(self, violates: bool, sample: &Sample, period: Duration, now: MonoTime) -> Hold {
        let run = self.counted(now);
        let over = now.since(run.since) >= sample.persist;
        if violates {
            let run = Self { violating: true, dip_since: None, ..run };
            return match (over, run.tolerated(now)) {
                (false, _) => Hold::Running(run),
                (true, true) => Hold::Held,          // row 3
                (true, false) => start(sample, now), // row 5, then row 2
            };
        }
        let dip_since = run.dip_since.unwrap_or(now);
        let run = Self { violating: false, dip_since: Some(dip_since), ..run };
        let too_long = now.since(dip_since) > DIP_MIN.max(period * 3);
        if too_long || (over && !run.tolerated(now)) {
            return Hold::Idle; // row 5
        }
        Hold::Running(run)
    }

    fn timer(self, persist: Duration, newest: Newest, now: MonoTime) -> Hold {
        if newest == Newest::Missing {
            return Hold::Running(self).missing(now); // row 4: not fresh
        }
        if newest == Newest::Spot || self.lost.is_some() || now.since(self.since) < persist {
            return Hold::Running(self);
        }
        let run = self.counted(now);
        match (run.violating, run.tolerated(now)) {
            (true, true) => Hold::Held,          // row 4
            (false, true) => Hold::Running(run), // row 4: the next sample decides
            (_, false) => Hold::Idle,            // row 5
        }
    }

    /// Adds what the newest sample lasted: a sample lasts until the next. A gap is no dip.
    fn counted(self, now: MonoTime) -> Self {
        let lasted = now.since(self.newest);
        let dip = !self.violating && self.lost.is_none();
        let dips = if dip { self.dips + lasted } else { self.dips };
        Self { dips, newest: now, lost: None, ..self }
    }

    /// At most a fifth of the time since the start was not violating (row 5).
    fn tolerated(&self, now: MonoTime) -> bool {
        self.dips * 5 <= now.since(self.since)
    }
}

#[cfg(test)]
mod tests;
