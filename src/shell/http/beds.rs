//! `GET /api/v1/beds`, `GET /api/v1/beds/{bed}` (contract 6).

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use super::AppState;
use super::problem::{Problem, ProblemBody};
use super::wire::Page;
use super::wire::bed::Bed;

/// All beds, in the configuration's order.
#[utoipa::path(
    get,
    path = "/api/v1/beds",
    tag = "beds",
    responses(
        (status = 200, description = "All beds, on one page", body = inline(Page<Bed>)),
        (status = 503, description = "The engine does not answer", body = ProblemBody,
         content_type = "application/problem+json")
    )
)]
pub(crate) async fn list(State(state): State<AppState>) -> Result<Response, Problem> {
    let view = state.answer(state.0.engine.view()).await?;
    let items = view.beds.iter().map(|bed| Bed::new(&state.0.site, bed)).collect();
    Ok(Json(Page { items, next: None }).into_response())
}

/// One bed.
#[utoipa::path(
    get,
    path = "/api/v1/beds/{bed}",
    tag = "beds",
    params(("bed" = String, Path, description = "The bed's id: 1 to 32 of a-z, 0-9 and -")),
    responses(
        (status = 200, description = "The bed", body = Bed),
        (status = 404, description = "There is no such bed", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 503, description = "The engine does not answer", body = ProblemBody,
         content_type = "application/problem+json")
    )
)]
pub(crate) async fn one(
    State(state): State<AppState>,
    bed: Result<Path<String>, PathRejection>,
) -> Result<Response, Problem> {
    let view = state.answer(state.0.engine.view()).await?;
    let Path(bed) = bed.map_err(|_| Problem::UnknownBed)?;
    let found = view.beds.iter().find(|view| view.id.as_str() == bed);
    let found = found.ok_or(Problem::UnknownBed)?;
    Ok(Json(Bed::new(&state.0.site, found)).into_response())
}
