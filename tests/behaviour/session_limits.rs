//! A limit of one session, moved by a person: who may, how far, and what it does to an alarm.

use dosevigil::domain::act::{Actor, Deed, Done, LimitOf, LimitOrder, Refused, Unknown};
use dosevigil::domain::alarm::rule::Judged;
use dosevigil::domain::alarm::{AlarmFamily, Priority};
use dosevigil::domain::metric::Metric;
use dosevigil::domain::role::Role;
use dosevigil::domain::view::Moved;

use crate::entering::{SESSION, USUAL, limit, sys};
use crate::feed::{pulse, spo2};
use crate::support::TestWard;

#[test]
fn a_nurse_tightens_and_only_a_lead_widens() {
    // row:24
    let mut ward = TestWard::active();
    assert_eq!(ward.nurse_sets(sys("B4", 155)), Ok(Done::LimitSet { old: 165, new: 155 }));
    assert_eq!(ward.nurse_sets(sys("B4", 160)), Err(Refused::LeadNeeded));
    let back = LimitOrder { value: None, ..sys("B4", 0) };
    assert_eq!(ward.nurse_sets(back.clone()), Err(Refused::LeadNeeded), "back is wider");
    assert_eq!(ward.lead_sets(sys("B4", 170)), Ok(Done::LimitSet { old: 155, new: 170 }));
    assert_eq!(ward.nurse_sets(back.clone()), Ok(Done::LimitSet { old: 170, new: 165 }));
    assert_eq!(ward.lead_sets(back), Err(Refused::AlreadySo));
    let order = Actor { ordered_by: Some("Dr. Lee".into()), ..Actor::new("Kim", Role::Nurse) };
    let deed = Deed::SetLimit { session: SESSION, limit: sys("B4", 175) };
    assert_eq!(ward.act_as(order, deed), Ok(Done::LimitSet { old: 165, new: 175 }));
    ward.expect(&["00:00 session limit active"; 4]);
}

#[test]
fn nobody_leaves_the_rails_and_lower_and_upper_limits_stay_apart() {
    // row:24 safety:A9
    let mut ward = TestWard::active_from(USUAL);
    let rate = |rule, value| limit(rule, Judged::HeartRate, value);
    let change = |value| LimitOrder { of: LimitOf::Change, ..rate("H3", value) };
    let outside = |low, high| Err(Refused::OutsideRails { low, high });
    let table = [
        (sys("B4", 139), outside(140, 220)),
        (sys("B4", 221), outside(140, 220)),
        (sys("B5", 14), outside(15, 60)),
        (change(51), outside(15, 50)),
        (limit("O2", Judged::Metric(Metric::SpO2), 79), outside(80, 95)),
        // H4 at 60 clears at 63; a rise of 15 is 87, and clears at 84.
        (rate("H4", 60), Ok(Done::LimitSet { old: 49, new: 60 })),
        (change(15), Ok(Done::LimitSet { old: 30, new: 15 })),
        (sys("B8", 150), Err(Refused::Unknown(Unknown::Rule))),
        (sys("H1", 150), Err(Refused::Unknown(Unknown::Rule))),
        (sys("Z9", 150), Err(Refused::Unknown(Unknown::Rule))),
    ];
    for (order, answer) in table {
        assert_eq!(ward.lead_sets(order.clone()), answer, "{order:?}");
    }
    ward.fresh.clear();

    // A baseline rate of 50: a rise of 15 is 65, and clears at 62, where H4 at 60 does not yet.
    let mut ward =
        TestWard::active_from(dosevigil::domain::act::Baseline { heart_rate: Some(50), ..USUAL });
    ward.nurse_sets(rate("H4", 60)).expect("60 + 3 is under 80 - 3");
    assert_eq!(ward.nurse_sets(change(15)), Err(Refused::LimitsCross { other: 65 }));
    ward.fresh.clear();
}

#[test]
fn a_rule_of_two_families_needs_the_family() {
    let mut ward = TestWard::active();
    let resp = |value| limit("R2", Judged::Metric(Metric::RespRate), value);
    assert_eq!(ward.nurse_sets(resp(10)), Err(Refused::Ambiguous));
    let low = LimitOrder { family: Some(AlarmFamily::RespLow), ..resp(10) };
    assert_eq!(ward.nurse_sets(low), Ok(Done::LimitSet { old: 9, new: 10 }));
    let high = LimitOrder { family: Some(AlarmFamily::RespHigh), ..resp(28) };
    assert_eq!(ward.nurse_sets(high), Ok(Done::LimitSet { old: 31, new: 28 }));
    let shown = ward.shown();
    assert_eq!(shown.changed_limits, 2);
    let vital = shown.vitals.iter().find(|it| it.judged == Judged::Metric(Metric::RespRate));
    let limits = &vital.expect("its place").limits;
    let moved = limits.iter().filter(|it| it.moved == Moved::Yes).map(|it| it.limit);
    assert_eq!(moved.collect::<Vec<_>>(), [10, 28]);
    ward.fresh.clear();
}

#[test]
fn of_a_rule_with_two_limits_on_one_metric_the_graver_one_is_moved() {
    // rule:SED1 Goal: HIGH from 3 on; the MEDIUM limit beside it stays where the preset has it.
    let mut ward = TestWard::active();
    let score = |value| limit("SED1", Judged::Metric(Metric::Moaas), value);
    let rails = Refused::OutsideRails { low: 1, high: 4 };
    assert_eq!(ward.nurse_sets(score(5)), Err(rails));
    assert_eq!(ward.nurse_sets(score(1)), Err(Refused::LeadNeeded));
    assert_eq!(ward.nurse_sets(score(3)), Ok(Done::LimitSet { old: 2, new: 3 }));
    ward.fresh.clear();
    ward.observes(&[], Some(3)).expect("taken");
    let told = ward.occurrence(AlarmFamily::Sedation);
    assert_eq!((told.priority, told.limit), (Priority::High, Some(3)));
    assert_eq!(ward.lead_sets(score(1)), Ok(Done::LimitSet { old: 3, new: 1 }));
    let told = ward.occurrence(AlarmFamily::Sedation);
    assert_eq!((told.priority, told.limit), (Priority::Medium, Some(3)));
    ward.fresh.clear();
}

#[test]
fn an_order_needs_a_reason_and_a_running_session() {
    let mut ward = TestWard::active();
    let deed = Deed::SetLimit { session: SESSION, limit: sys("B4", 155) };
    let command = dosevigil::domain::ids::CommandId::from_bits(77);
    let silent = crate::support::nurse(command, "Kim", deed);
    assert_eq!(ward.take(&silent), Err(Refused::ReasonNeeded));
    let viewer = Actor::new("Sam", Role::Viewer);
    let deed = Deed::SetLimit { session: SESSION, limit: sys("B4", 155) };
    assert_eq!(ward.act_as(viewer, deed), Err(Refused::Role { needed: Role::Nurse }));
    ward.session_ended();
    assert_eq!(ward.nurse_sets(sys("B4", 155)), Err(Refused::SessionOver));
    ward.fresh.clear();
}

#[test]
fn a_widened_limit_ends_the_alarm_that_it_no_longer_has_by_name() {
    // row:24 row:8 Goal: no clear level and no clear delay: the newest reading decides at once.
    let mut ward = TestWard::active();
    ward.cuff(168, 80);
    ward.at("01:00").cuff(168, 80);
    ward.at("02:00").fresh.clear();
    ward.lead_sets(sys("B4", 169)).expect("it is a lead");
    assert_eq!(ward.ended_why(AlarmFamily::BpHigh), ("limit changed", Some("Lee")));
    ward.expect(&["02:00 session limit active", "02:00 ended bp-high B4 medium none r1"]);

    let mut ward = TestWard::active();
    ward.stream(30, &[pulse(130)]);
    ward.fresh.clear();
    ward.lead_sets(limit("H1", Judged::HeartRate, 131)).expect("it is a lead");
    ward.expect(&["00:30 session limit active", "00:30 updated hr-high H3 low active r2"]);
}

#[test]
fn a_limit_that_is_still_violated_keeps_the_same_alarm() {
    // row:24
    let mut ward = TestWard::active();
    ward.cuff(168, 80);
    ward.at("01:00").cuff(168, 80);
    let before = ward.occurrence(AlarmFamily::BpHigh).clone();
    ward.at("02:00").lead_sets(sys("B4", 168)).expect("it is a lead");
    ward.nurse_sets(sys("B4", 160)).expect("it tightens");
    assert_eq!(*ward.occurrence(AlarmFamily::BpHigh), before);
    ward.expect(&[
        "01:00 raised bp-high B4 medium active r1",
        "02:00 session limit active",
        "02:00 session limit active",
    ]);
}

#[test]
fn a_tightened_limit_judges_the_newest_reading_at_once() {
    // row:24 Goal: B2 asks for a repeat of the reading that now violates; O1 counts from now.
    let mut ward = TestWard::active();
    ward.cuff(176, 80);
    ward.at("01:00").nurse_sets(sys("B2", 175)).expect("it tightens");
    ward.expect(&["01:00 session limit active", "01:00 raised bp-high B2 medium active r1"]);

    let mut ward = TestWard::active();
    ward.stream(30, &[spo2(95)]);
    ward.nurse_sets(limit("O1", Judged::Metric(Metric::SpO2), 95)).expect("it tightens");
    ward.stream(15, &[spo2(95)]);
    ward.expect(&["00:30 session limit active", "00:45 raised spo2-low O1 medium active r1"]);
}

#[test]
fn a_delay_that_runs_goes_on_or_stops_by_the_new_limit() {
    // row:24 Goal: PENDING too.
    let mut ward = TestWard::active();
    ward.stream(20, &[pulse(130)]);
    ward.lead_sets(limit("H1", Judged::HeartRate, 125)).expect("it is a lead");
    ward.stream(10, &[pulse(130)]);
    ward.expect(&["00:20 session limit active", "00:30 raised hr-high H1 medium active r1"]);

    let mut ward = TestWard::active();
    ward.stream(20, &[pulse(130)]);
    ward.lead_sets(limit("H1", Judged::HeartRate, 135)).expect("it is a lead");
    ward.stream(20, &[pulse(130)]);
    ward.expect(&["00:20 session limit active"]);
}

#[test]
fn a_limit_change_ends_no_alarm_of_another_limit_nor_one_whose_value_is_missing() {
    // row:24 row:9
    let mut ward = TestWard::active();
    ward.stream(30, &[spo2(88)]);
    ward.stream(4, &[spo2(91)]);
    ward.fresh.clear();
    ward.nurse_sets(sys("B4", 160)).expect("it tightens");
    ward.expect(&["00:34 session limit active"]);
    ward.at("02:00").fresh.clear();
    ward.lead_sets(limit("O1", Judged::Metric(Metric::SpO2), 85)).expect("it is a lead");
    ward.expect(&["02:00 session limit active"]);
    assert!(ward.occurrence(AlarmFamily::SpO2Low).frozen);
}

#[test]
fn the_limits_of_a_session_end_with_it() {
    // row:24 Goal: the next patient starts from the preset.
    let mut ward = TestWard::active();
    ward.nurse_sets(sys("B1", 190)).expect("it tightens");
    ward.cuff(192, 95);
    ward.acknowledge(AlarmFamily::BpHigh, "Kim");
    ward.at("01:00").session_ended();
    ward.session();
    ward.dose();
    ward.fresh.clear();
    assert_eq!(ward.shown().changed_limits, 0);
    let systolic = Judged::Metric(Metric::NibpSys);
    let vitals = ward.shown().vitals;
    let limits = vitals.iter().find(|it| it.judged == systolic).map(|it| &it.limits);
    let b1 = limits.and_then(|all| all.iter().find(|it| it.rule.as_str() == "B1"));
    assert_eq!(b1.map(|it| (it.limit, it.moved)), Some((200, Moved::No)));
}
