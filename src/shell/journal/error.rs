//! Why a journal could not be opened, written or read. Every message names the file and none tells
//! a secret or a patient's data: the path is what an operator needs (`safety` P5, X11).

use std::io;
use std::path::{Path, PathBuf};

use super::chain::Broken;
use crate::domain::record::RecordError;

#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    #[error("{path}: is not a file")]
    NotAFile { path: PathBuf },
    #[error("{path}: is not an SQLite database; it was left as it is")]
    NotADatabase { path: PathBuf },
    #[error("{path}: is a database of another program; it was left as it is")]
    Foreign { path: PathBuf },
    #[error("{path}: is damaged ({what}); it was left as it is")]
    Damaged { path: PathBuf, what: String },
    #[error("{path}: cannot be written: {why}")]
    ReadOnly { path: PathBuf, why: String },
    #[error("{path}: was written by a newer release (schema {found}, this one knows {known})")]
    NewerSchema { path: PathBuf, found: i64, known: i64 },
    #[error("{path}: another dosevigil is using this journal")]
    InUse { path: PathBuf },
    #[error("{path}: is locked by another program")]
    Locked { path: PathBuf },
    #[error("{path}: the audit key is missing, but the journal was written with one")]
    KeyMissing { path: PathBuf },
    #[error("{path}: is not an audit key (64 hexadecimal digits)")]
    KeyMalformed { path: PathBuf },
    #[error("{path}: the audit key cannot be read or made: {source}")]
    Key { path: PathBuf, source: io::Error },
    #[error("{path}: the chain's head file cannot be used: {source}")]
    HeadFile { path: PathBuf, source: io::Error },
    #[error("{path}: the audit chain is broken {broken}")]
    Chain { path: PathBuf, broken: Broken },
    /// A bed or source that has left the configuration after an unclean stop: start once with the
    /// former configuration, and stop.
    #[error("{path}: input {id} cannot be read: {source}")]
    Record { path: PathBuf, id: u64, source: RecordError },
    #[error("{path}: transition {seq} cannot be read: {source}")]
    Transition { path: PathBuf, seq: u64, source: RecordError },
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: io::Error },
    #[error("{path}: {source}")]
    Database { path: PathBuf, source: sqlx::Error },
    #[error("{path}: the journal is closed")]
    Closed { path: PathBuf },
}

// SQLite's primary result codes (sqlite.org/rescode.html).
const BUSY: u32 = 5;
const READONLY: u32 = 8;
const CORRUPT: u32 = 11;
const CANTOPEN: u32 = 14;
const NOTADB: u32 = 26;

impl JournalError {
    /// Names what an operator can do something about; anything else stays the database's word.
    pub(super) fn database(path: &Path, source: sqlx::Error) -> Self {
        let path = path.to_owned();
        match primary_code(&source) {
            Some(BUSY) => Self::Locked { path },
            Some(READONLY | CANTOPEN) => Self::ReadOnly { path, why: source.to_string() },
            Some(CORRUPT) => Self::Damaged { path, what: source.to_string() },
            Some(NOTADB) => Self::NotADatabase { path },
            Some(_) | None => Self::Database { path, source },
        }
    }

    pub(super) fn io(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        let kind = source.kind();
        if matches!(kind, io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied) {
            Self::ReadOnly { path, why: source.to_string() }
        } else {
            Self::Io { path, source }
        }
    }
}

/// The low byte of an extended result code is the primary one.
fn primary_code(error: &sqlx::Error) -> Option<u32> {
    let extended: u32 = error.as_database_error()?.code()?.parse().ok()?;
    Some(extended & 0xFF)
}
