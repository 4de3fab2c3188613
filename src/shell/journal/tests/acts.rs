//! The audit: people's acts out of the chain, newest first, each with what it caused.

use super::support::*;
use super::*;
use crate::domain::act::{Act, Actor, Deed};
use crate::domain::ids::{BedIndex, Uuid};
use crate::domain::input::Input;
use crate::domain::role::Role;
use crate::shell::lane::ActEntry;

fn act(n: u64) -> Act {
    Act {
        command: Uuid::from_bits(n.into()),
        by: Actor::new("kim", Role::Nurse),
        reason: Some("movement".into()),
        deed: Deed::PauseAudio { bed: BedIndex(1) },
    }
}

/// Act number `n` at second `n`, which caused so many transitions from number `seq` on.
fn of_act(n: u64, seq: Seq, caused: u64) -> Batch {
    let input = Input::Act(act(n));
    let inputs = vec![JournaledInput { now: stamp(n), first_reading: ReadingId(1), input }];
    let of = |it: u64| alarm_of(n, u128::from(it), "bay-2").transitions.remove(0);
    let numbered = |it: u64| Transition { seq: Seq(seq.0 + it), ..of(it) };
    Batch { ticket: n, inputs, transitions: (0..caused).map(numbered).collect() }
}

fn all() -> ActsQuery {
    ActsQuery { since: None, before: None, limit: 100 }
}

fn numbers(page: &ActsPage) -> Vec<(u128, usize)> {
    let number = |entry: &ActEntry| {
        let taken = entry.act.as_ref().expect("it is read");
        (taken.act.command.as_bits(), taken.caused.len())
    };
    page.items.iter().map(number).collect()
}

#[tokio::test]
async fn acts_come_newest_first_each_with_what_it_caused_and_nothing_else() {
    // Goal: acts committed together and alone, one that caused nothing, and a session's start,
    // which no person is named for. Method: an hour's group delay puts the first ones into one
    // commit.
    let clinic = Clinic::new();
    let (journal, _, mut notices) = clinic.open().await;
    journal.append(of_act(1, Seq(1), 0)).expect("there is room");
    journal.append(of_act(2, Seq(1), 2)).expect("there is room");
    journal.append(session_start(3, 3, Seq(3))).expect("there is room");
    journal.append(of_act(4, Seq(4), 1)).expect("there is room");
    committed_through(&mut notices, 4).await;
    let page = journal.acts(all()).await.expect("it is read");
    assert_eq!((numbers(&page), page.next), (vec![(4, 1), (2, 2), (1, 0)], None));
    let newest = page.items[0].act.as_ref().expect("it is read");
    assert_eq!((newest.at, &newest.act), (stamp(4), &act(4)));
    assert_eq!(newest.caused[0].seq, Seq(4));
    journal.close().await.expect("it closes");
}

#[tokio::test]
async fn acts_are_read_page_by_page_and_not_beyond_a_time() {
    let clinic = Clinic::new();
    let (journal, _, mut notices) = clinic.open().await;
    for n in 1..=5 {
        journal.append(of_act(n, Seq(n), 1)).expect("there is room");
        committed_through(&mut notices, n).await;
    }
    let mut query = ActsQuery { limit: 2, ..all() };
    let mut seen = Vec::new();
    loop {
        let page = journal.acts(query).await.expect("it is read");
        seen.extend(numbers(&page));
        match page.next {
            Some(next) => query.before = Some(next),
            None => break,
        }
    }
    assert_eq!(seen, [(5, 1), (4, 1), (3, 1), (2, 1), (1, 1)]);
    let since = Some(stamp(4).wall);
    let late = journal.acts(ActsQuery { since, ..all() }).await.expect("it is read");
    assert_eq!(numbers(&late), [(5, 1), (4, 1)]);
    journal.close().await.expect("it closes");
}

#[tokio::test]
async fn an_act_on_a_bed_that_left_the_configuration_says_so() {
    let clinic = Clinic::new();
    let (journal, _, mut notices) = clinic.open().await;
    journal.append(of_act(1, Seq(1), 0)).expect("there is room");
    journal.append(alarm(2, 2, Seq(1))).expect("there is room");
    committed_through(&mut notices, 2).await;
    journal.checkpoint(b"state".to_vec(), stamp(2));
    journal.close().await.expect("it closes");

    let mut options = clinic.options();
    options.names.beds.truncate(1);
    let (journal, ..) = open(options).await.expect("what came after the checkpoint is read");
    let page = journal.acts(all()).await.expect("it is read");
    let [ActEntry { act: Err(why), .. }] = page.items.as_slice() else { panic!("{page:?}") };
    assert!(why.contains("bay-2"), "{why}");
    journal.close().await.expect("it closes");
}
