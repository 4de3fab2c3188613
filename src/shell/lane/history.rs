//! Questions to the journal, and their answers.

use tokio::sync::{mpsc, oneshot};

use super::{Busy, ReadingsPage, ReadingsQuery, SessionsPage, SessionsQuery, Trend, TrendQuery};
use crate::domain::act::Act;
use crate::domain::alarm::occurrence::{Occurrence, Transition};
use crate::domain::ids::{BedId, ReadingId, Seq, SessionId};
use crate::domain::metric::Metric;
use crate::domain::time::{Stamp, WallTime};

/// A question to the journal.
#[derive(Debug)]
pub enum History {
    /// Transitions with `after < seq <= through`, in order, at most `limit`.
    Transitions {
        after: Seq,
        through: Seq,
        limit: usize,
        reply: oneshot::Sender<Result<Vec<Transition>, String>>,
    },
    Alarms {
        query: AlarmQuery,
        reply: oneshot::Sender<Result<AlarmPage, String>>,
    },
    Acts {
        query: ActsQuery,
        reply: oneshot::Sender<Result<ActsPage, String>>,
    },
    /// The record of a session that runs or has ended; `None`: there is no such session.
    Export {
        session: SessionId,
        format: ExportFormat,
        reply: oneshot::Sender<Result<Option<Exported>, String>>,
    },
    Readings {
        query: ReadingsQuery,
        reply: oneshot::Sender<Result<ReadingsPage, String>>,
    },
    /// Of which metric a reading is; `None`: there is no such reading.
    MetricOf {
        reading: ReadingId,
        reply: oneshot::Sender<Result<Option<Metric>, String>>,
    },
    Trend {
        query: TrendQuery,
        reply: oneshot::Sender<Result<Trend, String>>,
    },
    Sessions {
        query: SessionsQuery,
        reply: oneshot::Sender<Result<SessionsPage, String>>,
    },
    /// A session's own transitions, in the order of their numbers.
    Events {
        session: SessionId,
        reply: oneshot::Sender<Result<Vec<Transition>, String>>,
    },
}

/// In which form a session's record is asked for (contract 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// The report: a page that prints.
    Html,
    /// The readings, as `replay` reads them.
    Csv,
    /// A FHIR R4 bundle.
    Fhir,
}

/// A session's record as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// The file's name: letters, digits, `-` and `.`; a simulated session's begins so.
    pub name: String,
    pub text: String,
    /// What a content security policy names the page's own style by; `None`: it has none.
    pub style: Option<String>,
}

/// `GET /audit`: acts, newest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ActsQuery {
    pub since: Option<WallTime>,
    /// Cursor: only from before this place in the journal.
    pub before: Option<u64>,
    pub limit: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ActsPage {
    pub items: Vec<ActEntry>,
    /// The cursor of the next page, if there is one.
    pub next: Option<u64>,
}

/// One act of the audit.
#[derive(Clone, Debug, PartialEq)]
pub struct ActEntry {
    /// Its place in the journal.
    pub n: u64,
    /// Or why it can't be read: its bed has left the configuration.
    pub act: Result<ActTaken, String>,
}

/// An act, and the transitions that it caused.
#[derive(Clone, Debug, PartialEq)]
pub struct ActTaken {
    pub at: Stamp,
    pub act: Act,
    pub caused: Vec<Transition>,
}

/// `GET /alarms?state=all`: the latest transition of each occurrence, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlarmQuery {
    pub bed: Option<BedId>,
    pub session: Option<SessionId>,
    /// Only occurrences whose latest transition is at or after this.
    pub since: Option<WallTime>,
    /// Cursor: only with a lower seq.
    pub before: Option<Seq>,
    pub limit: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub struct AlarmPage {
    pub items: Vec<(Seq, Occurrence)>,
    /// The cursor of the next page, if there is one.
    pub next: Option<Seq>,
}

/// The way to the journal's reader.
#[derive(Clone, Debug)]
pub struct HistoryHandle(mpsc::Sender<History>);

impl HistoryHandle {
    #[must_use]
    pub const fn new(lane: mpsc::Sender<History>) -> Self {
        Self(lane)
    }

    /// # Errors
    /// What the journal says, or that it takes no requests.
    pub async fn transitions(
        &self,
        after: Seq,
        through: Seq,
        limit: usize,
    ) -> Result<Vec<Transition>, String> {
        self.ask(|reply| History::Transitions { after, through, limit, reply }).await
    }

    /// # Errors
    /// What the journal says, or that it takes no requests.
    pub async fn alarms(&self, query: AlarmQuery) -> Result<AlarmPage, String> {
        self.ask(|reply| History::Alarms { query, reply }).await
    }

    /// # Errors
    /// What the journal says, or that it takes no requests.
    pub async fn acts(&self, query: ActsQuery) -> Result<ActsPage, String> {
        self.ask(|reply| History::Acts { query, reply }).await
    }

    /// # Errors
    /// What the journal says, or that it takes no requests.
    pub async fn export(
        &self,
        session: SessionId,
        format: ExportFormat,
    ) -> Result<Option<Exported>, String> {
        self.ask(|reply| History::Export { session, format, reply }).await
    }

    pub(super) async fn ask<T>(
        &self,
        question: impl FnOnce(oneshot::Sender<Result<T, String>>) -> History,
    ) -> Result<T, String> {
        let (reply, answer) = oneshot::channel();
        self.0.try_send(question(reply)).map_err(|_| Busy.to_string())?;
        answer.await.map_err(|_| Busy.to_string())?
    }
}
