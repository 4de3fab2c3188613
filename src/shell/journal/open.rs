//! Opening: refuse what is not ours, not whole or in use, before anything is written to it; then
//! check, read back, and start the writer (`safety` P5: never a silent empty start).

use std::borrow::Cow;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, SqlSafeStr as _, SqliteConnection, SqlitePool};
use tokio::sync::mpsc;

use super::chain::{self, VerifyError};
use super::commit::{self, Position, Prepared, ROWS_MAX};
use super::error::JournalError;
use super::head::{self, HeadFile};
use super::key::{Chained, Key};
use super::private;
use super::queue::Queue;
use super::writer::{Outbox, State, Writer};
use super::{Durability, Journal, LANE, Notice, Options, Recovery, read};
use crate::shell::clock::{Clock, Speed};

/// "dvjl", as the first migration writes it.
const APPLICATION_ID: i64 = 0x6476_6A6C;

/// The schema that this release writes: the number of the last migration.
pub(super) const SCHEMA: i64 = 4;

/// In order, from 1. One that was released never changes: SQLite files hold its digest.
pub(super) const MIGRATIONS: [(&str, &str); 4] = [
    ("journal", include_str!("migrations/0001_journal.sql")),
    ("identity", include_str!("migrations/0002_identity.sql")),
    ("audit", include_str!("migrations/0003_audit.sql")),
    ("session", include_str!("migrations/0004_session.sql")),
];

/// Notices that may wait for the engine before commits are told together.
const NOTICES: usize = 256;

/// Readers at a time: the streams' replays and the alarm lists.
const READERS: u32 = 4;

/// Opens the journal, or makes a new one where there is none; checks it, reads back what the
/// engine needs, and starts the writer.
///
/// # Errors
/// A `JournalError` that names the file: damaged, foreign, newer, in use, not writable, its key
/// missing, its chain broken, or a record of a bed that left the configuration.
pub async fn open(
    options: Options,
) -> Result<(Journal, Recovery, mpsc::Receiver<Notice>), JournalError> {
    let path = options.path.as_path();
    let lock = lock_beside(path)?;
    let found = look_at(path, &options.key_file)?;
    if found == Found::Journal {
        refuse_unless_ours(path, &options.durability).await?;
    }
    let mut conn = connect(path, &options.durability).await?;
    migrate(&mut conn, path).await?;
    let failed = |error| JournalError::database(path, error);

    let kept = chain::head(&mut conn).await.map_err(failed)?;
    let chained = if kept.count == 0 { Chained::NotYet } else { Chained::Already };
    let key = Key::read_or_make(&options.key_file, chained)?;
    let from = read::newest_checkpoint(&mut conn).await.map_err(failed)?.unwrap_or(1);
    let head = chain::verify(&mut conn, &key, from).await.map_err(|error| match error {
        VerifyError::Broken(broken) => JournalError::Chain { path: path.to_owned(), broken },
        VerifyError::Database(error) => failed(error),
    })?;
    if let Some(file) = &options.head_file {
        head::check(&mut conn, file, path).await?;
    }
    let recovery = read::recovery(&mut conn, path, &options.names).await?;
    let input = chain::last_input(&mut conn).await.map_err(failed)?;

    let clock = Clock::start(Speed::REAL, None);
    let start = commit::start(clock.now().wall, &options.configuration);
    let start = Prepared::of_entries(start, Position { head, input }, &key);
    start.write(&mut conn).await.map_err(failed)?;
    sqlx::query("UPDATE meta SET clean = 0").execute(&mut conn).await.map_err(failed)?;
    let pool = readers(path, READERS).await.map_err(failed)?;

    let names = Arc::new(options.names.clone());
    let (lane, jobs) = mpsc::channel(LANE);
    let (outbox, notices) = mpsc::channel(NOTICES);
    let path = Arc::new(options.path);
    let writer = Writer {
        jobs,
        outbox: Outbox::new(outbox),
        conn,
        path: Arc::clone(&path),
        lock,
        key,
        names: options.names,
        durability: options.durability,
        position: start.after,
        queue: Queue::new(recovery.next_seq, recovery.next_reading),
        head_file: options.head_file.map(|file| HeadFile::new(file, clock.real())),
        clock,
        state: State::Committing,
        log_pages: 0,
    };
    let thread = spawn(writer).map_err(|error| JournalError::io(&path, error))?;
    let writer = Arc::new(Mutex::new(Some(thread)));
    Ok((Journal { lane, pool, path, names, writer }, recovery, notices))
}

fn spawn(writer: Writer) -> io::Result<std::thread::JoinHandle<()>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    std::thread::Builder::new().name("journal".into()).spawn(move || {
        runtime.block_on(writer.run());
        // A head file on a machine that hangs must not hold up the end.
        runtime.shutdown_background();
    })
}

/// Locks a file beside the database for this process; makes the directory where there is none.
pub(super) fn lock_beside(path: &Path) -> Result<File, JournalError> {
    let failed = |error| JournalError::io(path, error);
    if path.is_dir() {
        return Err(JournalError::NotAFile { path: path.to_owned() });
    }
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        std::fs::create_dir_all(parent).map_err(failed)?;
    }
    let beside = with_suffix(path, ".lock");
    let file = OpenOptions::new().create(true).append(true).open(beside).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(JournalError::InUse { path: path.to_owned() }),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    Nothing,
    Journal,
}

/// Looks at the file without SQLite, which would take an empty or a cut file for a new one.
pub(super) fn look_at(path: &Path, key_file: &Path) -> Result<Found, JournalError> {
    let damaged =
        |what: &str| Err(JournalError::Damaged { path: path.to_owned(), what: what.to_owned() });
    let mut header = Vec::new();
    match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if with_suffix(path, "-wal").exists() {
                return damaged("its write-ahead log is there, the file is not");
            }
            if key_file.exists() {
                tracing::warn!(path = %path.display(), "an audit key is there, the journal is not");
            }
            tracing::warn!(path = %path.display(), "there is no journal: a new one is made");
            return Ok(Found::Nothing);
        }
        Err(error) => return Err(JournalError::io(path, error)),
        Ok(file) => {
            let kind = file.metadata().map_err(|error| JournalError::io(path, error))?.file_type();
            if !kind.is_file() {
                return Err(JournalError::NotAFile { path: path.to_owned() });
            }
            file.take(16).read_to_end(&mut header).map_err(|e| JournalError::io(path, e))?;
        }
    }
    match header.as_slice() {
        b"SQLite format 3\0" => Ok(Found::Journal),
        [] if key_file.exists() => damaged("it is empty, though its audit key is there"),
        [] => Ok(Found::Nothing),
        _ => Err(JournalError::NotADatabase { path: path.to_owned() }),
    }
}

/// Reads who made the file, its schema, and whether it is whole, through a connection that cannot
/// write.
pub(super) async fn refuse_unless_ours(
    path: &Path,
    durability: &Durability,
) -> Result<(), JournalError> {
    let failed = |error| JournalError::database(path, error);
    let options = SqliteConnectOptions::new().filename(path).read_only(true);
    let mut conn = options.busy_timeout(durability.busy_timeout).connect().await.map_err(failed)?;
    let number = |sql: &'static str| sqlx::query_scalar::<_, Option<i64>>(sql);
    let id = number("PRAGMA application_id").fetch_one(&mut conn).await.map_err(failed)?;
    let tables = number("SELECT count(*) FROM sqlite_master").fetch_one(&mut conn).await;
    if tables.map_err(failed)? == Some(0) {
        // Made by a start that ended before its first migration did.
        return conn.close().await.map_err(failed);
    }
    if id != Some(APPLICATION_ID) {
        return refuse_unless_unborn(conn, path).await;
    }
    let found = number("SELECT max(version) FROM _sqlx_migrations").fetch_one(&mut conn).await;
    let found = found.map_err(failed)?.unwrap_or(0);
    if found > SCHEMA {
        return Err(JournalError::NewerSchema { path: path.to_owned(), found, known: SCHEMA });
    }
    let clean = number("SELECT clean FROM meta").fetch_one(&mut conn).await.map_err(failed)?;
    if clean != Some(1) {
        let check: String = sqlx::query_scalar("PRAGMA quick_check(1)")
            .fetch_one(&mut conn)
            .await
            .map_err(failed)?;
        if check != "ok" {
            return Err(JournalError::Damaged { path: path.to_owned(), what: check });
        }
    }
    conn.close().await.map_err(failed)
}

/// A start that ended between making the migrations' table and the first migration leaves that
/// table alone in the file, empty; any other file without our mark is another program's.
async fn refuse_unless_unborn(mut conn: SqliteConnection, path: &Path) -> Result<(), JournalError> {
    let sql = "SELECT count(*) FROM sqlite_master WHERE tbl_name != '_sqlx_migrations'";
    let others: Result<i64, _> = sqlx::query_scalar(sql).fetch_one(&mut conn).await;
    if others.map_err(|error| JournalError::database(path, error))? > 0 {
        return Err(JournalError::Foreign { path: path.to_owned() });
    }
    conn.close().await.map_err(|error| JournalError::database(path, error))
}

pub(super) async fn connect(
    path: &Path,
    durability: &Durability,
) -> Result<SqliteConnection, JournalError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(durability.busy_timeout)
        // The writer folds the log in when nothing waits, not inside an alarm's commit.
        .pragma("wal_autocheckpoint", "0")
        .statement_cache_capacity(4 * ROWS_MAX)
        .disable_statement_logging();
    private::make(path).map_err(|error| JournalError::io(path, error))?;
    if let Err(error) = private::close_to_others(path, 0o007) {
        tracing::warn!(path = %path.display(), %error, "the database can be read by everyone");
    }
    let failed = |error| JournalError::database(path, error);
    let mut conn = options.connect().await.map_err(failed)?;
    let mode: String =
        sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut conn).await.map_err(failed)?;
    if mode != "wal" {
        let why = format!("journal mode is {mode}, not wal: is it on a local disk?");
        return Err(JournalError::ReadOnly { path: path.to_owned(), why });
    }
    Ok(conn)
}

pub(super) async fn migrate(conn: &mut SqliteConnection, path: &Path) -> Result<(), JournalError> {
    let numbered = (1..).zip(MIGRATIONS).map(|(version, (name, sql))| {
        let sql = sql.into_sql_str();
        Migration::new(version, Cow::Borrowed(name), MigrationType::Simple, sql, false)
    });
    let migrator = Migrator::with_migrations(numbered.collect());
    let Err(error) = migrator.run(conn).await else { return Ok(()) };
    if let MigrateError::VersionMissing(found) = error {
        return Err(JournalError::NewerSchema { path: path.to_owned(), found, known: SCHEMA });
    }
    let error = if let MigrateError::Execute(error) = error { error } else { error.into() };
    Err(JournalError::database(path, error))
}

/// `count` connections that can only read.
pub(super) async fn readers(path: &Path, count: u32) -> Result<SqlitePool, sqlx::Error> {
    let options =
        SqliteConnectOptions::new().filename(path).read_only(true).disable_statement_logging();
    // All are opened now: a full disk may refuse it later.
    let pool = SqlitePoolOptions::new().min_connections(count).max_connections(count);
    pool.connect_with(options).await
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
