//! `GET /api/v1/sessions?state=running`, `GET /api/v1/sessions/{id}` (contract 6): the sessions
//! that run, as the ward knows them.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};

use super::AppState;
use super::problem::Problem;
use super::query;
use super::wire::Page;
use super::wire::session::Session;
use crate::domain::act::{Refused, Unknown};
use crate::domain::ids::{SessionId, Uuid};

/// The sessions that run, in the order of their beds.
#[utoipa::path(
    get,
    path = "/api/v1/sessions",
    tag = "sessions",
    params(("state" = Option<String>, Query, description = "running (default)")),
    responses(
        (status = 200, description = "All of them, on one page", body = inline(Page<Session>)),
        (status = 400, description = "invalid-parameter: names it"),
        (status = 503, description = "The engine does not answer")
    )
)]
pub(crate) async fn list(
    State(state): State<AppState>,
    Query(parameters): Query<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    query::running(&parameters)?;
    let view = state.answer(state.0.engine.view()).await?;
    let items: Vec<_> = view.beds.iter().filter_map(Session::of).collect();
    Ok(Json(Page { items, next: None }).into_response())
}

/// One session that runs.
#[utoipa::path(
    get,
    path = "/api/v1/sessions/{id}",
    tag = "sessions",
    params(("id" = String, Path, description = "The session's UUID")),
    responses(
        (status = 200, description = "The session", body = Session),
        (status = 404, description = "unknown-session: no running session has this id"),
        (status = 503, description = "The engine does not answer")
    )
)]
pub(crate) async fn one(
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, Problem> {
    let id = session(id)?;
    let view = state.answer(state.0.engine.view()).await?;
    let is_it = |running: &SessionId| *running == id;
    let bed = view
        .beds
        .iter()
        .find(|bed| bed.session.as_ref().map(|it| it.id).as_ref().is_some_and(is_it));
    let session = bed.and_then(Session::of);
    let session = session.ok_or(Problem::Refused(Refused::Unknown(Unknown::Session)))?;
    Ok(Json(session).into_response())
}

/// The session of a path's segment; not yet whether it runs.
pub(crate) fn session(id: Result<Path<String>, PathRejection>) -> Result<SessionId, Problem> {
    let id = id.ok().and_then(|Path(id)| Uuid::parse(&id).ok());
    id.ok_or(Problem::Refused(Refused::Unknown(Unknown::Session)))
}
