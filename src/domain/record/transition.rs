//! Mirrors of a transition and of the occurrence as it stands after it. Field names are whole
//! words: there are few of these lines, and people read them in an audit.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{HasVersion, RecordError, StampV1, VERSION, by_name, is_false, malformed};
use crate::domain::alarm::occurrence::{
    Acknowledged, ActNote, Change, EndReason, Occurrence, Presence, ReadingRef, SessionChange,
    Signal, Subject, Transition,
};
use crate::domain::alarm::rule::Phase;
use crate::domain::alarm::{AlarmFamily, Priority};
use crate::domain::ids::{BedId, DeviceId, ReadingId, RuleId, Seq, Uuid};
use crate::domain::metric::Metric;
use crate::domain::reading::{Origin, Quantity, ValueSource};
use crate::domain::time::WallTime;

type Text<'a> = Cow<'a, str>;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TransitionV1<'a> {
    v: u16,
    seq: u64,
    at: StampV1,
    #[serde(borrow)]
    is: SubjectV1<'a>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum SubjectV1<'a> {
    Alarm {
        #[serde(borrow)]
        change: Text<'a>,
        #[serde(borrow)]
        occurrence: Box<OccurrenceV1<'a>>,
    },
    Session {
        #[serde(borrow)]
        change: Text<'a>,
        #[serde(borrow)]
        bed: Text<'a>,
        session: Option<String>,
        #[serde(borrow)]
        phase: Option<Text<'a>>,
        #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
        note: Option<Box<ActNoteV1<'a>>>,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ActNoteV1<'a> {
    #[serde(borrow)]
    by: Text<'a>,
    #[serde(borrow)]
    ordered_by: Option<Text<'a>>,
    #[serde(borrow)]
    reason: Option<Text<'a>>,
    #[serde(borrow)]
    what: Option<Text<'a>>,
    #[serde(borrow)]
    old: Option<Text<'a>>,
    #[serde(borrow)]
    new: Option<Text<'a>>,
}

/// An occurrence by itself.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Versioned<'a> {
    pub(super) v: u16,
    #[serde(borrow)]
    pub(super) o: OccurrenceV1<'a>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OccurrenceV1<'a> {
    id: String,
    revision: u32,
    #[serde(borrow)]
    bed: Option<Text<'a>>,
    session: Option<String>,
    simulated: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    outage: bool,
    #[serde(borrow)]
    family: Text<'a>,
    #[serde(borrow)]
    subject: Option<Text<'a>>,
    #[serde(borrow)]
    rule: Option<Text<'a>>,
    #[serde(borrow)]
    priority: Text<'a>,
    #[serde(borrow)]
    highest: Text<'a>,
    #[serde(borrow)]
    presence: Text<'a>,
    #[serde(default, skip_serializing_if = "is_false")]
    frozen: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    restored: bool,
    confirm_until: Option<StampV1>,
    #[serde(borrow)]
    signal: Text<'a>,
    escalation: u8,
    #[serde(borrow)]
    text: Text<'a>,
    #[serde(borrow)]
    lines: Vec<Text<'a>>,
    #[serde(borrow)]
    metric: Option<Text<'a>>,
    value: Option<i32>,
    limit: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    baseline: Option<i32>,
    #[serde(borrow)]
    reading: Option<ReadingRefV1<'a>>,
    #[serde(borrow)]
    phase: Option<Text<'a>>,
    /// Whole microseconds: what `Stamp` is made of.
    since_dose_us: Option<u64>,
    onset: StampV1,
    /// Left out where it is the onset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    asked: Option<StampV1>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    next_step: Option<StampV1>,
    #[serde(borrow)]
    ended: Option<(StampV1, Text<'a>)>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    ended_by: Option<Text<'a>>,
    #[serde(borrow)]
    acknowledged: Option<AcknowledgedV1<'a>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadingRefV1<'a> {
    id: u64,
    #[serde(borrow)]
    device: Text<'a>,
    seq: Option<u32>,
    #[serde(borrow)]
    source: Text<'a>,
    #[serde(default, skip_serializing_if = "is_false")]
    verify: bool,
    source_time: Option<i64>,
    received: StampV1,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AcknowledgedV1<'a> {
    #[serde(borrow)]
    by: Text<'a>,
    at: StampV1,
    #[serde(borrow)]
    reason: Option<Text<'a>>,
}

impl HasVersion for TransitionV1<'_> {
    fn version(&self) -> u16 {
        self.v
    }
}

impl HasVersion for Versioned<'_> {
    fn version(&self) -> u16 {
        self.v
    }
}

impl<'a> TransitionV1<'a> {
    pub(super) fn of(transition: &'a Transition) -> Self {
        let is = match &transition.subject {
            Subject::Alarm { change, occurrence } => SubjectV1::Alarm {
                change: change.name().into(),
                occurrence: Box::new(OccurrenceV1::of(occurrence)),
            },
            Subject::Session { change, bed, session, phase, note } => SubjectV1::Session {
                change: change.name().into(),
                bed: bed.as_str().into(),
                session: session.map(|id| id.to_string()),
                phase: phase.map(|phase| phase.name().into()),
                note: note.as_deref().map(|note| Box::new(ActNoteV1::of(note))),
            },
        };
        Self { v: VERSION, seq: transition.seq.0, at: transition.at.into(), is }
    }

    pub(super) fn into_domain(self) -> Result<Transition, RecordError> {
        let subject = match self.is {
            SubjectV1::Alarm { change, occurrence } => Subject::Alarm {
                change: by_name(Change::ALL, Change::name, &change)?,
                occurrence: Box::new(occurrence.into_domain()?),
            },
            SubjectV1::Session { change, bed, session, phase, note } => Subject::Session {
                change: by_name(SessionChange::ALL, SessionChange::name, &change)?,
                bed: BedId::try_new(&bed)?,
                session: session.map(|id| Uuid::parse(&id)).transpose()?,
                phase: phase.map(|name| phase_of(&name)).transpose()?,
                note: note.map(|note| Box::new(note.into_domain())),
            },
        };
        Ok(Transition { seq: Seq(self.seq), at: self.at.into(), subject })
    }
}

impl<'a> OccurrenceV1<'a> {
    pub(super) fn of(o: &'a Occurrence) -> Self {
        Self {
            id: o.id.to_string(),
            revision: o.revision,
            bed: o.bed.as_ref().map(|bed| bed.as_str().into()),
            session: o.session.map(|id| id.to_string()),
            simulated: o.origin == Origin::Simulated,
            outage: o.outage,
            family: o.family.name().into(),
            subject: o.subject.as_deref().map(Cow::from),
            rule: o.rule.as_ref().map(|rule| rule.as_str().into()),
            priority: o.priority.name().into(),
            highest: o.highest.name().into(),
            presence: o.presence.name().into(),
            frozen: o.frozen,
            restored: o.restored,
            confirm_until: o.confirm_until.map(Into::into),
            signal: o.signal.name().into(),
            escalation: o.escalation,
            text: (&*o.text).into(),
            lines: o.lines.iter().map(Cow::from).collect(),
            metric: o.metric.map(|metric| metric.info().name.into()),
            value: o.value.map(|quantity| quantity.0),
            limit: o.limit,
            baseline: o.baseline,
            reading: o.reading.as_ref().map(ReadingRefV1::of),
            phase: o.phase.map(|phase| phase.name().into()),
            since_dose_us: o
                .since_dose
                .map(|span| u64::try_from(span.as_micros()).unwrap_or(u64::MAX)),
            onset: o.onset.into(),
            asked: (o.asked != o.onset).then(|| o.asked.into()),
            next_step: o.next_step.map(Into::into),
            ended: o.ended.map(|(at, why)| (at.into(), why.name().into())),
            ended_by: o.ended_by.as_deref().map(Cow::from),
            acknowledged: o.acknowledged.as_ref().map(AcknowledgedV1::of),
        }
    }

    pub(super) fn into_domain(self) -> Result<Occurrence, RecordError> {
        let metric =
            |name: Text<'_>| Metric::by_name(&name).ok_or_else(|| malformed("unknown metric"));
        let ended = |(at, why): (StampV1, Text<'_>)| {
            Ok::<_, RecordError>((at.into(), by_name(EndReason::ALL, EndReason::name, &why)?))
        };
        Ok(Occurrence {
            id: Uuid::parse(&self.id)?,
            revision: self.revision,
            bed: self.bed.map(|bed| BedId::try_new(&bed)).transpose()?,
            session: self.session.map(|id| Uuid::parse(&id)).transpose()?,
            origin: if self.simulated { Origin::Simulated } else { Origin::Patient },
            outage: self.outage,
            family: by_name(AlarmFamily::ALL, AlarmFamily::name, &self.family)?,
            subject: self.subject.map(Into::into),
            rule: self.rule.map(|rule| RuleId::try_new(&rule)).transpose()?,
            priority: by_name(Priority::ALL, Priority::name, &self.priority)?,
            highest: by_name(Priority::ALL, Priority::name, &self.highest)?,
            presence: by_name(PRESENCES, Presence::name, &self.presence)?,
            frozen: self.frozen,
            restored: self.restored,
            confirm_until: self.confirm_until.map(Into::into),
            signal: by_name(SIGNALS, Signal::name, &self.signal)?,
            escalation: self.escalation,
            text: self.text.into_owned(),
            lines: self.lines.into_iter().map(Cow::into_owned).collect(),
            metric: self.metric.map(metric).transpose()?,
            value: self.value.map(Quantity),
            limit: self.limit,
            baseline: self.baseline,
            reading: self.reading.map(ReadingRefV1::into_domain).transpose()?,
            phase: self.phase.map(|name| phase_of(&name)).transpose()?,
            since_dose: self.since_dose_us.map(Duration::from_micros),
            asked: self.asked.unwrap_or(self.onset).into(),
            onset: self.onset.into(),
            next_step: self.next_step.map(Into::into),
            ended: self.ended.map(ended).transpose()?,
            ended_by: self.ended_by.map(Into::into),
            acknowledged: self.acknowledged.map(AcknowledgedV1::into_domain),
        })
    }
}

impl<'a> ActNoteV1<'a> {
    fn of(note: &'a ActNote) -> Self {
        let text = |text: &'a Option<Arc<str>>| text.as_deref().map(Cow::from);
        Self {
            by: (&*note.by).into(),
            ordered_by: text(&note.ordered_by),
            reason: text(&note.reason),
            what: text(&note.what),
            old: text(&note.old),
            new: text(&note.new),
        }
    }

    fn into_domain(self) -> ActNote {
        ActNote {
            by: self.by.into(),
            ordered_by: self.ordered_by.map(Into::into),
            reason: self.reason.map(Into::into),
            what: self.what.map(Into::into),
            old: self.old.map(Into::into),
            new: self.new.map(Into::into),
        }
    }
}

impl<'a> ReadingRefV1<'a> {
    fn of(reading: &'a ReadingRef) -> Self {
        Self {
            id: reading.id.0,
            device: reading.device.as_str().into(),
            seq: reading.seq,
            source: reading.source.name().into(),
            verify: reading.verify,
            source_time: reading.source_time.map(WallTime::as_micros),
            received: reading.received.into(),
        }
    }

    fn into_domain(self) -> Result<ReadingRef, RecordError> {
        Ok(ReadingRef {
            id: ReadingId(self.id),
            device: DeviceId::try_new(&self.device)?,
            seq: self.seq,
            source: by_name(ValueSource::ALL, ValueSource::name, &self.source)?,
            verify: self.verify,
            source_time: self.source_time.map(WallTime::from_micros),
            received: self.received.into(),
        })
    }
}

impl<'a> AcknowledgedV1<'a> {
    fn of(acknowledged: &'a Acknowledged) -> Self {
        Self {
            by: (&*acknowledged.by).into(),
            at: acknowledged.at.into(),
            reason: acknowledged.reason.as_deref().map(Cow::from),
        }
    }

    fn into_domain(self) -> Acknowledged {
        Acknowledged { by: self.by.into(), at: self.at.into(), reason: self.reason.map(Into::into) }
    }
}

pub(super) fn phase_of(name: &str) -> Result<Phase, RecordError> {
    Phase::by_name(name).ok_or_else(|| malformed("unknown phase"))
}

pub(super) const PRESENCES: [Presence; 3] =
    [Presence::Present, Presence::Clearing, Presence::Ended];

pub(super) const SIGNALS: [Signal; 5] =
    [Signal::None, Signal::Active, Signal::Paused, Signal::Acknowledged, Signal::Latched];
