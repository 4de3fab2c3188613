//! Version 1, byte for byte. If one of these fails, do not change the test: journals in clinics
//! hold these lines. Bump the version, and keep reading the old one. People's acts are in `acts`,
//! screens in `screen`.

use super::*;
use crate::domain::alarm::occurrence::{ActNote, SessionChange};
use crate::domain::device::{BedsideAlarm, DeviceStatus, Message, Reject, StatusCode};
use crate::domain::input::{
    DoseEvent, FaultState, JournalHealth, LinkChange, ServiceFault, SessionStart, Sound, Watching,
};
use crate::domain::reading::{Absent, Measured, Reading, Validity};
use crate::domain::screens::{ScreenChange, ScreenKind, ScreenNote};

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
    let others = [Absent::Pair { raw: 95 }, Absent::Unavailable, Absent::Invalid, Absent::Stale]
        .map(|absent| Reading::new(Metric::NibpDia, Err(absent), ValueSource::Nibp));
    Message {
        device: Some(DeviceId::try_new("cuff-07").unwrap()),
        bed: Some("bay-1".into()),
        sent: Some(WallTime::from_micros(1_795_342_507_000_000)),
        seq: Some(4711),
        readings: [hr, sys, temp].into_iter().chain(others).collect(),
        statuses: vec![DeviceStatus { code: StatusCode::LowBattery, active: true }],
        bedside_alarms: vec![BedsideAlarm {
            code: "E2".into(),
            priority: Priority::High,
            active: false,
        }],
        unknown_keys: 2,
    }
}

fn started(age_years: Option<u8>, responsible: Option<&str>) -> Input {
    let start = SessionStart {
        id: Uuid::from_bits(7),
        initials: "A.B.".into(),
        drug: "ketamine".into(),
        route: "iv".into(),
        age_years,
        responsible: responsible.map(Into::into),
    };
    Input::SessionStarted { bed: BedIndex(0), start }
}

fn links() -> impl Iterator<Item = Input> {
    let (bed, source) = (BedIndex(0), SourceIndex(1));
    let device = DeviceId::try_new("cuff-07").unwrap();
    let lost = LinkChange::Lost { since: stamp(3), why: "EIO".into() };
    let of_broker = [LinkChange::Opening, LinkChange::Negotiating, LinkChange::Online]
        .map(|change| Input::Link { bed: None, source, device: None, change });
    let of_device = Input::Link { bed: Some(bed), source, device: Some(device), change: lost };
    std::iter::once(of_device).chain(of_broker)
}

/// What the service says of itself.
fn of_service() -> impl Iterator<Item = Input> {
    let faults = ServiceFault::ALL.into_iter().map(|fault| {
        let state = FaultState::Present { why: "so it is".into() };
        Input::Service { fault, state }
    });
    let over = Input::Service { fault: ServiceFault::DiskLow, state: FaultState::Over };
    let (bed, other) = (BedIndex(0), BedIndex(1));
    let watching = |unwatched, sound| Input::Watching(Watching { unwatched, sound });
    faults.chain([
        over,
        Input::Journal(JournalHealth::Committing),
        Input::Journal(JournalHealth::Failing { why: "disk full".into() }),
        watching(vec![other, bed], Sound::Heard),
        watching(Vec::new(), Sound::Locked),
        Input::Screen(ScreenNote {
            screen: Uuid::from_bits(9),
            name: "desk".into(),
            kind: ScreenKind::Board,
            owner: "kim".into(),
            change: ScreenChange::Opened,
        }),
        Input::SelfTest { number: 3 },
        Input::Unreceived { occurrence: Uuid::from_bits(7), revision: 2 },
        Input::Tick,
        Input::Restarted { down_since: stamp(3) },
        Input::Quarantined { bed, why: "index".into() },
    ])
}

/// Every input but people's acts.
fn inputs() -> Vec<Input> {
    let (bed, source) = (BedIndex(0), SourceIndex(1));
    let device = DeviceId::try_new("cuff-07").unwrap();
    let of_devices = [
        Input::Message { bed, source, device: device.clone(), message: message() },
        Input::Message { bed, source, device, message: Message::default() },
        Input::Rejected { bed: None, source, reason: Reject::BedMismatch },
        Input::Rejected { bed: Some(bed), source, reason: Reject::Checksum },
    ];
    let of_sessions = [
        started(Some(66), Some("kim")),
        started(None, None),
        Input::Dose { bed, dose: DoseEvent::Started { at: stamp(3) } },
        Input::Dose { bed, dose: DoseEvent::Ended { at: stamp(3) } },
    ];
    of_devices.into_iter().chain(links()).chain(of_sessions).chain(of_service()).collect()
}

/// Every change of an alarm and every reason of an end, some of them a person's.
fn alarms() -> impl Iterator<Item = Transition> {
    let of = |change, occurrence| Subject::Alarm { change, occurrence: Box::new(occurrence) };
    let full = of(Change::Raised, full_occurrence());
    let changes = Change::ALL.map(|change| of(change, bare_occurrence()));
    let ends = EndReason::ALL.into_iter().map(move |why| {
        let ended = Some((stamp(8), why));
        let ended_by = (why != EndReason::Cleared).then(|| "kim".into());
        let presence = Presence::Ended;
        of(Change::Ended, Occurrence { ended, ended_by, presence, ..bare_occurrence() })
    });
    let all = std::iter::once(full).chain(changes).chain(ends);
    all.map(|subject| Transition { seq: Seq(1031), at: stamp(6), subject })
}

/// Every change of a session; with a note of a person's act, without one, and of no session.
fn sessions() -> impl Iterator<Item = Transition> {
    let whole = ActNote {
        by: "kim".into(),
        ordered_by: Some("Dr Ode".into()),
        reason: Some("known hypertension".into()),
        what: Some("B2 nibp_sys".into()),
        old: Some("180".into()),
        new: Some("170".into()),
    };
    let bare = ActNote {
        ordered_by: None,
        reason: None,
        what: None,
        old: None,
        new: None,
        ..whole.clone()
    };
    let of = |change, session, phase, note: Option<ActNote>| {
        let bed = BedId::try_new("bay-1").unwrap();
        let note = note.map(Box::new);
        let subject = Subject::Session { change, bed, session, phase, note };
        Transition { seq: Seq(9), at: stamp(6), subject }
    };
    let id = Some(Uuid::from_bits(7));
    let changes = SessionChange::ALL.map(|change| of(change, id, Some(Phase::Recovery), None));
    let (limit, kept) = (SessionChange::LimitChanged, SessionChange::DeviceKept);
    let noted = [of(limit, id, Some(Phase::Active), Some(whole)), of(kept, None, None, Some(bare))];
    changes.into_iter().chain(noted)
}

/// Each line is one of `inputs`, in their order.
const INPUT_LINES: &str = include_str!("v1_inputs.jsonl");

/// Each line is one of `alarms`, then of `sessions`; the last an occurrence by itself.
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
    let told: Vec<Transition> = alarms().chain(sessions()).collect();
    let mut lines: Vec<&str> = TRANSITION_LINES.lines().collect();
    let occurrence_line = lines.pop().expect("lines");
    assert_eq!(told.len(), lines.len());
    for (transition, line) in told.into_iter().zip(lines) {
        assert_eq!(write_transition(&transition), line);
        assert_eq!(read_transition(line), Ok(transition));
    }
    assert_eq!(write_occurrence(&bare_occurrence()), occurrence_line);
    assert_eq!(read_occurrence(occurrence_line), Ok(bare_occurrence()));
}
