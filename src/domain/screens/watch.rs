//! Which beds nobody sees, and whether nobody hears: visible leases in, `Watching` out where it
//! has changed (alarms 9 and 13, "nobody is watching").
//!
//! A bed counts as unwatched once no visible screen has shown it for 10 s; sound as locked once
//! every visible screen has had it locked or muted for 10 s. Both from 60 s after the start on, for
//! screens need a moment to come back. Whether a session runs on the bed is the ward's question.

use std::time::Duration;

use super::{Audio, Coverage, Lease};
use crate::domain::ids::BedIndex;
use crate::domain::input::{Sound, Watching};
use crate::domain::time::RealTime;

/// How long nobody sees or hears before it counts (alarms 13).
const DELAY: Duration = Duration::from_secs(10);
/// Nobody is missed before that (alarms 9, 13).
const FROM_START: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub(super) struct Watch {
    from: RealTime,
    /// By bed: no visible screen shows it since then.
    unseen: Vec<Option<RealTime>>,
    /// No visible screen can be heard since then; `None` without any.
    unheard: Option<RealTime>,
    told: Option<Watching>,
    /// When time alone changes what is to be told.
    due: Option<RealTime>,
}

impl Watch {
    pub(super) fn new(beds: usize, now: RealTime) -> Self {
        let from = now.plus(FROM_START);
        Self { from, unseen: vec![Some(now); beds], unheard: None, told: None, due: Some(from) }
    }

    /// Takes in what the visible screens show.
    pub(super) fn look(&mut self, visible: &[&Lease], now: RealTime) {
        let all = visible.iter().any(|lease| lease.beds == Coverage::All);
        let mut seen = vec![all; self.unseen.len()];
        for lease in visible {
            let Coverage::Beds(beds) = &lease.beds else { continue };
            for bed in beds {
                if let Some(seen) = seen.get_mut(bed.0 as usize) {
                    *seen = true;
                }
            }
        }
        for (since, seen) in self.unseen.iter_mut().zip(seen) {
            *since = if seen { None } else { since.or(Some(now)) };
        }
        let heard = visible.iter().any(|lease| lease.audio == Audio::Unlocked);
        let silent = !visible.is_empty() && !heard;
        self.unheard = if silent { self.unheard.or(Some(now)) } else { None };
    }

    /// What is to be told, where it differs from what was.
    pub(super) fn tell(&mut self, now: RealTime) -> Option<Watching> {
        let counts_at = |since: RealTime| since.plus(DELAY).max(self.from);
        let sinces = self.unseen.iter().flatten().copied().chain(self.unheard);
        let start = self.told.is_none().then_some(self.from);
        self.due = sinces.map(counts_at).chain(start).filter(|due| *due > now).min();
        if now < self.from {
            return None;
        }
        let late = |since: &Option<RealTime>| since.is_some_and(|since| counts_at(since) <= now);
        let beds = (0..).map(BedIndex).zip(&self.unseen);
        let unwatched = beds.filter(|(_, since)| late(since)).map(|(bed, _)| bed).collect();
        let sound = if late(&self.unheard) { Sound::Locked } else { Sound::Heard };
        let watching = Watching { unwatched, sound };
        if self.told.as_ref() == Some(&watching) {
            return None;
        }
        self.told = Some(watching.clone());
        Some(watching)
    }

    pub(super) const fn next_due(&self) -> Option<RealTime> {
        self.due
    }
}
