//! A session moves to another bed: what goes along, what stays, and what is judged there.

use dosevigil::domain::act::{Deed, Done, Refused, Symptom, Unknown, VisitDeed};
use dosevigil::domain::alarm::AlarmFamily::{BpHigh, LinkDown, PreDose, Sedation, SignalLost};
use dosevigil::domain::alarm::Priority;
use dosevigil::domain::alarm::occurrence::SessionChange;
use dosevigil::domain::alarm::rule::Phase;
use dosevigil::domain::bed::{Inhibition, Watch};
use dosevigil::domain::ids::{BedIndex, SessionId};
use dosevigil::domain::role::Role;
use dosevigil::domain::session::start::StartOrder;
use dosevigil::domain::view::{BedView, Freshness, SessionView};

use crate::entering::{SESSION, USUAL, sys};
use crate::feed::{pulse, spo2};
use crate::support::{BED, OXIMETER_LINE, START, TestWard, ketamine_iv, plan, seconds, span};
use crate::visiting::{CAUTIOUS, IV, OTHER_BED, order};

#[test]
fn everything_of_the_session_goes_along_and_both_beds_tell_of_it() {
    let mut ward = TestWard::dosed_visit();
    ward.baseline(USUAL).expect("taken");
    ward.nurse_sets(sys("B1", 190)).expect("taken");
    ward.observes(&[Symptom::Headache], None).expect("taken");
    ward.chooses(Role::Lead, CAUTIOUS).expect("taken");
    let before = ward.shown();
    ward.fresh.clear();
    assert_eq!(ward.at("02:00").moves(OTHER_BED), Ok(Done::Taken));
    let notes = ward.notes_of(SessionChange::Moved);
    let beds: Vec<_> = notes.iter().map(|(bed, _)| bed.as_str()).collect();
    assert_eq!(beds, ["bay-2", "bay-1"]);
    for (_, note) in &notes {
        let words = (note.old.as_deref(), note.new.as_deref());
        assert_eq!(words, (Some("bay-1"), Some("bay-2")));
        assert_eq!((&*note.by, note.reason.as_deref()), ("Kim", Some("because")));
    }
    ward.expect(&["02:00 session moved active", "02:00 session moved active"]);

    let (left, now) = (ward.shown(), ward.shown_at(OTHER_BED));
    assert_eq!((left.session, left.phase, &*left.preset.name), (None, None, IV));
    // Without a reading the plan of them begins anew with the bed.
    let still = |it: BedView| it.session.map(|it| SessionView { tasks: Vec::new(), ..it });
    assert_eq!((still(now.clone()), now.phase), (still(before), Some(Phase::Active)));
    assert_eq!((&*now.preset.name, now.changed_limits), (CAUTIOUS, 1));
    assert_eq!(now.since_dose, Some(span("02:00")));
    ward.cuff_there(182, 80);
    ward.expect(&["02:00 bay-2 raised bp-high B3 high active r1"]);
}

#[test]
fn a_move_without_a_reason_or_to_a_bed_that_is_none_or_in_use_is_refused() {
    let mut ward = TestWard::visit();
    let to = |bed| Deed::Visit(VisitDeed::MoveSession { session: SESSION, bed });
    assert_eq!(ward.without_reason(to(OTHER_BED)), Err(Refused::ReasonNeeded));
    assert_eq!(ward.moves(BED), Err(Refused::AlreadySo));
    assert_eq!(ward.moves(BedIndex(2)), Err(Refused::Unknown(Unknown::Bed)));
    let nobody =
        Deed::Visit(VisitDeed::MoveSession { session: SessionId::from_bits(9), bed: OTHER_BED });
    assert_eq!(ward.act("Kim", nobody), Err(Refused::Unknown(Unknown::Session)));
    ward.nothing_told();
    let other = StartOrder { id: SessionId::from_bits(8), ..order() };
    let (bed, session) = (OTHER_BED, other.id);
    ward.act("Kim", Deed::Visit(VisitDeed::StartSession { bed, order: other })).expect("it begins");
    assert_eq!(ward.moves(OTHER_BED), Err(Refused::BedInUse { session }));
    ward.fresh.clear();
}

#[test]
fn an_unacknowledged_high_keeps_the_session_where_it_is() {
    // row:29
    let mut ward = TestWard::dosed_visit();
    ward.cuff(205, 95);
    let occurrence = ward.occurrence(BpHigh).id;
    assert_eq!(ward.moves(OTHER_BED), Err(Refused::HighUnacknowledged { occurrence }));
    assert_eq!(ward.session_at(BED), Some(SESSION));
    ward.acknowledge(BpHigh, "Kim");
    ward.moves(OTHER_BED).expect("it moves");
    ward.fresh.clear();
}

#[test]
fn open_alarms_of_the_patient_end_by_name_and_those_of_the_equipment_stay() {
    let mut ward = TestWard::dosed_visit();
    ward.stream(3, &[pulse(80)]);
    ward.cuff(205, 95);
    ward.acknowledge(BpHigh, "Kim");
    ward.link_lost(OXIMETER_LINE, "unplugged");
    ward.at("00:10").fresh.clear();
    ward.moves(OTHER_BED).expect("it moves");
    assert_eq!(ward.ended_why(BpHigh), ("session moved", Some("Kim")));
    // Goal: the patient's pressure is no better for having moved: it is judged there at once.
    let there = ward.occurrence(BpHigh);
    assert_eq!(there.bed.as_ref().map(|bed| bed.as_str()), Some("bay-2"));
    assert_eq!(
        (there.rule.as_ref().map(|rule| rule.as_str()), there.acknowledged.clone()),
        (Some("B1"), None)
    );
    let stays = ward.occurrence(LinkDown);
    assert_eq!(stays.bed.as_ref().map(|bed| bed.as_str()), Some("bay-1"));
    ward.fresh.clear();
}

#[test]
fn a_running_recuff_countdown_keeps_the_session_where_it_is() {
    // rule:B2 row:1c Goal: HIGH comes when the countdown ends, wherever the patient is.
    let mut ward = TestWard::dosed_visit();
    ward.cuff(185, 95);
    let refused = ward.moves(OTHER_BED);
    assert!(matches!(refused, Err(Refused::NotReady { .. })), "{refused:?}");
    ward.at("03:00");
    assert_eq!(ward.occurrence(BpHigh).priority, Priority::High);
    ward.fresh.clear();
}

#[test]
fn the_newest_values_of_the_new_bed_are_judged_at_once() {
    // row:25 rule:B2 Goal: the monitor measured before the nurse said so.
    let mut ward = TestWard::dosed_visit();
    ward.cuff_there(185, 95);
    ward.at("00:20").nothing_told();
    ward.moves(OTHER_BED).expect("it moves");
    ward.expect(&[
        "00:20 session moved active",
        "00:20 bay-2 raised bp-high B2 medium active r1",
        "00:20 session moved active",
    ]);
}

#[test]
fn readings_that_the_new_bed_had_long_before_are_anothers() {
    // rule:B7 Goal: at ten minutes and just past it.
    for (clock, counts) in [("10:00", true), ("10:01", false)] {
        let mut ward = TestWard::visit();
        ward.cuff_there(150, 80);
        ward.at(clock).moves(OTHER_BED).expect("it moves");
        ward.at("12:00").cuff_there(150, 80);
        assert_eq!(ward.find(PreDose).is_some(), counts, "{clock}");
        ward.fresh.clear();
    }
}

#[test]
fn the_sessions_own_determinations_go_along_and_leave_the_old_bed() {
    // rule:B7
    let mut ward = TestWard::visit();
    ward.cuff(150, 80);
    ward.at("01:00").moves(OTHER_BED).expect("it moves");
    assert!(ward.shown().vitals.iter().all(|it| it.state == Freshness::Absent));
    ward.at("02:00").cuff_there(150, 80);
    assert!(ward.find(PreDose).is_some());
    ward.fresh.clear();
}

#[test]
fn the_plan_of_readings_goes_on() {
    // rule:T1 Goal: due ten minutes after the last one, wherever it was taken.
    let mut ward = TestWard::dosed_visit();
    ward.at("01:00").cuff(130, 80);
    ward.at("06:00").moves(OTHER_BED).expect("it moves");
    let due = ward.shown_at(OTHER_BED).next_due.expect("it is planned");
    assert_eq!(ward.line_time(due), "11:00");
    ward.fresh.clear();
    ward.at("13:01").expect(&["13:00 bay-2 raised nibp-overdue T1 low active r1"]);
}

#[test]
fn sensors_have_ten_seconds_to_be_put_on() {
    let mut ward = TestWard::of(plan(2, Watch::Session, &ketamine_iv()), START);
    ward.session();
    ward.dose();
    ward.cuff(130, 80);
    ward.stream(60, &[pulse(80), spo2(97)]);
    ward.moves(OTHER_BED).expect("it moves");
    ward.at("01:09");
    assert!(ward.find(SignalLost).is_none());
    ward.at("01:11");
    assert!(ward.find(SignalLost).is_some());
    ward.fresh.clear();
}

#[test]
fn what_the_nurse_entered_is_judged_on_the_new_bed() {
    // rule:SED1
    let mut ward = TestWard::visit();
    ward.observes(&[], Some(3)).expect("taken");
    ward.fresh.clear();
    ward.moves(OTHER_BED).expect("it moves");
    ward.expect(&[
        "00:00 session moved intake",
        "00:00 bay-2 raised sedation SED1 medium active r1",
        "00:00 ended sedation SED1 medium none r1",
        "00:00 session moved intake",
    ]);
    assert_eq!(ward.occurrence(Sedation).bed.as_ref().map(|it| it.as_str()), Some("bay-2"));
}

#[test]
fn a_move_ends_the_toilet_visit_and_the_empty_room() {
    // row:32
    let mut ward = TestWard::dosed_visit();
    ward.act("Kim", Deed::BeginStandby { bed: BED }).expect("it begins");
    ward.act("Kim", Deed::BeginStandby { bed: OTHER_BED }).expect("it begins");
    ward.advance(seconds(60));
    ward.moves(OTHER_BED).expect("it moves");
    for bed in ward.ward.beds() {
        assert_eq!(bed.inhibition(), Inhibition::None);
    }
    ward.fresh.clear();
}
