//! `POST /api/v1/login`, `POST /api/v1/logout`, `GET /api/v1/me` (contract 6).

use std::future::{Ready, ready};

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{HeaderMap, SET_COOKIE};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::AppState;
use super::body::{self, read};
use super::credentials::{self, By, From};
use super::problem::{Problem, ProblemBody};
#[cfg(test)]
use super::wire::words;
use crate::shell::identity::{Caller, LogInError, Standing, Via};

/// Body of a log-in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogInBody {
    name: String,
    password: String,
}

/// Answer to a log-in; the cookie comes in `Set-Cookie`.
#[derive(Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct LoggedIn<'a> {
    name: &'a str,
    #[cfg_attr(test, ts(as = "words::Role"))]
    role: &'static str,
    /// For the header `X-CSRF-Token` of each change.
    csrf: &'a str,
}

/// Whose request this is.
#[derive(Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Me<'a> {
    name: &'a str,
    #[cfg_attr(test, ts(as = "words::Role"))]
    role: &'static str,
    /// The log-in has timed out: it shows, and changes nothing until the next log-in.
    display_only: bool,
    /// For the header `X-CSRF-Token` of each change; null with a token, which needs none.
    csrf: Option<&'a str>,
}

/// Begins a log-in; an earlier one of the same browser ends.
#[utoipa::path(
    post,
    path = "/api/v1/login",
    tag = "people",
    request_body = LogInBody,
    responses(
        (status = 200, description = "Logged in; `Set-Cookie` has the log-in", body = LoggedIn),
        (status = 400, description = "The body is not JSON", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 401, description = "Name or password is not right", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 422, description = "A field is not right", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 503, description = "Nobody can log in now", body = ProblemBody,
         content_type = "application/problem+json")
    )
)]
pub(crate) async fn log_in(
    State(state): State<AppState>,
    From(from): From,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let body = read(body, &state.0.limits).await?;
    let LogInBody { name, password } = body::parse(&body, "name and password")?;
    let earlier = credentials::cookie(&headers).map(|secret| secret.hash());
    let begun = state.0.identity.log_in(&name, &password, &from, earlier).await;
    let begun = begun.map_err(|error| match error {
        LogInError::Refused => Problem::WrongLogIn,
        LogInError::Identity(error) => error.into(),
    })?;
    let (role, csrf) = (begun.role.name(), begun.csrf.reveal());
    let answer = LoggedIn { name: &begun.name, role, csrf };
    Ok(([(SET_COOKIE, credentials::set(&begun.secret))], Json(answer)).into_response())
}

/// Ends the log-in on the server, and takes the cookie from the browser. A token stays in force.
#[utoipa::path(
    post,
    path = "/api/v1/logout",
    tag = "people",
    responses(
        (status = 204, description = "Logged out"),
        (status = 503, description = "It can't be ended now", body = ProblemBody,
         content_type = "application/problem+json")
    )
)]
pub(crate) async fn log_out(
    State(state): State<AppState>,
    From(from): From,
    By(caller): By,
) -> Result<Response, Problem> {
    may_leave(&state, &caller).await?;
    state.0.identity.log_out(&caller, from).await?;
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, credentials::clear())]).into_response())
}

/// Nobody leaves while they are responsible for a running session: they hand it over first (alarms
/// 12). A display-only log-in has left its control already.
async fn may_leave(state: &AppState, caller: &Caller) -> Result<(), Problem> {
    if caller.standing == Standing::DisplayOnly {
        return Ok(());
    }
    let view = state.answer(state.0.engine.view()).await?;
    let sessions = view.beds.iter().filter_map(|bed| bed.session.as_ref());
    let mut responsible = sessions.filter_map(|session| session.responsible.as_ref());
    if responsible.any(|it| it.name == caller.name) {
        return Err(Problem::Responsible);
    }
    Ok(())
}

/// Whose request this is, and what it may do.
#[utoipa::path(
    get,
    path = "/api/v1/me",
    tag = "people",
    responses((status = 200, description = "The log-in or token", body = Me))
)]
pub(crate) fn me(By(caller): By) -> Ready<Response> {
    let csrf = match &caller.via {
        Via::Cookie { csrf, .. } | Via::Board { csrf, .. } => Some(csrf.reveal()),
        Via::Token { .. } => None,
    };
    let display_only = caller.standing == Standing::DisplayOnly;
    let me = Me { name: &caller.name, role: caller.role.name(), display_only, csrf };
    ready(Json(me).into_response())
}
