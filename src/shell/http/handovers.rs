//! `GET`/`POST /api/v1/handovers`, `POST /api/v1/handovers/{id}/accept` and `/reject` (contract 6;
//! alarms 12): responsibility for sessions, offered to a nurse or lead by name and taken by them.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::AppState;
use super::act::{Doer, PlainBody, Shared};
use super::body::{self, read, wrong};
use super::problem::Problem;
use super::wire::act::Outcome;
use super::wire::{Id, Page, Time};
use crate::domain::act::{Deed, HandoverId, Refused, Unknown};
use crate::domain::ids::{SessionId, Uuid};
use crate::domain::ward;
use crate::shell::identity::UserAccess;

/// Sessions of one offer; a ward has fewer.
const SESSIONS_MAX: usize = 100;

/// Whom what is offered to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfferBody {
    /// The sessions' UUIDs, one or more.
    #[schema(value_type = Vec<String>)]
    sessions: Value,
    /// A user's name, of role nurse or lead.
    #[schema(value_type = String)]
    to: Value,
    /// Why: 1 to 500 characters.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500)]
    reason: Value,
    /// Who ordered it by phone, where a nurse acts as a lead.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 64)]
    ordered_by: Value,
    /// A UUID of the client's own, new with each act, the same when it asks again.
    #[serde(default)]
    #[schema(value_type = String, format = "uuid")]
    command_id: Value,
}

/// An offer that is open.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Handover<'a> {
    handover: Id,
    sessions: Vec<Id>,
    by: &'a str,
    to: &'a str,
    offered: Time,
    /// Then it is over, and responsibility stays where it was.
    lapses: Time,
}

impl<'a> Handover<'a> {
    fn new(offer: &'a ward::Handover) -> Self {
        Self {
            handover: Id(offer.id),
            sessions: offer.sessions.iter().copied().map(Id).collect(),
            by: &offer.by,
            to: &offer.to,
            offered: Time(offer.offered.wall),
            lapses: Time(offer.lapses.wall),
        }
    }
}

/// The open offers, oldest first.
#[utoipa::path(
    get,
    path = "/api/v1/handovers",
    tag = "sessions",
    responses(
        (status = 200, description = "All of them, on one page", body = inline(Page<Handover>)),
        (status = 503, description = "The engine does not answer")
    )
)]
pub(crate) async fn list(State(state): State<AppState>) -> Result<Response, Problem> {
    let view = state.answer(state.0.engine.view()).await?;
    let items: Vec<_> = view.handovers.iter().map(Handover::new).collect();
    Ok(Json(Page { items, next: None }).into_response())
}

/// Offers responsibility for sessions; it passes on only when it is accepted, within 60 s.
#[utoipa::path(
    post,
    path = "/api/v1/handovers",
    tag = "sessions",
    request_body = OfferBody,
    responses(
        (status = 200, description = "It is offered", body = Outcome),
        (status = 403, description = "not-responsible: only who is, or a lead, offers it"),
        (status = 404, description = "unknown-session"),
        (status = 409, description = "already-so: they are responsible; or command-reused"),
        (status = 422, description = "invalid-body: names the field; `to` must be somebody who \
            may be responsible")
    )
)]
pub(crate) async fn offer(
    State(state): State<AppState>,
    doer: Doer,
    body: Body,
) -> Result<Json<Outcome>, Problem> {
    let bytes = read(body, &state.0.limits).await?;
    let body: OfferBody = body::parse(&bytes, "sessions, to, command_id and, if wanted, reason")?;
    let OfferBody { sessions, to, reason, ordered_by, command_id } = &body;
    let sessions = uuids(sessions)?;
    let right = "the name of an enabled user of role nurse or lead";
    let to = body::name("to", to)?.ok_or_else(|| wrong("to", right))?;
    let users = state.0.identity.users().await?;
    let on_the_floor = users.iter().any(|user| {
        user.name == to && user.access == UserAccess::Enabled && user.role.is_on_the_floor()
    });
    if !on_the_floor {
        return Err(wrong("to", right));
    }
    let act =
        doer.act(Deed::OfferHandover { sessions, to }, Shared { command_id, reason, ordered_by })?;
    Ok(Json(Outcome::new(&state.act(act).await?)))
}

/// Takes the responsibility that was offered; only by whom it was offered to.
#[utoipa::path(
    post,
    path = "/api/v1/handovers/{id}/accept",
    tag = "sessions",
    params(("id" = String, Path, description = "The hand-over's UUID")),
    request_body = PlainBody,
    responses(
        (status = 200, description = "The sessions that are theirs now", body = Outcome),
        (status = 403, description = "not-offered-to-you"),
        (status = 404, description = "unknown-handover"),
        (status = 409, description = "handover-over: it has lapsed or was answered; or \
            command-reused")
    )
)]
pub(crate) async fn accept(
    State(state): State<AppState>,
    doer: Doer,
    id: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<Json<Outcome>, Problem> {
    let deed = Deed::AcceptHandover { handover: handover(id)? };
    Ok(Json(Outcome::new(&state.act_plainly(doer, deed, body).await?)))
}

/// Declines what was offered, with a reason; responsibility stays.
#[utoipa::path(
    post,
    path = "/api/v1/handovers/{id}/reject",
    tag = "sessions",
    params(("id" = String, Path, description = "The hand-over's UUID")),
    request_body = PlainBody,
    responses(
        (status = 200, description = "It is over", body = Outcome),
        (status = 403, description = "not-offered-to-you"),
        (status = 404, description = "unknown-handover"),
        (status = 409, description = "handover-over: it has lapsed or was answered; or \
            command-reused"),
        (status = 422, description = "reason-needed, or invalid-body, which names the field")
    )
)]
pub(crate) async fn reject(
    State(state): State<AppState>,
    doer: Doer,
    id: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<Json<Outcome>, Problem> {
    let deed = Deed::RejectHandover { handover: handover(id)? };
    Ok(Json(Outcome::new(&state.act_plainly(doer, deed, body).await?)))
}

fn handover(id: Result<Path<String>, PathRejection>) -> Result<HandoverId, Problem> {
    let id = id.ok().and_then(|Path(id)| Uuid::parse(&id).ok());
    id.ok_or(Problem::Refused(Refused::Unknown(Unknown::Handover)))
}

fn uuids(value: &Value) -> Result<Vec<SessionId>, Problem> {
    let right = "a list of 1 to 100 UUIDs";
    let all = value.as_array().filter(|all| (1..=SESSIONS_MAX).contains(&all.len()));
    let all = all.ok_or_else(|| wrong("sessions", right))?;
    let read = |one: &Value| body::uuid("sessions", one).map_err(|_| wrong("sessions", right));
    all.iter().map(read).collect()
}
