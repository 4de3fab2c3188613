//! What people entered, silenced and handed over, and whom it was told, in the checkpoint of
//! version 1: each word by what it means. Do not change these tests; bump the version.

use std::sync::Arc;
use std::time::Duration;

use super::golden::{loaded, mono};
use super::{device, start};
use crate::domain::act::{
    Actor, Answer, Baseline, Deed, Done, LimitOf, LimitOrder, Refused, Symptom, Symptoms, Unknown,
};
use crate::domain::alarm::confirm::ByHand;
use crate::domain::alarm::escalation::{Escalation, Steps};
use crate::domain::alarm::inactivation::{AudioPaused, Inactivation, Named, PatientSeen};
use crate::domain::alarm::occurrence::{EndReason, Signal};
use crate::domain::alarm::recurrence::Raised;
use crate::domain::alarm::reminder::Reminder;
use crate::domain::alarm::rule::Judged;
use crate::domain::alarm::{AlarmFamily, Priority};
use crate::domain::bed::{Aside, Conflict, Ending, Given, Mean, Remembered};
use crate::domain::ids::{BedIndex, ReadingId, RuleId, Uuid};
use crate::domain::input::{Sound, Watching};
use crate::domain::metric::Metric;
use crate::domain::reading::{Validity, ValueSource};
use crate::domain::role::Role;
use crate::domain::session::Responsible;
use crate::domain::session::dose::Dose;
use crate::domain::time::{Stamp, WallTime};
use crate::domain::vital::{Late, Tag};
use crate::domain::ward::Handover;

fn stamp(micros: u64) -> Stamp {
    let wall = start().wall.as_micros() + i64::try_from(micros).expect("small");
    Stamp { mono: mono(micros), wall: WallTime::from_micros(wall) }
}

#[test]
fn the_words_of_what_was_entered_mean_what_they_say() {
    let ward = loaded();
    let session = ward.beds()[0].session.as_ref().expect("a session");
    let sys = Judged::Metric(Metric::NibpSys);
    let order = |rule, family, of, value| LimitOrder {
        rule: RuleId::try_new(rule).unwrap(),
        judged: sys,
        family,
        of,
        value: Some(value),
    };
    let limits = [
        order("B2", None, LimitOf::Value, 170),
        order("B5", Some(AlarmFamily::BpHigh), LimitOf::Change, 20),
    ];
    assert_eq!(session.limits, limits);
    let baseline =
        Baseline { sys: Some(124), dia: Some(80), map: None, heart_rate: Some(72), spo2: Some(97) };
    assert_eq!((session.baseline, session.baseline_taken), (Some(baseline), Some(mono(11))));
    assert_eq!(session.symptoms, Symptoms::of(&[Symptom::ChestPain, Symptom::Other]));
    assert_eq!((session.moaas, session.age_years), (Some(3), Some(66)));
    let responsible = Responsible { name: "kim".into(), since: stamp(10) };
    assert_eq!(session.responsible, Some(responsible));

    let [whole, by_hand] = ward.beds()[0].recent.0.iter().collect::<Vec<_>>()[..] else {
        panic!("two determinations")
    };
    let expected = Remembered {
        device: device("cuff-line"),
        by_hand: ByHand::No,
        validity: Validity::Questionable,
        received: stamp(28),
        lag: Duration::from_secs(90),
        source_time: Some(stamp(5).wall),
        seq: Some(41),
        late: Late::Backlog,
        tag: Tag::Unusual,
        sys: Some((ReadingId(9), 190)),
        dia: Some((ReadingId(10), 95)),
        map: Some((ReadingId(9), 127)),
        mean: Mean::Derived,
    };
    assert_eq!(*whole, expected);
    assert_eq!((by_hand.by_hand, by_hand.mean), (ByHand::Yes, Mean::Measured));
    assert_eq!((by_hand.validity, by_hand.late), (Validity::Good, Late::OnTime));
    assert_eq!((by_hand.sys, by_hand.dia), (Some((ReadingId(11), 128)), None));

    let families = &ward.beds()[0].families;
    let gone = Ending { why: EndReason::SymptomGone, by: Some("kim".into()) };
    assert_eq!(families[4].let_go, Some(gone));
    assert_eq!(families[5].let_go, Some(Ending { why: EndReason::Phase, by: None }));
    let ended = &families[0].episode.latched[0];
    assert_eq!(ended.ended, Some((stamp(19), EndReason::LimitChanged)));
    assert_eq!(ended.ended_by.as_deref(), Some("kim"));
}

#[test]
fn the_words_of_what_was_given_mean_what_they_say() {
    let ward = loaded();
    let session = ward.beds()[0].session.as_ref().expect("a session");
    let device = Dose {
        micrograms: Some(28_000),
        device_number: Some(2),
        lot: Some("L1".into()),
        ended: Some(stamp(13)),
        entered: stamp(14),
        voided: Some("kim".into()),
        ..Dose::plain(Uuid::from_bits(1), stamp(12))
    };
    let infusion = Dose {
        pauses: vec![(stamp(15), Some(stamp(16))), (stamp(17), None)],
        ..Dose::plain(Uuid::from_bits(2), stamp(14))
    };
    assert_eq!(session.doses, [device, infusion]);
}

#[test]
fn the_words_of_what_was_silenced_mean_what_they_say() {
    let ward = loaded();
    let bed = &ward.beds()[0];
    let audio = AudioPaused {
        by: "kim".into(),
        since: stamp(20),
        until: stamp(62),
        highest: Priority::Medium,
    };
    assert_eq!(bed.audio, Some(audio));
    let act =
        |by: &str, reason: &str| Named { by: by.into(), since: stamp(20), reason: reason.into() };
    let toilet = || act("lee", "toilet");
    let all = [
        Inactivation::AlarmPaused { act: act("kim", "movement"), until: stamp(61) },
        Inactivation::None,
        Inactivation::Toilet { act: toilet(), until: stamp(63), seen: PatientSeen::Yes },
        Inactivation::Overrun { act: toilet(), until: stamp(19) },
        Inactivation::RoomEmpty { act: act("lee", "empty"), seen: PatientSeen::No },
    ];
    for (bed, expected) in ward.beds().iter().zip(&all) {
        assert_eq!(bed.inactivation, *expected, "{}", bed.plan.id);
    }

    let steps =
        |reached, due| Steps::from_parts(reached, [mono(due), mono(due + 1), mono(due + 2)]);
    let table = [
        (&bed.families[0].episode, Escalation::Running(steps(1, 30)), Signal::Active),
        (&bed.families[2].episode, Escalation::Held(steps(2, 33)), Signal::Paused),
        (&bed.families[4].episode, Escalation::Stopped, Signal::Acknowledged),
        (&bed.technical[0].episode, Escalation::Stopped, Signal::Active),
        (&bed.technical[1].episode, Escalation::Running(steps(0, 37)), Signal::Active),
        (&ward.service[0].episode, Escalation::Running(steps(3, 40)), Signal::Active),
    ];
    for (place, (episode, escalation, signal)) in table.into_iter().enumerate() {
        let open = episode.open.as_ref().expect("an occurrence");
        assert_eq!((episode.escalation, open.signal), (escalation, signal), "{place}");
    }
    assert_eq!(bed.families[1].episode.escalation, Escalation::Idle);
    let reminder = Reminder::Armed { from: mono(18), due: mono(36), given: 2 };
    assert_eq!(bed.families[4].episode.reminder, reminder);
    assert_eq!(bed.families[0].episode.reminder, Reminder::Off);
    let floors = bed.technical.iter().map(|it| it.floor).collect::<Vec<_>>();
    assert_eq!(floors, [Priority::High, Priority::Low]);

    let raised = |at, family, subject: Option<&str>| Raised {
        at: mono(at),
        family,
        subject: subject.map(Arc::from),
    };
    let raises = [
        raised(16, AlarmFamily::BpHigh, None),
        raised(17, AlarmFamily::LinkDown, Some("cuff-line")),
    ];
    assert!(bed.raises.0.iter().eq(&raises), "{:?}", bed.raises);
}

#[test]
fn the_words_of_who_speaks_for_whom_and_who_watches_mean_what_they_say() {
    let ward = loaded();
    let bed = &ward.beds()[0];
    let conflicts = [
        Conflict::TwoBeds { device: device("monitor") },
        Conflict::TwoDevices { given: Given::Cuff },
        Conflict::TwoDevices { given: Given::Value(Metric::SpO2, ValueSource::Pleth) },
    ];
    assert_eq!(bed.conflicts, conflicts);
    let aside = |name, given| Aside { device: device(name), given };
    let all = [
        aside("monitor", None),
        aside("cuff-line", Some(Given::Cuff)),
        aside("other", Some(Given::Value(Metric::HeartRate, ValueSource::Ecg))),
    ];
    assert_eq!(bed.aside, all);

    let watching = Watching { unwatched: vec![BedIndex(0)], sound: Sound::Locked };
    assert_eq!(ward.watching, Some(watching));
    let heard: Vec<_> = ward.heard.0.iter().map(|(id, last)| (id.as_str(), *last)).collect();
    let expected = [("cuff-line", (BedIndex(0), mono(26))), ("monitor", (BedIndex(1), mono(27)))];
    assert_eq!(heard, expected);
    let handover = Handover {
        id: Uuid::from_bits(8),
        sessions: vec![Uuid::from_bits(70)],
        by: "kim".into(),
        to: "lee".into(),
        offered: stamp(28),
        lapses: stamp(60),
    };
    assert_eq!(ward.handovers, [handover]);
}

#[test]
fn the_words_of_answered_commands_mean_what_they_say_and_say_who_asked_where_and_for_whom() {
    // row:17 Goal: after a restart, a repeated command is compared with all that was asked for.
    let ward = loaded();
    let session = Uuid::from_bits(70);
    let answers: Vec<Answer> = ward.commands.iter().map(|it| it.answer.clone()).collect();
    let (handover, lapses) = (Uuid::from_bits(8), stamp(60));
    assert!(matches!(&answers[0], Ok(Done::Acknowledged(it)) if it.signal == Signal::Acknowledged));
    let rest = [
        Err(Refused::Stale { current: 3 }),
        Err(Refused::Ended),
        Err(Refused::Unknown(Unknown::Occurrence)),
        Err(Refused::CommandReused),
        Err(Refused::Role { needed: Role::Nurse }),
        Ok(Done::LimitSet { old: 160, new: 170 }),
        Ok(Done::HandoverOffered { handover, lapses }),
        Ok(Done::Until(stamp(61))),
    ];
    assert_eq!(answers[1..], rest);

    let acts: Vec<_> = ward.commands.iter().map(|it| it.act.clone()).collect();
    let commands: Vec<u128> = acts.iter().map(|it| it.command.as_bits()).collect();
    assert_eq!(commands, (1..=9).collect::<Vec<_>>());
    assert_eq!((acts[0].reason.as_deref(), acts[1].reason.as_deref()), (Some("seen"), None));
    let roles = [&acts[5], &acts[6], &acts[8]].map(|it| it.by.role);
    assert_eq!(roles, [Role::Viewer, Role::Nurse, Role::Lead]);
    let ordered = Actor {
        name: "kim".into(),
        role: Role::Nurse,
        ordered_by: Some("Dr Ode".into()),
        screen: Some("desk".into()),
    };
    assert_eq!(acts[6].by, ordered);
    let bed = BedIndex(0);
    assert_eq!(acts[5].deed, Deed::PauseAudio { bed });
    assert_eq!(acts[7].deed, Deed::OfferHandover { sessions: vec![session], to: "lee".into() });
    assert_eq!(acts[8].deed, Deed::PauseAlarms { bed });
}

#[test]
fn the_words_of_who_is_here_and_of_sessions_that_ended_mean_what_they_say() {
    let ward = loaded();
    let since: Vec<_> =
        ward.beds().iter().map(|bed| (bed.watched_since, bed.patient_since)).collect();
    assert_eq!(since[0], (mono(10), mono(11)));
    assert_eq!(since[1], (mono(1), mono(12)));
    let ended = Uuid::parse("01a202c0-f1e8-7d8c-98cd-ba13d253b1c3").unwrap();
    assert_eq!(ward.over, [ended, Uuid::from_bits(70)]);
    assert_eq!(ward.counts().refused_starts, 5);
}
