//! `/api/v1/sessions` (contract 6): the list, one of them with what is missing and what is to be
//! done, and, one file each, what is done to it.

pub(super) mod baseline;
pub(super) mod by_hand;
pub(super) mod doses;
pub(super) mod leaving;
pub(super) mod notes;
pub(super) mod start;

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};

use super::problem::Problem;
use super::query::SessionFilter;
use super::wire::Page;
use super::wire::session::{PastSession, Session, SessionDetail};
use super::{AppState, within};
use crate::domain::ids::{SessionId, Uuid};
use crate::domain::view::BedView;
use crate::shell::lane::SessionsQuery;

/// The sessions that run, in the order of their beds; or all that ever ran, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/sessions",
    tag = "sessions",
    params(
        ("state" = Option<String>, Query,
         description = "running (default), all on one page; all: as the journal has them"),
        ("limit" = Option<usize>, Query, description = "With all: 1 to 200; 50 if absent"),
        ("next" = Option<String>, Query, description = "The cursor of the page before")
    ),
    responses(
        (status = 200, description = "Those that run; with all: a page of `PastSession`",
         body = inline(Page<Session>)),
        (status = 400, description = "invalid-parameter: names it"),
        (status = 503, description = "Engine or journal do not answer")
    )
)]
pub(crate) async fn list(
    State(state): State<AppState>,
    Query(parameters): Query<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    match SessionFilter::parse(&parameters)? {
        SessionFilter::Running => {
            let view = state.answer(state.0.engine.view()).await?;
            let items: Vec<_> = view.beds.iter().filter_map(Session::of).collect();
            Ok(Json(Page { items, next: None }).into_response())
        }
        SessionFilter::All(query) => {
            let asked = async { state.0.history.sessions(query).await.map_err(Problem::History) };
            let page = within(state.0.limits.answer, asked).await?;
            let site = &state.0.site;
            let items: Vec<_> = page.items.iter().map(|it| PastSession::new(site, it)).collect();
            let next = page.next.map(|next| next.to_string());
            Ok(Json(Page { items, next }).into_response())
        }
    }
}

/// One session: while it runs, with its gates, tasks and events; once it has ended, as the journal
/// lists it, for the rest is in its report.
#[utoipa::path(
    get,
    path = "/api/v1/sessions/{id}",
    tag = "sessions",
    params(("id" = String, Path, description = "The session's UUID")),
    responses(
        (status = 200, description = "The session; one that has ended as a `PastSession`",
         body = SessionDetail),
        (status = 404, description = "unknown-session: no session ever had this id"),
        (status = 503, description = "Engine or journal do not answer")
    )
)]
pub(crate) async fn one(
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, Problem> {
    let id = session(id)?;
    let view = state.answer(state.0.engine.view()).await?;
    let Some(bed) = view.beds.iter().find(|bed| runs_on(bed, id)) else {
        return past(&state, id).await;
    };
    let asked = async { state.0.history.events(id).await.map_err(Problem::History) };
    let events = within(state.0.limits.answer, asked).await?;
    let detail = SessionDetail::of(bed, &events).ok_or_else(unknown)?;
    Ok(Json(detail).into_response())
}

async fn past(state: &AppState, id: SessionId) -> Result<Response, Problem> {
    let query = SessionsQuery { before: None, limit: 1, only: Some(id) };
    let asked = async { state.0.history.sessions(query).await.map_err(Problem::History) };
    let page = within(state.0.limits.answer, asked).await?;
    let entry = page.items.first().ok_or_else(unknown)?;
    Ok(Json(PastSession::new(&state.0.site, entry)).into_response())
}

/// The session of a path's segment; not yet whether it runs.
pub(crate) fn session(id: Result<Path<String>, PathRejection>) -> Result<SessionId, Problem> {
    let id = id.ok().and_then(|Path(id)| Uuid::parse(&id).ok());
    id.ok_or_else(unknown)
}

fn runs_on(bed: &BedView, id: SessionId) -> bool {
    bed.session.as_ref().is_some_and(|session| session.id == id)
}

const fn unknown() -> Problem {
    Problem::UnknownSession
}
