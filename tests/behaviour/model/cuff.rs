//! Families of the model that are judged reading by reading: pressures with their repeats (rows 1
//! to 1c, 6, 8, 13, 14 of alarms 11), and the sedation score that a nurse enters.
//!
//! Choices taken as the code's docs say: a band under one that was declared stands without its own
//! repeat; the awaited repeat counts with the interval that the reading itself started.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::time::Duration;

use dosevigil::domain::alarm::Priority;

use super::preset::{Band, Confirm, Edge, Family, Limit, Of};
use super::told::{At, Hazard};
use crate::support::seconds;

/// The parts of a reading that are judged apart.
pub(crate) const PARTS: [Of; 4] = [Of::Sys, Of::Dia, Of::Map, Of::Moaas];

type Each<T> = [T; 4];

/// One determination, or one observation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) at: At,
    pub(crate) values: Each<Option<i32>>,
    /// Which cuff; `HAND` repeats for any.
    pub(crate) cuff: usize,
    pub(crate) good: bool,
}

pub(crate) const HAND: usize = 2;

/// A first qualifying reading whose repeat is awaited.
#[derive(Clone, Copy, Debug)]
struct Awaits {
    since: At,
    within: Duration,
    until: At,
    cuff: usize,
    violated: Each<bool>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Standing {
    stands: Each<bool>,
    awaits: Option<Awaits>,
}

/// What is in force of one band; all `None`: nothing.
pub(crate) type Edges = Each<Option<Edge>>;

/// Whether a reading is still shown; later it is removed from the live field (alarms 14).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    Yes,
    No,
}

#[derive(Debug)]
pub(crate) struct Spot {
    pub(crate) family: Family,
    edges: Vec<Edges>,
    bands: Vec<Standing>,
}

fn any(parts: Each<bool>) -> bool {
    parts.contains(&true)
}

/// Which parts violate, and which are past their clear level.
fn judge(edges: &Edges, reading: &Reading, h: i32) -> (Each<bool>, Each<bool>) {
    let (mut bad, mut clear) = ([false; 4], [false; 4]);
    for part in 0..PARTS.len() {
        if let (Some(edge), Some(value)) = (edges[part], reading.values[part]) {
            bad[part] = edge.violated_by(value, reading.good);
            clear[part] = edge.cleared_by(value, reading.good, h);
        }
    }
    (bad, clear)
}

impl Spot {
    pub(crate) fn new(family: Family) -> Self {
        let count = family.bands.len();
        Self { family, edges: vec![[None; 4]; count], bands: vec![Standing::default(); count] }
    }

    /// Whether a reading violates any rule, in phase or not, and whether it is past every clear
    /// level.
    pub(crate) fn high_and_clear(
        &self,
        reading: &Reading,
        edge: impl Fn(&Band, &Limit) -> Option<Edge>,
    ) -> (bool, bool) {
        let (mut high, mut clear) = (false, true);
        let limits = |band| -> Vec<(&Band, &Limit)> {
            let band: &Band = band;
            band.limits.iter().map(|limit| (band, limit)).collect()
        };
        for (band, limit) in self.family.bands.iter().flat_map(limits) {
            let part = PARTS.iter().position(|part| *part == limit.of).expect("a pressure's part");
            let (edge, value) = (edge(band, limit), reading.values[part]);
            let (Some(edge), Some(value)) = (edge, value) else { continue };
            high |= edge.violated_by(value, reading.good);
            clear &= edge.cleared_by(value, reading.good, self.family.clear_by);
        }
        (high, clear)
    }

    /// Row 1c, from the highest band down; what stands by it has been declared for those below.
    pub(crate) fn time(&mut self, now: At) {
        let mut declared = false;
        for band in &mut self.bands {
            if let Some(awaits) = band.awaits
                && (awaits.until <= now || declared)
            {
                *band = Standing { stands: awaits.violated, awaits: None };
            }
            declared |= any(band.stands);
        }
    }

    /// A new reading; `interval` is the one that it started itself.
    pub(crate) fn take(&mut self, reading: &Reading, interval: Duration, due: &mut BTreeSet<At>) {
        // What stood when the reading came has been declared, whatever the reading says of it.
        let stood = self.bands.iter().position(|band| any(band.stands));
        for rank in 0..self.bands.len() {
            let declared = stood.is_some_and(|stood| stood < rank);
            self.judge_band((rank, declared), reading, interval, due);
        }
    }

    fn judge_band(
        &mut self,
        (rank, declared): (usize, bool),
        reading: &Reading,
        interval: Duration,
        due: &mut BTreeSet<At>,
    ) {
        if self.edges[rank] == [None; 4] {
            return;
        }
        let higher = declared || self.bands[..rank].iter().any(|band| any(band.stands));
        let (bad, clear) = judge(&self.edges[rank], reading, self.family.clear_by);
        let confirm = self.family.bands[rank].confirm;
        let band = &mut self.bands[rank];
        if let (true, Some(awaits)) = (higher, band.awaits) {
            *band = Standing { stands: awaits.violated, awaits: None };
        }
        let within = match confirm {
            Confirm::No => None,
            Confirm::Recuff => Some(seconds(180)),
            Confirm::Next => Some(interval + seconds(60)),
        };
        let repeats = |awaits: Awaits| [awaits.cuff, HAND].contains(&reading.cuff);
        let may_stand = match (band.awaits, within) {
            (Some(awaits), _) if !repeats(awaits) => false,
            (Some(_), _) if any(bad) => true, // row 1b
            (Some(_), _) if !reading.good => false,
            (Some(_), _) => {
                band.awaits = None; // row 1b
                false
            }
            (None, Some(within)) if !any(band.stands) && any(bad) && !higher => {
                let until = reading.at + within;
                due.insert(until);
                let (since, cuff) = (reading.at, reading.cuff);
                band.awaits = Some(Awaits { since, within, until, cuff, violated: bad }); // row 1a
                false
            }
            (None, _) => true,
        };
        if may_stand {
            band.awaits = None;
            for part in 0..PARTS.len() {
                band.stands[part] = (band.stands[part] || bad[part]) && !clear[part];
            }
        }
    }

    /// Rows 24, 25: bands came into force, went out of it, or have other limits. What no longer
    /// violates ends, however old its reading; one that is still shown raises, too.
    pub(crate) fn in_force(
        &mut self,
        edges: Vec<Edges>,
        newest: Option<(Reading, Shown)>,
        (at, interval): (At, Duration),
        due: &mut BTreeSet<At>,
    ) {
        let before = std::mem::replace(&mut self.edges, edges);
        for (rank, before) in before.into_iter().enumerate() {
            let now = self.edges[rank];
            if before == now {
                continue;
            }
            if now == [None; 4] {
                self.bands[rank] = Standing::default();
                continue;
            }
            let Some((newest, shown)) = newest else { continue };
            // A limit that stayed ends nothing, one that moved what it no longer has.
            let (bad, _) = judge(&now, &newest, self.family.clear_by);
            let band = &mut self.bands[rank];
            let ends = |part: usize| before[part] != now[part] && !bad[part];
            for part in (0..PARTS.len()).filter(|part| ends(*part)) {
                band.stands[part] = false;
                if let Some(awaits) = &mut band.awaits {
                    awaits.violated[part] = false;
                }
            }
            band.awaits = band.awaits.filter(|awaits| any(awaits.violated));
            let is_its_own = band.awaits.is_some_and(|awaits| awaits.since >= newest.at);
            if shown == Shown::Yes && !is_its_own {
                self.judge_band((rank, false), &Reading { at, ..newest }, interval, due);
            }
        }
    }

    pub(crate) fn forget(&mut self) {
        self.bands.fill(Standing::default());
    }

    /// Row 27: the countdown starts again whole, unless the repeat has come meanwhile.
    pub(crate) fn resume(
        &mut self,
        newest: Option<Reading>,
        (at, interval): (At, Duration),
        due: &mut BTreeSet<At>,
    ) {
        let stood = self.bands.iter().position(|band| any(band.stands));
        for rank in 0..self.bands.len() {
            let declared = stood.is_some_and(|stood| stood < rank);
            let decided = newest.filter(|newest| {
                self.bands[rank].awaits.is_none_or(|awaits| newest.at > awaits.since)
            });
            if let Some(newest) = decided {
                self.judge_band((rank, declared), &Reading { at, ..newest }, interval, due);
            }
        }
        self.count_again(at, due);
    }

    /// A countdown that stopped starts again whole.
    pub(crate) fn count_again(&mut self, at: At, due: &mut BTreeSet<At>) {
        for awaits in self.bands.iter_mut().filter_map(|band| band.awaits.as_mut()) {
            awaits.until = at + awaits.within;
            due.insert(awaits.until);
        }
    }

    /// Which band governs.
    pub(crate) fn hazard(&self) -> Option<Hazard> {
        let of = |(rank, band): (usize, &Standing)| {
            let Band { rule, priority, confirm, .. } = &self.family.bands[rank];
            let hazard = |priority, waits| Hazard { rank, rule, priority, waits, clearing: false };
            match band.awaits {
                _ if any(band.stands) => Some(hazard(*priority, false)),
                Some(_) if *confirm == Confirm::Recuff => Some(hazard(Priority::Medium, true)),
                Some(_) | None => None,
            }
        };
        // "Re-cuff now" is MEDIUM, whatever its band will be.
        let all = self.bands.iter().enumerate().filter_map(of);
        all.max_by_key(|hazard| (hazard.priority, Reverse(hazard.rank)))
    }
}
