//! `watch = "session"`: without a session only silence is no alarm (contract 3.3).

use dosevigil::domain::bed::Watch;
use dosevigil::domain::device::Reject;

use crate::feed::pulse;
use crate::support::{OXIMETER_LINE, START, TestWard, ketamine_iv, plan};

#[test]
fn without_a_session_silence_is_no_alarm() {
    // rule:T1 rule:T3 Goal: neither no-value nor overdue in an hour.
    let mut ward = TestWard::without_session();
    ward.cuff(128, 80);
    ward.stream(30, &[pulse(80)]);
    ward.at("60:00").nothing_told();
}

#[test]
fn without_a_session_readings_links_and_garbage_are_judged() {
    // rule:T3 rule:B1 rule:H2 safety:S1 Goal: rules of all phases; links and rejects one lower.
    let mut ward = TestWard::without_session();
    ward.cuff(205, 95);
    ward.stream(15, &[pulse(150)]);
    ward.link_lost(OXIMETER_LINE, "unplugged");
    for _ in 0..3 {
        ward.reject(OXIMETER_LINE, Reject::Checksum);
    }
    ward.at("00:50").expect(&[
        "00:00 raised bp-high B1 high active r1",
        "00:15 raised hr-high H2 high active r1",
        "00:15 frozen hr-high H2 high active r1 frozen",
        "00:15 raised invalid-data oximeter T3 low active r1",
        "00:19 raised link-down oximeter T3 low active r1",
        "00:45 escalated link-down oximeter T3 medium active r2",
    ]);
}

#[test]
fn a_bed_that_is_always_watched_misses_its_values_without_a_session() {
    // rule:T1 rule:T3 Goal: overdue by 15 min + 3 min.
    let mut ward = TestWard::of(plan(1, Watch::Always, &ketamine_iv()), START);
    ward.cuff(128, 80);
    ward.stream(30, &[pulse(80)]);
    ward.at("20:00").expect(&[
        "00:39 raised no-value pulse T3 low active r1",
        "18:00 raised nibp-overdue T1 low active r1",
    ]);
}

#[test]
fn the_end_of_a_session_ends_the_alarms_of_silence() {
    // rule:T1 rule:T3
    let mut ward = TestWard::active();
    ward.cuff(128, 80);
    ward.stream(30, &[pulse(80)]);
    ward.at("13:00");
    ward.fresh.clear();
    ward.session_ended();
    ward.expect(&[
        "13:00 session ended ended",
        "13:00 ended nibp-overdue T1 low none r1",
        "13:00 ended no-value pulse T3 medium none r1",
    ]);
}

#[test]
fn a_session_that_starts_gives_sensors_time_to_be_put_on() {
    // rule:T3 Goal: the last value is old when the session starts; ten seconds of grace.
    let mut ward = TestWard::without_session();
    ward.stream(10, &[pulse(80)]);
    ward.at("10:00").session();
    ward.at("10:10").expect(&["10:00 session started intake"]);
    ward.at("10:11").expect(&["10:10 raised no-value pulse T3 low active r1"]);
}
