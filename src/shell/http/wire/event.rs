//! The data of the live events that are neither a bed nor an occurrence (contract 7).

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::bed::{Bed, Session};
use super::occurrence::{Occurrence, Sending};
#[cfg(test)]
use super::words;
use super::{Id, Time};
use crate::domain::alarm::occurrence::{self, SessionChange};
use crate::domain::alarm::rule::Phase;
use crate::domain::device::Reject;
use crate::domain::ids::{BedId, Seq, SessionId};
use crate::domain::reading::Origin;
use crate::domain::time::{Stamp, WallTime};
use crate::domain::view::{BedView, SessionView, SourceView};
use crate::shell::http::site::{Site, SourceKind};
use crate::shell::lane::{ShownOccurrence, WardView};

/// All beds and the occurrences present, as of `seq`.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Snapshot<'a> {
    seq: u64,
    server_time: Time,
    site: &'a str,
    timezone: &'a str,
    simulated: bool,
    simulation: Option<Simulation>,
    limits_approved: bool,
    beds: Vec<Bed<'a>>,
    occurrences: Vec<Occurrence<'a>>,
    sources: Vec<Source<'a>>,
}

#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct Simulation {
    speed: u32,
    seed: u64,
    /// Up to here the past was played through at start.
    played_until: Option<Time>,
}

/// A serial line or a broker.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Source<'a> {
    name: &'a str,
    /// serial | mqtt
    #[cfg_attr(test, ts(as = "words::SourceKind"))]
    kind: &'static str,
    /// opening | negotiating | online | quiet | lost
    #[cfg_attr(test, ts(as = "words::LinkState"))]
    state: &'static str,
    why: Option<&'a str>,
    /// Whole messages refused since start, by reason; reasons that never came are left out.
    rejects: BTreeMap<&'static str, u64>,
}

/// Sent every 2 s; without one for 5 s a screen says that the connection is lost.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Heartbeat<'a> {
    server_time: Time,
    self_check: u64,
    /// When the self-test last passed; null before the first.
    self_test: Option<Time>,
    /// Screens that a person would see.
    watching: u32,
    sources: Vec<Source<'a>>,
    /// Messages for beds or devices that are not declared, since start.
    undeclared: u64,
}

/// A session's change.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct SessionChanged<'a> {
    pub(crate) seq: u64,
    bed: &'a str,
    /// Null: a change of the bed without one.
    session_id: Option<Id>,
    /// The session as it runs now; null when it has ended.
    session: Option<Session<'a>>,
    /// started | dose | phase | ended | handed-over | limit | standby-began | ...
    #[cfg_attr(test, ts(as = "words::SessionChange"))]
    change: &'static str,
    /// intake | baseline | active | recovery | discharge | ended
    #[cfg_attr(test, ts(as = "Option<words::Phase>"))]
    phase: Option<&'static str>,
    at: Time,
    /// Who did it, and what, where it was a person's act.
    act: Option<ActNote<'a>>,
    /// Only on an event that was sent before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    replayed: Option<bool>,
}

/// A person's act: who, what, from what to what, why.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct ActNote<'a> {
    by: &'a str,
    ordered_by: Option<&'a str>,
    reason: Option<&'a str>,
    what: Option<&'a str>,
    old: Option<&'a str>,
    new: Option<&'a str>,
}

/// Data of `resync` (start again from the snapshot that follows) and `bye` (the stream ends).
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Farewell {
    pub(crate) reason: &'static str,
}

impl<'a> Snapshot<'a> {
    pub(crate) fn new(site: &'a Site, view: &'a WardView) -> Self {
        let approved = |bed: &BedView| bed.preset.approval.is_some();
        let shown = |one: &'a ShownOccurrence| Occurrence::new(one.seq, &one.occurrence);
        Self {
            seq: view.seq.0,
            server_time: Time(view.at.wall),
            site: &site.name,
            timezone: &site.timezone,
            simulated: site.origin == Origin::Simulated,
            simulation: site.simulation.map(|simulation| Simulation {
                speed: simulation.speed.factor(),
                seed: simulation.seed,
                played_until: simulation.played_until.map(Time),
            }),
            limits_approved: !view.beds.is_empty() && view.beds.iter().all(approved),
            beds: view.beds.iter().map(|bed| Bed::new(site, bed)).collect(),
            occurrences: view.occurrences.iter().map(shown).collect(),
            sources: sources(site, &view.sources),
        }
    }
}

impl<'a> Heartbeat<'a> {
    pub(crate) fn new(site: &'a Site, beat: Beat, views: &'a [SourceView]) -> Self {
        Self {
            server_time: Time(beat.at.wall),
            self_check: beat.self_check,
            self_test: beat.self_test.map(Time),
            watching: beat.watching,
            sources: sources(site, views),
            undeclared: beat.undeclared,
        }
    }
}

/// A heartbeat, but for the sources.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Beat {
    pub(crate) at: Stamp,
    pub(crate) self_check: u64,
    pub(crate) self_test: Option<WallTime>,
    pub(crate) watching: u32,
    pub(crate) undeclared: u64,
}

/// A session's transition, taken apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SessionStep<'a> {
    pub(crate) seq: Seq,
    pub(crate) at: Stamp,
    pub(crate) change: SessionChange,
    pub(crate) bed: &'a BedId,
    pub(crate) session: Option<SessionId>,
    pub(crate) phase: Option<Phase>,
    pub(crate) note: Option<&'a occurrence::ActNote>,
}

impl<'a> SessionChanged<'a> {
    /// `running` is the bed's session now, where it is still the one that changed.
    pub(crate) fn new(
        step: SessionStep<'a>,
        running: Option<&'a SessionView>,
        sending: Sending,
    ) -> Self {
        let is_same = |running: &&SessionView| Some(running.id) == step.session;
        let runs = step.change != SessionChange::Ended;
        Self {
            seq: step.seq.0,
            bed: step.bed.as_str(),
            session_id: step.session.map(Id),
            session: running.filter(is_same).filter(|_| runs).map(Session::new),
            change: step.change.name(),
            phase: step.phase.map(Phase::name),
            at: Time(step.at.wall),
            act: step.note.map(ActNote::new),
            replayed: sending.replayed(),
        }
    }
}

impl<'a> ActNote<'a> {
    pub(crate) fn new(note: &'a occurrence::ActNote) -> Self {
        Self {
            by: &note.by,
            ordered_by: note.ordered_by.as_deref(),
            reason: note.reason.as_deref(),
            what: note.what.as_deref(),
            old: note.old.as_deref(),
            new: note.new.as_deref(),
        }
    }
}

pub(crate) fn sources<'a>(site: &'a Site, views: &'a [SourceView]) -> Vec<Source<'a>> {
    let counted = |view: &SourceView| {
        let all = Reject::ALL.into_iter().zip(view.rejects);
        all.filter(|(_, count)| *count > 0).map(|(reason, count)| (reason.name(), count)).collect()
    };
    let pairs = site.sources.iter().zip(views);
    pairs
        .map(|(label, view)| Source {
            name: &label.name,
            kind: kind(label.kind),
            state: view.state.name(),
            why: view.why.as_deref(),
            rejects: counted(view),
        })
        .collect()
}

pub(super) const fn kind(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Serial => "serial",
        SourceKind::Mqtt => "mqtt",
    }
}
