//! An acknowledged alarm that is still there reminds, and a HIGH that nothing comes of is told like
//! a new one.

use dosevigil::domain::alarm::AlarmFamily::{BpHigh, HrHigh, LinkDown};
use dosevigil::domain::alarm::occurrence::Signal;

use crate::feed::{pulse, spo2};
use crate::support::{CUFF_LINE, TestWard};

#[test]
fn an_acknowledged_alarm_that_is_still_there_reminds_every_three_minutes() {
    // row:20 Goal: a MEDIUM without end.
    let mut ward = TestWard::active().following_everything();
    ward.stream(30, &[pulse(130), spo2(97)]);
    ward.acknowledge(HrHigh, "Kim");
    ward.fresh.clear();
    ward.stream(900, &[pulse(130), spo2(97)]);
    ward.fresh.retain(|it| it_is_of(it, HrHigh));
    ward.expect(&[
        "03:30 reminded hr-high H1 medium acknowledged r1",
        "06:30 reminded hr-high H1 medium acknowledged r1",
        "09:30 reminded hr-high H1 medium acknowledged r1",
        "12:30 reminded hr-high H1 medium acknowledged r1",
        "15:30 reminded hr-high H1 medium acknowledged r1",
    ]);
}

fn it_is_of(
    transition: &dosevigil::domain::alarm::occurrence::Transition,
    family: dosevigil::domain::alarm::AlarmFamily,
) -> bool {
    use dosevigil::domain::alarm::occurrence::Subject;
    matches!(&transition.subject, Subject::Alarm { occurrence, .. } if occurrence.family == family)
}

#[test]
fn a_high_that_nothing_comes_of_is_told_like_a_new_one_after_three_reminders() {
    // row:20 row:23 Goal: revision up, nobody's any more, escalation from the start.
    let mut ward = TestWard::active().following_everything();
    ward.link_lost(CUFF_LINE, "unplugged");
    ward.at("01:00").acknowledge(LinkDown, "Kim");
    ward.fresh.clear();
    ward.at("13:31");
    ward.fresh.retain(|it| it_is_of(it, LinkDown));
    ward.expect(&[
        "04:00 reminded link-down cuff T3 high acknowledged r2",
        "07:00 reminded link-down cuff T3 high acknowledged r2",
        "10:00 reminded link-down cuff T3 high acknowledged r2",
        "13:00 unresolved link-down cuff T3 high active r3",
        "13:30 stepped-up link-down cuff T3 high active r3 E1",
    ]);
    assert_eq!(ward.occurrence(LinkDown).acknowledged, None);
    ward.acknowledge(LinkDown, "Lee");
    assert_eq!(ward.occurrence(LinkDown).signal, Signal::Acknowledged);
    ward.fresh.clear();
}

#[test]
fn a_cuffs_alarm_reminds_when_the_next_reading_is_due_and_once_per_interval_after() {
    // row:20 Goal: after a high reading the interval is five minutes; a reading moves the reminder.
    let mut ward = TestWard::active().following_everything();
    ward.cuff(205, 95);
    ward.at("00:40").acknowledge(BpHigh, "Kim");
    let due = ward.ward.beds()[0].view(ward.now).next_due.expect("one is planned");
    assert_eq!(ward.line_time(due), "05:00");
    ward.fresh.clear();
    ward.at("04:00").cuff(204, 95);
    ward.at("14:30");
    ward.fresh.retain(|it| it_is_of(it, BpHigh));
    ward.expect(&[
        "09:00 reminded bp-high B1 high acknowledged r1",
        "10:00 frozen bp-high B1 high acknowledged r1 frozen",
        "14:00 reminded bp-high B1 high acknowledged r1 frozen",
    ]);
}

#[test]
fn an_alarm_that_ended_or_sounds_again_does_not_remind() {
    // row:20 row:8 row:13
    let mut ward = TestWard::active().following_everything();
    ward.stream(30, &[pulse(130), spo2(97)]);
    ward.acknowledge(HrHigh, "Kim");
    ward.stream(30, &[pulse(150), spo2(97)]);
    ward.fresh.clear();
    ward.stream(150, &[pulse(150), spo2(97)]);
    ward.acknowledge(HrHigh, "Kim");
    ward.stream(10, &[pulse(90), spo2(97)]);
    ward.fresh.clear();
    ward.stream(200, &[pulse(90), spo2(97)]);
    ward.nothing_told();
}

#[test]
fn a_low_alarm_does_not_remind() {
    // row:20
    let mut ward = TestWard::intake().following_everything();
    ward.link_lost(CUFF_LINE, "unplugged");
    ward.at("00:10").acknowledge(LinkDown, "Kim");
    ward.at("00:30").acknowledge(LinkDown, "Kim");
    ward.expect(&[
        "00:04 raised link-down cuff T3 low active r1",
        "00:10 acknowledged link-down cuff T3 low acknowledged r1",
        "00:30 escalated link-down cuff T3 medium active r2",
        "00:30 acknowledged link-down cuff T3 medium acknowledged r2",
    ]);
}

#[test]
fn a_reminder_that_fell_due_while_the_service_was_down_comes_once() {
    // row:20 row:28
    let mut ward = TestWard::active().following_everything();
    ward.stream(30, &[pulse(130), spo2(97)]);
    ward.acknowledge(HrHigh, "Kim");
    ward.fresh.clear();
    ward.restart(std::time::Duration::from_secs(600));
    ward.fresh.retain(|it| it_is_of(it, HrHigh));
    ward.expect(&[
        "10:30 restored hr-high H1 medium acknowledged r1 frozen restored",
        "10:30 reminded hr-high H1 medium acknowledged r1 frozen restored",
    ]);
}
