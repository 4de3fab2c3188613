//! Faults of the service itself and missing watchers: service-wide, never lowered.

use dosevigil::domain::alarm::AlarmFamily;
use dosevigil::domain::bed::Watch;
use dosevigil::domain::ids::BedIndex;
use dosevigil::domain::input::{FaultState, Input, JournalHealth, ServiceFault, Sound, Watching};

use crate::feed::pulse;
use crate::support::{BED, START, TestWard, nothing_required, plan};

fn fault(ward: &mut TestWard, fault: ServiceFault, state: FaultState) {
    ward.input(&Input::Service { fault, state });
}

fn watching(ward: &mut TestWard, unwatched: &[BedIndex], sound: Sound) {
    ward.input(&Input::Watching(Watching { unwatched: unwatched.to_vec(), sound }));
}

#[test]
fn each_fault_is_one_alarm_until_it_is_over() {
    // technical:service-clock technical:journal technical:no-second-channel technical:self-test
    // technical:config technical:latency
    let table = [
        (ServiceFault::ClockUnsynced, "service-clock clock-unsynced low"),
        (ServiceFault::DiskLow, "journal disk low"),
        (ServiceFault::NoSecondChannel, "no-second-channel low"),
        (ServiceFault::SelfTest, "self-test high"),
        (ServiceFault::Config, "config low"),
        (ServiceFault::Latency, "latency medium"),
    ];
    for (which, line) in table {
        let mut ward = TestWard::without_session();
        let present = || FaultState::Present { why: "so it is".into() };
        fault(&mut ward, which, present());
        ward.expect(&[&format!("00:00 service raised {line} active r1")]);
        ward.at("01:00");
        fault(&mut ward, which, present());
        ward.nothing_told();
        fault(&mut ward, which, FaultState::Over);
        let signal = if line.ends_with("high") { "latched" } else { "none" };
        ward.expect(&[&format!("01:00 service ended {line} {signal} r1")]);
    }
}

#[test]
fn a_step_of_the_clock_that_comes_again_is_held_from_then_on() {
    // technical:service-clock row:30
    let mut ward = TestWard::without_session();
    let stepped = |ward: &mut TestWard| {
        fault(ward, ServiceFault::ClockStepped, FaultState::Present { why: "by 1 h".into() });
        fault(ward, ServiceFault::ClockStepped, FaultState::Over);
    };
    stepped(&mut ward);
    ward.at("05:00");
    stepped(&mut ward);
    ward.at("14:59").expect(&["00:00 service raised service-clock clock-stepped low active r1"]);
    ward.at("15:00").expect(&["15:00 service ended service-clock clock-stepped low none r1"]);
}

#[test]
fn a_running_session_that_nobody_watches_is_high_and_named() {
    // technical:nobody-watching Goal: three beds, sessions on the first only.
    let mut ward = TestWard::of(plan(3, Watch::Session, &nothing_required()), START);
    watching(&mut ward, &[BED, BedIndex(1)], Sound::Heard);
    ward.nothing_told();
    ward.session();
    ward.expect(&[
        "00:00 session started intake",
        "00:00 service raised nobody-watching high active r1",
    ]);
    assert_eq!(ward.occurrence(AlarmFamily::NobodyWatching).text, "Nobody is watching: bay-1");
    ward.at("00:10");
    watching(&mut ward, &[BedIndex(1)], Sound::Heard);
    ward.expect(&["00:10 service ended nobody-watching high latched r1"]);
    watching(&mut ward, &[BED], Sound::Heard);
    ward.fresh.clear();
    ward.at("00:20").session_ended();
    let lines: Vec<_> = ward.fresh.iter().map(|it| ward.line(it)).collect();
    assert!(lines.iter().any(|it| it.contains("ended nobody-watching")), "{lines:?}");
    ward.fresh.clear();
}

#[test]
fn screens_that_are_all_locked_are_medium() {
    // technical:sound-locked
    let mut ward = TestWard::without_session();
    watching(&mut ward, &[], Sound::Locked);
    ward.expect(&["00:00 service raised sound-locked medium active r1"]);
    ward.at("00:06");
    watching(&mut ward, &[], Sound::Heard);
    ward.expect(&["00:06 service ended sound-locked medium none r1"]);
}

#[test]
fn before_anybody_was_told_of_nobody_is_missed() {
    // technical:nobody-watching Goal: the shell says who watches from 60 s after the start on.
    let mut ward = TestWard::intake();
    ward.at("05:00").nothing_told();
}

#[test]
fn a_log_that_is_not_written_is_high_until_it_is() {
    // technical:journal
    let mut ward = TestWard::without_session();
    ward.input(&Input::Journal(JournalHealth::Failing { why: "disk full".into() }));
    ward.expect(&["00:00 service raised journal high active r1"]);
    ward.at("00:10").input(&Input::Journal(JournalHealth::Committing));
    ward.expect(&["00:10 service ended journal high latched r1"]);
}

#[test]
fn a_bed_that_was_taken_out_of_service_is_high_in_every_phase_until_it_hears_again() {
    // technical:evaluator safety:S2
    for mut ward in [TestWard::active(), TestWard::intake(), TestWard::without_session()] {
        ward.input(&Input::Quarantined { bed: BED, why: "index out of bounds".into() });
        ward.expect(&["00:00 raised evaluator high active r1"]);
        ward.at("00:10").sends(&[pulse(80)]);
        ward.expect(&["00:10 ended evaluator high latched r1"]);
    }
}
