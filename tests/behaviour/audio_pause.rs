//! A nurse silences a bed for two minutes at most; what is worse is heard all the same.

use dosevigil::domain::act::{Actor, Deed, Done, Refused};
use dosevigil::domain::alarm::AlarmFamily::{BpHigh, HrHigh, NoBaseline};
use dosevigil::domain::alarm::occurrence::Signal;
use dosevigil::domain::role::Role;

use crate::feed::{pulse, spo2};
use crate::support::{BED, TestWard, seconds};

const PAUSE: Deed = Deed::PauseAudio { bed: BED };
const RESUME: Deed = Deed::ResumeAudio { bed: BED };

/// The phase active, and nothing that sounds.
fn quiet() -> TestWard {
    let mut ward = TestWard::active();
    ward.acknowledge(NoBaseline, "Kim");
    ward.fresh.clear();
    ward
}

/// H1 MEDIUM at 00:30, silenced until 02:30.
fn paused() -> TestWard {
    let mut ward = quiet();
    ward.stream(30, &[pulse(130), spo2(97)]);
    let answer = ward.act("Kim", PAUSE);
    assert_eq!(answer, Ok(Done::Until(ward.now.plus(seconds(120)))));
    ward.expect(&[
        "00:30 raised hr-high H1 medium active r1",
        "00:30 paused hr-high H1 medium paused r1",
    ]);
    ward
}

fn is_paused(ward: &TestWard) -> bool {
    ward.ward.beds()[0].view(ward.now).audio_paused.is_some()
}

#[test]
fn a_pause_of_the_sound_ends_by_itself_after_two_minutes() {
    // row:18 row:19 safety:A5 Goal: shown with its end and by whom meanwhile.
    let mut ward = paused();
    let view = ward.ward.beds()[0].view(ward.now).audio_paused.expect("it is shown");
    assert_eq!((&*view.by, view.until), ("Kim", ward.now.plus(seconds(120))));
    ward.stream(120, &[pulse(130), spo2(97)]);
    ward.expect(&["02:30 resumed hr-high H1 medium active r1"]);
    assert!(!is_paused(&ward));
}

#[test]
fn a_user_ends_the_pause() {
    // row:19
    let mut ward = paused();
    ward.stream(10, &[pulse(130), spo2(97)]);
    assert_eq!(ward.act("Lee", RESUME), Ok(Done::Taken));
    ward.expect(&["00:40 resumed hr-high H1 medium active r1"]);
    assert_eq!(ward.act("Lee", RESUME), Err(Refused::NotSo));
}

#[test]
fn where_nothing_sounds_there_is_nothing_to_pause() {
    // row:18 Goal: neither without an alarm, nor with a silenced or an acknowledged one.
    let mut ward = quiet();
    assert_eq!(ward.act("Kim", PAUSE), Err(Refused::NothingToPause));
    let mut ward = paused();
    assert_eq!(ward.act("Kim", PAUSE), Err(Refused::NothingToPause), "it can't be made longer");
    ward.acknowledge(HrHigh, "Kim");
    assert_eq!(ward.act("Kim", PAUSE), Err(Refused::NothingToPause));
    ward.expect(&["00:30 acknowledged hr-high H1 medium acknowledged r1"]);
    let admin = Actor::new("Root", Role::Admin);
    assert_eq!(ward.act_as(admin, PAUSE), Err(Refused::Role { needed: Role::Nurse }));
}

#[test]
fn an_alarm_that_is_no_worse_begins_silent_with_the_time_that_is_left() {
    // row:1p
    let mut ward = paused();
    ward.stream(30, &[pulse(130), spo2(89)]);
    ward.expect(&["00:45 raised spo2-low O1 medium paused r1"]);
    ward.stream(90, &[pulse(130), spo2(89)]);
    ward.expect(&[
        "02:30 resumed hr-high H1 medium active r1",
        "02:30 resumed spo2-low O1 medium active r1",
    ]);
}

#[test]
fn a_first_very_high_reading_begins_silent_and_its_repeat_is_heard() {
    // row:1p row:1a row:1b row:19 rule:B2 Goal: "re-cuff now" is MEDIUM; stood by its repeat it is
    // HIGH and ends the pause of the whole bed.
    let mut ward = paused();
    ward.cuff(184, 90);
    ward.at("01:30").cuff(186, 90);
    ward.fresh.retain(|it| !ward_line_is_frozen(it));
    ward.expect(&[
        "00:30 raised bp-high B2 medium paused r1",
        "01:30 confirmed bp-high B2 high active r2",
        "01:30 resumed hr-high H1 medium active r1 frozen",
    ]);
}

fn ward_line_is_frozen(transition: &dosevigil::domain::alarm::occurrence::Transition) -> bool {
    use dosevigil::domain::alarm::AlarmFamily::NoValue;
    use dosevigil::domain::alarm::occurrence::{Change, Subject};
    matches!(&transition.subject, Subject::Alarm { change, occurrence }
        if *change == Change::Frozen || occurrence.family == NoValue)
}

#[test]
fn a_new_high_is_heard_and_ends_the_pause() {
    // row:19 safety:A5
    let mut ward = paused();
    ward.cuff(205, 95);
    ward.expect(&[
        "00:30 raised bp-high B1 high active r1",
        "00:30 resumed hr-high H1 medium active r1",
    ]);
    assert!(!is_paused(&ward));
}

#[test]
fn an_alarm_that_gets_worse_ends_the_pause() {
    // row:13 row:19 Goal: with another one silenced beside it.
    let mut ward = paused();
    ward.stream(30, &[pulse(130), spo2(89)]);
    ward.stream(15, &[pulse(150), spo2(89)]);
    ward.expect(&[
        "00:45 raised spo2-low O1 medium paused r1",
        "01:15 escalated hr-high H2 high active r2",
        "01:15 resumed spo2-low O1 medium active r1",
    ]);
}

#[test]
fn a_technical_alarm_that_gets_worse_ends_the_pause() {
    // row:13 row:19 Goal: outside the active phase LOW, then MEDIUM.
    let mut ward = TestWard::intake();
    ward.link_lost(crate::support::CUFF_LINE, "unplugged");
    ward.at("00:05").act("Kim", PAUSE).expect("it sounds");
    ward.at("00:31").expect(&[
        "00:04 raised link-down cuff T3 low active r1",
        "00:05 paused link-down cuff T3 low paused r1",
        "00:30 escalated link-down cuff T3 medium active r2",
    ]);
    assert!(!is_paused(&ward));
}

#[test]
fn a_medium_is_heard_where_only_a_low_was_silenced() {
    // row:19
    let mut ward = TestWard::without_session();
    ward.stream(1, &[pulse(90), spo2(97)]);
    ward.reject(crate::support::CUFF_LINE, dosevigil::domain::device::Reject::Checksum);
    ward.reject(crate::support::CUFF_LINE, dosevigil::domain::device::Reject::Checksum);
    ward.reject(crate::support::CUFF_LINE, dosevigil::domain::device::Reject::Checksum);
    ward.act("Kim", PAUSE).expect("it sounds");
    ward.stream(30, &[pulse(90), spo2(89)]);
    ward.expect(&[
        "00:01 raised invalid-data cuff T3 low active r1",
        "00:01 paused invalid-data cuff T3 low paused r1",
        "00:16 raised spo2-low O1 medium active r1",
        "00:16 resumed invalid-data cuff T3 low active r1",
    ]);
}

#[test]
fn what_was_silenced_and_is_taken_keeps_nothing_new_silent() {
    // row:19 row:1p row:15 Goal: a HIGH and a LOW were silenced; the HIGH is acknowledged, so the
    // highest priority paused is LOW, and a MEDIUM is above it.
    let mut ward = quiet();
    ward.stream(60, &[pulse(112), spo2(97)]);
    ward.sends(&[pulse(112), spo2(97)]);
    ward.cuff(205, 95);
    ward.act("Kim", PAUSE).expect("they sound");
    ward.acknowledge(BpHigh, "Kim");
    ward.stream(16, &[pulse(112), spo2(89)]);
    ward.expect(&[
        "01:00 raised hr-high H3 low active r1",
        "01:00 raised bp-high B1 high active r1",
        "01:00 paused bp-high B1 high paused r1",
        "01:00 paused hr-high H3 low paused r1",
        "01:00 acknowledged bp-high B1 high acknowledged r1",
        "01:15 raised spo2-low O1 medium active r1",
        "01:15 resumed hr-high H3 low active r1",
    ]);
    assert!(!is_paused(&ward));
}

#[test]
fn the_pause_is_over_when_nothing_is_left_to_pause() {
    // row:19 row:15 Goal: alarms 4; the next alarm sounds.
    let mut ward = paused();
    ward.acknowledge(HrHigh, "Kim");
    assert!(!is_paused(&ward));
    ward.stream(30, &[pulse(130), spo2(89)]);
    ward.expect(&[
        "00:30 acknowledged hr-high H1 medium acknowledged r1",
        "00:45 raised spo2-low O1 medium active r1",
    ]);
}

#[test]
fn the_clock_of_an_alarm_runs_on_while_it_is_silent() {
    // row:18 row:23
    let mut ward = quiet().following_everything();
    ward.cuff(205, 95);
    ward.act("Kim", PAUSE).expect("it sounds");
    ward.at("00:31").expect(&[
        "00:00 raised bp-high B1 high active r1",
        "00:00 paused bp-high B1 high paused r1",
        "00:30 stepped-up bp-high B1 high paused r1 E1",
    ]);
    assert_eq!(ward.occurrence(BpHigh).escalation, 1);
}

#[test]
fn sensor_care_takes_over_what_was_silenced() {
    // row:18 row:26 row:27 Goal: its end is the end of both.
    let mut ward = paused();
    ward.act("Kim", Deed::PauseAlarms { bed: BED }).expect("it begins");
    assert!(!is_paused(&ward), "nothing is left to pause");
    ward.stream(10, &[pulse(130), spo2(97)]);
    ward.act("Kim", Deed::ResumeAlarms { bed: BED }).expect("it ends");
    ward.expect(&[
        "00:30 session alarms-paused active",
        "00:40 session alarms-resumed active",
        "00:40 resumed hr-high H1 medium active r1",
    ]);
}

#[test]
fn there_is_no_such_bed() {
    let mut ward = TestWard::active();
    let bed = dosevigil::domain::ids::BedIndex(9);
    let answer = ward.act("Kim", Deed::PauseAudio { bed });
    assert_eq!(answer, Err(Refused::Unknown(dosevigil::domain::act::Unknown::Bed)));
}

#[test]
fn a_restart_ends_the_pause() {
    // row:28
    let mut ward = paused();
    ward.restart(seconds(4));
    assert_eq!(ward.occurrence(HrHigh).signal, Signal::Active);
    assert!(!is_paused(&ward));
    ward.fresh.clear();
}
