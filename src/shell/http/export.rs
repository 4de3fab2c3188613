//! `GET /api/v1/sessions/{id}/report`, `…/export.csv`, `…/export.fhir.json` (contract 6): the
//! record of a session that runs or has ended, as a page that prints or as a file.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse, Response};

use super::AppState;
use super::problem::Problem;
use super::sessions::session;
use crate::domain::ids::SessionId;
use crate::shell::lane::{ExportFormat, Exported};

/// The report of a session: one page with everything in it, made to be printed.
#[utoipa::path(
    get,
    path = "/api/v1/sessions/{id}/report",
    tag = "sessions",
    params(("id" = String, Path, description = "The session's UUID")),
    responses(
        (status = 200, description = "The page", content_type = "text/html"),
        (status = 404, description = "unknown-session: the journal has no such session"),
        (status = 503, description = "The journal can't be read now")
    )
)]
pub(crate) async fn report(
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, Problem> {
    let Exported { name, text, style } = exported(&state, session(id)?, ExportFormat::Html).await?;
    let style = style.unwrap_or_else(|| "'none'".to_owned());
    let policy = format!(
        "default-src 'none'; style-src {style}; frame-ancestors 'none'; base-uri 'none'; \
         form-action 'none'"
    );
    let mut response = file("text/html; charset=utf-8", "inline", &name, text);
    if let Ok(policy) = HeaderValue::try_from(policy) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    Ok(response)
}

/// The readings of a session as CSV, as `dosevigil replay` reads them.
#[utoipa::path(
    get,
    path = "/api/v1/sessions/{id}/export.csv",
    tag = "sessions",
    params(("id" = String, Path, description = "The session's UUID")),
    responses(
        (status = 200, description = "time_s,signal,value,unit,quality",
            content_type = "text/csv"),
        (status = 404, description = "unknown-session: the journal has no such session"),
        (status = 503, description = "The journal can't be read now")
    )
)]
pub(crate) async fn csv(
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, Problem> {
    let Exported { name, text, .. } = exported(&state, session(id)?, ExportFormat::Csv).await?;
    Ok(file("text/csv; charset=utf-8", "attachment", &name, text))
}

/// A session as a FHIR R4 bundle.
#[utoipa::path(
    get,
    path = "/api/v1/sessions/{id}/export.fhir.json",
    tag = "sessions",
    params(("id" = String, Path, description = "The session's UUID")),
    responses(
        (status = 200, description = "A bundle of the type collection",
            content_type = "application/fhir+json"),
        (status = 404, description = "unknown-session: the journal has no such session"),
        (status = 503, description = "The journal can't be read now")
    )
)]
pub(crate) async fn fhir(
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, Problem> {
    let Exported { name, text, .. } = exported(&state, session(id)?, ExportFormat::Fhir).await?;
    Ok(file("application/fhir+json; charset=utf-8", "inline", &name, text))
}

/// A record under the name that it is kept by.
fn file(kind: &'static str, kept: &str, name: &str, text: String) -> Response {
    let disposition = format!("{kept}; filename=\"{name}\"");
    ([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, disposition)], text).into_response()
}

async fn exported(
    state: &AppState,
    session: SessionId,
    format: ExportFormat,
) -> Result<Exported, Problem> {
    let asked = state.0.history.export(session, format);
    let found = state.answer(async { asked.await.map_err(Problem::History) }).await?;
    found.ok_or(Problem::UnknownSession)
}
