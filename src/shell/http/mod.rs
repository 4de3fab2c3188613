//! HTTP: the ward's views, alarms and live events to browsers and machines, acknowledgements back
//! to the engine (contract 5 to 8). All routes are in `routes`; each file has one resource.
//!
//! Nothing is decided or stored here: a handler parses, asks the engine or the journal through
//! their handles, and maps the answer to `wire`. Every failure is a `problem`. Who may use which
//! route stands in `access`. There is no TLS, so `serve` refuses to listen off loopback.

mod access;
mod act;
mod alarms;
mod audit;
mod beds;
mod body;
mod commands;
mod credentials;
mod devices;
mod explained;
mod export;
mod frames;
mod guard;
mod handovers;
mod health;
mod limits;
mod login;
mod openapi;
mod pauses;
mod presets;
mod problem;
mod query;
mod readings;
mod refusal;
mod screens;
mod serve;
mod sessions;
mod setup;
mod site;
mod standby;
mod stream;
#[cfg(test)]
mod tests;
mod ui;
mod users;
pub(crate) mod wire;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use tokio_util::sync::CancellationToken;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use serve::{Limits, ServeError, serve};
pub use site::{BedLabel, Presets, Simulation, Site, SourceKind, SourceLabel};

use self::commands::Commands;
use self::problem::Problem;
use self::screens::pairing::Pairings;
use super::clock::{Clock, Speed};
use super::hub::Hub;
use super::identity::Identity;
use super::lane::{EngineHandle, HistoryHandle};

/// What every handler has; cheap to clone.
#[derive(Clone, Debug)]
pub struct AppState(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    site: Site,
    engine: EngineHandle,
    history: HistoryHandle,
    hub: Hub,
    identity: Identity,
    limits: Limits,
    /// Ends the streams, else a graceful shutdown would wait for them for ever.
    shutdown: CancellationToken,
    streams: stream::Shared,
    pairings: Pairings,
    commands: Commands,
    /// Real time, of which only the steady line is read.
    clock: Clock,
}

impl AppState {
    /// `shutdown` is the token that `serve` gets, too.
    #[must_use]
    pub fn new(
        site: Site,
        engine: EngineHandle,
        history: HistoryHandle,
        hub: Hub,
        identity: Identity,
        limits: Limits,
        shutdown: CancellationToken,
    ) -> Self {
        let streams = stream::Shared::default();
        let (pairings, clock) = (Pairings::default(), Clock::start(Speed::REAL, None));
        Self(Arc::new(Shared {
            site,
            engine,
            history,
            hub,
            identity,
            limits,
            shutdown,
            streams,
            pairings,
            commands: Commands::default(),
            clock,
        }))
    }

    /// The answer of the engine or the journal, if it comes in time.
    async fn answer<T, E: Into<Problem>>(
        &self,
        asked: impl Future<Output = Result<T, E>>,
    ) -> Result<T, Problem> {
        within(self.0.limits.answer, asked).await
    }
}

async fn within<T, E: Into<Problem>>(
    wait: Duration,
    asked: impl Future<Output = Result<T, E>>,
) -> Result<T, Problem> {
    match tokio::time::timeout(wait, asked).await {
        Ok(answer) => answer.map_err(Into::into),
        Err(_elapsed) => Err(Problem::Busy),
    }
}

/// The whole web: the routes behind their gate, the dashboard at every other path that it has, the
/// guard around all.
pub fn router(state: AppState) -> Router {
    let (router, _document) = routes().split_for_parts();
    router
        .route_layer(from_fn_with_state(state.clone(), access::gate))
        .fallback(ui::asset)
        .method_not_allowed_fallback(problem::method_not_allowed)
        .layer(from_fn(guard::guard))
        .with_state(state)
}

/// Every route, with its description.
fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(openapi::Document::openapi())
        // Whoever watches the service.
        .routes(routes!(health::livez))
        .routes(routes!(health::readyz))
        .routes(routes!(health::metrics))
        // The dashboard and machines.
        .routes(routes!(beds::list))
        .routes(routes!(beds::one))
        .routes(routes!(alarms::list))
        .routes(routes!(alarms::acknowledge))
        .routes(routes!(pauses::pause_audio, pauses::resume_audio))
        .routes(routes!(pauses::pause_alarms, pauses::resume_alarms))
        .routes(routes!(standby::begin, standby::end))
        .routes(routes!(devices::keep))
        .routes(routes!(readings::list, sessions::by_hand::on_bed))
        .routes(routes!(readings::trend))
        .routes(routes!(readings::void))
        .routes(routes!(readings::amend))
        .routes(routes!(sessions::list, sessions::start::start))
        .routes(routes!(sessions::one))
        .routes(routes!(sessions::start::preset))
        .routes(routes!(sessions::baseline::accept))
        .routes(routes!(sessions::doses::give))
        .routes(routes!(sessions::doses::change, sessions::doses::undo))
        .routes(routes!(sessions::doses::void))
        .routes(routes!(sessions::doses::amend))
        .routes(routes!(sessions::by_hand::in_session))
        .routes(routes!(sessions::notes::observe))
        .routes(routes!(sessions::notes::intervene))
        .routes(routes!(sessions::leaving::to_bed))
        .routes(routes!(sessions::leaving::end))
        .routes(routes!(limits::set))
        .routes(routes!(export::report))
        .routes(routes!(export::csv))
        .routes(routes!(export::fhir))
        .routes(routes!(handovers::list, handovers::offer))
        .routes(routes!(handovers::accept))
        .routes(routes!(handovers::reject))
        .routes(routes!(presets::list))
        .routes(routes!(presets::one))
        .routes(routes!(setup::setup))
        .routes(routes!(audit::list))
        .routes(routes!(stream::events))
        // Who is watching.
        .routes(routes!(screens::list, screens::open))
        .routes(routes!(screens::close))
        .routes(routes!(screens::lease))
        .routes(routes!(screens::sound_test))
        .routes(routes!(screens::pairing::give))
        .routes(routes!(screens::pairing::pair))
        // People.
        .routes(routes!(login::log_in))
        .routes(routes!(login::log_out))
        .routes(routes!(login::me))
        .routes(routes!(users::list, users::add))
        .routes(routes!(users::change))
        // Whoever writes a client.
        .routes(routes!(openapi::document))
}
