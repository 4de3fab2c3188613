//! Mirrors of the deeds of a visit.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::visit_parts::{DoseChangeV1, DoseOrderV1, HandV1, StartV1};
use super::{Lookup, Names, RecordError};
use crate::domain::act::VisitDeed;
use crate::domain::ids::{BedIndex, ReadingId, Uuid};

type Text<'a> = Cow<'a, str>;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum VisitV1<'a> {
    StartSession {
        #[serde(borrow)]
        bed: Text<'a>,
        #[serde(borrow)]
        order: StartV1<'a>,
    },
    ChoosePreset {
        session: String,
        #[serde(borrow)]
        preset: Text<'a>,
    },
    AcceptReadings {
        session: String,
        readings: Vec<u64>,
    },
    GiveDose {
        session: String,
        #[serde(borrow)]
        dose: DoseOrderV1<'a>,
    },
    ChangeDose {
        session: String,
        dose: String,
        change: DoseChangeV1,
    },
    UndoDose {
        session: String,
        dose: String,
    },
    VoidDose {
        session: String,
        dose: String,
    },
    AmendDose {
        session: String,
        dose: String,
        micrograms: u64,
    },
    EnterReading {
        #[serde(borrow)]
        bed: Text<'a>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        session: Option<String>,
        #[serde(borrow)]
        reading: HandV1<'a>,
    },
    Intervene {
        session: String,
        #[serde(borrow)]
        drug: Text<'a>,
        #[serde(borrow)]
        dose: Option<Text<'a>>,
    },
    MoveSession {
        session: String,
        #[serde(borrow)]
        bed: Text<'a>,
    },
}

impl<'a> VisitV1<'a> {
    pub(super) fn of(deed: &'a VisitDeed, names: &'a Names) -> Result<Self, RecordError> {
        let bed = |index: &BedIndex| names.bed(*index).map(Text::from);
        Ok(match deed {
            VisitDeed::StartSession { bed: index, order } => {
                Self::StartSession { bed: bed(index)?, order: StartV1::of(order) }
            }
            VisitDeed::ChoosePreset { session, preset } => {
                Self::ChoosePreset { session: session.to_string(), preset: (&**preset).into() }
            }
            VisitDeed::AcceptReadings { session, readings } => Self::AcceptReadings {
                session: session.to_string(),
                readings: readings.iter().map(|reading| reading.0).collect(),
            },
            VisitDeed::GiveDose { session, dose } => {
                Self::GiveDose { session: session.to_string(), dose: DoseOrderV1::of(dose) }
            }
            VisitDeed::ChangeDose { session, dose, change } => Self::ChangeDose {
                session: session.to_string(),
                dose: dose.to_string(),
                change: DoseChangeV1::of(*change),
            },
            VisitDeed::UndoDose { session, dose } => {
                Self::UndoDose { session: session.to_string(), dose: dose.to_string() }
            }
            VisitDeed::VoidDose { session, dose } => {
                Self::VoidDose { session: session.to_string(), dose: dose.to_string() }
            }
            VisitDeed::AmendDose { session, dose, micrograms } => Self::AmendDose {
                session: session.to_string(),
                dose: dose.to_string(),
                micrograms: *micrograms,
            },
            VisitDeed::EnterReading { bed: index, session, reading } => Self::EnterReading {
                bed: bed(index)?,
                session: session.map(|session| session.to_string()),
                reading: HandV1::of(reading),
            },
            VisitDeed::Intervene { session, drug, dose } => Self::Intervene {
                session: session.to_string(),
                drug: (&**drug).into(),
                dose: dose.as_deref().map(Cow::from),
            },
            VisitDeed::MoveSession { session, bed: index } => {
                Self::MoveSession { session: session.to_string(), bed: bed(index)? }
            }
        })
    }

    pub(super) fn into_domain(self, lookup: &Lookup<'_>) -> Result<VisitDeed, RecordError> {
        let bed = |name: &str| lookup.bed(name);
        Ok(match self {
            Self::StartSession { bed: name, order } => {
                VisitDeed::StartSession { bed: bed(&name)?, order: order.into_domain()? }
            }
            Self::ChoosePreset { session, preset } => {
                VisitDeed::ChoosePreset { session: Uuid::parse(&session)?, preset: preset.into() }
            }
            Self::AcceptReadings { session, readings } => VisitDeed::AcceptReadings {
                session: Uuid::parse(&session)?,
                readings: readings.into_iter().map(ReadingId).collect(),
            },
            Self::GiveDose { session, dose } => {
                VisitDeed::GiveDose { session: Uuid::parse(&session)?, dose: dose.into_domain() }
            }
            Self::ChangeDose { session, dose, change } => VisitDeed::ChangeDose {
                session: Uuid::parse(&session)?,
                dose: Uuid::parse(&dose)?,
                change: change.into_domain(),
            },
            Self::UndoDose { session, dose } => {
                VisitDeed::UndoDose { session: Uuid::parse(&session)?, dose: Uuid::parse(&dose)? }
            }
            Self::VoidDose { session, dose } => {
                VisitDeed::VoidDose { session: Uuid::parse(&session)?, dose: Uuid::parse(&dose)? }
            }
            Self::AmendDose { session, dose, micrograms } => VisitDeed::AmendDose {
                session: Uuid::parse(&session)?,
                dose: Uuid::parse(&dose)?,
                micrograms,
            },
            Self::EnterReading { bed: name, session, reading } => VisitDeed::EnterReading {
                bed: bed(&name)?,
                session: session.map(|session| Uuid::parse(&session)).transpose()?,
                reading: reading.into_domain()?,
            },
            Self::Intervene { session, drug, dose } => VisitDeed::Intervene {
                session: Uuid::parse(&session)?,
                drug: drug.into(),
                dose: dose.map(Into::into),
            },
            Self::MoveSession { session, bed: name } => {
                VisitDeed::MoveSession { session: Uuid::parse(&session)?, bed: bed(&name)? }
            }
        })
    }
}
