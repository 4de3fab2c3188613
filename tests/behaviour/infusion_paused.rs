//! An infusion that is paused, resumed and ended: active as long as it has no end.

use dosevigil::domain::act::{Refused, Unknown};
use dosevigil::domain::session::dose::{DoseChange, DoseId};

use crate::dosing::{END, PAUSE, RESUME, mg, wall};
use crate::support::{TestWard, seconds};

/// Runs from 02:00 on.
fn running() -> (TestWard, DoseId) {
    let mut ward = TestWard::iv().made_ready();
    let dose = ward.at("02:00").gives(mg(35));
    ward.fresh.clear();
    (ward, dose)
}

#[test]
fn a_pause_ends_no_phase_and_what_is_resumed_ends_later() {
    // row:25
    let (mut ward, dose) = running();
    ward.at("12:00").changes(dose, PAUSE).expect("it runs");
    ward.at("150:00");
    assert_eq!((ward.phase_shown(), ward.minutes_since_dose()), ("active", Some(148)));
    ward.changes(dose, RESUME).expect("it is paused");
    ward.at("180:00").changes(dose, END).expect("it runs");
    assert_eq!(
        ward.dose_notes(),
        [
            "dose-changed Kim: dose: 35 mg, running > 35 mg, paused",
            "dose-changed Kim: dose: 35 mg, paused > 35 mg, running",
            "dose-changed Kim: dose: 35 mg, running > 35 mg, ended",
        ]
    );
    ward.at("209:59").expect_session(&[]);
    ward.at("210:00").expect_session(&["210:00 session phase recovery"]);
}

#[test]
fn one_that_is_stopped_while_it_is_paused_says_how_much_was_given() {
    let (mut ward, dose) = running();
    ward.at("12:00").changes(dose, PAUSE).expect("it runs");
    let part = DoseChange::End { at: None, given_micrograms: Some(8_750) };
    ward.at("20:00").changes(dose, part).expect("it is paused");
    assert_eq!(ward.dose_notes()[1], "dose-changed Kim: dose: 35 mg, paused > 8.75 mg, ended");
    ward.at("50:00").expect_session(&["50:00 session phase recovery"]);
}

#[test]
fn what_is_not_so_is_refused() {
    let (mut ward, dose) = running();
    assert_eq!(ward.changes(dose, RESUME), Err(Refused::NotSo));
    let unknown = ward.changes(DoseId::from_bits(99), PAUSE);
    assert_eq!(unknown, Err(Refused::Unknown(Unknown::Dose)));
    ward.changes(dose, PAUSE).expect("it runs");
    assert_eq!(ward.changes(dose, PAUSE), Err(Refused::AlreadySo));
    let more = DoseChange::End { at: None, given_micrograms: Some(35_001) };
    assert_eq!(ward.changes(dose, more), Err(Refused::BadValue));
    ward.changes(dose, END).expect("it is paused");
    for change in [PAUSE, RESUME, END] {
        assert_eq!(ward.changes(dose, change), Err(Refused::DoseOver));
    }
    assert_eq!(ward.dose_notes().len(), 2);
    // What is given in a moment can't be paused.
    let mut ward = TestWard::im().made_ready();
    let dose = ward.gives(mg(50));
    assert_eq!(ward.changes(dose, PAUSE), Err(Refused::DoseOver));
    ward.fresh.clear();
}

#[test]
fn an_end_that_is_entered_late_counts_from_when_it_was() {
    // row:25
    let (mut ward, dose) = running();
    let end_at = |clock| DoseChange::End { at: Some(wall(clock)), given_micrograms: None };
    ward.at("45:00").fresh.clear();
    assert_eq!(ward.changes(dose, end_at("45:03")), Err(Refused::BadTime));
    assert_eq!(ward.changes(dose, end_at("01:59")), Err(Refused::BadTime));
    ward.changes(dose, end_at("10:00")).expect("after its start");
    ward.expect_session(&["45:00 session dose-changed active", "45:00 session phase recovery"]);
    ward.at("70:00").expect_session(&["70:00 session phase discharge"]);
}

#[test]
fn a_restart_leaves_it_paused() {
    // row:28 safety:A8
    let (mut ward, dose) = running();
    ward.at("12:00").changes(dose, PAUSE).expect("it runs");
    ward.restart(seconds(3_600));
    assert_eq!(ward.phase_shown(), "active");
    assert_eq!(ward.changes(dose, PAUSE), Err(Refused::AlreadySo));
    ward.changes(dose, RESUME).expect("it is paused");
    ward.fresh.clear();
}
