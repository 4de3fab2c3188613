//! `/api/v1/sessions/{id}/doses` (contract 6): a dose is given, paused, resumed, ended, taken back,
//! voided or amended. What a gate finds missing is told; a lead overrides it with a reason.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use serde_json::Value;

use super::session;
use crate::domain::act::{Refused, Unknown, VisitDeed};
use crate::domain::ids::{SessionId, Uuid};
use crate::domain::session::dose::{DoseChange, DoseId, DoseOrder};
use crate::shell::http::AppState;
use crate::shell::http::act::{ActBody, Doer, PlainBody, act_body};
use crate::shell::http::body::{decimal_within, given, name, time, word, wrong};
use crate::shell::http::problem::{Problem, naming};
use crate::shell::http::wire::act::Outcome;

/// 2 g: above every dose that there is, and below what a wrong unit makes of one.
const MICROGRAMS_MAX: i64 = 2_000_000;
const MILLIGRAMS: &str = "milligrams above 0, at most 2000, with at most three decimals";

act_body! {
    /// What was given, or is begun.
    DoseBody, "mg, device_number, lot, started, ended", {
        /// Of the drug's base, at most three decimals; null where it is not known yet.
        #[schema(value_type = Option<f64>)]
        mg: Value,
        /// 1, 2 or 3 of a nasal spray.
        #[schema(value_type = Option<u8>)]
        device_number: Value,
        #[schema(value_type = Option<String>, min_length = 1, max_length = 64)]
        lot: Value,
        /// RFC 3339; left out: now.
        #[schema(value_type = Option<String>, format = DateTime)]
        started: Value,
        /// RFC 3339, where it is over.
        #[schema(value_type = Option<String>, format = DateTime)]
        ended: Value,
    }
}

act_body! {
    /// What happened to a dose.
    ChangeBody, "action, at, mg_given", {
        /// pause | resume | end
        #[schema(value_type = String, required = true)]
        action: Value,
        /// RFC 3339; left out: now.
        #[schema(value_type = Option<String>, format = DateTime)]
        at: Value,
        /// With end: a part of what was ordered; left out: all of it.
        #[schema(value_type = Option<f64>)]
        mg_given: Value,
    }
}

act_body! {
    /// Another amount.
    AmountBody, "value", {
        /// In mg, at most three decimals.
        #[schema(value_type = f64, required = true)]
        value: Value,
    }
}

/// The two ids of a dose's path.
type Ids = Result<Path<(String, String)>, PathRejection>;

/// Gives a dose; its gates must pass.
#[utoipa::path(
    post,
    path = "/api/v1/sessions/{id}/doses",
    tag = "doses",
    params(("id" = String, Path, description = "The session's UUID")),
    request_body = DoseBody,
    responses(
        (status = 200, description = "The dose's id", body = Outcome),
        (status = 404, description = "unknown-session"),
        (status = 409, description = "not-ready: `missing` lists it; already-so: an infusion runs, \
            or this device was given; session-over; or command-reused"),
        (status = 422, description = "bad-time; reason-needed: a gate is overridden; bad-value or \
            invalid-body, which name the field")
    )
)]
pub(crate) async fn give(
    State(state): State<AppState>,
    doer: Doer,
    id: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<Json<Outcome>, Problem> {
    let session = session(id)?;
    let body: DoseBody = state.asked(body).await?;
    let act = doer.act(VisitDeed::GiveDose { session, dose: body.order()? }, body.shared())?;
    let right = "the next one of 1, 2 and 3 of a nasal spray, and of nothing else";
    state.outcome(act).await.map_err(naming("device_number", right))
}

/// Pauses, resumes or ends a dose.
#[utoipa::path(
    put,
    path = "/api/v1/sessions/{id}/doses/{dose}",
    tag = "doses",
    params(
        ("id" = String, Path, description = "The session's UUID"),
        ("dose" = String, Path, description = "The dose's UUID")
    ),
    request_body = ChangeBody,
    responses(
        (status = 200, description = "It is so", body = Outcome),
        (status = 404, description = "unknown-session, unknown-dose"),
        (status = 409, description = "already-so; not-so: it is not paused; dose-over; \
            session-over; or command-reused"),
        (status = 422, description = "bad-time, or invalid-body, which names the field")
    )
)]
pub(crate) async fn change(
    State(state): State<AppState>,
    doer: Doer,
    ids: Ids,
    body: Body,
) -> Result<Json<Outcome>, Problem> {
    let (session, dose) = dose(ids)?;
    let body: ChangeBody = state.asked(body).await?;
    let change = body.change()?;
    let act = doer.act(VisitDeed::ChangeDose { session, dose, change }, body.shared())?;
    state.outcome(act).await.map_err(naming("mg_given", "at most what was ordered"))
}

/// Takes an entry back within 60 s.
#[utoipa::path(
    delete,
    path = "/api/v1/sessions/{id}/doses/{dose}",
    tag = "doses",
    params(
        ("id" = String, Path, description = "The session's UUID"),
        ("dose" = String, Path, description = "The dose's UUID")
    ),
    request_body = Option<PlainBody>,
    responses(
        (status = 200, description = "It does not count any more", body = Outcome),
        (status = 404, description = "unknown-session, unknown-dose"),
        (status = 409, description = "undo-too-late: void it; dose-over; session-over; or \
            command-reused")
    )
)]
pub(crate) async fn undo(
    State(state): State<AppState>,
    doer: Doer,
    ids: Ids,
    body: Body,
) -> Result<Json<Outcome>, Problem> {
    let (session, dose) = dose(ids)?;
    let done = state.act_plainly(doer, VisitDeed::UndoDose { session, dose }, body).await?;
    Ok(Json(Outcome::new(&done)))
}

/// The dose was not given; with a reason.
#[utoipa::path(
    post,
    path = "/api/v1/sessions/{id}/doses/{dose}/void",
    tag = "doses",
    params(
        ("id" = String, Path, description = "The session's UUID"),
        ("dose" = String, Path, description = "The dose's UUID")
    ),
    request_body = PlainBody,
    responses(
        (status = 200, description = "It does not count any more, and stays in the record",
         body = Outcome),
        (status = 404, description = "unknown-session, unknown-dose"),
        (status = 409, description = "dose-over, session-over or command-reused"),
        (status = 422, description = "reason-needed, or invalid-body, which names the field")
    )
)]
pub(crate) async fn void(
    State(state): State<AppState>,
    doer: Doer,
    ids: Ids,
    body: Body,
) -> Result<Json<Outcome>, Problem> {
    let (session, dose) = dose(ids)?;
    let done = state.act_plainly(doer, VisitDeed::VoidDose { session, dose }, body).await?;
    Ok(Json(Outcome::new(&done)))
}

/// The dose was another amount; with a reason.
#[utoipa::path(
    post,
    path = "/api/v1/sessions/{id}/doses/{dose}/amend",
    tag = "doses",
    params(
        ("id" = String, Path, description = "The session's UUID"),
        ("dose" = String, Path, description = "The dose's UUID")
    ),
    request_body = AmountBody,
    responses(
        (status = 200, description = "It is so; the old amount stays in the record",
         body = Outcome),
        (status = 404, description = "unknown-session, unknown-dose"),
        (status = 409, description = "dose-over, session-over or command-reused"),
        (status = 422, description = "reason-needed, or invalid-body, which names the field")
    )
)]
pub(crate) async fn amend(
    State(state): State<AppState>,
    doer: Doer,
    ids: Ids,
    body: Body,
) -> Result<Json<Outcome>, Problem> {
    let (session, dose) = dose(ids)?;
    let body: AmountBody = state.asked(body).await?;
    let micrograms = micrograms("value", &body.value, 1)?;
    let act = doer.act(VisitDeed::AmendDose { session, dose, micrograms }, body.shared())?;
    state.outcome(act).await.map_err(naming("value", MILLIGRAMS))
}

impl DoseBody {
    fn order(&self) -> Result<DoseOrder, Problem> {
        let device = |value: &Value| {
            let number = decimal_within(value, 0, 1..=3).and_then(|number| number.try_into().ok());
            number.ok_or_else(|| wrong("device_number", "1, 2 or 3, or left out"))
        };
        Ok(DoseOrder {
            micrograms: given(&self.mg).map(|mg| micrograms("mg", mg, 1)).transpose()?,
            device_number: given(&self.device_number).map(device).transpose()?,
            lot: name("lot", &self.lot)?,
            started: time("started", &self.started)?,
            ended: time("ended", &self.ended)?,
        })
    }
}

impl ChangeBody {
    fn change(&self) -> Result<DoseChange, Problem> {
        let at = time("at", &self.at)?;
        // Of an infusion that was stopped at once nothing may have been given.
        let part = |value| micrograms("mg_given", value, 0);
        let given_micrograms = given(&self.mg_given).map(part).transpose()?;
        let change = word("action", &self.action, "pause, resume or end", |action| match action {
            "pause" => Some(DoseChange::Pause { at }),
            "resume" => Some(DoseChange::Resume { at }),
            "end" => Some(DoseChange::End { at, given_micrograms }),
            _ => None,
        })?;
        match change {
            DoseChange::Pause { .. } | DoseChange::Resume { .. } if given_micrograms.is_some() => {
                Err(wrong("mg_given", "left out unless `action` is end"))
            }
            DoseChange::Pause { .. } | DoseChange::Resume { .. } | DoseChange::End { .. } => {
                Ok(change)
            }
        }
    }
}

fn micrograms(field: &str, value: &Value, least: i64) -> Result<u64, Problem> {
    let amount = decimal_within(value, 3, least..=MICROGRAMS_MAX);
    amount.and_then(|it| u64::try_from(it).ok()).ok_or_else(|| wrong(field, MILLIGRAMS))
}

fn dose(ids: Ids) -> Result<(SessionId, DoseId), Problem> {
    let unknown = |what| Problem::Refused(Refused::Unknown(what));
    let Path((id, dose)) = ids.map_err(|_| unknown(Unknown::Session))?;
    let id = Uuid::parse(&id).map_err(|_| unknown(Unknown::Session))?;
    Ok((id, Uuid::parse(&dose).map_err(|_| unknown(Unknown::Dose))?))
}
