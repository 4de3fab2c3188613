//! Mirror of a bed's session.

use serde::{Deserialize, Serialize};

use super::Text;
use crate::domain::act::{Symptom, Symptoms};
use crate::domain::ids::Uuid;
use crate::domain::record::act::{BaselineV1, LimitOrderV1};
use crate::domain::record::transition::phase_of;
use crate::domain::record::visit_parts::{DoseV1, PatientV1};
use crate::domain::record::{RecordError, StampV1, by_name};
use crate::domain::session::{Responsible, Session};
use crate::domain::time::MonoTime;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SessionV1<'a> {
    id: String,
    #[serde(borrow)]
    patient: PatientV1<'a>,
    #[serde(borrow)]
    drug: Text<'a>,
    #[serde(borrow)]
    route: Text<'a>,
    started: StampV1,
    baseline_since: Option<u64>,
    #[serde(borrow)]
    doses: Vec<DoseV1<'a>>,
    #[serde(borrow)]
    phase: Text<'a>,
    after_high: u8,
    age_years: Option<u8>,
    #[serde(borrow)]
    responsible: Option<(Text<'a>, StampV1)>,
    baseline: Option<BaselineV1>,
    baseline_taken: Option<u64>,
    #[serde(borrow)]
    limits: Vec<LimitOrderV1<'a>>,
    #[serde(borrow)]
    symptoms: Vec<Text<'a>>,
    moaas: Option<u8>,
    #[serde(borrow)]
    preset: Option<Text<'a>>,
}

impl<'a> SessionV1<'a> {
    pub(super) fn of(session: &'a Session) -> Self {
        let Session {
            id,
            patient,
            drug,
            route,
            started,
            baseline_since,
            doses,
            phase,
            after_high,
            age_years,
            responsible,
            baseline,
            baseline_taken,
            limits,
            symptoms,
            moaas,
            preset,
        } = session;
        Self {
            id: id.to_string(),
            patient: PatientV1::of(patient),
            drug: (&**drug).into(),
            route: (&**route).into(),
            started: (*started).into(),
            baseline_since: baseline_since.map(MonoTime::as_micros),
            doses: doses.iter().map(DoseV1::of).collect(),
            phase: phase.name().into(),
            after_high: *after_high,
            age_years: *age_years,
            responsible: responsible.as_ref().map(|it| ((&*it.name).into(), it.since.into())),
            baseline: baseline.map(BaselineV1::of),
            baseline_taken: baseline_taken.map(MonoTime::as_micros),
            limits: limits.iter().map(LimitOrderV1::of).collect(),
            symptoms: symptoms.iter().map(|symptom| symptom.name().into()).collect(),
            moaas: *moaas,
            preset: preset.as_deref().map(Into::into),
        }
    }

    pub(super) fn into_domain(self) -> Result<Session, RecordError> {
        let doses = self.doses.into_iter().map(DoseV1::into_domain);
        let limits = self.limits.into_iter().map(LimitOrderV1::into_domain);
        let symptoms = self.symptoms.iter().map(|it| by_name(Symptom::ALL, Symptom::name, it));
        Ok(Session {
            id: Uuid::parse(&self.id)?,
            patient: self.patient.into_domain(),
            drug: self.drug.into(),
            route: self.route.into(),
            started: self.started.into(),
            baseline_since: self.baseline_since.map(MonoTime::from_micros),
            doses: doses.collect::<Result<_, _>>()?,
            phase: phase_of(&self.phase)?,
            after_high: self.after_high,
            age_years: self.age_years,
            responsible: self
                .responsible
                .map(|(name, since)| Responsible { name: name.into(), since: since.into() }),
            baseline: self.baseline.map(BaselineV1::into_domain),
            baseline_taken: self.baseline_taken.map(MonoTime::from_micros),
            limits: limits.collect::<Result<_, _>>()?,
            symptoms: Symptoms::of(&symptoms.collect::<Result<Vec<_>, _>>()?),
            moaas: self.moaas,
            preset: self.preset.map(Into::into),
        })
    }
}
