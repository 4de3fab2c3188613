//! Sessions as the journal holds them: those that ever ran, newest first, and what happened in one.

use std::collections::BTreeMap;
use std::path::Path;

use futures_util::TryStreamExt as _;
use sqlx::{Row as _, SqlitePool};

use super::acts::caused;
use super::chain::{Kind, signed};
use super::error::JournalError;
use super::readings::{ACTS_AT_A_TIME, acts_before, input, is_told};
use crate::domain::act::{Act, Deed, Disposition, VisitDeed};
use crate::domain::alarm::occurrence::{SessionChange, Subject, Transition};
use crate::domain::ids::SessionId;
use crate::domain::input::{Input, SessionStart};
use crate::domain::record::{self, Names, RecordedInput};
use crate::domain::session::start::{Patient, StartOrder};
use crate::domain::time::WallTime;
use crate::shell::lane::{SessionEntry, SessionsPage, SessionsQuery};

/// What happened in one session; more than any has.
const EVENTS_MAX: i64 = 10_000;

pub(super) async fn sessions(
    pool: &SqlitePool,
    path: &Path,
    names: &Names,
    query: SessionsQuery,
) -> Result<SessionsPage, JournalError> {
    let failed = |error| JournalError::database(path, error);
    // The index of acts is taken only where the kind is written out.
    const { assert!(Kind::Act as i64 == 4, "as in migration 3") };
    let sql = "SELECT n, body FROM chain WHERE kind = 4 AND n < ?
         AND (instr(body, '\"start_session\"') > 0 OR instr(body, '\"session_start\"') > 0
         OR instr(body, '\"end_session\"') > 0) ORDER BY n DESC LIMIT ?";
    let lookup = names.lookup();
    // Newest first: an end comes before its start.
    let mut ends: BTreeMap<SessionId, (WallTime, Disposition)> = BTreeMap::new();
    let mut page = SessionsPage { items: Vec::new(), next: None };
    let (mut before, mut last) = (i64::MAX, None);
    loop {
        let rows = acts_before(pool, path, sql, before).await?;
        for row in &rows {
            before = row.try_get(0).map_err(failed)?;
            let Some(recorded) = input(row, path, &lookup)? else { continue };
            if query.only.is_some_and(|only| about(&recorded) != Some(only)) {
                continue;
            }
            let n = before.unsigned_abs();
            let caused = caused(pool, path, n, recorded.now).await?;
            let is_so = |change| caused.iter().any(|it| is_told(it, change));
            if let Some((session, disposition)) = ended(&recorded) {
                if is_so(SessionChange::Ended) {
                    ends.insert(session, (recorded.now.wall, disposition));
                }
                continue;
            }
            let is_later = query.before.is_some_and(|before| n >= before);
            if is_later || !is_so(SessionChange::Started) {
                continue;
            }
            let Some(mut entry) = begun(recorded) else { continue };
            if page.items.len() == query.limit {
                page.next = last;
                return Ok(page);
            }
            entry.ended = ends.remove(&entry.id);
            page.items.push(entry);
            if query.only.is_some() {
                return Ok(page);
            }
            last = Some(n);
        }
        if rows.len() < ACTS_AT_A_TIME {
            return Ok(page);
        }
    }
}

/// The session that begins or ends.
fn about(recorded: &RecordedInput) -> Option<SessionId> {
    if let Input::SessionStarted { start, .. } = &recorded.input {
        Some(start.id)
    } else if let Input::Act(Act {
        deed: Deed::Visit(VisitDeed::StartSession { order, .. }), ..
    }) = &recorded.input
    {
        Some(order.id)
    } else {
        ended(recorded).map(|(session, _)| session)
    }
}

fn ended(recorded: &RecordedInput) -> Option<(SessionId, Disposition)> {
    if let Input::Act(Act { deed: Deed::EndSession { session, disposition, .. }, .. }) =
        &recorded.input
    {
        Some((*session, *disposition))
    } else {
        None
    }
}

fn begun(recorded: RecordedInput) -> Option<SessionEntry> {
    let started = recorded.now.wall;
    if let Input::SessionStarted { bed, start } = recorded.input {
        let SessionStart { id, initials, drug, route, .. } = start;
        let patient = Patient { initials, ..Patient::default() };
        return Some(SessionEntry { id, bed, patient, drug, route, started, ended: None });
    }
    let Input::Act(Act { deed: Deed::Visit(VisitDeed::StartSession { bed, order }), .. }) =
        recorded.input
    else {
        return None;
    };
    let StartOrder { id, patient, drug, route, .. } = order;
    Some(SessionEntry { id, bed, patient, drug, route, started, ended: None })
}

pub(super) async fn events(
    pool: &SqlitePool,
    path: &Path,
    session: SessionId,
) -> Result<Vec<Transition>, JournalError> {
    let failed = |error| JournalError::database(path, error);
    // It is named first where it begins.
    let first = "SELECT min(n) FROM chain WHERE kind = 4 AND instr(body, ?) > 0";
    let first = sqlx::query_scalar(first).bind(session.to_string()).fetch_one(pool).await;
    let first: Option<i64> = first.map_err(failed)?;
    let sql = "SELECT body FROM chain WHERE n >= ? AND kind = ? AND instr(body, ?) > 0
         AND instr(body, '\"is\":{\"session\"') > 0 ORDER BY n LIMIT ?";
    let mut rows = sqlx::query(sql)
        .bind(first.unwrap_or_else(|| signed(u64::MAX)))
        .bind(Kind::Transition as i64)
        .bind(session.to_string())
        .bind(EVENTS_MAX)
        .fetch(pool);
    let mut found = Vec::new();
    while let Some(row) = rows.try_next().await.map_err(failed)? {
        let damaged = |error: record::RecordError| JournalError::Damaged {
            path: path.to_owned(),
            what: format!("a transition: {error}"),
        };
        let one = record::read_transition(row.try_get(0).map_err(failed)?).map_err(damaged)?;
        let Subject::Session { session: of, change, .. } = &one.subject else { continue };
        let ended = *change == SessionChange::Ended;
        if *of == Some(session) {
            found.push(one);
            if ended {
                break;
            }
        }
    }
    Ok(found)
}
