//! Mirrors of how people's acts were answered.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::act::{BaselineV1, ids};
use super::transition::OccurrenceV1;
use super::visit_parts::MissingV1;
use super::{RecordError, StampV1, by_name};
use crate::domain::act::{Answer, Done, Lateness, Refused, Unknown};
use crate::domain::ids::{ReadingId, Uuid};
use crate::domain::role::Role;

type Text<'a> = Cow<'a, str>;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum AnswerV1<'a> {
    Acknowledged(#[serde(borrow)] Box<OccurrenceV1<'a>>),
    Until(StampV1),
    Unlimited,
    Taken,
    LimitSet {
        old: i32,
        new: i32,
    },
    HandoverOffered {
        handover: String,
        lapses: StampV1,
    },
    HandedOver(Vec<String>),
    Stale {
        current: u32,
    },
    Ended,
    AlarmPaused,
    Unknown(#[serde(borrow)] Text<'a>),
    CommandReused,
    Role(#[serde(borrow)] Text<'a>),
    ReasonNeeded,
    NothingToPause,
    AlreadySo,
    NotSo,
    OutsideRails {
        low: i32,
        high: i32,
    },
    LimitsCross {
        other: i32,
    },
    LeadNeeded,
    Ambiguous,
    HighUnacknowledged(String),
    NotResponsible(#[serde(borrow)] Option<Text<'a>>),
    NotOfferedTo(#[serde(borrow)] Text<'a>),
    HandoverOver,
    BadValue,
    SessionStarted(String),
    BaselineAccepted(BaselineV1),
    DoseGiven(String),
    ReadingsEntered {
        readings: Vec<u64>,
        late: bool,
    },
    BedInUse(String),
    NewPatientUnanswered,
    NotReady(#[serde(borrow)] Vec<MissingV1<'a>>),
    BadTime,
    SessionOver,
    DoseOver,
    UndoTooLate,
    WrongPreset {
        #[serde(borrow)]
        drug: Text<'a>,
        #[serde(borrow)]
        routes: Text<'a>,
    },
    TooFewReadings {
        needed: u8,
    },
    ReadingsVary {
        sys_tenths: u32,
        dia_tenths: u32,
    },
    ReadingPast,
}

impl<'a> AnswerV1<'a> {
    pub(super) fn of(answer: &'a Answer) -> Self {
        match answer {
            Ok(Done::Acknowledged(occurrence)) => {
                Self::Acknowledged(Box::new(OccurrenceV1::of(occurrence)))
            }
            Ok(Done::Until(at)) => Self::Until((*at).into()),
            Ok(Done::Unlimited) => Self::Unlimited,
            Ok(Done::Taken) => Self::Taken,
            Ok(Done::LimitSet { old, new }) => Self::LimitSet { old: *old, new: *new },
            Ok(Done::HandoverOffered { handover, lapses }) => {
                Self::HandoverOffered { handover: handover.to_string(), lapses: (*lapses).into() }
            }
            Ok(Done::HandedOver { sessions }) => {
                Self::HandedOver(sessions.iter().map(Uuid::to_string).collect())
            }
            Ok(Done::SessionStarted { session }) => Self::SessionStarted(session.to_string()),
            Ok(Done::BaselineAccepted(baseline)) => {
                Self::BaselineAccepted(BaselineV1::of(*baseline))
            }
            Ok(Done::DoseGiven { dose }) => Self::DoseGiven(dose.to_string()),
            Ok(Done::ReadingsEntered { readings, lateness }) => Self::ReadingsEntered {
                readings: readings.iter().map(|reading| reading.0).collect(),
                late: *lateness == Lateness::Late,
            },
            Err(refused) => Self::of_refusal(refused),
        }
    }

    fn of_refusal(refused: &'a Refused) -> Self {
        match refused {
            Refused::Stale { current } => Self::Stale { current: *current },
            Refused::Ended => Self::Ended,
            Refused::AlarmPaused => Self::AlarmPaused,
            Refused::Unknown(what) => Self::Unknown(what.name().into()),
            Refused::CommandReused => Self::CommandReused,
            Refused::Role { needed } => Self::Role(needed.name().into()),
            Refused::ReasonNeeded => Self::ReasonNeeded,
            Refused::NothingToPause => Self::NothingToPause,
            Refused::AlreadySo => Self::AlreadySo,
            Refused::NotSo => Self::NotSo,
            Refused::OutsideRails { low, high } => Self::OutsideRails { low: *low, high: *high },
            Refused::LimitsCross { other } => Self::LimitsCross { other: *other },
            Refused::LeadNeeded => Self::LeadNeeded,
            Refused::Ambiguous => Self::Ambiguous,
            Refused::HighUnacknowledged { occurrence } => {
                Self::HighUnacknowledged(occurrence.to_string())
            }
            Refused::NotResponsible { responsible } => {
                Self::NotResponsible(responsible.as_deref().map(Cow::from))
            }
            Refused::NotOfferedTo { to } => Self::NotOfferedTo((&**to).into()),
            Refused::HandoverOver => Self::HandoverOver,
            Refused::BadValue => Self::BadValue,
            Refused::BedInUse { session } => Self::BedInUse(session.to_string()),
            Refused::NewPatientUnanswered => Self::NewPatientUnanswered,
            Refused::NotReady { missing } => {
                Self::NotReady(missing.iter().map(MissingV1::of).collect())
            }
            Refused::BadTime => Self::BadTime,
            Refused::SessionOver => Self::SessionOver,
            Refused::DoseOver => Self::DoseOver,
            Refused::UndoTooLate => Self::UndoTooLate,
            Refused::ReadingPast => Self::ReadingPast,
            Refused::WrongPreset { drug, routes } => {
                Self::WrongPreset { drug: (&**drug).into(), routes: (&**routes).into() }
            }
            Refused::TooFewReadings { needed } => Self::TooFewReadings { needed: *needed },
            Refused::ReadingsVary { sys_tenths, dia_tenths } => {
                Self::ReadingsVary { sys_tenths: *sys_tenths, dia_tenths: *dia_tenths }
            }
        }
    }

    pub(super) fn into_domain(self) -> Result<Answer, RecordError> {
        Ok(Err(match self {
            Self::Acknowledged(occurrence) => {
                return Ok(Ok(Done::Acknowledged(Box::new(occurrence.into_domain()?))));
            }
            Self::Until(at) => return Ok(Ok(Done::Until(at.into()))),
            Self::Unlimited => return Ok(Ok(Done::Unlimited)),
            Self::Taken => return Ok(Ok(Done::Taken)),
            Self::LimitSet { old, new } => return Ok(Ok(Done::LimitSet { old, new })),
            Self::HandoverOffered { handover, lapses } => {
                let handover = Uuid::parse(&handover)?;
                return Ok(Ok(Done::HandoverOffered { handover, lapses: lapses.into() }));
            }
            Self::HandedOver(sessions) => {
                return Ok(Ok(Done::HandedOver { sessions: ids(&sessions)? }));
            }
            Self::Stale { current } => Refused::Stale { current },
            Self::Ended => Refused::Ended,
            Self::AlarmPaused => Refused::AlarmPaused,
            Self::Unknown(what) => Refused::Unknown(by_name(Unknown::ALL, Unknown::name, &what)?),
            Self::CommandReused => Refused::CommandReused,
            Self::Role(role) => Refused::Role { needed: by_name(Role::ALL, Role::name, &role)? },
            Self::ReasonNeeded => Refused::ReasonNeeded,
            Self::NothingToPause => Refused::NothingToPause,
            Self::AlreadySo => Refused::AlreadySo,
            Self::NotSo => Refused::NotSo,
            Self::OutsideRails { low, high } => Refused::OutsideRails { low, high },
            Self::LimitsCross { other } => Refused::LimitsCross { other },
            Self::LeadNeeded => Refused::LeadNeeded,
            Self::Ambiguous => Refused::Ambiguous,
            Self::HighUnacknowledged(id) => {
                Refused::HighUnacknowledged { occurrence: Uuid::parse(&id)? }
            }
            Self::NotResponsible(name) => {
                Refused::NotResponsible { responsible: name.map(Into::into) }
            }
            Self::NotOfferedTo(to) => Refused::NotOfferedTo { to: to.into() },
            Self::HandoverOver => Refused::HandoverOver,
            Self::BadValue => Refused::BadValue,
            Self::SessionStarted(id) => {
                return Ok(Ok(Done::SessionStarted { session: Uuid::parse(&id)? }));
            }
            Self::BaselineAccepted(it) => return Ok(Ok(Done::BaselineAccepted(it.into_domain()))),
            Self::DoseGiven(id) => return Ok(Ok(Done::DoseGiven { dose: Uuid::parse(&id)? })),
            Self::ReadingsEntered { readings, late } => {
                let readings = readings.into_iter().map(ReadingId).collect();
                let lateness = if late { Lateness::Late } else { Lateness::InTime };
                return Ok(Ok(Done::ReadingsEntered { readings, lateness }));
            }
            Self::BedInUse(id) => Refused::BedInUse { session: Uuid::parse(&id)? },
            Self::NewPatientUnanswered => Refused::NewPatientUnanswered,
            Self::NotReady(missing) => {
                let missing = missing.into_iter().map(MissingV1::into_domain);
                Refused::NotReady { missing: missing.collect::<Result<_, _>>()? }
            }
            Self::BadTime => Refused::BadTime,
            Self::SessionOver => Refused::SessionOver,
            Self::DoseOver => Refused::DoseOver,
            Self::UndoTooLate => Refused::UndoTooLate,
            Self::ReadingPast => Refused::ReadingPast,
            Self::WrongPreset { drug, routes } => {
                Refused::WrongPreset { drug: drug.into(), routes: routes.into() }
            }
            Self::TooFewReadings { needed } => Refused::TooFewReadings { needed },
            Self::ReadingsVary { sys_tenths, dia_tenths } => {
                Refused::ReadingsVary { sys_tenths, dia_tenths }
            }
        }))
    }
}
