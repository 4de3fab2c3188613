//! `POST /api/v1/sessions/{id}/observations` and `/interventions` (contract 6): what a nurse sees,
//! and what is done for the patient.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use serde_json::Value;

use super::session;
use crate::domain::act::{Deed, Symptom, Symptoms, VisitDeed};
use crate::shell::http::AppState;
use crate::shell::http::act::{ActBody, Doer, Shared, act_body};
use crate::shell::http::body::{decimal_within, given, name, needed_name, note, wrong};
use crate::shell::http::problem::Problem;
use crate::shell::http::wire::act::Outcome;

act_body! {
    /// How the patient is.
    ObservationBody, "symptoms, moaas, note", {
        /// The whole current list, [] = none: chest_pain, dyspnoea, headache, visual, seizure,
        /// consciousness, focal_deficit, nausea, dizziness, dissociation, other.
        #[schema(value_type = Vec<String>, required = true)]
        symptoms: Value,
        /// The sedation score MOAA/S, 0 to 5, where it was taken.
        #[schema(value_type = Option<u8>)]
        moaas: Value,
        #[schema(value_type = Option<String>, min_length = 1, max_length = 500)]
        note: Value,
    }
}

act_body! {
    /// A drug, or another thing done.
    InterventionBody, "drug, dose, note", {
        /// What was given or done: 1 to 64 characters.
        #[schema(value_type = String, min_length = 1, max_length = 64, required = true)]
        drug: Value,
        /// As it is written: "10 mg iv".
        #[schema(value_type = Option<String>, min_length = 1, max_length = 64)]
        dose: Value,
        /// Instead of `reason`.
        #[schema(value_type = Option<String>, min_length = 1, max_length = 500)]
        note: Value,
    }
}

/// Takes the symptoms and the sedation score.
#[utoipa::path(
    post,
    path = "/api/v1/sessions/{id}/observations",
    tag = "sessions",
    params(("id" = String, Path, description = "The session's UUID")),
    request_body = ObservationBody,
    responses(
        (status = 200, description = "It is taken, and judged at once", body = Outcome),
        (status = 404, description = "unknown-session"),
        (status = 409, description = "session-over or command-reused"),
        (status = 422, description = "invalid-body: names the field")
    )
)]
pub(crate) async fn observe(
    State(state): State<AppState>,
    doer: Doer,
    id: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<Json<Outcome>, Problem> {
    let session = session(id)?;
    let body: ObservationBody = state.asked(body).await?;
    let symptoms = symptoms(&body.symptoms)?;
    let score = |value| {
        let score = decimal_within(value, 0, 0..=5).and_then(|score| score.try_into().ok());
        score.ok_or_else(|| wrong("moaas", "0 to 5, or left out"))
    };
    let moaas = given(&body.moaas).map(score).transpose()?;
    let note = note("note", &body.note)?;
    let deed = Deed::Observe { session, symptoms, moaas, note };
    state.outcome(doer.act(deed, body.shared())?).await
}

/// Records what was done for the patient.
#[utoipa::path(
    post,
    path = "/api/v1/sessions/{id}/interventions",
    tag = "sessions",
    params(("id" = String, Path, description = "The session's UUID")),
    request_body = InterventionBody,
    responses(
        (status = 200, description = "It is recorded", body = Outcome),
        (status = 404, description = "unknown-session"),
        (status = 409, description = "session-over or command-reused"),
        (status = 422, description = "invalid-body: names the field")
    )
)]
pub(crate) async fn intervene(
    State(state): State<AppState>,
    doer: Doer,
    id: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<Json<Outcome>, Problem> {
    let session = session(id)?;
    let body: InterventionBody = state.asked(body).await?;
    let (drug, dose) = (needed_name("drug", &body.drug)?, name("dose", &body.dose)?);
    note("note", &body.note)?;
    let shared = body.shared();
    let reason = match (given(&body.note), given(shared.reason)) {
        (Some(_), Some(_)) => return Err(wrong("note", "left out where `reason` is given")),
        (Some(_), None) => &body.note,
        (None, _) => shared.reason,
    };
    let deed = VisitDeed::Intervene { session, drug, dose };
    state.outcome(doer.act(deed, Shared { reason, ..shared })?).await
}

fn symptoms(value: &Value) -> Result<Symptoms, Problem> {
    let by_name = |value: &Value| {
        let name = value.as_str()?;
        Symptom::ALL.into_iter().find(|symptom| symptom.name() == name)
    };
    let all = value.as_array().and_then(|all| all.iter().map(by_name).collect::<Option<Vec<_>>>());
    all.map(|all| Symptoms::of(&all)).ok_or_else(|| {
        let known = Symptom::ALL.map(Symptom::name).join(", ");
        wrong("symptoms", &format!("the whole list, [] for none, of {known}"))
    })
}
