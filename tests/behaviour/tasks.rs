//! What is to be done in a session and by when: listed with its moment, told by no alarm.

use dosevigil::domain::alarm::AlarmFamily::{NibpOverdue, TimedReading};

use crate::entering::USUAL;
use crate::support::{TestWard, span};
use crate::timed_reading::at_forty_minutes;

impl TestWard {
    /// `cuff_reading 10:00 due`: each with the moment at which it is due, and its state.
    fn tasks(&self) -> Vec<String> {
        let tasks = self.shown().session.expect("a session runs").tasks;
        let line = |task: &dosevigil::domain::session::task::Task| {
            format!("{} {} {}", task.what.name(), self.line_time(task.due), task.state.name())
        };
        tasks.iter().map(line).collect()
    }
}

#[test]
fn a_baseline_is_to_be_taken_until_it_is_accepted() {
    let mut ward = TestWard::intake();
    assert_eq!(ward.tasks(), ["baseline 00:00 due", "cuff_reading 15:00 upcoming"]);
    ward.baseline(USUAL).expect("taken");
    assert_eq!(ward.tasks(), ["cuff_reading 15:00 upcoming"]);
    ward.fresh.clear();
}

#[test]
fn after_the_dose_nobody_is_asked_for_a_baseline() {
    let mut ward = TestWard::active();
    assert_eq!(ward.tasks(), ["cuff_reading 10:00 upcoming"]);
    ward.fresh.clear();
}

#[test]
fn the_planned_cuff_reading_is_overdue_when_the_alarm_says_so() {
    // rule:T1
    let mut ward = TestWard::active();
    for (clock, state) in
        [("09:59.999", "upcoming"), ("10:00", "due"), ("11:59.999", "due"), ("12:00", "overdue")]
    {
        ward.at(clock);
        assert_eq!(ward.tasks(), [format!("cuff_reading 10:00 {state}")], "{clock}");
        assert_eq!(ward.find(NibpOverdue).is_some(), state == "overdue", "{clock}");
    }
    ward.at("13:00").cuff(126, 80);
    assert_eq!(ward.tasks(), ["cuff_reading 23:00 upcoming"]);
    ward.fresh.clear();
}

#[test]
fn a_timed_reading_is_a_task_until_it_is_taken() {
    // rule:T2
    let mut ward = TestWard::active_with(&at_forty_minutes());
    for (clock, state) in
        [("39:59.999", "upcoming"), ("40:00", "due"), ("44:59.999", "due"), ("45:00", "overdue")]
    {
        ward.at(clock);
        let task = format!("timed_reading 40:00 {state}");
        assert!(ward.tasks().contains(&task), "{clock}: {:?}", ward.tasks());
        assert_eq!(ward.find(TimedReading).is_some(), state == "overdue", "{clock}");
    }
    ward.cuff(126, 80);
    assert_eq!(ward.tasks(), ["cuff_reading 55:00 upcoming"]);
    ward.fresh.clear();
}

#[test]
fn a_timed_reading_taken_just_before_its_time_is_no_task_any_more() {
    // rule:T2
    let mut ward = TestWard::active_with(&at_forty_minutes());
    ward.at("35:00").cuff(126, 80);
    assert_eq!(ward.tasks(), ["cuff_reading 45:00 upcoming"]);
    ward.fresh.clear();
}

#[test]
fn discharge_is_due_when_the_time_of_observation_is_over() {
    let mut ward = TestWard::active_from(USUAL);
    ward.at("05:00").cuff(126, 80);
    assert_eq!(ward.tasks(), ["cuff_reading 15:00 upcoming"], "while the infusion runs");
    ward.at("40:00").dose_ended();
    assert_eq!(ward.tasks(), ["cuff_reading 15:00 overdue", "discharge 100:00 upcoming"]);
    ward.at("99:00").cuff(126, 80);
    ward.advance(span("00:59.999"));
    assert_eq!(ward.tasks(), ["discharge 100:00 upcoming", "cuff_reading 114:00 upcoming"]);
    ward.at("100:00");
    assert_eq!(ward.tasks(), ["discharge 100:00 due", "cuff_reading 114:00 upcoming"]);
    ward.fresh.clear();
}

#[test]
fn tasks_go_on_after_a_restart() {
    let mut ward = TestWard::active_with(&at_forty_minutes());
    ward.at("30:00").cuff(126, 80);
    ward.at("32:00").restart(span("09:00"));
    let tasks = ward.tasks();
    assert_eq!(tasks, ["cuff_reading 40:00 due", "timed_reading 40:00 due"]);
    ward.fresh.clear();
}
