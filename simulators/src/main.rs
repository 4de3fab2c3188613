//! Command line of the simulators: arguments -> scenario -> run until Ctrl-C. No logic.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};
use simulators::clock::{SimClock, Speed};
use simulators::scenario::Scenario;
use tokio_util::sync::CancellationToken;

/// Simulated patients and bedside monitors.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run a scenario until Ctrl-C.
    #[command(
        after_help = "Example: simulators run --scenario scenarios/first_clinic.toml \\\n    \
                            --dir ports --broker mqtt://127.0.0.1:1883 --speed 1"
    )]
    Run {
        /// Scenario file (TOML).
        #[arg(long)]
        scenario: PathBuf,
        /// Directory for the serial ports' paths.
        #[arg(long, default_value = "ports")]
        dir: PathBuf,
        /// Broker, mqtt://HOST:PORT; without it MQTT monitors stay off.
        #[arg(long)]
        broker: Option<String>,
        /// Clinical seconds per second, 1 to 120.
        #[arg(long, default_value_t = 1)]
        speed: u32,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // With stderr gone the exit code still tells.
            let _ = writeln!(std::io::stderr(), "simulators: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> anyhow::Result<()> {
    let Command::Run { scenario, dir, broker, speed } = Arguments::parse().command;
    let text = std::fs::read_to_string(&scenario)
        .with_context(|| format!("reading {}", scenario.display()))?;
    let scenario = Scenario::parse(&text)?;
    let clock = SimClock::start(Speed::try_new(speed)?);
    let simulation = simulators::start(&scenario, clock, &dir, broker.as_deref())?;
    let mut out = std::io::stdout();
    writeln!(out, "{}: {}", scenario.name, scenario.title)?;
    for (bed, device, path) in simulation.ports() {
        writeln!(out, "{bed}  {device}  {}", path.display())?;
    }
    let token = CancellationToken::new();
    let stop = token.clone();
    tokio::spawn(async move {
        // When Ctrl-C can't be listened for, ending is better than running for ever.
        let _ = tokio::signal::ctrl_c().await;
        stop.cancel();
    });
    simulation.run(token).await
}
