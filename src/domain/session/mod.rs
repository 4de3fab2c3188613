//! The dosing session as far as limits need it: who, when the dose was, which phase it is.
//!
//! Phases follow the dose times and the preset (contract 3.2): intake from the session's start,
//! baseline from its first valid cuff reading, active from the first dose, recovery when `active`
//! has run out, discharge when `observe` has. While a dose has not ended it is active, and one that
//! comes after active has run out begins it anew. What was voided is as if it had not been.

pub mod checks;
pub mod dose;
pub mod giving;
pub mod hand;
pub mod start;
pub mod task;

use std::sync::Arc;
use std::time::Duration;

use crate::domain::act::{Baseline, LimitOrder, Symptoms};
use crate::domain::alarm::personal::Personal;
use crate::domain::alarm::rule::{
    AfterDose, AlarmPreset, DoseMark, InForce, Intervals, Phase, SymptomState,
};
use crate::domain::ids::{ReadingId, SessionId};
use crate::domain::input::{DoseEvent, SessionStart};
use crate::domain::time::{MonoTime, Stamp};
use dose::Dose;
use start::Patient;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub patient: Patient,
    pub drug: Arc<str>,
    pub route: Arc<str>,
    pub started: Stamp,
    /// First valid cuff reading of the session.
    pub baseline_since: Option<MonoTime>,
    pub doses: Vec<Dose>,
    /// The phase last told.
    pub phase: Phase,
    /// Determinations past every clear level that are still wanted after a high one (0: none).
    pub after_high: u8,
    pub age_years: Option<u8>,
    pub responsible: Option<Responsible>,
    /// As a named person accepted it; frozen at the dose.
    pub baseline: Option<Baseline>,
    /// When the newest of the baseline's readings was taken; it holds for 30 min.
    pub baseline_taken: Option<MonoTime>,
    /// Limits of this session that differ from the preset's; they end with it.
    pub limits: Vec<LimitOrder>,
    pub symptoms: Symptoms,
    /// The newest sedation score (MOAA/S).
    pub moaas: Option<u8>,
    /// The name of the preset that was chosen; `None`: the bed's own.
    pub preset: Option<Arc<str>>,
    /// One reading of each determination that the baseline was summed up from.
    pub baseline_of: Vec<ReadingId>,
}

/// The one nurse who is responsible for a session (alarms 12).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Responsible {
    pub name: Arc<str>,
    pub since: Stamp,
}

impl Session {
    #[must_use]
    pub fn new(start: &SessionStart, now: Stamp) -> Self {
        Self {
            id: start.id,
            patient: Patient { initials: start.initials.clone(), ..Patient::default() },
            drug: start.drug.clone(),
            route: start.route.clone(),
            started: now,
            baseline_since: None,
            doses: Vec::new(),
            phase: Phase::Intake,
            after_high: 0,
            age_years: start.age_years,
            responsible: start.responsible.clone().map(|name| Responsible { name, since: now }),
            baseline: None,
            baseline_taken: None,
            limits: Vec::new(),
            symptoms: Symptoms::default(),
            moaas: None,
            preset: None,
            baseline_of: Vec::new(),
        }
    }

    /// What decides which rules are judged.
    #[must_use]
    pub fn in_force(&self) -> InForce {
        let symptom =
            if self.symptoms.feed_b3() { SymptomState::Entered } else { SymptomState::None };
        InForce { phase: Some(self.phase), symptom }
    }

    /// What makes limits those of this patient.
    #[must_use]
    pub fn personal(&self) -> Personal<'_> {
        Personal { baseline: self.baseline, limits: &self.limits, age_years: self.age_years }
    }

    pub fn dose(&mut self, event: DoseEvent) {
        dose::note_event(&mut self.doses, event);
    }

    /// What was given, in the order in which it was entered.
    pub fn counting(&self) -> impl Iterator<Item = &Dose> {
        self.doses.iter().filter(|dose| dose.counts())
    }

    /// The first dose's or device's start. One that is entered late may have been the first.
    #[must_use]
    pub fn dose_start(&self) -> Option<Stamp> {
        self.counting().map(|dose| dose.started).min_by_key(|started| started.mono)
    }

    /// Time since the first dose; runs backwards only where a dose is voided.
    #[must_use]
    pub fn since_dose(&self, now: MonoTime) -> Option<Duration> {
        self.dose_start().map(|start| now.since(start.mono))
    }

    /// From when what lasts from the dose's start counts: the first one's, or that of one that came
    /// when `active` of those before had run out.
    fn counts_from(&self, active: Duration) -> Option<MonoTime> {
        let mut from = self.dose_start()?.mono;
        let starts = || self.counting().map(|dose| dose.started.mono);
        while let Some(next) = starts().filter(|at| *at > from && *at >= from.plus(active)).min() {
            from = next;
        }
        Some(from)
    }

    /// The phase at `now`, and when it changes by time alone.
    #[must_use]
    pub fn phase_at(&self, preset: &AlarmPreset, now: MonoTime) -> (Phase, Option<MonoTime>) {
        let Some(start) = self.counts_from(preset.active.lasts) else {
            let phase = if self.baseline_since.is_some() { Phase::Baseline } else { Phase::Intake };
            return (phase, None);
        };
        let running = self.counting().any(Dose::runs);
        let end = self.counting().filter_map(|dose| dose.ended).map(|at| at.mono).max();
        let until = |span: AfterDose| match span.mark {
            DoseMark::Start => Some(start.plus(span.lasts)),
            DoseMark::End => end.filter(|_| !running).map(|end| end.plus(span.lasts)),
        };
        match (until(preset.active), until(preset.observe)) {
            _ if running => (Phase::Active, None),
            (Some(active), _) if now < active => (Phase::Active, Some(active)),
            (Some(_), Some(observe)) if now < observe => (Phase::Recovery, Some(observe)),
            (Some(_), Some(_)) => (Phase::Discharge, None),
            (None, _) | (Some(_), None) => (Phase::Active, None),
        }
    }
}

/// The planned cuff interval in force (contract 3.2 `interval_min`; no session: 15 min, alarms 13).
#[must_use]
pub fn interval(session: Option<&Session>, intervals: &Intervals) -> Duration {
    let Some(session) = session else { return Duration::from_secs(15 * 60) };
    let planned = match session.phase {
        Phase::Intake => intervals.intake,
        Phase::Baseline => intervals.baseline,
        Phase::Active => intervals.active,
        Phase::Recovery => intervals.recovery,
        Phase::Discharge | Phase::Ended => intervals.discharge,
    };
    if session.after_high > 0 { planned.min(intervals.after_high) } else { planned }
}

#[cfg(test)]
mod tests;
