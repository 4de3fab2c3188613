//! The commands of contract 2, one file each: arguments in, text out, an exit code back.

pub mod check;
pub mod decode;
pub mod export;
mod people;
mod reload;
pub mod replay;
pub mod run;
pub mod schema;
mod secret_input;
pub mod token;
pub mod user;

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tokio_util::sync::CancellationToken;

/// dosevigil keeps vigil over vital signs during ketamine and esketamine dosing sessions.
#[derive(Parser, Debug)]
#[command(name = "dosevigil", version, about)]
#[command(after_help = "It adds to the bedside monitor's own alarms and replaces none.\n\
                        Example: dosevigil demo")]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    Run(run::RunArgs),
    Check(check::CheckArgs),
    #[cfg(feature = "demo")]
    Demo(crate::demo::DemoArgs),
    Decode(decode::DecodeArgs),
    Export(export::ExportArgs),
    User(user::UserArgs),
    Token(token::TokenArgs),
    Replay(replay::ReplayArgs),
    /// JSON Schema of the configuration and of presets.
    #[command(after_help = "Example: dosevigil schema > schema.json")]
    Schema,
}

/// # Errors
/// What a command can't tell by its exit code alone.
pub async fn run(
    cli: Cli,
    stop: CancellationToken,
    out: &mut impl Write,
    errors: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    match cli.command {
        Command::Run(args) => Ok(run::run(args, stop, errors).await?),
        Command::Check(args) => Ok(check::run(&args, out, errors)?),
        #[cfg(feature = "demo")]
        Command::Demo(args) => {
            crate::demo::run(args, stop, out).await?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Decode(args) => decode::run(&args, out),
        Command::Export(args) => export::run(&args, out, errors).await,
        Command::User(args) => user::run(args, out, errors).await,
        Command::Token(args) => token::run(args, out, errors).await,
        Command::Replay(args) => replay::run(&args, out, errors).await,
        Command::Schema => Ok(schema::run(out)?),
    }
}

/// Cancels `stop` at the first SIGTERM or SIGINT.
pub async fn signals(stop: CancellationToken) {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut term), Ok(mut int)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return;
    };
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
    stop.cancel();
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::Cli;

    #[test]
    fn the_help_says_what_each_command_is_for() {
        let cli = Cli::command();
        let silent: Vec<_> = cli.get_subcommands().filter(|it| it.get_about().is_none()).collect();
        assert!(silent.is_empty(), "{silent:?}");
    }
}
