//! What people enter in random histories: baseline, symptoms, sedation, limits, voided readings.

use std::time::Duration;

use proptest::prelude::*;
use proptest::sample::select;

use super::{plan, start};
use crate::domain::act::{
    Act, Actor, Baseline, Deed, HandoverId, LimitOf, LimitOrder, Symptom, Symptoms, VisitDeed,
};
use crate::domain::alarm::AlarmFamily;
use crate::domain::alarm::rule::Judged;
use crate::domain::ids::{BedIndex, ReadingId, RuleId, SessionId, Uuid};
use crate::domain::input::{Input, SessionStart};
use crate::domain::metric::Metric;
use crate::domain::reading::Quantity;
use crate::domain::role::Role;
use crate::domain::session::hand::HandReading;
use crate::domain::time::Stamp;
use crate::domain::view::ReadingView;
use crate::domain::ward::{Reply, Ward};

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
    /// Taken by hand so many seconds ago.
    Hand {
        ago: u64,
        values: Vec<(Metric, i32)>,
    },
    /// The last so many calm determinations of the bed, a minute apart.
    Accepted(usize),
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
    let hand = |rest: &[(Metric, i32)]| {
        let pair = [(Metric::NibpSys, 128), (Metric::NibpDia, 80)];
        pair.into_iter().chain(rest.iter().copied()).collect::<Vec<_>>()
    };
    let values = vec![
        hand(&[]),
        hand(&[(Metric::PulseRate, 72)]),
        vec![(Metric::NibpSys, 186), (Metric::NibpDia, 95)],
        vec![(Metric::SpO2, 82)],
        vec![(Metric::SpO2, 97), (Metric::PulseRate, 140)],
    ];
    prop_oneof![
        (select(vec![0_u64, 0, 30, 400, 7_200]), select(values))
            .prop_map(|(ago, values)| Entry::Hand { ago, values }),
        (1..4_usize).prop_map(Entry::Accepted),
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
    pub(super) fn act(&self, bed: BedIndex, session: SessionId, ward: &Ward, now: Stamp) -> Act {
        let before = |back: u64| ReadingId(ward.next_reading().0.saturating_sub(back));
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
            Self::Hand { ago, ref values } => {
                let value = |(metric, value): &(Metric, i32)| (*metric, Quantity(*value));
                let reading = HandReading {
                    method: "counted".into(),
                    taker: None,
                    taken: now.wall.minus(Duration::from_secs(ago)),
                    values: values.iter().map(value).collect(),
                    arm: None,
                    cuff_size: None,
                };
                Deed::Visit(VisitDeed::EnterReading { bed, session: None, reading })
            }
            Self::Accepted(last) => Deed::Visit(VisitDeed::AcceptReadings {
                session,
                readings: calm_ones(ward, bed, last),
            }),
            Self::Reading { back, value } => {
                let reading = before(back);
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

fn calm_ones(ward: &Ward, bed: BedIndex, last: usize) -> Vec<ReadingId> {
    let mut calm: Vec<ReadingView> = Vec::new();
    for next in ward.beds()[bed.0 as usize].recent_readings() {
        let apart = |after: &ReadingView| after.measured.micros_since(next.measured) >= 60_000_000;
        let stands = next.voided.is_none() && next.metric == Metric::NibpSys;
        if stands && next.value == Quantity(128) && calm.last().is_none_or(apart) {
            calm.push(next);
        }
    }
    calm.iter().map(|it| it.id).take(last).collect()
}

#[test]
fn what_a_baseline_was_summed_up_from_is_saved_with_it() {
    // safety:A8 Goal: histories seldom come to it.
    let (bed, session) = (BedIndex(0), Uuid::from_bits(70));
    let mut ward = Ward::new(plan(), start());
    let begin = SessionStart {
        id: session,
        initials: "A.B.".into(),
        drug: "ketamine".into(),
        route: "iv".into(),
        age_years: None,
        responsible: Some("kim".into()),
    };
    ward.step(&Input::SessionStarted { bed, start: begin }, start(), &mut Vec::new());
    let values = vec![(Metric::NibpSys, 128), (Metric::NibpDia, 80), (Metric::PulseRate, 72)];
    let hand = Entry::Hand { ago: 0, values };
    let void = Entry::Reading { back: 3, value: None };
    for (second, entry) in [(1, hand.clone()), (61, hand), (62, Entry::Accepted(2)), (63, void)] {
        let now = start().plus(Duration::from_secs(second));
        let act = entry.act(bed, session, &ward, now);
        let Reply::Acted(answer) = ward.step(&Input::Act(act), now, &mut Vec::new()) else {
            panic!("an act gets an answer")
        };
        assert!(answer.is_ok(), "{second}: {answer:?}");
    }
    let saved = ward.save();
    let text = String::from_utf8(saved.clone()).unwrap();
    for word in [r#""baseline_of":[1,4]"#, r#""lately":[[3,"#, r#""voided":"kim""#] {
        assert!(text.contains(word), "{word}");
    }
    assert_eq!(Ward::load(plan(), &saved).unwrap().save(), saved);
}
