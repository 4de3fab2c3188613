//! The journal: inputs and transitions in, durable tickets out; and back at start, as the newest
//! checkpoint and what came after it (`style` 2.9, `safety` A2, A8, P1, P4, P5, P9).
//!
//! One SQLite file in WAL mode with synchronous=FULL, one writer on its own thread, one read-only
//! pool for questions. A batch with transitions is committed at once and takes along everything
//! that waits; routine inputs are committed in groups. Nothing here blocks the engine: a batch goes
//! into a bounded lane, and what became of it comes back as a `Notice`. While commits fail, what
//! waits stays in memory and is tried again; a retry doubles nothing.
//!
//! If the notices end without `close`, the writer died: that is a panic, and the process must end.
//!
//! The same file holds the tables of users and log-ins; `side` gives connections to them.
//!
//! Not here: when to publish without a commit, the alarm of a stalled journal (the engine's), and
//! retention.

mod acts;
pub mod chain;
mod commit;
mod error;
mod head;
mod key;
mod open;
mod private;
mod queue;
mod read;
mod readings;
mod recorded;
mod session;
mod sessions;
mod side;
#[cfg(test)]
mod tests;
mod trend;
mod writer;

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use sqlx::SqlitePool;
use tokio::sync::{mpsc, oneshot};

pub use self::error::JournalError;
pub use self::key::Key;
pub use self::open::open;
pub use self::recorded::Recorded;
pub use self::session::SessionRecord;
pub use self::side::{Side, prepare, side};
use self::writer::Job;
use crate::domain::alarm::occurrence::Transition;
use crate::domain::ids::{BedId, ReadingId, Seq, SessionId};
use crate::domain::metric::Metric;
use crate::domain::record::{Names, RecordedInput};
use crate::domain::time::{Stamp, WallTime};
use crate::shell::lane::{
    ActsPage, ActsQuery, ReadingsPage, ReadingsQuery, SessionsPage, SessionsQuery, Trend,
    TrendQuery,
};

/// Batches and checkpoints on their way to the writer (`style` 2.3, flow control).
const LANE: usize = 4096;

/// An input with its `now` and the number of its first reading.
pub type JournaledInput = RecordedInput;

/// What the engine hands over in one go; durable together.
#[derive(Debug, PartialEq, Eq)]
pub struct Batch {
    /// Rises from batch to batch; comes back in `Notice::Committed`.
    pub ticket: u64,
    pub inputs: Vec<JournaledInput>,
    /// What the inputs caused, in the order of their `seq`.
    pub transitions: Vec<Transition>,
}

/// What became of batches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Every batch up to this ticket is durable.
    Committed {
        through: u64,
        /// Real time of the commit; the longest, where one notice stands for several commits.
        took: Duration,
    },
    /// A commit failed; told once, until `Healed`. What waits is kept and tried again.
    Failed { why: Arc<str> },
    /// Commits succeed again.
    Healed,
}

/// What a start finds.
#[derive(Debug)]
pub struct Recovery {
    /// The newest checkpoint's state.
    pub checkpoint: Option<Vec<u8>>,
    /// Every input after it, in order.
    pub tail: Vec<JournaledInput>,
    /// The latest stamp in the journal; `None` in a new one.
    pub last: Option<Stamp>,
    /// The first transition number that is free.
    pub next_seq: Seq,
    /// The first reading number that is free.
    pub next_reading: ReadingId,
}

/// Where the journal is and how it writes.
#[derive(Clone, Debug)]
pub struct Options {
    /// The database file; made, with its directory, where there is none.
    pub path: PathBuf,
    /// The chain's key (contract 3.1 `[audit]`).
    pub key_file: PathBuf,
    /// Where the chain's head is also kept; on another disk or machine.
    pub head_file: Option<PathBuf>,
    /// The beds and sources of the configuration in force.
    pub names: Names,
    /// SHA-256 of the effective configuration: an entry of the chain at each start.
    pub configuration: [u8; 32],
    pub durability: Durability,
}

/// When commits happen. `Durability::CLINIC` but in tests.
#[derive(Clone, Copy, Debug)]
pub struct Durability {
    /// Longest wait of a routine input for its commit: what a power cut may take.
    pub group_delay: Duration,
    /// So many inputs are committed without waiting longer.
    pub group_inputs: usize,
    /// How long a commit waits for a lock of another program.
    pub busy_timeout: Duration,
    /// Between two attempts while commits fail.
    pub retry_delay: Duration,
    /// Routine inputs kept in memory while commits fail; older ones are dropped and counted.
    pub routine_inputs_max: usize,
}

/// The lane was full, or the journal is closed: the batch comes back. Its `Debug` text does not
/// show it, for batches hold patients' data.
pub struct Full<T>(pub T);

/// Which occurrences, newest transition first.
#[derive(Clone, Debug, Default)]
pub struct AlarmQuery {
    pub bed: Option<BedId>,
    pub session: Option<SessionId>,
    /// Whose latest transition is not older.
    pub since: Option<WallTime>,
    /// The cursor: a page's `next`.
    pub before: Option<Seq>,
    /// At most so many; 1 to 1000.
    pub limit: usize,
}

/// One page of occurrences, each as its latest transition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlarmPage {
    pub items: Vec<Transition>,
    /// `before` of the next page; `None` on the last.
    pub next: Option<Seq>,
}

/// The handle; copies share one journal.
#[derive(Clone, Debug)]
pub struct Journal {
    lane: mpsc::Sender<Job>,
    pool: SqlitePool,
    path: Arc<PathBuf>,
    names: Arc<Names>,
    writer: Arc<Mutex<Option<JoinHandle<()>>>>,
}

impl<T> fmt::Debug for Full<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Full(..)")
    }
}

impl Durability {
    /// `style` 2.9 and `dependencies` Storage: 1 s or 500 rows; a lock waits 5 s. Of the second,
    /// the engine holds an input for up to 250 ms and the commit takes some: 700 ms are left. The
    /// retry and the memory bound are ours: 100,000 messages are some 40 MB.
    pub const CLINIC: Self = Self {
        group_delay: Duration::from_millis(700),
        group_inputs: 500,
        busy_timeout: Duration::from_secs(5),
        retry_delay: Duration::from_millis(500),
        routine_inputs_max: 100_000,
    };
}

impl Journal {
    /// Hands a batch to the writer; never waits.
    ///
    /// # Errors
    /// `Full` with the batch when the lane is full or the journal closed.
    pub fn append(&self, batch: Batch) -> Result<(), Full<Batch>> {
        self.lane.try_send(Job::Batch(batch)).map_err(|refused| match refused.into_inner() {
            Job::Batch(batch) => Full(batch),
            Job::Checkpoint { .. } | Job::Close(_) => unreachable!("a batch was sent"),
        })
    }

    /// Stores the engine's state as of everything appended before this call, and `through` as the
    /// time that it stands for. With a full lane it is left out: the next one does as well.
    pub fn checkpoint(&self, state: Vec<u8>, through: Stamp) {
        if self.lane.try_send(Job::Checkpoint { state, through }).is_err() {
            tracing::warn!("a checkpoint was left out: the journal's lane is full or closed");
        }
    }

    /// The committed transitions with `after` < seq <= `through`, in order, at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read, or holds a record that this release cannot.
    pub async fn transitions(
        &self,
        after: Seq,
        through: Seq,
        limit: usize,
    ) -> Result<Vec<Transition>, JournalError> {
        read::transitions(&self.pool, &self.path, after, through, limit).await
    }

    /// The latest committed transition of each occurrence, newest first.
    ///
    /// # Errors
    /// As `transitions`.
    pub async fn alarms(&self, query: AlarmQuery) -> Result<AlarmPage, JournalError> {
        read::alarms(&self.pool, &self.path, &query).await
    }

    /// People's acts with what they caused, newest first.
    ///
    /// # Errors
    /// As `transitions`; an act that this configuration can't read is an entry that says so.
    pub async fn acts(&self, query: ActsQuery) -> Result<ActsPage, JournalError> {
        acts::acts(&self.pool, &self.path, &self.names, query).await
    }

    /// What is filed of one session; `None`: there is no such session.
    ///
    /// # Errors
    /// As `transitions`; an input that this configuration can't read is one, too.
    pub async fn session(&self, id: SessionId) -> Result<Option<SessionRecord>, JournalError> {
        let failed = |error| JournalError::database(&self.path, error);
        let mut snapshot = self.pool.begin().await.map_err(failed)?;
        session::session(&mut snapshot, &self.path, &self.names, id).await
    }

    /// Single readings of a bed, newest first, with what people did to them.
    ///
    /// # Errors
    /// As `transitions`.
    pub async fn readings(&self, query: ReadingsQuery) -> Result<ReadingsPage, JournalError> {
        readings::readings(&self.pool, &self.path, &self.names, query).await
    }

    /// The metric of a reading; `None`: there is none of that number.
    ///
    /// # Errors
    /// As `transitions`.
    pub async fn metric_of(&self, reading: ReadingId) -> Result<Option<Metric>, JournalError> {
        readings::metric_of(&self.pool, &self.path, &self.names, reading).await
    }

    /// A bed's values by buckets of time, and what happened meanwhile.
    ///
    /// # Errors
    /// As `transitions`.
    pub async fn trend(&self, query: TrendQuery) -> Result<Trend, JournalError> {
        trend::trend(&self.pool, &self.path, &self.names, query).await
    }

    /// Sessions that were begun, newest first.
    ///
    /// # Errors
    /// As `transitions`.
    pub async fn sessions(&self, query: SessionsQuery) -> Result<SessionsPage, JournalError> {
        sessions::sessions(&self.pool, &self.path, &self.names, query).await
    }

    /// What happened in a session, its alarms apart, in the order of the numbers.
    ///
    /// # Errors
    /// As `transitions`.
    pub async fn events(&self, session: SessionId) -> Result<Vec<Transition>, JournalError> {
        sessions::events(&self.pool, &self.path, session).await
    }

    /// Commits what waits, ends the chain with a stop, folds the write-ahead log into the file and
    /// ends the thread. Copies of this handle are of no more use.
    ///
    /// # Errors
    /// When the last commit failed: what waited is lost, and the next start finds an unclean stop.
    pub async fn close(self) -> Result<(), JournalError> {
        // Readers would keep the log from being folded in.
        self.pool.close().await;
        let (done, closed) = oneshot::channel();
        let gone = || JournalError::Closed { path: self.path.to_path_buf() };
        self.lane.send(Job::Close(done)).await.map_err(|_| gone())?;
        let result = closed.await.map_err(|_| gone())?;
        let thread = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let joined = tokio::task::spawn_blocking(move || thread.join()).await;
            assert!(matches!(joined, Ok(Ok(()))), "the journal's writer panicked");
        }
        result
    }
}
