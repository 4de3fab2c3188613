//! Reading undoes writing, for any message and any words in any input.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::*;
use crate::domain::act::{Act, Actor, Deed};
use crate::domain::alarm::occurrence::SessionChange;
use crate::domain::device::{BedsideAlarm, DeviceStatus, Message, Reject, StatusCode};
use crate::domain::input::{DoseEvent, LinkChange, SessionStart};
use crate::domain::reading::{Absent, Measured, Reading, Validity};
use crate::domain::role::Role;

fn any_stamp() -> impl Strategy<Value = Stamp> {
    (any::<u64>(), any::<i64>()).prop_map(|(mono, wall)| Stamp {
        mono: MonoTime::from_micros(mono),
        wall: WallTime::from_micros(wall),
    })
}

fn any_text() -> impl Strategy<Value = Arc<str>> {
    any::<String>().prop_map(Arc::from)
}

fn any_device() -> impl Strategy<Value = DeviceId> {
    "[a-zA-Zé\"\\\\ -]{1,16}".prop_map(|name| DeviceId::try_new(&name).unwrap())
}

fn any_bed() -> impl Strategy<Value = BedIndex> {
    (0_u32..2).prop_map(BedIndex)
}

fn any_source() -> impl Strategy<Value = SourceIndex> {
    (0_u32..2).prop_map(SourceIndex)
}

fn any_uuid() -> impl Strategy<Value = Uuid> {
    any::<u128>().prop_map(Uuid::from_bits)
}

fn any_wall() -> impl Strategy<Value = WallTime> {
    any::<i64>().prop_map(WallTime::from_micros)
}

fn one_of<T: Copy + std::fmt::Debug + 'static>(all: &[T]) -> impl Strategy<Value = T> + use<T> {
    proptest::sample::select(all.to_vec())
}

fn any_reading() -> impl Strategy<Value = Reading> {
    let value = prop_oneof![
        any::<i32>().prop_map(|v| Ok(Quantity(v))),
        any::<i64>().prop_map(|raw| Err(Absent::Range { raw })),
        any::<i64>().prop_map(|raw| Err(Absent::Pair { raw })),
        one_of(&[Absent::Unit, Absent::Unavailable, Absent::Invalid, Absent::Stale]).prop_map(Err),
    ];
    let measured = prop_oneof![
        Just(Measured::AtReceipt),
        any_wall().prop_map(Measured::DeviceClock),
        any::<u32>().prop_map(Measured::SecondsAgo),
    ];
    let flags = (
        one_of(&[Validity::Good, Validity::Questionable]),
        one_of(&[Origin::Patient, Origin::Simulated]),
    );
    (one_of(&Metric::ALL), value, one_of(&ValueSource::ALL), measured, flags).prop_map(
        |(metric, value, source, measured, (validity, origin))| Reading {
            metric,
            value,
            source,
            validity,
            measured,
            origin,
        },
    )
}

fn any_message() -> impl Strategy<Value = Message> {
    let status = (one_of(&StatusCode::ALL), any::<bool>())
        .prop_map(|(code, active)| DeviceStatus { code, active });
    let bedside = (any::<String>(), one_of(&Priority::ALL), any::<bool>())
        .prop_map(|(code, priority, active)| BedsideAlarm { code: code.into(), priority, active });
    let head = (option::of(any_device()), option::of(any::<String>()), option::of(any_wall()));
    let lists = (vec(any_reading(), 0..5), vec(status, 0..3), vec(bedside, 0..3));
    (head, option::of(any::<u32>()), lists, any::<u16>()).prop_map(
        |((device, bed, sent), seq, (readings, statuses, bedside_alarms), unknown_keys)| Message {
            device,
            bed: bed.map(Into::into),
            sent,
            seq,
            readings,
            statuses,
            bedside_alarms,
            unknown_keys,
        },
    )
}

fn any_input() -> impl Strategy<Value = Input> {
    let change = prop_oneof![
        Just(LinkChange::Online),
        (any_stamp(), any_text()).prop_map(|(since, why)| LinkChange::Lost { since, why }),
    ];
    let start =
        (any_uuid(), any_text(), any_text(), any_text()).prop_map(|(id, initials, drug, route)| {
            SessionStart {
                id,
                initials,
                drug,
                route,
                age_years: Some(66),
                responsible: Some("kim".into()),
            }
        });
    let ack = (any_uuid(), any::<u32>(), any_uuid(), any_text(), option::of(any_text())).prop_map(
        |(occurrence, revision, command, by, reason)| Act {
            command,
            by: Actor::new(&by, Role::Nurse),
            reason,
            deed: Deed::Acknowledge { occurrence, revision },
        },
    );
    prop_oneof![
        4 => (any_bed(), any_source(), any_device(), any_message()).prop_map(
            |(bed, source, device, message)| Input::Message { bed, source, device, message }
        ),
        1 => (option::of(any_bed()), any_source(), one_of(&Reject::ALL))
            .prop_map(|(bed, source, reason)| Input::Rejected { bed, source, reason }),
        1 => (option::of(any_bed()), any_source(), option::of(any_device()), change).prop_map(
            |(bed, source, device, change)| Input::Link { bed, source, device, change }
        ),
        1 => (any_bed(), start).prop_map(|(bed, start)| Input::SessionStarted { bed, start }),
        1 => (any_bed(), any_stamp())
            .prop_map(|(bed, at)| Input::Dose { bed, dose: DoseEvent::Started { at } }),
        1 => ack.prop_map(Input::Act),
        1 => (any_bed(), any_text()).prop_map(|(bed, why)| Input::Quarantined { bed, why }),
    ]
}

/// Covers each word of an occurrence's enums; its other fields are those of the two examples.
fn any_occurrence() -> impl Strategy<Value = Occurrence> {
    let example = one_of(&[full_occurrence as fn() -> Occurrence, bare_occurrence]);
    let words = (
        one_of(&AlarmFamily::ALL),
        one_of(&Priority::ALL),
        one_of(&super::super::transition::PRESENCES),
        one_of(&super::super::transition::SIGNALS),
        option::of(one_of(&Phase::ALL)),
    );
    let texts = (any::<String>(), vec(any::<String>(), 0..3), option::of(any_text()));
    let ended = option::of((any_stamp(), one_of(&EndReason::ALL)));
    (example, words, texts, any_stamp(), ended).prop_map(|(example, words, texts, onset, ended)| {
        let (family, priority, presence, signal, phase) = words;
        let (text, lines, subject) = texts;
        Occurrence {
            family,
            priority,
            presence,
            signal,
            phase,
            text,
            lines,
            subject,
            onset,
            ended,
            ..example()
        }
    })
}

fn any_transition() -> impl Strategy<Value = Transition> {
    let session = (one_of(&SessionChange::ALL), any_uuid(), option::of(one_of(&Phase::ALL)))
        .prop_map(|(change, session, phase)| {
            let bed = BedId::try_new("bay-2").unwrap();
            Subject::Session { change, bed, session: Some(session), phase, note: None }
        });
    let alarm = (one_of(&Change::ALL), any_occurrence()).prop_map(|(change, occurrence)| {
        Subject::Alarm { change, occurrence: Box::new(occurrence) }
    });
    (any::<u64>(), any_stamp(), prop_oneof![session, alarm])
        .prop_map(|(seq, at, subject)| Transition { seq: Seq(seq), at, subject })
}

proptest! {
    #[test]
    fn an_input_read_back_is_the_one_that_was_written(
        now in any_stamp(),
        first in any::<u64>(),
        input in any_input(),
    ) {
        let written = write_input(&names(), now, ReadingId(first), &input).unwrap();
        let read = read_input(&written, &names().lookup()).unwrap();
        prop_assert_eq!(read, RecordedInput { now, first_reading: ReadingId(first), input });
    }

    #[test]
    fn a_transition_read_back_is_the_one_that_was_written(transition in any_transition()) {
        prop_assert_eq!(read_transition(&write_transition(&transition)), Ok(transition));
    }

    #[test]
    fn no_text_makes_reading_panic(text in any::<String>()) {
        let _ = read_input(&text, &names().lookup());
        let _ = read_transition(&text);
    }
}
