//! `POST /api/v1/sessions/{id}/readings` and `/api/v1/beds/{bed}/readings` (contract 6): vital
//! signs that a person took, in a session or before one; judged like a device's.

use std::collections::BTreeMap;

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::session;
use crate::domain::act::{Done, Lateness, VisitDeed};
use crate::domain::ids::{BedIndex, SessionId};
use crate::domain::metric::Metric;
use crate::domain::reading::Quantity;
use crate::domain::session::hand::{Arm, CuffSize, HandReading};
use crate::shell::http::AppState;
use crate::shell::http::act::{ActBody, Doer, act_body};
use crate::shell::http::body::{
    decimal_within, given, name, needed_name, object, time, word, wrong,
};
use crate::shell::http::problem::{Problem, naming};

/// What a person can take.
const BY_HAND: [Metric; 8] = [
    Metric::NibpSys,
    Metric::NibpDia,
    Metric::NibpMap,
    Metric::HeartRate,
    Metric::PulseRate,
    Metric::SpO2,
    Metric::RespRate,
    Metric::Temp,
];

act_body! {
    /// Vital signs that a person took.
    HandBody, "method, taker, taken, values, arm, cuff_size", {
        /// How: "aneroid", "counted". 1 to 64 characters.
        #[schema(value_type = String, min_length = 1, max_length = 64, required = true)]
        method: Value,
        /// Who took it, where it was not who enters it.
        #[schema(value_type = Option<String>, min_length = 1, max_length = 64)]
        taker: Value,
        /// RFC 3339; more than 5 min ago it is marked late.
        #[schema(value_type = String, format = DateTime, required = true)]
        taken: Value,
        /// By metric: nibp_sys with nibp_dia, nibp_map, hr, pulse, spo2, resp, temp.
        #[schema(value_type = BTreeMap<String, f64>, required = true)]
        values: Value,
        /// left | right
        #[schema(value_type = Option<String>)]
        arm: Value,
        /// small | adult | large | thigh
        #[schema(value_type = Option<String>)]
        cuff_size: Value,
    }
}

/// Readings that were taken by hand and entered.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Entered {
    /// The id of each, by metric.
    readings: BTreeMap<&'static str, u64>,
    /// Entered more than 5 min after it was taken.
    late: bool,
}

/// Enters vital signs taken by hand, in a session.
#[utoipa::path(
    post,
    path = "/api/v1/sessions/{id}/readings",
    tag = "readings",
    params(("id" = String, Path, description = "The session's UUID")),
    request_body = HandBody,
    responses(
        (status = 200, description = "They are judged", body = Entered),
        (status = 404, description = "unknown-session"),
        (status = 409, description = "session-over or command-reused"),
        (status = 422, description = "bad-time: `taken` lies in the future, or too far back; \
            bad-value or invalid-body, which name the field")
    )
)]
pub(crate) async fn in_session(
    State(state): State<AppState>,
    doer: Doer,
    id: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<Json<Entered>, Problem> {
    let id = session(id)?;
    let view = state.answer(state.0.engine.view()).await?;
    let bed = view.beds.iter().find(|bed| super::runs_on(bed, id));
    let bed = bed.and_then(|bed| state.0.site.place_of(&bed.id));
    // On no bed now: the ward says so, but for a command that it has answered before.
    enter(&state, doer, (bed.unwrap_or(BedIndex(0)), Some(id)), body).await
}

/// Enters vital signs of a patient who walked in, before a session; or of a bed's session.
#[utoipa::path(
    post,
    path = "/api/v1/beds/{bed}/readings",
    tag = "readings",
    params(("bed" = String, Path, description = "The bed's id")),
    request_body = HandBody,
    responses(
        (status = 200, description = "They are judged", body = Entered),
        (status = 404, description = "unknown-bed"),
        (status = 409, description = "command-reused"),
        (status = 422, description = "bad-time: `taken` lies in the future, or too far back; \
            bad-value or invalid-body, which name the field")
    )
)]
pub(crate) async fn on_bed(
    State(state): State<AppState>,
    doer: Doer,
    bed: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<Json<Entered>, Problem> {
    let bed = state.bed(bed)?;
    enter(&state, doer, (bed, None), body).await
}

async fn enter(
    state: &AppState,
    doer: Doer,
    (bed, session): (BedIndex, Option<SessionId>),
    body: Body,
) -> Result<Json<Entered>, Problem> {
    let body: HandBody = state.asked(body).await?;
    let reading = body.reading()?;
    let metrics: Vec<_> = reading.values.iter().map(|(metric, _)| metric.info().name).collect();
    let act = doer.act(VisitDeed::EnterReading { bed, session, reading }, body.shared())?;
    let right = "what a person can take, a systolic with its diastolic pressure below it";
    let done = state.act(act).await.map_err(naming("values", right))?;
    let Done::ReadingsEntered { readings, lateness } = done else { return Err(Problem::Busy) };
    let readings = metrics.into_iter().zip(readings.iter().map(|reading| reading.0)).collect();
    Ok(Json(Entered { readings, late: lateness == Lateness::Late }))
}

impl HandBody {
    fn reading(&self) -> Result<HandReading, Problem> {
        let arm = |value| {
            let by_name = |name: &str| Arm::ALL.into_iter().find(|arm| arm.name() == name);
            word("arm", value, "left or right, or left out", by_name)
        };
        let size = |value| {
            let by_name = |name: &str| CuffSize::ALL.into_iter().find(|size| size.name() == name);
            word("cuff_size", value, "small, adult, large or thigh, or left out", by_name)
        };
        let taken = time("taken", &self.taken)?;
        Ok(HandReading {
            method: needed_name("method", &self.method)?,
            taker: name("taker", &self.taker)?,
            taken: taken.ok_or_else(|| wrong("taken", "a time such as 2026-11-22T10:15:07Z"))?,
            values: values(&self.values)?,
            arm: given(&self.arm).map(arm).transpose()?,
            cuff_size: given(&self.cuff_size).map(size).transpose()?,
        })
    }
}

/// In the order of the table of metrics.
fn values(value: &Value) -> Result<Vec<(Metric, Quantity)>, Problem> {
    let known = BY_HAND.map(|metric| metric.info().name).join(", ");
    let sent: BTreeMap<&str, Value> = object("values", value, &known)?;
    let unknown = sent.keys().find(|name| !BY_HAND.iter().any(|it| it.info().name == **name));
    if unknown.is_some() || sent.is_empty() {
        return Err(wrong("values", &format!("an object with one or more of {known}")));
    }
    let taken = |metric: Metric| {
        let value = given(sent.get(metric.info().name)?)?;
        Some(
            quantity(&format!("values.{}", metric.info().name), metric, value)
                .map(|it| (metric, it)),
        )
    };
    let all = BY_HAND.into_iter().filter_map(taken).collect::<Result<Vec<_>, _>>()?;
    let of = |metric| all.iter().find(|(it, _)| *it == metric).map(|(_, value)| value.0);
    match (of(Metric::NibpSys), of(Metric::NibpDia), of(Metric::NibpMap)) {
        (None, None, None) => {}
        (Some(sys), Some(dia), map)
            if dia < sys && map.is_none_or(|it| (dia..=sys).contains(&it)) => {}
        _ => {
            let right = "above `values.nibp_dia`, both given, and nibp_map between them";
            return Err(wrong("values.nibp_sys", right));
        }
    }
    Ok(all)
}

/// A plausible value of the metric.
pub(crate) fn quantity(field: &str, metric: Metric, value: &Value) -> Result<Quantity, Problem> {
    let (info, band) = (metric.info(), metric.valid_band());
    let bounds = i64::from(*band.start())..=i64::from(*band.end());
    let number = decimal_within(value, info.decimals, bounds).and_then(|it| i32::try_from(it).ok());
    number.map(Quantity).ok_or_else(|| {
        let scale = 10_i32.pow(info.decimals.into());
        let (low, high) = (band.start() / scale, band.end() / scale);
        let decimals = match info.decimals {
            0 => "a whole number".to_owned(),
            places => format!("a number with at most {places} decimal places"),
        };
        wrong(field, &format!("{decimals} from {low} to {high} {}", info.unit_label))
    })
}
