//! `POST /api/v1/sessions/{id}/baseline` (contract 6): readings that a named person accepts as the
//! baseline, which rise and drop limits go by.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use serde_json::Value;

use super::session;
use crate::domain::act::VisitDeed;
use crate::domain::ids::ReadingId;
use crate::shell::http::AppState;
use crate::shell::http::act::{ActBody, Doer, act_body};
use crate::shell::http::body::wrong;
use crate::shell::http::problem::Problem;
use crate::shell::http::wire::act::Outcome;

/// More than a bed remembers.
const READINGS_MAX: usize = 100;

act_body! {
    /// What is to be summed up as the baseline.
    BaselineBody, "accept", {
        /// Ids of readings; each stands for its whole determination, two or more, a minute apart.
        #[schema(value_type = Vec<u64>, required = true)]
        accept: Value,
    }
}

/// Accepts readings as the session's baseline; replacing one needs a reason.
#[utoipa::path(
    post,
    path = "/api/v1/sessions/{id}/baseline",
    tag = "sessions",
    params(("id" = String, Path, description = "The session's UUID")),
    request_body = BaselineBody,
    responses(
        (status = 200, description = "What they come to", body = Outcome),
        (status = 404, description = "unknown-session, unknown-reading"),
        (status = 409, description = "session-over or command-reused"),
        (status = 422, description = "too-few-readings; readings-vary; reason-needed: it replaces \
            one; or invalid-body, which names the field")
    )
)]
pub(crate) async fn accept(
    State(state): State<AppState>,
    doer: Doer,
    id: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<Json<Outcome>, Problem> {
    let session = session(id)?;
    let body: BaselineBody = state.asked(body).await?;
    let readings = readings(&body.accept)?;
    state.outcome(doer.act(VisitDeed::AcceptReadings { session, readings }, body.shared())?).await
}

fn readings(value: &Value) -> Result<Vec<ReadingId>, Problem> {
    let all = value.as_array().filter(|all| (1..=READINGS_MAX).contains(&all.len()));
    let all = all.map(|all| all.iter().map(|id| id.as_u64().map(ReadingId)).collect());
    all.flatten().ok_or_else(|| wrong("accept", "a list of 1 to 100 ids of readings"))
}
