//! The patient is off the monitor: a toilet visit of ten minutes at most in a session, an empty
//! room without one.

use dosevigil::domain::act::{Deed, Done, Refused};
use dosevigil::domain::alarm::AlarmFamily::{BpHigh, StandbyOverrun};
use dosevigil::domain::alarm::occurrence::{EndReason, Presence, Subject};
use dosevigil::domain::bed::{Inhibition, Watch};

use crate::feed::{pulse, spo2};
use crate::support::{BED, TestWard, ketamine_iv, plan, seconds};

const BEGIN: Deed = Deed::BeginStandby { bed: BED };
const END: Deed = Deed::EndStandby { bed: BED };

fn advisories(ward: &TestWard) -> Vec<String> {
    let view = ward.ward.beds()[0].view(ward.now);
    view.advisories.iter().map(ToString::to_string).collect()
}

/// A toilet visit from 00:30 on.
fn toilet() -> TestWard {
    let mut ward = TestWard::active();
    ward.stream(30, &[pulse(90), spo2(97)]);
    let answer = ward.act("Kim", BEGIN);
    assert_eq!(answer, Ok(Done::Until(ward.now.plus(seconds(600)))));
    ward.expect(&["00:30 session standby-began active"]);
    ward
}

#[test]
fn values_that_stay_away_during_a_toilet_visit_are_no_alarm() {
    // row:32 Goal: neither no-value nor overdue; the view says until when, by whom and why.
    let mut ward = toilet();
    let view = ward.ward.beds()[0].view(ward.now).standby.expect("it is shown");
    let until = Some(ward.now.plus(seconds(600)));
    assert_eq!((&*view.by, &*view.reason, view.until), ("Kim", "because", until));
    ward.at("09:00").nothing_told();
    ward.act("Kim", END).expect("it ends");
    ward.expect(&["09:00 session standby-ended active"]);
    ward.at("09:09").nothing_told();
    ward.at("09:11").expect(&[
        "09:10 raised no-value pulse T3 medium active r1",
        "09:10 raised no-value spo2 T3 medium active r1",
    ]);
}

#[test]
fn a_stand_by_of_more_than_ten_minutes_is_an_alarm_and_the_bed_is_judged_again() {
    // row:32 technical:standby-overrun safety:A5 Goal: it escalates, and ends only by a named act.
    let mut ward = toilet().following_everything();
    ward.stream(10, &[pulse(90), spo2(97)]);
    ward.at("10:31");
    assert_eq!(ward.ward.beds()[0].inhibition(), Inhibition::None);
    let overrun = ward.occurrence(StandbyOverrun);
    assert_eq!(overrun.priority.name(), "medium");
    ward.stream(125, &[pulse(90), spo2(97)]);
    let told: Vec<_> = std::mem::take(&mut ward.fresh);
    let told: Vec<_> = told.iter().map(|it| ward.line(it)).collect();
    assert!(told.contains(&"10:30 raised standby-overrun medium active r1".to_owned()), "{told:?}");
    assert!(told.contains(&"12:30 stepped-up standby-overrun medium active r1 E1".to_owned()));
    ward.act("Kim", END).expect("it ends");
    ward.expect(&[
        "12:36 session standby-ended active",
        "12:36 ended standby-overrun medium none r1",
    ]);
}

#[test]
fn values_during_a_stand_by_propose_its_end_and_are_judged_then() {
    // row:32 row:27
    let mut ward = toilet();
    assert!(advisories(&ward).is_empty());
    ward.stream(30, &[pulse(150), spo2(97)]);
    assert_eq!(advisories(&ward), ["Patient back? End stand-by"]);
    ward.nothing_told();
    ward.act("Kim", END).expect("it ends");
    ward.stream(16, &[pulse(150), spo2(97)]);
    ward.expect(&["01:00 session standby-ended active", "01:15 raised hr-high H2 high active r1"]);
    assert!(advisories(&ward).is_empty());
}

#[test]
fn open_alarms_stay_listed_without_a_sound_during_a_toilet_visit() {
    // row:32 row:16b
    let mut ward = TestWard::active();
    ward.cuff(205, 95);
    ward.act("Kim", BEGIN).expect("it begins");
    assert_eq!(ward.acknowledge_as(BpHigh, 1, None, "Kim"), Err(Refused::AlarmPaused));
    ward.at("00:20").act("Kim", END).expect("it ends");
    ward.expect(&[
        "00:00 raised bp-high B1 high active r1",
        "00:00 session standby-began active",
        "00:00 paused bp-high B1 high paused r1",
        "00:20 session standby-ended active",
        "00:20 resumed bp-high B1 high active r1",
    ]);
}

#[test]
fn an_empty_room_ends_what_was_open_by_name() {
    // row:32 row:8 Goal: physiological and value-related alarms; unlimited; an acknowledged HIGH
    // does not latch.
    let mut ward = TestWard::of(plan(1, Watch::Always, &ketamine_iv()), crate::support::START);
    ward.stream(5, &[pulse(90), spo2(97)]);
    ward.at("00:30").cuff(205, 95);
    ward.acknowledge(BpHigh, "Kim");
    ward.fresh.clear();
    assert_eq!(ward.act("Kim", BEGIN), Ok(Done::Unlimited));
    let ended: Vec<_> = ward
        .fresh
        .iter()
        .filter_map(|it| match &it.subject {
            Subject::Alarm { occurrence, .. } => {
                let reason = occurrence.ended.map(|(_, reason)| reason);
                assert_eq!(
                    (occurrence.presence, reason),
                    (Presence::Ended, Some(EndReason::RoomEmpty))
                );
                assert_eq!(occurrence.ended_by.as_deref(), Some("Kim"));
                Some(occurrence.family.name())
            }
            Subject::Session { .. } => None,
        })
        .collect();
    assert_eq!(ended, ["bp-high", "no-value", "no-value"]);
    ward.fresh.clear();
    ward.at("59:00").nothing_told();
    assert_eq!(ward.ward.beds()[0].view(ward.now).standby.expect("shown").until, None);
}

#[test]
fn a_room_with_an_unacknowledged_high_is_not_empty() {
    // row:32
    let mut ward = TestWard::without_session();
    ward.cuff(205, 95);
    let occurrence = ward.occurrence(BpHigh).id;
    assert_eq!(ward.act("Kim", BEGIN), Err(Refused::HighUnacknowledged { occurrence }));
    ward.acknowledge(BpHigh, "Kim");
    assert_eq!(ward.act("Kim", BEGIN), Ok(Done::Unlimited));
    ward.expect(&[
        "00:00 raised bp-high B1 high active r1",
        "00:00 acknowledged bp-high B1 high acknowledged r1",
        "00:00 session standby-began -",
        "00:00 ended bp-high B1 high none r1",
    ]);
}

#[test]
fn a_session_start_ends_the_empty_room() {
    // row:32
    let mut ward = TestWard::without_session();
    ward.act("Kim", BEGIN).expect("it begins");
    ward.at("30:00").session();
    ward.expect(&[
        "00:00 session standby-began -",
        "30:00 session standby-ended -",
        "30:00 session started intake",
    ]);
}

#[test]
fn a_stand_by_needs_a_reason_and_there_is_one_at_a_time() {
    // row:32
    let mut ward = toilet();
    assert_eq!(ward.act("Lee", BEGIN), Err(Refused::AlreadySo));
    assert_eq!(ward.act("Lee", Deed::PauseAlarms { bed: BED }), Err(Refused::AlreadySo));
    ward.act("Lee", END).expect("it ends");
    assert_eq!(ward.act("Lee", END), Err(Refused::NotSo));
    let command = dosevigil::domain::ids::CommandId::from_bits(99);
    let without = crate::support::nurse(command, "Kim", BEGIN);
    assert_eq!(ward.take(&without), Err(Refused::ReasonNeeded));
    ward.expect(&["00:30 session standby-ended active"]);
}

#[test]
fn a_toilet_visit_takes_over_from_sensor_care() {
    // row:26 row:32 Goal: one countdown at a time, the longer one; nothing is told in between.
    let mut ward = TestWard::active();
    ward.cuff(205, 95);
    ward.act("Kim", Deed::PauseAlarms { bed: BED }).expect("it begins");
    ward.at("01:00").act("Kim", BEGIN).expect("it begins");
    assert!(ward.ward.beds()[0].view(ward.now).alarm_paused.is_none());
    ward.at("10:59").expect(&[
        "00:00 raised bp-high B1 high active r1",
        "00:00 session alarms-paused active",
        "00:00 paused bp-high B1 high paused r1",
        "01:00 session standby-began active",
    ]);
    ward.at("11:00").fresh.clear();
    assert_eq!(ward.occurrence(BpHigh).signal.name(), "active");
}

#[test]
fn another_toilet_visit_after_an_overrun_is_a_new_act() {
    // row:32
    let mut ward = toilet();
    ward.at("11:00").fresh.clear();
    assert_eq!(ward.act("Lee", BEGIN), Ok(Done::Until(ward.now.plus(seconds(600)))));
    assert!(ward.find(StandbyOverrun).is_none());
    assert_eq!(ward.ward.beds()[0].inhibition(), Inhibition::Standby);
    ward.fresh.clear();
}

#[test]
fn a_session_that_ends_ends_its_stand_by() {
    // row:29 row:32
    let mut ward = toilet();
    ward.session_ended();
    ward.expect(&["00:30 session standby-ended active", "00:30 session ended ended"]);
    assert_eq!(ward.ward.beds()[0].inhibition(), Inhibition::None);
}

#[test]
fn a_restart_ends_a_toilet_visit_and_leaves_a_room_empty() {
    // row:28 row:32
    let mut ward = toilet();
    ward.restart(seconds(4));
    ward.expect(&[
        "00:34 service raised monitoring-gap medium latched r1 outage",
        "00:34 session standby-ended active",
    ]);
    let mut ward = TestWard::without_session();
    ward.act("Kim", BEGIN).expect("it begins");
    ward.fresh.clear();
    ward.restart(seconds(4));
    ward.expect(&["00:04 service raised monitoring-gap medium latched r1 outage"]);
    assert_eq!(ward.ward.beds()[0].inhibition(), Inhibition::Standby);
}
