//! What the nurse enters is judged at once: symptoms beside a high pressure, and sedation.

use dosevigil::domain::act::{Refused, Symptom};
use dosevigil::domain::alarm::AlarmFamily;

use crate::support::TestWard;

#[test]
fn a_symptom_makes_a_pressure_over_180_an_emergency_at_once() {
    // rule:B3 row:25 Goal: without waiting for the repeat that B2 asks for; at and just under.
    let table = [
        ((181, 95), Some("bp-high B3 high")),
        ((180, 95), None),
        ((150, 121), Some("bp-high B1 high")),
    ];
    for ((sys, dia), told) in table {
        let mut ward = TestWard::active();
        ward.observes(&[Symptom::Headache], None).expect("taken");
        ward.fresh.clear();
        ward.cuff(sys, dia);
        let told = told.map_or("bp-high B2 medium".to_owned(), str::to_owned);
        ward.expect(&[&format!("00:00 raised {told} active r1")]);
    }
}

#[test]
fn a_symptom_entered_after_the_reading_raises_what_was_medium() {
    // rule:B3 row:13 row:25
    let mut ward = TestWard::active();
    ward.cuff(185, 95);
    ward.at("00:30").observes(&[Symptom::ChestPain], None).expect("taken");
    ward.expect(&[
        "00:00 raised bp-high B2 medium active r1",
        "00:30 session observed active",
        "00:30 escalated bp-high B3 high active r2",
    ]);
}

#[test]
fn a_symptom_of_no_emergency_changes_nothing() {
    // rule:B3
    let mut ward = TestWard::intake();
    ward.cuff(185, 95);
    ward.observes(&[Symptom::Nausea, Symptom::Dissociation], None).expect("taken");
    ward.expect(&["00:00 session phase baseline", "00:00 session observed baseline"]);
}

#[test]
fn before_the_dose_a_symptom_counts_too_and_its_end_is_named() {
    // rule:B3 row:24
    let mut ward = TestWard::intake();
    ward.cuff(185, 95);
    ward.at("00:10").observes(&[Symptom::Dyspnoea], None).expect("taken");
    ward.at("01:00").observes(&[], None).expect("taken");
    assert_eq!(ward.ended_why(AlarmFamily::BpHigh), ("symptom gone", Some("Kim")));
    ward.expect(&[
        "00:00 session phase baseline",
        "00:10 session observed baseline",
        "00:10 raised bp-high B3 high active r1",
        "01:00 session observed baseline",
        "01:00 ended bp-high B3 high latched r1",
    ]);
}

#[test]
fn sedation_is_judged_when_it_is_entered_and_ended_by_a_better_score() {
    // rule:SED1 Goal: 3 is MEDIUM, 2 is HIGH, a step above clears.
    let mut ward = TestWard::intake();
    for (at, score) in [("01:00", 4), ("02:00", 3), ("03:00", 2), ("04:00", 3), ("05:00", 4)] {
        ward.at(at).observes(&[], Some(score)).expect("taken");
    }
    let told: Vec<_> = ward.fresh.iter().map(|it| ward.line(it)).collect();
    let told: Vec<_> =
        told.iter().filter(|it| !it.contains("session") && !it.contains("stepped-up")).collect();
    assert_eq!(
        told,
        [
            "02:00 raised sedation SED1 medium active r1",
            "03:00 escalated sedation SED1 high active r2",
            "04:00 updated sedation SED1 medium active r3",
            "05:00 ended sedation SED1 medium latched r3",
        ]
    );
    ward.fresh.clear();
}

#[test]
fn sedation_tells_its_score_and_a_score_that_is_none_is_refused() {
    // rule:SED1
    let mut ward = TestWard::intake();
    assert_eq!(ward.observes(&[], Some(6)), Err(Refused::BadValue));
    ward.nothing_told();
    ward.observes(&[], Some(1)).expect("taken");
    let told = ward.occurrence(AlarmFamily::Sedation);
    assert_eq!((told.text.as_str(), told.limit), ("MOAA/S 1 ≤ 2", Some(2)));
    assert!(told.reading.is_none());
    ward.fresh.clear();
}

#[test]
fn sedation_goes_with_the_session() {
    // rule:SED1 Goal: the next patient starts without it.
    let mut ward = TestWard::intake();
    ward.observes(&[Symptom::Other], Some(3)).expect("taken");
    ward.at("01:00").session_ended();
    assert!(ward.find(AlarmFamily::Sedation).is_none());
    ward.session();
    assert!(ward.find(AlarmFamily::Sedation).is_none());
    ward.fresh.clear();
}
