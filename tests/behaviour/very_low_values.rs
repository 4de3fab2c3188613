//! Pulse 22 and respiration 0 are values, and alarms; they are not thrown away.

use dosevigil::domain::alarm::AlarmFamily;

use crate::feed::{heart, pulse, questionable, resp};
use crate::support::TestWard;

#[test]
fn a_pulse_of_22_alarms() {
    // rule:H5 Goal: unusual, so marked "verify", and judged as usual.
    let mut ward = TestWard::active();
    ward.stream(10, &[pulse(22)]);
    ward.expect(&["00:10 raised hr-low H5 high active r1"]);
    let alarm = ward.occurrence(AlarmFamily::HrLow);
    assert_eq!(alarm.text, "Pulse 22 ≤ 39 /min");
    assert!(alarm.reading.as_ref().is_some_and(|reading| reading.verify));
}

#[test]
fn a_respiration_of_zero_alarms_at_once_as_apnoea() {
    // rule:R1 row:1 Goal: contract 6: no limit on the wire; clears as R1's plain limit, at 9.
    let mut ward = TestWard::active();
    ward.sends(&[resp(0)]);
    ward.expect(&["00:00 raised resp-low R1 high active r1"]);
    let alarm = ward.occurrence(AlarmFamily::RespLow);
    assert_eq!((alarm.text.as_str(), alarm.limit), ("Apnoea: respiration 0 /min", None));
    ward.at("00:01").stream(20, &[resp(8)]);
    ward.nothing_told();
    ward.stream(10, &[resp(9)]);
    ward.stream(12, &[resp(11)]);
    ward.expect(&[
        "00:31 updated resp-low R2 medium active r2",
        "00:31 clearing resp-low R2 medium active r2",
        "00:41 ended resp-low R2 medium latched r2",
    ]);
}

#[test]
fn a_zero_that_the_device_doubts_is_judged_after_the_delay_only() {
    // rule:R1 Goal: apnoea at once is for a 0 "from a device that says its value is good".
    let mut ward = TestWard::active();
    ward.stream(29, &[questionable(resp(0))]);
    ward.nothing_told();
    ward.stream(1, &[questionable(resp(0))]);
    ward.expect(&["00:30 raised resp-low R1 high active r1"]);
}

#[test]
fn a_heart_rate_of_14_is_outside_the_plausible_band_and_15_is_not() {
    // rule:H5 Goal: the edge of clinical 3.3.
    let mut ward = TestWard::active();
    ward.stream(9, &[heart(14)]);
    ward.stream(10, &[heart(15)]);
    ward.expect(&[
        "00:00 raised implausible hr low active r1",
        "00:09 ended implausible hr low none r1",
        "00:19 raised hr-low H5 high active r1",
    ]);
}
