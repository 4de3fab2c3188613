//! `GET /api/v1/beds/{bed}/readings`, `/trend`, and `POST /api/v1/readings/{id}/void`, `/amend`
//! (contract 6): what was measured, one by one and as a curve, and what a person says of it.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::act::{ActBody, Doer, PlainBody, act_body};
use super::problem::{Problem, naming};
use super::sessions::by_hand::quantity;
use super::wire::Page;
use super::wire::act::Outcome;
use super::wire::reading::Reading;
use super::wire::trend::Trend;
use super::{AppState, query, within};
use crate::domain::act::{Deed, Refused, Unknown};
use crate::domain::ids::ReadingId;
use crate::domain::metric::Metric;

act_body! {
    /// What it is instead.
    AmendBody, "value", {
        /// In the reading's unit.
        #[schema(value_type = f64, required = true)]
        value: Value,
    }
}

/// Single readings, newest first, with what people did to them.
#[utoipa::path(
    get,
    path = "/api/v1/beds/{bed}/readings",
    tag = "readings",
    params(
        ("bed" = String, Path, description = "The bed's id"),
        ("since" = Option<String>, Query, description = "RFC 3339: received at or after"),
        ("limit" = Option<usize>, Query, description = "1 to 200; 50 if absent"),
        ("next" = Option<String>, Query, description = "The cursor of the page before")
    ),
    responses(
        (status = 200, description = "A page of whole messages; it may be empty and have a next",
         body = inline(Page<Reading>)),
        (status = 400, description = "invalid-parameter: names it"),
        (status = 404, description = "unknown-bed"),
        (status = 503, description = "The journal does not answer")
    )
)]
pub(crate) async fn list(
    State(state): State<AppState>,
    bed: Result<Path<String>, PathRejection>,
    Query(parameters): Query<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let query = query::readings(&parameters, state.bed(bed)?)?;
    let asked = async { state.0.history.readings(query).await.map_err(Problem::History) };
    let page = within(state.0.limits.answer, asked).await?;
    let items: Vec<_> = page.items.iter().map(Reading::new).collect();
    let next = page.next.map(|next| next.to_string());
    Ok(Json(Page { items, next }).into_response())
}

/// The values of a stretch of time by buckets; one without a value is null.
#[utoipa::path(
    get,
    path = "/api/v1/beds/{bed}/trend",
    tag = "readings",
    params(
        ("bed" = String, Path, description = "The bed's id"),
        ("from" = Option<String>, Query, description = "RFC 3339; 2 h before `to` if absent"),
        ("to" = Option<String>, Query, description = "RFC 3339; now if absent; 24 h at most"),
        ("points" = Option<usize>, Query, description = "Buckets, 1 to 1000; 240 if absent")
    ),
    responses(
        (status = 200, description = "The trend", body = Trend),
        (status = 400, description = "invalid-parameter: names it"),
        (status = 404, description = "unknown-bed"),
        (status = 503, description = "Engine or journal do not answer")
    )
)]
pub(crate) async fn trend(
    State(state): State<AppState>,
    bed: Result<Path<String>, PathRejection>,
    Query(parameters): Query<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let bed = state.bed(bed)?;
    // Of the clinic's own time, which is not the machine's where it is simulated.
    let now = state.answer(state.0.engine.view()).await?.at.wall;
    let query = query::trend(&parameters, bed, now)?;
    let asked = async { state.0.history.trend(query).await.map_err(Problem::History) };
    let found = within(state.0.limits.answer, asked).await?;
    Ok(Json(Trend::new(&query, &found)).into_response())
}

/// The reading does not stand, with a reason; of a cuff, its whole determination.
#[utoipa::path(
    post,
    path = "/api/v1/readings/{id}/void",
    tag = "readings",
    params(("id" = u64, Path, description = "The reading's id")),
    request_body = PlainBody,
    responses(
        (status = 200, description = "It does not count any more, and stays in the record",
         body = Outcome),
        (status = 404, description = "unknown-reading"),
        (status = 409, description = "reading-past; session-over; or command-reused"),
        (status = 422, description = "reason-needed, or invalid-body, which names the field")
    )
)]
pub(crate) async fn void(
    State(state): State<AppState>,
    doer: Doer,
    id: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<Json<Outcome>, Problem> {
    let deed = Deed::VoidReading { reading: reading(id)? };
    Ok(Json(Outcome::new(&state.act_plainly(doer, deed, body).await?)))
}

/// The reading stands at another value, with a reason.
#[utoipa::path(
    post,
    path = "/api/v1/readings/{id}/amend",
    tag = "readings",
    params(("id" = u64, Path, description = "The reading's id")),
    request_body = AmendBody,
    responses(
        (status = 200, description = "It is judged at that value; the old one stays in the record",
         body = Outcome),
        (status = 404, description = "unknown-reading"),
        (status = 409, description = "reading-past; session-over; or command-reused"),
        (status = 422, description = "reason-needed; bad-value or invalid-body, which name the \
            field")
    )
)]
pub(crate) async fn amend(
    State(state): State<AppState>,
    doer: Doer,
    id: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<Json<Outcome>, Problem> {
    let reading = reading(id)?;
    let body: AmendBody = state.asked(body).await?;
    let metric = state.metric_of(reading).await?;
    let value = quantity("value", metric, &body.value)?.0;
    let act = doer.act(Deed::AmendReading { reading, value }, body.shared())?;
    let right = "a value that the metric can have, and the pair's other pressure allows";
    state.outcome(act).await.map_err(naming("value", right))
}

impl AppState {
    /// In whose resolution a reading's value is: by the newest values, then by the journal.
    async fn metric_of(&self, reading: ReadingId) -> Result<Metric, Problem> {
        let view = self.answer(self.0.engine.view()).await?;
        let mut vitals = view.beds.iter().flat_map(|bed| &bed.vitals);
        if let Some(vital) = vitals.find(|vital| vital.reading == Some(reading)) {
            return Ok(vital.metric);
        }
        let asked = async { self.0.history.metric_of(reading).await.map_err(Problem::History) };
        within(self.0.limits.answer, asked).await?.ok_or_else(unknown)
    }
}

fn reading(id: Result<Path<String>, PathRejection>) -> Result<ReadingId, Problem> {
    let id = id.ok().and_then(|Path(id)| id.parse().ok());
    id.map(ReadingId).ok_or_else(unknown)
}

const fn unknown() -> Problem {
    Problem::Refused(Refused::Unknown(Unknown::Reading))
}
