//! A clinic's files in a directory of their own, batches by number, and waiting for notices.

use std::path::PathBuf;
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, SqliteConnection};
use tempfile::TempDir;
use tokio::sync::mpsc;

use super::super::*;
use crate::domain::alarm::occurrence::{
    Change, Occurrence, Presence, SessionChange, Signal, Subject,
};
use crate::domain::alarm::{AlarmFamily, Priority};
use crate::domain::device::Message;
use crate::domain::ids::{BedIndex, DeviceId, SourceIndex, Uuid};
use crate::domain::input::{Input, SessionStart};
use crate::domain::metric::Metric;
use crate::domain::reading::{Origin, Quantity, Reading, ValueSource};
use crate::domain::time::MonoTime;

/// Nothing is committed by time; failures are healed fast.
pub(super) const DURABILITY: Durability = Durability {
    group_delay: Duration::from_secs(3600),
    retry_delay: Duration::from_millis(5),
    ..Durability::CLINIC
};

/// As `DURABILITY`, where a lock of another program is to be too long.
pub(super) const IMPATIENT: Durability =
    Durability { busy_timeout: Duration::from_millis(20), ..DURABILITY };

/// Longest wait for anything; far beyond what a slow disk needs.
pub(super) const DEADLINE: Duration = Duration::from_secs(60);

/// Readings in each message.
const READINGS: u64 = 2;

pub(super) struct Clinic {
    pub(super) directory: TempDir,
    pub(super) durability: Durability,
    pub(super) head_file: Option<PathBuf>,
}

impl Clinic {
    pub(super) fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        Self { directory, durability: DURABILITY, head_file: None }
    }

    pub(super) fn path(&self) -> PathBuf {
        self.directory.path().join("data/journal.db")
    }

    pub(super) fn key_file(&self) -> PathBuf {
        self.directory.path().join("secrets/audit.key")
    }

    pub(super) fn options(&self) -> Options {
        let beds = ["bay-1", "bay-2"].iter().map(|name| BedId::try_new(name).unwrap()).collect();
        Options {
            path: self.path(),
            key_file: self.key_file(),
            head_file: self.head_file.clone(),
            names: Names { beds, sources: vec!["ward".into()] },
            configuration: [7; 32],
            durability: self.durability,
        }
    }

    pub(super) async fn open(&self) -> (Journal, Recovery, mpsc::Receiver<Notice>) {
        open(self.options()).await.unwrap()
    }

    pub(super) async fn refusal(&self) -> JournalError {
        open(self.options()).await.expect_err("it must be refused")
    }

    /// The files as they are on the disk now, in a directory of their own.
    pub(super) fn copy_of_files(&self) -> Self {
        let copy = Self { head_file: self.head_file.clone(), ..Self::new() };
        for folder in ["data", "secrets"] {
            std::fs::create_dir(copy.directory.path().join(folder)).unwrap();
            for file in std::fs::read_dir(self.directory.path().join(folder)).unwrap() {
                let file = file.unwrap();
                let to = copy.directory.path().join(folder).join(file.file_name());
                std::fs::copy(file.path(), to).unwrap();
            }
        }
        copy
    }

    /// A second connection, as another program would have it.
    pub(super) async fn intruder(&self) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(self.path()).foreign_keys(false);
        options.connect().await.unwrap()
    }

    pub(super) async fn column(&self, sql: &str) -> Vec<String> {
        let mut conn = self.intruder().await;
        let query = sqlx::query_scalar(AssertSqlSafe(sql.to_owned()));
        let rows = query.fetch_all(&mut conn).await.unwrap();
        conn.close().await.unwrap();
        rows
    }

    pub(super) async fn execute(&self, sql: &str) {
        let mut conn = self.intruder().await;
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut conn).await.unwrap();
        conn.close().await.unwrap();
    }
}

pub(super) fn stamp(second: u64) -> Stamp {
    let micros = second * 1_000_000;
    let wall = 1_795_342_507_000_000 + i64::try_from(micros).unwrap();
    Stamp { mono: MonoTime::from_micros(micros), wall: WallTime::from_micros(wall) }
}

fn message(n: u64) -> JournaledInput {
    let reading = |metric, v| Reading::new(metric, Ok(Quantity(v)), ValueSource::Pleth);
    let message = Message {
        seq: u32::try_from(n).ok(),
        readings: vec![reading(Metric::SpO2, 97), reading(Metric::PulseRate, 71)],
        ..Message::default()
    };
    JournaledInput {
        now: stamp(n),
        first_reading: ReadingId(1 + (n - 1) * READINGS),
        input: Input::Message {
            bed: BedIndex(0),
            source: SourceIndex(0),
            device: DeviceId::try_new("oxi-1").unwrap(),
            message,
        },
    }
}

/// Message number `n`, which caused nothing.
pub(super) fn routine(ticket: u64, n: u64) -> Batch {
    Batch { ticket, inputs: vec![message(n)], transitions: Vec::new() }
}

/// Message number `n`, which raised an alarm.
pub(super) fn alarm(ticket: u64, n: u64, seq: Seq) -> Batch {
    let transition = raised(seq, stamp(n), 1, "bay-1");
    Batch { ticket, inputs: vec![message(n)], transitions: vec![transition] }
}

/// Ticket, message, seq and second are all `n`; the occurrence and its bed are given.
pub(super) fn alarm_of(n: u64, occurrence: u128, bed: &str) -> Batch {
    let transition = raised(Seq(n), stamp(n), occurrence, bed);
    Batch { ticket: n, inputs: vec![message(n)], transitions: vec![transition] }
}

/// A session's start at second `n`.
pub(super) fn session_start(ticket: u64, n: u64, seq: Seq) -> Batch {
    let id = Uuid::from_bits(5);
    let start = SessionStart {
        id,
        initials: "A.B.".into(),
        drug: "ketamine".into(),
        route: "iv".into(),
        age_years: None,
        responsible: None,
    };
    let subject = Subject::Session {
        change: SessionChange::Started,
        bed: BedId::try_new("bay-1").unwrap(),
        session: Some(id),
        note: None,
        phase: None,
    };
    let input = Input::SessionStarted { bed: BedIndex(0), start };
    let first_reading = ReadingId(1 + (n - 1) * READINGS);
    Batch {
        ticket,
        inputs: vec![JournaledInput { now: stamp(n), first_reading, input }],
        transitions: vec![Transition { seq, at: stamp(n), subject }],
    }
}

fn raised(seq: Seq, at: Stamp, occurrence: u128, bed: &str) -> Transition {
    let occurrence = Occurrence {
        ended_by: None,
        id: Uuid::from_bits(occurrence),
        revision: 1,
        bed: Some(BedId::try_new(bed).unwrap()),
        session: None,
        origin: Origin::Patient,
        outage: false,
        family: AlarmFamily::SpO2Low,
        subject: None,
        rule: None,
        priority: Priority::High,
        highest: Priority::High,
        presence: Presence::Present,
        frozen: false,
        restored: false,
        confirm_until: None,
        signal: Signal::Active,
        escalation: 0,
        text: "SpO2 84 ≤ 85 %".into(),
        lines: Vec::new(),
        metric: Some(Metric::SpO2),
        value: Some(Quantity(84)),
        limit: Some(85),
        baseline: None,
        reading: None,
        phase: None,
        since_dose: None,
        onset: at,
        asked: at,
        next_step: None,
        ended: None,
        acknowledged: None,
    };
    let occurrence = Box::new(occurrence);
    Transition { seq, at, subject: Subject::Alarm { change: Change::Raised, occurrence } }
}

pub(super) async fn next(notices: &mut mpsc::Receiver<Notice>) -> Notice {
    let notice = tokio::time::timeout(DEADLINE, notices.recv()).await;
    notice.expect("no notice before the deadline").expect("the writer lives")
}

/// Waits until everything up to `ticket` is durable; any failure on the way fails the test.
pub(super) async fn committed_through(notices: &mut mpsc::Receiver<Notice>, ticket: u64) {
    loop {
        match next(notices).await {
            Notice::Committed { through, .. } if through >= ticket => return,
            Notice::Committed { .. } => {}
            Notice::Failed { why } => panic!("a commit failed: {why}"),
            Notice::Healed => panic!("healed without a failure"),
        }
    }
}

/// Waits until the file has what the log held.
pub(super) async fn folded_in(is_in_the_file: impl Fn() -> bool) {
    let wait = async {
        while !is_in_the_file() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(DEADLINE, wait).await.expect("the log is not folded in");
}
