//! A HIGH that ended before anybody acknowledged it stays visible; the hazard coming back is a new
//! alarm beside it.

use dosevigil::domain::alarm::AlarmFamily::{BpHigh, HrHigh};
use dosevigil::domain::alarm::occurrence::{Presence, Signal};

use crate::feed::pulse;
use crate::support::TestWard;

/// B1 at 05:00, ended unacknowledged at 06:00.
fn ended_high() -> TestWard {
    let mut ward = TestWard::active();
    ward.at("05:00").cuff(205, 95);
    ward.at("06:00").cuff(128, 80);
    ward.expect(&[
        "05:00 raised bp-high B1 high active r1",
        "06:00 ended bp-high B1 high latched r1",
    ]);
    ward
}

#[test]
fn an_unacknowledged_high_stays_latched_until_it_is_acknowledged() {
    // row:8 row:21
    let mut ward = ended_high();
    ward.at("10:00").nothing_told();
    assert_eq!(ward.occurrence(BpHigh).presence, Presence::Ended);
    let alarm = ward.acknowledge(BpHigh, "Kim");
    assert_eq!(alarm.signal, Signal::None);
    ward.expect(&["10:00 acknowledged bp-high B1 high none r1"]);
    assert!(ward.find(BpHigh).is_none());
}

#[test]
fn an_acknowledged_high_does_not_latch() {
    // row:8
    let mut ward = TestWard::active();
    ward.at("05:00").cuff(205, 95);
    ward.acknowledge(BpHigh, "Kim");
    ward.at("06:00").cuff(128, 80);
    ward.expect(&[
        "05:00 raised bp-high B1 high active r1",
        "05:00 acknowledged bp-high B1 high acknowledged r1",
        "06:00 ended bp-high B1 high none r1",
    ]);
    assert!(ward.find(BpHigh).is_none());
}

#[test]
fn a_new_violation_beside_a_latched_alarm_is_a_new_occurrence() {
    // row:22 safety:A3 Goal: the earlier one stays listed, each has its own acknowledgement.
    let mut ward = ended_high();
    let before = ward.occurrence(BpHigh).clone();
    ward.at("07:00").cuff(210, 95);
    ward.expect(&["07:00 raised bp-high B1 high active r1"]);
    assert_ne!(ward.occurrence(BpHigh).id, before.id);
    assert_eq!(ward.ward.occurrences().filter(|it| it.family == BpHigh).count(), 2);
    ward.acknowledge(BpHigh, "Kim");
    let latched = ward.ward.occurrences().find(|it| it.id == before.id).expect("listed");
    assert_eq!(latched.signal, Signal::Latched);
    ward.expect(&["07:00 acknowledged bp-high B1 high acknowledged r1"]);
}

#[test]
fn what_was_high_latches_even_if_it_ended_as_medium() {
    // row:8 row:14 Goal: the highest priority that it ever had decides.
    let mut ward = TestWard::active();
    ward.stream(15, &[pulse(150)]);
    ward.stream(10, &[pulse(130)]);
    ward.stream(10, &[pulse(90)]);
    ward.expect(&[
        "00:15 raised hr-high H2 high active r1",
        "00:25 updated hr-high H1 medium active r2",
        "00:25 clearing hr-high H1 medium active r2",
        "00:35 ended hr-high H1 medium latched r2",
    ]);
    assert_eq!(ward.occurrence(HrHigh).signal, Signal::Latched);
}
