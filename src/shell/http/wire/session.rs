//! A running session by itself (contract 6, `GET /sessions`): what the ward knows of it.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Id, Time, seconds};
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
}

/// The one nurse who is responsible; null: nobody is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Responsible<'a> {
    name: &'a str,
    since: Time,
}

impl<'a> Session<'a> {
    /// The session that runs on a bed.
    pub(crate) fn of(bed: &'a BedView) -> Option<Self> {
        let session = bed.session.as_ref()?;
        Some(Self {
            id: Id(session.id),
            bed: bed.id.as_str(),
            initials: &session.initials,
            drug: &session.drug,
            route: &session.route,
            started: Time(session.started.wall),
            phase: bed.phase.map(Phase::name),
            since_dose_s: bed.since_dose.map(seconds),
            responsible: session.responsible.as_ref().map(Responsible::new),
        })
    }
}

impl<'a> Responsible<'a> {
    pub(crate) fn new(responsible: &'a session::Responsible) -> Self {
        Self { name: &responsible.name, since: Time(responsible.since.wall) }
    }
}
