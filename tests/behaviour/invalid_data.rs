//! A line that delivers garbage is told after three refused messages in ten seconds.

use dosevigil::domain::device::Reject;

use crate::feed::pulse;
use crate::support::{CUFF_LINE, OXIMETER_LINE, TestWard, seconds};

#[test]
fn three_refused_messages_in_ten_seconds_are_told() {
    // technical:invalid-data
    // safety:S1 Goal: LOW at once, MEDIUM at 60 s; two are not enough, nor three in 11 s.
    let mut ward = TestWard::active();
    for clock in ["00:00", "00:05", "00:11", "00:16"] {
        ward.at(clock).reject(OXIMETER_LINE, Reject::Checksum);
    }
    ward.nothing_told();
    ward.at("00:21").reject(OXIMETER_LINE, Reject::Length);
    ward.expect(&["00:21 raised invalid-data oximeter T3 low active r1"]);
    ward.at("01:21").expect(&["01:21 escalated invalid-data oximeter T3 medium active r2"]);
}

#[test]
fn it_ends_with_valid_messages_once_the_refused_ones_lie_ten_seconds_behind() {
    // safety:S1 Goal: a valid message between refused ones does not end it.
    let mut ward = TestWard::active();
    for _ in 0..3 {
        ward.reject(OXIMETER_LINE, Reject::Schema);
        ward.advance(seconds(1));
    }
    ward.stream(30, &[pulse(80)]);
    ward.expect(&[
        "00:02 raised invalid-data oximeter T3 low active r1",
        "00:11 ended invalid-data oximeter T3 low none r1",
    ]);
}

#[test]
fn another_line_does_not_end_it() {
    // safety:S1
    let mut ward = TestWard::active();
    for _ in 0..3 {
        ward.reject(OXIMETER_LINE, Reject::Schema);
    }
    ward.at("00:30").cuff(128, 80);
    ward.expect(&["00:00 raised invalid-data oximeter T3 low active r1"]);
    assert_eq!(CUFF_LINE.0, 0);
}

#[test]
fn it_heals_after_a_restart_too() {
    // safety:S1 row:28
    let mut ward = TestWard::active();
    for _ in 0..3 {
        ward.reject(OXIMETER_LINE, Reject::Schema);
    }
    ward.at("00:30").restart(seconds(5));
    ward.fresh.clear();
    ward.stream(20, &[pulse(80)]);
    ward.expect(&["00:35 ended invalid-data oximeter T3 low none r1 restored"]);
}
