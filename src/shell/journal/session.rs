//! What the journal holds of one session: its transitions by an index of the chain, and the inputs
//! of its beds between its first and its last moment, found by their times.
//!
//! Read in one transaction and through a connection that cannot write, so that a service may be
//! writing meanwhile. Inputs of other beds are not even parsed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use sqlx::{Row as _, SqliteConnection};

use super::chain::{self, Head, Kind};
use super::error::JournalError;
use super::{JournaledInput, read};
use crate::domain::alarm::occurrence::{SessionChange, Subject, Transition};
use crate::domain::ids::{BedId, SessionId};
use crate::domain::record::{self, Names, RecordError};
use crate::domain::time::MonoTime;

/// Readings up to this time before a session may have been accepted as its baseline.
const BEFORE: Duration = Duration::from_secs(2 * 3600);

/// A session's transitions, by the index of migration 4.
pub(super) const TRANSITIONS: &str = "SELECT json_extract(body, '$.seq'), body, n FROM chain
     WHERE kind = 5 AND coalesce(
         json_extract(body, '$.is.session.session'),
         json_extract(body, '$.is.alarm.occurrence.session')
     ) = ? ORDER BY n";

/// What is filed of a session, as the journal holds it.
#[derive(Clone, Debug)]
pub struct SessionRecord {
    /// Of its beds, and the acts of people, oldest first; from some time before its start.
    pub inputs: Vec<JournaledInput>,
    /// Its own and those of its alarms, oldest first.
    pub transitions: Vec<Transition>,
    /// SHA-256 of the configuration that it was last under, in hexadecimal digits.
    pub configuration: String,
    /// The chain's end as of this reading.
    pub head: Head,
}

/// The session's record; `None`: the journal knows no such session.
pub(super) async fn session(
    conn: &mut SqliteConnection,
    path: &Path,
    names: &Names,
    id: SessionId,
) -> Result<Option<SessionRecord>, JournalError> {
    let failed = |error| JournalError::database(path, error);
    const { assert!(Kind::Transition as i64 == 5, "as in migration 4") };
    const { assert!(Kind::Configuration as i64 == 2, "as in migration 4") };
    let rows = sqlx::query(TRANSITIONS)
        .bind(id.to_string())
        .fetch_all(&mut *conn)
        .await
        .map_err(failed)?;
    let transitions = rows.iter().map(|row| read::transition(row, path));
    let transitions = transitions.collect::<Result<Vec<_>, _>>()?;
    let (Some(first), Some(last)) = (transitions.first(), transitions.last()) else {
        return Ok(None);
    };
    let newest: i64 = rows[rows.len() - 1].try_get(2).map_err(failed)?;
    let ended = transitions.iter().any(is_end);
    let until = if ended { last.at.mono } else { MonoTime::from_micros(u64::MAX) };
    let range = range(conn, first.at.mono.minus(BEFORE), until).await.map_err(failed)?;
    let inputs = inputs(conn, path, names, &beds(&transitions), range).await?;
    let configuration = configuration(conn, path, newest).await?;
    let head = chain::head(conn).await.map_err(failed)?;
    Ok(Some(SessionRecord { inputs, transitions, configuration, head }))
}

const fn is_end(transition: &Transition) -> bool {
    matches!(transition.subject, Subject::Session { change: SessionChange::Ended, .. })
}

/// The beds that the session was on.
fn beds(transitions: &[Transition]) -> BTreeSet<BedId> {
    let of = |transition: &Transition| match &transition.subject {
        Subject::Session { bed, .. } => Some(bed.clone()),
        Subject::Alarm { occurrence, .. } => occurrence.bed.clone(),
    };
    transitions.iter().filter_map(of).collect()
}

/// The ids of the inputs of a stretch of time: they are in its order, so they are found by halving.
async fn range(
    conn: &mut SqliteConnection,
    from: MonoTime,
    until: MonoTime,
) -> Result<(i64, i64), sqlx::Error> {
    let sql = "SELECT coalesce(min(id), 1), coalesce(max(id), 0) FROM input";
    let row = sqlx::query(sql).fetch_one(&mut *conn).await?;
    let (first, last): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
    let begin = first_after(conn, (first, last + 1), from, false).await?;
    let end = first_after(conn, (begin, last + 1), until, true).await?;
    Ok((begin, end))
}

/// The first id in `low..high` whose time is `at` or later; with `after`, later than `at`.
async fn first_after(
    conn: &mut SqliteConnection,
    (mut low, mut high): (i64, i64),
    at: MonoTime,
    after: bool,
) -> Result<i64, sqlx::Error> {
    let sql = "SELECT json_extract(body, '$.t[0]') FROM input WHERE id >= ? ORDER BY id LIMIT 1";
    while low < high {
        let middle = low + (high - low) / 2;
        let time: i64 = sqlx::query_scalar(sql).bind(middle).fetch_one(&mut *conn).await?;
        let time = MonoTime::from_micros(time.unsigned_abs());
        if time < at || after && time == at {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

async fn inputs(
    conn: &mut SqliteConnection,
    path: &Path,
    names: &Names,
    beds: &BTreeSet<BedId>,
    (begin, end): (i64, i64),
) -> Result<Vec<JournaledInput>, JournalError> {
    let failed = |error| JournalError::database(path, error);
    let sql = "SELECT id, body FROM input WHERE id >= ? AND id < ? AND instr(body, ?) > 0";
    let mut words: Vec<String> = beds.iter().map(|bed| format!("\"bed\":\"{bed}\"")).collect();
    words.extend(["\"i\":{\"act\":".to_owned(), "\"i\":{\"restart\":".to_owned()]);
    let mut found = BTreeMap::new();
    for word in words {
        let query = sqlx::query(sql).bind(begin).bind(end).bind(word);
        for row in query.fetch_all(&mut *conn).await.map_err(failed)? {
            let id: i64 = row.try_get(0).map_err(failed)?;
            found.insert(id, row.try_get::<String, _>(1).map_err(failed)?);
        }
    }
    let lookup = names.lookup();
    let mut inputs = Vec::with_capacity(found.len());
    for (id, body) in found {
        match record::read_input(&body, &lookup) {
            Ok(input) => inputs.push(input),
            // An act on a bed that has left the configuration, where the session's have not.
            Err(RecordError::UnknownBed(bed)) if !beds.iter().any(|it| it.as_str() == &*bed) => {}
            Err(source) => {
                let id = id.unsigned_abs();
                return Err(JournalError::Record { path: path.to_owned(), id, source });
            }
        }
    }
    Ok(inputs)
}

/// The configuration in force at an entry of the chain.
async fn configuration(
    conn: &mut SqliteConnection,
    path: &Path,
    at: i64,
) -> Result<String, JournalError> {
    #[derive(Deserialize)]
    struct Body {
        sha256: String,
    }
    let sql = "SELECT body FROM chain WHERE kind = 2 AND n <= ? ORDER BY n DESC LIMIT 1";
    let body: Option<String> = sqlx::query_scalar(sql)
        .bind(at)
        .fetch_optional(conn)
        .await
        .map_err(|error| JournalError::database(path, error))?;
    let body = body.and_then(|body| serde_json::from_str::<Body>(&body).ok());
    Ok(body.map(|body| body.sha256).unwrap_or_default())
}

impl Head {
    /// The code of the last entry, in hexadecimal digits.
    #[must_use]
    pub fn code(&self) -> String {
        chain::to_hex(&self.mac)
    }
}
