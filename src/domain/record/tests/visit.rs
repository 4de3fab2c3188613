//! The deeds, answers and refusals of a visit, each with every choice within it.

use crate::domain::act::{Baseline, Deed, Disposition, Done, Lateness, Refused, VisitDeed};
use crate::domain::ids::{BedIndex, ReadingId, RuleId, Uuid};
use crate::domain::metric::Metric;
use crate::domain::reading::Quantity;
use crate::domain::session::checks::{Checks, Missing};
use crate::domain::session::dose::{DoseChange, DoseOrder};
use crate::domain::session::hand::{Arm, CuffSize, HandReading};
use crate::domain::session::start::{Patient, StartOrder, TurnOver};
use crate::domain::time::WallTime;

use super::stamp;

const AT: WallTime = WallTime::from_micros(1_795_305_600_000_000);

pub(super) fn deeds() -> Vec<Deed> {
    let ends = Deed::EndSession {
        session: Uuid::from_bits(7),
        disposition: Disposition::Admitted,
        checks: Checks { awake: true, escort: true, ..Checks::default() },
    };
    visit_deeds().into_iter().map(Deed::Visit).chain([ends]).collect()
}

fn visit_deeds() -> Vec<VisitDeed> {
    let (bed, session, dose) = (BedIndex(1), Uuid::from_bits(7), Uuid::from_bits(11));
    let starts = [TurnOver::Unanswered, TurnOver::NewPatient, TurnOver::SamePatient];
    let start = |turn_over| StartOrder {
        id: session,
        patient: Patient {
            reference: "P-0042".into(),
            initials: "A.B.".into(),
            birth_year: Some(1980),
            weight_g: Some(70_500),
        },
        drug: "ketamine".into(),
        route: "iv".into(),
        preset: None,
        turn_over,
    };
    let mut deeds: Vec<_> = starts
        .into_iter()
        .map(|answer| VisitDeed::StartSession { bed, order: start(answer) })
        .collect();
    let plain = StartOrder {
        patient: Patient::default(),
        preset: Some("ketamine-im".into()),
        ..start(TurnOver::Unanswered)
    };
    deeds.push(VisitDeed::StartSession { bed, order: plain });
    deeds.push(VisitDeed::ChoosePreset { session, preset: "ketamine-im".into() });
    deeds.push(VisitDeed::AcceptReadings { session, readings: vec![ReadingId(3), ReadingId(7)] });
    let order = DoseOrder {
        micrograms: Some(28_000),
        device_number: Some(2),
        lot: Some("L1".into()),
        started: Some(AT),
        ended: Some(AT),
    };
    deeds.extend([DoseOrder::default(), order].map(|dose| VisitDeed::GiveDose { session, dose }));
    let changes = [
        DoseChange::Pause { at: None },
        DoseChange::Resume { at: Some(AT) },
        DoseChange::End { at: Some(AT), given_micrograms: Some(20_000) },
        DoseChange::End { at: None, given_micrograms: None },
    ];
    deeds.extend(changes.map(|change| VisitDeed::ChangeDose { session, dose, change }));
    deeds.push(VisitDeed::UndoDose { session, dose });
    deeds.push(VisitDeed::VoidDose { session, dose });
    deeds.push(VisitDeed::AmendDose { session, dose, micrograms: 35_000 });
    let taken = HandReading {
        method: "aneroid".into(),
        taker: Some("lee".into()),
        taken: AT,
        values: vec![(Metric::NibpSys, Quantity(132)), (Metric::NibpDia, Quantity(84))],
        arm: Some(Arm::Left),
        cuff_size: Some(CuffSize::Large),
    };
    let bare = HandReading { taker: None, arm: None, cuff_size: None, ..taken.clone() };
    let both = [(Some(session), taken), (None, bare)];
    deeds.extend(both.map(|(session, reading)| VisitDeed::EnterReading { bed, session, reading }));
    let (drug, dose) = ("labetalol".into(), Some("10 mg".into()));
    deeds.push(VisitDeed::Intervene { session, drug, dose });
    deeds.push(VisitDeed::Intervene { session, drug: "oxygen".into(), dose: None });
    deeds.push(VisitDeed::MoveSession { session, bed });
    deeds
}

pub(super) fn done() -> Vec<Done> {
    let readings = vec![ReadingId(3), ReadingId(4)];
    let both = [Lateness::InTime, Lateness::Late];
    let entered =
        both.map(|lateness| Done::ReadingsEntered { readings: readings.clone(), lateness });
    let baseline = Baseline { sys: Some(124), dia: Some(78), ..Baseline::default() };
    let done = [
        Done::SessionStarted { session: Uuid::from_bits(7) },
        Done::BaselineAccepted(baseline),
        Done::DoseGiven { dose: Uuid::from_bits(11) },
    ];
    done.into_iter().chain(entered).collect()
}

pub(super) fn refusals() -> Vec<Refused> {
    let rule = |id: &str| RuleId::try_new(id).unwrap();
    let checks = Checks::ALL.all().map(|(name, _)| Missing::Check { name });
    let missing = [
        Missing::Baseline,
        Missing::Pressure { rule: rule("B8") },
        Missing::Readings { rule: rule("B7") },
        Missing::DeviceRest { until: stamp(9) },
        Missing::DoseRunning,
        Missing::Observation { until: stamp(9) },
        Missing::DischargePressure { rule: rule("B6") },
        Missing::TimedReading { id: "T2".into() },
        Missing::Sedation { moaas: Some(3) },
        Missing::Sedation { moaas: None },
        Missing::Symptoms,
    ];
    vec![
        Refused::BedInUse { session: Uuid::from_bits(7) },
        Refused::NewPatientUnanswered,
        Refused::NotReady { missing: missing.into_iter().chain(checks).collect() },
        Refused::BadTime,
        Refused::SessionOver,
        Refused::DoseOver,
        Refused::UndoTooLate,
        Refused::WrongPreset { drug: "ketamine".into(), routes: "im, sc".into() },
        Refused::TooFewReadings { needed: 2 },
        Refused::ReadingsVary { sys_tenths: 104, dia_tenths: 31 },
        Refused::ReadingPast,
    ]
}
