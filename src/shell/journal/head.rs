//! The chain's head kept elsewhere: a line `count mac wall_us` each minute and at close. A database
//! that was cut short, or replaced by an older copy of itself, falls behind it (`safety` X10).
//!
//! Another disk or machine may hang, so a line is written on a thread of its own, and the next one
//! is left out while it is under way: the journal never waits for it.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sqlx::SqliteConnection;
use tokio::task::JoinHandle;

use super::chain::{self, Broken, Head, How, from_hex, to_hex};
use super::error::JournalError;
use crate::domain::time::WallTime;

/// Between two lines (contract 3.1 `head_file`).
const EVERY: Duration = Duration::from_secs(60);

/// How long a close waits for the last line.
const CLOSE_WAIT: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(super) struct HeadFile {
    path: PathBuf,
    due: Instant,
    under_way: Option<JoinHandle<io::Result<()>>>,
}

impl HeadFile {
    pub(super) fn new(path: PathBuf, now: Instant) -> Self {
        Self { path, due: now + EVERY, under_way: None }
    }

    pub(super) fn due(&self) -> Instant {
        self.due
    }

    /// Appends the head, if no earlier line is still being written.
    pub(super) async fn append(&mut self, head: Head, wall: WallTime, now: Instant) {
        self.due = now + EVERY;
        if self.under_way.as_ref().is_some_and(|task| !task.is_finished()) {
            tracing::warn!(path = %self.path.display(), "the chain's head file does not answer");
            return;
        }
        self.settle().await;
        let line = format!("{} {} {}\n", head.count, to_hex(&head.mac), wall.as_micros());
        let path = self.path.clone();
        self.under_way = Some(tokio::task::spawn_blocking(move || append_line(&path, &line)));
    }

    /// Waits a moment for the last line.
    pub(super) async fn close(&mut self) {
        if tokio::time::timeout(CLOSE_WAIT, self.settle()).await.is_err() {
            tracing::warn!(path = %self.path.display(), "the chain's head file does not answer");
        }
    }

    async fn settle(&mut self) {
        let Some(task) = self.under_way.take() else { return };
        let written = task.await.map_err(io::Error::other).flatten();
        if let Err(error) = written {
            let path = self.path.display();
            tracing::warn!(%path, %error, "the chain's head file was not written");
        }
    }
}

/// Compares the journal with the last line of the head file, if there is one.
///
/// # Errors
/// `Chain` when the journal is behind the file or differs from it; `HeadFile` when the file is
/// there and cannot be read.
pub(super) async fn check(
    conn: &mut SqliteConnection,
    file: &Path,
    journal: &Path,
) -> Result<(), JournalError> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(source) => return Err(JournalError::HeadFile { path: file.to_owned(), source }),
    };
    // A power cut may leave half a line at the end: the one before it counts.
    let Some(told) = text.lines().rev().find_map(parse) else { return Ok(()) };
    let mac = chain::mac_of(conn, told.count).await;
    let how = match mac.map_err(|error| JournalError::database(journal, error))? {
        Some(mac) if mac == told.mac => return Ok(()),
        None if told.count == 0 => return Ok(()),
        Some(_) => How::HeadFile,
        None => How::Truncated,
    };
    let broken = Broken { entry: told.count, how };
    Err(JournalError::Chain { path: journal.to_owned(), broken })
}

fn parse(line: &str) -> Option<Head> {
    let mut words = line.split(' ');
    let head = Head { count: words.next()?.parse().ok()?, mac: from_hex(words.next()?)? };
    words.next()?.parse::<i64>().ok()?;
    words.next().is_none().then_some(head)
}

fn append_line(path: &Path, line: &str) -> io::Result<()> {
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        std::fs::create_dir_all(parent)?;
    }
    let mut file: File = OpenOptions::new().create(true).append(true).open(path)?;
    file.write_all(line.as_bytes())?;
    file.sync_all()
}
