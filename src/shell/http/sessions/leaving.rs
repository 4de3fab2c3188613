//! `POST /api/v1/sessions/{id}/move` and `/end` (contract 6): to another bed, or home.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::session;
use crate::domain::act::{Deed, Disposition, VisitDeed};
use crate::domain::session::checks::Checks;
use crate::shell::http::AppState;
use crate::shell::http::act::{ActBody, Doer, act_body};
use crate::shell::http::body::{flag, given, object, word};
use crate::shell::http::problem::{Problem, naming};
use crate::shell::http::wire::act::Outcome;

act_body! {
    /// Where to.
    MoveBody, "bed", {
        /// The bed's id; no session runs on it.
        #[schema(value_type = String, required = true)]
        bed: Value,
    }
}

act_body! {
    /// How it ends.
    EndBody, "disposition, checks", {
        /// home_escorted | admitted | transferred | left_against_advice | not_dosed
        #[schema(value_type = String, required = true)]
        disposition: Value,
        #[schema(value_type = Option<ChecksBody>)]
        checks: Value,
    }
}

/// What the nurse has ticked; one that is left out is not ticked.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ChecksBody {
    #[schema(value_type = Option<bool>)]
    awake: Value,
    #[schema(value_type = Option<bool>)]
    oriented: Value,
    #[schema(value_type = Option<bool>)]
    gait: Value,
    #[schema(value_type = Option<bool>)]
    symptoms_gone: Value,
    #[schema(value_type = Option<bool>)]
    escort: Value,
}

/// Moves the session to a bed without one, with a reason; devices stay with their beds.
#[utoipa::path(
    post,
    path = "/api/v1/sessions/{id}/move",
    tag = "sessions",
    params(("id" = String, Path, description = "The session's UUID")),
    request_body = MoveBody,
    responses(
        (status = 200, description = "It runs there", body = Outcome),
        (status = 404, description = "unknown-session, unknown-bed"),
        (status = 409, description = "bed-in-use, already-so, high-unacknowledged, session-over \
            or command-reused"),
        (status = 422, description = "reason-needed, or invalid-body, which names the field")
    )
)]
pub(crate) async fn to_bed(
    State(state): State<AppState>,
    doer: Doer,
    id: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<Json<Outcome>, Problem> {
    let session = session(id)?;
    let body: MoveBody = state.asked(body).await?;
    let bed = state.bed_named(&word("bed", &body.bed, "a bed's id", |id| Some(id.to_owned()))?)?;
    state.outcome(doer.act(VisitDeed::MoveSession { session, bed }, body.shared())?).await
}

/// Ends the session; to go home, the discharge gate must pass.
#[utoipa::path(
    post,
    path = "/api/v1/sessions/{id}/end",
    tag = "sessions",
    params(("id" = String, Path, description = "The session's UUID")),
    request_body = EndBody,
    responses(
        (status = 200, description = "It has ended", body = Outcome),
        (status = 404, description = "unknown-session"),
        (status = 409, description = "high-unacknowledged; not-ready: `missing` lists it; \
            session-over; or command-reused"),
        (status = 422, description = "reason-needed, bad-value or invalid-body, which names the \
            field")
    )
)]
pub(crate) async fn end(
    State(state): State<AppState>,
    doer: Doer,
    id: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<Json<Outcome>, Problem> {
    let session = session(id)?;
    let body: EndBody = state.asked(body).await?;
    let by_name = |name: &str| Disposition::ALL.into_iter().find(|it| it.name() == name);
    let known = Disposition::ALL.map(Disposition::name).join(", ");
    let right = format!("one of {known}");
    let disposition = word("disposition", &body.disposition, &right, by_name)?;
    let deed = Deed::EndSession { session, disposition, checks: ChecksBody::read(&body.checks)? };
    let right = "another one: a dose was given, so not_dosed is not right";
    state.outcome(doer.act(deed, body.shared())?).await.map_err(naming("disposition", right))
}

impl ChecksBody {
    fn read(value: &Value) -> Result<Checks, Problem> {
        let Some(value) = given(value) else { return Ok(Checks::default()) };
        let keys = "awake, oriented, gait, symptoms_gone, escort: true or false";
        let body: Self = object("checks", value, keys)?;
        Ok(Checks {
            awake: flag("checks.awake", &body.awake)?,
            oriented: flag("checks.oriented", &body.oriented)?,
            gait: flag("checks.gait", &body.gait)?,
            symptoms_gone: flag("checks.symptoms_gone", &body.symptoms_gone)?,
            escort: flag("checks.escort", &body.escort)?,
        })
    }
}
