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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use clap::Parser as _;

    use super::*;
    use crate::cli::{Cli, Command};
    use crate::domain::alarm::occurrence::{SessionChange, Subject, Transition};
    use crate::domain::ids::{BedIndex, ReadingId, Seq};
    use crate::domain::input::{Input, SessionStart};
    use crate::domain::time::Stamp;
    use crate::shell::journal::{self, Batch, Durability, JournaledInput};

    const SESSION: SessionId = Uuid::from_bits(5);

    /// The shipped configuration with its data in a folder of its own.
    fn configured(folder: &Path) -> PathBuf {
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
        let text = std::fs::read_to_string(shipped.join("monitor.toml")).unwrap();
        let presets = format!("presets_dir = {:?}", shipped.join("presets"));
        let path = folder.join("config/monitor.toml");
        std::fs::create_dir(folder.join("config")).unwrap();
        std::fs::write(&path, text.replace("presets_dir = \"presets\"", &presets)).unwrap();
        path
    }

    /// A journal in which one session has started.
    async fn journaled(config: &config::Config) {
        let options = journal::Options {
            path: config.storage.path.clone(),
            key_file: config.audit.key_file.clone(),
            head_file: None,
            names: app::names(config),
            configuration: [7; 32],
            durability: Durability::CLINIC,
        };
        let (journal, _recovery, _notices) = journal::open(options).await.unwrap();
        let start = SessionStart {
            id: SESSION,
            initials: "A.B.".into(),
            drug: "ketamine".into(),
            route: "iv".into(),
            age_years: None,
            responsible: None,
        };
        let input = Input::SessionStarted { bed: BedIndex(0), start };
        let (now, first_reading) = (Stamp::default(), ReadingId(1));
        let subject = Subject::Session {
            change: SessionChange::Started,
            bed: config.beds[0].id.clone(),
            session: Some(SESSION),
            phase: None,
            note: None,
        };
        let transitions = vec![Transition { seq: Seq(1), at: now, subject }];
        let inputs = vec![JournaledInput { now, first_reading, input }];
        journal.append(Batch { ticket: 1, inputs, transitions }).expect("there is room");
        journal.close().await.unwrap();
    }

    async fn export(config: &Path, session: &str, format: &str) -> (String, String, String) {
        let config = config.display().to_string();
        let line =
            ["dosevigil", "export", "--config", &config, "--session", session, "--format", format];
        let Command::Export(args) = Cli::try_parse_from(line).unwrap().command else {
            panic!("another command");
        };
        let (mut out, mut errors) = (Vec::new(), Vec::new());
        let exit = run(&args, &mut out, &mut errors).await.unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (format!("{exit:?}"), text(out), text(errors))
    }

    #[tokio::test]
    async fn a_session_s_record_is_printed_in_each_form() {
        let folder = tempfile::tempdir().unwrap();
        let path = configured(folder.path());
        journaled(&config::load(&path).unwrap()).await;
        let begins = [
            ("html", "<!doctype html>"),
            ("csv", "time_s,signal,value,unit,quality\n"),
            ("fhir", "{\"entry\":["),
        ];
        for (format, begin) in begins {
            let (exit, out, errors) = export(&path, &SESSION.to_string(), format).await;
            assert_eq!((exit, &*errors), (format!("{:?}", ExitCode::SUCCESS), ""));
            assert!(out.starts_with(begin), "{format}: {out}");
        }
        let stranger = Uuid::from_bits(6).to_string();
        let (exit, out, errors) = export(&path, &stranger, "csv").await;
        assert_eq!((exit, &*out), (format!("{:?}", ExitCode::from(1)), ""));
        assert!(errors.contains(&format!("the journal has no session {stranger}")), "{errors}");
    }

    #[tokio::test]
    async fn without_a_journal_it_says_so_and_makes_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = configured(folder.path());
        let (exit, out, errors) = export(&path, &SESSION.to_string(), "html").await;
        assert_eq!((exit, &*out), (format!("{:?}", ExitCode::from(3)), ""));
        let data = config::load(&path).unwrap().storage.path;
        assert!(errors.contains(&data.display().to_string()), "{errors}");
        assert!(!data.exists());
    }
}
