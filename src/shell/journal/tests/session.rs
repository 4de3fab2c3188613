//! The record of one session: its own transitions, the inputs of its beds and time, and nothing of
//! another's.

use super::super::session::TRANSITIONS;
use super::support::*;
use super::*;
use crate::domain::alarm::occurrence::{SessionChange, Subject};
use crate::domain::ids::{BedIndex, Uuid};
use crate::domain::input::Input;

const SESSION: SessionId = Uuid::from_bits(5);

/// Message number `n` of another bed, at the same second.
fn elsewhere(ticket: u64, n: u64, bed: u32) -> Batch {
    let mut batch = routine(ticket, n);
    if let Input::Message { bed: place, .. } = &mut batch.inputs[0].input {
        *place = BedIndex(bed);
    }
    batch
}

/// The end of the session at second `n`.
fn ended(ticket: u64, n: u64, seq: Seq) -> Batch {
    let mut batch = session_start(ticket, n, seq);
    batch.inputs = routine(ticket, n).inputs;
    if let Subject::Session { change, .. } = &mut batch.transitions[0].subject {
        *change = SessionChange::Ended;
    }
    batch
}

fn seconds(record: &SessionRecord) -> Vec<u64> {
    record.inputs.iter().map(|input| input.now.mono.as_micros() / 1_000_000).collect()
}

/// A session from second 7300 to 7400 on bay-1, with readings before, meanwhile and after, on its
/// bed and on another.
async fn recorded(journal: &Journal, notices: &mut mpsc::Receiver<Notice>) {
    let batches = [
        routine(1, 50),
        routine(2, 200),
        elsewhere(3, 7290, 1),
        session_start(4, 7300, Seq(1)),
        routine(5, 7350),
        elsewhere(6, 7360, 1),
        alarm(7, 7370, Seq(2)),
        ended(8, 7400, Seq(3)),
        routine(9, 7401),
        alarm(10, 7402, Seq(4)),
    ];
    for batch in batches {
        journal.append(batch).expect("there is room");
    }
    committed_through(notices, 10).await;
}

#[tokio::test]
async fn a_session_s_record_is_of_its_bed_and_time() {
    // Goal: two hours before it may hold accepted readings; what is older, later or of another
    // bed does not come, nor do alarms that are not the session's.
    let clinic = Clinic::new();
    let (journal, _, mut notices) = clinic.open().await;
    recorded(&journal, &mut notices).await;
    let record = journal.session(SESSION).await.expect("it is read").expect("it is there");
    assert_eq!(seconds(&record), [200, 7300, 7350, 7370, 7400]);
    let numbers: Vec<_> = record.transitions.iter().map(|it| it.seq.0).collect();
    assert_eq!(numbers, [1, 3]);
    assert_eq!(record.configuration, "07".repeat(32));
    assert_eq!(clinic.column("SELECT lower(hex(mac)) FROM meta").await, [record.head.code()]);
    let unknown = journal.session(Uuid::from_bits(6)).await.expect("it is read");
    assert!(unknown.is_none());
    journal.close().await.unwrap();
}

#[tokio::test]
async fn a_session_s_record_is_read_from_the_shell_while_the_service_runs() {
    let clinic = Clinic::new();
    let (journal, _, mut notices) = clinic.open().await;
    recorded(&journal, &mut notices).await;
    let mut beside = Recorded::open(&clinic.path()).await.expect("a second reader");
    let names = clinic.options().names;
    let record = beside.session(&names, SESSION).await.expect("it is read").expect("it is there");
    let own = journal.session(SESSION).await.expect("it is read").expect("it is there");
    assert_eq!((record.inputs, record.transitions), (own.inputs, own.transitions));
    journal.close().await.unwrap();
}

#[tokio::test]
async fn a_session_s_record_is_found_by_an_index() {
    // Goal: years of a clinic's journal are not scanned for one report.
    let clinic = Clinic::new();
    let (journal, _, _notices) = clinic.open().await;
    let sql = format!("EXPLAIN QUERY PLAN {TRANSITIONS}");
    let mut conn = clinic.intruder().await;
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind("x").fetch_all(&mut conn).await.unwrap();
    let steps = rows.iter().map(|row| sqlx::Row::try_get::<String, _>(row, 3).unwrap());
    let plan = steps.collect::<Vec<_>>().join("; ");
    assert!(plan.contains("chain_session") && !plan.contains("SCAN"), "{plan}");
    journal.close().await.unwrap();
}
