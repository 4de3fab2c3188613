//! Questions to the journal about sessions: those that ever ran, and what happened in one.

use std::sync::Arc;

use super::{History, HistoryHandle};
use crate::domain::act::Disposition;
use crate::domain::alarm::occurrence::Transition;
use crate::domain::ids::{BedIndex, SessionId};
use crate::domain::session::start::Patient;
use crate::domain::time::WallTime;

/// `GET /sessions?state=all`: sessions, the newest start first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionsQuery {
    /// Cursor: only those that started before this place in the journal.
    pub before: Option<u64>,
    pub limit: usize,
    /// This one alone.
    pub only: Option<SessionId>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct SessionsPage {
    pub items: Vec<SessionEntry>,
    /// The cursor of the next page, if there is one.
    pub next: Option<u64>,
}

/// A session that was begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionEntry {
    pub id: SessionId,
    /// Where it began.
    pub bed: BedIndex,
    pub patient: Patient,
    pub drug: Arc<str>,
    pub route: Arc<str>,
    pub started: WallTime,
    /// `None`: it runs.
    pub ended: Option<(WallTime, Disposition)>,
}

impl HistoryHandle {
    /// # Errors
    /// What the journal says, or that it takes no requests.
    pub async fn sessions(&self, query: SessionsQuery) -> Result<SessionsPage, String> {
        self.ask(|reply| History::Sessions { query, reply }).await
    }

    /// The session's own transitions, in the order of their numbers; none of its alarms.
    ///
    /// # Errors
    /// What the journal says, or that it takes no requests.
    pub async fn events(&self, session: SessionId) -> Result<Vec<Transition>, String> {
        self.ask(|reply| History::Events { session, reply }).await
    }
}
