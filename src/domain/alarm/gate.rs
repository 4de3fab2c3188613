//! A gate of dose or discharge: do the last determinations of a session stop it? (contract 3.2,
//! `[gate.*]`; clinical 2.3, B6 to B8)
//!
//! A pure function over determinations, newest first. All of the last `readings` must qualify,
//! each at least `spacing` before the one after it; a closer one does not count as another. A
//! questionable reading may stop, never open. What overrides a gate is the session's business.

use std::time::Duration;

use super::limit::Verdict;
use super::rule::{AlarmRule, Component, Judged};
use crate::domain::determined::Figures;
use crate::domain::metric::Metric;
use crate::domain::reading::Validity;
use crate::domain::time::MonoTime;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gate {
    pub asks: Asks,
    /// So many, at least 1.
    pub readings: u8,
    pub spacing: Duration,
}

/// What makes a determination one that stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// Any component violates (B7, B8).
    Any,
    /// It does not pass: a rise from the baseline is *near*, a number is *below* (B6).
    Passing(Pass),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// Near the baseline, or below the numbers.
    Either,
    Both,
}

/// A determination as a gate sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    pub at: MonoTime,
    pub figures: Figures,
    pub validity: Validity,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing says no, but there are not enough determinations.
    TooFew,
    /// With the newest of those that stop.
    Stops(Taken),
    Open,
}

impl Gate {
    #[must_use]
    pub fn standing(
        &self,
        rule: &AlarmRule,
        newest_first: impl Iterator<Item = Taken>,
    ) -> Standing {
        let mut counted: Option<MonoTime> = None;
        let mut newest: Option<Taken> = None;
        let mut stopping = 0;
        for taken in newest_first {
            if counted.is_some_and(|after| after.since(taken.at) < self.spacing) {
                continue;
            }
            match self.says(rule, &taken) {
                Some(true) => {}
                Some(false) => return Standing::Open,
                None => continue,
            }
            counted = Some(taken.at);
            let newest = *newest.get_or_insert(taken);
            stopping += 1;
            if stopping >= self.readings {
                return Standing::Stops(newest);
            }
        }
        Standing::TooFew
    }

    /// Whether one determination stops; `None`: it says nothing, for it lacks what would tell, or
    /// is questionable and would open.
    #[must_use]
    pub fn says(&self, rule: &AlarmRule, taken: &Taken) -> Option<bool> {
        let stops = self.stops(rule, taken.figures)?;
        (stops || taken.validity == Validity::Good).then_some(stops)
    }

    /// Whether figures stop, good or questionable; `None`: they lack what would tell.
    #[must_use]
    pub fn stops(&self, rule: &AlarmRule, figures: Figures) -> Option<bool> {
        let violated = |part: &Component| {
            let value = figure(figures, part.judged)?;
            Some(part.limit.is_off() || part.limit.judge(value, 0) == Verdict::Violated)
        };
        match self.asks {
            Asks::Any => {
                let known: Vec<_> = rule.components.iter().filter_map(violated).collect();
                (!known.is_empty()).then(|| known.contains(&true))
            }
            Asks::Passing(pass) => {
                let of = |is_near: bool| {
                    let all = rule.components.iter();
                    let mut these = all.filter(|part| part.limit.change().is_some() == is_near);
                    these.try_fold(true, |passes, part| Some(passes && !violated(part)?))
                };
                let (near, below) = (of(true)?, of(false)?);
                Some(match pass {
                    Pass::Either => !near && !below,
                    Pass::Both => !(near && below),
                })
            }
        }
    }
}

/// A determination's value of what is judged.
#[must_use]
pub fn figure(figures: Figures, judged: Judged) -> Option<i32> {
    let Judged::Metric(metric) = judged else { return None };
    if metric == Metric::NibpSys {
        figures.sys
    } else if metric == Metric::NibpDia {
        figures.dia
    } else if metric == Metric::NibpMap {
        figures.map
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
