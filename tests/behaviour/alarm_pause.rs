//! "Sensor care": for two minutes, with a reason, nothing of the patient's values is told; then
//! everything is judged again and no acknowledgement stands.

use dosevigil::domain::act::{Act, Actor, Deed, Done, Refused};
use dosevigil::domain::alarm::AlarmFamily::{BpHigh, HrHigh};
use dosevigil::domain::alarm::occurrence::Signal;
use dosevigil::domain::ids::CommandId;
use dosevigil::domain::role::Role;

use crate::feed::{pulse, spo2};
use crate::support::{BED, CUFF_LINE, TestWard, nurse, seconds};

const PAUSE: Deed = Deed::PauseAlarms { bed: BED };
const RESUME: Deed = Deed::ResumeAlarms { bed: BED };

/// H1 MEDIUM at 00:30, paused until 02:30.
fn paused() -> TestWard {
    let mut ward = TestWard::active().following_everything();
    ward.stream(30, &[pulse(130), spo2(97)]);
    let answer = ward.act("Kim", PAUSE);
    assert_eq!(answer, Ok(Done::Until(ward.now.plus(seconds(120)))));
    ward.expect(&[
        "00:30 raised hr-high H1 medium active r1",
        "00:30 session alarms-paused active",
        "00:30 paused hr-high H1 medium paused r1",
    ]);
    ward
}

#[test]
fn the_alarms_of_a_bed_are_back_by_themselves_after_two_minutes() {
    // row:26 row:27 safety:A5
    let mut ward = paused();
    let view = ward.ward.beds()[0].view(ward.now).alarm_paused.expect("it is shown");
    assert_eq!((&*view.by, view.until), ("Kim", ward.now.plus(seconds(120))));
    ward.stream(121, &[pulse(130), spo2(97)]);
    ward.expect(&[
        "02:30 session alarms-resumed active",
        "02:30 resumed hr-high H1 medium active r1",
        "02:30 stepped-up hr-high H1 medium active r1 E1",
    ]);
    assert!(ward.ward.beds()[0].view(ward.now).alarm_paused.is_none());
}

#[test]
fn nothing_is_raised_and_no_delay_runs_while_alarms_are_paused() {
    // row:26 row:27 Goal: 86 % for a minute of the pause gives no credit; Td from 0 at its end.
    let mut ward = paused();
    ward.stream(60, &[pulse(130), spo2(85)]);
    ward.act("Kim", RESUME).expect("it ends");
    ward.expect(&[
        "01:30 session alarms-resumed active",
        "01:30 resumed hr-high H1 medium active r1",
    ]);
    ward.stream(11, &[pulse(130), spo2(85)]);
    ward.expect(&["01:40 raised spo2-low O2 high active r1"]);
}

#[test]
fn a_cuff_reading_taken_in_the_pause_alarms_at_its_end() {
    // row:26 row:27 rule:B1 Goal: Td is 0, so the newest value fires at once.
    let mut ward = paused();
    ward.cuff(205, 95);
    ward.stream(10, &[pulse(130), spo2(97)]);
    ward.nothing_told();
    ward.act("Kim", RESUME).expect("it ends");
    ward.expect(&[
        "00:40 session alarms-resumed active",
        "00:40 resumed hr-high H1 medium active r1",
        "00:40 raised bp-high B1 high active r1",
    ]);
}

#[test]
fn an_alarm_whose_value_has_come_back_clears_after_the_pause_only() {
    // row:27 Goal: past the clear level during the pause: still present, then ten seconds.
    let mut ward = paused();
    ward.stream(30, &[pulse(90), spo2(97)]);
    ward.nothing_told();
    ward.act("Kim", RESUME).expect("it ends");
    ward.stream(11, &[pulse(90), spo2(97)]);
    ward.expect(&[
        "01:00 session alarms-resumed active",
        "01:00 resumed hr-high H1 medium active r1",
        "01:00 clearing hr-high H1 medium active r1",
        "01:10 ended hr-high H1 medium none r1",
    ]);
}

#[test]
fn an_alarm_without_a_fresh_value_is_there_and_frozen_after_the_pause() {
    // row:27 row:9
    let mut ward = paused();
    ward.at("01:00").act("Kim", RESUME).expect("it ends");
    ward.expect(&[
        "00:39 raised no-value pulse T3 medium active r1",
        "00:39 raised no-value spo2 T3 medium active r1",
        "01:00 session alarms-resumed active",
        "01:00 resumed hr-high H1 medium active r1",
        "01:00 frozen hr-high H1 medium active r1 frozen",
    ]);
}

#[test]
fn an_acknowledgement_is_void_after_the_pause_and_refused_during_it() {
    // row:16b row:26 row:27 row:23
    let mut ward = TestWard::active().following_everything();
    ward.cuff(205, 95);
    ward.acknowledge(BpHigh, "Kim");
    ward.at("00:20").act("Kim", PAUSE).expect("it begins");
    assert_eq!(ward.acknowledge_as(BpHigh, 1, None, "Lee"), Err(Refused::AlarmPaused));
    assert_eq!(ward.acknowledge_as(BpHigh, 9, None, "Lee"), Err(Refused::Stale { current: 1 }));
    ward.at("01:00").act("Kim", RESUME).expect("it ends");
    assert_eq!(ward.occurrence(BpHigh).acknowledged, None);
    ward.at("01:31").expect(&[
        "00:00 raised bp-high B1 high active r1",
        "00:00 acknowledged bp-high B1 high acknowledged r1",
        "00:20 session alarms-paused active",
        "00:20 paused bp-high B1 high paused r1",
        "01:00 session alarms-resumed active",
        "01:00 resumed bp-high B1 high active r1",
        "01:30 stepped-up bp-high B1 high active r1 E1",
    ]);
}

#[test]
fn a_step_that_fell_due_in_the_pause_comes_once_at_its_end() {
    // row:23 row:27 Goal: HIGH at 00:00; E1 and E2 were due in the pause: E1 at its end, E2 half a
    // minute later.
    let mut ward = TestWard::active().following_everything();
    ward.cuff(205, 95);
    ward.at("00:10").act("Kim", PAUSE).expect("it begins");
    ward.at("02:41").expect(&[
        "00:00 raised bp-high B1 high active r1",
        "00:10 session alarms-paused active",
        "00:10 paused bp-high B1 high paused r1",
        "02:10 session alarms-resumed active",
        "02:10 resumed bp-high B1 high active r1",
        "02:10 stepped-up bp-high B1 high active r1 E1",
        "02:40 stepped-up bp-high B1 high active r1 E2",
    ]);
}

#[test]
fn technical_alarms_go_on() {
    // row:26
    let mut ward = paused();
    ward.link_lost(CUFF_LINE, "unplugged");
    ward.stream(5, &[pulse(130), spo2(97)]);
    ward.expect(&["00:34 raised link-down cuff T3 medium active r1"]);
    assert_eq!(ward.occurrence(HrHigh).signal, Signal::Paused);
    ward.act("Kim", Deed::PauseAudio { bed: BED }).expect("the lost link sounds");
    ward.act("Kim", RESUME).expect("it ends");
    ward.expect(&[
        "00:35 paused link-down cuff T3 medium paused r1",
        "00:35 session alarms-resumed active",
        "00:35 resumed hr-high H1 medium active r1",
        "00:35 resumed link-down cuff T3 medium active r1",
    ]);
}

#[test]
fn the_countdown_of_a_repeat_stops_and_starts_again_whole() {
    // row:26 row:1a row:1c rule:B2
    let mut ward = TestWard::active();
    ward.cuff(184, 90);
    ward.at("01:00").act("Kim", PAUSE).expect("it begins");
    assert_eq!(ward.occurrence(BpHigh).confirm_until, None);
    ward.at("02:00").act("Kim", RESUME).expect("it ends");
    let until = ward.occurrence(BpHigh).confirm_until.expect("it counts again");
    assert_eq!(until.mono, ward.now.mono.plus(seconds(180)));
    ward.at("05:01").expect(&[
        "00:00 raised bp-high B2 medium active r1",
        "01:00 session alarms-paused active",
        "01:00 paused bp-high B2 medium paused r1",
        "02:00 session alarms-resumed active",
        "02:00 resumed bp-high B2 medium active r1",
        "05:00 confirmed bp-high B2 high active r2",
    ]);
}

#[test]
fn a_pause_needs_a_reason_and_a_nurse_and_there_is_one_at_a_time() {
    // row:26 Goal: what is refused says what would be needed.
    let mut ward = TestWard::active();
    let without = nurse(CommandId::from_bits(90), "Kim", PAUSE);
    assert_eq!(ward.take(&without), Err(Refused::ReasonNeeded));
    for role in [Role::Viewer, Role::Admin] {
        let answer = ward.act_as(Actor::new("Root", role), PAUSE);
        assert_eq!(answer, Err(Refused::Role { needed: Role::Nurse }));
    }
    assert_eq!(ward.act("Kim", RESUME), Err(Refused::NotSo));
    let once = Act { command: CommandId::from_bits(91), reason: Some("gel".into()), ..without };
    let answer = ward.take(&once);
    assert_eq!(ward.act("Lee", PAUSE), Err(Refused::AlreadySo));
    ward.at("00:30");
    assert_eq!(ward.take(&once), answer, "row 17: no second effect");
    ward.at("02:01")
        .expect(&["00:00 session alarms-paused active", "02:00 session alarms-resumed active"]);
}

#[test]
fn a_restart_ends_the_pause_and_voids_the_acknowledgement() {
    // row:28
    let mut ward = TestWard::active();
    ward.cuff(205, 95);
    ward.acknowledge(BpHigh, "Kim");
    ward.act("Kim", PAUSE).expect("it begins");
    ward.fresh.clear();
    ward.at("00:10").restart(seconds(4));
    ward.expect(&[
        "00:14 service raised monitoring-gap medium latched r1 outage",
        "00:14 session alarms-resumed active",
        "00:14 restored bp-high B1 high active r1 frozen restored",
    ]);
    assert_eq!(ward.occurrence(BpHigh).acknowledged, None);
}
