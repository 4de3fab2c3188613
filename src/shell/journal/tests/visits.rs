//! What was measured, given and begun, out of the journal: only what the ward took, and with what
//! people did to it.

use super::support::*;
use super::*;
use crate::domain::act::{Act, Actor, Deed, Disposition, VisitDeed};
use crate::domain::alarm::occurrence::{SessionChange, Subject};
use crate::domain::ids::{BedIndex, SessionId, Uuid};
use crate::domain::input::Input;
use crate::domain::reading::Quantity;
use crate::domain::role::Role;
use crate::domain::session::checks::Checks;
use crate::domain::session::dose::DoseOrder;
use crate::domain::session::hand::HandReading;
use crate::domain::session::start::{Patient, StartOrder, TurnOver};
use crate::shell::lane::{Bucket, ReadingEntry};

const VISIT: SessionId = Uuid::from_bits(77);
const BED: BedIndex = BedIndex(0);

/// An act at second `n`, whose first reading would be `first`; `told` `None`: it was refused.
fn act(n: u64, first: u64, deed: Deed, told: Option<(u64, SessionChange)>) -> Batch {
    let by = Actor::new("kim", Role::Nurse);
    let act = Act { command: Uuid::from_bits(n.into()), by, reason: Some("why".into()), deed };
    let (now, first_reading) = (stamp(n), ReadingId(first));
    let inputs = vec![JournaledInput { now, first_reading, input: Input::Act(act) }];
    let bed = BedId::try_new("bay-1").expect("a right name");
    let transition = |(seq, change)| Transition {
        seq: Seq(seq),
        at: now,
        subject: Subject::Session { change, bed, session: Some(VISIT), phase: None, note: None },
    };
    Batch { ticket: n, inputs, transitions: told.map(transition).into_iter().collect() }
}

fn by_hand(taken: u64) -> Deed {
    let reading = HandReading {
        method: "aneroid".into(),
        taker: None,
        taken: stamp(taken).wall,
        values: vec![(Metric::NibpSys, Quantity(132)), (Metric::NibpDia, Quantity(84))],
        arm: None,
        cuff_size: None,
    };
    Deed::Visit(VisitDeed::EnterReading { bed: BED, session: None, reading })
}

fn given(second: u64) -> DoseOrder {
    let started = Some(stamp(second).wall);
    DoseOrder { micrograms: Some(28_000), started, ..DoseOrder::default() }
}

/// A message, a pressure by hand, one that was refused; a void, one that was refused, an amendment;
/// a dose, one that was refused, one that was taken back.
async fn visit(clinic: &Clinic) -> Journal {
    use SessionChange::{DoseChanged, Dosed, ReadingEntered, ReadingVoided};
    let give = |second| Deed::Visit(VisitDeed::GiveDose { session: VISIT, dose: given(second) });
    let void = |reading| Deed::VoidReading { reading: ReadingId(reading) };
    let amend = Deed::AmendReading { reading: ReadingId(2), value: 72 };
    let undo = Deed::Visit(VisitDeed::UndoDose { session: VISIT, dose: Uuid::from_bits(9) });
    let (journal, _, mut notices) = clinic.open().await;
    for batch in [
        routine(1, 1),
        act(2, 3, by_hand(1), Some((1, ReadingEntered))),
        act(3, 5, by_hand(2), None),
        act(4, 5, void(3), Some((2, ReadingVoided))),
        act(5, 5, void(1), None),
        act(6, 5, amend, Some((3, ReadingVoided))),
        act(7, 5, give(6), Some((4, Dosed))),
        act(8, 5, give(7), None),
        act(9, 5, give(8), Some((5, Dosed))),
        act(10, 5, undo, Some((6, DoseChanged))),
    ] {
        journal.append(batch).expect("there is room");
    }
    committed_through(&mut notices, 10).await;
    journal
}

fn ids(page: &ReadingsPage) -> Vec<u64> {
    page.items.iter().map(|entry| entry.id.0).collect()
}

fn all(bed: BedIndex) -> ReadingsQuery {
    ReadingsQuery { bed, since: None, before: None, limit: 100 }
}

#[tokio::test]
async fn readings_come_newest_first_with_what_people_did_to_them() {
    // Goal: what was refused is not there; a void is of the whole determination; nothing is left
    // out or told twice from page to page.
    let clinic = Clinic::new();
    let journal = visit(&clinic).await;
    let page = journal.readings(all(BED)).await.expect("it is read");
    assert_eq!((ids(&page), page.next), (vec![4, 3, 2, 1], None));
    let corrected = |entry: &ReadingEntry| entry.correction.as_ref().map(|it| it.value);
    let corrections: Vec<_> = page.items.iter().map(corrected).collect();
    assert_eq!(corrections, [Some(None), Some(None), Some(Some(72)), None]);
    let hand = &page.items[0];
    assert_eq!((hand.measured, hand.received), (stamp(1).wall, stamp(2).wall));
    assert_eq!(hand.by_hand.as_ref().map(|(by, _)| &**by), Some("kim"));
    let first = journal.readings(ReadingsQuery { limit: 2, ..all(BED) }).await.expect("it is read");
    assert_eq!((ids(&first), first.next), (vec![4, 3], Some(2)));
    let rest = ReadingsQuery { limit: 2, before: first.next, ..all(BED) };
    let rest = journal.readings(rest).await.expect("it is read");
    assert_eq!((ids(&rest), rest.next), (vec![2, 1], None));
    let since = ReadingsQuery { since: Some(stamp(2).wall), ..all(BED) };
    let since = journal.readings(since).await.expect("it is read");
    assert_eq!((ids(&since), since.next), (vec![4, 3], None));
    let other = journal.readings(all(BedIndex(1))).await.expect("it is read");
    assert_eq!((ids(&other), other.next), (Vec::new(), None));
    journal.close().await.expect("it closes");
}

#[tokio::test]
async fn the_metric_of_a_reading_is_found_by_its_number() {
    let clinic = Clinic::new();
    let journal = visit(&clinic).await;
    let table = [
        (0, None),
        (1, Some(Metric::SpO2)),
        (2, Some(Metric::PulseRate)),
        (3, Some(Metric::NibpSys)),
        (4, Some(Metric::NibpDia)),
        (5, None),
        (u64::MAX, None),
    ];
    for (reading, metric) in table {
        let found = journal.metric_of(ReadingId(reading)).await.expect("it is read");
        assert_eq!(found, metric, "{reading}");
    }
    journal.close().await.expect("it closes");
}

#[tokio::test]
async fn a_trend_has_what_stands_and_doses_that_were_given() {
    let clinic = Clinic::new();
    let journal = visit(&clinic).await;
    let query = TrendQuery { bed: BED, from: stamp(0).wall, to: stamp(10).wall, points: 5 };
    let trend = journal.trend(query).await.expect("it is read");
    let bucket = |value| Some(Bucket { min: value, max: value, sum: value.into(), count: 1 });
    let first = |value| vec![bucket(value), None, None, None, None];
    let expected = [(Metric::PulseRate, first(72)), (Metric::SpO2, first(97))];
    assert_eq!(trend.series, expected.into());
    assert_eq!(trend.doses, [(stamp(6).wall, given(6))]);
    let marks: Vec<_> = trend.marks.iter().map(|mark| mark.seq.0).collect();
    assert_eq!(marks, [1, 2, 3, 4, 5, 6]);
    let later = TrendQuery { from: stamp(3).wall, to: stamp(5).wall, ..query };
    let later = journal.trend(later).await.expect("it is read");
    let marks: Vec<_> = later.marks.iter().map(|mark| mark.seq.0).collect();
    assert_eq!((later.series.len(), later.doses.len(), marks), (0, 0, vec![2]));
    journal.close().await.expect("it closes");
}

#[tokio::test]
async fn sessions_that_were_begun_are_listed_with_their_ends() {
    // Goal: one without a person's act runs; one that was begun and ended by a nurse; one that was
    // refused is not there. Events are a session's own.
    let clinic = Clinic::new();
    let start = |id| {
        let order = StartOrder {
            id,
            patient: Patient { reference: "K-7".into(), ..Patient::default() },
            drug: "ketamine".into(),
            route: "im".into(),
            preset: None,
            turn_over: TurnOver::Unanswered,
        };
        Deed::Visit(VisitDeed::StartSession { bed: BED, order })
    };
    let (disposition, checks) = (Disposition::Admitted, Checks::default());
    let end = Deed::EndSession { session: VISIT, disposition, checks };
    let (journal, _, mut notices) = clinic.open().await;
    for batch in [
        act(1, 1, start(VISIT), Some((1, SessionChange::Started))),
        act(2, 1, start(Uuid::from_bits(78)), None),
        act(3, 1, end.clone(), None),
        act(4, 1, end, Some((2, SessionChange::Ended))),
        session_start(5, 5, Seq(3)),
    ] {
        journal.append(batch).expect("there is room");
    }
    committed_through(&mut notices, 5).await;
    let all = SessionsQuery { before: None, limit: 9, only: None };
    let page = journal.sessions(all).await.expect("it is read");
    let found: Vec<_> = page.items.iter().map(|it| (it.id, it.ended)).collect();
    let ended = Some((stamp(4).wall, Disposition::Admitted));
    assert_eq!(found, [(Uuid::from_bits(5), None), (VISIT, ended)]);
    assert_eq!((&*page.items[1].patient.reference, page.next), ("K-7", None));
    let one = journal.sessions(SessionsQuery { limit: 1, ..all }).await.expect("it is read");
    assert_eq!(one.items, page.items[..1]);
    let rest = journal.sessions(SessionsQuery { before: one.next, limit: 1, ..all }).await;
    let rest = rest.expect("it is read");
    assert_eq!((rest.items.as_slice(), rest.next), (&page.items[1..], None));
    for (id, found) in [(VISIT, &page.items[1..]), (Uuid::from_bits(78), &[])] {
        let only = SessionsQuery { only: Some(id), ..all };
        let one = journal.sessions(only).await.expect("it is read");
        assert_eq!((one.items.as_slice(), one.next), (found, None));
    }
    let events = journal.events(VISIT).await.expect("it is read");
    assert_eq!(events.iter().map(|it| it.seq.0).collect::<Vec<_>>(), [1, 2]);
    assert!(journal.events(Uuid::from_bits(79)).await.expect("it is read").is_empty());
    journal.close().await.expect("it closes");
}
