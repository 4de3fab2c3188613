//! What was clearing when the process stopped is present again: its clear delay begins anew.

use crate::feed::pulse;
use crate::support::{TestWard, seconds};

const GAP: &str = "service raised monitoring-gap medium latched r1 outage";

#[test]
fn an_alarm_that_was_clearing_is_present_and_does_not_return_from_clearing() {
    // row:28 row:7 row:9 Goal: its first value thaws it, and is told as nothing else.
    let mut ward = TestWard::active();
    ward.stream(30, &[pulse(130)]);
    ward.stream(5, &[pulse(100)]);
    ward.restart(seconds(4));
    ward.expect(&[
        "00:30 raised hr-high H1 medium active r1",
        "00:30 clearing hr-high H1 medium active r1",
        &format!("00:39 {GAP}"),
        "00:39 restored hr-high H1 medium active r1 frozen restored",
    ]);
    ward.stream(5, &[pulse(130)]);
    ward.expect(&["00:39 thawed hr-high H1 medium active r1 restored"]);
}

#[test]
fn the_clear_delay_is_waited_for_whole_after_the_restart() {
    // row:28 row:6 row:8 Goal: nine of ten seconds had passed.
    let mut ward = TestWard::active();
    ward.stream(30, &[pulse(130)]);
    ward.stream(9, &[pulse(100)]);
    ward.restart(seconds(4));
    ward.fresh.clear();
    ward.stream(11, &[pulse(100)]);
    ward.expect(&[
        "00:43 clearing hr-high H1 medium active r1 restored",
        "00:53 ended hr-high H1 medium none r1 restored",
    ]);
}
