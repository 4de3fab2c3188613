//! Mirrors of people's acts.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;

use super::visit::VisitV1;
use super::visit_parts::ChecksV1;
use super::{Lookup, Names, RecordError, by_name, malformed};
use crate::domain::act::{
    Act, Actor, Baseline, Deed, Disposition, LimitOf, LimitOrder, Symptom, Symptoms,
};
use crate::domain::alarm::AlarmFamily;
use crate::domain::alarm::rule::Judged;
use crate::domain::ids::{BedIndex, DeviceId, ReadingId, RuleId, Uuid};
use crate::domain::role::Role;

type Text<'a> = Cow<'a, str>;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ActV1<'a> {
    command: String,
    #[serde(borrow)]
    by: Text<'a>,
    #[serde(borrow)]
    role: Text<'a>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    ordered_by: Option<Text<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    screen: Option<Text<'a>>,
    #[serde(borrow)]
    reason: Option<Text<'a>>,
    #[serde(borrow)]
    deed: DeedV1<'a>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum DeedV1<'a> {
    Acknowledge {
        occurrence: String,
        revision: u32,
    },
    PauseAudio(#[serde(borrow)] Text<'a>),
    ResumeAudio(#[serde(borrow)] Text<'a>),
    PauseAlarms(#[serde(borrow)] Text<'a>),
    ResumeAlarms(#[serde(borrow)] Text<'a>),
    BeginStandby(#[serde(borrow)] Text<'a>),
    EndStandby(#[serde(borrow)] Text<'a>),
    KeepDevice {
        #[serde(borrow)]
        bed: Text<'a>,
        #[serde(borrow)]
        device: Text<'a>,
    },
    SetLimit {
        session: String,
        #[serde(borrow)]
        limit: LimitOrderV1<'a>,
    },
    OfferHandover {
        sessions: Vec<String>,
        #[serde(borrow)]
        to: Text<'a>,
    },
    AcceptHandover(String),
    RejectHandover(String),
    AcceptBaseline {
        session: String,
        /// Systolic, diastolic, mean, heart rate, SpO2.
        baseline: BaselineV1,
    },
    Observe {
        session: String,
        #[serde(borrow)]
        symptoms: Vec<Text<'a>>,
        moaas: Option<u8>,
        #[serde(borrow)]
        note: Option<Text<'a>>,
    },
    VoidReading(u64),
    AmendReading {
        reading: u64,
        value: i32,
    },
    EndSession {
        session: String,
        #[serde(borrow)]
        disposition: Text<'a>,
        checks: ChecksV1,
    },
    /// Of a visit.
    Visit(#[serde(borrow)] VisitV1<'a>),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LimitOrderV1<'a> {
    #[serde(borrow)]
    rule: Text<'a>,
    #[serde(borrow)]
    metric: Text<'a>,
    #[serde(borrow)]
    family: Option<Text<'a>>,
    change: bool,
    value: Option<i32>,
}

/// Systolic, diastolic, mean, heart rate, SpO2.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) struct BaselineV1(Option<i32>, Option<i32>, Option<i32>, Option<i32>, Option<i32>);

impl<'a> ActV1<'a> {
    pub(super) fn of(act: &'a Act, names: &'a Names) -> Result<Self, RecordError> {
        Ok(Self {
            command: act.command.to_string(),
            by: (&*act.by.name).into(),
            role: act.by.role.name().into(),
            ordered_by: act.by.ordered_by.as_deref().map(Cow::from),
            screen: act.by.screen.as_deref().map(Cow::from),
            reason: act.reason.as_deref().map(Cow::from),
            deed: DeedV1::of(&act.deed, names)?,
        })
    }

    pub(super) fn into_domain(self, lookup: &Lookup<'_>) -> Result<Act, RecordError> {
        Ok(Act {
            command: Uuid::parse(&self.command)?,
            by: Actor {
                name: self.by.into(),
                role: by_name(Role::ALL, Role::name, &self.role)?,
                ordered_by: self.ordered_by.map(Into::into),
                screen: self.screen.map(Into::into),
            },
            reason: self.reason.map(Into::into),
            deed: self.deed.into_domain(lookup)?,
        })
    }
}

impl<'a> DeedV1<'a> {
    fn of(deed: &'a Deed, names: &'a Names) -> Result<Self, RecordError> {
        let bed = |index: &BedIndex| names.bed(*index).map(Text::from);
        Ok(match deed {
            Deed::Acknowledge { occurrence, revision } => {
                Self::Acknowledge { occurrence: occurrence.to_string(), revision: *revision }
            }
            Deed::PauseAudio { bed: index } => Self::PauseAudio(bed(index)?),
            Deed::ResumeAudio { bed: index } => Self::ResumeAudio(bed(index)?),
            Deed::PauseAlarms { bed: index } => Self::PauseAlarms(bed(index)?),
            Deed::ResumeAlarms { bed: index } => Self::ResumeAlarms(bed(index)?),
            Deed::BeginStandby { bed: index } => Self::BeginStandby(bed(index)?),
            Deed::EndStandby { bed: index } => Self::EndStandby(bed(index)?),
            Deed::KeepDevice { bed: index, device } => {
                Self::KeepDevice { bed: bed(index)?, device: device.as_str().into() }
            }
            Deed::SetLimit { session, limit } => {
                Self::SetLimit { session: session.to_string(), limit: LimitOrderV1::of(limit) }
            }
            Deed::OfferHandover { sessions, to } => Self::OfferHandover {
                sessions: sessions.iter().map(Uuid::to_string).collect(),
                to: (&**to).into(),
            },
            Deed::AcceptHandover { handover } => Self::AcceptHandover(handover.to_string()),
            Deed::RejectHandover { handover } => Self::RejectHandover(handover.to_string()),
            Deed::AcceptBaseline { session, baseline } => Self::AcceptBaseline {
                session: session.to_string(),
                baseline: BaselineV1::of(*baseline),
            },
            Deed::Observe { session, symptoms, moaas, note } => Self::Observe {
                session: session.to_string(),
                symptoms: symptoms.iter().map(|symptom| symptom.name().into()).collect(),
                moaas: *moaas,
                note: note.as_deref().map(Cow::from),
            },
            Deed::VoidReading { reading } => Self::VoidReading(reading.0),
            Deed::AmendReading { reading, value } => {
                Self::AmendReading { reading: reading.0, value: *value }
            }
            Deed::EndSession { session, disposition, checks } => Self::EndSession {
                session: session.to_string(),
                disposition: disposition.name().into(),
                checks: ChecksV1::of(*checks),
            },
            Deed::Visit(deed) => Self::Visit(VisitV1::of(deed, names)?),
        })
    }

    fn into_domain(self, lookup: &Lookup<'_>) -> Result<Deed, RecordError> {
        let bed = |name: &str| lookup.bed(name);
        Ok(match self {
            Self::Acknowledge { occurrence, revision } => {
                Deed::Acknowledge { occurrence: Uuid::parse(&occurrence)?, revision }
            }
            Self::PauseAudio(name) => Deed::PauseAudio { bed: bed(&name)? },
            Self::ResumeAudio(name) => Deed::ResumeAudio { bed: bed(&name)? },
            Self::PauseAlarms(name) => Deed::PauseAlarms { bed: bed(&name)? },
            Self::ResumeAlarms(name) => Deed::ResumeAlarms { bed: bed(&name)? },
            Self::BeginStandby(name) => Deed::BeginStandby { bed: bed(&name)? },
            Self::EndStandby(name) => Deed::EndStandby { bed: bed(&name)? },
            Self::KeepDevice { bed: name, device } => {
                Deed::KeepDevice { bed: bed(&name)?, device: DeviceId::try_new(&device)? }
            }
            Self::SetLimit { session, limit } => {
                Deed::SetLimit { session: Uuid::parse(&session)?, limit: limit.into_domain()? }
            }
            Self::OfferHandover { sessions, to } => {
                Deed::OfferHandover { sessions: ids(&sessions)?, to: to.into() }
            }
            Self::AcceptHandover(id) => Deed::AcceptHandover { handover: Uuid::parse(&id)? },
            Self::RejectHandover(id) => Deed::RejectHandover { handover: Uuid::parse(&id)? },
            Self::AcceptBaseline { session, baseline } => Deed::AcceptBaseline {
                session: Uuid::parse(&session)?,
                baseline: baseline.into_domain(),
            },
            Self::Observe { session, symptoms, moaas, note } => {
                let symptoms = symptoms.iter().map(|it| by_name(Symptom::ALL, Symptom::name, it));
                let symptoms = Symptoms::of(&symptoms.collect::<Result<Vec<_>, _>>()?);
                let (session, note) = (Uuid::parse(&session)?, note.map(Into::into));
                Deed::Observe { session, symptoms, moaas, note }
            }
            Self::VoidReading(reading) => Deed::VoidReading { reading: ReadingId(reading) },
            Self::AmendReading { reading, value } => {
                Deed::AmendReading { reading: ReadingId(reading), value }
            }
            Self::EndSession { session, disposition, checks } => Deed::EndSession {
                session: Uuid::parse(&session)?,
                disposition: by_name(Disposition::ALL, Disposition::name, &disposition)?,
                checks: checks.into_domain(),
            },
            Self::Visit(deed) => Deed::Visit(deed.into_domain(lookup)?),
        })
    }
}

impl<'a> LimitOrderV1<'a> {
    pub(super) fn of(order: &'a LimitOrder) -> Self {
        let LimitOrder { rule, judged, family, of, value } = order;
        Self {
            rule: rule.as_str().into(),
            metric: judged.name().into(),
            family: family.map(|family| family.name().into()),
            change: *of == LimitOf::Change,
            value: *value,
        }
    }

    pub(super) fn into_domain(self) -> Result<LimitOrder, RecordError> {
        let family = self.family.map(|name| by_name(AlarmFamily::ALL, AlarmFamily::name, &name));
        Ok(LimitOrder {
            rule: RuleId::try_new(&self.rule)?,
            judged: Judged::by_name(&self.metric).ok_or_else(|| malformed("unknown metric"))?,
            family: family.transpose()?,
            of: if self.change { LimitOf::Change } else { LimitOf::Value },
            value: self.value,
        })
    }
}

impl BaselineV1 {
    pub(super) const fn of(baseline: Baseline) -> Self {
        let Baseline { sys, dia, map, heart_rate, spo2 } = baseline;
        Self(sys, dia, map, heart_rate, spo2)
    }

    pub(super) const fn into_domain(self) -> Baseline {
        let Self(sys, dia, map, heart_rate, spo2) = self;
        Baseline { sys, dia, map, heart_rate, spo2 }
    }
}

pub(super) fn ids(all: &[String]) -> Result<Vec<Uuid>, RecordError> {
    all.iter().map(|id| Uuid::parse(id).map_err(RecordError::from)).collect()
}
