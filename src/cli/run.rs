//! `dosevigil run`: the service. Exit 0 after SIGTERM, 2 configuration, 3 storage, 1 other.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use tokio_util::sync::CancellationToken;

use super::reload;
use crate::app::{self, Failure};
use crate::config;
use crate::shell::clock::{Clock, Speed};
#[cfg(feature = "demo")]
use crate::shell::http::Simulation;

/// Run the service.
#[derive(Args, Debug)]
#[command(after_help = "Example: dosevigil run --config config/monitor.toml")]
pub struct RunArgs {
    /// The configuration file.
    #[arg(long, env = "DOSEVIGIL_CONFIG", default_value = "config/monitor.toml")]
    pub config: PathBuf,
    /// Clinical time runs so much faster, 1 to 120; everything is marked SIMULATED.
    #[cfg(feature = "demo")]
    #[arg(long, value_name = "N")]
    pub simulation_speed: Option<u32>,
}

/// # Errors
/// Only when `errors` can't be written; what goes wrong is told there and in the exit code.
pub async fn run(
    args: RunArgs,
    stop: CancellationToken,
    errors: &mut impl Write,
) -> std::io::Result<ExitCode> {
    let config = match config::load(&args.config) {
        Ok(config) => config,
        Err(found) => {
            write!(errors, "{found}")?;
            return Ok(ExitCode::from(2));
        }
    };
    #[cfg(feature = "demo")]
    let speed = args.simulation_speed.map(Speed::try_new).transpose();
    #[cfg(not(feature = "demo"))]
    let speed: Result<Option<Speed>, String> = Ok(None);
    let speed = match speed {
        Ok(speed) => speed,
        Err(error) => {
            writeln!(errors, "--simulation-speed: {error}")?;
            return Ok(ExitCode::from(2));
        }
    };
    match serve(config, args.config, speed, stop).await {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(failure) => {
            writeln!(errors, "dosevigil: {failure}")?;
            Ok(ExitCode::from(failure.exit_code()))
        }
    }
}

async fn serve(
    config: config::Config,
    file: PathBuf,
    speed: Option<Speed>,
    stop: CancellationToken,
) -> Result<(), Failure> {
    let opened = app::open(config).await?;
    let clock = Clock::start(speed.unwrap_or(Speed::REAL), opened.recovery.last);
    #[cfg(feature = "demo")]
    let simulation = speed.map(|speed| Simulation { speed, seed: 0, played_until: None });
    #[cfg(not(feature = "demo"))]
    let simulation = None;
    let running = opened.start(Arc::new(clock), simulation, |_| {}).await?;
    let reloading = tokio::spawn(reload::watch(file, running.engine.clone()));
    let outcome = running.until(stop).await;
    reloading.abort();
    outcome
}
