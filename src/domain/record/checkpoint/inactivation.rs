//! Mirrors of what people silence on a bed for a time, and of what it has raised of late.

use serde::{Deserialize, Serialize};

use super::Text;
use crate::domain::alarm::inactivation::{AudioPaused, Inactivation, Named, PatientSeen};
use crate::domain::alarm::recurrence::{Raised, Raises};
use crate::domain::alarm::{AlarmFamily, Priority};
use crate::domain::record::{RecordError, StampV1, by_name};
use crate::domain::time::MonoTime;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AudioV1<'a> {
    #[serde(borrow)]
    by: Text<'a>,
    since: StampV1,
    until: StampV1,
    #[serde(borrow)]
    highest: Text<'a>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum InactivationV1<'a> {
    None,
    AlarmPaused {
        #[serde(borrow)]
        act: NamedV1<'a>,
        until: StampV1,
    },
    Toilet {
        #[serde(borrow)]
        act: NamedV1<'a>,
        until: StampV1,
        patient_seen: bool,
    },
    Overrun {
        #[serde(borrow)]
        act: NamedV1<'a>,
        until: StampV1,
    },
    RoomEmpty {
        #[serde(borrow)]
        act: NamedV1<'a>,
        patient_seen: bool,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NamedV1<'a> {
    #[serde(borrow)]
    by: Text<'a>,
    since: StampV1,
    #[serde(borrow)]
    reason: Text<'a>,
}

/// When, family, subject.
#[derive(Serialize, Deserialize)]
pub(super) struct RaisedV1<'a>(u64, #[serde(borrow)] Text<'a>, #[serde(borrow)] Option<Text<'a>>);

impl<'a> AudioV1<'a> {
    pub(super) fn of(audio: &'a AudioPaused) -> Self {
        let AudioPaused { by, since, until, highest } = audio;
        Self {
            by: (&**by).into(),
            since: (*since).into(),
            until: (*until).into(),
            highest: highest.name().into(),
        }
    }

    pub(super) fn into_domain(self) -> Result<AudioPaused, RecordError> {
        Ok(AudioPaused {
            by: self.by.into(),
            since: self.since.into(),
            until: self.until.into(),
            highest: by_name(Priority::ALL, Priority::name, &self.highest)?,
        })
    }
}

impl<'a> InactivationV1<'a> {
    pub(super) fn of(inactivation: &'a Inactivation) -> Self {
        let was_seen = |seen: &PatientSeen| *seen == PatientSeen::Yes;
        match inactivation {
            Inactivation::None => Self::None,
            Inactivation::AlarmPaused { act, until } => {
                Self::AlarmPaused { act: NamedV1::of(act), until: (*until).into() }
            }
            Inactivation::Toilet { act, until, seen } => Self::Toilet {
                act: NamedV1::of(act),
                until: (*until).into(),
                patient_seen: was_seen(seen),
            },
            Inactivation::Overrun { act, until } => {
                Self::Overrun { act: NamedV1::of(act), until: (*until).into() }
            }
            Inactivation::RoomEmpty { act, seen } => {
                Self::RoomEmpty { act: NamedV1::of(act), patient_seen: was_seen(seen) }
            }
        }
    }

    pub(super) fn into_domain(self) -> Inactivation {
        let seen = |was| if was { PatientSeen::Yes } else { PatientSeen::No };
        match self {
            Self::None => Inactivation::None,
            Self::AlarmPaused { act, until } => {
                Inactivation::AlarmPaused { act: act.into_domain(), until: until.into() }
            }
            Self::Toilet { act, until, patient_seen } => Inactivation::Toilet {
                act: act.into_domain(),
                until: until.into(),
                seen: seen(patient_seen),
            },
            Self::Overrun { act, until } => {
                Inactivation::Overrun { act: act.into_domain(), until: until.into() }
            }
            Self::RoomEmpty { act, patient_seen } => {
                Inactivation::RoomEmpty { act: act.into_domain(), seen: seen(patient_seen) }
            }
        }
    }
}

impl<'a> NamedV1<'a> {
    fn of(named: &'a Named) -> Self {
        let Named { by, since, reason } = named;
        Self { by: (&**by).into(), since: (*since).into(), reason: (&**reason).into() }
    }

    fn into_domain(self) -> Named {
        Named { by: self.by.into(), since: self.since.into(), reason: self.reason.into() }
    }
}

impl<'a> RaisedV1<'a> {
    pub(super) fn all(raises: &'a Raises) -> Vec<Self> {
        let one = |Raised { at, family, subject }: &'a Raised| {
            Self(at.as_micros(), family.name().into(), subject.as_deref().map(Text::from))
        };
        raises.0.iter().map(one).collect()
    }

    pub(super) fn into_all(all: Vec<Self>) -> Result<Raises, RecordError> {
        let one = |Self(at, family, subject): Self| {
            Ok::<_, RecordError>(Raised {
                at: MonoTime::from_micros(at),
                family: by_name(AlarmFamily::ALL, AlarmFamily::name, &family)?,
                subject: subject.map(Into::into),
            })
        };
        Ok(Raises(all.into_iter().map(one).collect::<Result<_, _>>()?))
    }
}
