//! A cuff's or hand-taken pulse counts as a spot value: two in a row for H1, never for rules that
//! count seconds, and only while no continuous rate is live.

use dosevigil::domain::alarm::AlarmFamily;
use dosevigil::domain::reading::ValueSource;

use crate::feed::{Cuff, absent, pulse};
use crate::support::TestWard;
use dosevigil::domain::metric::Metric;

fn with_pulse(bpm: i32) -> Cuff {
    Cuff { pulse: Some(bpm), ..Cuff::new(128, 80) }
}

#[test]
fn two_high_spot_values_in_a_row_alarm() {
    // row:3 rule:H1
    let mut ward = TestWard::active();
    ward.at("05:00").determination(with_pulse(125));
    ward.nothing_told();
    ward.at("10:00").determination(with_pulse(121));
    ward.expect(&["10:00 raised hr-high H1 medium active r1"]);
    assert_eq!(ward.occurrence(AlarmFamily::HrHigh).text, "Pulse 121 ≥ 121 /min");
}

#[test]
fn one_that_is_not_high_starts_over() {
    // row:5 rule:H1 Goal: spot values: any one.
    let mut ward = TestWard::active();
    for (minute, bpm) in [(5, 125), (10, 120), (15, 125)] {
        ward.at(&format!("{minute:02}:00")).determination(with_pulse(bpm));
    }
    ward.nothing_told();
}

#[test]
fn a_rule_that_counts_seconds_ignores_spot_values() {
    // rule:H2 rule:H5 Goal: 150 raises H1 only, however often; 35 raises nothing by itself.
    let mut ward = TestWard::active();
    for minute in [5, 10, 15] {
        ward.at(&format!("{minute:02}:00")).determination(with_pulse(150));
    }
    ward.expect(&["10:00 raised hr-high H1 medium active r1"]);
    let mut ward = TestWard::active();
    for minute in [5, 10, 15] {
        ward.at(&format!("{minute:02}:00")).determination(with_pulse(35));
    }
    ward.nothing_told();
}

#[test]
fn while_the_oximeter_is_live_the_cuffs_pulse_is_not_judged() {
    // rule:H1 Goal: alarms 14: the best live source.
    let mut ward = TestWard::active();
    ward.stream(10, &[pulse(80)]);
    for _ in 0..3 {
        ward.determination(with_pulse(130));
        ward.stream(10, &[pulse(80)]);
    }
    ward.nothing_told();
}

#[test]
fn an_alarm_is_cleared_by_spot_values_when_the_oximeter_is_off() {
    // row:6 row:8 rule:H1 Goal: the probe is off and says so; two spot values past the clear level
    // end what the oximeter raised. In recovery, where H1 is the only band that it was in.
    let mut ward = TestWard::active();
    ward.dose_ended();
    ward.at("31:00").determination(with_pulse(80));
    ward.fresh.clear();
    ward.stream(30, &[pulse(130)]);
    ward.stream(30, &[absent(Metric::PulseRate, ValueSource::Pleth)]);
    ward.expect(&[
        "31:30 raised hr-high H1 medium active r1",
        "31:30 frozen hr-high H1 medium active r1 frozen",
        "31:39 raised no-value pulse T3 low active r1",
    ]);
    ward.at("35:00").determination(with_pulse(90));
    ward.at("37:00").nothing_frozen();
    ward.at("40:00").determination(with_pulse(88));
    ward.at("41:00").expect(&[
        "35:00 clearing hr-high H1 medium active r1",
        "40:00 ended hr-high H1 medium none r1",
    ]);
}

#[test]
fn spot_values_end_nothing_that_counts_seconds() {
    // row:9 rule:H3 rule:H1 Goal: H3 stood with H1 and has no spot values: it stays, frozen, at the
    // oximeter's last value.
    let mut ward = TestWard::active();
    ward.stream(30, &[pulse(130)]);
    ward.stream(30, &[absent(Metric::PulseRate, ValueSource::Pleth)]);
    ward.at("05:00").determination(with_pulse(90));
    ward.at("10:00").fresh.clear();
    ward.determination(with_pulse(88));
    ward.expect(&["10:00 updated hr-high H3 low active r2 frozen"]);
}

impl TestWard {
    fn nothing_frozen(&self) {
        assert!(self.ward.occurrences().all(|it| !it.frozen));
    }
}
