//! An alarm clears past its limit by the hysteresis and for the clear delay, and is shown for at
//! least five seconds.

use dosevigil::domain::alarm::AlarmFamily;

use crate::feed::{pulse, questionable, spo2};
use crate::support::TestWard;

/// H1 present at 00:30, the next sample due then.
fn high_pulse() -> TestWard {
    let mut ward = TestWard::active();
    ward.stream(30, &[pulse(130)]);
    ward.expect(&["00:30 raised hr-high H1 medium active r1"]);
    ward
}

#[test]
fn a_pulse_just_under_the_limit_does_not_clear() {
    // row:6 rule:H1 Goal: h = 3: 119 is not past 121 - 3.
    let mut ward = high_pulse();
    ward.stream(60, &[pulse(119)]);
    ward.nothing_told();
}

#[test]
fn a_pulse_past_the_clear_level_ends_the_alarm_after_ten_seconds() {
    // row:6 row:8 rule:H1 rule:H3
    let mut ward = high_pulse();
    ward.stream(10, &[pulse(108)]);
    ward.expect(&[
        "00:30 clearing hr-high H1 medium active r1",
        "00:40 ended hr-high H1 medium none r1",
    ]);
}

#[test]
fn a_pulse_past_the_clear_level_of_one_band_only_goes_on_as_the_one_below() {
    // row:14 rule:H1 rule:H3 Goal: 118 is past H1's clear level, and over H3's limit.
    let mut ward = high_pulse();
    ward.stream(10, &[pulse(118)]);
    ward.expect(&["00:40 updated hr-high H3 low active r2"]);
}

#[test]
fn a_return_over_the_clear_level_is_the_same_alarm_without_a_new_sound() {
    // row:7 Goal: an acknowledged alarm stays acknowledged, the clear delay starts again.
    let mut ward = high_pulse();
    ward.acknowledge(AlarmFamily::HrHigh, "Kim");
    ward.stream(9, &[pulse(100)]);
    ward.stream(1, &[pulse(119)]);
    ward.stream(10, &[pulse(100)]);
    ward.expect(&[
        "00:30 acknowledged hr-high H1 medium acknowledged r1",
        "00:30 clearing hr-high H1 medium acknowledged r1",
        "00:39 returned hr-high H1 medium acknowledged r1",
        "00:40 clearing hr-high H1 medium acknowledged r1",
        "00:50 ended hr-high H1 medium none r1",
    ]);
}

#[test]
fn a_questionable_sample_never_clears() {
    // row:6 row:8 Goal: neither alone, nor by letting the clear delay of a good one run out.
    let mut ward = high_pulse();
    ward.stream(20, &[questionable(pulse(80))]);
    ward.nothing_told();
    ward.stream(2, &[pulse(80)]);
    ward.stream(20, &[questionable(pulse(80))]);
    ward.expect(&[
        "00:50 clearing hr-high H1 medium active r1",
        "00:52 returned hr-high H1 medium active r1",
    ]);
    ward.stream(10, &[pulse(80)]);
    ward.expect(&[
        "01:12 clearing hr-high H1 medium active r1",
        "01:22 ended hr-high H1 medium none r1",
    ]);
}

#[test]
fn a_questionable_sample_may_raise() {
    // row:3 Goal: alarms 14.
    let mut ward = TestWard::active();
    ward.stream(10, &[questionable(spo2(84))]);
    ward.expect(&["00:10 raised spo2-low O2 high active r1"]);
}

#[test]
fn a_short_alarm_is_shown_for_five_seconds() {
    // row:8 Goal: a cuff's alarm that the next reading ends two seconds later.
    let mut ward = TestWard::active();
    ward.at("05:00").by_hand(205, 95);
    ward.at("05:02").cuff(128, 80);
    ward.at("05:10").expect(&[
        "05:00 raised bp-high B1 high active r1",
        "05:02 clearing bp-high B1 high active r1",
        "05:05 ended bp-high B1 high latched r1",
    ]);
}
