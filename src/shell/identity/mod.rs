//! Who is asking: a cookie's or a token's secret in, a `Caller` with name, role and standing out;
//! log-in, log-out, users and tokens (safety X2 to X4, X10; contract 2 and 6).
//!
//! Users, tokens and log-ins are tables of the journal's file. Reading goes through a small
//! read-only pool, so that a locked database keeps nobody from seeing alarms; each change is one
//! short transaction, run by the one `Writer` that owns the write connection, so that the journal
//! never waits long. The command line changes the same tables while the service runs: nothing of
//! them is kept in memory but the answers to the latest commands.
//!
//! Not here: which route needs which role (`http::access`), throttling, TLS.

mod answered;
mod log_in;
mod name;
mod password;
mod query;
mod secret;
mod standing;
mod store;
#[cfg(test)]
mod tests;
mod writer;

use std::fmt;
use std::sync::Arc;

use sqlx::{SqliteConnection, SqlitePool};
use tokio::sync::{Semaphore, mpsc, oneshot};

pub use self::log_in::{LogInError, LoggedIn};
pub use self::name::{AccountName, BadAccountName};
pub use self::password::{BadPassword, NewPassword};
pub use self::secret::{Csrf, Secret, SecretHash};
pub use self::standing::{ABSOLUTE, IDLE, Standing};
pub use self::writer::Writer;
use self::writer::{Change, Write};
use crate::domain::act::Actor;
use crate::domain::ids::CommandId;
use crate::domain::role::Role;
use crate::domain::time::WallTime;

/// Changes that may wait for the writer (`app`, the table of lanes).
const LANE: usize = 64;
/// Passwords hashed at a time: a core stays free for alarms.
const HASHING: usize = 1;

/// The time of log-ins: real, not the clinic's faster one (safety F7), and steady while the service
/// runs, so that a step of the host's clock logs nobody out.
pub type Now = Arc<dyn Fn() -> WallTime + Send + Sync>;

/// The way to the service's users; cheap to clone.
#[derive(Clone)]
pub struct Identity(Arc<Shared>);

struct Shared {
    reads: SqlitePool,
    lane: mpsc::Sender<Write>,
    hashing: Semaphore,
    now: Now,
}

/// Whoever makes a request.
#[derive(Clone, Debug)]
pub struct Caller {
    /// A user's name, or `token:NAME`: what acts are recorded under.
    pub name: Arc<str>,
    pub role: Role,
    pub standing: Standing,
    pub via: Via,
}

/// By what a caller is known.
#[derive(Clone, Debug)]
pub enum Via {
    Cookie {
        log_in: SecretHash,
        csrf: Csrf,
        /// The last act that is stored.
        active: WallTime,
    },
    Token {
        hash: SecretHash,
    },
    /// A wall board's token, which its browser holds as a cookie.
    Board {
        hash: SecretHash,
        csrf: Csrf,
    },
}

/// How the names of wall boards' tokens begin.
pub const BOARD: &str = "board.";

/// A user, as lists show them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub name: Arc<str>,
    pub role: Role,
    pub access: UserAccess,
}

/// Whether a user may log in; nobody is ever deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserAccess {
    Enabled,
    Disabled,
}

/// A token, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub name: Arc<str>,
    pub role: Role,
    pub access: TokenAccess,
}

/// Whether a token is taken; a revoked one never is again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenAccess {
    InForce,
    Revoked,
}

/// What is to change of a user; `None`: as it is.
#[derive(Clone, Debug, Default)]
pub struct UserChange {
    pub role: Option<Role>,
    /// Ends the user's log-ins.
    pub password: Option<NewPassword>,
    /// Disabling ends the user's log-ins.
    pub access: Option<UserAccess>,
}

/// Who changes users or tokens, from where, and under which command.
#[derive(Clone, Debug)]
pub struct Author {
    pub who: Arc<str>,
    /// The address; empty on this machine's command line.
    pub from: Arc<str>,
    /// The same id with the same digest is answered from memory, with another one refused.
    pub command: Option<(CommandId, BodyDigest)>,
}

/// Tells one request body from another.
pub type BodyDigest = [u8; 32];

/// A line of the audit that is no change of users, such as a refusal. Never holds a secret.
#[derive(Clone, Debug)]
pub struct Note {
    pub who: Arc<str>,
    pub what: &'static str,
    pub from: Arc<str>,
    pub detail: String,
}

/// A line of the audit as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    pub id: i64,
    pub at: WallTime,
    /// Empty: nobody known.
    pub who: String,
    pub what: String,
    /// Empty: this machine's command line.
    pub from: String,
    pub detail: String,
}

/// Why users or tokens are not read or changed.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    #[error("too many changes wait, or the service is ending")]
    Busy,
    #[error("the users can't be read or changed now: {0}")]
    Database(#[from] sqlx::Error),
    #[error("the password can't be hashed: {0}")]
    Hash(String),
    #[error("the machine gives no random bytes")]
    NoRandom(#[from] secret::NoRandom),
    #[error("this name is taken")]
    NameTaken,
    #[error("there is no user of this name")]
    UnknownUser,
    #[error("there is no token of this name in force")]
    UnknownToken,
    #[error("this is the last admin: make another one first")]
    LastAdmin,
    #[error("this command id was used for another request")]
    CommandReused,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(..)")
    }
}

impl Caller {
    /// As an act's author.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::new(&self.name, self.role)
    }
}

impl Author {
    /// On this machine's command line.
    #[must_use]
    pub fn on_command_line() -> Self {
        Self { who: "command-line".into(), from: "".into(), command: None }
    }
}

impl Identity {
    /// `write` and `reads` are connections to the journal's file, of the newest schema. Nothing is
    /// changed before the `Writer` runs.
    #[must_use]
    pub fn new(write: SqliteConnection, reads: SqlitePool, now: Now) -> (Self, Writer) {
        let (lane, jobs) = mpsc::channel(LANE);
        let writer = Writer::new(write, jobs, Arc::clone(&now));
        let hashing = Semaphore::new(HASHING);
        (Self(Arc::new(Shared { reads, lane, hashing, now })), writer)
    }

    /// Users exist; without one nobody can log in.
    ///
    /// # Errors
    /// What the database says.
    pub async fn has_users(&self) -> Result<bool, IdentityError> {
        query::has_users(&self.0.reads).await
    }

    /// By name.
    ///
    /// # Errors
    /// What the database says.
    pub async fn users(&self) -> Result<Vec<User>, IdentityError> {
        query::users(&self.0.reads).await
    }

    /// By name; revoked ones too.
    ///
    /// # Errors
    /// What the database says.
    pub async fn tokens(&self) -> Result<Vec<Token>, IdentityError> {
        query::tokens(&self.0.reads).await
    }

    /// # Errors
    /// `NameTaken`, `CommandReused`, or why nothing can be changed now.
    pub async fn add_user(
        &self,
        by: Author,
        name: AccountName,
        role: Role,
        password: NewPassword,
    ) -> Result<User, IdentityError> {
        let password = self.hashed(password).await?;
        let change = Change::AddUser { name, role, password };
        self.ask(|reply| Write::Users { by, change, reply }).await
    }

    /// # Errors
    /// `UnknownUser`, `LastAdmin`, `CommandReused`, or why nothing can be changed now.
    pub async fn change_user(
        &self,
        by: Author,
        name: AccountName,
        change: UserChange,
    ) -> Result<User, IdentityError> {
        let UserChange { role, password, access } = change;
        let password = match password {
            Some(password) => Some(self.hashed(password).await?),
            None => None,
        };
        let change = Change::Alter { name, role, password, access };
        self.ask(|reply| Write::Users { by, change, reply }).await
    }

    /// A new token; its secret is nowhere else.
    ///
    /// # Errors
    /// `NameTaken`, or why nothing can be changed now.
    pub async fn create_token(
        &self,
        by: Author,
        name: AccountName,
        role: Role,
    ) -> Result<Secret, IdentityError> {
        let secret = Secret::random()?;
        let hash = secret.hash();
        self.ask(|reply| Write::AddToken { by, name, role, hash, reply }).await?;
        Ok(secret)
    }

    /// # Errors
    /// `UnknownToken`, or why nothing can be changed now.
    pub async fn revoke_token(&self, by: Author, name: AccountName) -> Result<(), IdentityError> {
        self.ask(|reply| Write::RevokeToken { by, name, reply }).await
    }

    /// Lines of the audit from before the line `before`, newest first, at most `limit`.
    ///
    /// # Errors
    /// What the database says.
    pub async fn audit_before(
        &self,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<AuditLine>, IdentityError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        query::audit_before(&self.0.reads, before, limit).await
    }

    /// Writes a line of the audit when there is time; told in the log at once.
    pub fn note(&self, note: Note) {
        let Note { who, what, from, detail } = &note;
        tracing::info!(who = &**who, what, from = &**from, detail, "identity");
        if self.aside(Write::Note(note)).is_err() {
            tracing::warn!("a line of the audit was left out: too many wait");
        }
    }

    /// For what nobody waits for: half of the lane is kept for what somebody does.
    fn aside(&self, write: Write) -> Result<(), IdentityError> {
        let lane = &self.0.lane;
        if lane.capacity() <= LANE / 2 {
            return Err(IdentityError::Busy);
        }
        lane.try_send(write).map_err(|_| IdentityError::Busy)
    }

    #[cfg(test)]
    pub(crate) async fn audit(&self) -> Result<Vec<[String; 4]>, IdentityError> {
        query::audit(&self.0.reads).await
    }

    fn now(&self) -> WallTime {
        (self.0.now)()
    }

    async fn ask<T>(
        &self,
        write: impl FnOnce(oneshot::Sender<Result<T, IdentityError>>) -> Write,
    ) -> Result<T, IdentityError> {
        let (reply, answer) = oneshot::channel();
        self.0.lane.try_send(write(reply)).map_err(|_| IdentityError::Busy)?;
        answer.await.map_err(|_| IdentityError::Busy)?
    }
}
