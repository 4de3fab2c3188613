//! Commits that fail: kept, tried again, told once, doubled never.

use sqlx::Executor as _;

use super::*;

/// Makes every commit with inputs fail until it is dropped.
const BREAK: &str = "CREATE TRIGGER broken BEFORE INSERT ON input
     BEGIN SELECT RAISE(ABORT, 'disk full'); END";
const HEAL: &str = "DROP TRIGGER broken";

async fn failed(notices: &mut mpsc::Receiver<Notice>) -> Arc<str> {
    match next(notices).await {
        Notice::Failed { why } => why,
        other @ (Notice::Committed { .. } | Notice::Healed) => panic!("not a failure: {other:?}"),
    }
}

/// Waits for the healing, then for the ticket; another failure in between would be told twice.
async fn healed_through(notices: &mut mpsc::Receiver<Notice>, ticket: u64) {
    assert_eq!(next(notices).await, Notice::Healed);
    committed_through(notices, ticket).await;
}

#[tokio::test]
async fn a_failing_commit_is_told_once_kept_and_retried_without_loss_or_double() {
    // Goal: safety P4. A trigger refuses inputs, more batches arrive meanwhile, then it is gone.
    let clinic = Clinic::new();
    let (journal, _, mut notices) = clinic.open().await;
    journal.append(alarm(1, 1, Seq(1))).unwrap();
    committed_through(&mut notices, 1).await;
    clinic.execute(BREAK).await;
    journal.append(alarm(2, 2, Seq(2))).unwrap();
    assert!(failed(&mut notices).await.contains("disk full"));
    journal.append(routine(3, 3)).unwrap();
    journal.append(alarm(4, 4, Seq(3))).unwrap();
    journal.append(routine(5, 5)).unwrap();
    clinic.execute(HEAL).await;
    healed_through(&mut notices, 4).await;
    let seqs: Vec<_> =
        journal.transitions(Seq(0), Seq(9), 9).await.unwrap().iter().map(|t| t.seq.0).collect();
    assert_eq!(seqs, [1, 2, 3]);
    journal.close().await.unwrap();

    let (journal, found, _notices) = clinic.open().await;
    let stamps: Vec<_> = found.tail.iter().map(|input| input.now).collect();
    assert_eq!(stamps, [1, 2, 3, 4, 5].map(stamp));
    journal.close().await.unwrap();
}

#[tokio::test]
async fn a_lock_of_another_program_beyond_the_timeout_fails_and_heals() {
    let clinic = Clinic { durability: IMPATIENT, ..Clinic::new() };
    let (journal, _, mut notices) = clinic.open().await;
    let mut other = clinic.intruder().await;
    other.execute("BEGIN EXCLUSIVE").await.unwrap();
    journal.append(alarm(1, 1, Seq(1))).unwrap();
    failed(&mut notices).await;
    other.execute("ROLLBACK").await.unwrap();
    healed_through(&mut notices, 1).await;
    assert_eq!(journal.transitions(Seq(0), Seq(9), 9).await.unwrap().len(), 1);
    journal.close().await.unwrap();
}

#[tokio::test]
async fn a_commit_that_reached_the_disk_and_was_reported_as_failed_is_not_doubled() {
    // Goal: the same prepared commit written twice leaves the rows of one.
    use super::super::commit::{Position, Prepared};
    use super::super::queue::Queue;
    let clinic = Clinic::new();
    let (journal, _, _notices) = clinic.open().await;
    journal.close().await.unwrap();
    let mut conn = clinic.intruder().await;
    let key = Key::read_or_make(&clinic.key_file(), super::super::key::Chained::Already).unwrap();
    let head = super::super::chain::head(&mut conn).await.unwrap();

    let mut queue = Queue::new(Seq(1), ReadingId(1));
    let now = crate::shell::clock::Clock::start(crate::shell::clock::Speed::REAL, None).real();
    queue.push(session_start(1, 1, Seq(1)), &clinic.options().names, now);
    queue.push(alarm(2, 2, Seq(2)), &clinic.options().names, now);
    queue.push_checkpoint(b"state".to_vec(), stamp(2));
    let group = queue.pop().unwrap();
    let prepared = Prepared::of(group, Position { head, input: 0 }, &key);
    let counts = "SELECT format('%d %d %d %d %d', (SELECT count(*) FROM input),
        (SELECT count(*) FROM chain), (SELECT count(*) FROM transition),
        (SELECT count(*) FROM alarm), (SELECT count(*) FROM checkpoint))";
    prepared.write(&mut conn).await.unwrap();
    let once = clinic.column(counts).await;
    prepared.write(&mut conn).await.unwrap();
    // Start, configuration and stop; then inputs, act, two transitions and the checkpoint.
    assert_eq!(clinic.column(counts).await, once);
    assert_eq!(once, ["2 8 2 1 1"]);
}

#[tokio::test]
async fn with_commits_failing_routine_inputs_are_bounded_and_transitions_are_not() {
    // Goal: of ten routine inputs the newest three stay, all transitions and their causes do.
    let durability = Durability { routine_inputs_max: 3, ..DURABILITY };
    let clinic = Clinic { durability, ..Clinic::new() };
    let (journal, _, mut notices) = clinic.open().await;
    clinic.execute(BREAK).await;
    journal.append(alarm(1, 1, Seq(1))).unwrap();
    failed(&mut notices).await;
    for n in 2..=11 {
        journal.append(routine(n, n)).unwrap();
    }
    journal.append(alarm(12, 12, Seq(2))).unwrap();
    // The writer has taken all of them once the lane is as free as at the start.
    while journal.lane.capacity() < LANE {
        tokio::task::yield_now().await;
    }
    clinic.execute(HEAL).await;
    healed_through(&mut notices, 12).await;
    journal.close().await.unwrap();

    let lost = clinic.column("SELECT body FROM chain WHERE kind = 3").await;
    assert!(lost.iter().any(|body| body.contains(r#""lost":7"#)), "{lost:?}");
    let (journal, found, _notices) = clinic.open().await;
    let stamps: Vec<_> = found.tail.iter().map(|input| input.now).collect();
    assert_eq!(stamps, [1, 9, 10, 11, 12].map(stamp));
    assert_eq!(journal.transitions(Seq(0), Seq(9), 9).await.unwrap().len(), 2);
    journal.close().await.unwrap();
}

#[tokio::test]
async fn closing_while_commits_fail_says_so_and_the_next_start_is_checked() {
    let clinic = Clinic::new();
    let (journal, _, mut notices) = clinic.open().await;
    clinic.execute(BREAK).await;
    journal.append(alarm(1, 1, Seq(1))).unwrap();
    failed(&mut notices).await;
    assert!(journal.close().await.is_err());
    assert_eq!(clinic.column("SELECT CAST(clean AS TEXT) FROM meta").await, ["0"]);
    clinic.execute(HEAL).await;
    let (journal, found, _notices) = clinic.open().await;
    assert!(found.tail.is_empty());
    journal.close().await.unwrap();
}
