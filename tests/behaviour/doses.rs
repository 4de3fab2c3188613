//! A dose is given when the gate before it is open or a lead overrides it, and what is entered
//! wrongly is taken back or voided.

use dosevigil::domain::act::{Act, Actor, Deed, Disposition, Refused, Unknown, VisitDeed};
use dosevigil::domain::alarm::AlarmFamily;
use dosevigil::domain::ids::CommandId;
use dosevigil::domain::role::Role;
use dosevigil::domain::session::checks::Checks;
use dosevigil::domain::session::dose::{DoseId, DoseOrder};
use dosevigil::domain::time::WallTime;

use crate::dosing::{END, given, mg, mg_at, missing, wall};
use crate::entering::{SESSION, USUAL};
use crate::support::{START, TestWard, nurse, seconds};

#[test]
fn an_infusion_makes_the_phases_from_its_start_to_its_end() {
    // row:25
    let mut ward = TestWard::iv().made_ready();
    ward.at("02:00");
    let dose = ward.gives(mg(35));
    ward.expect(&["02:00 session dose baseline", "02:00 session phase active"]);
    ward.at("42:00").changes(dose, END).expect("it runs");
    ward.at("42:00").expect_session(&["42:00 session dose-changed active"]);
    ward.at("101:59").expect_session(&["72:00 session phase recovery"]);
    ward.at("102:00").expect_session(&["102:00 session phase discharge"]);
    assert_eq!(ward.minutes_since_dose(), Some(100));
}

#[test]
fn a_dose_in_a_moment_makes_them_from_itself_and_another_one_returns_to_active() {
    // row:25 Goal: contract 3.2, of the preset that counts from the dose's start.
    let mut ward = TestWard::im().made_ready();
    ward.at("02:00").gives(mg(50));
    ward.at("61:59").expect_session(&["02:00 session dose baseline", "02:00 session phase active"]);
    ward.at("70:00").expect_session(&["62:00 session phase recovery"]);
    ward.gives(mg(25));
    ward.at("129:59")
        .expect_session(&["70:00 session dose recovery", "70:00 session phase active"]);
    ward.at("160:00");
    ward.expect_session(&["130:00 session phase recovery", "160:00 session phase discharge"]);
    assert_eq!(ward.minutes_since_dose(), Some(158));
}

/// What a nurse is told at 02:00 after two readings of this a minute apart.
fn stopped_after(sys: i32, dia: i32) -> Vec<String> {
    let mut ward = TestWard::iv();
    ward.cuff(sys, dia);
    ward.at("01:00").cuff(sys, dia);
    ward.baseline(USUAL).expect("taken");
    let answer = ward.at("02:00").orders(mg(35));
    ward.fresh.clear();
    if answer.is_ok() { Vec::new() } else { missing(answer) }
}

#[test]
fn a_high_pressure_stops_the_first_dose_and_says_by_which_rule() {
    // rule:B7 rule:B8
    let table: [((i32, i32), &[&str]); 5] = [
        ((140, 90), &[]),
        ((141, 80), &["B7"]),
        ((120, 91), &["B7"]),
        ((160, 80), &["B8", "B7"]),
        ((120, 100), &["B8", "B7"]),
    ];
    for ((sys, dia), stops) in table {
        assert_eq!(stopped_after(sys, dia), stops, "{sys}/{dia}");
    }
}

#[test]
fn all_that_is_missing_is_said_at_once_and_nothing_is_given() {
    // rule:B7 rule:B8
    let mut ward = TestWard::iv();
    assert_eq!(missing(ward.orders(mg(35))), ["baseline", "B8 readings", "B7 readings"]);
    // One reading that would stop needs another one; one that would not is enough.
    ward.cuff(150, 80);
    assert_eq!(missing(ward.orders(mg(35))), ["baseline", "B7 readings"]);
    ward.baseline(USUAL).expect("taken");
    assert_eq!(missing(ward.orders(mg(35))), ["B7 readings"]);
    assert_eq!((ward.phase_shown(), ward.minutes_since_dose()), ("baseline", None));
    assert_eq!(ward.dose_notes(), [""; 0]);
}

#[test]
fn an_old_baseline_is_none() {
    // Goal: at most 30 min before the dose (clinical 2.3).
    for (clock, stops) in [("31:00", false), ("31:01", true)] {
        let mut ward = TestWard::iv().made_ready();
        let answer = ward.at(clock).orders(mg(35));
        assert_eq!(answer.is_err(), stops, "{clock}");
        if stops {
            assert_eq!(missing(answer), ["baseline"]);
            // Accepted again, with a reason.
            ward.baseline(USUAL).expect("taken");
            ward.gives(mg(35));
        }
        ward.fresh.clear();
    }
}

#[test]
fn a_lead_overrides_the_gate_with_a_reason_and_the_record_names_what_was_missing() {
    // safety:X2 safety:X10
    let act = |by: Actor, reason: Option<&str>| Act {
        command: CommandId::from_bits(1 << 80 | reason.map_or(0, |it| it.len() as u128)),
        by,
        reason: reason.map(Into::into),
        deed: Deed::Visit(VisitDeed::GiveDose { session: SESSION, dose: mg(35) }),
    };
    let lead = || Actor::new("Lee", Role::Lead);
    let ordered = || Actor { ordered_by: Some("Dr Fox".into()), ..Actor::new("Kim", Role::Nurse) };
    let high = || {
        let mut ward = TestWard::iv();
        ward.cuff(165, 80);
        ward.at("01:00").cuff(165, 80);
        ward
    };
    let all = ["baseline", "B8", "B7"];
    // A nurse never; nobody without a reason, and who gives none is told what it would be for.
    for (by, reason) in
        [(Actor::new("Kim", Role::Nurse), Some("x")), (lead(), None), (ordered(), None)]
    {
        let mut ward = high();
        assert_eq!(missing(ward.take(&act(by, reason))), all);
        assert_eq!(ward.dose_notes(), [""; 0]);
    }
    for (by, who) in [(lead(), "Lee"), (ordered(), "Kim for Dr Fox")] {
        let mut ward = high();
        given(ward.take(&act(by, Some("urgent"))));
        let note = "dose, override: baseline, B8, B7: - > 35 mg, running";
        assert_eq!(ward.dose_notes(), [format!("dose {who}: {note}")]);
    }
}

#[test]
fn the_gate_is_before_the_first_dose_only() {
    let mut ward = TestWard::im().made_ready();
    ward.at("02:00").gives(mg(25));
    ward.at("10:00").cuff(170, 80);
    ward.at("12:00").cuff(170, 80);
    let second = ward.gives(mg(25));
    ward.voids_dose(second).expect("it counts");
    ward.fresh.clear();
}

#[test]
fn a_dose_that_is_entered_late_is_judged_by_what_was_known_before_it() {
    // rule:B8
    let mut ward = TestWard::im().made_ready();
    ward.at("08:00").cuff(170, 80);
    ward.at("09:10").cuff(170, 80);
    ward.at("10:00");
    assert_eq!(missing(ward.orders(mg(50))), ["B8", "B7"]);
    ward.gives(mg_at("05:00", 50));
    assert_eq!((ward.phase_shown(), ward.minutes_since_dose()), ("active", Some(5)));
    ward.fresh.clear();
}

#[test]
fn a_first_dose_that_is_entered_after_the_second_moves_the_start() {
    // Goal: active from the first dose's start (contract 3.2); the time since it only grows.
    let mut ward = TestWard::im().made_ready();
    ward.at("20:00").gives(mg(25));
    ward.at("25:00").gives(mg_at("10:00", 25));
    assert_eq!(ward.minutes_since_dose(), Some(15));
    ward.fresh.clear();
    ward.at("75:00").expect_session(&["70:00 session phase recovery"]);
}

#[test]
fn what_can_not_be_is_refused_and_leaves_no_trace() {
    let mut ward = TestWard::iv().made_ready();
    ward.at("05:00");
    let ended = |order: DoseOrder, clock| DoseOrder { ended: Some(wall(clock)), ..order };
    let before = START.wall.minus(seconds(1));
    let table = [
        (mg_at("05:03", 35), Refused::BadTime),
        (DoseOrder { started: Some(before), ..mg(35) }, Refused::BadTime),
        (DoseOrder { started: Some(WallTime::from_micros(i64::MIN)), ..mg(35) }, Refused::BadTime),
        (ended(mg_at("04:00", 35), "03:59"), Refused::BadTime),
        (ended(mg_at("04:00", 35), "05:03"), Refused::BadTime),
        (mg(0), Refused::BadValue),
        (mg(2_001), Refused::BadValue),
        (DoseOrder { device_number: Some(1), ..mg(28) }, Refused::BadValue),
    ];
    for (order, refused) in table {
        assert_eq!(ward.orders(order.clone()), Err(refused), "{order:?}");
    }
    ward.nothing_told();
    let first = ward.gives(mg(35));
    assert_eq!(ward.orders(mg(35)), Err(Refused::AlreadySo));
    assert_eq!(ward.dose_notes(), ["dose Kim: dose: - > 35 mg, running"]);
    // One that is over may be entered whole.
    ward.gives(ended(mg_at("02:00", 5), "04:00"));
    assert_eq!(ward.dose_notes(), ["dose Kim: dose: - > 5 mg, ended"]);
    assert_eq!(ward.phase_shown(), "active");
    assert_eq!(ward.voids_dose(DoseId::from_bits(99)), Err(Refused::Unknown(Unknown::Dose)));
    ward.voids_dose(first).expect("it counts");
    ward.fresh.clear();
}

#[test]
fn an_entry_is_taken_back_within_a_minute_and_its_rules_go_with_it() {
    // row:25 rule:B2
    let mut ward = TestWard::iv().made_ready();
    let dose = ward.at("02:00").gives(mg(35));
    ward.at("02:10").cuff(185, 95);
    ward.fresh.retain(|_| false);
    ward.at("03:00").undoes(dose).expect("in time");
    assert_eq!(ward.ended_why(AlarmFamily::BpHigh), ("phase", None));
    ward.expect(&[
        "03:00 session dose-changed active",
        "03:00 session phase baseline",
        "03:00 ended bp-high B2 medium none r1",
    ]);
    assert_eq!(ward.minutes_since_dose(), None);
    assert_eq!(ward.undoes(dose), Err(Refused::DoseOver));
    // It may be given again, by the gate.
    ward.gives(mg(35));
    ward.fresh.clear();
}

#[test]
fn after_a_minute_it_is_voided_with_a_reason() {
    let mut ward = TestWard::iv().made_ready();
    let dose = ward.at("02:00").gives(mg(35));
    ward.fresh.clear();
    ward.at("03:01");
    assert_eq!(ward.undoes(dose), Err(Refused::UndoTooLate));
    let void = Deed::Visit(VisitDeed::VoidDose { session: SESSION, dose });
    let without = nurse(CommandId::from_bits(1 << 80), "Kim", void);
    assert_eq!(ward.take(&without), Err(Refused::ReasonNeeded));
    ward.voids_dose(dose).expect("it counts");
    assert_eq!(ward.phase_shown(), "baseline");
    assert_eq!(ward.dose_notes(), ["dose-changed Kim: dose: 35 mg, running > voided"]);
    assert_eq!(ward.voids_dose(dose), Err(Refused::DoseOver));
    assert_eq!(ward.changes(dose, END), Err(Refused::DoseOver));
}

#[test]
fn a_high_alarm_that_a_voided_dose_ends_stays_until_somebody_takes_it() {
    // row:8 row:25 safety:A6 rule:B2 Goal: no act ends an unacknowledged HIGH in silence.
    let mut ward = TestWard::iv().made_ready();
    let dose = ward.at("02:00").gives(mg(35));
    ward.at("05:00").cuff(185, 95);
    ward.at("06:00").cuff(186, 95);
    ward.fresh.clear();
    ward.at("07:00").voids_dose(dose).expect("it counts");
    ward.expect(&[
        "07:00 session dose-changed active",
        "07:00 session phase baseline",
        "07:00 ended bp-high B2 high latched r2",
        // What comes into its phase: the gate before a dose.
        "07:00 raised pre-dose B8 medium active r1",
    ]);
}

#[test]
fn an_amount_is_amended_with_a_reason() {
    let mut ward = TestWard::im().made_ready();
    let dose = ward.at("02:00").gives(mg(50));
    ward.fresh.clear();
    let amend =
        |micrograms| Deed::Visit(VisitDeed::AmendDose { session: SESSION, dose, micrograms });
    let without = nurse(CommandId::from_bits(1 << 80), "Kim", amend(5_000));
    assert_eq!(ward.take(&without), Err(Refused::ReasonNeeded));
    assert_eq!(ward.act("Kim", amend(0)), Err(Refused::BadValue));
    assert_eq!(ward.act("Kim", amend(50_000)), Err(Refused::AlreadySo));
    ward.act("Kim", amend(500)).expect("it counts");
    assert_eq!(ward.dose_notes(), ["dose-changed Kim: dose: 50 mg > 0.5 mg"]);
    ward.voids_dose(dose).expect("it counts");
    assert_eq!(ward.act("Kim", amend(5_000)), Err(Refused::DoseOver));
    ward.fresh.clear();
}

#[test]
fn the_same_command_gives_one_dose() {
    // row:17
    let mut ward = TestWard::im().made_ready();
    let deed = Deed::Visit(VisitDeed::GiveDose { session: SESSION, dose: mg(50) });
    let act = nurse(CommandId::from_bits(1 << 80), "Kim", deed);
    let dose = given(ward.take(&act));
    assert_eq!(dose, act.command);
    assert_eq!(given(ward.take(&act)), dose);
    assert_eq!(ward.dose_notes(), ["dose Kim: dose: - > 50 mg"]);
    // Another person's command of that name is no second dose, either.
    let other = Act { by: Actor::new("Lee", Role::Nurse), ..act };
    assert_eq!(ward.take(&other), Err(Refused::CommandReused));
}

#[test]
fn the_baseline_is_frozen_at_the_dose() {
    let mut ward = TestWard::iv().made_ready();
    ward.at("02:00").gives(mg(35));
    ward.fresh.clear();
    let deed = Deed::AcceptBaseline { session: SESSION, baseline: USUAL };
    let without = nurse(CommandId::from_bits(1 << 80), "Kim", deed);
    assert_eq!(ward.take(&without), Err(Refused::ReasonNeeded));
    ward.nothing_told();
}

#[test]
fn a_session_that_has_ended_has_no_second_dose() {
    let mut ward = TestWard::im().made_ready();
    ward.at("02:00").gives(mg(50));
    let (disposition, checks) = (Disposition::LeftAgainstAdvice, Checks::default());
    ward.act("Kim", Deed::EndSession { session: SESSION, disposition, checks }).expect("it ends");
    ward.fresh.clear();
    let answer = ward.at("03:00").orders(mg(50));
    let over = [Err(Refused::Unknown(Unknown::Session)), Err(Refused::SessionOver)];
    assert!(over.contains(&answer), "{answer:?}");
    ward.nothing_told();
}

#[test]
fn a_restart_in_the_middle_changes_no_phase() {
    // row:28 safety:A8
    let mut ward = TestWard::im().made_ready();
    let dose = ward.at("02:00").gives(mg(50));
    ward.fresh.clear();
    ward.at("20:00").restart(seconds(600));
    assert_eq!((ward.phase_shown(), ward.minutes_since_dose()), ("active", Some(28)));
    ward.at("63:00").expect_session(&["62:00 session phase recovery"]);
    ward.voids_dose(dose).expect("it is known");
    ward.fresh.clear();
}

#[test]
fn midnight_and_a_step_of_the_clock_move_no_phase() {
    // safety:F3 Goal: dosed at 23:50; an hour later the wall clock is set back by one.
    let midnight = START.plus(seconds(16 * 3_600));
    let mut ward = TestWard::iv_from(midnight.plus(seconds(3_600 - 720))).made_ready();
    let dose = ward.at("02:00").gives(mg(35));
    ward.at("22:00");
    assert_eq!(ward.minutes_since_dose(), Some(20));
    ward.now.wall = ward.now.wall.minus(seconds(3_600));
    ward.advance(seconds(20 * 60));
    ward.fresh.clear();
    // By the clock as it is set now, two minutes ago.
    let at = Some(ward.now.wall.minus(seconds(120)));
    let end = dosevigil::domain::session::dose::DoseChange::End { at, given_micrograms: None };
    ward.changes(dose, end).expect("after its start");
    assert_eq!((ward.phase_shown(), ward.minutes_since_dose()), ("active", Some(40)));
    ward.fresh.clear();
    ward.advance(seconds(28 * 60));
    ward.expect_session(&["70:00 session phase recovery"]);
}
