//! `dosevigil schema`: the JSON Schema of the configuration and of presets, for editors
//! (contract 2). What only a check of meaning can find is `check`'s.

use std::io::Write;
use std::process::ExitCode;

use crate::config;

/// Prints `{"config": SCHEMA, "preset": SCHEMA}`.
///
/// # Errors
/// When `out` can't be written.
pub fn run(out: &mut dyn Write) -> std::io::Result<ExitCode> {
    serde_json::to_writer_pretty(&mut *out, &config::schema())?;
    writeln!(out)?;
    Ok(ExitCode::SUCCESS)
}
