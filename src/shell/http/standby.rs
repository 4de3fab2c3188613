//! `POST`/`DELETE /api/v1/beds/{bed}/standby` (contract 3.3, 6; row 32 of alarms 11): the toilet
//! during a session, for at most 10 min; an empty room without one, for as long as it is empty.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};

use super::AppState;
use super::act::{Doer, PlainBody};
use super::problem::Problem;
use super::wire::act::Outcome;
use crate::domain::act::Deed;

/// Begins a stand-by, with a reason.
#[utoipa::path(
    post,
    path = "/api/v1/beds/{bed}/standby",
    tag = "beds",
    params(("bed" = String, Path, description = "The bed's id")),
    request_body = PlainBody,
    responses(
        (status = 200, description = "Until when; null: until it is ended or a session starts",
         body = Outcome),
        (status = 404, description = "unknown-bed"),
        (status = 409, description = "high-unacknowledged, already-so, or command-reused"),
        (status = 422, description = "reason-needed, or invalid-body, which names the field")
    )
)]
pub(crate) async fn begin(
    State(state): State<AppState>,
    doer: Doer,
    bed: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<Json<Outcome>, Problem> {
    let deed = Deed::BeginStandby { bed: state.bed(bed)? };
    let done = state.act_plainly(doer, deed, body).await?;
    Ok(Json(Outcome::new(&done)))
}

/// Ends the stand-by: the patient is back.
#[utoipa::path(
    delete,
    path = "/api/v1/beds/{bed}/standby",
    tag = "beds",
    params(("bed" = String, Path, description = "The bed's id")),
    request_body = Option<PlainBody>,
    responses(
        (status = 200, description = "The bed is judged again", body = Outcome),
        (status = 404, description = "unknown-bed"),
        (status = 409, description = "not-so: there is none; or command-reused")
    )
)]
pub(crate) async fn end(
    State(state): State<AppState>,
    doer: Doer,
    bed: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<Json<Outcome>, Problem> {
    let deed = Deed::EndStandby { bed: state.bed(bed)? };
    let done = state.act_plainly(doer, deed, body).await?;
    Ok(Json(Outcome::new(&done)))
}
