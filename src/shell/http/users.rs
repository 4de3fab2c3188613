//! `GET`/`POST /api/v1/users`, `PUT /api/v1/users/{name}` (contract 6): an admin's work. A command
//! is known by its id and by what it asks, path included.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use super::AppState;
use super::body::{self, given, read, wrong};
use super::commands::Kind;
use super::credentials::{By, From};
use super::problem::{Problem, ProblemBody};
use super::wire::Page;
#[cfg(test)]
use super::wire::words;
use crate::domain::ids::CommandId;
use crate::domain::role::Role;
use crate::shell::identity::{
    AccountName, Author, BOARD, Caller, NewPassword, User, UserAccess, UserChange,
};

/// A user; passwords never come back.
#[derive(Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "User"))]
pub(crate) struct UserBody<'a> {
    name: &'a str,
    #[cfg_attr(test, ts(as = "words::Role"))]
    role: &'static str,
    disabled: bool,
}

/// Body of a new user.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewUserBody {
    /// A UUID of the client's own, new with each act, the same when it asks again.
    #[schema(value_type = String, format = "uuid")]
    command_id: Value,
    /// 1 to 32 of a-z, 0-9, `.`, `_` and `-`; `board.` begins the names of wall boards.
    #[schema(value_type = String)]
    name: Value,
    /// viewer, nurse, lead or admin.
    #[schema(value_type = String)]
    role: Value,
    /// At least 12 characters.
    #[schema(value_type = String, min_length = 12)]
    password: Value,
}

/// Body of a change; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserChangeBody {
    /// As for a new user.
    #[schema(value_type = String, format = "uuid")]
    command_id: Value,
    /// viewer, nurse, lead or admin.
    #[schema(value_type = Option<String>)]
    #[serde(default)]
    role: Value,
    /// At least 12 characters; ends the user's log-ins.
    #[schema(value_type = Option<String>, min_length = 12)]
    #[serde(default)]
    password: Value,
    /// true ends the user's log-ins.
    #[schema(value_type = Option<bool>)]
    #[serde(default)]
    disabled: Value,
}

impl<'a> UserBody<'a> {
    fn new(user: &'a User) -> Self {
        let disabled = user.access == UserAccess::Disabled;
        Self { name: &user.name, role: user.role.name(), disabled }
    }
}

/// All users, by name, the disabled ones too.
#[utoipa::path(
    get,
    path = "/api/v1/users",
    tag = "people",
    responses(
        (status = 200, description = "All users, on one page", body = inline(Page<UserBody>)),
        (status = 503, description = "They can't be read now", body = ProblemBody,
         content_type = "application/problem+json")
    )
)]
pub(crate) async fn list(State(state): State<AppState>) -> Result<Response, Problem> {
    let users = state.0.identity.users().await?;
    let items = users.iter().map(UserBody::new).collect();
    Ok(Json(Page { items, next: None }).into_response())
}

/// Adds a user.
#[utoipa::path(
    post,
    path = "/api/v1/users",
    tag = "people",
    request_body = NewUserBody,
    responses(
        (status = 201, description = "Added, now or before", body = UserBody),
        (status = 400, description = "The body is not JSON", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 409, description = "name-taken or command-reused", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 422, description = "A field is not right", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 503, description = "Busy; ask again with the same command_id",
         body = ProblemBody, content_type = "application/problem+json")
    )
)]
pub(crate) async fn add(
    State(state): State<AppState>,
    From(from): From,
    By(caller): By,
    body: Body,
) -> Result<Response, Problem> {
    let bytes = read(body, &state.0.limits).await?;
    let body: NewUserBody = body::parse(&bytes, "command_id, name, role and password")?;
    let name = body.name.as_str().and_then(|name| AccountName::try_new(name).ok());
    let name = name.filter(|name| !name.as_str().starts_with(BOARD));
    let right = "1 to 32 of a-z, 0-9, `.`, `_` and `-`, and not begin with `board.`";
    let name = name.ok_or_else(|| wrong("name", right))?;
    let (role, password) = (role(&body.role)?, password(&body.password)?);
    let asked = json!(["new", body.name, body.role, body.password]);
    let by = act(&state, &caller, &from, (&body.command_id, asked))?;
    let user = state.0.identity.add_user(by, name, role, password).await?;
    Ok((StatusCode::CREATED, Json(UserBody::new(&user))).into_response())
}

/// Changes a user's role or password, or who may log in.
#[utoipa::path(
    put,
    path = "/api/v1/users/{name}",
    tag = "people",
    params(("name" = String, Path, description = "The user's name")),
    request_body = UserChangeBody,
    responses(
        (status = 200, description = "Changed, now or before", body = UserBody),
        (status = 400, description = "The body is not JSON", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 404, description = "There is no such user", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 409, description = "last-admin or command-reused", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 422, description = "A field is not right", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 503, description = "Busy; ask again with the same command_id",
         body = ProblemBody, content_type = "application/problem+json")
    )
)]
pub(crate) async fn change(
    State(state): State<AppState>,
    From(from): From,
    By(caller): By,
    name: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<Response, Problem> {
    let Path(name) = name.map_err(|_| Problem::UnknownUser)?;
    let name = AccountName::try_new(&name).map_err(|_| Problem::UnknownUser)?;
    let bytes = read(body, &state.0.limits).await?;
    let keys = "command_id and what is to change: role, password, disabled";
    let body: UserChangeBody = body::parse(&bytes, keys)?;
    let change = UserChange {
        role: given(&body.role).map(role).transpose()?,
        password: given(&body.password).map(password).transpose()?,
        access: given(&body.disabled).map(access).transpose()?,
    };
    let asked = json!(["of", name.as_str(), body.role, body.password, body.disabled]);
    let by = act(&state, &caller, &from, (&body.command_id, asked))?;
    let user = state.0.identity.change_user(by, name, change).await?;
    Ok(Json(UserBody::new(&user)).into_response())
}

fn role(value: &Value) -> Result<Role, Problem> {
    let role = value.as_str().and_then(Role::by_name);
    role.ok_or_else(|| wrong("role", "viewer, nurse, lead or admin"))
}

fn password(value: &Value) -> Result<NewPassword, Problem> {
    let password = value.as_str().and_then(|text| NewPassword::try_new(text).ok());
    password.ok_or_else(|| wrong("password", "at least 12 characters and at most 1024 bytes"))
}

fn access(value: &Value) -> Result<UserAccess, Problem> {
    let disabled = value.as_bool().ok_or_else(|| wrong("disabled", "true or false"))?;
    Ok(if disabled { UserAccess::Disabled } else { UserAccess::Enabled })
}

/// What is `asked`, route and user included, tells one request from another under the same command
/// id; in which order a client writes its keys does not.
fn act(
    state: &AppState,
    caller: &Caller,
    from: &Arc<str>,
    (command, asked): (&Value, Value),
) -> Result<Author, Problem> {
    let command = command.as_str().and_then(|id| CommandId::parse(id).ok());
    let command = command.ok_or_else(|| wrong("command_id", "a UUID"))?;
    state.0.commands.claim(&caller.name, command, Kind::User)?;
    let digest = Sha256::digest(asked.to_string());
    let (who, from) = (Arc::clone(&caller.name), Arc::clone(from));
    Ok(Author { who, from, command: Some((command, digest.into())) })
}
