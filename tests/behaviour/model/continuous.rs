//! Continuous families of the model: rows 1 to 12 and 24 to 28 of alarms 11 over all samples of a
//! metric, which are kept and asked anew.
//!
//! Where the tables leave a choice, it takes that of the code's docs: the period is learned fast
//! down and slowly up; a gap is no dip; the length of a dip is judged at samples that do not
//! violate; a limit under a declared one needs no delay of its own.

use std::collections::BTreeSet;
use std::time::Duration;

use dosevigil::domain::alarm::Priority;

use super::preset::{Band, Edge, Family, Limit};
use super::stream::{Seen, Stream};
use super::told::{At, Hazard};
use crate::support::seconds;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Normal,
    Pending { since: At, lost: Option<At> },
    Present,
    Clearing { since: At },
}

/// One family and how each of its limits stands.
#[derive(Debug)]
pub(crate) struct Timed {
    pub(crate) family: Family,
    /// Place of its band, and the limit.
    limits: Vec<(usize, Limit)>,
    /// What is in force: `None` out of phase or without a baseline.
    edges: Vec<Option<Edge>>,
    states: Vec<State>,
    /// Of each sample, which limits it violated as they were then.
    bad: Vec<Vec<bool>>,
    /// H4's onset counts as delayed where it was low to begin with.
    pub(crate) baseline_rate: Option<i32>,
}

const TC: u64 = 10;

fn violates(edge: Edge, seen: &Seen) -> bool {
    seen.value.is_some_and(|value| edge.violated_by(value, seen.good))
}

impl Timed {
    pub(crate) fn new(family: Family) -> Self {
        let places = family.bands.iter().enumerate();
        let limits: Vec<_> = places
            .flat_map(|(rank, band)| band.limits.iter().map(move |limit| (rank, *limit)))
            .collect();
        Self {
            edges: vec![None; limits.len()],
            states: vec![State::Normal; limits.len()],
            limits,
            family,
            bad: Vec::new(),
            baseline_rate: None,
        }
    }

    fn td(&self, limit: usize) -> Duration {
        seconds(self.limits[limit].1.td)
    }

    /// Seconds that did not violate between `since` and `at`: a sample lasts until the next.
    fn dips(&self, limit: usize, stream: &Stream, since: At, at: At) -> Duration {
        let timer = since + self.td(limit);
        let valid: Vec<_> =
            (0..stream.seen.len()).filter(|i| stream.seen[*i].value.is_some()).collect();
        let mut dips = Duration::ZERO;
        for (place, &i) in valid.iter().enumerate() {
            let from = stream.seen[i].at;
            if from < since || from >= at || self.bad[i][limit] {
                continue;
            }
            let next = valid.get(place + 1).map_or(at, |&next| stream.seen[next].at.min(at));
            let absent = stream.seen.get(i + 1).filter(|seen| seen.value.is_none());
            let grey = stream.grey[i];
            let lost = stream.losses.iter().copied().find(|lost| *lost > from);
            let ends = absent.map(|absent| absent.at).into_iter().chain(lost).fold(grey, At::min);
            let gap = next > ends;
            let until = if !gap {
                next
            } else if from < timer && timer < ends {
                timer
            } else {
                from
            };
            dips += until - from;
        }
        dips
    }

    fn tolerated(&self, limit: usize, stream: &Stream, since: At, at: At) -> bool {
        self.dips(limit, stream, since, at) * 5 <= at - since
    }

    /// Rows 9, 10: no fresh valid value.
    pub(crate) fn gone(&mut self, at: At) {
        for state in &mut self.states {
            match state {
                State::Pending { lost, .. } => *lost = lost.or(Some(at)),
                State::Clearing { .. } => *state = State::Present,
                State::Normal | State::Present => {}
            }
        }
    }

    /// A higher band is present, so the hazard has been declared for this one.
    fn declared(&self, limit: usize) -> bool {
        let rank = self.limits[limit].0;
        let mut higher = self.limits.iter().zip(&self.states).filter(|((it, _), _)| *it < rank);
        higher.any(|(_, state)| is_told(*state))
    }

    /// Rows 4, 8.
    pub(crate) fn time(&mut self, stream: &Stream, at: At) {
        for limit in 0..self.states.len() {
            let Some(edge) = self.edges[limit] else { continue };
            let newest = stream.seen.iter().rfind(|seen| seen.value.is_some());
            let violates = newest.is_some_and(|newest| violates(edge, newest));
            self.states[limit] = match self.states[limit] {
                State::Pending { lost: None, .. } if violates && self.declared(limit) => {
                    State::Present
                }
                State::Pending { since, lost: None } if at == since + self.td(limit) => {
                    match (violates, self.tolerated(limit, stream, since, at)) {
                        (true, true) => State::Present,                        // row 4
                        (false, true) => State::Pending { since, lost: None }, // row 4
                        (_, false) => State::Normal,                           // row 5
                    }
                }
                State::Clearing { since } if at >= since + seconds(TC) => State::Normal, // row 8
                State::Normal | State::Pending { .. } | State::Present | State::Clearing { .. } => {
                    self.states[limit]
                }
            };
        }
    }

    /// Remembers what the newest sample, valid or not, was to the limits of its time.
    pub(crate) fn note(&mut self, stream: &Stream) {
        let seen = stream.seen[stream.seen.len() - 1];
        let bad = self.edges.iter().map(|edge| edge.is_some_and(|edge| violates(edge, &seen)));
        self.bad.push(bad.collect());
    }

    /// Judges the newest sample, a valid one.
    pub(crate) fn sample(&mut self, stream: &Stream, due: &mut BTreeSet<At>) {
        let Some(seen) = stream.fresh() else { return };
        for limit in 0..self.states.len() {
            if let Some(edge) = self.edges[limit] {
                self.states[limit] = self.judged(limit, edge, stream, &seen, due);
            }
        }
    }

    fn begin(&self, limit: usize, at: At, due: &mut BTreeSet<At>) -> State {
        if self.td(limit).is_zero() || self.declared(limit) {
            return State::Present; // row 1
        }
        due.insert(at + self.td(limit));
        State::Pending { since: at, lost: None } // row 2
    }

    /// A delay is over and what comes violates: row 3, or row 5 and then row 2.
    fn decided(
        &self,
        limit: usize,
        stream: &Stream,
        since: At,
        at: At,
        due: &mut BTreeSet<At>,
    ) -> State {
        let tolerated = self.tolerated(limit, stream, since, at);
        if tolerated { State::Present } else { self.begin(limit, at, due) }
    }

    fn judged(
        &self,
        limit: usize,
        edge: Edge,
        stream: &Stream,
        seen: &Seen,
        due: &mut BTreeSet<At>,
    ) -> State {
        let (at, td) = (seen.at, self.td(limit));
        let bad = violates(edge, seen);
        let value = seen.value.expect("a valid sample");
        let clear = edge.cleared_by(value, seen.good, self.family.clear_by);
        match self.states[limit] {
            State::Normal if !bad => State::Normal,
            State::Normal => self.begin(limit, at, due),
            State::Pending { .. } if bad && self.declared(limit) => State::Present,
            State::Pending { lost: Some(lost), .. } if at - lost >= seconds(15) => {
                if bad { self.begin(limit, at, due) } else { State::Normal } // row 11
            }
            State::Pending { since, .. } if bad && at - since >= td => {
                self.decided(limit, stream, since, at, due)
            }
            State::Pending { since, .. } if bad => {
                due.insert(since + td);
                State::Pending { since, lost: None }
            }
            State::Pending { since, .. } => {
                let valid = (0..stream.seen.len()).rev();
                let valid = valid.filter(|i| stream.seen[*i].value.is_some());
                let dip = valid.take_while(|i| !self.bad[*i][limit]).last();
                let lasted = at - stream.seen[dip.expect("this sample at least")].at;
                let too_long = lasted > (stream.period * 3).max(seconds(3));
                let over = at - since >= td && !self.tolerated(limit, stream, since, at);
                if !too_long && !over && at < since + td {
                    due.insert(since + td);
                }
                if too_long || over { State::Normal } else { State::Pending { since, lost: None } }
            }
            State::Present if clear => {
                due.insert(at + seconds(TC));
                State::Clearing { since: at } // row 6
            }
            State::Clearing { since } if clear => State::Clearing { since },
            State::Present | State::Clearing { .. } => State::Present, // row 7
        }
    }

    /// Rows 24, 25: limits came into force, went out of it, or changed.
    pub(crate) fn in_force(
        &mut self,
        edges: Vec<Option<Edge>>,
        stream: &Stream,
        at: At,
        due: &mut BTreeSet<At>,
    ) {
        let before = std::mem::replace(&mut self.edges, edges);
        for (limit, before) in before.into_iter().enumerate() {
            let now = self.edges[limit];
            if before == now {
                continue;
            }
            let Some(edge) = now else {
                self.states[limit] = State::Normal; // row 25
                continue;
            };
            let Some(seen) = stream.fresh() else { continue };
            let bad = violates(edge, &seen);
            let mut state = self.states[limit];
            if let State::Pending { since, lost: None } = state
                && at - since >= self.td(limit)
            {
                state = self.decided(limit, stream, since, at, due);
            }
            // It is judged again.
            if let Some(newest) = self.bad.last_mut() {
                newest[limit] = bad;
            }
            self.states[limit] = match state {
                _ if !bad => State::Normal, // row 24
                State::Normal => self.begin(limit, at, due),
                State::Pending { .. } => state,
                State::Present | State::Clearing { .. } => State::Present,
            };
        }
    }

    /// Rows 26, 32: delays are dropped, what is open stays.
    pub(crate) fn inhibit(&mut self) {
        for state in &mut self.states {
            if matches!(state, State::Pending { .. }) {
                *state = State::Normal;
            }
        }
    }

    /// Row 27: the newest fresh value is judged, without credit.
    pub(crate) fn resume(&mut self, stream: &Stream, at: At, due: &mut BTreeSet<At>) {
        for state in &mut self.states {
            if matches!(state, State::Clearing { .. }) {
                *state = State::Present;
            }
        }
        let Some(seen) = stream.fresh() else { return };
        let seen = Seen { at, ..seen };
        for limit in 0..self.states.len() {
            if let Some(edge) = self.edges[limit] {
                self.states[limit] = self.judged(limit, edge, stream, &seen, due);
            }
        }
    }

    pub(crate) fn forget(&mut self) {
        self.states.fill(State::Normal);
    }

    /// Row 28: a delay that ran is dropped, what was open is present.
    pub(crate) fn restart(&mut self) {
        for state in &mut self.states {
            *state = match state {
                State::Normal | State::Pending { .. } => State::Normal,
                State::Present | State::Clearing { .. } => State::Present,
            };
        }
    }

    /// Which band governs.
    pub(crate) fn hazard(&self) -> Option<Hazard> {
        let told = self.limits.iter().zip(&self.states).filter(|(_, state)| is_told(**state));
        let rank = told.map(|((rank, _), _)| *rank).min()?;
        let band = &self.family.bands[rank];
        Some(Hazard {
            rank,
            rule: band.rule,
            priority: self.priority(band),
            waits: false,
            clearing: !self.states.contains(&State::Present),
        })
    }

    fn priority(&self, band: &Band) -> Priority {
        let usual = self.baseline_rate.is_none_or(|rate| rate >= 55);
        if band.rule == "H4" && !usual { Priority::Low } else { band.priority }
    }

    pub(crate) fn limits(&self) -> impl Iterator<Item = (&Band, &Limit)> {
        self.limits.iter().map(|(rank, limit)| (&self.family.bands[*rank], limit))
    }
}

fn is_told(state: State) -> bool {
    matches!(state, State::Present | State::Clearing { .. })
}
