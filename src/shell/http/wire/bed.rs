//! A bed as screens show it (contract 6, `GET /beds`): the view's words with the site's labels.

use serde::Serialize;
use utoipa::ToSchema;

use super::session::{Baseline, Responsible};
#[cfg(test)]
use super::words;
use super::{Figure, Id, Time, seconds};
use crate::config::Watch;
use crate::domain::alarm::rule::Phase;
use crate::domain::device::BedsideAlarm;
use crate::domain::ids::DeviceId;
use crate::domain::reading::{Origin, ValueSource};
use crate::domain::view::{
    BedView, ConflictView, LimitView, LinkView, Moved, SessionView, Side, StandbyView, VitalView,
};
use crate::shell::http::site::Site;

/// A bed with its vitals, limits, links and alarms; ages are of the instant of the view.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Bed<'a> {
    id: &'a str,
    label: &'a str,
    /// The worst of its vitals: live | grey | removed | absent
    #[cfg_attr(test, ts(as = "words::Freshness"))]
    state: &'static str,
    /// session | always
    #[cfg_attr(test, ts(as = "words::Watch"))]
    watch: &'static str,
    simulated: bool,
    /// The toilet, or an empty room.
    standby: Option<Standby<'a>>,
    /// The bed's sound is silenced until then; a new HIGH ends that at once.
    audio_paused_until: Option<Time>,
    audio_paused_by: Option<&'a str>,
    /// The bed's values are not judged until then.
    alarm_paused_until: Option<Time>,
    alarm_paused_by: Option<&'a str>,
    /// The one nurse who is responsible; null: nobody is.
    responsible: Option<Responsible<'a>>,
    session: Option<Session<'a>>,
    preset: Preset<'a>,
    /// intake | baseline | active | recovery | discharge | ended
    #[cfg_attr(test, ts(as = "Option<words::Phase>"))]
    phase: Option<&'static str>,
    since_dose_s: Option<u64>,
    vitals: Vec<Vital<'a>>,
    /// Information, never an alarm.
    advisories: Vec<&'a str>,
    /// Next planned cuff reading.
    next_due: Option<Time>,
    interval_s: u64,
    links: Vec<Link<'a>>,
    /// Those that wait for a choice.
    conflicts: Vec<Conflict<'a>>,
    /// The bedside monitor's own alarms.
    bedside_alarms: Vec<Bedside<'a>>,
    /// Those present on this bed.
    occurrences: Vec<Id>,
}

#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct Standby<'a> {
    since: Time,
    /// null: the room is empty.
    until: Option<Time>,
    by: &'a str,
    reason: &'a str,
}

/// The running session.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Session<'a> {
    id: Id,
    initials: &'a str,
    drug: &'a str,
    route: &'a str,
    started: Time,
    /// As a named person accepted it; null: none yet.
    baseline: Option<Baseline>,
}

#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct Preset<'a> {
    name: &'a str,
    title: &'a str,
    version: &'a str,
    approved: bool,
    changed_limits: u32,
    /// Rules of the default table that this preset leaves out, and those that are not judged,
    /// with the reason.
    not_in_force: Vec<&'a str>,
}

#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct Vital<'a> {
    /// nibp_sys | nibp_dia | nibp_map | heart_rate | spo2 | resp, and once it has come: art_sys |
    /// art_dia | art_map | temp
    #[cfg_attr(test, ts(as = "words::ShownMetric"))]
    metric: &'static str,
    /// null when removed or absent.
    value: Option<Figure>,
    /// UCUM.
    unit: &'static str,
    /// ecg | pleth | nibp | art | manual
    #[cfg_attr(test, ts(as = "Option<words::ValueSource>"))]
    source: Option<&'static str>,
    device: Option<&'a str>,
    reading: Option<u64>,
    age_s: Option<u64>,
    measured: Option<Time>,
    /// Plausible but unusual.
    verify: bool,
    /// live | grey | removed | absent
    #[cfg_attr(test, ts(as = "words::Freshness"))]
    state: &'static str,
    why: Option<&'a str>,
    limits: Vec<Limit<'a>>,
}

#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct Limit<'a> {
    rule: &'a str,
    /// low | high
    #[cfg_attr(test, ts(as = "words::Side"))]
    side: &'static str,
    limit: Figure,
    /// A person has moved it for this session.
    changed: bool,
    /// high | medium | low
    #[cfg_attr(test, ts(as = "words::Priority"))]
    priority: &'static str,
    delay_s: u64,
    /// Time in which a first reading must be repeated.
    confirm_s: Option<u64>,
}

/// A device's link.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Link<'a> {
    device: &'a str,
    /// The line or broker that it comes by.
    source: &'a str,
    /// opening | negotiating | online | quiet | lost
    #[cfg_attr(test, ts(as = "words::LinkState"))]
    state: &'static str,
    since: Time,
    why: Option<&'a str>,
    /// Its decoder was never checked against a public capture.
    unverified: bool,
}

/// Devices of which one is to be kept: `POST /beds/{bed}/devices`.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct Conflict<'a> {
    /// As the alarm's: the metric that they all give, nibp, or the device that is at two beds.
    subject: &'a str,
    /// Those of this bed that may be kept.
    devices: Vec<&'a str>,
    /// It is one device, which also sends for another bed: a choice between beds.
    two_beds: bool,
}

#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct Bedside<'a> {
    code: &'a str,
    /// high | medium | low
    #[cfg_attr(test, ts(as = "words::Priority"))]
    priority: &'static str,
}

impl<'a> Bed<'a> {
    pub(crate) fn new(site: &'a Site, view: &'a BedView) -> Self {
        let label = site.bed(&view.id);
        Self {
            id: view.id.as_str(),
            label: label.map_or(view.id.as_str(), |bed| &bed.label),
            state: view.state.name(),
            watch: label.map_or("session", |bed| watch(bed.watch)),
            simulated: view.origin == Origin::Simulated,
            standby: view.standby.as_ref().map(Standby::new),
            audio_paused_until: view.audio_paused.as_ref().map(|it| Time(it.until.wall)),
            audio_paused_by: view.audio_paused.as_ref().map(|it| &*it.by),
            alarm_paused_until: view.alarm_paused.as_ref().map(|it| Time(it.until.wall)),
            alarm_paused_by: view.alarm_paused.as_ref().map(|it| &*it.by),
            responsible: responsible(view),
            session: view.session.as_ref().map(Session::new),
            preset: Preset::new(view),
            phase: view.phase.map(Phase::name),
            since_dose_s: view.since_dose.map(seconds),
            vitals: view.vitals.iter().map(Vital::new).collect(),
            advisories: view.advisories.iter().map(|text| &**text).collect(),
            next_due: view.next_due.map(|due| Time(due.wall)),
            interval_s: seconds(view.interval),
            links: view.links.iter().map(|link| Link::new(site, view, link)).collect(),
            conflicts: view.conflicts.iter().map(Conflict::new).collect(),
            bedside_alarms: view.bedside_alarms.iter().map(Bedside::new).collect(),
            occurrences: view.occurrences.iter().copied().map(Id).collect(),
        }
    }
}

impl<'a> Standby<'a> {
    fn new(view: &'a StandbyView) -> Self {
        Self {
            since: Time(view.since.wall),
            until: view.until.map(|until| Time(until.wall)),
            by: &view.by,
            reason: &view.reason,
        }
    }
}

fn responsible(view: &BedView) -> Option<Responsible<'_>> {
    view.session.as_ref()?.responsible.as_ref().map(Responsible::new)
}

impl<'a> Session<'a> {
    pub(crate) fn new(view: &'a SessionView) -> Self {
        Self {
            id: Id(view.id),
            initials: &view.patient.initials,
            drug: &view.drug,
            route: &view.route,
            started: Time(view.started.wall),
            baseline: view.baseline.map(Baseline::new),
        }
    }
}

impl<'a> Preset<'a> {
    fn new(view: &'a BedView) -> Self {
        let preset = &view.preset;
        let left_out = preset.not_in_force.iter().map(|name| &**name);
        Self {
            name: &preset.name,
            title: &preset.title,
            version: &preset.version,
            approved: preset.approval.is_some(),
            changed_limits: u32::try_from(view.changed_limits).unwrap_or(u32::MAX),
            not_in_force: left_out.chain(view.disabled.iter().map(|name| &**name)).collect(),
        }
    }
}

impl<'a> Vital<'a> {
    fn new(view: &'a VitalView) -> Self {
        Self {
            metric: view.judged.name(),
            value: view.value.map(|value| Figure::of(view.metric, value.0)),
            unit: view.metric.info().ucum,
            source: view.source.map(ValueSource::name),
            device: view.device.as_ref().map(DeviceId::as_str),
            reading: view.reading.map(|reading| reading.0),
            age_s: view.age.map(seconds),
            measured: view.measured.map(Time),
            verify: view.verify,
            state: view.state.name(),
            why: view.why.as_deref(),
            limits: view
                .limits
                .iter()
                .filter(|limit| limit.disabled.is_none())
                .map(|limit| Limit::new(view, limit))
                .collect(),
        }
    }
}

impl<'a> Limit<'a> {
    fn new(vital: &VitalView, limit: &'a LimitView) -> Self {
        Self {
            rule: limit.rule.as_str(),
            side: side(limit.side),
            limit: Figure::of(vital.metric, limit.limit),
            changed: limit.moved == Moved::Yes,
            priority: limit.priority.name(),
            delay_s: seconds(limit.delay),
            confirm_s: limit.confirm.map(seconds),
        }
    }
}

impl<'a> Link<'a> {
    pub(crate) fn new(site: &'a Site, bed: &BedView, link: &'a LinkView) -> Self {
        let label = site.bed(&bed.id);
        Self {
            device: link.device.as_str(),
            source: site.source(link.source).map_or("", |source| &source.name),
            state: link.state.name(),
            since: Time(link.since.wall),
            why: link.why.as_deref(),
            unverified: label.is_some_and(|bed| bed.unverified.contains(&link.device)),
        }
    }
}

impl<'a> Conflict<'a> {
    fn new(view: &'a ConflictView) -> Self {
        Self {
            subject: &view.subject,
            devices: view.devices.iter().map(DeviceId::as_str).collect(),
            two_beds: view.two_beds,
        }
    }
}

impl<'a> Bedside<'a> {
    fn new(alarm: &'a BedsideAlarm) -> Self {
        Self { code: &alarm.code, priority: alarm.priority.name() }
    }
}

pub(super) const fn side(side: Side) -> &'static str {
    match side {
        Side::Low => "low",
        Side::High => "high",
    }
}

pub(super) const fn watch(watch: Watch) -> &'static str {
    match watch {
        Watch::Session => "session",
        Watch::Always => "always",
    }
}
