//! A continuous vital that stays away is told, vital by vital, silent or saying "no value".

use dosevigil::domain::metric::Metric;
use dosevigil::domain::reading::ValueSource;
use dosevigil::domain::view::Freshness;

use crate::feed::{absent, pulse, resp, spo2};
use crate::support::{BED, TestWard, seconds};

fn state(ward: &TestWard, place: usize) -> Freshness {
    ward.ward.beds()[BED.0 as usize].view(ward.now).vitals[place].state
}

#[test]
fn each_vital_that_falls_silent_is_told_after_ten_seconds() {
    // technical:no-value
    // rule:T3 safety:F1 Goal: grey after 5 s, alarm after 10 s, number gone after 30 s; the others
    // of the device stay live.
    let mut ward = TestWard::active();
    ward.stream(60, &[pulse(80), spo2(97), resp(14)]);
    for (samples, grey, told) in [(5, Freshness::Grey, false), (5, Freshness::Grey, true)] {
        ward.stream(samples, &[pulse(80), spo2(97)]);
        assert_eq!(state(&ward, 5), grey);
        assert_eq!(!ward.fresh.is_empty(), told);
    }
    ward.expect(&["01:09 raised no-value resp T3 medium active r1"]);
    ward.stream(21, &[pulse(80), spo2(97)]);
    assert_eq!((state(&ward, 5), state(&ward, 4)), (Freshness::Removed, Freshness::Live));
    ward.stream(1, &[pulse(80), spo2(97), resp(14)]);
    ward.expect(&["01:31 ended no-value resp T3 medium none r1"]);
}

#[test]
fn a_vital_whose_monitor_says_no_value_is_told_all_the_same() {
    // rule:T3 safety:F1 Goal: the probe is off, the monitor sends dashes every second.
    let mut ward = TestWard::active();
    ward.stream(60, &[pulse(80), spo2(97)]);
    ward.stream(10, &[pulse(80), absent(Metric::SpO2, ValueSource::Pleth)]);
    ward.expect(&["01:09 raised no-value spo2 T3 medium active r1"]);
    ward.stream(60, &[pulse(80), absent(Metric::SpO2, ValueSource::Pleth)]);
    ward.nothing_told();
    ward.stream(1, &[pulse(80), spo2(97)]);
    ward.expect(&["02:10 ended no-value spo2 T3 medium none r1"]);
}

#[test]
fn a_vital_that_never_had_a_value_is_not_missed() {
    // rule:T3 Goal: a monitor without a respiration sensor says so in each message.
    let mut ward = TestWard::active();
    ward.stream(90, &[pulse(80), absent(Metric::RespRate, ValueSource::Ecg)]);
    ward.nothing_told();
}

#[test]
fn a_slow_monitor_has_five_periods() {
    // rule:T3 safety:F1 Goal: max(5 periods, 10 s) with a value each 4 s: 20 s.
    let mut ward = TestWard::active();
    for _ in 0..60 {
        ward.sends(&[pulse(80)]);
        ward.advance(seconds(4));
    }
    ward.at("04:14").nothing_told();
    ward.at("04:17");
    assert_eq!(ward.fresh.len(), 1);
    assert!(ward.line(&ward.fresh[0]).contains("raised no-value pulse"));
    ward.fresh.clear();
}

#[test]
fn a_monitor_that_gets_faster_is_missed_sooner() {
    // rule:T3 safety:F1 Goal: ten-second values, then one a second: the limit is 10 s again.
    let mut ward = TestWard::active();
    for _ in 0..30 {
        ward.sends(&[pulse(80)]);
        ward.advance(seconds(10));
    }
    ward.stream(20, &[pulse(80)]);
    ward.advance(seconds(10));
    ward.expect(&["05:29 raised no-value pulse T3 medium active r1"]);
}

#[test]
fn outside_the_active_phase_it_is_low() {
    // rule:T3
    let mut ward = TestWard::intake();
    ward.stream(60, &[pulse(80)]);
    ward.at("01:30").expect(&["01:09 raised no-value pulse T3 low active r1"]);
}
