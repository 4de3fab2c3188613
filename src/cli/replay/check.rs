//! What a replay is asked for → recordings and presets that can be used, or every reason why not,
//! each told in a line of its own.
//!
//! A recording is read through once to be checked before anything is played, so that a bad line at
//! its end is told before a table that would miss it.

use std::fs::File;
use std::io::{self, BufReader, Read as _, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::ReplayArgs;
use super::rows::Rows;
use crate::config::{self, Config, Loaded};
use crate::domain::alarm::rule::AlarmPreset;

/// What every SQLite database begins with (sqlite.org/fileformat2.html).
const DATABASE: &[u8; 16] = b"SQLite format 3\0";

/// What can be played.
#[derive(Debug)]
pub(super) struct Ready {
    pub(super) recordings: Vec<Recording>,
    /// At least one.
    pub(super) presets: Vec<Arc<AlarmPreset>>,
}

#[derive(Debug)]
pub(super) struct Recording {
    pub(super) path: PathBuf,
    pub(super) kind: Kind,
}

#[derive(Debug)]
pub(super) enum Kind {
    /// A CSV.
    Rows,
    /// A journal of the service, and what it was written under.
    Journal(Origin),
}

/// Where a journal comes from.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    pub(super) config: Arc<Config>,
    /// Whether it is played under the limits that it was written under, as far as we know.
    pub(super) limits: LimitsOf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LimitsOf {
    /// The configuration's: its own transitions must come out.
    TheJournal,
    /// A preset that was asked for: others may.
    AnotherPreset,
}

/// Everything that was asked for, or `None` when something can't be used: then `errors` says what.
///
/// # Errors
/// When `errors` can't be written.
pub(super) fn check(args: &ReplayArgs, errors: &mut impl Write) -> io::Result<Option<Ready>> {
    let mut whole = true;
    let mut kinds = Vec::new();
    for path in &args.files {
        match is_database(path) {
            Ok(is_database) => kinds.push((path, is_database)),
            Err(error) => {
                whole = false;
                writeln!(errors, "{}: can't be read: {error}", path.display())?;
            }
        }
    }
    let needs_config = kinds.iter().any(|(_, is_database)| *is_database)
        || args.presets.is_empty()
        || args.presets.iter().any(|name| !is_path(name));
    let loaded = match needs_config.then(|| config::load_all(&args.config)).transpose() {
        Ok(loaded) => loaded,
        Err(found) => {
            writeln!(errors, "{found}")?;
            return Ok(None);
        }
    };
    let presets = presets(args, loaded.as_ref(), errors)?;
    for (path, _) in kinds.iter().filter(|(_, is_database)| !is_database) {
        whole &= check_rows(path, errors)?;
    }
    let limits =
        if args.presets.is_empty() { LimitsOf::TheJournal } else { LimitsOf::AnotherPreset };
    let config = loaded.map(|loaded| Arc::new(loaded.config));
    let recordings = kinds.into_iter().map(|(path, is_database)| Recording {
        path: path.clone(),
        kind: match &config {
            Some(config) if is_database => {
                Kind::Journal(Origin { config: Arc::clone(config), limits })
            }
            Some(_) | None => Kind::Rows,
        },
    });
    let recordings = recordings.collect();
    Ok(presets.filter(|_| whole).map(|presets| Ready { recordings, presets }))
}

fn is_database(path: &Path) -> io::Result<bool> {
    let mut begin = Vec::new();
    File::open(path)?.take(DATABASE.len() as u64).read_to_end(&mut begin)?;
    Ok(begin == DATABASE)
}

/// A preset that is named by its file.
fn is_path(name: &str) -> bool {
    name.contains('/') || Path::new(name).extension().is_some_and(|end| end == "toml")
}

fn presets(
    args: &ReplayArgs,
    loaded: Option<&Loaded>,
    errors: &mut impl Write,
) -> io::Result<Option<Vec<Arc<AlarmPreset>>>> {
    if let Some(loaded) = loaded.filter(|_| args.presets.is_empty()) {
        return Ok(Some(vec![Arc::clone(&loaded.config.alarms.preset)]));
    }
    let mut found = Vec::new();
    for name in &args.presets {
        let all = loaded.map_or(&[][..], |loaded| &loaded.presets);
        if is_path(name) {
            match config::load_preset(Path::new(name)) {
                Ok(preset) => found.push(Arc::new(preset)),
                Err(wrong) => writeln!(errors, "{wrong}")?,
            }
        } else if let Some(preset) = all.iter().find(|preset| *preset.name == **name) {
            found.push(Arc::clone(preset));
        } else {
            let known: Vec<&str> = all.iter().map(|preset| &*preset.name).collect();
            let known = known.join(", ");
            writeln!(
                errors,
                "--preset {name:?} is not a preset; must be one of {known}, or a file"
            )?;
        }
    }
    Ok(Some(found).filter(|found| found.len() == args.presets.len()))
}

/// Tells every bad line of a CSV; whether there is none.
fn check_rows(path: &Path, errors: &mut impl Write) -> io::Result<bool> {
    let (mut good, mut bad) = (0_u64, 0_u64);
    for row in Rows::new(BufReader::new(File::open(path)?)) {
        match row {
            Ok(_) => good += 1,
            Err(line) => {
                bad += 1;
                writeln!(errors, "{}:{}: {}", path.display(), line.line, line.what)?;
            }
        }
    }
    if good == 0 && bad == 0 {
        writeln!(errors, "{}: has no reading below its header", path.display())?;
    }
    Ok(good > 0 && bad == 0)
}
