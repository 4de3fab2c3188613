//! Questions to the tables of users, tokens and log-ins; each is one statement.

use std::sync::Arc;

use sqlx::SqlitePool;

use super::password::Hashed;
use super::{
    AccountName, AuditLine, IdentityError, SecretHash, Token, TokenAccess, User, UserAccess,
};
use crate::domain::role::Role;
use crate::domain::time::WallTime;

/// A user with what a log-in is checked against.
pub(super) struct Account {
    pub(super) user: User,
    pub(super) password: Hashed,
}

/// A log-in under way, of a user who is not disabled.
pub(super) struct Found {
    pub(super) user: Arc<str>,
    pub(super) role: Role,
    pub(super) began: WallTime,
    pub(super) active: WallTime,
}

impl Account {
    pub(super) fn may_log_in(&self) -> bool {
        self.user.access == UserAccess::Enabled
    }
}

pub(super) async fn has_users(reads: &SqlitePool) -> Result<bool, IdentityError> {
    let any: i64 =
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM user)").fetch_one(reads).await?;
    Ok(any == 1)
}

pub(super) async fn users(reads: &SqlitePool) -> Result<Vec<User>, IdentityError> {
    let sql = "SELECT name, role, disabled FROM user ORDER BY name";
    let rows: Vec<(String, String, bool)> = sqlx::query_as(sql).fetch_all(reads).await?;
    rows.into_iter().map(|(name, role, disabled)| user(name, &role, disabled)).collect()
}

pub(super) async fn account(
    reads: &SqlitePool,
    name: &AccountName,
) -> Result<Option<Account>, IdentityError> {
    let sql = "SELECT name, role, disabled, password FROM user WHERE name = ?";
    let row: Option<(String, String, bool, String)> =
        sqlx::query_as(sql).bind(name.as_str()).fetch_optional(reads).await?;
    let Some((name, role, disabled, hash)) = row else { return Ok(None) };
    Ok(Some(Account { user: user(name, &role, disabled)?, password: Hashed(hash) }))
}

pub(super) async fn tokens(reads: &SqlitePool) -> Result<Vec<Token>, IdentityError> {
    let sql = "SELECT name, role, revoked_us IS NOT NULL FROM token ORDER BY name";
    let rows: Vec<(String, String, bool)> = sqlx::query_as(sql).fetch_all(reads).await?;
    let token = |(name, role, revoked): (String, String, bool)| {
        let access = if revoked { TokenAccess::Revoked } else { TokenAccess::InForce };
        Ok(Token { name: name.into(), role: known(&role)?, access })
    };
    rows.into_iter().map(token).collect()
}

pub(super) async fn token(
    reads: &SqlitePool,
    hash: SecretHash,
) -> Result<Option<(String, Role)>, IdentityError> {
    let sql = "SELECT name, role FROM token WHERE hash = ? AND revoked_us IS NULL";
    let row: Option<(String, String)> =
        sqlx::query_as(sql).bind(hash.as_bytes().as_slice()).fetch_optional(reads).await?;
    row.map(|(name, role)| Ok((name, known(&role)?))).transpose()
}

pub(super) async fn log_in(
    reads: &SqlitePool,
    hash: SecretHash,
) -> Result<Option<Found>, IdentityError> {
    let sql = "SELECT user.name, user.role, log_in.began_us, log_in.active_us \
               FROM log_in JOIN user ON user.name = log_in.user \
               WHERE log_in.hash = ? AND user.disabled = 0";
    let row: Option<(String, String, i64, i64)> =
        sqlx::query_as(sql).bind(hash.as_bytes().as_slice()).fetch_optional(reads).await?;
    let Some((name, role, began, active)) = row else { return Ok(None) };
    Ok(Some(Found {
        user: name.into(),
        role: known(&role)?,
        began: WallTime::from_micros(began),
        active: WallTime::from_micros(active),
    }))
}

/// Lines of the audit with ids below `before`, newest first.
pub(super) async fn audit_before(
    reads: &SqlitePool,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<AuditLine>, IdentityError> {
    let sql = "SELECT id, at_us, who, what, from_address, detail FROM audit_identity
         WHERE id < ? ORDER BY id DESC LIMIT ?";
    let query = sqlx::query_as(sql).bind(before.unwrap_or(i64::MAX)).bind(limit);
    let rows: Vec<(i64, i64, String, String, String, String)> = query.fetch_all(reads).await?;
    let line = |(id, at, who, what, from, detail)| AuditLine {
        id,
        at: WallTime::from_micros(at),
        who,
        what,
        from,
        detail,
    };
    Ok(rows.into_iter().map(line).collect())
}

/// Who, what, from where and the detail of each line of the audit.
#[cfg(test)]
pub(super) async fn audit(reads: &SqlitePool) -> Result<Vec<[String; 4]>, IdentityError> {
    let sql = "SELECT who, what, from_address, detail FROM audit_identity ORDER BY id";
    let rows: Vec<(String, String, String, String)> = sqlx::query_as(sql).fetch_all(reads).await?;
    Ok(rows.into_iter().map(|(who, what, from, detail)| [who, what, from, detail]).collect())
}

pub(super) fn user(name: String, role: &str, disabled: bool) -> Result<User, IdentityError> {
    let access = if disabled { UserAccess::Disabled } else { UserAccess::Enabled };
    Ok(User { name: name.into(), role: known(role)?, access })
}

/// The table's own check lets no other word in.
fn known(role: &str) -> Result<Role, IdentityError> {
    let unknown = || sqlx::Error::Decode("a role that is none of the four".into());
    Ok(Role::by_name(role).ok_or_else(unknown)?)
}
