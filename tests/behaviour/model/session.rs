//! The model's session: phase, planned interval and what is in force, by contract 3.2 and 3.3.

use std::time::Duration;

use dosevigil::domain::act::Baseline;
use dosevigil::domain::alarm::rule::Phase;

use super::cuff::Reading;
use super::preset::{Band, Edge, Limit, Of};
use super::told::At;
use crate::support::seconds;

#[derive(Debug, Default)]
pub(crate) struct Session {
    pub(crate) started: Option<At>,
    /// The first valid cuff reading of the session.
    pub(crate) first_reading: Option<At>,
    doses: Vec<(At, Option<At>)>,
    pub(crate) baseline: Option<Baseline>,
    pub(crate) symptom: bool,
    pub(crate) moaas: Option<i32>,
    /// Determinations past every clear level that are still wanted after a high one.
    pub(crate) after_high: u8,
    /// Limits that a person moved: rule, what it judges, and the number.
    pub(crate) orders: Vec<(&'static str, Of, i32)>,
    /// The session's determinations.
    pub(crate) determinations: Vec<Reading>,
}

/// What decides which limits are in force.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Situation {
    pub(crate) phase: Option<Phase>,
    pub(crate) baseline: Option<Baseline>,
    pub(crate) symptom: bool,
    pub(crate) orders: Vec<(&'static str, Of, i32)>,
}

const fn minutes(n: u64) -> Duration {
    Duration::from_secs(n * 60)
}

const ACTIVE: Duration = minutes(30);
const OBSERVE: Duration = minutes(60);

impl Session {
    pub(crate) fn dose_starts(&mut self, at: At) {
        self.doses.push((at, None));
    }

    /// Returns when the phase changes by time alone.
    pub(crate) fn dose_ends(&mut self, at: At) -> [At; 2] {
        match self.doses.last_mut() {
            Some(last) => last.1 = Some(at),
            None => self.doses.push((at, Some(at))),
        }
        [at + ACTIVE, at + OBSERVE]
    }

    pub(crate) fn is_dosed(&self) -> bool {
        self.started.is_some() && !self.doses.is_empty()
    }

    pub(crate) fn phase(&self, at: At) -> Option<Phase> {
        self.started?;
        if self.doses.is_empty() {
            return Some(if self.first_reading.is_some() {
                Phase::Baseline
            } else {
                Phase::Intake
            });
        }
        let last = self.doses.last().and_then(|(_, end)| *end);
        let ends = self.doses.iter().filter_map(|(_, end)| *end);
        let Some(last) = last.and_then(|_| ends.max()) else {
            return Some(Phase::Active);
        };
        Some(match at {
            at if at < last + ACTIVE => Phase::Active,
            at if at < last + OBSERVE => Phase::Recovery,
            _ => Phase::Discharge,
        })
    }

    pub(crate) fn interval(&self, at: At) -> Duration {
        let planned = match self.phase(at) {
            None => return minutes(15),
            Some(Phase::Baseline) => minutes(5),
            Some(Phase::Active) => minutes(10),
            Some(Phase::Intake | Phase::Recovery | Phase::Discharge | Phase::Ended) => minutes(15),
        };
        if self.after_high > 0 { planned.min(minutes(5)) } else { planned }
    }

    /// When a determination is removed from the live field (alarms 14).
    pub(crate) fn removed(&self, at: At) -> Duration {
        let interval = self.interval(at);
        if self.phase(at) == Some(Phase::Active) {
            minutes(20).max(interval + minutes(5))
        } else {
            (interval * 2 + minutes(1)).min(minutes(60))
        }
    }

    pub(crate) fn situation(&self, at: At) -> Situation {
        Situation {
            phase: self.phase(at),
            baseline: self.baseline,
            symptom: self.symptom,
            orders: self.orders.clone(),
        }
    }
}

/// Grey, and T1's LOW.
pub(crate) fn overdue(interval: Duration) -> Duration {
    interval + (interval / 5).max(seconds(60))
}

/// T1's MEDIUM in the active phase.
pub(crate) fn very_overdue(interval: Duration) -> Duration {
    interval + (interval / 2).max(seconds(180))
}

impl Situation {
    /// The edge of a limit as it is in force; `None`: it is not.
    pub(crate) fn edge(&self, band: &Band, limit: &Limit) -> Option<Edge> {
        if !band.in_phase(self.phase) || (band.with_symptom && !self.symptom) {
            return None;
        }
        self.limit(band, limit)
    }

    /// The edge of a limit with what people moved, in force or not; `None`: it has no baseline.
    pub(crate) fn limit(&self, band: &Band, limit: &Limit) -> Option<Edge> {
        let of = |(rule, of, _): &&(&str, Of, i32)| *rule == band.rule && *of == limit.of;
        match (limit.edge, self.orders.iter().find(of)) {
            (Edge::Above(_), Some((.., number))) => Some(Edge::Above(*number)),
            (Edge::Below(_), Some((.., number))) => Some(Edge::Below(*number)),
            (_, _) => limit.absolute(self.baseline),
        }
    }
}
