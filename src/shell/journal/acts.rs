//! People's acts as the chain holds them, newest first, each with what it caused: the audit.
//!
//! An act stands in the chain as the input that it was; its transitions follow in the same commit,
//! of the same moment. Answers are not written down: an act that caused nothing was refused,
//! repeated, or found everything as it asked for.

use std::path::Path;

use futures_util::TryStreamExt as _;
use sqlx::{Row as _, SqlitePool};

use super::chain::{Kind, signed};
use super::error::JournalError;
use crate::domain::act::Act;
use crate::domain::alarm::occurrence::Transition;
use crate::domain::input::Input;
use crate::domain::record::{self, Lookup, Names};
use crate::domain::time::Stamp;
use crate::shell::lane::{ActEntry, ActTaken, ActsPage, ActsQuery};

/// Most acts of one answer.
const LIMIT_MAX: usize = 1000;
/// Entries that are looked at behind an act: more than one step can cause.
const BEHIND_MAX: usize = 1000;

pub(super) async fn acts(
    pool: &SqlitePool,
    path: &Path,
    names: &Names,
    query: ActsQuery,
) -> Result<ActsPage, JournalError> {
    let failed = |error| JournalError::database(path, error);
    // The index of acts is taken only where the kind is written out.
    const { assert!(Kind::Act as i64 == 4, "as in migration 3") };
    let sql = "SELECT n, body FROM chain WHERE kind = 4 AND n < ? ORDER BY n DESC LIMIT ?";
    let limit = query.limit.clamp(1, LIMIT_MAX);
    let rows = sqlx::query(sql)
        .bind(query.before.map_or(i64::MAX, signed))
        .bind(i64::try_from(limit).expect("at most 1000"));
    let rows = rows.fetch_all(pool).await.map_err(failed)?;
    let lookup = names.lookup();
    let mut page = ActsPage { items: Vec::with_capacity(rows.len()), next: None };
    for row in &rows {
        let n = row.try_get::<i64, _>(0).map_err(failed)?.unsigned_abs();
        let act = match read(row.try_get(1).map_err(failed)?, &lookup) {
            Err(why) => Err(why),
            Ok((at, _)) if query.since.is_some_and(|since| at.wall < since) => return Ok(page),
            Ok((_, None)) => continue,
            Ok((at, Some(act))) => {
                Ok(ActTaken { at, act, caused: caused(pool, path, n, at).await? })
            }
        };
        page.items.push(ActEntry { n, act });
    }
    let last = rows.last().filter(|_| rows.len() == limit);
    let last = last.map(|row| row.try_get::<i64, _>(0).map(i64::unsigned_abs));
    page.next = last.transpose().map_err(failed)?;
    Ok(page)
}

/// `None`: a session or dose that no person is named for.
fn read(body: &str, lookup: &Lookup<'_>) -> Result<(Stamp, Option<Act>), String> {
    match record::read_input(body, lookup) {
        Ok(recorded) => match recorded.input {
            Input::Act(act) => Ok((recorded.now, Some(act))),
            Input::Message { .. }
            | Input::Rejected { .. }
            | Input::Link { .. }
            | Input::SessionStarted { .. }
            | Input::Dose { .. }
            | Input::Journal(_)
            | Input::Watching(_)
            | Input::Unreceived { .. }
            | Input::Service { .. }
            | Input::Screen(_)
            | Input::SelfTest { .. }
            | Input::Tick
            | Input::Restarted { .. }
            | Input::Quarantined { .. } => Ok((recorded.now, None)),
        },
        Err(error) => Err(error.to_string()),
    }
}

/// The transitions of the same moment that were committed along with the act at `n`.
pub(super) async fn caused(
    pool: &SqlitePool,
    path: &Path,
    n: u64,
    at: Stamp,
) -> Result<Vec<Transition>, JournalError> {
    let failed = |error| JournalError::database(path, error);
    let damaged = |error: record::RecordError| JournalError::Damaged {
        path: path.to_owned(),
        what: format!("a transition after entry {n}: {error}"),
    };
    let sql = "SELECT kind, body FROM chain WHERE n > ? ORDER BY n LIMIT ?";
    let behind = i64::try_from(BEHIND_MAX).expect("it is small");
    let mut rows = sqlx::query(sql).bind(signed(n)).bind(behind).fetch(pool);
    let mut caused = Vec::new();
    while let Some(row) = rows.try_next().await.map_err(failed)? {
        let kind: i64 = row.try_get(0).map_err(failed)?;
        // Other acts of the commit come before its transitions, the next commit's readings after.
        if kind == Kind::Act as i64 {
            continue;
        }
        if kind != Kind::Transition as i64 {
            break;
        }
        let body: &str = row.try_get(1).map_err(failed)?;
        let transition = record::read_transition(body).map_err(damaged)?;
        if transition.at == at {
            caused.push(transition);
        }
    }
    Ok(caused)
}
