//! The one task that changes users, tokens and log-ins: jobs from the lane, one short transaction
//! each, never inside a `select!` or a timeout (a transaction that is dropped half-way may stay
//! open). Ends when nobody can ask any more.

use std::fmt;
use std::sync::Arc;

use sqlx::SqliteConnection;
use tokio::sync::{mpsc, oneshot};

use super::answered::Answered;
use super::password::Hashed;
use super::{
    AccountName, Author, IdentityError, Note, Now, SecretHash, User, UserAccess, query, store,
};
use crate::domain::role::Role;
use crate::domain::time::WallTime;

type Reply<T> = oneshot::Sender<Result<T, IdentityError>>;

pub(super) enum Write {
    LogIn {
        name: Arc<str>,
        /// The hash that the password was checked against; changed meanwhile, the log-in is void.
        password: Hashed,
        log_in: SecretHash,
        replaced: Option<SecretHash>,
        from: Arc<str>,
        reply: Reply<()>,
    },
    LogOut {
        who: Arc<str>,
        log_in: SecretHash,
        from: Arc<str>,
        reply: Reply<()>,
    },
    Active {
        log_in: SecretHash,
        at: WallTime,
    },
    Note(Note),
    Users {
        by: Author,
        change: Change,
        reply: Reply<User>,
    },
    AddToken {
        by: Author,
        name: AccountName,
        role: Role,
        hash: SecretHash,
        reply: Reply<()>,
    },
    RevokeToken {
        by: Author,
        name: AccountName,
        reply: Reply<()>,
    },
}

#[derive(Debug)]
pub(super) enum Change {
    AddUser {
        name: AccountName,
        role: Role,
        password: Hashed,
    },
    Alter {
        name: AccountName,
        role: Option<Role>,
        password: Option<Hashed>,
        access: Option<UserAccess>,
    },
}

/// Owns the write connection; `run` is its life.
pub struct Writer {
    conn: SqliteConnection,
    jobs: mpsc::Receiver<Write>,
    now: Now,
    answered: Answered,
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Writer(..)")
    }
}

impl Writer {
    pub(super) fn new(conn: SqliteConnection, jobs: mpsc::Receiver<Write>, now: Now) -> Self {
        Self { conn, jobs, now, answered: Answered::default() }
    }

    /// Works until the last `Identity` is gone.
    pub async fn run(mut self) {
        while let Some(job) = self.jobs.recv().await {
            self.take(job).await;
        }
    }

    /// Whoever asked may be gone: what is done is done.
    async fn take(&mut self, job: Write) {
        let (conn, at) = (&mut self.conn, (self.now)());
        match job {
            Write::LogIn { name, password, log_in, replaced, from, reply } => {
                let begun = store::Begun { name, password, log_in, replaced, from };
                drop(reply.send(store::log_in(conn, at, begun).await));
            }
            Write::LogOut { who, log_in, from, reply } => {
                drop(reply.send(store::log_out(conn, at, who, log_in, from).await));
            }
            Write::Active { log_in, at } => tell(store::active(conn, log_in, at).await),
            Write::Note(note) => tell(store::note(conn, at, &note).await),
            Write::Users { by, change, reply } => {
                drop(reply.send(self.users(by, change).await));
            }
            Write::AddToken { by, name, role, hash, reply } => {
                drop(reply.send(store::add_token(conn, at, &by, &name, role, hash).await));
            }
            Write::RevokeToken { by, name, reply } => {
                drop(reply.send(store::revoke_token(conn, at, &by, &name).await));
            }
        }
    }

    async fn users(&mut self, by: Author, change: Change) -> Result<User, IdentityError> {
        if let Some((id, digest)) = &by.command
            && let Some(answer) = self.answered.find(&by.who, *id, digest)?
        {
            return Ok(answer);
        }
        let at = (self.now)();
        let answer = match change {
            Change::AddUser { name, role, password } => {
                store::add_user(&mut self.conn, at, &by, &name, role, &password).await?;
                query::user(name.as_str().to_owned(), role.name(), false)?
            }
            Change::Alter { name, role, password, access } => {
                let altered = store::Altered { role, password, access };
                store::change_user(&mut self.conn, at, &by, &name, altered).await?
            }
        };
        if let Some((id, digest)) = by.command {
            self.answered.keep(&by.who, id, digest, answer.clone());
        }
        Ok(answer)
    }
}

/// Nobody waits for this one.
fn tell(outcome: Result<(), IdentityError>) {
    if let Err(error) = outcome {
        tracing::warn!(%error, "a log-in's activity or a line of the audit is not kept");
    }
}
