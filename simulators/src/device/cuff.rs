//! The blood-pressure cuff inside a monitor: turns a schedule into determinations, each with
//! its instant. Shared by the DINAMAP (whose status shows `busy`) and the gateway.
//! Events happen at their own instants, so how often `advance` is called changes nothing.

use std::sync::Arc;

use serde::Deserialize;

use crate::bedside::Bedside;
use crate::patient::CuffOutcome;

/// The automatic cycle of a cuff.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CuffPlan {
    /// From one inflation to the next, s; at least 60.
    pub interval_s: f64,
    /// Clinical second of the first inflation.
    pub first_s: f64,
}

/// A determination that the scenario scripts: it takes the place of automatic ones nearby.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScriptedCuff {
    /// Clinical second at which it completes.
    pub at_s: f64,
    /// What it gives.
    pub outcome: CuffOutcome,
}

/// A completed determination.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Determination {
    /// Counts from 1.
    pub number: u32,
    /// Clinical second of completion.
    pub at_s: f64,
    /// Figures, or why there are none.
    pub outcome: CuffOutcome,
}

/// What the cuff is doing.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Phase {
    Resting,
    Busy { ends_s: f64, scripted: Option<CuffOutcome> },
}

/// The cuff of one monitor.
#[derive(Clone, Debug)]
pub struct Cuff {
    bedside: Arc<Bedside>,
    interval_s: f64,
    next_auto_s: f64,
    /// In time order; the front comes next.
    scripted: std::collections::VecDeque<ScriptedCuff>,
    phase: Phase,
    last: Option<Determination>,
    started: u32,
}

/// A scripted determination inflates this long before it completes, s (within DINAMAP 7's
/// 20 to 45 s).
const SCRIPTED_S: f64 = 25.0;
/// An automatic cycle is skipped when it would end less than this before a scripted one, s.
const ROOM_S: f64 = 10.0;

impl Cuff {
    /// A cuff at rest. `scripted` may be in any order.
    #[must_use]
    pub fn new(bedside: Arc<Bedside>, plan: CuffPlan, mut scripted: Vec<ScriptedCuff>) -> Self {
        scripted.sort_by(|a, b| a.at_s.total_cmp(&b.at_s));
        Self {
            bedside,
            interval_s: plan.interval_s.max(60.0),
            next_auto_s: plan.first_s,
            scripted: scripted.into(),
            phase: Phase::Resting,
            last: None,
            started: 0,
        }
    }

    /// Lets time pass up to `t_s`.
    pub fn advance(&mut self, t_s: f64) {
        loop {
            match self.phase {
                Phase::Busy { ends_s, scripted } if ends_s <= t_s => self.finish(ends_s, scripted),
                Phase::Busy { .. } => return,
                Phase::Resting => {
                    if !self.begin_next(t_s) {
                        return;
                    }
                }
            }
        }
    }

    /// Inflates now, as the start command of a host does. Does nothing while busy.
    pub fn start(&mut self, t_s: f64) {
        self.advance(t_s);
        match self.phase {
            Phase::Resting => self.begin(t_s, None),
            Phase::Busy { .. } => {}
        }
    }

    /// Deflates now and leaves the last determination as it was.
    pub fn cancel(&mut self, t_s: f64) {
        self.advance(t_s);
        self.phase = Phase::Resting;
    }

    /// Whether it is inflated: status `busy`.
    #[must_use]
    pub const fn is_busy(&self) -> bool {
        matches!(self.phase, Phase::Busy { .. })
    }

    /// The determination that completed last.
    #[must_use]
    pub const fn last(&self) -> Option<Determination> {
        self.last
    }

    /// Begins whatever is due first by `t_s`; false when nothing is.
    fn begin_next(&mut self, t_s: f64) -> bool {
        let scripted_start_s = self.scripted.front().map(|s| s.at_s - SCRIPTED_S);
        let auto_s = self.next_auto_s;
        if let Some(start_s) = scripted_start_s
            && start_s <= auto_s
        {
            if start_s > t_s {
                return false;
            }
            if let Some(scripted) = self.scripted.pop_front() {
                self.phase =
                    Phase::Busy { ends_s: scripted.at_s, scripted: Some(scripted.outcome) };
                self.started += 1;
                // The cycle that would begin while this one is under way falls away.
                while self.next_auto_s < scripted.at_s + ROOM_S {
                    self.next_auto_s += self.interval_s;
                }
            }
            return true;
        }
        if auto_s > t_s {
            return false;
        }
        self.next_auto_s += self.interval_s;
        let ends_s = auto_s + self.bedside.patient().determination_s(self.started + 1);
        if scripted_start_s.is_none_or(|start_s| ends_s + ROOM_S <= start_s) {
            self.begin(auto_s, None);
        }
        true
    }

    fn begin(&mut self, start_s: f64, scripted: Option<CuffOutcome>) {
        self.started += 1;
        let ends_s = start_s + self.bedside.patient().determination_s(self.started);
        self.phase = Phase::Busy { ends_s, scripted };
    }

    fn finish(&mut self, at_s: f64, scripted: Option<CuffOutcome>) {
        let number = self.started;
        let outcome = scripted.unwrap_or_else(|| {
            self.bedside.patient().cuff_reading(number, self.bedside.mean(at_s))
        });
        self.last = Some(Determination { number, at_s, outcome });
        self.phase = Phase::Resting;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::patient::{Patient, Traits, reading};

    fn cuff(scripted: Vec<ScriptedCuff>) -> Cuff {
        let patient = Patient::new(4, Traits::TYPICAL, Vec::new());
        let bedside = Arc::new(Bedside::new(patient, Vec::new(), Vec::new()));
        Cuff::new(bedside, CuffPlan { interval_s: 300.0, first_s: -600.0 }, scripted)
    }

    fn completions(cuff: &mut Cuff, step_s: f64, to_s: f64) -> Vec<Determination> {
        let mut seen: Vec<Determination> = Vec::new();
        let mut t_s = -700.0;
        while t_s <= to_s {
            cuff.advance(t_s);
            if let Some(last) = cuff.last()
                && seen.last() != Some(&last)
            {
                seen.push(last);
            }
            t_s += step_s;
        }
        seen
    }

    #[test]
    fn how_often_it_is_asked_changes_nothing() {
        // Goal: determinations happen at their own instants. Method: two step widths.
        let fine = completions(&mut cuff(Vec::new()), 0.25, 1000.0);
        let coarse = completions(&mut cuff(Vec::new()), 17.0, 1000.0);
        assert_eq!(fine, coarse);
        assert_eq!(fine.len(), 6);
    }

    #[test]
    fn a_scripted_determination_takes_the_place_of_the_automatic_one_beside_it() {
        // Goal: a story's cuff readings come when it says, and none between them.
        let at = |at_s, systolic| ScriptedCuff { at_s, outcome: reading(systolic, 104.0, 92.0) };
        let mut cuff = cuff(vec![at(85.0, 188.0), at(25.0, 186.0)]);
        let seen = completions(&mut cuff, 1.0, 400.0);
        let near: Vec<f64> =
            seen.iter().map(|d| d.at_s).filter(|at_s| (-100.0..300.0).contains(at_s)).collect();
        assert_eq!(near, [25.0, 85.0]);
        assert!(seen.iter().any(|d| d.at_s > 300.0), "the cycle goes on afterwards");
    }

    #[test]
    fn start_and_cancel_do_what_a_host_asks() {
        // Goal: a started determination completes; a cancelled one leaves the last as it was.
        let mut cuff = cuff(Vec::new());
        cuff.start(-650.0);
        assert!(cuff.is_busy());
        cuff.advance(-604.0);
        let first = cuff.last().expect("45 s is the longest determination");
        cuff.advance(-599.0);
        assert!(cuff.is_busy());
        cuff.cancel(-598.0);
        assert!(!cuff.is_busy());
        assert_eq!(cuff.last(), Some(first));
    }
}
