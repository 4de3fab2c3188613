//! An occurrence, wherever it is sent (contract 6).

use std::time::Instant;

use serde::Serialize;
use utoipa::ToSchema;

#[cfg(test)]
use super::words;
use super::{Figure, Id, Time, seconds};
use crate::domain::alarm::occurrence::{self as domain, ReadingRef};
use crate::domain::alarm::{AlarmKind, rule::Phase};
use crate::domain::ids::{BedId, RuleId, Seq};
use crate::domain::metric::Metric;
use crate::domain::reading::Origin;
use crate::shell::lane;

/// One episode of one family on one bed, as it stands after a transition.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Occurrence<'a> {
    /// Place of this transition in the site's series; absent while it is not yet in the journal.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    seq: Option<u64>,
    occurrence: Id,
    /// What an acknowledgement has to name.
    revision: u32,
    /// null: service-wide.
    bed: Option<&'a str>,
    session: Option<Id>,
    simulated: bool,
    /// Raised for the time the service was down.
    outage: bool,
    /// Kept over a restart.
    restored: bool,
    #[cfg_attr(test, ts(as = "words::AlarmFamily"))]
    family: &'static str,
    rule: Option<&'a str>,
    /// physiological | technical
    #[cfg_attr(test, ts(as = "words::AlarmKind"))]
    kind: &'static str,
    /// The metric, device or source of a technical family.
    subject: Option<&'a str>,
    /// high | medium | low
    #[cfg_attr(test, ts(as = "words::Priority"))]
    priority: &'static str,
    /// The highest that it ever was.
    #[cfg_attr(test, ts(as = "words::Priority"))]
    highest: &'static str,
    /// present | clearing | ended
    #[cfg_attr(test, ts(as = "words::Presence"))]
    condition: &'static str,
    /// Its input is missing; it stays.
    frozen: bool,
    /// "Re-cuff now" runs until then.
    confirm_until: Option<Time>,
    /// active | paused | acknowledged | latched | none
    #[cfg_attr(test, ts(as = "words::Signal"))]
    signal: &'static str,
    escalation: u8,
    text: &'a str,
    lines: &'a [String],
    #[cfg_attr(test, ts(as = "Option<words::Metric>"))]
    metric: Option<&'static str>,
    value: Option<Figure>,
    /// UCUM.
    unit: Option<&'static str>,
    limit: Option<Figure>,
    baseline: Option<Figure>,
    reading: Option<Reading<'a>>,
    /// intake | baseline | active | recovery | discharge | ended
    #[cfg_attr(test, ts(as = "Option<words::Phase>"))]
    phase: Option<&'static str>,
    since_dose_s: Option<u64>,
    onset: Time,
    /// When it last asked for an answer anew: the response time counts from there.
    asked: Time,
    /// When it is told further unless somebody answers; null: it goes no further.
    next_step: Option<Time>,
    ended: Option<Time>,
    /// Who ended it, where a person did.
    ended_by: Option<&'a str>,
    /// cleared | phase | moment | limit-changed | ...
    #[cfg_attr(test, ts(as = "Option<words::EndReason>"))]
    end_reason: Option<&'static str>,
    acknowledged: Option<Acknowledged<'a>>,
    /// Only on an event: what happened, e.g. raised, acknowledged, paused, reminded, stepped-up.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional, as = "Option<words::Change>"))]
    change: Option<&'static str>,
    /// Only on an event that was sent before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    replayed: Option<bool>,
    /// Added on publishing, never journaled.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    latency_us: Option<LatencyUs>,
}

/// The reading that the governing band was last judged on.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "OccurrenceReading"))]
#[schema(as = OccurrenceReading)]
struct Reading<'a> {
    id: u64,
    device: &'a str,
    /// The device's own number.
    seq: Option<u32>,
    #[cfg_attr(test, ts(as = "words::ValueSource"))]
    source: &'static str,
    /// Plausible but unusual.
    verify: bool,
    source_time: Option<Time>,
    received_time: Time,
}

/// Who acknowledged, when, and why if they said so.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct Acknowledged<'a> {
    by: &'a str,
    at: Time,
    reason: Option<&'a str>,
}

/// Microseconds of each stage.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct LatencyUs {
    decode: u64,
    step: u64,
    commit: u64,
    publish: u64,
}

/// Whether an event goes out for the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sending {
    First,
    Replayed,
}

impl Sending {
    /// The field `replayed`.
    pub(crate) fn replayed(self) -> Option<bool> {
        (self == Self::Replayed).then_some(true)
    }
}

impl<'a> Occurrence<'a> {
    /// An occurrence with the seq of the transition that it shows, where that is known.
    pub(crate) fn new(seq: Option<Seq>, occurrence: &'a domain::Occurrence) -> Self {
        let number = |raw| occurrence.metric.map(|metric| Figure::of(metric, raw));
        Self {
            seq: seq.map(|seq| seq.0),
            occurrence: Id(occurrence.id),
            revision: occurrence.revision,
            bed: occurrence.bed.as_ref().map(BedId::as_str),
            session: occurrence.session.map(Id),
            simulated: occurrence.origin == Origin::Simulated,
            outage: occurrence.outage,
            restored: occurrence.restored,
            family: occurrence.family.name(),
            rule: occurrence.rule.as_ref().map(RuleId::as_str),
            kind: kind(occurrence.family.kind()),
            subject: occurrence.subject.as_deref(),
            priority: occurrence.priority.name(),
            highest: occurrence.highest.name(),
            condition: occurrence.presence.name(),
            frozen: occurrence.frozen,
            confirm_until: occurrence.confirm_until.map(|until| Time(until.wall)),
            signal: occurrence.signal.name(),
            escalation: occurrence.escalation,
            text: &occurrence.text,
            lines: &occurrence.lines,
            metric: occurrence.metric.map(|metric| metric.info().name),
            value: occurrence.value.and_then(|value| number(value.0)),
            unit: occurrence.metric.map(Metric::info).map(|info| info.ucum),
            limit: occurrence.limit.and_then(number),
            baseline: occurrence.baseline.and_then(number),
            reading: occurrence.reading.as_ref().map(Reading::new),
            phase: occurrence.phase.map(Phase::name),
            since_dose_s: occurrence.since_dose.map(seconds),
            onset: Time(occurrence.onset.wall),
            asked: Time(occurrence.asked.wall),
            next_step: occurrence.next_step.map(|due| Time(due.wall)),
            ended: occurrence.ended.map(|(at, _)| Time(at.wall)),
            ended_by: occurrence.ended_by.as_deref(),
            end_reason: occurrence.ended.map(|(_, reason)| reason.name()),
            acknowledged: occurrence.acknowledged.as_ref().map(|first| Acknowledged {
                by: &first.by,
                at: Time(first.at.wall),
                reason: first.reason.as_deref(),
            }),
            change: None,
            replayed: None,
            latency_us: None,
        }
    }

    /// As an event, which says what happened.
    pub(crate) fn told(mut self, change: domain::Change) -> Self {
        self.change = Some(change.name());
        self
    }

    pub(crate) fn sent(mut self, sending: Sending) -> Self {
        self.replayed = sending.replayed();
        self
    }

    /// `now`: when the frame is made.
    pub(crate) fn timed(mut self, latency: Option<lane::Latency>, now: Instant) -> Self {
        let since = |committed| now.saturating_duration_since(committed).as_micros();
        self.latency_us = latency.map(|latency| LatencyUs {
            decode: latency.decode_us,
            step: latency.step_us,
            commit: latency.commit_us,
            publish: u64::try_from(since(latency.committed)).unwrap_or(u64::MAX),
        });
        self
    }
}

impl<'a> Reading<'a> {
    fn new(reading: &'a ReadingRef) -> Self {
        Self {
            id: reading.id.0,
            device: reading.device.as_str(),
            seq: reading.seq,
            source: reading.source.name(),
            verify: reading.verify,
            source_time: reading.source_time.map(Time),
            received_time: Time(reading.received.wall),
        }
    }
}

pub(super) const fn kind(kind: AlarmKind) -> &'static str {
    match kind {
        AlarmKind::Physiological => "physiological",
        AlarmKind::Technical => "technical",
    }
}
