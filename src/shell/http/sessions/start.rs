//! `POST /api/v1/sessions` and `PUT /api/v1/sessions/{id}/preset` (contract 6): a session begins on
//! a bed, and takes another preset.
//!
//! A session is named by the command that starts it, so that asking again finds the same one.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::session;
use crate::domain::act::VisitDeed;
use crate::domain::ids::CommandId;
use crate::domain::session::start::{Patient, StartOrder, TurnOver};
use crate::shell::http::AppState;
use crate::shell::http::act::{ActBody, Doer, act_body};
use crate::shell::http::body::{
    decimal_within, flag, given, name, needed_name, object, printable, word, wrong,
};
use crate::shell::http::problem::{Problem, naming};
use crate::shell::http::wire::act::Outcome;

const INITIALS_CHARS_MAX: usize = 8;

act_body! {
    /// Who is to be treated where, with what.
    StartBody, "bed, patient, drug, route, new_patient, preset", {
        /// The bed's id; no session runs on it.
        #[schema(value_type = String, required = true)]
        bed: Value,
        #[schema(value_type = PatientBody, required = true)]
        patient: Value,
        /// The answer to "new patient?", where readings came from the bed in the last 10 min: true:
        /// those are another patient's; false: they are this one's.
        #[schema(value_type = Option<bool>)]
        new_patient: Value,
        /// As the preset names it.
        #[schema(value_type = String, required = true)]
        drug: Value,
        /// One of the preset's routes.
        #[schema(value_type = String, required = true)]
        route: Value,
        /// By name; left out: the site's default.
        #[schema(value_type = Option<String>)]
        preset: Value,
    }
}

act_body! {
    /// Another preset.
    PresetBody, "preset", {
        /// By name.
        #[schema(value_type = String, required = true)]
        preset: Value,
    }
}

/// A pseudonym, never a name, and what limits and doses go by.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PatientBody {
    /// The clinic's own reference: 1 to 64 characters.
    #[schema(value_type = String, min_length = 1, max_length = 64, required = true)]
    reference: Value,
    /// 1 to 8 characters.
    #[schema(value_type = String, min_length = 1, max_length = 8, required = true)]
    initials: Value,
    #[schema(value_type = Option<u16>)]
    birth_year: Value,
    /// 20 to 300, with at most one decimal.
    #[schema(value_type = Option<f64>)]
    weight_kg: Value,
}

/// Begins a session; whoever asks is responsible for it.
#[utoipa::path(
    post,
    path = "/api/v1/sessions",
    tag = "sessions",
    request_body = StartBody,
    responses(
        (status = 200, description = "The session's id", body = Outcome),
        (status = 404, description = "unknown-bed, unknown-preset"),
        (status = 409, description = "bed-in-use; new-patient: say `new_patient`; command-reused"),
        (status = 422, description = "wrong-preset: names its drug and routes; bad-value or \
            invalid-body, which name the field")
    )
)]
pub(crate) async fn start(
    State(state): State<AppState>,
    doer: Doer,
    body: Body,
) -> Result<Json<Outcome>, Problem> {
    let body: StartBody = state.asked(body).await?;
    let bed = state.bed_named(&word("bed", &body.bed, "a bed's id", |id| Some(id.to_owned()))?)?;
    let order = body.order(doer.command(&body.command_id)?)?;
    let act = doer.act(VisitDeed::StartSession { bed, order }, body.shared())?;
    let right = "of a year that is not after this one, with a weight of 20 to 300 kg";
    state.outcome(act).await.map_err(naming("patient", right))
}

/// Takes another preset, with a reason: its rules are in force at once.
#[utoipa::path(
    put,
    path = "/api/v1/sessions/{id}/preset",
    tag = "sessions",
    params(("id" = String, Path, description = "The session's UUID")),
    request_body = PresetBody,
    responses(
        (status = 200, description = "It is in force", body = Outcome),
        (status = 403, description = "lead-needed: a dose was given"),
        (status = 404, description = "unknown-session, unknown-preset"),
        (status = 409, description = "already-so, session-over or command-reused"),
        (status = 422, description = "reason-needed; wrong-preset: names its drug and routes; or \
            invalid-body, which names the field")
    )
)]
pub(crate) async fn preset(
    State(state): State<AppState>,
    doer: Doer,
    id: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<Json<Outcome>, Problem> {
    let session = session(id)?;
    let body: PresetBody = state.asked(body).await?;
    let preset = needed_name("preset", &body.preset)?;
    state.outcome(doer.act(VisitDeed::ChoosePreset { session, preset }, body.shared())?).await
}

impl StartBody {
    fn order(&self, id: CommandId) -> Result<StartOrder, Problem> {
        let turn_over = match given(&self.new_patient) {
            None => TurnOver::Unanswered,
            Some(_) if flag("new_patient", &self.new_patient)? => TurnOver::NewPatient,
            Some(_) => TurnOver::SamePatient,
        };
        Ok(StartOrder {
            id,
            patient: PatientBody::read(&self.patient)?,
            drug: needed_name("drug", &self.drug)?,
            route: needed_name("route", &self.route)?,
            preset: name("preset", &self.preset)?,
            turn_over,
        })
    }
}

impl PatientBody {
    fn read(value: &Value) -> Result<Patient, Problem> {
        let keys = "reference, initials and, if known, birth_year, weight_kg";
        let body: Self = object("patient", value, keys)?;
        let Self { reference, initials, birth_year, weight_kg } = &body;
        let initials = printable(initials, INITIALS_CHARS_MAX);
        let year = |value: &Value| {
            let year = decimal_within(value, 0, 1900..=2199).and_then(|it| u16::try_from(it).ok());
            year.ok_or_else(|| wrong("patient.birth_year", "a year such as 1984, or left out"))
        };
        let grams = |value: &Value| {
            let tenths = decimal_within(value, 1, 200..=3_000).map(|tenths| tenths * 100);
            let right = "a weight from 20 to 300 kg with at most one decimal, or left out";
            let grams = tenths.and_then(|grams| u32::try_from(grams).ok());
            grams.ok_or_else(|| wrong("patient.weight_kg", right))
        };
        Ok(Patient {
            reference: needed_name("patient.reference", reference)?,
            initials: initials
                .ok_or_else(|| wrong("patient.initials", "1 to 8 printable characters"))?,
            birth_year: given(birth_year).map(year).transpose()?,
            weight_g: given(weight_kg).map(grams).transpose()?,
        })
    }
}
