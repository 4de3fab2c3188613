//! Reading the journal: what a start needs, transitions for a stream that resumes, and the alarm
//! list page by page.

use std::path::Path;

use serde::Deserialize;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection, SqliteExecutor, SqlitePool};

use super::chain::signed;
use super::error::JournalError;
use super::queue::next_reading;
use super::{AlarmPage, AlarmQuery, Recovery};
use crate::domain::alarm::occurrence::Transition;
use crate::domain::ids::{ReadingId, Seq};
use crate::domain::record::{self, Names};
use crate::domain::time::{MonoTime, Stamp, WallTime};

/// Most rows of one answer.
const LIMIT_MAX: usize = 1000;

pub(super) async fn transitions(
    database: impl SqliteExecutor<'_>,
    path: &Path,
    after: Seq,
    through: Seq,
    limit: usize,
) -> Result<Vec<Transition>, JournalError> {
    let sql = "SELECT t.seq, c.body FROM transition t JOIN chain c ON c.n = t.n
         WHERE t.seq > ? AND t.seq <= ? ORDER BY t.seq LIMIT ?";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let query = sqlx::query(sql).bind(signed(after.0)).bind(signed(through.0)).bind(limit);
    let rows = query.fetch_all(database).await.map_err(|e| JournalError::database(path, e))?;
    rows.iter().map(|row| transition(row, path)).collect()
}

pub(super) async fn alarms(
    pool: &SqlitePool,
    path: &Path,
    query: &AlarmQuery,
) -> Result<AlarmPage, JournalError> {
    let sql = "SELECT a.seq, c.body FROM alarm a
         JOIN transition t ON t.seq = a.seq JOIN chain c ON c.n = t.n
         WHERE a.seq < ?1 AND (?2 IS NULL OR a.bed = ?2) AND (?3 IS NULL OR a.session = ?3)
         AND (?4 IS NULL OR a.wall_us >= ?4) ORDER BY a.seq DESC LIMIT ?5";
    let limit = query.limit.clamp(1, LIMIT_MAX);
    let before = query.before.map_or(i64::MAX, |seq| signed(seq.0));
    // One more than asked for tells whether there is a next page.
    let rows = sqlx::query(sql)
        .bind(before)
        .bind(query.bed.as_ref().map(ToString::to_string))
        .bind(query.session.map(|id| id.to_string()))
        .bind(query.since.map(WallTime::as_micros))
        .bind(i64::try_from(limit + 1).expect("at most 1001"));
    let rows = rows.fetch_all(pool).await.map_err(|e| JournalError::database(path, e))?;
    let more = rows.len() > limit;
    let page = rows.iter().take(limit).map(|row| transition(row, path));
    let items = page.collect::<Result<Vec<_>, _>>()?;
    let next = if more { items.last().map(|last| last.seq) } else { None };
    Ok(AlarmPage { items, next })
}

pub(super) fn transition(row: &SqliteRow, path: &Path) -> Result<Transition, JournalError> {
    let failed = |error| JournalError::database(path, error);
    let seq = row.try_get::<i64, _>(0).map_err(failed)?.unsigned_abs();
    let body: &str = row.try_get(1).map_err(failed)?;
    let path = path.to_owned();
    record::read_transition(body).map_err(|source| JournalError::Transition { path, seq, source })
}

/// What the chain says of a checkpoint.
#[derive(Deserialize)]
struct CheckpointBody {
    input: u64,
    next_seq: u64,
    next_reading: u64,
    at: (u64, i64),
}

/// The newest checkpoint's place in the chain; `None` where there is none.
pub(super) async fn newest_checkpoint(
    conn: &mut SqliteConnection,
) -> Result<Option<u64>, sqlx::Error> {
    let n: Option<i64> =
        sqlx::query_scalar("SELECT max(n) FROM checkpoint").fetch_one(conn).await?;
    Ok(n.map(i64::unsigned_abs))
}

/// The newest checkpoint and everything after it.
pub(super) async fn recovery(
    conn: &mut SqliteConnection,
    path: &Path,
    names: &Names,
) -> Result<Recovery, JournalError> {
    let failed = |error| JournalError::database(path, error);
    let mut found = Recovery {
        checkpoint: None,
        tail: Vec::new(),
        last: None,
        next_seq: Seq(1),
        next_reading: ReadingId(1),
    };
    let mut after = 0;
    let sql = "SELECT c.body, k.state FROM checkpoint k JOIN chain c ON c.n = k.n
         ORDER BY k.n DESC LIMIT 1";
    if let Some(row) = sqlx::query(sql).fetch_optional(&mut *conn).await.map_err(failed)? {
        let damaged = |error: serde_json::Error| JournalError::Damaged {
            path: path.to_owned(),
            what: format!("checkpoint: {error}"),
        };
        let body: &str = row.try_get(0).map_err(failed)?;
        let body: CheckpointBody = serde_json::from_str(body).map_err(damaged)?;
        found.checkpoint = Some(row.try_get(1).map_err(failed)?);
        found.next_seq = Seq(body.next_seq);
        found.next_reading = ReadingId(body.next_reading);
        found.last = Some(stamp(body.at));
        after = body.input;
    }
    read_tail(conn, path, names, after, &mut found).await?;
    let sql = "SELECT t.seq, c.body FROM transition t JOIN chain c ON c.n = t.n
         ORDER BY t.seq DESC LIMIT 1";
    if let Some(row) = sqlx::query(sql).fetch_optional(conn).await.map_err(failed)? {
        let newest = transition(&row, path)?;
        found.next_seq = Seq(found.next_seq.0.max(newest.seq.0 + 1));
        found.last = later(found.last, newest.at);
    }
    Ok(found)
}

async fn read_tail(
    conn: &mut SqliteConnection,
    path: &Path,
    names: &Names,
    after: u64,
    found: &mut Recovery,
) -> Result<(), JournalError> {
    let failed = |error| JournalError::database(path, error);
    let lookup = names.lookup();
    let sql = "SELECT id, body FROM input WHERE id > ? ORDER BY id";
    let rows = sqlx::query(sql).bind(signed(after)).fetch_all(conn).await.map_err(failed)?;
    for row in rows {
        let id = row.try_get::<i64, _>(0).map_err(failed)?.unsigned_abs();
        let body: &str = row.try_get(1).map_err(failed)?;
        let input = record::read_input(body, &lookup).map_err(|source| JournalError::Record {
            path: path.to_owned(),
            id,
            source,
        })?;
        found.last = later(found.last, input.now);
        found.next_reading = next_reading(&input).max(found.next_reading);
        found.tail.push(input);
    }
    Ok(())
}

fn stamp((mono, wall): (u64, i64)) -> Stamp {
    Stamp { mono: MonoTime::from_micros(mono), wall: WallTime::from_micros(wall) }
}

fn later(last: Option<Stamp>, other: Stamp) -> Option<Stamp> {
    Some(last.filter(|last| last.mono > other.mono).unwrap_or(other))
}
