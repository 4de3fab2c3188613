//! Mirrors of what a visit's deeds and answers hold: its start, doses, hand-taken readings, checks,
//! and what a gate found missing.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{RecordError, StampV1, by_name, malformed};
use crate::domain::ids::{RuleId, Uuid};
use crate::domain::metric::Metric;
use crate::domain::reading::Quantity;
use crate::domain::session::checks::{Checks, Missing};
use crate::domain::session::dose::{Dose, DoseChange, DoseOrder};
use crate::domain::session::hand::{Arm, CuffSize, HandReading};
use crate::domain::session::start::{Patient, StartOrder, TurnOver};
use crate::domain::time::WallTime;

type Text<'a> = Cow<'a, str>;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StartV1<'a> {
    id: String,
    #[serde(borrow)]
    patient: PatientV1<'a>,
    #[serde(borrow)]
    drug: Text<'a>,
    #[serde(borrow)]
    route: Text<'a>,
    #[serde(borrow)]
    preset: Option<Text<'a>>,
    new_patient: Option<bool>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PatientV1<'a> {
    #[serde(borrow)]
    reference: Text<'a>,
    #[serde(borrow)]
    initials: Text<'a>,
    birth_year: Option<u16>,
    weight_g: Option<u32>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DoseOrderV1<'a> {
    micrograms: Option<u64>,
    device: Option<u8>,
    #[serde(borrow)]
    lot: Option<Text<'a>>,
    started: Option<i64>,
    ended: Option<i64>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum DoseChangeV1 {
    Pause(Option<i64>),
    Resume(Option<i64>),
    End { at: Option<i64>, given: Option<u64> },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DoseV1<'a> {
    id: String,
    micrograms: Option<u64>,
    device: Option<u8>,
    #[serde(borrow)]
    lot: Option<Text<'a>>,
    started: StampV1,
    ended: Option<StampV1>,
    pauses: Vec<(StampV1, Option<StampV1>)>,
    entered: StampV1,
    #[serde(borrow)]
    voided: Option<Text<'a>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HandV1<'a> {
    #[serde(borrow)]
    method: Text<'a>,
    #[serde(borrow)]
    taker: Option<Text<'a>>,
    taken: i64,
    #[serde(borrow)]
    values: Vec<(Text<'a>, i32)>,
    #[serde(borrow)]
    arm: Option<Text<'a>>,
    #[serde(borrow)]
    cuff_size: Option<Text<'a>>,
}

/// Awake, oriented, gait, symptoms gone, escort.
#[derive(Serialize, Deserialize)]
pub(super) struct ChecksV1(bool, bool, bool, bool, bool);

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum MissingV1<'a> {
    Baseline,
    Pressure(#[serde(borrow)] Text<'a>),
    Readings(#[serde(borrow)] Text<'a>),
    DeviceRest(StampV1),
    DoseRunning,
    Observation(StampV1),
    DischargePressure(#[serde(borrow)] Text<'a>),
    TimedReading(#[serde(borrow)] Text<'a>),
    Sedation(Option<u8>),
    Symptoms,
    Check(#[serde(borrow)] Text<'a>),
}

fn text<'a>(from: Option<&'a std::sync::Arc<str>>) -> Option<Text<'a>> {
    from.map(|it| (&**it).into())
}

fn micros(at: Option<WallTime>) -> Option<i64> {
    at.map(WallTime::as_micros)
}

fn wall(micros: Option<i64>) -> Option<WallTime> {
    micros.map(WallTime::from_micros)
}

impl<'a> StartV1<'a> {
    pub(super) fn of(order: &'a StartOrder) -> Self {
        let StartOrder { id, patient, drug, route, preset, turn_over } = order;
        Self {
            id: id.to_string(),
            patient: PatientV1::of(patient),
            drug: (&**drug).into(),
            route: (&**route).into(),
            preset: text(preset.as_ref()),
            new_patient: match turn_over {
                TurnOver::Unanswered => None,
                TurnOver::NewPatient => Some(true),
                TurnOver::SamePatient => Some(false),
            },
        }
    }

    pub(super) fn into_domain(self) -> Result<StartOrder, RecordError> {
        Ok(StartOrder {
            id: Uuid::parse(&self.id)?,
            patient: self.patient.into_domain(),
            drug: self.drug.into(),
            route: self.route.into(),
            preset: self.preset.map(Into::into),
            turn_over: match self.new_patient {
                None => TurnOver::Unanswered,
                Some(true) => TurnOver::NewPatient,
                Some(false) => TurnOver::SamePatient,
            },
        })
    }
}

impl<'a> PatientV1<'a> {
    pub(super) fn of(patient: &'a Patient) -> Self {
        let Patient { reference, initials, birth_year, weight_g } = patient;
        let (reference, initials) = ((&**reference).into(), (&**initials).into());
        Self { reference, initials, birth_year: *birth_year, weight_g: *weight_g }
    }

    pub(super) fn into_domain(self) -> Patient {
        let Self { reference, initials, birth_year, weight_g } = self;
        Patient { reference: reference.into(), initials: initials.into(), birth_year, weight_g }
    }
}

impl<'a> DoseOrderV1<'a> {
    pub(super) fn of(order: &'a DoseOrder) -> Self {
        let DoseOrder { micrograms, device_number, lot, started, ended } = order;
        Self {
            micrograms: *micrograms,
            device: *device_number,
            lot: text(lot.as_ref()),
            started: micros(*started),
            ended: micros(*ended),
        }
    }

    pub(super) fn into_domain(self) -> DoseOrder {
        DoseOrder {
            micrograms: self.micrograms,
            device_number: self.device,
            lot: self.lot.map(Into::into),
            started: wall(self.started),
            ended: wall(self.ended),
        }
    }
}

impl DoseChangeV1 {
    pub(super) fn of(change: DoseChange) -> Self {
        match change {
            DoseChange::Pause { at } => Self::Pause(micros(at)),
            DoseChange::Resume { at } => Self::Resume(micros(at)),
            DoseChange::End { at, given_micrograms } => {
                Self::End { at: micros(at), given: given_micrograms }
            }
        }
    }

    pub(super) fn into_domain(self) -> DoseChange {
        match self {
            Self::Pause(at) => DoseChange::Pause { at: wall(at) },
            Self::Resume(at) => DoseChange::Resume { at: wall(at) },
            Self::End { at, given } => DoseChange::End { at: wall(at), given_micrograms: given },
        }
    }
}

impl<'a> DoseV1<'a> {
    pub(super) fn of(dose: &'a Dose) -> Self {
        let Dose { id, micrograms, device_number, lot, started, ended, pauses, entered, voided } =
            dose;
        let pause =
            |(from, until): &(_, Option<_>)| (StampV1::from(*from), until.map(StampV1::from));
        Self {
            id: id.to_string(),
            micrograms: *micrograms,
            device: *device_number,
            lot: text(lot.as_ref()),
            started: (*started).into(),
            ended: ended.map(Into::into),
            pauses: pauses.iter().map(pause).collect(),
            entered: (*entered).into(),
            voided: text(voided.as_ref()),
        }
    }

    pub(super) fn into_domain(self) -> Result<Dose, RecordError> {
        let pause =
            |(from, until): (StampV1, Option<StampV1>)| (from.into(), until.map(Into::into));
        Ok(Dose {
            id: Uuid::parse(&self.id)?,
            micrograms: self.micrograms,
            device_number: self.device,
            lot: self.lot.map(Into::into),
            started: self.started.into(),
            ended: self.ended.map(Into::into),
            pauses: self.pauses.into_iter().map(pause).collect(),
            entered: self.entered.into(),
            voided: self.voided.map(Into::into),
        })
    }
}

impl<'a> HandV1<'a> {
    pub(super) fn of(reading: &'a HandReading) -> Self {
        let HandReading { method, taker, taken, values, arm, cuff_size } = reading;
        let value = |(metric, value): &(Metric, Quantity)| (metric.info().name.into(), value.0);
        Self {
            method: (&**method).into(),
            taker: text(taker.as_ref()),
            taken: taken.as_micros(),
            values: values.iter().map(value).collect(),
            arm: arm.map(|arm| arm.name().into()),
            cuff_size: cuff_size.map(|size| size.name().into()),
        }
    }

    pub(super) fn into_domain(self) -> Result<HandReading, RecordError> {
        let value = |(name, value): (Text<'_>, i32)| {
            let metric = Metric::by_name(&name).ok_or_else(|| malformed("unknown metric"))?;
            Ok((metric, Quantity(value)))
        };
        let size = |name: Text<'_>| by_name(CuffSize::ALL, CuffSize::name, &name);
        Ok(HandReading {
            method: self.method.into(),
            taker: self.taker.map(Into::into),
            taken: WallTime::from_micros(self.taken),
            values: self.values.into_iter().map(value).collect::<Result<_, RecordError>>()?,
            arm: self.arm.map(|name| by_name(Arm::ALL, Arm::name, &name)).transpose()?,
            cuff_size: self.cuff_size.map(size).transpose()?,
        })
    }
}

impl ChecksV1 {
    pub(super) const fn of(checks: Checks) -> Self {
        let Checks { awake, oriented, gait, symptoms_gone, escort } = checks;
        Self(awake, oriented, gait, symptoms_gone, escort)
    }

    pub(super) const fn into_domain(self) -> Checks {
        let Self(awake, oriented, gait, symptoms_gone, escort) = self;
        Checks { awake, oriented, gait, symptoms_gone, escort }
    }
}

impl<'a> MissingV1<'a> {
    pub(super) fn of(missing: &'a Missing) -> Self {
        match missing {
            Missing::Baseline => Self::Baseline,
            Missing::Pressure { rule } => Self::Pressure(rule.as_str().into()),
            Missing::Readings { rule } => Self::Readings(rule.as_str().into()),
            Missing::DeviceRest { until } => Self::DeviceRest((*until).into()),
            Missing::DoseRunning => Self::DoseRunning,
            Missing::Observation { until } => Self::Observation((*until).into()),
            Missing::DischargePressure { rule } => Self::DischargePressure(rule.as_str().into()),
            Missing::TimedReading { id } => Self::TimedReading((&**id).into()),
            Missing::Sedation { moaas } => Self::Sedation(*moaas),
            Missing::Symptoms => Self::Symptoms,
            Missing::Check { name } => Self::Check((*name).into()),
        }
    }

    pub(super) fn into_domain(self) -> Result<Missing, RecordError> {
        let rule = |id: Text<'_>| RuleId::try_new(&id).map_err(RecordError::from);
        Ok(match self {
            Self::Baseline => Missing::Baseline,
            Self::Pressure(id) => Missing::Pressure { rule: rule(id)? },
            Self::Readings(id) => Missing::Readings { rule: rule(id)? },
            Self::DeviceRest(until) => Missing::DeviceRest { until: until.into() },
            Self::DoseRunning => Missing::DoseRunning,
            Self::Observation(until) => Missing::Observation { until: until.into() },
            Self::DischargePressure(id) => Missing::DischargePressure { rule: rule(id)? },
            Self::TimedReading(id) => Missing::TimedReading { id: id.into() },
            Self::Sedation(moaas) => Missing::Sedation { moaas },
            Self::Symptoms => Missing::Symptoms,
            Self::Check(name) => {
                let mut all = Checks::ALL.all().into_iter();
                let found = all.find(|(check, _)| *check == name);
                let (name, _) = found.ok_or_else(|| malformed("unknown check"))?;
                Missing::Check { name }
            }
        })
    }
}
