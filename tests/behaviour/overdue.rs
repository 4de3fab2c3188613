//! A planned cuff reading that does not come is told: LOW, and MEDIUM in the active phase.

use dosevigil::domain::device::Message;
use dosevigil::domain::metric::Metric;
use dosevigil::domain::reading::ValueSource;

use crate::feed::absent;
use crate::support::{CUFF_LINE, TestWard};

#[test]
fn an_overdue_reading_is_low_then_medium_in_the_active_phase() {
    // technical:nibp-overdue
    // rule:T1 Goal: interval 10 min: LOW at + max(60 s, 0.2 I), MEDIUM at + max(180 s, 0.5 I).
    let mut ward = TestWard::active();
    ward.at("01:00").cuff(128, 80);
    ward.at("12:59").nothing_told();
    ward.at("13:00").expect(&["13:00 raised nibp-overdue T1 low active r1"]);
    ward.at("15:59").nothing_told();
    ward.at("16:00").expect(&["16:00 escalated nibp-overdue T1 medium active r2"]);
    ward.at("17:00").cuff(128, 80);
    ward.expect(&["17:00 ended nibp-overdue T1 medium none r2"]);
    ward.at("28:59").nothing_told();
}

#[test]
fn without_any_reading_it_counts_from_the_sessions_start() {
    // rule:T1
    let mut ward = TestWard::active();
    ward.at("12:00").expect(&["12:00 raised nibp-overdue T1 low active r1"]);
}

#[test]
fn before_the_dose_it_stays_low() {
    // rule:T1 Goal: intake 15 min: LOW at 18 min, no MEDIUM step.
    let mut ward = TestWard::intake();
    ward.at("17:59").nothing_told();
    ward.at("59:00").expect(&["18:00 raised nibp-overdue T1 low active r1"]);
}

#[test]
fn after_a_high_reading_the_interval_is_five_minutes_until_two_are_clear() {
    // rule:T1 Goal: contract 3.2 `after_high`; 5 min + 60 s.
    let mut ward = TestWard::active();
    ward.at("01:00").cuff(170, 80);
    ward.at("07:00").expect(&[
        "07:00 raised bp-high B4 medium active r1",
        "07:00 raised nibp-overdue T1 low active r1",
    ]);
    ward.at("07:30").cuff(128, 80);
    ward.at("13:30").expect(&[
        "07:00 frozen bp-high B4 medium active r1 frozen",
        "07:30 ended bp-high B4 medium none r1",
        "07:30 ended nibp-overdue T1 low none r1",
        "13:30 raised nibp-overdue T1 low active r1",
    ]);
    ward.at("14:00").cuff(128, 80);
    ward.at("25:59").expect(&["14:00 ended nibp-overdue T1 low none r1"]);
    ward.at("26:00").expect(&["26:00 raised nibp-overdue T1 low active r1"]);
}

#[test]
fn a_failed_determination_neither_meets_nor_forgets_the_plan() {
    // rule:T1 Goal: the cuff says "no value" 20 min into the session, 5 min after a valid reading:
    // not overdue; it does not count as a reading either.
    let mut ward = TestWard::active();
    for clock in ["05:00", "10:00", "15:00"] {
        ward.at(clock).cuff(128, 80);
    }
    let readings = [Metric::NibpSys, Metric::NibpDia, Metric::NibpMap];
    let readings = readings.map(|metric| absent(metric, ValueSource::Nibp)).to_vec();
    ward.at("20:00").message(CUFF_LINE, "cuff", Message { readings, ..Message::default() });
    ward.at("26:59").nothing_told();
    ward.at("27:00").expect(&["27:00 raised nibp-overdue T1 low active r1"]);
}
