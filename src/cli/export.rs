//! `dosevigil export`: what the web serves of a session, from the shell (contract 2, 6). It reads
//! the journal through a connection that cannot write, so the service may run meanwhile.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, ValueEnum};

use crate::app::{self, Failure, Filing};
use crate::config;
use crate::domain::ids::{SessionId, Uuid};
use crate::shell::clock::{Clock, Speed};
use crate::shell::journal::{JournalError, Recorded, SessionRecord};
use crate::shell::lane::ExportFormat;

/// Exit codes of contract 2.
const EXIT_OTHER: u8 = 1;
const EXIT_CONFIG: u8 = 2;

/// Writes the record of a session from the journal to standard output.
#[derive(Args, Debug)]
#[command(after_help = "Example: dosevigil export --session \
                        01998f3e-0000-7000-8000-000000000000 --format html > record.html")]
pub struct ExportArgs {
    /// The session's UUID
    #[arg(long, value_name = "ID", value_parser = Uuid::parse)]
    session: SessionId,
    #[arg(long, value_enum)]
    format: Format,
    /// The configuration file.
    #[arg(long, value_name = "FILE", default_value = "config/monitor.toml")]
    #[arg(env = "DOSEVIGIL_CONFIG")]
    config: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The readings, as `replay` reads them
    Csv,
    /// A FHIR R4 bundle
    Fhir,
    /// The report, a page that prints
    Html,
}

/// # Errors
/// When the output can't be written.
pub async fn run(
    args: &ExportArgs,
    out: &mut impl Write,
    errors: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let config = match config::load(&args.config) {
        Ok(config) => config,
        Err(found) => {
            write!(errors, "{found}")?;
            return Ok(ExitCode::from(EXIT_CONFIG));
        }
    };
    let record = match record(&config, args.session).await.map_err(Failure::from) {
        Ok(record) => record,
        Err(failure) => {
            writeln!(errors, "dosevigil: {failure}")?;
            return Ok(ExitCode::from(failure.exit_code()));
        }
    };
    let filing = Filing::new(&config, Arc::new(Clock::start(Speed::REAL, None)));
    let format = match args.format {
        Format::Csv => ExportFormat::Csv,
        Format::Fhir => ExportFormat::Fhir,
        Format::Html => ExportFormat::Html,
    };
    let filed = record.and_then(|record| filing.file(args.session, &record, format));
    let Some(filed) = filed else {
        writeln!(errors, "dosevigil: the journal has no session {}", args.session)?;
        return Ok(ExitCode::from(EXIT_OTHER));
    };
    out.write_all(filed.text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

async fn record(
    config: &config::Config,
    session: SessionId,
) -> Result<Option<SessionRecord>, JournalError> {
    let mut journal = Recorded::open(&config.storage.path).await?;
    journal.session(&app::names(config), session).await
}
