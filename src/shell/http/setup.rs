//! `GET /api/v1/setup` (contract 6): what is configured and in force, without secrets; devices,
//! links and sources as they do now.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::AppState;
use super::problem::Problem;
use super::wire::bed::Link;
use super::wire::event::{Source, sources};
use super::wire::preset::PresetSummary;
use crate::domain::view::BedView;
use crate::shell::http::site::Site;

/// The site as it is set up.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Setup<'a> {
    site: &'a str,
    timezone: &'a str,
    beds: Vec<BedSetup<'a>>,
    sources: Vec<Source<'a>>,
    presets: Vec<PresetSummary<'a>>,
    /// The effective configuration, line by line, as `dosevigil check` prints it.
    effective: Vec<&'a str>,
}

/// A bed with the devices that it has seen.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct BedSetup<'a> {
    id: &'a str,
    label: &'a str,
    links: Vec<Link<'a>>,
}

/// What is in force.
#[utoipa::path(
    get,
    path = "/api/v1/setup",
    tag = "service",
    responses(
        (status = 200, description = "The site as it is set up", body = Setup),
        (status = 503, description = "The engine does not answer")
    )
)]
pub(crate) async fn setup(State(state): State<AppState>) -> Result<Response, Problem> {
    let view = state.answer(state.0.engine.view()).await?;
    let site = &state.0.site;
    let summary = |preset| PresetSummary::new(preset, &site.presets.in_force);
    let setup = Setup {
        site: &site.name,
        timezone: &site.timezone,
        beds: view.beds.iter().map(|bed| BedSetup::new(site, bed)).collect(),
        sources: sources(site, &view.sources),
        presets: site.presets.all.iter().map(|preset| summary(&**preset)).collect(),
        effective: site.effective.lines().collect(),
    };
    Ok(Json(setup).into_response())
}

impl<'a> BedSetup<'a> {
    fn new(site: &'a Site, view: &'a BedView) -> Self {
        let label = site.bed(&view.id);
        Self {
            id: view.id.as_str(),
            label: label.map_or(view.id.as_str(), |bed| &bed.label),
            links: view.links.iter().map(|link| Link::new(site, view, link)).collect(),
        }
    }
}
