//! `POST /api/v1/beds/{bed}/devices` (contract 6; alarms 13): settles a device conflict. The device
//! that is kept is judged and shown; the others are set aside.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::AppState;
use super::act::{Doer, Shared};
use super::body::{self, read, word};
use super::problem::Problem;
use super::wire::act::Outcome;
use crate::domain::act::Deed;
use crate::domain::ids::DeviceId;

/// Which device is this bed's.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeepBody {
    /// The device that is at this patient.
    #[schema(value_type = String)]
    keep: Value,
    /// Why: 1 to 500 characters.
    #[serde(default)]
    #[schema(value_type = String, min_length = 1, max_length = 500)]
    reason: Value,
    /// A UUID of the client's own, new with each act, the same when it asks again.
    #[serde(default)]
    #[schema(value_type = String, format = "uuid")]
    command_id: Value,
}

/// Chooses between two devices that send the same, with a reason.
#[utoipa::path(
    post,
    path = "/api/v1/beds/{bed}/devices",
    tag = "beds",
    params(("bed" = String, Path, description = "The bed's id")),
    request_body = KeepBody,
    responses(
        (status = 200, description = "It is this bed's", body = Outcome),
        (status = 404, description = "unknown-bed, or unknown-device: not one of the conflict's"),
        (status = 409, description = "already-so, not-so: there is no conflict; command-reused"),
        (status = 422, description = "reason-needed, or invalid-body, which names the field")
    )
)]
pub(crate) async fn keep(
    State(state): State<AppState>,
    doer: Doer,
    bed: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<Json<Outcome>, Problem> {
    let bed = state.bed(bed)?;
    let bytes = read(body, &state.0.limits).await?;
    let body: KeepBody = body::parse(&bytes, "keep, reason and command_id")?;
    let KeepBody { keep, reason, command_id } = &body;
    let right = "a device of the bed's links";
    let device = word("keep", keep, right, |name| DeviceId::try_new(name).ok())?;
    let deed = Deed::KeepDevice { bed, device };
    let act = doer.act(deed, Shared { command_id, reason, ordered_by: &Value::Null })?;
    Ok(Json(Outcome::new(&state.act(act).await?)))
}
