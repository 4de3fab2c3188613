//! One commit: a group made into rows with their places and codes, and the SQL that writes them.
//!
//! A prepared commit never changes. Writing it twice (after a failure that may or may not have
//! reached the disk) gives the same rows under the same keys, of which the second are ignored.

use std::sync::Arc;

use serde_json::json;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments as _, AssertSqlSafe, Encode, Executor as _, Sqlite, SqliteConnection, Type};

use super::chain::{self, Entry, Head, Kind, signed, to_hex};
use super::key::Key;
use super::queue::{AlarmRow, Class, Group};
use crate::domain::time::WallTime;

/// Rows of one INSERT; statements of every size up to it are prepared once and kept.
pub(super) const ROWS_MAX: usize = 64;

/// Statements that go to SQLite together. What a transition or two bring fits; a storm takes a few
/// trips more.
const STATEMENTS_MAX: usize = 8;

/// How far the journal has come.
#[derive(Clone, Copy, Debug)]
pub(super) struct Position {
    pub(super) head: Head,
    /// The id of the last input.
    pub(super) input: u64,
}

#[derive(Debug)]
pub(super) struct Prepared {
    /// Where the journal stands once this is committed.
    pub(super) after: Position,
    /// The highest ticket that is durable then.
    pub(super) ticket: Option<u64>,
    entries: Vec<Entry>,
    inputs: Vec<(u64, Arc<str>)>,
    transitions: Vec<(u64, u64)>,
    alarms: Vec<(u64, AlarmRow)>,
    /// Chain entry, last input, state.
    checkpoint: Option<(u64, u64, Vec<u8>)>,
}

impl Prepared {
    /// A group after `at`: its inputs by digest, then acts, transitions and checkpoint.
    pub(super) fn of(group: Group, mut at: Position, key: &Key) -> Self {
        let mut entries = Vec::new();
        let first = at.input + 1;
        let inputs: Vec<_> = (first..).zip(group.inputs.iter().map(|i| i.body.clone())).collect();
        at.input = inputs.last().map_or(at.input, |(id, _)| *id);
        if !inputs.is_empty() || group.lost > 0 {
            let digest = chain::digest_of_inputs(inputs.iter().map(|(_, body)| &**body));
            let (last, sha256) = (at.input, to_hex(&digest));
            let body = json!({"v": 1, "first": first, "last": last, "sha256": sha256,
                "lost": group.lost});
            entries.push(at.head.append(key, Kind::Inputs, body.to_string().into()));
        }
        for act in group.inputs.iter().filter(|input| input.class == Class::Act) {
            entries.push(at.head.append(key, Kind::Act, act.body.clone()));
        }
        let (mut transitions, mut alarms) = (Vec::new(), Vec::new());
        for transition in group.transitions {
            let entry = at.head.append(key, Kind::Transition, transition.body);
            transitions.push((transition.seq.0, entry.n));
            alarms.extend(transition.alarm.map(|alarm| (transition.seq.0, alarm)));
            entries.push(entry);
        }
        let checkpoint = group.checkpoint.map(|c| {
            let stamp = [i128::from(c.at.mono.as_micros()), i128::from(c.at.wall.as_micros())];
            let sha256 = to_hex(&chain::digest_of_state(&c.state));
            let body = json!({"v": 1, "input": at.input, "next_seq": c.next_seq.0,
                "next_reading": c.next_reading.0, "at": stamp, "sha256": sha256});
            entries.push(at.head.append(key, Kind::Checkpoint, body.to_string().into()));
            (at.head.count, at.input, c.state)
        });
        let ticket = group.ticket;
        Self { after: at, ticket, entries, inputs, transitions, alarms, checkpoint }
    }

    /// Entries without rows of their own: start with configuration, or stop.
    pub(super) fn of_entries(
        bodies: impl IntoIterator<Item = (Kind, serde_json::Value)>,
        mut at: Position,
        key: &Key,
    ) -> Self {
        let append = |(kind, body): (Kind, serde_json::Value)| {
            at.head.append(key, kind, body.to_string().into())
        };
        let entries = bodies.into_iter().map(append).collect();
        Self {
            after: at,
            ticket: None,
            entries,
            inputs: Vec::new(),
            transitions: Vec::new(),
            alarms: Vec::new(),
            checkpoint: None,
        }
    }

    /// About how many pages it adds to the write-ahead log: each table's last page and those that
    /// its records fill.
    pub(super) fn log_pages(&self) -> usize {
        const TOUCHED: usize = 8;
        const RECORD_BYTES: usize = 3500;
        let inputs: usize = self.inputs.iter().map(|(_, body)| body.len()).sum();
        let entries: usize = self.entries.iter().map(|entry| entry.body.len()).sum();
        let state = self.checkpoint.as_ref().map_or(0, |(_, _, state)| state.len());
        TOUCHED + (inputs + entries + state) / RECORD_BYTES
    }

    /// Writes it in one durable commit, in as few trips to SQLite's thread as there can be: each
    /// costs two wake-ups, and an alarm waits for all of them.
    ///
    /// # Errors
    /// When any statement fails; the transaction is rolled back, and the same `Prepared` may be
    /// written again.
    pub(super) async fn write(&self, conn: &mut SqliteConnection) -> Result<(), sqlx::Error> {
        let written = self.write_rows(conn).await;
        if written.is_err() {
            // Where nothing was begun there is nothing to take back.
            let _ = conn.execute("ROLLBACK").await;
        }
        written
    }

    async fn write_rows(&self, conn: &mut SqliteConnection) -> Result<(), sqlx::Error> {
        let mut script = Script::default();
        script.put("BEGIN IMMEDIATE");
        for rows in self.inputs.chunks(ROWS_MAX) {
            script.insert("input (id, body)", 2, rows, |script, (id, body)| {
                script.bind(signed(*id));
                script.bind(body.clone());
            });
            script.run(conn).await?;
        }
        for rows in self.entries.chunks(ROWS_MAX) {
            script.run_if_long(conn).await?;
            script.insert("chain (n, kind, body, mac)", 4, rows, |script, entry| {
                script.bind(signed(entry.n));
                script.bind(entry.kind as i64);
                script.bind(entry.body.clone());
                script.bind(entry.mac.to_vec());
            });
        }
        for rows in self.transitions.chunks(ROWS_MAX) {
            script.run_if_long(conn).await?;
            script.insert("transition (seq, n)", 2, rows, |script, (seq, n)| {
                script.bind(signed(*seq));
                script.bind(signed(*n));
            });
        }
        for (seq, alarm) in &self.alarms {
            script.run_if_long(conn).await?;
            script.put_alarm(*seq, alarm);
        }
        if let Some((n, input, state)) = &self.checkpoint {
            script.put("INSERT INTO checkpoint VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
            script.bind(signed(*n));
            script.bind(signed(*input));
            script.bind(state.clone());
            script.put("DELETE FROM checkpoint WHERE n < ?");
            script.bind(signed(*n));
        }
        script.put("UPDATE meta SET head = ?, mac = ?");
        script.bind(signed(self.after.head.count));
        script.bind(self.after.head.mac.to_vec());
        script.put("COMMIT");
        script.run(conn).await
    }
}

/// The bodies of a start: the process and its configuration.
pub(super) fn start(wall: WallTime, configuration: &[u8; 32]) -> [(Kind, serde_json::Value); 2] {
    let release = env!("CARGO_PKG_VERSION");
    let start = json!({"v": 1, "release": release, "wall_us": wall.as_micros()});
    let configuration = json!({"v": 1, "sha256": to_hex(configuration)});
    [(Kind::Start, start), (Kind::Configuration, configuration)]
}

pub(super) fn stop(wall: WallTime) -> [(Kind, serde_json::Value); 1] {
    [(Kind::Stop, json!({"v": 1, "wall_us": wall.as_micros()}))]
}

/// Statements that go to SQLite's thread together, with the values that they bind in their order.
/// Prepared once for each text, so the texts must be few: numbers of rows are all they differ in.
#[derive(Default)]
struct Script {
    sql: String,
    arguments: SqliteArguments,
    statements: usize,
}

impl Script {
    fn put(&mut self, statement: &str) {
        self.sql.push_str(statement);
        self.sql.push(';');
        self.statements += 1;
    }

    fn bind<T>(&mut self, value: T)
    where
        T: for<'q> Encode<'q, Sqlite> + Type<Sqlite>,
    {
        self.arguments.add(value).expect("a number, a text or bytes can be bound");
    }

    /// Rows that are there already stay as they are.
    fn insert<T>(
        &mut self,
        target: &str,
        columns: usize,
        rows: &[T],
        bind: impl Fn(&mut Self, &T),
    ) {
        let row = format!("({})", vec!["?"; columns].join(","));
        let values = vec![row; rows.len()].join(",");
        self.put(&format!("INSERT INTO {target} VALUES {values} ON CONFLICT DO NOTHING"));
        rows.iter().for_each(|row| bind(self, row));
    }

    fn put_alarm(&mut self, seq: u64, alarm: &AlarmRow) {
        self.put(
            "INSERT INTO alarm (occurrence, seq, bed, session, wall_us)
             VALUES (?, ?, ?, ?, ?) ON CONFLICT (occurrence) DO UPDATE SET seq = excluded.seq,
             bed = excluded.bed, session = excluded.session, wall_us = excluded.wall_us
             WHERE excluded.seq > seq",
        );
        self.bind(alarm.occurrence.clone());
        self.bind(signed(seq));
        self.bind(alarm.bed.clone());
        self.bind(alarm.session.clone());
        self.bind(alarm.wall_us);
    }

    async fn run_if_long(&mut self, conn: &mut SqliteConnection) -> Result<(), sqlx::Error> {
        if self.statements < STATEMENTS_MAX { Ok(()) } else { self.run(conn).await }
    }

    async fn run(&mut self, conn: &mut SqliteConnection) -> Result<(), sqlx::Error> {
        let Self { sql, arguments, .. } = std::mem::take(self);
        // Safe: made of our own literals and question marks alone.
        sqlx::query_with(AssertSqlSafe(sql), arguments).execute(conn).await?;
        Ok(())
    }
}
