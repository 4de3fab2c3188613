//! `dosevigil check`: reads the configuration and its presets as `run` would, and starts nothing
//! (contract 2, safety P8).
//!
//! Prints every error, or what would be in force, as `config::write_effective` puts it.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::config;

/// Exit code of a configuration error (contract 2).
const EXIT_CONFIG: u8 = 2;

#[derive(Debug, clap::Args)]
#[command(after_help = "Example: dosevigil check --config config/monitor.toml")]
pub struct CheckArgs {
    /// The configuration file.
    #[arg(long, value_name = "FILE", default_value = "config/monitor.toml")]
    #[arg(env = "DOSEVIGIL_CONFIG")]
    pub config: PathBuf,
}

/// Checks, and prints to `out` what would be in force, or to `errors` every error.
///
/// # Errors
/// When `out` or `errors` can't be written.
pub fn run(
    args: &CheckArgs,
    out: &mut dyn Write,
    errors: &mut dyn Write,
) -> std::io::Result<ExitCode> {
    match config::load_all(&args.config) {
        Ok(loaded) => {
            writeln!(out, "{} is valid.", args.config.display())?;
            config::write_effective(&loaded, out)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(found) => {
            writeln!(errors, "{found}")?;
            Ok(ExitCode::from(EXIT_CONFIG))
        }
    }
}
