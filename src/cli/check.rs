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

/// Checks the configuration and its presets: prints every error, or what would be in force.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn check(file: &str) -> (String, String, String) {
        let config = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(file);
        let (mut out, mut errors) = (Vec::new(), Vec::new());
        let exit = run(&CheckArgs { config }, &mut out, &mut errors).expect("vectors take all");
        let text = |bytes| String::from_utf8(bytes).expect("text");
        (format!("{exit:?}"), text(out), text(errors))
    }

    #[test]
    fn a_whole_configuration_is_shown_and_exits_0() {
        let (exit, out, errors) = check("config/monitor.toml");
        assert_eq!((exit, errors.as_str()), (format!("{:?}", ExitCode::SUCCESS), ""));
        assert!(out.contains("is valid") && out.contains("LIMITS NOT APPROVED"), "{out}");
    }

    #[test]
    fn a_broken_one_goes_to_stderr_alone_and_exits_2() {
        let (exit, out, errors) = check("config/no-such-file.toml");
        assert_eq!((exit, out.as_str()), (format!("{:?}", ExitCode::from(2)), ""));
        assert!(errors.contains("no-such-file.toml: can't be read"), "{errors}");
    }
}
