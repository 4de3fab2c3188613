//! Logging in and out, and knowing who a request comes from. Every log-in that fails gets the same
//! answer after the same work, whether the user is unknown, disabled or mistyped (safety X3).

use std::sync::Arc;
use std::time::Duration;

use super::password::{self, Hashed, NewPassword};
use super::writer::Write;
use super::{
    AccountName, BOARD, Caller, Csrf, Identity, IdentityError, Note, Secret, SecretHash, Standing,
    Via, query,
};
use crate::domain::role::Role;

/// An act is stored when the last one stored is at least so old: a busy screen is not a busy disk.
/// The idle time may be taken for so much longer than it is, never for shorter.
const ACTIVITY_STEP: Duration = Duration::from_secs(10);

/// A log-in that has begun.
#[derive(Debug)]
pub struct LoggedIn {
    pub name: Arc<str>,
    pub role: Role,
    /// For the cookie.
    pub secret: Secret,
    pub csrf: Csrf,
}

/// Why there is no log-in.
#[derive(Debug, thiserror::Error)]
pub enum LogInError {
    /// One for all: who asks learns nothing of which names there are.
    #[error("name or password is not right")]
    Refused,
    #[error(transparent)]
    Identity(#[from] IdentityError),
}

impl Identity {
    /// Begins a log-in; the one that `replaced` names, of the same browser, ends.
    ///
    /// # Errors
    /// `LogInError::Refused`, or why nobody can log in now.
    pub async fn log_in(
        &self,
        name: &str,
        password: &str,
        from: &Arc<str>,
        replaced: Option<SecretHash>,
    ) -> Result<LoggedIn, LogInError> {
        let found = match AccountName::try_new(name) {
            Ok(name) => query::account(&self.0.reads, &name).await?,
            Err(_) => None,
        };
        let known = found.as_ref().map(|account| Arc::clone(&account.user.name));
        let hash = found.as_ref().map(|account| account.password.clone());
        let fits = self.fits(hash, password.to_owned()).await?;
        let right = found.filter(|account| fits && account.may_log_in());
        let Some(account) = right else { return Err(self.refuse(known, from)) };
        let secret = Secret::random().map_err(IdentityError::from)?;
        let begun = self.ask(|reply| Write::LogIn {
            name: Arc::clone(&account.user.name),
            password: account.password.clone(),
            log_in: secret.hash(),
            replaced,
            from: Arc::clone(from),
            reply,
        });
        match begun.await {
            Ok(()) => {}
            // Changed between the look and the log-in.
            Err(IdentityError::UnknownUser) => return Err(self.refuse(known, from)),
            Err(error) => return Err(error.into()),
        }
        let (name, role) = (account.user.name, account.user.role);
        Ok(LoggedIn { name, role, csrf: secret.csrf(), secret })
    }

    /// What was typed as a name may be a password: only a user's own name is written down.
    fn refuse(&self, known: Option<Arc<str>>, from: &Arc<str>) -> LogInError {
        let detail = known.map_or("an unknown user".into(), |name| format!("user {name}"));
        let from = Arc::clone(from);
        self.note(Note { who: "".into(), what: "log-in refused", from, detail });
        LogInError::Refused
    }

    /// Ends the log-in on the server; a token has none.
    ///
    /// # Errors
    /// Why it can't be ended now.
    pub async fn log_out(&self, caller: &Caller, from: Arc<str>) -> Result<(), IdentityError> {
        let Via::Cookie { log_in, .. } = caller.via else { return Ok(()) };
        let who = Arc::clone(&caller.name);
        self.ask(|reply| Write::LogOut { who, log_in, from, reply }).await
    }

    /// Who holds this cookie's secret; `None`: nobody that is logged in.
    ///
    /// # Errors
    /// What the database says.
    pub async fn by_cookie(&self, secret: &Secret) -> Result<Option<Caller>, IdentityError> {
        let log_in = secret.hash();
        let Some(found) = query::log_in(&self.0.reads, log_in).await? else {
            return self.by_board(secret).await;
        };
        let standing = Standing::of(found.began, found.active, self.now());
        Ok(standing.map(|standing| Caller {
            name: found.user,
            role: found.role,
            standing,
            via: Via::Cookie { log_in, csrf: secret.csrf(), active: found.active },
        }))
    }

    /// A wall board, by its token: paired once, it reads for as long as that is in force
    /// (safety X4). A cookie with another token is nobody's.
    async fn by_board(&self, secret: &Secret) -> Result<Option<Caller>, IdentityError> {
        let hash = secret.hash();
        let found = query::token(&self.0.reads, hash).await?;
        let board = found.filter(|(name, _)| name.starts_with(BOARD));
        Ok(board.map(|(name, role)| Caller {
            name: format!("token:{name}").into(),
            role,
            standing: Standing::DisplayOnly,
            via: Via::Board { hash, csrf: secret.csrf() },
        }))
    }

    /// Who holds this token; `None`: no token in force.
    ///
    /// # Errors
    /// What the database says.
    pub async fn by_token(&self, secret: &Secret) -> Result<Option<Caller>, IdentityError> {
        let hash = secret.hash();
        let found = query::token(&self.0.reads, hash).await?;
        Ok(found.map(|(name, role)| Caller {
            name: format!("token:{name}").into(),
            role,
            standing: Standing::Full,
            via: Via::Token { hash },
        }))
    }

    /// Whether who was recognised before still may read: for streams, which outlive their request.
    /// While the database does not answer they may: alarms stay on the screen.
    pub async fn still_reads(&self, caller: &Caller) -> bool {
        let reads = &self.0.reads;
        let found = match caller.via {
            Via::Token { hash } | Via::Board { hash, .. } => {
                query::token(reads, hash).await.map(|found| found.is_some())
            }
            Via::Cookie { log_in, .. } => query::log_in(reads, log_in).await.map(|found| {
                let standing =
                    found.and_then(|found| Standing::of(found.began, found.active, self.now()));
                standing.is_some()
            }),
        };
        found.unwrap_or(true)
    }

    /// A person has done something. Only what still controls is kept from idling: a log-in that
    /// timed out is not woken by a request.
    pub fn active(&self, caller: &Caller) {
        let Via::Cookie { log_in, active, .. } = caller.via else { return };
        let now = self.now();
        if caller.standing == Standing::Full && now >= active.plus(ACTIVITY_STEP) {
            // Too much waits: the next act will do.
            let _left_out = self.aside(Write::Active { log_in, at: now });
        }
    }

    pub(super) async fn hashed(&self, password: NewPassword) -> Result<Hashed, IdentityError> {
        self.off_the_tasks(move || password.hash()).await
    }

    async fn fits(&self, hash: Option<Hashed>, password: String) -> Result<bool, IdentityError> {
        let hash = hash.unwrap_or_else(Hashed::of_nobody);
        self.off_the_tasks(move || Ok(hash.fits(&password))).await
    }

    async fn off_the_tasks<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, password::NotHashed> + Send + 'static,
    ) -> Result<T, IdentityError> {
        let _turn = self.0.hashing.acquire().await.expect("nobody closes this semaphore");
        let done = tokio::task::spawn_blocking(work).await;
        let failed = |error: &dyn std::error::Error| IdentityError::Hash(error.to_string());
        done.map_err(|error| failed(&error))?.map_err(|error| failed(&error))
    }
}
