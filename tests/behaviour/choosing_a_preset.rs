//! Another preset in a session: who may choose it, and that its rules are in force at once.

use dosevigil::domain::act::{Actor, Deed, Done, Refused, Unknown, VisitDeed};
use dosevigil::domain::alarm::AlarmFamily::{BpHigh, Config, RespLow, SignalLost};
use dosevigil::domain::alarm::occurrence::{Presence, SessionChange};
use dosevigil::domain::role::Role::{Lead, Nurse};
use dosevigil::domain::ward::Ward;

use crate::entering::{SESSION, sys};
use crate::feed::resp;
use crate::support::{TestWard, seconds};
use crate::visiting::{CAUTIOUS, IV, NASAL, clinic_plan};

fn choice(preset: &str) -> Deed {
    Deed::Visit(VisitDeed::ChoosePreset { session: SESSION, preset: preset.into() })
}

#[test]
fn a_nurse_chooses_before_the_dose_and_the_record_says_what_was_and_is() {
    let mut ward = TestWard::visit();
    assert_eq!(ward.chooses(Nurse, CAUTIOUS), Ok(Done::Taken));
    let notes = ward.notes_of(SessionChange::PresetChosen);
    let (bed, note) = &notes[0];
    assert_eq!((&**bed, &*note.by, note.reason.as_deref()), ("bay-1", "Lee", Some("because")));
    let words = (note.old.as_deref(), note.new.as_deref());
    assert_eq!(words, (Some("ketamine-iv 1.0.0"), Some("ketamine-iv-cautious 1.0.0")));
    ward.expect(&["00:00 session preset intake"]);
    assert_eq!(&*ward.shown().preset.name, CAUTIOUS);
}

#[test]
fn a_choice_without_a_reason_of_what_is_so_or_does_not_fit_is_refused() {
    let mut ward = TestWard::visit();
    assert_eq!(ward.without_reason(choice(CAUTIOUS)), Err(Refused::ReasonNeeded));
    assert_eq!(ward.chooses(Lead, "none"), Err(Refused::Unknown(Unknown::Preset)));
    assert_eq!(ward.chooses(Lead, IV), Err(Refused::AlreadySo));
    let (drug, routes) = ("esketamine".into(), "nasal".into());
    assert_eq!(ward.chooses(Lead, NASAL), Err(Refused::WrongPreset { drug, routes }));
    ward.nothing_told();
}

#[test]
fn after_the_dose_it_takes_a_lead_or_an_order() {
    let mut ward = TestWard::dosed_visit();
    assert_eq!(ward.chooses(Nurse, CAUTIOUS), Err(Refused::LeadNeeded));
    ward.nothing_told();
    ward.chooses(Lead, CAUTIOUS).expect("a lead may");
    let ordered = Actor { ordered_by: Some("Dr. Ng".into()), ..Actor::new("Kim", Nurse) };
    ward.act_as(ordered, choice(IV)).expect("on a verbal order");
    let notes = ward.notes_of(SessionChange::PresetChosen);
    assert_eq!(notes[1].1.ordered_by.as_deref(), Some("Dr. Ng"));
    ward.fresh.clear();
}

#[test]
fn the_newest_reading_is_judged_by_the_new_limits_at_once() {
    // row:24 rule:B2 Goal: 172 is below the old limit and above the new one; by its own time it
    // does not repeat itself.
    let mut ward = TestWard::dosed_visit();
    ward.cuff(172, 95);
    ward.at("00:30").chooses(Lead, CAUTIOUS).expect("taken");
    ward.at("03:29")
        .expect(&["00:30 session preset active", "00:30 raised bp-high B2 medium active r1"]);
    ward.at("03:31").expect(&["03:30 confirmed bp-high B2 high active r2"]);
}

#[test]
fn an_alarm_of_a_rule_that_the_new_preset_lacks_ends_by_name() {
    // row:24 rule:B4
    let mut ward = TestWard::dosed_visit();
    ward.cuff(166, 95);
    ward.at("05:00").cuff(166, 95);
    ward.expect(&["05:00 raised bp-high B4 medium active r1"]);
    ward.at("06:00").chooses(Lead, CAUTIOUS).expect("taken");
    assert_eq!(ward.ended_why(BpHigh), ("limit changed", Some("Lee")));
    ward.expect(&["06:00 session preset active", "06:00 ended bp-high B4 medium none r1"]);
}

#[test]
fn an_alarm_that_the_new_preset_has_too_goes_on_untold() {
    // row:24 rule:B1
    let mut ward = TestWard::dosed_visit();
    ward.cuff(205, 95);
    let before = ward.acknowledge(BpHigh, "Kim");
    ward.fresh.clear();
    ward.at("00:30").chooses(Lead, CAUTIOUS).expect("taken");
    ward.expect(&["00:30 session preset active"]);
    assert_eq!(*ward.occurrence(BpHigh), before);
    ward.at("01:00").cuff(130, 80);
    ward.expect(&["01:00 ended bp-high B1 high none r1"]);
}

#[test]
fn moved_limits_stay_where_they_are_tighter_and_what_goes_is_told() {
    // row:24 Goal: 195 for B1's 200 stays; 175 for B2 is wider than 170; B4 is no rule any more.
    let mut ward = TestWard::dosed_visit();
    for limit in [sys("B1", 195), sys("B2", 175), sys("B4", 160)] {
        ward.nurse_sets(limit).expect("a nurse tightens");
    }
    ward.fresh.clear();
    ward.chooses(Lead, CAUTIOUS).expect("taken");
    let told = ward.notes_of(SessionChange::LimitChanged);
    let words = told
        .iter()
        .map(|(_, it)| (it.what.as_deref().unwrap_or(""), it.old.as_deref(), it.new.as_deref()));
    let words: Vec<_> = words.collect();
    assert_eq!(
        words,
        [("B2 nibp_sys", Some("175"), Some("170")), ("B4 nibp_sys", Some("160"), None)]
    );
    assert_eq!(ward.shown().changed_limits, 1);
    ward.fresh.clear();
    ward.cuff(196, 80);
    ward.expect(&["00:00 raised bp-high B1 high active r1"]);
}

#[test]
fn of_a_family_that_the_new_preset_lacks_what_was_high_stays_latched() {
    // row:24 row:21 Goal: nobody has seen it end; back under the old one its delay starts again.
    let mut ward = TestWard::dosed_visit();
    ward.stream(31, &[resp(6)]);
    ward.expect(&["00:30 raised resp-low R1 high active r1"]);
    ward.chooses(Lead, CAUTIOUS).expect("taken");
    ward.expect(&["00:31 session preset active", "00:31 ended resp-low R1 high latched r1"]);
    ward.acknowledge(RespLow, "Kim");
    assert!(ward.find(RespLow).is_none());
    ward.chooses(Lead, IV).expect("taken");
    ward.fresh.clear();
    ward.stream(31, &[resp(6)]);
    ward.expect(&["01:01 raised resp-low R1 high active r1"]);
}

#[test]
fn a_signal_that_the_new_preset_does_not_require_is_not_missed_any_more() {
    // Goal: its alarm ends; "all are lost" was HIGH, so it stays latched.
    let mut ward = TestWard::dosed_visit();
    ward.chooses(Lead, CAUTIOUS).expect("taken");
    ward.at("13:00");
    assert_eq!(ward.occurrence(SignalLost).presence, Presence::Present);
    ward.chooses(Lead, IV).expect("taken");
    let mut lost = ward.ward.occurrences().filter(|it| it.family == SignalLost);
    assert!(lost.all(|it| it.presence == Presence::Ended));
    ward.fresh.clear();
}

#[test]
fn the_chosen_preset_survives_a_restart() {
    // safety:A8
    let mut ward = TestWard::visit();
    ward.chooses(Nurse, CAUTIOUS).expect("taken");
    ward.ward = Ward::load(clinic_plan(), &ward.ward.save()).expect("it loads");
    assert_eq!(&*ward.shown().preset.name, CAUTIOUS);
    ward.restart(seconds(4));
    assert!(ward.find(Config).is_none());
    ward.fresh.clear();
}

#[test]
fn a_preset_that_is_gone_after_a_restart_is_an_alarm_until_another_is_chosen() {
    // technical:config Goal: the session goes by the bed's own meanwhile.
    let mut ward = TestWard::visit();
    ward.chooses(Nurse, CAUTIOUS).expect("taken");
    let mut plan = clinic_plan();
    plan.presets.retain(|preset| *preset.name != *CAUTIOUS);
    ward.ward = Ward::load(plan, &ward.ward.save()).expect("it loads");
    ward.fresh.clear();
    ward.restart(seconds(4));
    ward.expect(&[
        "00:04 service raised monitoring-gap medium latched r1 outage",
        "00:04 raised config ketamine-iv-cautious medium active r1 outage",
    ]);
    let told = "Preset ketamine-iv-cautious is gone: limits of ketamine-iv in force";
    assert_eq!(ward.occurrence(Config).text, told);
    assert_eq!(&*ward.shown().preset.name, IV);
    ward.at("00:09").chooses(Nurse, IV).expect("taken");
    ward.expect(&[
        "00:09 session preset intake",
        "00:09 ended config ketamine-iv-cautious medium none r1 outage",
    ]);
}
