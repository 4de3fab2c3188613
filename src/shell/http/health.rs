//! `GET /livez`, `GET /readyz`, `GET /metrics` (contract 5): for whoever watches the service.

use std::fmt::Write;
use std::future::{Ready, ready};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use serde::Serialize;
use utoipa::ToSchema;

use super::AppState;
use super::problem::{Problem, ProblemBody};
use super::wire::Time;

/// Answer of `/readyz`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Readiness {
    ready: bool,
    /// Why it is not ready; empty when it is.
    reasons: Vec<String>,
    /// Seconds since the engine's last self-check; null when the engine does not answer.
    self_check_age_s: Option<f64>,
    /// When the self-test last passed, from intake to push.
    last_self_test: Option<Time>,
}

/// The process answers.
#[utoipa::path(
    get,
    path = "/livez",
    tag = "service",
    responses((status = 200, description = "The process answers", body = str))
)]
pub(crate) fn livez() -> Ready<&'static str> {
    ready("ok")
}

/// Whether engine, journal and sources do their work.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "service",
    responses(
        (status = 200, description = "Ready", body = Readiness),
        (status = 503, description = "Not ready, with the reasons", body = Readiness)
    )
)]
pub(crate) async fn readyz(State(state): State<AppState>) -> impl IntoResponse {
    let (reasons, age, passed) = match state.answer(state.0.engine.ready()).await {
        Ok(answer) => {
            let age = answer.self_check_age.as_secs_f64();
            (answer.not_ready, Some(age), answer.self_test.map(Time))
        }
        Err(_) => (vec!["the engine does not answer".to_owned()], None, None),
    };
    let ready = reasons.is_empty();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let answer = Readiness { ready, reasons, self_check_age_s: age, last_self_test: passed };
    (status, Json(answer))
}

/// Prometheus text.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "service",
    responses(
        (status = 200, description = "Prometheus text", body = str),
        (status = 503, description = "The engine does not answer", body = ProblemBody,
         content_type = "application/problem+json")
    )
)]
pub(crate) async fn metrics(State(state): State<AppState>) -> Result<impl IntoResponse, Problem> {
    let mut text = state.answer(state.0.engine.metrics()).await?;
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    let streams = &state.0.streams;
    let figures = [
        ("streams_open", "gauge", "Live event streams open now.", streams.open()),
        ("stream_resyncs_total", "counter", "Streams sent back to a snapshot.", streams.resyncs()),
        ("stream_byes_total", "counter", "Streams ended by the server.", streams.byes()),
    ];
    for (name, kind, help, figure) in figures {
        write!(
            text,
            "# HELP dosevigil_{name} {help}\n# TYPE dosevigil_{name} {kind}\n\
             dosevigil_{name} {figure}\n"
        )
        .expect("writing to a String never fails");
    }
    Ok(([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text))
}
