//! What people enter in random histories: baseline, symptoms, sedation, limits, voided readings.

use proptest::prelude::*;
use proptest::sample::select;

use crate::domain::act::{
    Act, Actor, Baseline, Deed, HandoverId, LimitOf, LimitOrder, Symptom, Symptoms,
};
use crate::domain::alarm::AlarmFamily;
use crate::domain::alarm::rule::Judged;
use crate::domain::ids::{BedIndex, ReadingId, RuleId, SessionId, Uuid};
use crate::domain::metric::Metric;
use crate::domain::role::Role;
use crate::domain::time::Stamp;

/// One thing that a person enters on a bed.
#[derive(Clone, Debug)]
pub(super) enum Entry {
    Baseline {
        sys: i32,
        rate: i32,
    },
    Observed {
        symptoms: Symptoms,
        moaas: Option<u8>,
    },
    Limit {
        rule: &'static str,
        judged: Judged,
        of: LimitOf,
        value: Option<i32>,
        role: Role,
    },
    /// So many readings before the newest; the value it is amended to.
    Reading {
        back: u64,
        value: Option<i32>,
    },
}

pub(super) fn any_entry() -> impl Strategy<Value = Entry> {
    let sys = Judged::Metric(Metric::NibpSys);
    let limits = vec![
        ("B2", sys, LimitOf::Value, Some(170)),
        ("B4", sys, LimitOf::Value, Some(144)),
        ("B5", sys, LimitOf::Change, Some(20)),
        ("H1", Judged::HeartRate, LimitOf::Value, Some(128)),
        ("B4", sys, LimitOf::Value, None),
    ];
    let symptoms = vec![
        Symptoms::default(),
        Symptoms::of(&[Symptom::Nausea]),
        Symptoms::of(&[Symptom::ChestPain, Symptom::Other]),
    ];
    prop_oneof![
        (select(vec![115, 125]), select(vec![50, 70]))
            .prop_map(|(sys, rate)| Entry::Baseline { sys, rate }),
        (select(symptoms), select(vec![None, Some(2), Some(3), Some(5)]))
            .prop_map(|(symptoms, moaas)| Entry::Observed { symptoms, moaas }),
        (select(limits), select(vec![Role::Nurse, Role::Lead])).prop_map(
            |((rule, judged, of, value), role)| Entry::Limit { rule, judged, of, value, role }
        ),
        (1..6_u64, select(vec![None, None, Some(120), Some(190)]))
            .prop_map(|(back, value)| Entry::Reading { back, value }),
    ]
}

impl Entry {
    /// The act on a bed whose session is `session`.
    pub(super) fn act(&self, session: SessionId, next_reading: ReadingId, now: Stamp) -> Act {
        let mut role = Role::Nurse;
        let deed = match *self {
            Self::Baseline { sys, rate } => {
                let baseline =
                    Baseline { sys: Some(sys), heart_rate: Some(rate), ..Baseline::default() };
                Deed::AcceptBaseline { session, baseline }
            }
            Self::Observed { symptoms, moaas } => {
                Deed::Observe { session, symptoms, moaas, note: None }
            }
            Self::Limit { rule, judged, of, value, role: by } => {
                role = by;
                let (rule, family) = (RuleId::try_new(rule).unwrap(), None::<AlarmFamily>);
                Deed::SetLimit { session, limit: LimitOrder { rule, judged, family, of, value } }
            }
            Self::Reading { back, value } => {
                let reading = ReadingId(next_reading.0.saturating_sub(back));
                match value {
                    Some(value) => Deed::AmendReading { reading, value },
                    None => Deed::VoidReading { reading },
                }
            }
        };
        Act {
            command: Uuid::from_bits(1 << 90 | u128::from(now.mono.as_micros())),
            by: Actor::new("kim", role),
            reason: Some("seen".into()),
            deed,
        }
    }
}

/// The deed at a place in the list of those about a bed or its session.
pub(super) fn deed_at(what: u8, bed: BedIndex, session: SessionId, handover: HandoverId) -> Deed {
    match what {
        0 => Deed::PauseAudio { bed },
        1 => Deed::ResumeAudio { bed },
        2 => Deed::PauseAlarms { bed },
        3 => Deed::ResumeAlarms { bed },
        4 => Deed::BeginStandby { bed },
        5 => Deed::EndStandby { bed },
        6 => Deed::OfferHandover { sessions: vec![session], to: "Lee".into() },
        7 => Deed::AcceptHandover { handover },
        _ => Deed::RejectHandover { handover },
    }
}
