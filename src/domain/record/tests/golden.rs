//! Version 1, byte for byte. If one of these fails, do not change the test: journals in clinics
//! hold these lines. Bump the version, and keep reading the old one.

use super::*;
use crate::domain::act::{Act, Actor, Deed};
use crate::domain::alarm::occurrence::SessionChange;
use crate::domain::device::{BedsideAlarm, DeviceStatus, Message, Reject, StatusCode};
use crate::domain::input::{DoseEvent, JournalHealth, LinkChange, SessionStart};
use crate::domain::reading::{Absent, Measured, Reading, Validity};
use crate::domain::role::Role;

fn message() -> Message {
    let hr = Reading::new(Metric::HeartRate, Ok(Quantity(72)), ValueSource::Ecg);
    let sys = Reading {
        validity: Validity::Questionable,
        measured: Measured::DeviceClock(WallTime::from_micros(-5)),
        origin: Origin::Simulated,
        ..Reading::new(Metric::NibpSys, Err(Absent::Range { raw: 301 }), ValueSource::Nibp)
    };
    let temp = Reading {
        measured: Measured::SecondsAgo(3),
        ..Reading::new(Metric::Temp, Err(Absent::Unit), ValueSource::Manual)
    };
    Message {
        device: Some(DeviceId::try_new("cuff-07").unwrap()),
        bed: Some("bay-1".into()),
        sent: Some(WallTime::from_micros(1_795_342_507_000_000)),
        seq: Some(4711),
        readings: vec![hr, sys, temp],
        statuses: vec![DeviceStatus { code: StatusCode::LowBattery, active: true }],
        bedside_alarms: vec![BedsideAlarm {
            code: "E2".into(),
            priority: Priority::High,
            active: false,
        }],
        unknown_keys: 2,
    }
}

fn inputs() -> Vec<Input> {
    let (bed, source) = (BedIndex(0), SourceIndex(1));
    let device = DeviceId::try_new("cuff-07").unwrap();
    let link = |change| Input::Link { bed: None, source, device: None, change };
    let id = Uuid::from_bits(7);
    vec![
        Input::Message { bed, source, device: device.clone(), message: message() },
        Input::Message { bed, source, device: device.clone(), message: Message::default() },
        Input::Rejected { bed: None, source, reason: Reject::BedMismatch },
        Input::Link {
            bed: Some(bed),
            source,
            device: Some(device),
            change: LinkChange::Lost { since: stamp(3), why: "EIO".into() },
        },
        link(LinkChange::Opening),
        link(LinkChange::Negotiating),
        link(LinkChange::Online),
        Input::SessionStarted {
            bed,
            start: SessionStart {
                id,
                initials: "A.B.".into(),
                drug: "ketamine".into(),
                route: "iv".into(),
                age_years: None,
                responsible: Some("kim".into()),
            },
        },
        Input::Dose { bed, dose: DoseEvent::Started { at: stamp(3) } },
        Input::Dose { bed, dose: DoseEvent::Ended { at: stamp(3) } },
        Input::Act(Act {
            command: Uuid::from_bits(8),
            by: Actor::new("nurse", Role::Nurse),
            reason: None,
            deed: Deed::Acknowledge { occurrence: id, revision: 2 },
        }),
        Input::Journal(JournalHealth::Committing),
        Input::Journal(JournalHealth::Failing { why: "disk full".into() }),
        Input::Tick,
        Input::Restarted { down_since: stamp(3) },
        Input::Quarantined { bed, why: "index".into() },
    ]
}

/// Each line is one of `inputs`, in their order.
const INPUT_LINES: &str = include_str!("v1_inputs.jsonl");

/// An alarm, a session, and an occurrence by itself.
const TRANSITION_LINES: &str = include_str!("v1_transitions.jsonl");

#[test]
fn every_input_of_version_1_has_these_bytes_and_is_read_from_them() {
    // Do not change this test or its lines; bump the version.
    let inputs = inputs();
    assert_eq!(inputs.len(), INPUT_LINES.lines().count());
    for (input, line) in inputs.into_iter().zip(INPUT_LINES.lines()) {
        let written = write_input(&names(), stamp(4), ReadingId(12), &input).unwrap();
        assert_eq!(written, line);
        let read = read_input(line, &names().lookup()).unwrap();
        assert_eq!(read, RecordedInput { now: stamp(4), first_reading: ReadingId(12), input });
    }
}

#[test]
fn every_transition_of_version_1_has_these_bytes_and_is_read_from_them() {
    // Do not change this test or its lines; bump the version.
    let session = Transition {
        seq: Seq(9),
        at: stamp(6),
        subject: Subject::Session {
            change: SessionChange::PhaseChanged,
            bed: BedId::try_new("bay-1").unwrap(),
            session: Some(Uuid::from_bits(7)),
            note: None,
            phase: Some(Phase::Recovery),
        },
    };
    let lines: Vec<&str> = TRANSITION_LINES.lines().collect();
    let [alarm_line, session_line, occurrence_line] = lines[..] else { panic!("three lines") };
    for (transition, line) in [(alarm(full_occurrence()), alarm_line), (session, session_line)] {
        assert_eq!(write_transition(&transition), line);
        assert_eq!(read_transition(line), Ok(transition));
    }
    assert_eq!(write_occurrence(&bare_occurrence()), occurrence_line);
    assert_eq!(read_occurrence(occurrence_line), Ok(bare_occurrence()));
}
