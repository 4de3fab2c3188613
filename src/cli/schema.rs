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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schemas_of_both_files_are_printed_with_bounds_and_without_room_for_other_keys() {
        let mut text = Vec::new();
        run(&mut text).expect("a vector takes all");
        let schema: serde_json::Value = serde_json::from_slice(&text).expect("JSON");
        for part in ["config", "preset"] {
            assert_eq!(schema[part]["additionalProperties"], false, "{part}");
        }
        let poll = schema.pointer("/config/$defs/RawSerial/properties/poll_s");
        let poll = poll.expect("the schema has the polling interval");
        assert_eq!((&poll["minimum"], &poll["maximum"]), (&1.into(), &60.into()));
    }
}
