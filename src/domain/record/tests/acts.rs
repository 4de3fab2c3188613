//! What people do and how it was answered, byte for byte and read back. If one of these fails, do
//! not change the test: journals in clinics hold these lines. Bump the version, and keep reading
//! the old one.

use super::super::answer::AnswerV1;
use super::*;
use crate::domain::act::{
    Act, Actor, Answer, Baseline, Deed, Disposition, Done, LimitOf, LimitOrder, Refused, Symptom,
    Symptoms, Unknown, VisitDeed,
};
use crate::domain::alarm::rule::Judged;
use crate::domain::role::Role;
use crate::domain::session::checks::Checks;

/// Each line is one of `acts`, in their order.
const ACT_LINES: &str = include_str!("v1_acts.jsonl");

/// Each line is one of `answers`, in their order.
const ANSWER_LINES: &str = include_str!("v1_answers.jsonl");

fn limits() -> [LimitOrder; 3] {
    let value = LimitOrder {
        rule: RuleId::try_new("B2").unwrap(),
        judged: Judged::Metric(Metric::NibpSys),
        family: None,
        of: LimitOf::Value,
        value: Some(170),
    };
    let change = LimitOrder {
        rule: RuleId::try_new("B5").unwrap(),
        of: LimitOf::Change,
        value: Some(-20),
        ..value.clone()
    };
    let back = LimitOrder {
        judged: Judged::HeartRate,
        family: Some(AlarmFamily::RespHigh),
        value: None,
        ..value.clone()
    };
    [value, change, back]
}

/// Every deed, and each choice within it. New ones go to the end.
pub(super) fn deeds() -> Vec<Deed> {
    let (bed, session, handover) = (BedIndex(1), Uuid::from_bits(7), Uuid::from_bits(10));
    let device = DeviceId::try_new("cuff-07").unwrap();
    let some = Baseline { sys: Some(124), heart_rate: Some(72), ..Baseline::default() };
    let all = Baseline { dia: Some(80), map: Some(95), spo2: Some(97), ..some };
    let mut deeds = vec![
        Deed::Acknowledge { occurrence: session, revision: 2 },
        Deed::PauseAudio { bed },
        Deed::ResumeAudio { bed },
        Deed::PauseAlarms { bed },
        Deed::ResumeAlarms { bed },
        Deed::BeginStandby { bed },
        Deed::EndStandby { bed },
        Deed::KeepDevice { bed, device },
        Deed::OfferHandover { sessions: vec![session, Uuid::from_bits(8)], to: "lee".into() },
        Deed::AcceptHandover { handover },
        Deed::RejectHandover { handover },
        Deed::AcceptBaseline { session, baseline: all },
        Deed::AcceptBaseline { session, baseline: some },
        Deed::Observe {
            session,
            symptoms: Symptoms::of(&Symptom::ALL),
            moaas: Some(3),
            note: Some("calm".into()),
        },
        Deed::Observe { session, symptoms: Symptoms::default(), moaas: None, note: None },
        Deed::VoidReading { reading: ReadingId(88_213) },
        Deed::AmendReading { reading: ReadingId(88_213), value: 152 },
    ];
    deeds.extend(limits().map(|limit| Deed::SetLimit { session, limit }));
    let ends = Disposition::ALL.map(|disposition| Deed::EndSession {
        session,
        disposition,
        checks: Checks::ALL,
    });
    deeds.extend(ends);
    deeds.extend(super::visit::deeds());
    deeds
}

/// Each deed by a nurse, with nothing else said; then each role, and all that may be said.
fn acts() -> Vec<Act> {
    let act = |by, deed| Act { command: Uuid::from_bits(8), by, reason: None, deed };
    let by_nurse = deeds().into_iter().map(|deed| act(Actor::new("kim", Role::Nurse), deed));
    let pause = Deed::PauseAlarms { bed: BedIndex(0) };
    let by_each = Role::ALL.map(|role| Act {
        reason: Some("movement".into()),
        ..act(
            Actor {
                ordered_by: Some("Dr Ode".into()),
                screen: Some("desk".into()),
                ..Actor::new("kim \"K\"", role)
            },
            pause.clone(),
        )
    });
    by_nurse.chain(by_each).collect()
}

/// Everything that can have been done, and every refusal.
pub(super) fn answers() -> Vec<Answer> {
    let handover = Uuid::from_bits(10);
    let sessions = vec![Uuid::from_bits(7), Uuid::from_bits(8)];
    let done = [
        Done::Acknowledged(Box::new(bare_occurrence())),
        Done::Until(stamp(9)),
        Done::Unlimited,
        Done::Taken,
        Done::LimitSet { old: 180, new: 170 },
        Done::HandoverOffered { handover, lapses: stamp(9) },
        Done::HandedOver { sessions },
    ];
    let done = done.into_iter().chain(super::visit::done());
    let refused = [
        Refused::Stale { current: 3 },
        Refused::Ended,
        Refused::AlarmPaused,
        Refused::CommandReused,
        Refused::ReasonNeeded,
        Refused::NothingToPause,
        Refused::AlreadySo,
        Refused::NotSo,
        Refused::OutsideRails { low: 150, high: 200 },
        Refused::LimitsCross { other: 90 },
        Refused::LeadNeeded,
        Refused::Ambiguous,
        Refused::HighUnacknowledged { occurrence: Uuid::from_bits(7) },
        Refused::NotResponsible { responsible: Some("kim".into()) },
        Refused::NotResponsible { responsible: None },
        Refused::NotOfferedTo { to: "lee".into() },
        Refused::HandoverOver,
        Refused::BadValue,
    ];
    let unknown = Unknown::ALL.map(Refused::Unknown);
    let roles = Role::ALL.map(|needed| Refused::Role { needed });
    let refused = refused.into_iter().chain(unknown).chain(roles);
    let refused = refused.chain(super::visit::refusals());
    done.map(Ok).chain(refused.map(Err)).collect()
}

#[test]
fn every_act_of_version_1_has_these_bytes_and_is_read_from_them() {
    // Do not change this test or its lines; bump the version.
    let acts = acts();
    assert_eq!(acts.len(), ACT_LINES.lines().count());
    for (act, line) in acts.into_iter().zip(ACT_LINES.lines()) {
        let input = Input::Act(act);
        assert_eq!(write_input(&names(), stamp(4), ReadingId(12), &input).unwrap(), line);
        assert_eq!(read_input(line, &names().lookup()).unwrap().input, input);
    }
}

#[test]
fn every_answer_of_version_1_has_these_bytes_and_is_read_from_them() {
    // Do not change this test or its lines; bump the version.
    let answers = answers();
    assert_eq!(answers.len(), ANSWER_LINES.lines().count());
    for (answer, line) in answers.into_iter().zip(ANSWER_LINES.lines()) {
        assert_eq!(serde_json::to_string(&AnswerV1::of(&answer)).unwrap(), line);
        let read: AnswerV1<'_> = serde_json::from_str(line).unwrap();
        assert_eq!(read.into_domain(), Ok(answer));
    }
}

#[test]
fn the_lines_of_acts_and_answers_hold_every_variant() {
    // Goal: one that is added must have its line. These matches stop compiling, and the number
    // says which line is missing.
    let deeds = deeds().iter().map(place_of_deed).collect::<std::collections::BTreeSet<_>>();
    assert_eq!(deeds, (0..28).collect());
    let done = answers().iter().filter_map(|it| it.as_ref().ok().map(place_of_done)).collect();
    assert_eq!((0..11).collect::<std::collections::BTreeSet<_>>(), done);
    let refused =
        answers().iter().filter_map(|it| it.as_ref().err().map(place_of_refusal)).collect();
    assert_eq!((0..30).collect::<std::collections::BTreeSet<_>>(), refused);
}

const fn place_of_deed(deed: &Deed) -> u8 {
    match deed {
        Deed::Acknowledge { .. } => 0,
        Deed::PauseAudio { .. } => 1,
        Deed::ResumeAudio { .. } => 2,
        Deed::PauseAlarms { .. } => 3,
        Deed::ResumeAlarms { .. } => 4,
        Deed::BeginStandby { .. } => 5,
        Deed::EndStandby { .. } => 6,
        Deed::KeepDevice { .. } => 7,
        Deed::SetLimit { .. } => 8,
        Deed::OfferHandover { .. } => 9,
        Deed::AcceptHandover { .. } => 10,
        Deed::RejectHandover { .. } => 11,
        Deed::AcceptBaseline { .. } => 12,
        Deed::Observe { .. } => 13,
        Deed::VoidReading { .. } => 14,
        Deed::AmendReading { .. } => 15,
        Deed::EndSession { .. } => 16,
        Deed::Visit(deed) => place_of_visit_deed(deed),
    }
}

const fn place_of_visit_deed(deed: &VisitDeed) -> u8 {
    match deed {
        VisitDeed::StartSession { .. } => 17,
        VisitDeed::ChoosePreset { .. } => 18,
        VisitDeed::AcceptReadings { .. } => 19,
        VisitDeed::GiveDose { .. } => 20,
        VisitDeed::ChangeDose { .. } => 21,
        VisitDeed::UndoDose { .. } => 22,
        VisitDeed::VoidDose { .. } => 23,
        VisitDeed::AmendDose { .. } => 24,
        VisitDeed::EnterReading { .. } => 25,
        VisitDeed::Intervene { .. } => 26,
        VisitDeed::MoveSession { .. } => 27,
    }
}

const fn place_of_done(done: &Done) -> u8 {
    match done {
        Done::Acknowledged(_) => 0,
        Done::Until(_) => 1,
        Done::Unlimited => 2,
        Done::Taken => 3,
        Done::LimitSet { .. } => 4,
        Done::HandoverOffered { .. } => 5,
        Done::HandedOver { .. } => 6,
        Done::SessionStarted { .. } => 7,
        Done::BaselineAccepted(_) => 8,
        Done::DoseGiven { .. } => 9,
        Done::ReadingsEntered { .. } => 10,
    }
}

const fn place_of_refusal(refused: &Refused) -> u8 {
    match refused {
        Refused::Stale { .. } => 0,
        Refused::Ended => 1,
        Refused::AlarmPaused => 2,
        Refused::Unknown(_) => 3,
        Refused::CommandReused => 4,
        Refused::Role { .. } => 5,
        Refused::ReasonNeeded => 6,
        Refused::NothingToPause => 7,
        Refused::AlreadySo => 8,
        Refused::NotSo => 9,
        Refused::OutsideRails { .. } => 10,
        Refused::LimitsCross { .. } => 11,
        Refused::LeadNeeded => 12,
        Refused::Ambiguous => 13,
        Refused::HighUnacknowledged { .. } => 14,
        Refused::NotResponsible { .. } => 15,
        Refused::NotOfferedTo { .. } => 16,
        Refused::HandoverOver => 17,
        Refused::BadValue => 18,
        Refused::BedInUse { .. } => 19,
        Refused::NewPatientUnanswered => 20,
        Refused::NotReady { .. } => 21,
        Refused::BadTime => 22,
        Refused::SessionOver => 23,
        Refused::DoseOver => 24,
        Refused::UndoTooLate => 25,
        Refused::WrongPreset { .. } => 26,
        Refused::TooFewReadings { .. } => 27,
        Refused::ReadingsVary { .. } => 28,
        Refused::ReadingPast => 29,
    }
}
