//! `GET /api/v1/presets`, `GET /api/v1/presets/{name}` (contract 6): the presets of the site's
//! folder, whole and checked; one of them is in force.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use super::AppState;
use super::problem::Problem;
use super::wire::Page;
use super::wire::preset::{Preset, PresetSummary};

/// All presets, by name.
#[utoipa::path(
    get,
    path = "/api/v1/presets",
    tag = "presets",
    responses(
        (status = 200, description = "All of them, on one page",
         body = inline(Page<PresetSummary>))
    )
)]
pub(crate) async fn list(State(state): State<AppState>) -> Response {
    let presets = &state.0.site.presets;
    let summary = |preset| PresetSummary::new(preset, &presets.in_force);
    let items: Vec<_> = presets.all.iter().map(|preset| summary(&**preset)).collect();
    std::future::ready(Json(Page { items, next: None }).into_response()).await
}

/// One preset with all its limits, and where each comes from.
#[utoipa::path(
    get,
    path = "/api/v1/presets/{name}",
    tag = "presets",
    params(("name" = String, Path, description = "The preset's name")),
    responses(
        (status = 200, description = "The preset", body = Preset),
        (status = 404, description = "unknown-preset")
    )
)]
pub(crate) async fn one(
    State(state): State<AppState>,
    name: Result<Path<String>, PathRejection>,
) -> Result<Response, Problem> {
    let Path(name) = name.map_err(|_| Problem::UnknownPreset)?;
    let presets = &state.0.site.presets;
    let found = presets.all.iter().find(|preset| *preset.name == *name);
    let preset = found.ok_or(Problem::UnknownPreset)?;
    let answer = Json(Preset::new(preset, &presets.in_force)).into_response();
    std::future::ready(Ok(answer)).await
}
