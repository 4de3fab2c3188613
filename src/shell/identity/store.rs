//! Changes of the tables of users, tokens and log-ins, each with its line of the audit in one
//! transaction (safety X10). `BEGIN IMMEDIATE`: none waits for the journal's lock half-way.

use std::sync::Arc;

use sqlx::{Connection as _, Sqlite, SqliteConnection, Transaction};

use super::password::Hashed;
use super::{
    ABSOLUTE, AccountName, Author, IdentityError, Note, SecretHash, User, UserAccess, query,
};
use crate::domain::role::Role;
use crate::domain::time::WallTime;

/// A log-in whose password was right.
pub(super) struct Begun {
    pub(super) name: Arc<str>,
    pub(super) password: Hashed,
    pub(super) log_in: SecretHash,
    pub(super) replaced: Option<SecretHash>,
    pub(super) from: Arc<str>,
}

/// What changes of a user.
pub(super) struct Altered {
    pub(super) role: Option<Role>,
    pub(super) password: Option<Hashed>,
    pub(super) access: Option<UserAccess>,
}

const IMMEDIATE: &str = "BEGIN IMMEDIATE";

/// Log-ins whose 12 h are over go with the next one, so that the table does not grow.
pub(super) async fn log_in(
    conn: &mut SqliteConnection,
    at: WallTime,
    begun: Begun,
) -> Result<(), IdentityError> {
    let mut tx = conn.begin_with(IMMEDIATE).await?;
    let (who, over) = (Arc::clone(&begun.name), at.minus(ABSOLUTE));
    sqlx::query("DELETE FROM log_in WHERE began_us <= ? OR hash = ?")
        .bind(over.as_micros())
        .bind(begun.replaced.as_ref().map(|hash| hash.as_bytes().as_slice()))
        .execute(&mut *tx)
        .await?;
    let sql = "INSERT INTO log_in (hash, user, began_us, active_us) \
               SELECT ?1, name, ?2, ?2 FROM user \
               WHERE name = ?3 AND password = ?4 AND disabled = 0";
    let made = sqlx::query(sql)
        .bind(begun.log_in.as_bytes().as_slice())
        .bind(at.as_micros())
        .bind(&*begun.name)
        .bind(&begun.password.0)
        .execute(&mut *tx)
        .await?;
    if made.rows_affected() == 0 {
        tx.rollback().await?;
        return Err(IdentityError::UnknownUser);
    }
    finish(tx, at, Note { who, what: "log-in", from: begun.from, detail: String::new() }).await
}

pub(super) async fn log_out(
    conn: &mut SqliteConnection,
    at: WallTime,
    who: Arc<str>,
    log_in: SecretHash,
    from: Arc<str>,
) -> Result<(), IdentityError> {
    let mut tx = conn.begin_with(IMMEDIATE).await?;
    sqlx::query("DELETE FROM log_in WHERE hash = ?")
        .bind(log_in.as_bytes().as_slice())
        .execute(&mut *tx)
        .await?;
    finish(tx, at, Note { who, what: "log-out", from, detail: String::new() }).await
}

pub(super) async fn active(
    conn: &mut SqliteConnection,
    log_in: SecretHash,
    at: WallTime,
) -> Result<(), IdentityError> {
    sqlx::query("UPDATE log_in SET active_us = max(active_us, ?) WHERE hash = ?")
        .bind(at.as_micros())
        .bind(log_in.as_bytes().as_slice())
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn note(
    conn: &mut SqliteConnection,
    at: WallTime,
    note: &Note,
) -> Result<(), IdentityError> {
    write(conn, at, note).await
}

pub(super) async fn add_user(
    conn: &mut SqliteConnection,
    at: WallTime,
    by: &Author,
    name: &AccountName,
    role: Role,
    password: &Hashed,
) -> Result<(), IdentityError> {
    let mut tx = conn.begin_with(IMMEDIATE).await?;
    let sql = "INSERT INTO user (name, role, password, disabled, created_us) \
               VALUES (?, ?, ?, 0, ?) ON CONFLICT DO NOTHING";
    let made = sqlx::query(sql)
        .bind(name.as_str())
        .bind(role.name())
        .bind(&password.0)
        .bind(at.as_micros())
        .execute(&mut *tx)
        .await?;
    if made.rows_affected() == 0 {
        tx.rollback().await?;
        return Err(IdentityError::NameTaken);
    }
    let detail = format!("{name}, role {}", role.name());
    finish(tx, at, of(by, "user added", detail)).await
}

/// A new password and a disabled user end the user's log-ins. The last admin stays one.
pub(super) async fn change_user(
    conn: &mut SqliteConnection,
    at: WallTime,
    by: &Author,
    name: &AccountName,
    altered: Altered,
) -> Result<User, IdentityError> {
    let mut tx = conn.begin_with(IMMEDIATE).await?;
    let sql = "SELECT name, role, disabled FROM user WHERE name = ?";
    let row: Option<(String, String, bool)> =
        sqlx::query_as(sql).bind(name.as_str()).fetch_optional(&mut *tx).await?;
    let Some((found, role, disabled)) = row else {
        tx.rollback().await?;
        return Err(IdentityError::UnknownUser);
    };
    let old = query::user(found, &role, disabled)?;
    let new = User {
        name: Arc::clone(&old.name),
        role: altered.role.unwrap_or(old.role),
        access: altered.access.unwrap_or(old.access),
    };
    if is_admin(&old) && !is_admin(&new) && admins(&mut tx).await? == 1 {
        tx.rollback().await?;
        return Err(IdentityError::LastAdmin);
    }
    let sql = "UPDATE user SET role = ?, disabled = ?, password = coalesce(?, password) \
               WHERE name = ?";
    sqlx::query(sql)
        .bind(new.role.name())
        .bind(new.access == UserAccess::Disabled)
        .bind(altered.password.as_ref().map(|hash| hash.0.as_str()))
        .bind(name.as_str())
        .execute(&mut *tx)
        .await?;
    if altered.password.is_some() || new.access == UserAccess::Disabled {
        let sql = "DELETE FROM log_in WHERE user = ?";
        sqlx::query(sql).bind(name.as_str()).execute(&mut *tx).await?;
    }
    let password = altered.password.is_some();
    let detail = changes(&old, &new, password.then_some("new password"));
    finish(tx, at, of(by, "user changed", detail)).await?;
    Ok(new)
}

pub(super) async fn add_token(
    conn: &mut SqliteConnection,
    at: WallTime,
    by: &Author,
    name: &AccountName,
    role: Role,
    hash: SecretHash,
) -> Result<(), IdentityError> {
    let mut tx = conn.begin_with(IMMEDIATE).await?;
    let sql = "INSERT INTO token (name, role, hash, created_us) VALUES (?, ?, ?, ?) \
               ON CONFLICT DO NOTHING";
    let made = sqlx::query(sql)
        .bind(name.as_str())
        .bind(role.name())
        .bind(hash.as_bytes().as_slice())
        .bind(at.as_micros())
        .execute(&mut *tx)
        .await?;
    if made.rows_affected() == 0 {
        tx.rollback().await?;
        return Err(IdentityError::NameTaken);
    }
    let detail = format!("{name}, role {}", role.name());
    finish(tx, at, of(by, "token created", detail)).await
}

pub(super) async fn revoke_token(
    conn: &mut SqliteConnection,
    at: WallTime,
    by: &Author,
    name: &AccountName,
) -> Result<(), IdentityError> {
    let mut tx = conn.begin_with(IMMEDIATE).await?;
    let sql = "UPDATE token SET revoked_us = ? WHERE name = ? AND revoked_us IS NULL";
    let changed =
        sqlx::query(sql).bind(at.as_micros()).bind(name.as_str()).execute(&mut *tx).await?;
    if changed.rows_affected() == 0 {
        tx.rollback().await?;
        return Err(IdentityError::UnknownToken);
    }
    finish(tx, at, of(by, "token revoked", name.to_string())).await
}

fn is_admin(user: &User) -> bool {
    user.role == Role::Admin && user.access == UserAccess::Enabled
}

async fn admins(conn: &mut SqliteConnection) -> Result<i64, IdentityError> {
    let sql = "SELECT count(*) FROM user WHERE role = 'admin' AND disabled = 0";
    Ok(sqlx::query_scalar(sql).fetch_one(conn).await?)
}

/// Old -> new, for the audit.
fn changes(old: &User, new: &User, more: Option<&str>) -> String {
    let access = |user: &User| match user.access {
        UserAccess::Enabled => "enabled",
        UserAccess::Disabled => "disabled",
    };
    let mut parts = vec![new.name.to_string()];
    if old.role != new.role {
        parts.push(format!("role {} -> {}", old.role.name(), new.role.name()));
    }
    if old.access != new.access {
        parts.push(format!("{} -> {}", access(old), access(new)));
    }
    parts.extend(more.map(str::to_owned));
    parts.join(", ")
}

/// Commits with the change's line of the audit, and logs it.
async fn finish(
    mut tx: Transaction<'_, Sqlite>,
    at: WallTime,
    note: Note,
) -> Result<(), IdentityError> {
    write(&mut tx, at, &note).await?;
    tx.commit().await?;
    let Note { who, what, from, detail } = &note;
    tracing::info!(who = &**who, what, from = &**from, detail, "identity");
    Ok(())
}

fn of(by: &Author, what: &'static str, detail: String) -> Note {
    Note { who: Arc::clone(&by.who), what, from: Arc::clone(&by.from), detail }
}

async fn write(
    conn: &mut SqliteConnection,
    at: WallTime,
    note: &Note,
) -> Result<(), IdentityError> {
    let sql = "INSERT INTO audit_identity (at_us, who, what, from_address, detail) \
               VALUES (?, ?, ?, ?, ?)";
    sqlx::query(sql)
        .bind(at.as_micros())
        .bind(&*note.who)
        .bind(note.what)
        .bind(&*note.from)
        .bind(&note.detail)
        .execute(conn)
        .await?;
    Ok(())
}
