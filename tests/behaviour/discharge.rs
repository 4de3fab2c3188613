//! Going home asks for time, pressure, timed readings, wakefulness and the ticks of the form; a
//! lead overrides what is missing. Every other end of a session needs a reason only.

use dosevigil::domain::act::{
    Act, Actor, Answer, Deed, Disposition, Done, Refused, Symptom, VisitDeed,
};
use dosevigil::domain::alarm::AlarmFamily::BpHigh;
use dosevigil::domain::alarm::occurrence::{ActNote, SessionChange, Subject};
use dosevigil::domain::ids::{CommandId, RuleId};
use dosevigil::domain::role::Role;
use dosevigil::domain::session::checks::{Checks, Missing};

use crate::dosing::{device, mg, missing};
use crate::entering::{SESSION, USUAL};
use crate::support::{START, TestWard, span};
use crate::timed_reading::at_forty_minutes;

const HOME: Disposition = Disposition::HomeEscorted;

/// Baseline 124/78, an infusion of 40 minutes; nothing since.
fn infused() -> TestWard {
    let mut ward = TestWard::active_from(USUAL);
    ward.at("40:00").dose_ended();
    ward
}

/// All is as it should be: the hour after the infusion is over, the last pressure is good.
fn ready() -> TestWard {
    let mut ward = infused();
    ward.at("98:00").cuff(126, 80);
    ward.at("101:00").fresh.clear();
    ward
}

impl TestWard {
    fn ends(&mut self, by: Actor, how: Disposition, checks: Checks, why: Option<&str>) -> Answer {
        self.until(self.now);
        self.fresh.clear();
        let deed = Deed::EndSession { session: SESSION, disposition: how, checks };
        let command = CommandId::from_bits(2 << 64 | u128::from(self.now.mono.as_micros()));
        self.take(&Act { command, by, reason: why.map(Into::into), deed })
    }

    /// What keeps the patient when a nurse sends them home with these ticks.
    fn kept_by(&mut self, checks: Checks) -> Vec<Missing> {
        match self.ends(nurse(), HOME, checks, None) {
            Ok(_) => Vec::new(),
            Err(Refused::NotReady { missing }) => missing,
            Err(other) => panic!("refused for another reason: {other:?}"),
        }
    }

    /// Who did what to the session, of this change.
    fn note(&self, of: SessionChange) -> ActNote {
        let note = self.fresh.iter().find_map(|it| match &it.subject {
            Subject::Session { change, note, .. } if *change == of => note.as_deref().cloned(),
            Subject::Session { .. } | Subject::Alarm { .. } => None,
        });
        note.expect("it was told with a note")
    }
}

fn nurse() -> Actor {
    Actor::new("Kim", Role::Nurse)
}

fn lead() -> Actor {
    Actor::new("Lee", Role::Lead)
}

fn b6() -> RuleId {
    RuleId::try_new("B6").expect("a valid name")
}

fn check(name: &'static str) -> Missing {
    Missing::Check { name }
}

#[test]
fn a_nurse_sends_a_patient_home_when_nothing_is_missing() {
    // rule:B6
    let mut ward = ready();
    assert_eq!(ward.ends(nurse(), HOME, Checks::ALL, None), Ok(Done::Taken));
    let note = ward.note(SessionChange::Ended);
    let told = "home_escorted: awake, oriented, gait, symptoms_gone, escort";
    assert_eq!((note.what.as_deref(), note.new.as_deref()), (None, Some(told)));
    assert!(ward.shown().session.is_none());
    ward.fresh.clear();
}

#[test]
fn nobody_leaves_before_the_time_of_observation_is_over() {
    let mut ward = infused();
    ward.at("95:00").cuff(126, 80);
    ward.at("99:59.999");
    let until = START.plus(span("100:00"));
    assert_eq!(ward.kept_by(Checks::ALL), [Missing::Observation { until }]);
    ward.nothing_told();
    assert!(ward.shown().session.is_some(), "refused is without effect");
    ward.at("100:00");
    assert_eq!(ward.kept_by(Checks::ALL), []);
    ward.fresh.clear();
}

#[test]
fn nobody_leaves_while_the_infusion_runs() {
    let mut ward = TestWard::active_from(USUAL);
    ward.at("98:00").cuff(126, 80);
    ward.at("101:00");
    assert_eq!(ward.kept_by(Checks::ALL), [Missing::DoseRunning]);
    ward.fresh.clear();
}

#[test]
fn the_pressure_must_have_come_down() {
    // rule:B6 Goal: two readings that do not pass keep the patient, a good one lets them go; one
    // that does not pass is too few to tell.
    let table: [(&[(i32, i32)], _); 5] = [
        (&[(150, 95), (150, 95)], Some(Missing::DischargePressure { rule: b6() })),
        (&[(150, 95)], Some(Missing::Readings { rule: b6() })),
        (&[(150, 95), (144, 93)], None),
        (&[(144, 93), (150, 95)], Some(Missing::DischargePressure { rule: b6() })),
        (&[], Some(Missing::Readings { rule: b6() })),
    ];
    for (readings, missing) in table {
        let mut ward = infused();
        for ((sys, dia), clock) in readings.iter().zip(["97:00", "99:00"]) {
            ward.at(clock).cuff(*sys, *dia);
        }
        ward.at("101:00");
        assert_eq!(ward.kept_by(Checks::ALL), Vec::from_iter(missing), "{readings:?}");
        ward.fresh.clear();
    }
}

#[test]
fn the_last_pressure_must_be_of_the_end_and_not_of_the_time_before_the_dose() {
    // rule:B6 Goal: one is as old as it may be before it is called overdue: 18 min.
    let readings = vec![Missing::Readings { rule: b6() }];
    for (clock, missing) in [("82:59.999", readings.clone()), ("83:00", vec![])] {
        let mut ward = infused();
        ward.at(clock).cuff(126, 80);
        ward.at("101:00");
        assert_eq!(ward.kept_by(Checks::ALL), missing, "{clock}");
        ward.fresh.clear();
    }
    let mut ward = TestWard::intake();
    ward.baseline(USUAL).expect("taken");
    ward.cuff(126, 80);
    ward.at("00:01").dose();
    ward.dose_ended();
    let until = START.plus(span("60:01"));
    let missing = [Missing::Observation { until }, Missing::Readings { rule: b6() }];
    assert_eq!(ward.kept_by(Checks::ALL), missing);
    ward.fresh.clear();
}

#[test]
fn a_pressure_taken_by_hand_counts_like_a_measured_one() {
    // rule:B6
    let mut ward = infused();
    ward.at("98:00").by_hand(126, 80);
    ward.at("101:00");
    assert_eq!(ward.kept_by(Checks::ALL), []);
    ward.fresh.clear();
}

#[test]
fn a_timed_reading_that_was_not_taken_keeps_the_patient_from_its_time_on() {
    // rule:T2
    let mut ward = TestWard::active_with(&at_forty_minutes());
    ward.baseline(USUAL).expect("taken");
    ward.at("01:00").dose_ended();
    ward.at("30:00").cuff(126, 80);
    let until = START.plus(span("61:00"));
    ward.at("39:59.999");
    assert_eq!(ward.kept_by(Checks::ALL), [Missing::Observation { until }]);
    ward.at("40:00");
    let late = Missing::TimedReading { id: "T2".into() };
    assert_eq!(ward.kept_by(Checks::ALL), [Missing::Observation { until }, late]);
    ward.at("50:00").cuff(126, 80);
    assert_eq!(ward.kept_by(Checks::ALL), [Missing::Observation { until }]);
    ward.fresh.clear();
}

#[test]
fn a_patient_must_be_awake_and_without_symptoms() {
    let gone = Checks { symptoms_gone: true, ..Checks::default() };
    let not_gone = Checks { symptoms_gone: false, ..Checks::ALL };
    let asleep = Checks { awake: false, ..Checks::ALL };
    let symptoms = || vec![Missing::Symptoms, check("symptoms_gone")];
    type Row = (&'static [Symptom], Option<u8>, Checks, Vec<Missing>);
    let table: [Row; 8] = [
        (&[], Some(4), Checks::ALL, vec![Missing::Sedation { moaas: Some(4) }]),
        (&[], Some(5), Checks::ALL, vec![]),
        (&[], Some(5), asleep, vec![check("awake")]),
        (&[], None, asleep, vec![Missing::Sedation { moaas: None }, check("awake")]),
        (&[Symptom::Nausea], None, Checks::ALL, vec![]),
        (&[Symptom::Nausea, Symptom::Other], None, not_gone, symptoms()),
        (&[Symptom::Other], None, not_gone, vec![check("symptoms_gone")]),
        (
            &[],
            Some(5),
            gone,
            vec![check("awake"), check("oriented"), check("gait"), check("escort")],
        ),
    ];
    for (observed, moaas, checks, missing) in table {
        let mut ward = ready();
        ward.observes(observed, moaas).expect("taken");
        assert_eq!(ward.kept_by(checks), missing, "{observed:?} {moaas:?} {checks:?}");
        ward.fresh.clear();
    }
}

#[test]
fn a_lead_or_a_nurse_on_an_order_overrides_what_is_missing_and_it_is_recorded() {
    // Goal: with a reason; without one a lead is told what is missing like anybody.
    let ordered = Actor { ordered_by: Some("Dr. Poe".into()), ..nurse() };
    let checks = Checks { escort: false, ..Checks::ALL };
    let table = [
        (nurse(), Some("late bus"), false),
        (nurse(), None, false),
        (lead(), None, false),
        (ordered.clone(), None, false),
        (lead(), Some("late bus"), true),
        (ordered, Some("late bus"), true),
    ];
    for (by, reason, overrides) in table {
        let mut ward = infused();
        ward.at("45:00").observes(&[Symptom::Nausea], Some(4)).expect("taken");
        let answer = ward.ends(by.clone(), HOME, Checks { symptoms_gone: false, ..checks }, reason);
        if overrides {
            assert_eq!(answer, Ok(Done::Taken), "{by:?}");
            let note = ward.note(SessionChange::Ended);
            let told =
                "override: observation, B6 readings, MOAA/S 4, symptoms, symptoms_gone, escort";
            assert_eq!(note.what.as_deref(), Some(told));
            assert_eq!((&note.reason, &note.ordered_by), (&reason.map(Into::into), &by.ordered_by));
            assert_eq!(note.new.as_deref(), Some("home_escorted: awake, oriented, gait"));
        } else {
            assert!(matches!(answer, Err(Refused::NotReady { missing }) if missing.len() == 6));
            ward.nothing_told();
        }
        ward.fresh.clear();
    }
}

#[test]
fn who_stays_in_care_or_leaves_against_advice_needs_a_reason_only() {
    for how in [Disposition::Admitted, Disposition::Transferred, Disposition::LeftAgainstAdvice] {
        let mut ward = TestWard::active();
        ward.at("01:00");
        let refused = ward.ends(lead(), how, Checks::ALL, None);
        assert_eq!(refused, Err(Refused::ReasonNeeded), "{how:?}");
        ward.at("01:01");
        let taken = ward.ends(nurse(), how, Checks::default(), Some("chest pain"));
        assert_eq!(taken, Ok(Done::Taken), "{how:?}");
        let note = ward.note(SessionChange::Ended);
        assert_eq!((note.what.as_deref(), note.new.as_deref()), (None, Some(how.name())));
        ward.fresh.clear();
    }
}

#[test]
fn only_a_patient_without_a_dose_is_not_dosed() {
    // Goal: a refused dose needs no checks; a lead's reason does not undo a dose.
    let mut ward = TestWard::active();
    let refused = ward.ends(lead(), Disposition::NotDosed, Checks::ALL, Some("refused"));
    assert_eq!(refused, Err(Refused::BadValue));
    ward.nothing_told();
    let mut ward = TestWard::intake();
    let refused = ward.ends(nurse(), Disposition::NotDosed, Checks::ALL, None);
    assert_eq!(refused, Err(Refused::ReasonNeeded));
    ward.at("00:01");
    let taken = ward.ends(nurse(), Disposition::NotDosed, Checks::default(), Some("refused"));
    assert_eq!(taken, Ok(Done::Taken));
    ward.fresh.clear();
}

#[test]
fn a_patient_whose_only_dose_was_voided_is_not_dosed() {
    let mut ward = TestWard::im().made_ready();
    let dose = ward.at("02:00").gives(mg(50));
    let refused = ward.ends(nurse(), Disposition::NotDosed, Checks::ALL, Some("refused"));
    assert_eq!(refused, Err(Refused::BadValue));
    ward.at("04:00").voids_dose(dose).expect("voided");
    let taken = ward.ends(nurse(), Disposition::NotDosed, Checks::ALL, Some("refused"));
    assert_eq!(taken, Ok(Done::Taken));
    ward.fresh.clear();
}

#[test]
fn the_time_of_observation_of_what_is_not_infused_counts_from_the_first_device() {
    let mut ward = TestWard::nasal().made_ready();
    ward.at("02:00").gives(device(1));
    ward.at("10:00").gives(device(2));
    for clock in ["42:00", "120:00"] {
        ward.at(clock).cuff(126, 80);
    }
    let until = START.plus(span("122:00"));
    ward.at("121:59.999");
    assert_eq!(ward.kept_by(Checks::ALL), [Missing::Observation { until }]);
    ward.at("122:00");
    assert_eq!(ward.kept_by(Checks::ALL), []);
    ward.fresh.clear();
}

#[test]
fn what_stops_the_dose_is_shown_before_it_is_ordered() {
    // rule:B7 rule:B8
    let mut ward = TestWard::iv();
    ward.cuff(145, 80);
    let shown = ward.shown().session.expect("it runs").dose_missing;
    let shown: Vec<_> = shown.iter().map(Missing::words).collect();
    assert!(shown.contains(&"baseline".to_owned()), "{shown:?}");
    assert_eq!(shown, missing(ward.orders(mg(35))));
    ward.fresh.clear();
}

#[test]
fn an_unacknowledged_high_comes_before_all_else_for_everybody() {
    // row:29
    let mut ward = TestWard::active();
    ward.cuff(205, 95);
    let occurrence = ward.occurrence(BpHigh).id;
    for (n, how) in Disposition::ALL.into_iter().enumerate() {
        for (who, by) in [nurse(), lead()].into_iter().enumerate() {
            for reason in [None, Some("an order")] {
                let refused = ward.ends(by.clone(), how, Checks::default(), reason);
                let high = Err(Refused::HighUnacknowledged { occurrence });
                assert_eq!(refused, high, "{how:?} {n} {who}");
                ward.nothing_told();
                ward.advance(span("00:00.001"));
            }
        }
    }
    ward.fresh.clear();
}

#[test]
fn what_keeps_the_patient_is_shown_with_nothing_ticked() {
    let mut ward = ready();
    ward.observes(&[Symptom::Dizziness], Some(4)).expect("taken");
    let shown = ward.shown().session.expect("it runs");
    assert_eq!((shown.moaas, shown.symptoms.holds(Symptom::Dizziness)), (Some(4), true));
    let words: Vec<_> = shown.discharge_missing.iter().map(Missing::name).collect();
    let ticks = ["awake", "oriented", "gait", "symptoms_gone", "escort"];
    assert_eq!(words, [&["sedation", "symptoms"][..], &ticks].concat());
    ward.fresh.clear();
}

#[test]
fn an_intervention_and_a_note_are_told_in_the_nurses_words() {
    let mut ward = TestWard::active();
    let deed = |dose: Option<&str>| {
        Deed::Visit(VisitDeed::Intervene {
            session: SESSION,
            drug: "labetalol".into(),
            dose: dose.map(Into::into),
        })
    };
    for dose in [Some("10 mg IV"), None] {
        assert_eq!(ward.act("Kim", deed(dose)), Ok(Done::Taken));
        let note = ward.note(SessionChange::Intervened);
        assert_eq!((note.what.as_deref(), note.new.as_deref()), (Some("labetalol"), dose));
        assert_eq!((&*note.by, note.reason.as_deref()), ("Kim", Some("because")));
        ward.fresh.clear();
    }
    let observe = Deed::Observe {
        session: SESSION,
        symptoms: dosevigil::domain::act::Symptoms::of(&[Symptom::Nausea]),
        moaas: Some(5),
        note: Some("asks for water".into()),
    };
    assert_eq!(ward.act("Kim", observe), Ok(Done::Taken));
    let note = ward.note(SessionChange::Observed);
    assert_eq!(note.new.as_deref(), Some("nausea; MOAA/S 5; asks for water"));
    ward.fresh.clear();
}
