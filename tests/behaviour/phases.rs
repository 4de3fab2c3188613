//! Phases and bands: which rules are in force when, and how an alarm goes up and down.

use dosevigil::domain::alarm::AlarmFamily;

use crate::feed::pulse;
use crate::support::TestWard;

#[test]
fn a_rule_out_of_its_phase_is_silent() {
    // rule:B2 rule:B4 rule:H1 Goal: row 25: B2, B4 and H1 are for after the dose; B1 and H2 always.
    // What speaks before it is the gate.
    let mut ward = TestWard::intake();
    ward.cuff(185, 112);
    ward.advance(crate::support::seconds(60));
    ward.cuff(185, 112);
    ward.stream(120, &[pulse(135)]);
    ward.expect(&["00:00 session phase baseline", "01:00 raised pre-dose B8 medium active r1"]);
    ward.cuff(200, 112);
    ward.stream(15, &[pulse(141)]);
    ward.expect(&[
        "03:00 raised bp-high B1 high active r1",
        "03:15 raised hr-high H2 high active r1",
    ]);
}

#[test]
fn a_delay_does_not_run_while_its_rule_is_out_of_phase() {
    // rule:H1 Goal: 135 for minutes before the dose gives no credit.
    let mut ward = TestWard::intake();
    ward.stream(120, &[pulse(135)]);
    ward.dose();
    ward.stream(30, &[pulse(135)]);
    ward.expect(&[
        "02:00 session dose intake",
        "02:00 session phase active",
        "02:30 raised hr-high H1 medium active r1",
    ]);
}

#[test]
fn a_session_that_ends_takes_its_rules_with_it() {
    // rule:H1 row:29 Goal: H1 is not judged without a session; it ends with the session, by name.
    let mut ward = TestWard::active();
    ward.stream(40, &[pulse(130)]);
    ward.fresh.clear();
    ward.session_ended();
    let ended = ward.fresh.first().expect("the end").clone();
    let dosevigil::domain::alarm::occurrence::Subject::Alarm { occurrence, .. } = ended.subject
    else {
        panic!("the alarm's end comes first");
    };
    let reason = occurrence.ended.map(|(_, reason)| reason.name());
    assert_eq!((reason, occurrence.ended_by.as_deref()), (Some("session ended"), Some("Kim")));
    ward.expect(&["00:40 ended hr-high H1 medium none r1", "00:40 session ended ended"]);
    ward.stream(60, &[pulse(130)]);
    ward.nothing_told();
}

#[test]
fn a_pulse_that_comes_down_a_band_is_the_same_alarm_at_once_medium() {
    // row:14 rule:H1 rule:H2 Goal: after the clear delay of H2, without a gap, the
    // acknowledgement kept.
    let mut ward = TestWard::active();
    ward.stream(20, &[pulse(150)]);
    ward.acknowledge(AlarmFamily::HrHigh, "Kim");
    ward.stream(10, &[pulse(138)]);
    ward.stream(5, &[pulse(125)]);
    ward.expect(&[
        "00:15 raised hr-high H2 high active r1",
        "00:20 acknowledged hr-high H2 high acknowledged r1",
        "00:30 updated hr-high H1 medium acknowledged r2",
    ]);
}

#[test]
fn going_up_again_sounds_again() {
    // row:13 row:14 Goal: from acknowledged, and each time.
    let mut ward = TestWard::active();
    ward.stream(15, &[pulse(150)]);
    ward.stream(10, &[pulse(130)]);
    ward.acknowledge(AlarmFamily::HrHigh, "Kim");
    ward.stream(15, &[pulse(150)]);
    ward.expect(&[
        "00:15 raised hr-high H2 high active r1",
        "00:25 updated hr-high H1 medium active r2",
        "00:25 acknowledged hr-high H1 medium acknowledged r2",
        "00:40 escalated hr-high H2 high active r3",
    ]);
}

#[test]
fn a_very_high_pressure_that_falls_a_little_after_the_dose_stays_high() {
    // row:14 rule:B1 rule:B2 safety:A6 Goal: B1 before the dose, B2 comes into phase with it: the
    // next reading, 190, is in B2: a declared hazard is not asked for again as "re-cuff now".
    let mut ward = TestWard::intake();
    ward.cuff(205, 95);
    ward.at("01:00").dose();
    ward.at("02:00").cuff(190, 95);
    ward.expect(&[
        "00:00 session phase baseline",
        "00:00 raised bp-high B1 high active r1",
        "01:00 session dose baseline",
        "01:00 session phase active",
        "02:00 updated bp-high B2 high active r2",
    ]);
}

#[test]
fn an_alarm_that_no_repeat_confirmed_steps_down_like_any_other() {
    // row:1c row:14 rule:B2 rule:B4 Goal: HIGH without a repeat, then 163: not past B4's clear
    // level, so the alarm goes on as B4.
    let mut ward = TestWard::active();
    ward.at("01:00").cuff(184, 95);
    ward.at("05:00").cuff(163, 95);
    ward.expect(&[
        "01:00 raised bp-high B2 medium active r1",
        "04:00 confirmed bp-high B2 high active r2",
        "05:00 updated bp-high B4 medium active r3",
    ]);
}

#[test]
fn the_phase_follows_the_dose() {
    // row:1a Goal: active 30 min after the dose's end, recovery to 60 min, then discharge: B2 is
    // judged in all three.
    let mut ward = TestWard::active();
    ward.at("10:00").dose_ended();
    for minute in [11, 21, 31] {
        ward.at(&format!("{minute}:00")).cuff(128, 80);
    }
    ward.at("39:59").expect(&["10:00 session dose active"]);
    ward.at("45:00").cuff(185, 95);
    ward.expect(&["40:00 session phase recovery", "45:00 raised bp-high B2 medium active r1"]);
    ward.cuff(128, 80);
    ward.at("70:00");
    let last = ward.fresh.pop().expect("the phase");
    assert_eq!(ward.line(&last), "70:00 session phase discharge");
    ward.fresh.clear();
}
