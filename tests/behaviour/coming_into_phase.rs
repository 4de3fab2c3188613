//! A rule that comes into phase judges the newest value at once, without credit for the time
//! before; one that goes out lets go.

use dosevigil::domain::alarm::AlarmFamily;

use crate::entering::USUAL;
use crate::feed::pulse;
use crate::support::TestWard;

#[test]
fn the_dose_judges_the_newest_cuff_reading_for_the_rules_that_it_brings() {
    // row:25 rule:B2 Goal: 185 before the dose is no B2; with the dose it asks for a repeat.
    let mut ward = TestWard::intake();
    ward.cuff(185, 95);
    ward.at("02:00").dose();
    ward.at("04:59").expect(&[
        "00:00 session phase baseline",
        "02:00 session dose baseline",
        "02:00 session phase active",
        "02:00 raised bp-high B2 medium active r1",
    ]);
    ward.at("05:00").expect(&["05:00 confirmed bp-high B2 high active r2"]);
}

#[test]
fn a_baseline_rule_judges_the_newest_reading_when_the_dose_begins() {
    // row:25 rule:B5 Goal: it asks for a repeat, and the next reading decides.
    let mut ward = TestWard::intake();
    ward.baseline(USUAL).expect("taken");
    ward.cuff(164, 80);
    ward.at("02:00").dose();
    assert_eq!(ward.shown().advisories.len(), 1);
    ward.at("03:00").cuff(164, 80);
    let last = ward.fresh.pop().expect("the alarm");
    assert_eq!(ward.line(&last), "03:00 raised bp-high B5 medium active r1");
    ward.fresh.clear();
}

#[test]
fn a_rule_that_goes_out_of_phase_ends_its_alarm_or_hands_it_on() {
    // row:25 row:14 rule:H3 rule:H1 Goal: H3 is for the active phase: it ends by the phase.
    let mut ward = TestWard::active();
    ward.dose_ended();
    ward.at("28:00").fresh.clear();
    ward.stream(119, &[pulse(115)]);
    ward.fresh.clear();
    ward.stream(3, &[pulse(115)]);
    assert_eq!(ward.ended_why(AlarmFamily::HrHigh), ("phase", None));
    let told: Vec<_> = ward.fresh.iter().map(|it| ward.line(it)).take(2).collect();
    assert_eq!(told, ["30:00 session phase recovery", "30:00 ended hr-high H3 low none r1"]);
    ward.fresh.clear();
}
