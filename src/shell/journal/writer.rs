//! The writer: takes batches from the lane, groups them, commits, and says so.
//!
//! Runs on its own thread and owns the one write connection. A commit is never inside a `select!`
//! or a timeout: a transaction that is dropped half-way may be left open.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::Instant;

use sqlx::{Connection as _, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

use super::commit::{self, Position, Prepared};
use super::error::JournalError;
use super::head::HeadFile;
use super::key::Key;
use super::queue::{Queue, Urgency};
use super::{Batch, Durability, Notice};
use crate::domain::record::Names;
use crate::domain::time::Stamp;
use crate::shell::clock::Clock;

/// Jobs taken from the lane before a commit is considered, so that it is.
const JOBS_AT_ONCE: usize = 4096;

/// Size of the write-ahead log, in pages of 4 kB, at which it is folded into the file: SQLite's
/// own default.
const LOG_PAGES: usize = 1000;

/// Size at which it is folded in though batches wait.
const LOG_PAGES_MAX: usize = 16 * LOG_PAGES;

#[derive(Debug)]
pub(super) enum Job {
    Batch(Batch),
    Checkpoint { state: Vec<u8>, through: Stamp },
    Close(oneshot::Sender<Result<(), JournalError>>),
}

pub(super) struct Writer {
    pub(super) jobs: mpsc::Receiver<Job>,
    pub(super) outbox: Outbox,
    pub(super) conn: SqliteConnection,
    pub(super) path: Arc<PathBuf>,
    /// Held as long as the thread lives: one process per journal.
    pub(super) lock: std::fs::File,
    pub(super) key: Key,
    pub(super) names: Names,
    pub(super) durability: Durability,
    /// Real time only: commits and retries do not run faster in a demo.
    pub(super) clock: Clock,
    pub(super) position: Position,
    pub(super) queue: Queue,
    pub(super) head_file: Option<HeadFile>,
    pub(super) state: State,
    /// About how many pages the write-ahead log holds since it was last folded in.
    pub(super) log_pages: usize,
}

/// Whether commits succeed.
pub(super) enum State {
    Committing,
    /// This commit failed and is tried again at `retry`.
    Failing {
        stuck: Box<Prepared>,
        retry: Instant,
    },
}

enum Step {
    Job(Job),
    Due,
    /// All handles are gone without a close.
    Abandoned,
}

impl Writer {
    pub(super) async fn run(mut self) {
        let closing = loop {
            match self.next().await {
                Step::Abandoned => break None,
                Step::Due => {}
                Step::Job(job) => {
                    if let Some(done) = self.take_with_followers(job) {
                        break Some(done);
                    }
                }
            }
            let now = self.clock.real();
            if self.is_due(now) {
                // A failure is told by its notice and tried again.
                let _ = self.commit_waiting().await;
                self.fold_log().await;
            }
            self.keep_head_elsewhere().await;
        };
        let result = match closing {
            Some(_) => self.finish().await,
            None => self.commit_waiting().await.map_err(|e| self.error(e)),
        };
        self.outbox.flush();
        let closed = self.conn.close().await;
        let result = result.and(closed.map_err(|e| JournalError::database(&self.path, e)));
        // Only now may another process have the file.
        drop(self.lock);
        if let Some(done) = closing {
            // Who asked may be gone; the journal is closed all the same.
            let _ = done.send(result);
        }
    }

    async fn next(&mut self) -> Step {
        let wake = self.wake();
        loop {
            let rest = wake.map(|at| at.saturating_duration_since(self.clock.real()));
            let timer = pin!(async {
                match rest {
                    Some(rest) => tokio::time::sleep(rest).await,
                    None => std::future::pending().await,
                }
            });
            tokio::select! {
                job = self.jobs.recv() => return job.map_or(Step::Abandoned, Step::Job),
                () = timer => return Step::Due,
                () = self.outbox.deliver_one() => {}
            }
        }
    }

    /// Takes a job and what else waits in the lane; the answer's sender when it is to close.
    fn take_with_followers(
        &mut self,
        first: Job,
    ) -> Option<oneshot::Sender<Result<(), JournalError>>> {
        let mut job = first;
        for _ in 0..JOBS_AT_ONCE {
            match job {
                Job::Batch(batch) => {
                    let now = self.clock.real();
                    self.queue.push(batch, &self.names, now);
                }
                Job::Checkpoint { state, through } => self.queue.push_checkpoint(state, through),
                Job::Close(done) => return Some(done),
            }
            match self.jobs.try_recv() {
                Ok(next) => job = next,
                Err(_) => break,
            }
        }
        self.shed();
        None
    }

    fn shed(&mut self) {
        let dropped = self.queue.shed(self.durability.routine_inputs_max);
        if dropped > 0 {
            tracing::warn!(dropped, "routine inputs were dropped: the journal does not commit");
        }
    }

    fn is_due(&self, now: Instant) -> bool {
        match &self.state {
            State::Failing { retry, .. } => now >= *retry,
            State::Committing => {
                self.queue.urgency() == Urgency::AtOnce
                    || self.queue.inputs() >= self.durability.group_inputs
                    || self.queue.since().is_some_and(|t| now >= t + self.durability.group_delay)
            }
        }
    }

    fn wake(&self) -> Option<Instant> {
        let commit = match &self.state {
            State::Failing { retry, .. } => Some(*retry),
            State::Committing => self.queue.since().map(|t| t + self.durability.group_delay),
        };
        let head = self.head_file.as_ref().map(HeadFile::due);
        [commit, head].into_iter().flatten().min()
    }

    /// Commits the stuck group, then everything that waits, until something fails.
    async fn commit_waiting(&mut self) -> Result<(), sqlx::Error> {
        match std::mem::replace(&mut self.state, State::Committing) {
            State::Committing => {}
            State::Failing { stuck, .. } => self.commit(*stuck, Attempt::Again).await?,
        }
        while let Some(group) = self.queue.pop() {
            let prepared = Prepared::of(group, self.position, &self.key);
            self.commit(prepared, Attempt::First).await?;
        }
        Ok(())
    }

    async fn commit(&mut self, prepared: Prepared, attempt: Attempt) -> Result<(), sqlx::Error> {
        let begun = self.clock.real();
        let written = prepared.write(&mut self.conn).await;
        let ended = self.clock.real();
        match written {
            Ok(()) => {
                if attempt == Attempt::Again {
                    tracing::info!("the journal commits again");
                    self.outbox.push(Notice::Healed);
                }
                self.position = prepared.after;
                self.log_pages += prepared.log_pages();
                if let Some(through) = prepared.ticket {
                    let took = ended.saturating_duration_since(begun);
                    self.outbox.push(Notice::Committed { through, took });
                }
                Ok(())
            }
            Err(error) => {
                if attempt == Attempt::First {
                    tracing::error!(%error, "the journal does not commit");
                    self.outbox.push(Notice::Failed { why: error.to_string().into() });
                }
                let retry = ended + self.durability.retry_delay;
                self.state = State::Failing { stuck: Box::new(prepared), retry };
                Err(error)
            }
        }
    }

    /// Folds the log into the file while nothing waits: a commit never does, so an alarm does not
    /// wait for it.
    async fn fold_log(&mut self) {
        let idle = self.jobs.is_empty() && matches!(self.state, State::Committing);
        if self.log_pages < if idle { LOG_PAGES } else { LOG_PAGES_MAX } {
            return;
        }
        self.log_pages = 0;
        let fold = sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(&mut self.conn).await;
        if let Err(error) = fold {
            tracing::warn!(%error, "the write-ahead log was not folded in");
        }
    }

    async fn keep_head_elsewhere(&mut self) {
        let Some(file) = &mut self.head_file else { return };
        let now = self.clock.real();
        if now >= file.due() {
            file.append(self.position.head, self.clock.now().wall, now).await;
        }
    }

    /// The last commit, the stop, the head elsewhere, the clean flag and the folded-in log.
    async fn finish(&mut self) -> Result<(), JournalError> {
        self.commit_waiting().await.map_err(|e| self.error(e))?;
        let wall = self.clock.now().wall;
        let stop = Prepared::of_entries(commit::stop(wall), self.position, &self.key);
        self.commit(stop, Attempt::First).await.map_err(|e| self.error(e))?;
        if let Some(file) = &mut self.head_file {
            file.append(self.position.head, wall, self.clock.real()).await;
            file.close().await;
        }
        set_clean(&mut self.conn).await.map_err(|e| self.error(e))
    }

    fn error(&self, error: sqlx::Error) -> JournalError {
        JournalError::database(&self.path, error)
    }
}

async fn set_clean(conn: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE meta SET clean = 1").execute(&mut *conn).await?;
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(conn).await?;
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Attempt {
    First,
    Again,
}

/// Notices that the engine has not taken yet. The writer never waits for the engine: commits that
/// follow each other are told as one while it does not listen.
pub(super) struct Outbox {
    lane: mpsc::Sender<Notice>,
    waiting: VecDeque<Notice>,
}

impl Outbox {
    pub(super) fn new(lane: mpsc::Sender<Notice>) -> Self {
        Self { lane, waiting: VecDeque::new() }
    }

    fn push(&mut self, notice: Notice) {
        match (self.waiting.back_mut(), notice) {
            (
                Some(Notice::Committed { through, took }),
                Notice::Committed { through: later, took: its },
            ) => {
                *through = later;
                *took = its.max(*took);
            }
            (Some(_) | None, notice) => self.waiting.push_back(notice),
        }
        self.flush();
    }

    /// Delivers what the engine has room for.
    fn flush(&mut self) {
        while let Some(notice) = self.waiting.pop_front() {
            if let Err(mpsc::error::TrySendError::Full(notice)) = self.lane.try_send(notice) {
                self.waiting.push_front(notice);
                return;
            }
        }
    }

    /// Waits for room for one notice; for ever when there is none to tell.
    async fn deliver_one(&mut self) {
        if self.waiting.is_empty() {
            std::future::pending::<()>().await;
        }
        match self.lane.reserve().await {
            Ok(permit) => {
                if let Some(notice) = self.waiting.pop_front() {
                    permit.send(notice);
                }
            }
            // Nobody listens any more.
            Err(_) => self.waiting.clear(),
        }
    }
}
