//! A running session by itself (contract 6, `GET /sessions`): what the ward knows of it.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Id, Time, seconds};
use crate::domain::act;
use crate::domain::alarm::rule::Phase;
use crate::domain::session;
use crate::domain::view::BedView;

/// A session that runs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RunningSession)]
pub(crate) struct Session<'a> {
    id: Id,
    bed: &'a str,
    initials: &'a str,
    drug: &'a str,
    route: &'a str,
    started: Time,
    /// intake | baseline | active | recovery | discharge | ended
    phase: Option<&'static str>,
    since_dose_s: Option<u64>,
    responsible: Option<Responsible<'a>>,
    /// As a named person accepted it; null: none yet.
    baseline: Option<Baseline>,
    /// Limits that differ from the preset's.
    changed_limits: usize,
}

/// The one nurse who is responsible; null: nobody is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Responsible<'a> {
    name: &'a str,
    since: Time,
}

/// An accepted baseline, in whole units; null: it has none of that.
#[derive(Debug, Serialize, ToSchema)]
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

impl<'a> Responsible<'a> {
    pub(crate) fn new(responsible: &'a session::Responsible) -> Self {
        Self { name: &responsible.name, since: Time(responsible.since.wall) }
    }
}
