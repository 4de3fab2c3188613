//! Arguments → configuration → `app` → exit code. No logic.

use std::io::{Write, stderr, stdout};
use std::process::ExitCode;

use clap::Parser;
use dosevigil::cli::{Cli, Command, run};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let level = match &cli.command {
        Command::Run(_) => "info",
        #[cfg(feature = "demo")]
        // The embedded broker calls the end of a connection an error.
        Command::Demo(_) => "warn,rumqttd=off",
        Command::Check(_)
        | Command::Decode(_)
        | Command::Export(_)
        | Command::Replay(_)
        | Command::User(_)
        | Command::Token(_)
        | Command::Schema => "warn",
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr).init();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error),
    };
    runtime.block_on(async {
        let stop = CancellationToken::new();
        let signals = tokio::spawn(dosevigil::cli::signals(stop.clone()));
        let outcome = run(cli, stop, &mut stdout(), &mut stderr()).await;
        signals.abort();
        outcome.unwrap_or_else(|error| failed(&*error))
    })
}

fn failed(error: &(dyn std::error::Error + Send + Sync)) -> ExitCode {
    let _nobody_reads = writeln!(stderr(), "dosevigil: {error}");
    ExitCode::FAILURE
}
