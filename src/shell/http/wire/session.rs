//! Sessions (contract 6, `GET /sessions`): one that runs as the ward knows it, with what is missing
//! and what is to be done; one that ever ran as the journal has it.

use serde::Serialize;
use utoipa::ToSchema;

use super::event::ActNote;
use super::visit::{Dose, Missing, Patient, Task};
#[cfg(test)]
use super::words;
use super::{Id, Time, seconds};
use crate::domain::act::{self, Symptom};
use crate::domain::alarm::occurrence::{Subject, Transition};
use crate::domain::alarm::rule::Phase;
use crate::domain::session::{self, checks};
use crate::domain::view::BedView;
use crate::shell::http::site::Site;
use crate::shell::lane::SessionEntry;

/// A session that runs.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "RunningSession"))]
#[schema(as = RunningSession)]
pub(crate) struct Session<'a> {
    id: Id,
    bed: &'a str,
    initials: &'a str,
    drug: &'a str,
    route: &'a str,
    started: Time,
    /// intake | baseline | active | recovery | discharge | ended
    #[cfg_attr(test, ts(as = "Option<words::Phase>"))]
    phase: Option<&'static str>,
    since_dose_s: Option<u64>,
    responsible: Option<Responsible<'a>>,
    /// As a named person accepted it; null: none yet.
    baseline: Option<Baseline>,
    /// Limits that differ from the preset's.
    changed_limits: usize,
}

/// A session that runs, with all that belongs to it.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct SessionDetail<'a> {
    #[serde(flatten)]
    session: Session<'a>,
    patient: Patient<'a>,
    preset: &'a str,
    /// Those that do not count among them.
    doses: Vec<Dose<'a>>,
    /// Those that are there now.
    #[cfg_attr(test, ts(as = "Vec<words::Symptom>"))]
    symptoms: Vec<&'static str>,
    /// The newest sedation score; null: none was entered.
    moaas: Option<u8>,
    gates: Gates,
    /// The most pressing first.
    tasks: Vec<Task<'a>>,
    /// What happened, oldest first.
    events: Vec<SessionEvent<'a>>,
}

/// What is missing now; [] = nothing.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct Gates {
    dose: Vec<Missing>,
    /// To go home, with nothing ticked.
    discharge: Vec<Missing>,
}

/// One step of a session; what a person did has a note.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct SessionEvent<'a> {
    seq: u64,
    at: Time,
    bed: &'a str,
    /// started | dose | phase | reading-entered | observed | ...
    #[cfg_attr(test, ts(as = "words::SessionChange"))]
    change: &'static str,
    /// intake | baseline | active | recovery | discharge | ended
    #[cfg_attr(test, ts(as = "Option<words::Phase>"))]
    phase: Option<&'static str>,
    act: Option<ActNote<'a>>,
}

/// A session that ever ran.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct PastSession<'a> {
    id: Id,
    /// Where it began.
    bed: Option<&'a str>,
    patient: Patient<'a>,
    drug: &'a str,
    route: &'a str,
    started: Time,
    /// null: it runs.
    ended: Option<Time>,
    /// home_escorted | admitted | transferred | left_against_advice | not_dosed
    #[cfg_attr(test, ts(as = "Option<words::Disposition>"))]
    disposition: Option<&'static str>,
}

/// The one nurse who is responsible; null: nobody is.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Responsible<'a> {
    name: &'a str,
    since: Time,
}

/// An accepted baseline, in whole units; null: it has none of that.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Baseline {
    sys: Option<i32>,
    dia: Option<i32>,
    map: Option<i32>,
    heart_rate: Option<i32>,
    spo2: Option<i32>,
}

impl Baseline {
    pub(crate) const fn new(baseline: act::Baseline) -> Self {
        let act::Baseline { sys, dia, map, heart_rate, spo2 } = baseline;
        Self { sys, dia, map, heart_rate, spo2 }
    }
}

impl<'a> Session<'a> {
    /// The session that runs on a bed.
    pub(crate) fn of(bed: &'a BedView) -> Option<Self> {
        let session = bed.session.as_ref()?;
        Some(Self {
            id: Id(session.id),
            bed: bed.id.as_str(),
            initials: &session.patient.initials,
            drug: &session.drug,
            route: &session.route,
            started: Time(session.started.wall),
            phase: bed.phase.map(Phase::name),
            since_dose_s: bed.since_dose.map(seconds),
            responsible: session.responsible.as_ref().map(Responsible::new),
            baseline: session.baseline.map(Baseline::new),
            changed_limits: bed.changed_limits,
        })
    }
}

impl<'a> SessionDetail<'a> {
    /// The session that runs on a bed, and its own transitions.
    pub(crate) fn of(bed: &'a BedView, events: &'a [Transition]) -> Option<Self> {
        let view = bed.session.as_ref()?;
        let missing = |all: &[checks::Missing]| all.iter().map(Missing::new).collect();
        Some(Self {
            session: Session::of(bed)?,
            patient: Patient::new(&view.patient),
            preset: &bed.preset.name,
            doses: view.doses.iter().map(Dose::new).collect(),
            symptoms: view.symptoms.iter().map(Symptom::name).collect(),
            moaas: view.moaas,
            gates: Gates {
                dose: missing(&view.dose_missing),
                discharge: missing(&view.discharge_missing),
            },
            tasks: view.tasks.iter().map(Task::new).collect(),
            events: events.iter().filter_map(SessionEvent::new).collect(),
        })
    }
}

impl<'a> SessionEvent<'a> {
    /// `None`: it is an alarm's.
    fn new(transition: &'a Transition) -> Option<Self> {
        match &transition.subject {
            Subject::Alarm { .. } => None,
            Subject::Session { change, bed, phase, note, .. } => Some(Self {
                seq: transition.seq.0,
                at: Time(transition.at.wall),
                bed: bed.as_str(),
                change: change.name(),
                phase: phase.map(Phase::name),
                act: note.as_deref().map(ActNote::new),
            }),
        }
    }
}

impl<'a> PastSession<'a> {
    pub(crate) fn new(site: &'a Site, entry: &'a SessionEntry) -> Self {
        let SessionEntry { id, bed, patient, drug, route, started, ended } = entry;
        Self {
            id: Id(*id),
            bed: site.name_of(*bed),
            patient: Patient::new(patient),
            drug,
            route,
            started: Time(*started),
            ended: ended.map(|(at, _)| Time(at)),
            disposition: ended.map(|(_, disposition)| disposition.name()),
        }
    }
}

impl<'a> Responsible<'a> {
    pub(crate) fn new(responsible: &'a session::Responsible) -> Self {
        Self { name: &responsible.name, since: Time(responsible.since.wall) }
    }
}
