//! A rate that does not change at all for a minute: the sensor is to be checked, the value is
//! judged all the same.

use dosevigil::domain::metric::Metric;
use dosevigil::domain::reading::{Reading, ValueSource};

use crate::feed::{absent, heart, pulse, reading, spo2};
use crate::support::TestWard;

fn told(samples: u64, readings: &[Reading]) -> bool {
    let mut ward = TestWard::active().told_everything();
    ward.stream(samples, readings);
    let told = ward.fresh.iter().any(|it| ward.line(it).contains("frozen"));
    ward.fresh.clear();
    told
}

#[test]
fn a_heart_rate_and_an_oximeters_pulse_are_told_after_sixty_seconds() {
    // technical:frozen safety:F6
    for value in [heart(72), pulse(72)] {
        assert!(!told(60, &[value]), "59 s from first to last");
        assert!(told(61, &[value]), "60 s from first to last");
    }
    for steady in [spo2(97), reading(Metric::RespRate, 14, ValueSource::Ecg)] {
        assert!(!told(120, &[steady]), "this one may stand still");
    }
}

#[test]
fn it_is_judged_and_a_changed_value_ends_it() {
    // technical:frozen safety:F6
    let mut ward = TestWard::active().told_everything();
    ward.stream(61, &[pulse(130)]);
    ward.expect(&[
        "00:30 raised hr-high H1 medium active r1",
        "01:00 raised frozen pulse low active r1",
    ]);
    ward.stream(5, &[pulse(130)]);
    ward.stream(1, &[pulse(131)]);
    ward.expect(&["01:06 ended frozen pulse low none r1"]);
}

#[test]
fn silence_is_no_value_that_stands_still_and_does_not_end_one() {
    // technical:frozen safety:A6
    let mut ward = TestWard::active().told_everything();
    ward.stream(40, &[pulse(80)]);
    ward.stream(2, &[absent(Metric::PulseRate, ValueSource::Pleth)]);
    ward.stream(40, &[pulse(80)]);
    ward.nothing_told();
    ward.stream(21, &[pulse(80)]);
    ward.expect(&["01:42 raised frozen pulse low active r1"]);
    ward.stream(8, &[absent(Metric::PulseRate, ValueSource::Pleth)]);
    ward.stream(1, &[pulse(80)]);
    ward.nothing_told();
}
