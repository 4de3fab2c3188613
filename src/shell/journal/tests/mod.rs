//! The journal on a real SQLite file: what goes in comes back, in order and once.
//!
//! Commits are waited for by their notices, under a deadline; the group delay is an hour where a
//! test wants nothing to be committed by time.

mod acts;
mod chain;
mod failing;
mod recorded;
mod refused;
mod schema;
mod session;
mod support;
mod visits;

use self::support::*;
use super::*;

#[tokio::test]
async fn what_was_appended_is_read_back_identically_after_a_restart() {
    // Goal: inputs in order as the tail, the last stamp and the next numbers, transitions by seq.
    let clinic = Clinic::new();
    let (journal, fresh, mut notices) = clinic.open().await;
    assert_eq!((fresh.next_seq, fresh.next_reading), (Seq(1), ReadingId(1)));
    assert!(fresh.checkpoint.is_none() && fresh.tail.is_empty() && fresh.last.is_none());

    let batches =
        [routine(1, 1), alarm(2, 2, Seq(1)), alarm(3, 3, Seq(2)), session_start(4, 4, Seq(3))];
    let inputs: Vec<_> = batches.iter().flat_map(|b| b.inputs.clone()).collect();
    let transitions: Vec<_> = batches.iter().flat_map(|b| b.transitions.clone()).collect();
    for batch in batches {
        journal.append(batch).unwrap();
    }
    committed_through(&mut notices, 4).await;
    let read = journal.transitions(Seq(0), Seq(9), 100).await.unwrap();
    assert_eq!(read, transitions);
    let some = journal.transitions(Seq(1), Seq(3), 1).await.unwrap();
    assert_eq!(some, transitions[1..2]);
    journal.close().await.unwrap();

    let (journal, found, _notices) = clinic.open().await;
    assert_eq!(found.tail, inputs);
    assert_eq!(found.last, Some(transitions[2].at));
    assert_eq!((found.next_seq, found.next_reading), (Seq(4), ReadingId(7)));
    assert_eq!(journal.transitions(Seq(0), Seq(9), 100).await.unwrap(), transitions);
    journal.close().await.unwrap();
}

#[tokio::test]
async fn a_transition_takes_along_all_that_waits_in_one_commit() {
    // Goal: safety P9. Nothing is due by time or size; the transition alone makes the commit.
    let clinic = Clinic::new();
    let (journal, _, mut notices) = clinic.open().await;
    for n in 1..=3 {
        journal.append(routine(n, n)).unwrap();
    }
    journal.append(alarm(4, 4, Seq(1))).unwrap();
    committed_through(&mut notices, 4).await;
    let groups = clinic.column("SELECT body FROM chain WHERE kind = 3").await;
    assert_eq!(groups.len(), 1, "{groups:?}");
    assert!(groups[0].contains(r#""first":1,"last":4"#), "{groups:?}");
    journal.close().await.unwrap();
}

#[tokio::test]
async fn routine_inputs_are_committed_when_the_group_is_full_or_old() {
    // Goal: two journals, one where only the size can make the commit, one where only the time.
    let hour = Duration::from_secs(3600);
    let by_size = Durability { group_inputs: 5, group_delay: hour, ..DURABILITY };
    let millisecond = Duration::from_millis(1);
    let by_time = Durability { group_inputs: 500, group_delay: millisecond, ..DURABILITY };
    for (durability, batches) in [(by_size, 5), (by_time, 1)] {
        let clinic = Clinic { durability, ..Clinic::new() };
        let (journal, _, mut notices) = clinic.open().await;
        for n in 1..=batches {
            journal.append(routine(n, n)).unwrap();
        }
        committed_through(&mut notices, batches).await;
        journal.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_start_finds_the_newest_checkpoint_and_only_what_came_after_it() {
    // Goal: style 2.9. Two checkpoints; the second one and the inputs behind it come back.
    let clinic = Clinic::new();
    let (journal, _, mut notices) = clinic.open().await;
    journal.append(alarm(1, 1, Seq(1))).unwrap();
    journal.checkpoint(b"first".to_vec(), stamp(1));
    journal.append(routine(2, 2)).unwrap();
    journal.checkpoint(b"second".to_vec(), stamp(50));
    journal.append(routine(3, 3)).unwrap();
    let after = routine(4, 4);
    journal.append(after).unwrap();
    journal.append(alarm(5, 5, Seq(2))).unwrap();
    committed_through(&mut notices, 5).await;
    journal.close().await.unwrap();

    let (journal, found, _) = clinic.open().await;
    assert_eq!(found.checkpoint.as_deref(), Some(&b"second"[..]));
    let stamps: Vec<_> = found.tail.iter().map(|input| input.now).collect();
    assert_eq!(stamps, [stamp(3), stamp(4), stamp(5)]);
    assert_eq!(found.last, Some(stamp(50)));
    assert_eq!((found.next_seq, found.next_reading), (Seq(3), ReadingId(11)));
    assert_eq!(clinic.column("SELECT hex(state) FROM checkpoint").await.len(), 1);
    // A checkpoint of a start without inputs keeps the numbers.
    journal.checkpoint(b"third".to_vec(), stamp(60));
    journal.close().await.unwrap();
    let (journal, found, _) = clinic.open().await;
    assert_eq!((found.next_seq, found.next_reading), (Seq(3), ReadingId(11)));
    assert!(found.tail.is_empty() && found.last == Some(stamp(60)));
    journal.close().await.unwrap();
}

#[tokio::test]
async fn after_a_crash_everything_that_was_committed_is_there() {
    // Goal: safety P1. The files are copied while the journal is open: what a kill -9 leaves.
    let clinic = Clinic::new();
    let (journal, _, mut notices) = clinic.open().await;
    let first = alarm(1, 1, Seq(1));
    let expected = (first.inputs.clone(), first.transitions.clone());
    journal.append(first).unwrap();
    committed_through(&mut notices, 1).await;
    journal.append(routine(2, 2)).unwrap();
    let copy = clinic.copy_of_files();
    journal.close().await.unwrap();

    let (journal, found, _notices) = copy.open().await;
    assert_eq!(found.tail, expected.0);
    assert_eq!(journal.transitions(Seq(0), Seq(9), 9).await.unwrap(), expected.1);
    journal.close().await.unwrap();
    assert_eq!(copy.column("PRAGMA integrity_check").await, ["ok"]);
}

#[tokio::test]
async fn closing_commits_what_waits_and_leaves_one_clean_file() {
    let clinic = Clinic::new();
    let (journal, _, _notices) = clinic.open().await;
    assert_eq!(clinic.column("SELECT CAST(clean AS TEXT) FROM meta").await, ["0"]);
    journal.append(routine(1, 1)).unwrap();
    journal.close().await.unwrap();
    let wal = clinic.path().with_extension("db-wal");
    assert!(!wal.exists(), "the log is folded in");
    assert_eq!(clinic.column("SELECT CAST(clean AS TEXT) FROM meta").await, ["1"]);
    assert_eq!(clinic.column("SELECT body FROM input").await.len(), 1);
}

#[tokio::test]
async fn the_alarm_list_holds_each_occurrence_once_newest_first_page_by_page() {
    // Goal: contract 6 GET /alarms. Occurrence 1 changes last, so it comes first.
    let clinic = Clinic::new();
    let (journal, _, mut notices) = clinic.open().await;
    for (ticket, occurrence, bed) in
        [(1, 1, "bay-1"), (2, 2, "bay-2"), (3, 3, "bay-1"), (4, 1, "bay-1")]
    {
        journal.append(alarm_of(ticket, occurrence, bed)).unwrap();
    }
    committed_through(&mut notices, 4).await;
    let page = |query| async {
        let page = journal.alarms(query).await.unwrap();
        (page.items.iter().map(|t| t.seq.0).collect::<Vec<_>>(), page.next)
    };
    let all = AlarmQuery { limit: 2, ..AlarmQuery::default() };
    assert_eq!(page(all.clone()).await, (vec![4, 3], Some(Seq(3))));
    let rest = AlarmQuery { before: Some(Seq(3)), ..all.clone() };
    assert_eq!(page(rest).await, (vec![2], None));
    let bed = Some(crate::domain::ids::BedId::try_new("bay-2").unwrap());
    assert_eq!(page(AlarmQuery { bed, ..all.clone() }).await, (vec![2], None));
    let since = Some(stamp(3).wall);
    assert_eq!(page(AlarmQuery { since, limit: 9, ..all.clone() }).await, (vec![4, 3], None));
    let session = Some(crate::domain::ids::Uuid::from_bits(9));
    assert_eq!(page(AlarmQuery { session, ..all }).await, (vec![], None));
    journal.close().await.unwrap();
}

#[tokio::test]
async fn a_closed_journal_gives_batches_back_and_answers_no_question() {
    let clinic = Clinic::new();
    let (journal, _, _notices) = clinic.open().await;
    let copy = journal.clone();
    journal.close().await.unwrap();
    let batch = routine(7, 1);
    assert_eq!(copy.append(batch).unwrap_err().0.ticket, 7);
    assert!(copy.transitions(Seq(0), Seq(1), 1).await.is_err());
    assert!(matches!(copy.close().await, Err(JournalError::Closed { .. })));
}

#[tokio::test]
async fn an_engine_that_does_not_listen_is_told_of_many_commits_at_once() {
    // Goal: the writer never waits for the engine, and the last ticket still arrives.
    let clinic = Clinic::new();
    let (journal, _, mut notices) = clinic.open().await;
    let many = 400;
    for n in 1..=many {
        journal.append(alarm(n, n, Seq(n))).unwrap();
        // One commit each, so that more notices come than the lane holds.
        while journal.transitions(Seq(n - 1), Seq(n), 1).await.unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
    }
    committed_through(&mut notices, many).await;
    journal.close().await.unwrap();
}

#[tokio::test]
async fn the_write_ahead_log_is_folded_in_as_it_grows() {
    // Goal: a day of readings does not grow the log without end. Three times 4 MB go in, and each
    // time the file is waited for: the writer folds the log in only while nothing waits.
    let clinic = Clinic::new();
    let (journal, _, mut notices) = clinic.open().await;
    let length = |path: std::path::PathBuf| std::fs::metadata(path).unwrap().len();
    let log = || length(clinic.path().with_extension("db-wal"));
    for ticket in 1..=3 {
        let inputs = (1..=24_000).flat_map(|n| routine(ticket, n).inputs).collect();
        journal.append(Batch { ticket, inputs, transitions: Vec::new() }).unwrap();
        committed_through(&mut notices, ticket).await;
        folded_in(|| length(clinic.path()) > ticket * 3_000_000).await;
    }
    assert!(log() < 9_000_000, "the log is {} bytes long", log());
    journal.close().await.unwrap();
}

#[tokio::test]
async fn without_a_close_what_waits_is_committed_and_the_stop_counts_as_unclean() {
    // Goal: an engine that ended in a panic drops its handle; the notices end with the writer.
    let clinic = Clinic::new();
    let (journal, _, mut notices) = clinic.open().await;
    journal.append(routine(1, 1)).unwrap();
    drop(journal);
    committed_through(&mut notices, 1).await;
    let end = tokio::time::timeout(DEADLINE, notices.recv()).await.unwrap();
    assert_eq!(end, None);
    assert_eq!(clinic.column("SELECT CAST(clean AS TEXT) FROM meta").await, ["0"]);
    let (journal, found, _notices) = clinic.open().await;
    assert_eq!(found.tail.len(), 1);
    journal.close().await.unwrap();
}
