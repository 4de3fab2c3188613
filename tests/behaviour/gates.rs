//! The gates of dose and discharge are alarms in their phases: two readings, a minute apart.

use crate::entering::USUAL;
use crate::feed::Cuff;
use crate::support::{TestWard, span};
use dosevigil::domain::alarm::AlarmFamily;

/// Two readings a minute apart before the dose; what the gate says.
fn before_the_dose(mut ward: TestWard, cuff: Cuff) -> Option<String> {
    ward.determination(cuff);
    ward.at("01:00").determination(cuff);
    let told = ward.find(AlarmFamily::PreDose);
    let told = told.map(|it| {
        let rule = it.rule.as_ref().map_or("", |rule| rule.as_str());
        format!("{rule} {}", it.priority.name())
    });
    ward.fresh.clear();
    told
}

#[test]
fn a_high_pressure_before_the_dose_is_told_at_its_limits() {
    // rule:B7 rule:B8
    let table = [
        ((140, 90), None),
        ((141, 80), Some("B7 low")),
        ((120, 91), Some("B7 low")),
        ((159, 99), Some("B7 low")),
        ((160, 80), Some("B8 medium")),
        ((120, 100), Some("B8 medium")),
    ];
    for ((sys, dia), told) in table {
        let found = before_the_dose(TestWard::intake(), Cuff::new(sys, dia));
        assert_eq!(found.as_deref(), told, "{sys}/{dia}");
    }
}

#[test]
fn above_65_years_the_systolic_may_be_150() {
    // rule:B7
    for (age, sys, told) in
        [(65, 141, true), (66, 141, false), (66, 150, false), (66, 151, true), (66, 160, true)]
    {
        let found = before_the_dose(TestWard::aged(age), Cuff::new(sys, 80));
        assert_eq!(found.is_some(), told, "{age} years, {sys}");
    }
}

#[test]
fn two_readings_too_close_are_one_and_a_normal_one_ends_it() {
    // rule:B7
    let mut ward = TestWard::intake();
    ward.cuff(145, 80);
    ward.at("00:50").cuff(146, 80);
    ward.at("01:10").cuff(145, 80);
    ward.at("03:00").cuff(138, 80);
    ward.expect(&[
        "00:00 session phase baseline",
        "01:10 raised pre-dose B7 low active r1",
        "03:00 ended pre-dose B7 low none r1",
    ]);
}

#[test]
fn the_dose_ends_the_gate_before_it() {
    // rule:B7 row:25
    let mut ward = TestWard::intake();
    ward.cuff(145, 80);
    ward.at("02:00").cuff(145, 80);
    ward.at("03:00").dose();
    assert_eq!(ward.ended_why(AlarmFamily::PreDose), ("phase", None));
    ward.fresh.clear();
}

/// At discharge after two readings of this, with or without a baseline.
fn at_discharge(sys: i32, dia: i32, with_baseline: bool) -> bool {
    let mut ward = TestWard::active();
    if with_baseline {
        ward.baseline(USUAL).expect("taken");
    }
    ward.dose_ended();
    for clock in ["50:00", "55:00"] {
        ward.at(clock).cuff(sys, dia);
    }
    ward.advance(span("06:00"));
    let told = ward.find(AlarmFamily::Discharge).is_some();
    ward.fresh.clear();
    told
}

#[test]
fn at_the_end_of_observation_a_pressure_neither_near_nor_below_is_told() {
    // rule:B6 row:25 Goal: the phase comes, the last two readings are asked at once; from 124/78
    // near is 144/93, below is 139/89.
    let table = [
        (144, 93, true, false),
        (145, 80, true, true),
        (130, 94, true, true),
        (139, 89, false, false),
        (140, 89, false, true),
        (139, 90, false, true),
    ];
    for (sys, dia, with_baseline, told) in table {
        assert_eq!(at_discharge(sys, dia, with_baseline), told, "{sys}/{dia} {with_baseline}");
    }
}

#[test]
fn a_reading_that_passes_ends_what_kept_the_patient() {
    // rule:B6
    let mut ward = TestWard::active();
    ward.dose_ended();
    for clock in ["50:00", "55:00"] {
        ward.at(clock).cuff(150, 80);
    }
    ward.at("62:00").fresh.clear();
    let told = ward.occurrence(AlarmFamily::Discharge);
    assert_eq!(told.text, "Systolic 150 ≥ 140 mmHg");
    ward.cuff(135, 80);
    ward.expect(&["62:00 ended discharge B6 low none r1"]);
}
