//! The audit chain: an append-only series of entries, each authenticated together with all before
//! it, so that a change, a deletion or a cut end is found (`safety` X10, `style` 2.9).
//!
//! # Format, from version 1 on
//! `mac_n = HMAC-SHA256(key, mac_(n-1) || kind || length || body)`, with `mac_0` = 32 zero bytes,
//! `kind` one byte, `length` the body's bytes as 8 bytes little-endian, `body` UTF-8 JSON.
//!
//! | kind | what | body |
//! | --- | --- | --- |
//! | 1 | start | `{"v":1,"release":…,"wall_us":…}` |
//! | 2 | configuration | `{"v":1,"sha256":…}` |
//! | 3 | inputs | `{"v":1,"first":…,"last":…,"sha256":…,"lost":…}` |
//! | 4 | act | the input's record |
//! | 5 | transition | its record |
//! | 6 | checkpoint | `{"v":1,"input":…,"next_seq":…,"next_reading":…,"at":[…],"sha256":…}` |
//! | 7 | stop | `{"v":1,"wall_us":…}` |
//!
//! The digest of kind 3 is SHA-256 over each row's `length || body`, in the order of their ids; of
//! kind 6 over the state. The head (count and mac of the last entry) is kept in `meta`, where it
//! finds rows that are missing at the end, and in a file elsewhere, which also finds an old copy of
//! the whole database put in its place. Who holds the key can forge the chain: hence a file apart.
//!
//! Not here: the check of the whole chain on demand (`verify` from entry 1), which a command calls.

use std::fmt;
use std::sync::Arc;

use hmac::{Hmac, Mac as _};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use sqlx::{Row as _, SqliteConnection};

use super::key::Key;

pub type Mac = [u8; 32];

/// The place and authentication code of the chain's last entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// How many entries there are.
    pub count: u64,
    pub mac: Mac,
}

/// What an entry is; its number is part of the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Start = 1,
    Configuration = 2,
    Inputs = 3,
    Act = 4,
    Transition = 5,
    Checkpoint = 6,
    Stop = 7,
}

#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) n: u64,
    pub(super) kind: Kind,
    pub(super) body: Arc<str>,
    pub(super) mac: Mac,
}

/// The first link that does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at entry {entry}: {how}")]
pub struct Broken {
    pub entry: u64,
    pub how: How,
}

/// In which way a link does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Its body, kind or code is not what was written, or the key is another.
    Changed,
    /// It is not there, though later ones are.
    Missing,
    /// It and all after it are not there.
    Truncated,
    /// It stands after the head: put there without the key.
    Added,
    /// The inputs that it vouches for were changed, deleted or added to.
    Inputs,
    /// The index does not lead to this transition.
    Index,
    /// The checkpoint's state is not the one that was written.
    State,
    /// The head file holds another code for it.
    HeadFile,
}

/// Why a check did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    #[error(transparent)]
    Broken(#[from] Broken),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Entries that are read at a time: some hundred kilobytes.
const PAGE: u64 = 1000;

impl Head {
    /// Before the first entry.
    pub const EMPTY: Self = Self { count: 0, mac: [0; 32] };

    /// Appends an entry and moves on to it.
    pub(super) fn append(&mut self, key: &Key, kind: Kind, body: Arc<str>) -> Entry {
        *self = Self { count: self.count + 1, mac: link(key, &self.mac, kind as u8, &body) };
        Entry { n: self.count, kind, body, mac: self.mac }
    }
}

/// The code of an entry, from the code of the one before it.
fn link(key: &Key, previous: &Mac, kind: u8, body: &str) -> Mac {
    let mut mac: Hmac<Sha256> = key.mac();
    mac.update(previous);
    mac.update(&[kind]);
    mac.update(&length(body.len()));
    mac.update(body.as_bytes());
    mac.finalize().into_bytes().into()
}

/// The digest of a group of inputs.
pub(super) fn digest_of_inputs<'a>(bodies: impl Iterator<Item = &'a str>) -> Mac {
    let mut digest = Sha256::new();
    for body in bodies {
        digest.update(length(body.len()));
        digest.update(body.as_bytes());
    }
    digest.finalize().into()
}

pub(super) fn digest_of_state(state: &[u8]) -> Mac {
    Sha256::digest(state).into()
}

fn length(bytes: usize) -> [u8; 8] {
    u64::try_from(bytes).expect("no body is longer than memory").to_le_bytes()
}

/// Checks the chain from entry `from` (1: whole) to its head, with the rows that it vouches for.
/// The code of the entry before `from` is taken on trust. Returns the head.
///
/// # Errors
/// `Broken` with the first link that does not hold; `Database` when it cannot be read.
pub async fn verify(
    conn: &mut SqliteConnection,
    key: &Key,
    from: u64,
) -> Result<Head, VerifyError> {
    let kept = head(conn).await?;
    let from = from.max(1);
    let mut at = Head { count: from - 1, mac: mac_of(conn, from - 1).await?.unwrap_or([0; 32]) };
    loop {
        let page = page_after(conn, at.count).await?;
        if page.is_empty() {
            break;
        }
        for row in page {
            at = check(conn, key, at, kept, row).await?;
        }
    }
    if at.count < kept.count {
        return Err(broken(at.count + 1, How::Truncated));
    }
    if at.mac != kept.mac {
        return Err(broken(at.count, How::Changed));
    }
    check_index(conn, from).await?;
    check_last_input(conn, kept).await?;
    Ok(at)
}

/// The head as `meta` holds it.
pub(super) async fn head(conn: &mut SqliteConnection) -> Result<Head, sqlx::Error> {
    let row = sqlx::query("SELECT head, mac FROM meta").fetch_one(conn).await?;
    let count = row.try_get::<i64, _>(0)?.max(0).unsigned_abs();
    Ok(Head { count, mac: row.try_get::<&[u8], _>(1)?.try_into().unwrap_or([0; 32]) })
}

/// The code of entry `n`; `None` where there is no such entry.
pub(super) async fn mac_of(
    conn: &mut SqliteConnection,
    n: u64,
) -> Result<Option<Mac>, sqlx::Error> {
    let row = sqlx::query("SELECT mac FROM chain WHERE n = ?").bind(signed(n));
    let row = row.fetch_optional(conn).await?;
    row.map(|row| Ok(row.try_get::<&[u8], _>(0)?.try_into().unwrap_or([0; 32]))).transpose()
}

struct ChainRow {
    n: u64,
    kind: i64,
    body: String,
    mac: Vec<u8>,
}

async fn page_after(conn: &mut SqliteConnection, n: u64) -> Result<Vec<ChainRow>, sqlx::Error> {
    let sql = "SELECT n, kind, body, mac FROM chain WHERE n > ? ORDER BY n LIMIT ?";
    let rows = sqlx::query(sql).bind(signed(n)).bind(signed(PAGE)).fetch_all(conn).await?;
    let row = |row: &sqlx::sqlite::SqliteRow| {
        let n = row.try_get::<i64, _>(0)?.max(0).unsigned_abs();
        let (kind, body, mac) = (row.try_get(1)?, row.try_get(2)?, row.try_get(3)?);
        Ok(ChainRow { n, kind, body, mac })
    };
    rows.iter().map(row).collect()
}

/// Checks one row against the entry before it; `kept` is the head that `meta` holds.
async fn check(
    conn: &mut SqliteConnection,
    key: &Key,
    at: Head,
    kept: Head,
    row: ChainRow,
) -> Result<Head, VerifyError> {
    let n = at.count + 1;
    if row.n != n {
        return Err(broken(n, How::Missing));
    }
    if n > kept.count {
        return Err(broken(n, How::Added));
    }
    let Ok(kind) = u8::try_from(row.kind) else { return Err(broken(n, How::Changed)) };
    let mac = link(key, &at.mac, kind, &row.body);
    if mac[..] != row.mac[..] {
        return Err(broken(n, How::Changed));
    }
    if kind == Kind::Inputs as u8 && !inputs_hold(conn, &row.body).await? {
        return Err(broken(n, How::Inputs));
    }
    if kind == Kind::Checkpoint as u8 && !state_holds(conn, n, &row.body).await? {
        return Err(broken(n, How::State));
    }
    Ok(Head { count: n, mac })
}

/// What kind 3 says, as far as a check needs it.
#[derive(Deserialize)]
struct InputsBody {
    first: u64,
    last: u64,
    sha256: String,
}

async fn inputs_hold(conn: &mut SqliteConnection, body: &str) -> Result<bool, sqlx::Error> {
    let Ok(group) = serde_json::from_str::<InputsBody>(body) else { return Ok(false) };
    let sql = "SELECT body FROM input WHERE id BETWEEN ? AND ? ORDER BY id";
    let query = sqlx::query_scalar(sql).bind(signed(group.first)).bind(signed(group.last));
    let bodies: Vec<String> = query.fetch_all(conn).await?;
    let digest = digest_of_inputs(bodies.iter().map(String::as_str));
    Ok(from_hex(&group.sha256) == Some(digest))
}

/// Older checkpoints are deleted, so one that is not there holds.
async fn state_holds(conn: &mut SqliteConnection, n: u64, body: &str) -> Result<bool, sqlx::Error> {
    #[derive(Deserialize)]
    struct Body {
        input: u64,
        sha256: String,
    }
    let Ok(said) = serde_json::from_str::<Body>(body) else { return Ok(false) };
    let row = sqlx::query("SELECT input, state FROM checkpoint WHERE n = ?").bind(signed(n));
    let Some(row) = row.fetch_optional(conn).await? else { return Ok(true) };
    let input = row.try_get::<i64, _>(0)?;
    let state: &[u8] = row.try_get(1)?;
    Ok(input == signed(said.input) && from_hex(&said.sha256) == Some(digest_of_state(state)))
}

async fn check_index(conn: &mut SqliteConnection, from: u64) -> Result<(), VerifyError> {
    let sql = "SELECT c.n FROM chain c
         LEFT JOIN transition t ON t.seq = json_extract(c.body, '$.seq') AND t.n = c.n
         WHERE c.kind = ? AND c.n >= ? AND t.seq IS NULL ORDER BY c.n LIMIT 1";
    let query = sqlx::query_scalar(sql).bind(Kind::Transition as i64).bind(signed(from));
    match query.fetch_optional(conn).await? {
        None => Ok(()),
        Some(n) => Err(broken(i64::unsigned_abs(n), How::Index)),
    }
}

/// An input after the last group was put there without the key.
async fn check_last_input(conn: &mut SqliteConnection, head: Head) -> Result<(), VerifyError> {
    let last: Option<i64> =
        sqlx::query_scalar("SELECT max(id) FROM input").fetch_one(&mut *conn).await?;
    if last.unwrap_or(0).unsigned_abs() > last_input(conn).await? {
        return Err(broken(head.count, How::Inputs));
    }
    Ok(())
}

/// The id of the last input that the chain vouches for; 0 where there is none.
pub(super) async fn last_input(conn: &mut SqliteConnection) -> Result<u64, sqlx::Error> {
    let sql = "SELECT body FROM chain WHERE kind = ? ORDER BY n DESC LIMIT 1";
    let body: Option<String> =
        sqlx::query_scalar(sql).bind(Kind::Inputs as i64).fetch_optional(conn).await?;
    let group = body.and_then(|body| serde_json::from_str::<InputsBody>(&body).ok());
    Ok(group.map_or(0, |group| group.last))
}

fn broken(entry: u64, how: How) -> VerifyError {
    VerifyError::Broken(Broken { entry, how })
}

/// SQLite's integers are signed; ours count from 1.
pub(super) fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

pub(super) fn to_hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        write!(text, "{byte:02x}").expect("a String takes all that is written");
    }
    text
}

/// 32 bytes of 64 hexadecimal digits.
pub(super) fn from_hex(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.bytes().all(|c| c.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(&text[at..at + 2], 16).ok()?;
    }
    Some(bytes)
}

impl fmt::Display for How {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Changed => "changed, or written with another key",
            Self::Missing => "deleted",
            Self::Truncated => "it and all after it are missing",
            Self::Added => "added behind the head",
            Self::Inputs => "the inputs of its group are not those that were written",
            Self::Index => "the index does not lead to it",
            Self::State => "the checkpoint's state is not the one that was written",
            Self::HeadFile => "differs from the head file",
        })
    }
}
