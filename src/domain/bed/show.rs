//! What a screen may say of the bed at an instant: each vital with its age, state and limits.

use std::sync::Arc;
use std::time::Duration;

use super::Bed;
use crate::domain::alarm::AlarmKind;
use crate::domain::alarm::rule::Judged;
use crate::domain::ids::{DeviceId, SourceIndex};
use crate::domain::link::Link;
use crate::domain::metric::Metric;
use crate::domain::session::Session;
use crate::domain::session::checks::Checks;
use crate::domain::time::{MonoTime, Stamp};
use crate::domain::view::{BedView, Freshness, LinkState, LinkView, SessionView, VitalView};
use crate::domain::vital::{Late, Tag, Vital, overdue_after};

/// The fixed places of a tile (alarms, Dashboard HMI 1).
pub const PLACES: [Judged; 6] = [
    Judged::Metric(Metric::NibpSys),
    Judged::Metric(Metric::NibpDia),
    Judged::Metric(Metric::NibpMap),
    Judged::HeartRate,
    Judged::Metric(Metric::SpO2),
    Judged::Metric(Metric::RespRate),
];
/// And those that it gets once one has come.
pub const IF_SEEN: [Judged; 4] = [
    Judged::Metric(Metric::ArtSys),
    Judged::Metric(Metric::ArtDia),
    Judged::Metric(Metric::ArtMap),
    Judged::Metric(Metric::Temp),
];

impl Bed {
    #[must_use]
    pub fn view(&self, now: Stamp) -> BedView {
        let seen = IF_SEEN.into_iter().filter(|judged| self.newest_of(*judged, now.mono).is_some());
        let vitals: Vec<_> =
            PLACES.into_iter().chain(seen).map(|judged| self.vital_view(judged, now)).collect();
        let state = vitals.iter().filter(|it| self.counts_for_state(it)).map(|it| it.state).max();
        let interval = self.interval();
        let (audio_paused, alarm_paused) = self.pause_views();
        BedView {
            id: self.plan.id.clone(),
            origin: self.origin,
            state: state.unwrap_or(Freshness::Absent),
            session: self.session.as_ref().map(|session| self.session_view(session, now)),
            preset: self.rules.preset.clone(),
            changed_limits: self.session.as_ref().map_or(0, |session| session.limits.len()),
            disabled: self.disabled(),
            phase: self.phase(),
            since_dose: self.session.as_ref().and_then(|session| session.since_dose(now.mono)),
            vitals,
            advisories: self.advisories(now),
            next_due: self.next_due(now, interval),
            interval,
            links: self.links(now),
            conflicts: self.conflict_views(),
            bedside_alarms: self.bedside_alarms.iter().map(|(_, it)| it.clone()).collect(),
            occurrences: self.occurrences().map(|occurrence| occurrence.id).collect(),
            audio_paused,
            alarm_paused,
            standby: self.standby_view(),
        }
    }

    /// A session's required signals say how current its bed is, seen or not; without a session what
    /// was seen does (contract 6, `state`).
    fn counts_for_state(&self, vital: &VitalView) -> bool {
        match &self.session {
            Some(_) => self.rules.preset.requires.iter().any(|it| it.is_of(vital.metric)),
            None => vital.reading.is_some(),
        }
    }

    fn session_view(&self, session: &Session, now: Stamp) -> SessionView {
        SessionView {
            id: session.id,
            patient: session.patient.clone(),
            drug: session.drug.clone(),
            route: session.route.clone(),
            started: session.started,
            responsible: session.responsible.clone(),
            baseline: session.baseline,
            doses: session.doses.clone(),
            symptoms: session.symptoms,
            moaas: session.moaas,
            tasks: self.tasks(now),
            dose_missing: self.missing_for_dose(now),
            discharge_missing: self.missing_for_discharge(Checks::default(), now),
        }
    }

    fn vital_view(&self, judged: Judged, now: Stamp) -> VitalView {
        let limits = self.limits(judged);
        let Some(vital) = self.newest_of(judged, now.mono) else {
            let metric = judged.metrics().first().copied().unwrap_or(Metric::PulseRate);
            return VitalView {
                judged,
                metric,
                value: None,
                source: None,
                device: None,
                reading: None,
                age: None,
                measured: None,
                verify: false,
                state: Freshness::Absent,
                why: None,
                limits,
            };
        };
        let state = self.painted(vital, now.mono);
        let age = vital.measured_age(now.mono);
        let value = match state {
            Freshness::Live | Freshness::Grey => vital.newest.value.ok(),
            Freshness::Removed | Freshness::Absent => None,
        };
        VitalView {
            judged,
            metric: vital.metric,
            value,
            source: Some(vital.source),
            device: Some(vital.device.clone()),
            reading: Some(vital.newest.id),
            age: Some(age),
            measured: Some(vital.newest.received.wall.minus(vital.newest.lag)),
            verify: vital.newest.tag == Tag::Unusual,
            state,
            why: self.why(vital, state, now.mono),
            limits,
        }
    }

    /// As its freshness, but never live while nobody has chosen between two devices.
    fn painted(&self, vital: &Vital, now: MonoTime) -> Freshness {
        let fresh = self.freshness(vital, now);
        let may_be_live = fresh != Freshness::Live || !self.is_in_conflict(vital);
        if may_be_live { fresh } else { Freshness::Grey }
    }

    fn why(&self, vital: &Vital, state: Freshness, now: MonoTime) -> Option<Arc<str>> {
        let lost = self.no_link(vital.line, &vital.device).filter(|_| !vital.is_intermittent());
        let late = vital.newest.late == Late::Backlog;
        if let Some(held) = self.held_why(vital, now).filter(|_| lost.is_none()) {
            return Some(held);
        }
        if state == Freshness::Grey && self.is_in_conflict(vital) {
            return Some("device conflict".into());
        }
        if state == Freshness::Live && vital.is_frozen() {
            return Some("does not change: check sensor".into());
        }
        match (state, lost, vital.newest.value) {
            (_, Some(lost), _) => Some(format!("link lost: {lost}").into()),
            (Freshness::Absent, None, Err(absent)) => Some(absent.name().into()),
            (Freshness::Grey, None, _) if late => Some("sent late".into()),
            (Freshness::Grey | Freshness::Removed, None, _) => Some("old".into()),
            (Freshness::Live, None, _) if vital.newest.tag == Tag::Derived => {
                Some("derived".into())
            }
            (Freshness::Live | Freshness::Absent, None, _) => None,
        }
    }

    fn advisories(&self, now: Stamp) -> Vec<Arc<str>> {
        let repeat = self.families.iter().any(|family| family.bands.repeat_advised());
        let repeat = repeat.then(|| "Repeat BP".into());
        let back = self.is_patient_seen().then(|| "Patient back? End stand-by".into());
        let groups = self.raises.groups(now.mono).into_iter();
        let limits = groups.filter(|family| family.kind() == AlarmKind::Physiological);
        let limits = limits.map(|it| format!("Review limits: {} recurring", it.name()).into());
        let flood = self.raises.flood(now.mono);
        let flood = flood.map(|count| format!("Alarm flood: {count} in a minute").into());
        repeat.into_iter().chain(back).chain(limits).chain(flood).collect()
    }

    /// The next planned cuff reading, counted from the newest one or from the session's start.
    pub(super) fn next_due(&self, now: Stamp, interval: Duration) -> Option<Stamp> {
        self.is_watched().then(|| now.at_mono(self.cuff_counts_from().plus(interval)))
    }

    fn links(&self, now: Stamp) -> Vec<LinkView> {
        let view = |device: &crate::domain::link::Device| {
            let lost = self.lost(device.line, &device.id);
            let state = match (&device.link, &lost) {
                (Link::Opening { .. }, _) => LinkState::Opening,
                (_, Some(_)) => LinkState::Lost,
                (Link::Online { .. }, None) if self.is_quiet(&device.id, now) => LinkState::Quiet,
                (link, None) => link.state(),
            };
            LinkView {
                device: device.id.clone(),
                source: device.line,
                state,
                since: device.link.since(),
                why: device.link.why().or(lost).or_else(|| self.clock_advisory(device, now)),
            }
        };
        let linked = self.devices.iter().filter(|device| device.line != SourceIndex::BY_HAND);
        linked.map(view).collect()
    }

    /// Open, but everything that it sends is overdue.
    fn is_quiet(&self, device: &DeviceId, now: Stamp) -> bool {
        let mut theirs = self.vitals.iter().filter(|vital| vital.device == *device).peekable();
        let silent = |vital: &Vital| {
            if vital.is_intermittent() {
                vital.age(now.mono) > overdue_after(self.interval())
            } else {
                now.mono > vital.quiet_from()
            }
        };
        theirs.peek().is_some() && theirs.all(silent)
    }
}
