//! `POST`/`DELETE /api/v1/beds/{bed}/audio-pause` and `/alarm-pause` (contract 6; rows 18, 19, 26
//! and 27 of alarms 11). Both end by themselves after 120 s; there is no longer one.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};

use super::AppState;
use super::act::{Doer, PlainBody};
use super::problem::Problem;
use super::wire::act::Outcome;
use crate::domain::act::Deed;

/// Silences what sounds on this bed, for 120 s; a new HIGH breaks through.
#[utoipa::path(
    post,
    path = "/api/v1/beds/{bed}/audio-pause",
    tag = "beds",
    params(("bed" = String, Path, description = "The bed's id")),
    request_body = PlainBody,
    responses(
        (status = 200, description = "Until when", body = Outcome),
        (status = 404, description = "unknown-bed"),
        (status = 409, description = "nothing-to-pause: nothing sounds; or command-reused")
    )
)]
pub(crate) async fn pause_audio(
    State(state): State<AppState>,
    doer: Doer,
    bed: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<Json<Outcome>, Problem> {
    let deed = Deed::PauseAudio { bed: state.bed(bed)? };
    let done = state.act_plainly(doer, deed, body).await?;
    Ok(Json(Outcome::new(&done)))
}

/// Ends the pause of the sound.
#[utoipa::path(
    delete,
    path = "/api/v1/beds/{bed}/audio-pause",
    tag = "beds",
    params(("bed" = String, Path, description = "The bed's id")),
    request_body = Option<PlainBody>,
    responses(
        (status = 200, description = "It sounds again", body = Outcome),
        (status = 404, description = "unknown-bed"),
        (status = 409, description = "not-so: there is none; or command-reused")
    )
)]
pub(crate) async fn resume_audio(
    State(state): State<AppState>,
    doer: Doer,
    bed: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<Json<Outcome>, Problem> {
    let deed = Deed::ResumeAudio { bed: state.bed(bed)? };
    let done = state.act_plainly(doer, deed, body).await?;
    Ok(Json(Outcome::new(&done)))
}

/// Stops judging the bed's values for 120 s, while somebody cares for its sensors; with a reason.
#[utoipa::path(
    post,
    path = "/api/v1/beds/{bed}/alarm-pause",
    tag = "beds",
    params(("bed" = String, Path, description = "The bed's id")),
    request_body = PlainBody,
    responses(
        (status = 200, description = "Until when", body = Outcome),
        (status = 404, description = "unknown-bed"),
        (status = 409, description = "already-so, or command-reused"),
        (status = 422, description = "reason-needed, or invalid-body, which names the field")
    )
)]
pub(crate) async fn pause_alarms(
    State(state): State<AppState>,
    doer: Doer,
    bed: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<Json<Outcome>, Problem> {
    let deed = Deed::PauseAlarms { bed: state.bed(bed)? };
    let done = state.act_plainly(doer, deed, body).await?;
    Ok(Json(Outcome::new(&done)))
}

/// Judges the bed's values again, from the newest one on.
#[utoipa::path(
    delete,
    path = "/api/v1/beds/{bed}/alarm-pause",
    tag = "beds",
    params(("bed" = String, Path, description = "The bed's id")),
    request_body = Option<PlainBody>,
    responses(
        (status = 200, description = "They are judged again", body = Outcome),
        (status = 404, description = "unknown-bed"),
        (status = 409, description = "not-so: there is none; or command-reused")
    )
)]
pub(crate) async fn resume_alarms(
    State(state): State<AppState>,
    doer: Doer,
    bed: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<Json<Outcome>, Problem> {
    let deed = Deed::ResumeAlarms { bed: state.bed(bed)? };
    let done = state.act_plainly(doer, deed, body).await?;
    Ok(Json(Outcome::new(&done)))
}
