//! What people enter, in types: limits, baselines, symptoms, and how a session ends.

use crate::domain::alarm::AlarmFamily;
use crate::domain::alarm::rule::Judged;
use crate::domain::ids::RuleId;

/// Which limit of a session, and its new number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitOrder {
    pub rule: RuleId,
    pub judged: Judged,
    /// Where rule and metric leave two (R2).
    pub family: Option<AlarmFamily>,
    pub of: LimitOf,
    /// `None`: back to the preset's.
    pub value: Option<i32>,
}

/// Which of a rule's limits on one metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitOf {
    Value,
    /// A rise or drop from the baseline.
    Change,
}

/// An accepted baseline, in whole units; what is `None` has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    pub sys: Option<i32>,
    pub dia: Option<i32>,
    pub map: Option<i32>,
    pub heart_rate: Option<i32>,
    pub spo2: Option<i32>,
}

/// Symptoms as the nurse ticked them; the wire's words (contract 6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Symptoms(u16);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Symptom {
    ChestPain,
    Dyspnoea,
    Headache,
    Visual,
    Seizure,
    Consciousness,
    FocalDeficit,
    Nausea,
    Dizziness,
    Dissociation,
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposition {
    HomeEscorted,
    Admitted,
    Transferred,
    LeftAgainstAdvice,
    NotDosed,
}

impl Symptom {
    pub const ALL: [Self; 11] = [
        Self::ChestPain,
        Self::Dyspnoea,
        Self::Headache,
        Self::Visual,
        Self::Seizure,
        Self::Consciousness,
        Self::FocalDeficit,
        Self::Nausea,
        Self::Dizziness,
        Self::Dissociation,
        Self::Other,
    ];

    /// The wire's word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ChestPain => "chest_pain",
            Self::Dyspnoea => "dyspnoea",
            Self::Headache => "headache",
            Self::Visual => "visual",
            Self::Seizure => "seizure",
            Self::Consciousness => "consciousness",
            Self::FocalDeficit => "focal_deficit",
            Self::Nausea => "nausea",
            Self::Dizziness => "dizziness",
            Self::Dissociation => "dissociation",
            Self::Other => "other",
        }
    }

    /// Target-organ symptoms: any of these feeds B3 (contract 6).
    #[must_use]
    pub const fn feeds_b3(self) -> bool {
        (self as u8) <= Self::FocalDeficit as u8
    }
}

impl Symptoms {
    #[must_use]
    pub fn of(all: &[Symptom]) -> Self {
        Self(all.iter().fold(0, |set, symptom| set | 1 << *symptom as u8))
    }

    #[must_use]
    pub const fn holds(self, symptom: Symptom) -> bool {
        self.0 >> symptom as u8 & 1 == 1
    }

    pub fn iter(self) -> impl Iterator<Item = Symptom> {
        Symptom::ALL.into_iter().filter(move |symptom| self.holds(*symptom))
    }

    #[must_use]
    pub fn feed_b3(self) -> bool {
        self.iter().any(Symptom::feeds_b3)
    }
}

impl Disposition {
    pub const ALL: [Self; 5] = [
        Self::HomeEscorted,
        Self::Admitted,
        Self::Transferred,
        Self::LeftAgainstAdvice,
        Self::NotDosed,
    ];

    /// The wire's word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::HomeEscorted => "home_escorted",
            Self::Admitted => "admitted",
            Self::Transferred => "transferred",
            Self::LeftAgainstAdvice => "left_against_advice",
            Self::NotDosed => "not_dosed",
        }
    }
}
