//! An alarm that nobody takes is told to more and more people, each at its time.

use dosevigil::domain::alarm::AlarmFamily::{BpHigh, HrHigh, LinkDown};
use dosevigil::domain::alarm::occurrence::Signal;
use dosevigil::domain::input::{Input, LinkChange, Sound, Watching};

use crate::feed::{pulse, spo2};
use crate::support::{BED, BROKER, CUFF_LINE, TestWard, seconds};

/// B1 at 00:00 of a ward in which every step is looked at.
fn high() -> TestWard {
    let mut ward = TestWard::active().following_everything();
    ward.cuff(205, 95);
    ward.expect(&["00:00 raised bp-high B1 high active r1"]);
    ward
}

fn watched(ward: &mut TestWard, unwatched: &[dosevigil::domain::ids::BedIndex]) {
    let watching = Watching { unwatched: unwatched.to_vec(), sound: Sound::Heard };
    ward.input(&Input::Watching(watching));
}

fn unreceived(ward: &mut TestWard, revision: u32) {
    let occurrence = ward.occurrence(BpHigh).id;
    ward.input(&Input::Unreceived { occurrence, revision });
}

#[test]
fn a_high_left_alone_reaches_all_screens_a_second_person_and_the_lead() {
    // row:23 safety:A7
    let mut ward = high();
    ward.at("05:00").expect(&[
        "00:30 stepped-up bp-high B1 high active r1 E1",
        "01:00 stepped-up bp-high B1 high active r1 E2",
        "02:00 stepped-up bp-high B1 high active r1 E3",
    ]);
}

#[test]
fn a_medium_left_alone_takes_two_four_and_ten_minutes() {
    // row:23
    let mut ward = TestWard::active().following_everything();
    ward.stream(30, &[pulse(130), spo2(97)]);
    ward.expect(&["00:30 raised hr-high H1 medium active r1"]);
    ward.stream(640, &[pulse(130), spo2(97)]);
    let told = [
        "02:30 stepped-up hr-high H1 medium active r1 E1",
        "04:30 stepped-up hr-high H1 medium active r1 E2",
        "10:30 stepped-up hr-high H1 medium active r1 E3",
    ];
    ward.expect(&told);
}

#[test]
fn an_acknowledged_alarm_goes_no_further() {
    // row:15 row:23
    let mut ward = high();
    ward.at("00:40").acknowledge(BpHigh, "Kim");
    ward.at("02:30").expect(&[
        "00:30 stepped-up bp-high B1 high active r1 E1",
        "00:40 acknowledged bp-high B1 high acknowledged r1",
    ]);
    assert_eq!(ward.occurrence(BpHigh).escalation, 1, "how far it went stays said");
}

#[test]
fn an_alarm_that_gets_worse_starts_from_the_first_step() {
    // row:13 row:23 Goal: MEDIUM at E1 becomes HIGH: E0, then E1 after 30 s.
    let mut ward = TestWard::active().following_everything();
    ward.stream(160, &[pulse(130), spo2(97)]);
    ward.fresh.clear();
    assert_eq!(ward.occurrence(HrHigh).escalation, 1);
    ward.stream(15, &[pulse(150), spo2(97)]);
    assert_eq!(ward.occurrence(HrHigh).escalation, 0);
    ward.stream(31, &[pulse(150), spo2(97)]);
    ward.expect(&[
        "02:55 escalated hr-high H2 high active r2",
        "03:25 stepped-up hr-high H2 high active r2 E1",
    ]);
}

#[test]
fn a_high_that_gets_better_keeps_its_clock_until_it_is_acknowledged() {
    // row:14 row:23 Goal: HIGH at 00:15, MEDIUM from 00:25; E1 to E3 as of a HIGH.
    let mut ward = TestWard::active().following_everything();
    ward.stream(15, &[pulse(150), spo2(97)]);
    ward.stream(140, &[pulse(130), spo2(97)]);
    ward.expect(&[
        "00:15 raised hr-high H2 high active r1",
        "00:25 updated hr-high H1 medium active r2",
        "00:45 stepped-up hr-high H1 medium active r2 E1",
        "01:15 stepped-up hr-high H1 medium active r2 E2",
        "02:15 stepped-up hr-high H1 medium active r2 E3",
    ]);
}

#[test]
fn an_alarm_that_ends_goes_no_further() {
    // row:8 row:23
    let mut ward = high();
    ward.at("00:20").cuff(120, 80);
    ward.at("05:00").expect(&["00:20 ended bp-high B1 high latched r1"]);
}

#[test]
fn a_lost_link_escalates_like_any_other_and_a_low_alarm_does_not() {
    // row:23 row:13
    let mut ward = TestWard::active().following_everything();
    ward.link_lost(CUFF_LINE, "unplugged");
    ward.at("01:10").expect(&[
        "00:04 raised link-down cuff T3 medium active r1",
        "00:30 escalated link-down cuff T3 high active r2",
        "01:00 stepped-up link-down cuff T3 high active r2 E1",
    ]);
    let mut quiet = TestWard::intake().following_everything();
    quiet.link_lost(CUFF_LINE, "unplugged");
    quiet.at("00:29").expect(&["00:04 raised link-down cuff T3 low active r1"]);
}

#[test]
fn a_service_wide_alarm_escalates() {
    // row:23
    let mut ward = TestWard::without_session().following_everything();
    ward.link(BROKER, LinkChange::Lost { since: ward.now, why: "refused".into() });
    ward.at("01:35").expect(&[
        "00:04 service raised link-down clinic T3 medium active r1",
        "00:30 service escalated link-down clinic T3 high active r2",
        "01:00 service stepped-up link-down clinic T3 high active r2 E1",
        "01:30 service stepped-up link-down clinic T3 high active r2 E2",
    ]);
    ward.acknowledge(LinkDown, "Kim");
    ward.at("03:00")
        .expect(&["01:35 service acknowledged link-down clinic T3 high acknowledged r2"]);
}

#[test]
fn an_alarm_that_no_screen_has_shown_goes_to_all_screens_at_once() {
    // row:23 safety:F8 Goal: once, at its revision; the other steps keep their times.
    let mut ward = high();
    ward.at("00:04");
    unreceived(&mut ward, 2);
    ward.nothing_told();
    unreceived(&mut ward, 1);
    unreceived(&mut ward, 1);
    ward.at("01:00").expect(&[
        "00:04 stepped-up bp-high B1 high active r1 E1",
        "01:00 stepped-up bp-high B1 high active r1 E2",
    ]);
}

#[test]
fn a_missing_receipt_of_an_acknowledged_alarm_is_nothing() {
    // row:23 row:15
    let mut ward = high();
    ward.at("00:02").acknowledge(BpHigh, "Kim");
    unreceived(&mut ward, 1);
    ward.expect(&["00:02 acknowledged bp-high B1 high acknowledged r1"]);
}

#[test]
fn where_nobody_watches_a_second_person_is_told_at_the_raise() {
    // row:23 Goal: alarms 12, "nobody logged in"; the lead at the usual time; with a watcher back
    // the next one goes its usual way.
    let mut ward = TestWard::active().following_everything();
    watched(&mut ward, &[BED]);
    ward.cuff(205, 95);
    ward.at("02:10").expect(&[
        "00:00 service raised nobody-watching high active r1",
        "00:00 service stepped-up nobody-watching high active r1 E2",
        "00:00 raised bp-high B1 high active r1",
        "00:00 stepped-up bp-high B1 high active r1 E2",
        "02:00 service stepped-up nobody-watching high active r1 E3",
        "02:00 stepped-up bp-high B1 high active r1 E3",
    ]);
    watched(&mut ward, &[]);
    ward.stream(15, &[pulse(150)]);
    ward.expect(&[
        "02:10 service ended nobody-watching high latched r1",
        "02:25 raised hr-high H2 high active r1",
    ]);
}

#[test]
fn a_step_that_fell_due_while_the_service_was_down_comes_once() {
    // row:23 row:28 safety:A8 Goal: E1 was due at 00:30, down from 00:10 to 05:00: E1 at 05:00,
    // E2 half a minute later.
    let mut ward = high();
    ward.at("00:10").restart(seconds(290));
    assert_eq!(ward.occurrence(BpHigh).signal, Signal::Active);
    ward.at("05:31").expect(&[
        "05:00 service raised monitoring-gap medium latched r1 outage",
        "05:00 restored bp-high B1 high active r1 frozen restored",
        "05:00 stepped-up bp-high B1 high active r1 E1 frozen restored",
        "05:30 stepped-up bp-high B1 high active r1 E2 frozen restored",
    ]);
}
