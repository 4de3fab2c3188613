//! `dosevigil replay`: recorded readings through the ward of the live service, as fast as it goes
//! (contract 2). The same input gives the same output, bit for bit.
//!
//! A recording is a CSV (`rows`, `moments`, `recording`) or a journal of the service (`journal`).
//! Everything is checked before anything is played. With several presets each recording is played
//! under each of them and the counts stand side by side: what if the limits were others?
//!
//! Not here: people. A CSV has none of their acts; a journal's acts come with its inputs.

mod check;
mod journal;
mod moments;
mod print;
mod recording;
mod rows;
mod tally;
#[cfg(test)]
mod tests;

use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use self::check::{Kind, Ready};
use self::print::{Note, Printer, Summary};
use self::tally::Tally;

/// Exit code of a recording or configuration that can't be used (contract 2).
const EXIT_INPUT: u8 = 2;

/// Replays recorded readings through the alarm engine and counts the alarms.
///
/// A recording is a CSV with the header time_s,signal,value,unit and, if it says so, quality; or a
/// journal database of the service. Its session starts at its first reading. Under several presets
/// each recording is played once for each, and the counts stand side by side.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: dosevigil replay monday.csv --preset ketamine-iv --dose-at 900")]
pub struct ReplayArgs {
    /// Recordings, each played to a bed of its own
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// A preset of the configuration's folder, or a preset file; without it, the configuration's
    #[arg(long = "preset", value_name = "NAME")]
    pub presets: Vec<String>,
    /// When the dose was given, in the CSV's seconds; without it, at the first reading
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub dose_at: Option<Duration>,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// The configuration file: names the presets' folder, and what a journal was written under
    #[arg(long, value_name = "FILE", default_value = "config/monitor.toml")]
    #[arg(env = "DOSEVIGIL_CONFIG")]
    pub config: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Lines and tables for people
    Text,
    /// One JSON object per line
    Jsonl,
    /// One table with a header
    Csv,
}

/// Prints what the recordings come to; exits with 2 when one of them can't be used.
///
/// # Errors
/// When the output can't be written, or a recording changes or breaks off while it is played.
pub async fn run(
    args: &ReplayArgs,
    out: &mut impl Write,
    errors: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let Some(ready) = check::check(args, errors)? else {
        return Ok(ExitCode::from(EXIT_INPUT));
    };
    let mut out = BufWriter::new(out);
    let mut printer = Printer { out: &mut out, format: args.format };
    play(&ready, args.dose_at, &mut printer).await?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

async fn play(
    ready: &Ready,
    dose: Option<Duration>,
    printer: &mut Printer<'_, impl Write>,
) -> anyhow::Result<()> {
    printer.begin()?;
    let mut all = vec![Tally::default(); ready.presets.len()];
    for recording in &ready.recordings {
        for (preset, sum) in ready.presets.iter().zip(&mut all) {
            let path = &recording.path;
            let tally = match &recording.kind {
                Kind::Rows => recording::play(path, preset, dose, printer)?,
                Kind::Journal(origin) => journal::play(path, origin, preset, printer).await?,
            };
            sum.add(&tally);
        }
    }
    let side_by_side: Vec<_> = ready.presets.iter().map(|it| &**it).zip(&all).collect();
    if ready.recordings.len() > 1 {
        for (preset, tally) in &side_by_side {
            printer.summary(&Summary { file: None, preset, tally, note: Note::Nothing })?;
        }
    }
    printer.what_if(&side_by_side)?;
    Ok(())
}

fn seconds(text: &str) -> Result<Duration, String> {
    rows::seconds(text).ok_or_else(|| "must be seconds from the recording's 0 on".to_owned())
}
