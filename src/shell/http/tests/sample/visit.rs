//! A visit: who it is of, what was given, measured, entered, is missing and is to be chosen.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{ALARM, SESSION, at, bed_id, device, rule, transition};
use crate::domain::act::Disposition;
use crate::domain::alarm::occurrence::{ActNote, SessionChange, Subject, Transition};
use crate::domain::alarm::rule::Phase;
use crate::domain::ids::{BedIndex, ReadingId, Seq, Uuid};
use crate::domain::metric::Metric;
use crate::domain::reading::{Absent, Measured, Quantity, Reading, ValueSource};
use crate::domain::session::checks::Missing;
use crate::domain::session::dose::{Dose, DoseOrder};
use crate::domain::session::hand::{Arm, CuffSize, HandReading};
use crate::domain::session::start::Patient;
use crate::domain::session::task::{Task, TaskKind, TaskState};
use crate::domain::view::ConflictView;
use crate::shell::lane::{Bucket, Correction, ReadingEntry, SessionEntry, Trend, TrendQuery};

/// A temperature that only the journal remembers.
pub(crate) const TEMP: ReadingId = ReadingId(4_000);

pub(crate) fn patient() -> Patient {
    Patient {
        reference: "K-0417".into(),
        initials: "A.B.".into(),
        birth_year: Some(1984),
        weight_g: Some(82_500),
    }
}

/// Two oximeters of this bed, and one of two beds.
pub(crate) fn conflicts() -> Vec<ConflictView> {
    let conflict = |subject: &str, devices: &[&str], two_beds| ConflictView {
        subject: subject.into(),
        devices: devices.iter().copied().map(device).collect(),
        two_beds,
    };
    vec![conflict("spo2", &["oxi-a", "oxi-b"], false), conflict("oxi-c", &["oxi-c"], true)]
}

/// An infusion that is paused, and an entry that was taken back.
pub(crate) fn doses() -> Vec<Dose> {
    let infusion = Dose {
        micrograms: Some(41_300),
        lot: Some("L1".into()),
        pauses: vec![(at(60_000), Some(at(90_000))), (at(120_000), None)],
        ..Dose::plain(Uuid::from_bits(21), at(30_000))
    };
    let taken_back = Dose {
        device_number: Some(1),
        ended: Some(at(1_000)),
        voided: Some("kim".into()),
        ..Dose::plain(Uuid::from_bits(20), at(1_000))
    };
    vec![taken_back, infusion]
}

pub(crate) fn tasks() -> Vec<Task> {
    let task = |what, second: u64, state| Task { what, due: at(second * 1_000), state };
    vec![
        task(TaskKind::TimedReading { id: "T2".into() }, 2_400, TaskState::Overdue),
        task(TaskKind::CuffReading, 3_000, TaskState::Due),
        task(TaskKind::NextDevice { number: 2 }, 3_100, TaskState::Upcoming),
        task(TaskKind::Baseline, 3_200, TaskState::Upcoming),
        task(TaskKind::Discharge, 7_200, TaskState::Upcoming),
    ]
}

/// One of each.
pub(crate) fn missing() -> Vec<Missing> {
    vec![
        Missing::Baseline,
        Missing::Pressure { rule: rule("B8") },
        Missing::Readings { rule: rule("B7") },
        Missing::DeviceRest { until: at(300_000) },
        Missing::DoseRunning,
        Missing::Observation { until: at(7_200_000) },
        Missing::DischargePressure { rule: rule("B6") },
        Missing::TimedReading { id: "T2".into() },
        Missing::Sedation { moaas: Some(4) },
        Missing::Symptoms,
        Missing::Check { name: "escort" },
    ]
}

/// A pressure by hand that was amended, a pulse that is no pulse, one without a value.
pub(crate) fn readings() -> Vec<ReadingEntry> {
    let hand = HandReading {
        method: "aneroid".into(),
        taker: Some("lee".into()),
        taken: at(1_000).wall,
        values: vec![(Metric::NibpSys, Quantity(132)), (Metric::NibpDia, Quantity(84))],
        arm: Some(Arm::Left),
        cuff_size: Some(CuffSize::Adult),
    };
    let by_hand = |id, metric, value, correction| ReadingEntry {
        id: ReadingId(id),
        reading: Reading {
            measured: Measured::DeviceClock(hand.taken),
            ..Reading::new(metric, Ok(Quantity(value)), ValueSource::Manual)
        },
        received: at(400_000).wall,
        measured: hand.taken,
        device: None,
        by_hand: Some(("kim".into(), hand.clone())),
        correction,
    };
    let amended = Correction {
        by: "kim".into(),
        at: at(500_000).wall,
        reason: Some("typed wrong".into()),
        value: Some(133),
    };
    let measured = |id, value| ReadingEntry {
        id: ReadingId(id),
        reading: Reading::new(Metric::PulseRate, value, ValueSource::Pleth),
        received: at(2_000).wall,
        measured: at(2_000).wall,
        device: Some(device("bay-1-pleth")),
        by_hand: None,
        correction: None,
    };
    vec![
        by_hand(9, Metric::NibpDia, 84, None),
        by_hand(8, Metric::NibpSys, 132, Some(amended)),
        measured(7, Ok(Quantity(221))),
        measured(6, Err(Absent::Range { raw: 400 })),
    ]
}

/// Two values, a gap, and one more; an alarm, a dose before it, and a phase.
pub(crate) fn trend(query: TrendQuery) -> Trend {
    let bucket = |min, max, sum, count| Some(Bucket { min, max, sum, count });
    let pulse = vec![bucket(366, 371, 1106, 3), None, bucket(371, 371, 371, 1)];
    let mut buckets = vec![None; query.points.saturating_sub(3)];
    buckets.splice(0..0, pulse);
    let order =
        DoseOrder { micrograms: Some(28_000), device_number: Some(1), ..DoseOrder::default() };
    Trend {
        series: BTreeMap::from([(Metric::Temp, buckets)]),
        marks: vec![transition(9), transition(10)],
        doses: vec![(at(1_000).wall, order)],
    }
}

/// One that ended, one that an act began and that runs.
pub(crate) fn past_sessions() -> Vec<SessionEntry> {
    let runs = SessionEntry {
        id: SESSION,
        bed: BedIndex(0),
        patient: patient(),
        drug: "ketamine".into(),
        route: "iv".into(),
        started: at(0).wall,
        ended: None,
    };
    let day = Duration::from_secs(86_400);
    let ended = SessionEntry {
        id: ALARM,
        bed: BedIndex(9),
        patient: Patient { initials: "C.D.".into(), ..Patient::default() },
        started: at(0).wall.minus(day),
        ended: Some((at(1).wall.minus(day / 2), Disposition::HomeEscorted)),
        ..runs.clone()
    };
    vec![runs, ended]
}

/// A start and an observation by a nurse; an alarm, which is none.
pub(crate) fn events() -> Vec<Transition> {
    let note = |what: Option<&str>, new: &str| ActNote {
        by: "kim".into(),
        ordered_by: None,
        reason: None,
        what: what.map(Into::into),
        old: None,
        new: Some(new.into()),
    };
    let event = |seq, change, phase, note| {
        let (bed, session) = (bed_id("bay-1"), Some(SESSION));
        let subject = Subject::Session { change, bed, session, phase, note: Some(Box::new(note)) };
        Transition { seq: Seq(seq), at: at(seq * 1_000), subject }
    };
    vec![
        event(1, SessionChange::Started, Phase::Intake.into(), note(None, "ketamine iv")),
        event(2, SessionChange::Observed, Phase::Active.into(), note(Some("MOAA/S"), "4")),
        transition(3),
    ]
}
