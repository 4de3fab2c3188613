//! Connections to the journal's file for its other tables, those of users and log-ins, and the file
//! itself where no service has made it yet: the command line makes the first user before the first
//! start (contract 2).
//!
//! The rows of the journal are not touched here, and nothing here checks the chain.

use std::path::Path;

use sqlx::{Connection as _, SqliteConnection, SqlitePool};

use super::Durability;
use super::error::JournalError;
use super::open::refuse_unless_ours;
use super::open::{Found, SCHEMA, connect, lock_beside, look_at, migrate, readers};

/// Readers at a time: each request asks once who it comes from.
const READERS: u32 = 2;

/// One connection that writes and a few that only read.
#[derive(Debug)]
pub struct Side {
    pub write: SqliteConnection,
    pub reads: SqlitePool,
}

/// Connections to a file of the newest schema, beside the journal's own.
///
/// # Errors
/// A `JournalError` that names the file.
pub async fn side(path: &Path) -> Result<Side, JournalError> {
    let write = connect(path, &Durability::CLINIC).await?;
    let reads = readers(path, READERS).await;
    Ok(Side { write, reads: reads.map_err(|error| JournalError::database(path, error))? })
}

/// Makes the file, or brings it to the newest schema; where a service uses it, it is there already.
///
/// # Errors
/// A `JournalError` that names the file: as for `open`, or in use by an older release.
pub async fn prepare(path: &Path, key_file: &Path) -> Result<(), JournalError> {
    let durability = Durability::CLINIC;
    let lock = match lock_beside(path) {
        Err(JournalError::InUse { .. }) => return refuse_unless_newest(path, &durability).await,
        other => other?,
    };
    if look_at(path, key_file)? == Found::Journal {
        refuse_unless_ours(path, &durability).await?;
    }
    let mut conn = connect(path, &durability).await?;
    migrate(&mut conn, path).await?;
    conn.close().await.map_err(|error| JournalError::database(path, error))?;
    drop(lock);
    Ok(())
}

/// A running service of an earlier release has not made the tables yet.
async fn refuse_unless_newest(path: &Path, durability: &Durability) -> Result<(), JournalError> {
    let failed = |error| JournalError::database(path, error);
    let mut conn = connect(path, durability).await?;
    let found: Option<i64> = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations")
        .fetch_one(&mut conn)
        .await
        .map_err(failed)?;
    conn.close().await.map_err(failed)?;
    match found.unwrap_or(0) {
        SCHEMA => Ok(()),
        newer if newer > SCHEMA => {
            Err(JournalError::NewerSchema { path: path.to_owned(), found: newer, known: SCHEMA })
        }
        _older => Err(JournalError::InUse { path: path.to_owned() }),
    }
}
