//! Golden lines of version 1 and the law that reading undoes writing.

mod acts;
mod golden;
mod round_trip;
mod screen;
mod visit;
mod words;

use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::domain::alarm::occurrence::{
    Acknowledged, Change, EndReason, Presence, ReadingRef, Signal, Subject,
};
use crate::domain::alarm::rule::Phase;
use crate::domain::alarm::{AlarmFamily, Priority};
use crate::domain::ids::{DeviceId, RuleId, Seq, Uuid};
use crate::domain::metric::Metric;
use crate::domain::reading::{Origin, Quantity, ValueSource};

fn names() -> Names {
    let beds = ["bay-1", "bay-2"].iter().map(|name| BedId::try_new(name).unwrap()).collect();
    Names { beds, sources: vec!["cuff-line".into(), "ward".into()] }
}

fn stamp(micros: u32) -> Stamp {
    let (mono, wall) = (u64::from(micros), 1_795_342_507_000_000 + i64::from(micros));
    Stamp { mono: MonoTime::from_micros(mono), wall: WallTime::from_micros(wall) }
}

/// Every field filled that the golden lines know.
fn full_occurrence() -> Occurrence {
    Occurrence {
        ended_by: Some("lee".into()),
        id: Uuid::from_bits(0x0199_8f3e_0000_7000_8000_0000_0000_0001),
        revision: 2,
        bed: Some(BedId::try_new("bay-1").unwrap()),
        session: Some(Uuid::from_bits(0x0199_8e00_0000_7000_8000_0000_0000_0002)),
        origin: Origin::Simulated,
        outage: true,
        family: AlarmFamily::BpHigh,
        subject: Some("cuff".into()),
        rule: Some(RuleId::try_new("B2").unwrap()),
        priority: Priority::Medium,
        highest: Priority::High,
        presence: Presence::Ended,
        frozen: true,
        restored: true,
        confirm_until: Some(stamp(9)),
        signal: Signal::Latched,
        escalation: 1,
        text: "Systolic 186 ≥ 180 mmHg".into(),
        lines: vec!["Δ+62".into()],
        metric: Some(Metric::NibpSys),
        value: Some(Quantity(186)),
        limit: Some(180),
        baseline: Some(124),
        reading: Some(ReadingRef {
            id: ReadingId(88_213),
            device: DeviceId::try_new("cuff-07").unwrap(),
            seq: Some(4711),
            source: ValueSource::Nibp,
            verify: true,
            source_time: Some(WallTime::from_micros(1_795_342_495_000_000)),
            received: stamp(5),
        }),
        phase: Some(Phase::Active),
        since_dose: Some(Duration::from_secs(1510)),
        onset: stamp(5),
        asked: stamp(5),
        next_step: None,
        ended: Some((stamp(8), EndReason::Cleared)),
        acknowledged: Some(Acknowledged {
            by: "nurse \"A\"".into(),
            at: stamp(7),
            reason: Some("treated".into()),
        }),
    }
}

/// Every field that may be empty is.
fn bare_occurrence() -> Occurrence {
    Occurrence {
        bed: None,
        session: None,
        origin: Origin::Patient,
        outage: false,
        family: AlarmFamily::Journal,
        subject: None,
        rule: None,
        presence: Presence::Present,
        frozen: false,
        restored: false,
        confirm_until: None,
        signal: Signal::Active,
        lines: Vec::new(),
        metric: None,
        value: None,
        limit: None,
        baseline: None,
        reading: None,
        phase: None,
        since_dose: None,
        ended: None,
        ended_by: None,
        acknowledged: None,
        ..full_occurrence()
    }
}

#[test]
fn when_it_asked_and_is_told_further_is_read_back_and_left_out_where_there_is_nothing_to_say() {
    // Goal: lines of before these were known are read as what they meant: it asked at its onset.
    let usual = write_occurrence(&bare_occurrence());
    assert!(!usual.contains("asked") && !usual.contains("next_step"), "{usual}");
    let told = Occurrence { asked: stamp(6), next_step: Some(stamp(9)), ..bare_occurrence() };
    let written = write_occurrence(&told);
    let words = r#""asked":[6,1795342507000006],"next_step":[9,1795342507000009]"#;
    assert!(written.contains(words), "{written}");
    assert_eq!(read_occurrence(&written), Ok(told));
}

#[test]
fn a_bed_or_source_that_left_the_configuration_is_a_named_error() {
    // Goal: a removed bed is told, not a panic and not another bed that took its place.
    let old = names();
    let input = Input::Rejected {
        bed: Some(BedIndex(0)),
        source: SourceIndex(1),
        reason: crate::domain::device::Reject::Checksum,
    };
    let text = write_input(&old, stamp(1), ReadingId(1), &input).unwrap();
    let without_bed = Names { beds: old.beds[1..].to_vec(), ..old.clone() };
    let without_source = Names { sources: old.sources[..1].to_vec(), ..old.clone() };
    let unknown = |names: &Names| read_input(&text, &names.lookup());
    assert_eq!(unknown(&without_bed), Err(RecordError::UnknownBed("bay-1".into())));
    assert_eq!(unknown(&without_source), Err(RecordError::UnknownSource("ward".into())));

    let reordered = Names {
        beds: old.beds.iter().rev().cloned().collect(),
        sources: old.sources.iter().rev().map(Arc::clone).collect(),
    };
    let moved = read_input(&text, &reordered.lookup()).unwrap().input;
    assert!(matches!(
        moved,
        Input::Rejected { bed: Some(BedIndex(1)), source: SourceIndex(0), .. }
    ));
}

#[test]
fn an_index_that_the_names_do_not_have_is_an_error_when_written() {
    let dose = crate::domain::input::DoseEvent::Ended { at: stamp(1) };
    let bed = Input::Dose { bed: BedIndex(2), dose };
    let written = write_input(&names(), stamp(1), ReadingId(1), &bed);
    assert_eq!(written, Err(RecordError::NoSuchBed(2)));
}

#[test]
fn lines_that_are_no_record_of_this_version_are_refused_without_a_quote_of_them() {
    // Goal: each sort of damage has its error, and no error repeats what the line says.
    let read = |text: &str| read_input(text, &names().lookup()).unwrap_err();
    let newer = r#"{"v":2,"t":[1,2],"r":1,"i":{"telepathy":{}}}"#;
    assert_eq!(read(newer), RecordError::Version(2));
    assert_eq!(read(r#"{"v":2,"t":[1,2],"r":1,"i":"tick"}"#), RecordError::Version(2));
    for damaged in [
        "",
        "secret",
        r#"{"v":1,"t":[1,2],"r":1,"i":"secret"}"#,
        r#"{"v":1,"t":[1,2],"r":1,"i":"tick","secret":1}"#,
        r#"{"v":1,"t":["secret",2],"r":1,"i":"tick"}"#,
        r#"{"v":1,"t":[1,2],"r":1,"i":{"reject":{"bed":null,"src":"ward","reason":"secret"}}}"#,
        r#"{"v":1,"t":[1,2],"r":1,"i":{"msg":{"bed":"bay-1","src":"ward","dev":"d","m":
            {"x":[{"n":"hr","s":"ecg"}]}}}}"#,
        r#"{"v":1,"t":[1,2],"r":1,"i":{"msg":{"bed":"bay-1","src":"ward","dev":"d","m":
            {"x":[{"n":"hr","v":1,"a":"unit","s":"ecg"}]}}}}"#,
    ] {
        let error = read(damaged);
        assert!(matches!(error, RecordError::Malformed(_)), "{damaged}: {error:?}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}
