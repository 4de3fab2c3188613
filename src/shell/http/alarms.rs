//! `GET /api/v1/alarms`, `POST /api/v1/alarms/{occurrence}/acknowledge` (contract 6).
//!
//! What is present comes from the engine's view, older ones from the journal. An acknowledgement
//! carries the name of whoever is logged in.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::act::{Doer, Shared};
use super::body::{self, read, wrong};
use super::problem::{Problem, ProblemBody};
use super::query::{AlarmFilter, Which};
use super::wire::occurrence::Occurrence;
use super::wire::{Page, Time};
use super::{AppState, within};
use crate::domain::act::{Deed, Done};
use crate::domain::ids::{OccurrenceId, Seq};
use crate::shell::lane::{ShownOccurrence, WardView};

/// Body of an acknowledgement.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcknowledgeBody {
    /// The revision that the person saw.
    #[schema(value_type = u32)]
    revision: Value,
    /// A UUID of the client's own, new with each act, the same when it asks again.
    #[serde(default)]
    #[schema(value_type = String, format = "uuid")]
    command_id: Value,
    /// treated, artefact, expected, or 1 to 500 characters of text.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500)]
    reason: Value,
}

/// Answer to an acknowledgement that holds, by this request or an earlier one.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Acknowledgement<'a> {
    occurrence: Occurrence<'a>,
    first: First<'a>,
}

/// Who was first, and when.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct First<'a> {
    by: &'a str,
    at: Time,
}

/// Occurrences, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/alarms",
    tag = "alarms",
    params(
        ("state" = Option<String>, Query,
         description = "present (default): present, clearing or latched; all: ended ones, too"),
        ("bed" = Option<String>, Query, description = "Only this bed's"),
        ("session" = Option<String>, Query, description = "Only this session's (a UUID)"),
        ("since" = Option<String>, Query,
         description = "RFC 3339. With present: begun at or after; with all: changed at or after"),
        ("limit" = Option<usize>, Query, description = "1 to 200; 50 if absent"),
        ("next" = Option<String>, Query, description = "The cursor of the page before")
    ),
    responses(
        (status = 200, description = "A page", body = inline(Page<Occurrence>)),
        (status = 400, description = "A parameter is not right", body = ProblemBody,
         content_type = "application/problem+json"),
        (status = 503, description = "Engine or journal do not answer", body = ProblemBody,
         content_type = "application/problem+json")
    )
)]
pub(crate) async fn list(
    State(state): State<AppState>,
    Query(parameters): Query<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let filter = AlarmFilter::parse(&parameters)?;
    match filter.which {
        Which::Present => {
            let view = state.answer(state.0.engine.view()).await?;
            Ok(Json(present(&view, &filter)).into_response())
        }
        Which::All => {
            let asked = state.0.history.alarms(filter.query);
            let asked = async { asked.await.map_err(Problem::History) };
            let page = within(state.0.limits.answer, asked).await?;
            let items = page.items.iter().map(|(seq, one)| Occurrence::new(Some(*seq), one));
            let next = page.next.map(|seq| seq.0.to_string());
            Ok(Json(Page { items: items.collect(), next }).into_response())
        }
    }
}

/// A page of what is present: first those not yet in the journal, then by falling seq.
fn present<'a>(view: &'a WardView, filter: &AlarmFilter) -> Page<Occurrence<'a>> {
    let query = &filter.query;
    let asked_for = |one: &&ShownOccurrence| {
        let occurrence = &one.occurrence;
        query.bed.as_ref().is_none_or(|bed| occurrence.bed.as_ref() == Some(bed))
            && query.session.is_none_or(|session| occurrence.session == Some(session))
            && query.since.is_none_or(|since| occurrence.onset.wall >= since)
            && query.before.is_none_or(|before| one.seq.is_some_and(|seq| seq < before))
    };
    let mut found: Vec<&ShownOccurrence> = view.occurrences.iter().filter(asked_for).collect();
    found.sort_by_key(|one| std::cmp::Reverse(one.seq.map_or(u64::MAX, |seq| seq.0)));
    let unlogged = found.iter().filter(|one| one.seq.is_none()).count();
    // A cursor cannot point between those without a seq: they stay on one page.
    let rest = found.split_off(found.len().min(query.limit.max(unlogged)));
    let next = rest.first().and_then(|one| one.seq).map(|Seq(seq)| (seq + 1).to_string());
    let items = found.iter().map(|one| Occurrence::new(one.seq, &one.occurrence)).collect();
    Page { items, next }
}

/// Acknowledges one occurrence, by name; answered once it is durable.
#[utoipa::path(
    post,
    path = "/api/v1/alarms/{occurrence}/acknowledge",
    tag = "alarms",
    params(("occurrence" = String, Path, description = "The occurrence's UUID")),
    request_body = AcknowledgeBody,
    responses(
        (status = 200, description = "Acknowledged, now or before", body = Acknowledgement),
        (status = 404, description = "There is no such alarm"),
        (status = 409, description = "stale-revision, ended, alarm-paused or command-reused")
    )
)]
pub(crate) async fn acknowledge(
    State(state): State<AppState>,
    doer: Doer,
    occurrence: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<Response, Problem> {
    let Path(occurrence) = occurrence.map_err(|_| Problem::UnknownOccurrence)?;
    let occurrence = OccurrenceId::parse(&occurrence).map_err(|_| Problem::UnknownOccurrence)?;
    let body = read(body, &state.0.limits).await?;
    let body: AcknowledgeBody = body::parse(&body, "revision, command_id and, if wanted, reason")?;
    let AcknowledgeBody { revision, command_id, reason } = &body;
    let revision = revision.as_u64().and_then(|revision| u32::try_from(revision).ok());
    let right = "the occurrence's whole number of that name";
    let revision = revision.ok_or_else(|| wrong("revision", right))?;
    let deed = Deed::Acknowledge { occurrence, revision };
    let act = doer.act(deed, Shared { command_id, reason, ordered_by: &Value::Null })?;
    let (done, seq) = state.acted(act).await?;
    let Done::Acknowledged(occurrence) = done else { return Err(Problem::Busy) };
    let first = occurrence.acknowledged.as_ref().ok_or(Problem::Busy)?;
    let acknowledgement = Acknowledgement {
        occurrence: Occurrence::new(seq, &occurrence),
        first: First { by: &first.by, at: Time(first.at.wall) },
    };
    Ok(Json(acknowledgement).into_response())
}
