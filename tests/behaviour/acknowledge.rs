//! An acknowledgement silences that occurrence at that revision, once, and nothing else.

use dosevigil::domain::act::{Act, Actor, Deed, Refused, Unknown};
use dosevigil::domain::alarm::AlarmFamily::{BpHigh, HrHigh, SpO2Low};
use dosevigil::domain::alarm::occurrence::Signal;
use dosevigil::domain::ids::CommandId;
use dosevigil::domain::role::Role;

use crate::feed::{pulse, spo2};
use crate::support::TestWard;

/// H1 present at 00:30.
fn high_pulse() -> TestWard {
    let mut ward = TestWard::active();
    ward.stream(30, &[pulse(130), spo2(97)]);
    ward.expect(&["00:30 raised hr-high H1 medium active r1"]);
    ward
}

fn act(ward: &TestWard, command: u128, by: &str) -> Act {
    let alarm = ward.occurrence(HrHigh);
    Act {
        command: CommandId::from_bits(command),
        by: Actor::new(by, Role::Nurse),
        reason: None,
        deed: Deed::Acknowledge { occurrence: alarm.id, revision: alarm.revision },
    }
}

fn at_revision(act: &Act, revision: u32) -> Act {
    let Deed::Acknowledge { occurrence, .. } = act.deed else { panic!("an acknowledgement") };
    Act { deed: Deed::Acknowledge { occurrence, revision }, ..act.clone() }
}

#[test]
fn an_acknowledgement_silences_that_occurrence_only() {
    // row:15 Goal: another alarm of the same bed sounds on, and a new one sounds.
    let mut ward = high_pulse();
    ward.cuff(205, 95);
    let alarm = ward.acknowledge(HrHigh, "Kim");
    assert_eq!(alarm.signal, Signal::Acknowledged);
    let by = alarm.acknowledged.expect("by whom");
    assert_eq!((&*by.by, by.at), ("Kim", ward.now));
    assert_eq!(ward.occurrence(BpHigh).signal, Signal::Active);
    ward.stream(10, &[pulse(130), spo2(85)]);
    ward.expect(&[
        "00:30 raised bp-high B1 high active r1",
        "00:30 acknowledged hr-high H1 medium acknowledged r1",
        "00:40 raised spo2-low O2 high active r1",
    ]);
    assert_eq!(ward.occurrence(SpO2Low).signal, Signal::Active);
}

#[test]
fn a_later_onset_of_the_same_alarm_sounds() {
    // row:8 row:15 Goal: safety A4.
    let mut ward = high_pulse();
    let first = ward.acknowledge(HrHigh, "Kim").id;
    ward.stream(10, &[pulse(90), spo2(97)]);
    ward.stream(30, &[pulse(130), spo2(97)]);
    ward.expect(&[
        "00:30 acknowledged hr-high H1 medium acknowledged r1",
        "00:30 clearing hr-high H1 medium acknowledged r1",
        "00:40 ended hr-high H1 medium none r1",
        "01:10 raised hr-high H1 medium active r1",
    ]);
    assert_ne!(ward.occurrence(HrHigh).id, first);
}

#[test]
fn an_alarm_that_gets_worse_sounds_again() {
    // row:13 rule:H2
    let mut ward = high_pulse();
    ward.acknowledge(HrHigh, "Kim");
    ward.stream(15, &[pulse(150), spo2(97)]);
    ward.expect(&[
        "00:30 acknowledged hr-high H1 medium acknowledged r1",
        "00:45 escalated hr-high H2 high active r2",
    ]);
    assert_eq!(ward.occurrence(HrHigh).acknowledged, None);
}

#[test]
fn a_stale_acknowledgement_is_refused() {
    // row:16 Goal: a screen that shows revision 1 while the alarm is at 2.
    let mut ward = high_pulse();
    let old = act(&ward, 77, "Kim");
    ward.stream(15, &[pulse(150), spo2(97)]);
    assert_eq!(ward.ack(&old), Err(Refused::Stale { current: 2 }));
    assert_eq!(ward.occurrence(HrHigh).signal, Signal::Active);
    ward.expect(&["00:45 escalated hr-high H2 high active r2"]);
}

#[test]
fn a_repeated_command_gets_the_same_answer_and_has_one_effect() {
    // row:17 Goal: also when the alarm has moved on meanwhile.
    let mut ward = high_pulse();
    let once = act(&ward, 77, "Kim");
    let first = ward.ack(&once);
    assert_eq!(ward.ack(&once), first);
    ward.stream(15, &[pulse(150), spo2(97)]);
    assert_eq!(ward.ack(&once), first);
    assert_eq!(ward.occurrence(HrHigh).signal, Signal::Active, "no second effect");
    ward.expect(&[
        "00:30 acknowledged hr-high H1 medium acknowledged r1",
        "00:45 escalated hr-high H2 high active r2",
    ]);
}

#[test]
fn the_same_command_with_another_body_is_refused_and_another_persons_is_another_command() {
    // row:17
    let mut ward = high_pulse();
    let once = act(&ward, 77, "Kim");
    let answer = ward.ack(&once);
    let other = at_revision(&once, 9);
    assert_eq!(ward.ack(&other), Err(Refused::CommandReused));
    let by = Actor { ordered_by: Some("Dr Ode".into()), ..once.by.clone() };
    let ordered = Act { by, ..once.clone() };
    assert_eq!(ward.ack(&ordered), Err(Refused::CommandReused));
    let lee = Act { by: Actor::new("Lee", Role::Nurse), ..at_revision(&once, 9) };
    assert_eq!(ward.ack(&lee), Err(Refused::Stale { current: 1 }));
    let lee_changed = at_revision(&lee, 1);
    assert_eq!(ward.ack(&lee_changed), Err(Refused::CommandReused));
    assert_eq!(ward.ack(&once), answer);
    ward.expect(&["00:30 acknowledged hr-high H1 medium acknowledged r1"]);
}

#[test]
fn a_command_is_the_same_from_another_screen_and_not_when_somebody_else_ordered_it() {
    // row:17 Goal: what is compared is what was asked for, not how it came.
    let mut ward = high_pulse();
    let once = act(&ward, 77, "Kim");
    let answer = ward.ack(&once);
    let elsewhere = Actor { role: Role::Lead, screen: Some("desk".into()), ..once.by.clone() };
    assert_eq!(ward.ack(&Act { by: elsewhere, ..once.clone() }), answer);
    let ordered = Actor { ordered_by: Some("Dr Ode".into()), ..once.by.clone() };
    for other in [
        Act { by: ordered, ..once.clone() },
        Act { reason: Some("treated".into()), ..once.clone() },
        at_revision(&once, 2),
    ] {
        assert_eq!(ward.ack(&other), Err(Refused::CommandReused), "{other:?}");
    }
    ward.expect(&["00:30 acknowledged hr-high H1 medium acknowledged r1"]);
}

#[test]
fn the_second_of_two_nurses_is_told_who_came_first() {
    // row:16a
    let mut ward = high_pulse();
    ward.acknowledge(HrHigh, "Kim");
    let second = ward.acknowledge_as(HrHigh, 1, None, "Lee").expect("no error");
    assert_eq!(second.acknowledged.map(|first| first.by), Some("Kim".into()));
    ward.expect(&["00:30 acknowledged hr-high H1 medium acknowledged r1"]);
}

#[test]
fn an_alarm_that_has_ended_or_never_was_cannot_be_acknowledged() {
    // row:15 Goal: row 16b, 409 "ended"; an unknown id is told apart.
    let mut ward = high_pulse();
    let late = act(&ward, 5, "Kim");
    ward.stream(10, &[pulse(90), spo2(97)]);
    assert_eq!(ward.ack(&late), Err(Refused::Ended));
    let deed = Deed::Acknowledge { occurrence: CommandId::from_bits(1), revision: 1 };
    let unknown = Act { command: CommandId::from_bits(6), deed, ..late };
    assert_eq!(ward.ack(&unknown), Err(Refused::Unknown(Unknown::Occurrence)));
    ward.expect(&[
        "00:30 clearing hr-high H1 medium active r1",
        "00:40 ended hr-high H1 medium none r1",
    ]);
}
