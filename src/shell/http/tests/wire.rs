//! The wire's JSON, to be read by a person. What stands in these snapshots is the contract: a
//! change here is a change for every screen and client.

use std::time::Duration;

use insta::assert_snapshot;
use serde::Serialize;

use super::sample;
use crate::domain::alarm::occurrence::{Change, EndReason, Presence, SessionChange, Signal};
use crate::domain::alarm::rule::Phase;
use crate::domain::ids::Seq;
use crate::shell::clock::{Clock, Speed};
use crate::shell::http::wire::bed::Bed;
use crate::shell::http::wire::event::{Beat, Heartbeat, SessionChanged, SessionStep, Snapshot};
use crate::shell::http::wire::occurrence::{Occurrence, Sending};
use crate::shell::lane::Latency;

fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("our own shapes serialise")
}

/// Goal: an alarm on a bed has every field of contract 6, with its latencies when it is published.
#[test]
fn an_alarm_as_published() {
    let committed = Clock::start(Speed::REAL, None).real();
    let latency = Latency { decode_us: 41, step_us: 12, commit_us: 810, committed };
    let occurrence = sample::occurrence();
    let sent = Occurrence::new(Some(Seq(1031)), &occurrence).told(Change::Escalated);
    let sent = sent.timed(Some(latency), committed + Duration::from_micros(30));
    assert_snapshot!(pretty(&sent));
}

/// Goal: a service-wide technical alarm, shown before its commit, has no seq and null for numbers.
#[test]
fn a_technical_alarm_before_its_commit() {
    assert_snapshot!(pretty(&Occurrence::new(None, &sample::technical())));
}

/// Goal: an alarm that is over and sent again says so.
#[test]
fn an_ended_alarm_sent_again() {
    let mut occurrence = sample::occurrence();
    occurrence.presence = Presence::Ended;
    occurrence.signal = Signal::Latched;
    occurrence.next_step = None;
    occurrence.ended = Some((sample::at(20_000), EndReason::RoomEmpty));
    occurrence.ended_by = Some("kim".into());
    let sent = Occurrence::new(Some(Seq(1032)), &occurrence).sent(Sending::Replayed);
    assert_snapshot!(pretty(&sent));
}

/// Goal: a bed shows values with their metric's decimals, ages rounded down, and null for later
/// issues and absent values.
#[test]
fn a_bed() {
    assert_snapshot!(pretty(&Bed::new(&sample::site(), &sample::bed())));
}

/// Goal: an empty room says since when, who said so and why; nobody is responsible.
#[test]
fn an_empty_bed() {
    let ward = sample::ward(1030);
    assert_snapshot!(pretty(&Bed::new(&sample::site(), &ward.beds[1])));
}

/// Goal: a snapshot names its seq, the site, the simulation and all that is there.
#[test]
fn a_snapshot() {
    assert_snapshot!(pretty(&Snapshot::new(&sample::site(), &sample::ward(1030))));
}

/// Goal: a heartbeat carries the self-check count and each source with its rejects by reason.
#[test]
fn a_heartbeat() {
    let (site, sources) = (sample::site(), sample::sources());
    let beat = Beat {
        at: sample::at(0),
        self_check: 123,
        self_test: Some(sample::at(5_000).wall),
        watching: 2,
        undeclared: 4,
    };
    assert_snapshot!(pretty(&Heartbeat::new(&site, beat, &sources)));
}

/// Goal: a session's change carries the session while it runs, and null once it has ended.
#[test]
fn a_session_that_changes_and_ends() {
    let (bed, id) = (sample::bed(), sample::bed_id("bay-1"));
    let running = bed.session.as_ref();
    let step = |change, phase| SessionStep {
        seq: Seq(1040),
        at: sample::at(1_000),
        change,
        bed: &id,
        session: Some(sample::SESSION),
        note: None,
        phase,
    };
    let dosed = step(SessionChange::Dosed, Some(Phase::Active));
    let ended = step(SessionChange::Ended, None);
    let both = [
        SessionChanged::new(dosed, running, Sending::First),
        SessionChanged::new(ended, running, Sending::Replayed),
    ];
    assert_snapshot!(pretty(&both));
}
