//! A session's inputs and transitions, as the journal holds them → its chart: what a clinic files
//! (contract 6 report and exports; clinical 5.2).
//!
//! It decides nothing and no bed reads it. The inputs say what was asked for and measured, the
//! transitions what came of it: an act without a transition of its moment was refused, and is not
//! in the chart. Nothing is left out because it was voided; it is marked.

mod alarms;
mod gaps;
mod people;
mod values;

#[cfg(test)]
pub(crate) mod tests;

use std::sync::Arc;

use super::act::{Disposition, Symptoms};
use super::alarm::occurrence::{ActNote, SessionChange, Subject, Transition};
use super::alarm::rule::Phase;
use super::ids::{BedId, ReadingId, SessionId};
use super::input::{Input, SessionStart};
use super::metric::Metric;
use super::reading::Origin;
use super::record::RecordedInput;
use super::session::checks::Checks;
use super::session::dose::Dose;
use super::session::start::Patient;
use super::time::Stamp;

pub use alarms::AlarmLine;
pub use gaps::{Gap, GapCause};
pub use values::{By, Correction, Value};

/// Everything that is filed of one session, each list in the order of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionChart {
    pub id: SessionId,
    pub patient: Patient,
    /// In whole years at the start; `None`: not known.
    pub age_years: Option<u8>,
    pub drug: Arc<str>,
    pub route: Arc<str>,
    /// The name of the preset that was chosen; `None`: the site's own.
    pub preset: Option<Arc<str>>,
    /// Simulated as soon as one value or alarm is.
    pub origin: Origin,
    pub started: Stamp,
    /// `None`: it runs.
    pub ended: Option<Stamp>,
    /// The newest moment that is known of it.
    pub until: Stamp,
    /// The beds that it was on, oldest first; never empty.
    pub stays: Vec<Stay>,
    /// The phases that it went through, with when each began.
    pub phases: Vec<(Stamp, Phase)>,
    pub doses: Vec<Dose>,
    /// Readings of the session, and those before it that were accepted as its baseline.
    pub values: Vec<Value>,
    pub baselines: Vec<Accepted>,
    pub observations: Vec<Observation>,
    pub interventions: Vec<Intervention>,
    pub alarms: Vec<AlarmLine>,
    /// What people did and what befell the session: all of its transitions but phases.
    pub events: Vec<Event>,
    pub gaps: Vec<Gap>,
    /// How it ended.
    pub disposition: Option<(Disposition, Checks)>,
}

/// A stretch of a session on one bed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stay {
    pub bed: BedId,
    pub from: Stamp,
}

/// A baseline as a named person accepted it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    pub at: Stamp,
    pub note: Option<ActNote>,
    /// The readings that it was made of; empty where it was given summed up.
    pub readings: Vec<ReadingId>,
}

/// Symptoms and sedation as a person saw them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    pub at: Stamp,
    pub by: Arc<str>,
    pub symptoms: Symptoms,
    /// MOAA/S, 5 is awake; `None`: not taken.
    pub moaas: Option<u8>,
    pub note: Option<Arc<str>>,
}

/// A drug or another thing done for the patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intervention {
    pub at: Stamp,
    pub by: Arc<str>,
    pub drug: Arc<str>,
    pub dose: Option<Arc<str>>,
    pub note: Option<Arc<str>>,
}

/// A change of the session, by whom and why where a person did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub at: Stamp,
    pub change: SessionChange,
    pub bed: BedId,
    pub note: Option<ActNote>,
}

impl SessionChart {
    /// Folds what the journal holds of a session, both lists in its order. `beds` are the
    /// configuration's, which inputs count by. `None`: its start is not among the inputs.
    #[must_use]
    pub fn fold(
        id: SessionId,
        beds: &[BedId],
        inputs: &[RecordedInput],
        transitions: &[Transition],
    ) -> Option<Self> {
        let mut chart = people::started(id, beds, inputs)?;
        chart.tell(transitions);
        let mut read = values::Readings::new(id);
        for input in inputs {
            chart.origin = chart.origin.or(origin_of(&chart, beds, input));
            read.take(&chart, beds, input);
            people::take(&mut chart, input);
        }
        let newest = inputs.last().map(|input| input.now);
        chart.until = chart.ended.or(newest).unwrap_or(chart.started);
        chart.values = read.values(&chart);
        chart.alarms = alarms::lines(transitions);
        let simulated = |line: &AlarmLine| line.occurrence.origin == Origin::Simulated;
        if chart.alarms.iter().any(simulated) {
            chart.origin = Origin::Simulated;
        }
        chart.gaps = gaps::gaps(&chart, inputs);
        Some(chart)
    }

    fn of(start: &SessionStart, at: Stamp, bed: BedId) -> Self {
        Self {
            id: start.id,
            patient: Patient { initials: Arc::clone(&start.initials), ..Patient::default() },
            age_years: start.age_years,
            drug: Arc::clone(&start.drug),
            route: Arc::clone(&start.route),
            preset: None,
            origin: Origin::Patient,
            started: at,
            ended: None,
            until: at,
            stays: vec![Stay { bed, from: at }],
            phases: Vec::new(),
            doses: Vec::new(),
            values: Vec::new(),
            baselines: Vec::new(),
            observations: Vec::new(),
            interventions: Vec::new(),
            alarms: Vec::new(),
            events: Vec::new(),
            gaps: Vec::new(),
            disposition: None,
        }
    }

    /// Takes the session's own transitions.
    fn tell(&mut self, transitions: &[Transition]) {
        for transition in transitions {
            let Subject::Session { change, bed, phase, note, .. } = &transition.subject else {
                continue;
            };
            let at = transition.at;
            let newest = self.phases.last().map(|(_, phase)| *phase);
            if let Some(phase) = phase.filter(|phase| Some(*phase) != newest) {
                self.phases.push((at, phase));
            }
            // Both beds tell of a move; the one that it went to speaks for it.
            let went_to = note.as_ref().and_then(|note| note.new.as_deref());
            match change {
                SessionChange::PhaseChanged => continue,
                SessionChange::Moved if went_to.is_some_and(|to| to != bed.as_str()) => continue,
                SessionChange::Moved => self.stays.push(Stay { bed: bed.clone(), from: at }),
                SessionChange::Ended => self.ended = Some(at),
                SessionChange::Started
                | SessionChange::Dosed
                | SessionChange::HandedOver
                | SessionChange::HandoverOffered
                | SessionChange::HandoverRejected
                | SessionChange::HandoverLapsed
                | SessionChange::LimitChanged
                | SessionChange::BaselineAccepted
                | SessionChange::Observed
                | SessionChange::ReadingVoided
                | SessionChange::StandbyBegan
                | SessionChange::StandbyEnded
                | SessionChange::AlarmsPaused
                | SessionChange::AlarmsResumed
                | SessionChange::DeviceKept
                | SessionChange::PresetChosen
                | SessionChange::DoseChanged
                | SessionChange::ReadingEntered
                | SessionChange::Intervened => {}
            }
            let (change, bed, note) = (*change, bed.clone(), note.as_deref().cloned());
            self.events.push(Event { at, change, bed, note });
        }
    }

    /// The bed that the session was on at a moment; before its start, where it began.
    #[must_use]
    pub fn bed_at(&self, at: Stamp) -> &BedId {
        let stays = self.stays.iter().rev();
        let mut until_then = stays.filter(|stay| stay.from.mono <= at.mono);
        &until_then.next().unwrap_or(&self.stays[0]).bed
    }

    /// The first dose that counts.
    #[must_use]
    pub fn first_dose(&self) -> Option<&Dose> {
        self.doses.iter().filter(|dose| dose.counts()).min_by_key(|dose| dose.started.mono)
    }

    /// When the last dose that counts ended; `None` while one has not.
    #[must_use]
    pub fn dose_end(&self) -> Option<Stamp> {
        let counted = || self.doses.iter().filter(|dose| dose.counts());
        let ended = counted().filter_map(|dose| dose.ended).max_by_key(|at| at.mono);
        ended.filter(|_| counted().all(|dose| dose.ended.is_some()))
    }

    /// Cuff pressures that stand, systolic with diastolic, in order of the time of measurement.
    #[must_use]
    pub fn pressures(&self) -> Vec<Pressure<'_>> {
        let systolic = |value: &&Value| value.metric == Metric::NibpSys;
        let found = self.values.iter().filter(systolic).filter_map(|sys| {
            let of = |metric| {
                let same = |value: &&Value| value.metric == metric && value.is_with(sys);
                self.values.iter().find(same).and_then(Value::standing)
            };
            let (dia, map) = (of(Metric::NibpDia)?, of(Metric::NibpMap));
            Some(Pressure { sys: sys.standing()?, dia, map, systolic: sys })
        });
        let mut found: Vec<_> = found.collect();
        found.sort_by_key(|pressure| pressure.systolic.taken);
        found
    }
}

/// A determination of the cuff that stands, in mmHg.
#[derive(Clone, Copy, Debug)]
pub struct Pressure<'a> {
    pub sys: i32,
    pub dia: i32,
    pub map: Option<i32>,
    /// Its systolic value, with when and by whom.
    pub systolic: &'a Value,
}

/// Whether an input of the session's bed is simulated.
fn origin_of(chart: &SessionChart, beds: &[BedId], input: &RecordedInput) -> Origin {
    let Input::Message { bed, message, .. } = &input.input else { return Origin::Patient };
    if input.now.mono < chart.started.mono || bed_of(beds, *bed) != Some(chart.bed_at(input.now)) {
        return Origin::Patient;
    }
    message.readings.iter().fold(Origin::Patient, |all, reading| all.or(reading.origin))
}

fn bed_of(beds: &[BedId], index: super::ids::BedIndex) -> Option<&BedId> {
    beds.get(usize::try_from(index.0).ok()?)
}
