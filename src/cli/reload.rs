//! SIGHUP: the configuration is read and checked again, so that a mistake in it is found before the
//! next start needs it (alarms 13, "bad configuration on reload"). A bad one never takes the place
//! of a good one; a good one is in force from the next start on.

use std::path::{Path, PathBuf};

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::config;
use crate::domain::input::{FaultState, ServiceFault};
use crate::shell::lane::EngineHandle;

/// Checks the file at each SIGHUP until the engine has ended.
pub(super) async fn watch(path: PathBuf, engine: EngineHandle) {
    let Some(mut hangup) = heard() else { return };
    while hangup.recv().await.is_some() {
        let checked = path.clone();
        let Ok(state) = tokio::task::spawn_blocking(move || check(&checked)).await else { return };
        if engine.fault(ServiceFault::Config, state).await.is_err() {
            return;
        }
    }
}

fn heard() -> Option<Signal> {
    signal(SignalKind::hangup())
        .inspect_err(|error| tracing::warn!(%error, "SIGHUP is not heard"))
        .ok()
}

fn check(path: &Path) -> FaultState {
    match config::load(path) {
        Ok(_) => {
            tracing::info!(
                "the configuration is valid; what changed is in force at the next start"
            );
            FaultState::Over
        }
        Err(found) => {
            tracing::error!("the configuration can't be used:\n{found}");
            let first = found.all().first().map(ToString::to_string).unwrap_or_default();
            FaultState::Present { why: first.into() }
        }
    }
}
