//! A restart loses no alarm and doubles none, says what it did not see, and drops no countdown.

use dosevigil::domain::alarm::AlarmFamily::{BpHigh, HrHigh, MonitoringGap};
use dosevigil::domain::alarm::occurrence::Signal;

use crate::feed::pulse;
use crate::support::{OXIMETER_LINE, TestWard, seconds};

const GAP: &str = "service raised monitoring-gap medium latched r1 outage";

#[test]
fn an_open_alarm_is_there_again_with_its_acknowledgement() {
    // technical:monitoring-gap
    // row:28 safety:A3 safety:A6 Goal: frozen and restored until the next valid sample; the gap is
    // one latched alarm until it is acknowledged.
    let mut ward = TestWard::active();
    ward.stream(30, &[pulse(130)]);
    let before = ward.acknowledge(HrHigh, "Kim").id;
    ward.fresh.clear();
    ward.restart(seconds(4));
    ward.expect(&[
        &format!("00:34 {GAP}"),
        "00:34 restored hr-high H1 medium acknowledged r1 frozen restored",
    ]);
    assert_eq!(
        ward.occurrence(MonitoringGap).text,
        "Not monitored for 4 s: values of that time are lost"
    );
    ward.stream(5, &[pulse(130)]);
    ward.expect(&["00:34 thawed hr-high H1 medium acknowledged r1 restored"]);
    assert_eq!(ward.occurrence(HrHigh).id, before);
    ward.acknowledge(MonitoringGap, "Kim");
    ward.expect(&["00:39 service acknowledged monitoring-gap medium none r1 outage"]);
    assert!(ward.find(MonitoringGap).is_none());
}

#[test]
fn a_latched_alarm_stays_latched() {
    // row:28 row:21
    let mut ward = TestWard::active();
    ward.at("05:00").cuff(205, 95);
    ward.at("06:00").cuff(128, 80);
    ward.fresh.clear();
    ward.restart(seconds(20));
    ward.expect(&[&format!("06:20 {GAP}"), "06:20 restored bp-high B1 high latched r1 restored"]);
    assert_eq!(ward.occurrence(BpHigh).signal, Signal::Latched);
}

#[test]
fn a_running_delay_is_dropped() {
    // row:28 Goal: 14 of 15 s had run; nothing is raised for the time down, and 15 s are needed
    // again.
    let mut ward = TestWard::active();
    ward.stream(14, &[pulse(150)]);
    ward.restart(seconds(2));
    ward.expect(&[&format!("00:16 {GAP}")]);
    ward.stream(15, &[pulse(150)]);
    ward.expect(&["00:31 raised hr-high H2 high active r1"]);
}

#[test]
fn a_repeat_that_was_awaited_is_awaited_and_too_late_if_its_time_ran_out() {
    // row:28 row:1c rule:B2
    let mut ward = TestWard::active();
    ward.at("05:00").cuff(184, 95);
    ward.at("05:10").restart(seconds(20));
    ward.expect(&[
        "05:00 raised bp-high B2 medium active r1",
        &format!("05:30 {GAP}"),
        "05:30 restored bp-high B2 medium active r1 frozen restored",
    ]);
    ward.fresh.clear();
    ward.at("07:00").restart(seconds(120));
    ward.expect(&[
        &format!("09:00 {GAP}"),
        "09:00 service restored monitoring-gap medium latched r1 restored outage",
        "09:00 restored bp-high B2 medium active r1 frozen restored",
        "09:00 confirmed bp-high B2 high active r2 frozen restored",
    ]);
}

#[test]
fn what_fell_due_while_the_service_was_down_is_raised_with_the_mark_of_the_outage() {
    // row:28 rule:T1 Goal: overdue at 12:00, down from 11:00 to 13:00.
    let mut ward = TestWard::active();
    ward.at("11:00").restart(seconds(120));
    ward.expect(&[&format!("13:00 {GAP}"), "13:00 raised nibp-overdue T1 low active r1 outage"]);
    ward.at("15:00").expect(&["15:00 escalated nibp-overdue T1 medium active r2 outage"]);
}

#[test]
fn values_have_ten_seconds_to_come_back() {
    // row:28 rule:T3 Goal: the gap speaks for the time down; a sensor that stays away is told.
    let mut ward = TestWard::active();
    ward.stream(30, &[pulse(80)]);
    ward.restart(seconds(60));
    ward.expect(&[&format!("01:30 {GAP}")]);
    ward.at("01:41").expect(&["01:40 raised no-value pulse T3 medium active r1"]);
}

#[test]
fn a_lost_line_is_still_lost() {
    // row:28 rule:T3 safety:A6 Goal: the alarm goes on; only the line's return ends it.
    let mut ward = TestWard::active();
    ward.stream(30, &[pulse(80)]);
    ward.link_lost(OXIMETER_LINE, "unplugged");
    ward.at("00:40");
    ward.fresh.clear();
    ward.restart(seconds(30));
    ward.expect(&[
        &format!("01:10 {GAP}"),
        "01:10 restored link-down oximeter T3 medium active r1 restored",
        "01:10 escalated link-down oximeter T3 high active r2 restored",
    ]);
    ward.at("01:12");
    ward.link_online(OXIMETER_LINE);
    ward.expect(&["01:12 ended link-down oximeter T3 high latched r2 restored"]);
}
