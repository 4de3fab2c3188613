//! `dosevigil decode`: a capture in, one JSON object per event out (contract 2).
//!
//! Everything the decoders read is printed, the values of unverified frames too. Bedside alarms and
//! counts of unknown keys are not events of contract 2 and are not printed.

mod rows;

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};

use crate::domain::device::ge_dinamap_ascii::GeDinamapAscii;
use crate::domain::device::nonin::{Format, Nonin};
use crate::domain::device::vitals_json::{self, JsonLines};
use crate::domain::device::{Decoded, Decoder, Event, Frames};

/// Decodes a capture and prints one JSON object per line; exits with 1 when anything was rejected.
///
/// Example: dosevigil decode --protocol nonin --hex capture.hex
#[derive(Debug, clap::Args)]
pub struct DecodeArgs {
    /// ge-dinamap-ascii, nonin or vitals-json
    #[arg(long, value_name = "NAME")]
    pub protocol: String,
    /// Data format of nonin: auto tells 2 and 7 apart, 1 must be named
    #[arg(long, default_value = "auto", value_parser = ["auto", "1", "2", "7"])]
    pub format: String,
    /// The capture is hexadecimal digits; white space is ignored
    #[arg(long)]
    pub hex: bool,
    /// The capture; without it, standard input
    pub file: Option<PathBuf>,
}

/// Prints the events of the capture that `args` name.
///
/// # Errors
/// When the protocol is unknown, or the capture can't be read or the output not written.
pub fn run(args: &DecodeArgs, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let mut capture = Vec::new();
    match &args.file {
        Some(file) => std::fs::File::open(file)
            .and_then(|mut opened| opened.read_to_end(&mut capture))
            .with_context(|| format!("cannot read {}", file.display()))?,
        None => std::io::stdin().read_to_end(&mut capture).context("cannot read standard input")?,
    };
    if args.hex {
        capture = bytes_of_hex(&capture)?;
    }
    let events = decode(&args.protocol, &args.format, &capture)?;
    for event in &events {
        rows::print(event, out)?;
    }
    let rejected = events.iter().any(|d| matches!(d.event, Event::Rejected { .. }));
    Ok(if rejected { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn decode(protocol: &str, format: &str, capture: &[u8]) -> anyhow::Result<Vec<Decoded>> {
    let mut decoder = match protocol {
        "ge-dinamap-ascii" => Decoder::GeDinamapAscii(GeDinamapAscii::new(Frames::All)),
        "nonin" => {
            let format = match format {
                "auto" => Format::Auto,
                "1" => Format::One,
                "2" => Format::Two,
                "7" => Format::Seven,
                other => bail!("unknown format {other:?}; known: auto, 1, 2, 7"),
            };
            Decoder::Nonin(Nonin::new(format, Frames::All))
        }
        "vitals-json" if holds_lines(capture) => Decoder::VitalsJson(JsonLines::new()),
        "vitals-json" => {
            let event = match vitals_json::decode(capture.trim_ascii_end()) {
                Ok(message) => Event::Message(message),
                Err(reason) => Event::Rejected { reason, bytes: capture.len() },
            };
            return Ok(vec![Decoded { at: 0, event }]);
        }
        other => {
            bail!("unknown protocol {other:?}; known: ge-dinamap-ascii, nonin, vitals-json")
        }
    };
    let mut events = Vec::new();
    decoder.push(capture, &mut events);
    decoder.finish(&mut events);
    Ok(events)
}

/// Whether the capture is JSON lines: several lines, one of them an object of its own. A single
/// message may be spread over lines, but then it is indented.
fn holds_lines(capture: &[u8]) -> bool {
    let mut lines = capture.split(|b| *b == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let several = lines.clone().nth(1).is_some();
    several && lines.any(|line| line.starts_with(b"{") && line.trim_ascii_end().ends_with(b"}"))
}

fn bytes_of_hex(text: &[u8]) -> anyhow::Result<Vec<u8>> {
    let digits = text.iter().filter(|byte| !byte.is_ascii_whitespace()).map(|byte| {
        let digit = char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        digit.with_context(|| format!("not a hexadecimal digit: {:?}", char::from(*byte)))
    });
    let digits: Vec<u8> = digits.collect::<anyhow::Result<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    if !rest.is_empty() {
        bail!("an odd number of hexadecimal digits");
    }
    Ok(pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

#[cfg(test)]
mod tests;
