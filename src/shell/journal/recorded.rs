//! A journal read from its first input on, for a replay: page by page, as of one moment, through
//! a connection that cannot write. It takes no lock, so a service may be writing meanwhile.
//!
//! Not here: the chain. A replay that comes to other transitions shows a changed input; who
//! changed it is for the check of the chain to find.

use std::path::{Path, PathBuf};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Executor as _, Row as _, SqliteConnection};

use super::chain::signed;
use super::error::JournalError;
use super::open::refuse_unless_ours;
use super::session::{self, SessionRecord};
use super::{Durability, JournaledInput, read};
use crate::domain::alarm::occurrence::{Subject, Transition};
use crate::domain::ids::{Seq, SessionId};
use crate::domain::reading::Origin;
use crate::domain::record::{self, Names};

/// Rows read at a time.
const PAGE: usize = 1000;

/// A journal as of the moment in which it was opened.
#[derive(Debug)]
pub struct Recorded {
    conn: SqliteConnection,
    path: PathBuf,
    /// The newest input and transition that were read.
    input: u64,
    seq: Seq,
}

impl Recorded {
    /// # Errors
    /// When the file is not a journal of ours, is damaged or newer, or cannot be read.
    pub async fn open(path: &Path) -> Result<Self, JournalError> {
        refuse_unless_ours(path, &Durability::CLINIC).await?;
        let failed = |error| JournalError::database(path, error);
        let options =
            SqliteConnectOptions::new().filename(path).read_only(true).disable_statement_logging();
        let mut conn = options.connect().await.map_err(failed)?;
        // What a service writes from now on is not seen: inputs and transitions belong together.
        conn.execute("BEGIN").await.map_err(failed)?;
        Ok(Self { conn, path: path.to_owned(), input: 0, seq: Seq(0) })
    }

    /// The next inputs in the order in which they were stepped; empty at the end.
    ///
    /// # Errors
    /// When they cannot be read, the first ones are not there any more, or one names a bed or a
    /// source that `names` does not have.
    pub async fn inputs(&mut self, names: &Names) -> Result<Vec<JournaledInput>, JournalError> {
        let failed = |error| JournalError::database(&self.path, error);
        let sql = "SELECT id, body FROM input WHERE id > ? ORDER BY id LIMIT ?";
        let page = i64::try_from(PAGE).unwrap_or(i64::MAX);
        let query = sqlx::query(sql).bind(signed(self.input)).bind(page);
        let rows = query.fetch_all(&mut self.conn).await.map_err(failed)?;
        let lookup = names.lookup();
        let mut inputs = Vec::with_capacity(rows.len());
        for row in rows {
            let id = row.try_get::<i64, _>(0).map_err(failed)?.unsigned_abs();
            if id != self.input + 1 {
                let what = format!("input {} is not there", self.input + 1);
                return Err(JournalError::Damaged { path: self.path.clone(), what });
            }
            let body: &str = row.try_get(1).map_err(failed)?;
            let input = record::read_input(body, &lookup)
                .map_err(|source| JournalError::Record { path: self.path.clone(), id, source })?;
            self.input = id;
            inputs.push(input);
        }
        Ok(inputs)
    }

    /// Whether the clinic itself was simulated: then every alarm says so, the service's own, too.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn origin(&mut self) -> Result<Origin, JournalError> {
        let (mut after, mut found) = (Seq(0), Origin::Patient);
        loop {
            let page = self.transitions_after(after).await?;
            let Some(last) = page.last() else { return Ok(found) };
            after = last.seq;
            let alarms = page.iter().filter_map(|it| match &it.subject {
                Subject::Alarm { occurrence, .. } => Some(occurrence.origin),
                Subject::Session { .. } => None,
            });
            for origin in alarms {
                found = origin;
                if found == Origin::Patient {
                    return Ok(found);
                }
            }
        }
    }

    /// What is filed of one session; `None`: there is no such session.
    ///
    /// # Errors
    /// As `inputs`, of the session's own.
    pub async fn session(
        &mut self,
        names: &Names,
        id: SessionId,
    ) -> Result<Option<SessionRecord>, JournalError> {
        session::session(&mut self.conn, &self.path, names, id).await
    }

    /// The next transitions in the order of their numbers; empty at the end.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn transitions(&mut self) -> Result<Vec<Transition>, JournalError> {
        let next = self.transitions_after(self.seq).await?;
        self.seq = next.last().map_or(self.seq, |last| last.seq);
        Ok(next)
    }

    async fn transitions_after(&mut self, after: Seq) -> Result<Vec<Transition>, JournalError> {
        let all = Seq(i64::MAX.unsigned_abs());
        read::transitions(&mut self.conn, &self.path, after, all, PAGE).await
    }
}
