//! A session ends with a named disposition, and not over an unacknowledged HIGH.

use dosevigil::domain::act::Refused;
use dosevigil::domain::alarm::AlarmFamily::{BpHigh, HrHigh, LinkDown};
use dosevigil::domain::alarm::occurrence::{EndReason, Signal, Subject};

use crate::feed::pulse;
use crate::support::{OXIMETER_LINE, TestWard};

#[test]
fn a_session_with_an_unacknowledged_high_does_not_end() {
    // row:29 Goal: one of the equipment counts like one of the patient.
    let mut ward = TestWard::active();
    ward.cuff(205, 95);
    let occurrence = ward.occurrence(BpHigh).id;
    assert_eq!(ward.end_session(), Err(Refused::HighUnacknowledged { occurrence }));
    ward.acknowledge(BpHigh, "Kim");
    ward.link_lost(OXIMETER_LINE, "unplugged");
    ward.at("00:31");
    let occurrence = ward.occurrence(LinkDown).id;
    assert_eq!(ward.end_session(), Err(Refused::HighUnacknowledged { occurrence }));
    ward.acknowledge(LinkDown, "Kim");
    ward.fresh.clear();
    ward.session_ended();
    ward.fresh.clear();
}

#[test]
fn open_alarms_of_the_patient_end_with_the_session_those_of_the_equipment_stay() {
    // row:29 row:8 Goal: by name; an unacknowledged one that was HIGH before is latched.
    let mut ward = TestWard::active();
    ward.stream(15, &[pulse(150)]);
    ward.stream(10, &[pulse(130)]);
    ward.link_lost(OXIMETER_LINE, "unplugged");
    ward.at("00:40").fresh.clear();
    ward.session_ended();
    let ended = ward.fresh.iter().find_map(|it| match &it.subject {
        Subject::Alarm { occurrence, .. } if occurrence.family == HrHigh => Some(occurrence),
        Subject::Alarm { .. } | Subject::Session { .. } => None,
    });
    let ended = ended.expect("it ended");
    assert_eq!(ended.ended.map(|(_, reason)| reason), Some(EndReason::SessionEnded));
    assert_eq!((ended.ended_by.as_deref(), ended.signal), (Some("Kim"), Signal::Latched));
    let note = ward.fresh.iter().find_map(|it| match &it.subject {
        Subject::Session { note, .. } => note.as_deref(),
        Subject::Alarm { .. } => None,
    });
    let note = note.expect("who ended it");
    assert_eq!((&*note.by, note.new.as_deref()), ("Kim", Some("admitted")));
    assert!(ward.find(LinkDown).is_some());
    ward.fresh.clear();
}

#[test]
fn what_was_held_in_the_session_alarms_again_only_by_a_new_value() {
    // row:29 rule:B1 Goal: without a session a very high reading is a new alarm.
    let mut ward = TestWard::active();
    ward.cuff(205, 95);
    ward.acknowledge(BpHigh, "Kim");
    ward.fresh.clear();
    ward.at("01:00").session_ended();
    ward.at("05:00").expect(&["01:00 ended bp-high B1 high none r1", "01:00 session ended ended"]);
    ward.cuff(206, 95);
    ward.expect(&["05:00 raised bp-high B1 high active r1"]);
    assert_eq!(ward.occurrence(BpHigh).session, None);
}
