//! A determination that failed (T5): told each time, the second in a row one higher, until a valid
//! one.

use dosevigil::domain::alarm::AlarmFamily;
use dosevigil::domain::device::StatusCode;

use crate::feed::{dinamap, dinamap_cuff};
use crate::sensor_off::status;
use crate::support::{CUFF_LINE, TestWard};

fn fails(ward: &mut TestWard, code: StatusCode) {
    ward.message(CUFF_LINE, "cuff", status(code, true));
    ward.message(CUFF_LINE, "cuff", status(code, false));
}

#[test]
fn the_first_is_low_the_second_in_a_row_medium_and_a_valid_one_ends_it() {
    // technical:cuff-failed rule:T5
    for code in [
        StatusCode::CuffLeak,
        StatusCode::CuffLoose,
        StatusCode::Overpressure,
        StatusCode::Timeout,
        StatusCode::Aborted,
    ] {
        let mut ward = TestWard::active();
        fails(&mut ward, code);
        ward.expect(&["00:00 raised cuff-failed cuff T5 low active r1"]);
        ward.at("02:00");
        fails(&mut ward, code);
        ward.expect(&["02:00 escalated cuff-failed cuff T5 medium active r2"]);
        ward.at("03:00").cuff(120, 80);
        ward.expect(&["03:00 ended cuff-failed cuff T5 medium none r2"]);
        ward.at("04:00");
        fails(&mut ward, code);
        ward.expect(&["04:00 raised cuff-failed cuff T5 low active r1"]);
    }
}

#[test]
fn the_same_failure_told_again_is_one() {
    // technical:cuff-failed Goal: a leak, then the time-out that follows from it, within 15 s.
    for (again_at, told) in [("00:15", 1), ("00:15.1", 2)] {
        let mut ward = TestWard::active();
        fails(&mut ward, StatusCode::CuffLeak);
        ward.at(again_at);
        fails(&mut ward, StatusCode::Timeout);
        assert_eq!(ward.fresh.len(), told, "{again_at}");
        ward.fresh.clear();
    }
}

#[test]
fn a_pressure_taken_by_hand_ends_it_and_an_older_reading_does_not() {
    // technical:cuff-failed
    let mut ward = TestWard::active();
    ward.at("05:00");
    fails(&mut ward, StatusCode::Aborted);
    ward.fresh.clear();
    ward.serial_bytes(&dinamap_cuff(120, 120, 80, 93));
    ward.nothing_told();
    ward.at("06:00").by_hand(124, 82);
    ward.expect(&["06:00 ended cuff-failed cuff T5 low none r1"]);
}

#[test]
fn a_monitor_that_reports_a_failed_determination_is_told_of() {
    // technical:cuff-failed Goal: the DINAMAP's own bytes: measuring, then failed.
    let mut ward = TestWard::active();
    ward.serial_bytes(&dinamap(" NA0109999000000000"));
    ward.serial_bytes(&dinamap(" NA3109999000000000"));
    ward.expect(&["00:00 raised cuff-failed cuff T5 low active r1"]);
    let text = &ward.occurrence(AlarmFamily::CuffFailed).text;
    assert_eq!(text, "Cuff failed: cuff (aborted)");
}

#[test]
fn a_monitor_that_was_just_switched_on_has_failed_nothing() {
    // technical:cuff-failed Goal: "unknown" before any determination, and after one under way.
    let mut ward = TestWard::active();
    ward.serial_bytes(&dinamap(" NA9109999000000000"));
    ward.nothing_told();
    ward.serial_bytes(&dinamap(" NA0109999000000000"));
    ward.serial_bytes(&dinamap(" NA9109999000000000"));
    ward.expect(&["00:00 raised cuff-failed cuff T5 low active r1"]);
}
