//! `config/monitor.toml` and its presets → `Config`, or every error of all the files at once
//! (contract 3, safety P8, A9).
//!
//! Reads files and resolves paths against the folder of the file that names them; opens no
//! database, socket or device, and never holds the content of a secret.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::{ConfigError, ConfigErrors, Findings};
use super::preset;
use super::preset_raw::RawPreset;
use super::raw::RawConfig;
use super::site::{self, Folder};
use super::{Alarms, Config, alarms, device, mqtt, serial, structure};
use crate::domain::alarm::rule::AlarmPreset;

/// Largest file that is read: far above any clinic's, far below what could block a start.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// Most presets in a folder.
const PRESETS_MAX: usize = 64;

/// A checked configuration with all presets of its folder.
#[derive(Clone, Debug)]
pub struct Loaded {
    pub config: Config,
    /// In order of name; the one in force is `config.alarms.preset`.
    pub presets: Vec<Arc<AlarmPreset>>,
}

/// Reads and checks the configuration at `path`.
///
/// # Errors
/// All that were found in the file and in the presets of its folder.
pub fn load(path: &Path) -> Result<Config, ConfigErrors> {
    load_all(path).map(|loaded| loaded.config)
}

/// As `load`, with all presets of the folder, in force or not.
///
/// # Errors
/// As `load`.
pub fn load_all(path: &Path) -> Result<Loaded, ConfigErrors> {
    let file = path.display().to_string();
    let text = read(path, &file).map_err(|error| ConfigErrors::new(vec![error]))?;
    let mut findings = Findings::new(&file, &text);
    let raw: Option<RawConfig> = structure::read(&text, &mut findings);
    let Some(raw) = raw else { return Err(ConfigErrors::new(findings.into_errors())) };
    let folder = Folder::of(path);
    let (presets, mut preset_errors) = presets(&raw, &folder, &mut findings);
    let wanted = raw.alarms.preset.get().as_str();
    let in_force = presets.iter().find(|preset| *preset.name == *wanted);
    let site = site::site(&raw.site, &mut findings);
    let http = site::http(&raw.http, &mut findings);
    let storage = site::storage(&raw.storage, &folder, &mut findings);
    let audit = site::audit(&raw.audit, &folder, &mut findings);
    let beds = site::beds(&raw.bed, &mut findings);
    let serial = serial::resolve(&raw, &folder, &mut findings);
    let mqtt = mqtt::resolve(&raw, &folder, &mut findings);
    let devices = device::resolve(&raw, &serial, &mqtt, &mut findings);
    let escalation = alarms::escalation(&raw.alarms, &mut findings);
    let mut errors = findings.into_errors();
    errors.append(&mut preset_errors);
    match in_force {
        Some(preset) if errors.is_empty() => {
            let (preset, all) = (Arc::clone(preset), presets.clone());
            let alarms = Alarms { preset, presets: all, escalation };
            let config = Config { site, storage, audit, http, alarms, beds, serial, mqtt, devices };
            Ok(Loaded { config, presets })
        }
        Some(_) | None => Err(ConfigErrors::new(errors)),
    }
}

/// Reads and checks one preset, in whatever folder its file is, as a site at sea level has it.
///
/// # Errors
/// All that were found in the file.
pub fn load_preset(path: &Path) -> Result<AlarmPreset, ConfigErrors> {
    preset(path, 0).map_err(ConfigErrors::new)
}

/// All presets of the folder that are whole, and the errors of those that are not.
fn presets(
    raw: &RawConfig,
    folder: &Folder<'_>,
    findings: &mut Findings<'_>,
) -> (Vec<Arc<AlarmPreset>>, Vec<ConfigError>) {
    let mut presets = Vec::new();
    let mut errors = Vec::new();
    let at = &raw.alarms.presets_dir;
    let key = "alarms.presets_dir";
    let Some(dir) = folder.path(key, at, findings) else { return (presets, errors) };
    let files = match preset_files(&dir) {
        Ok(files) => files,
        Err(reason) => {
            findings.meaning(key, at.span(), reason);
            return (presets, errors);
        }
    };
    for path in &files {
        match preset(path, site::spo2_offset(&raw.site)) {
            Ok(preset) => presets.push(Arc::new(preset)),
            Err(mut found) => errors.append(&mut found),
        }
    }
    let wanted = raw.alarms.preset.get();
    let stems: Vec<_> = files.iter().filter_map(|path| path.file_stem()?.to_str()).collect();
    if !stems.contains(&wanted.as_str()) {
        let reason = format!("{wanted:?} is not a preset in presets_dir: {}", stems.join(", "));
        findings.meaning("alarms.preset", raw.alarms.preset.span(), reason);
    }
    (presets, errors)
}

fn preset_files(dir: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = std::fs::read_dir(dir).map_err(|error| format!("can't be listed: {error}"))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| format!("can't be listed: {error}"))?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
        if files.len() > PRESETS_MAX {
            return Err(format!("holds more than {PRESETS_MAX} presets"));
        }
    }
    files.sort();
    Ok(files)
}

fn preset(path: &Path, spo2_offset: i32) -> Result<AlarmPreset, Vec<ConfigError>> {
    let file = path.display().to_string();
    let text = read(path, &file).map_err(|error| vec![error])?;
    let mut findings = Findings::new(&file, &text);
    let raw: Option<RawPreset> = structure::read(&text, &mut findings);
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let preset = raw.map(|raw| preset::resolve(&raw, stem, spo2_offset, &mut findings));
    let errors = findings.into_errors();
    match preset {
        Some(preset) if errors.is_empty() => Ok(preset),
        Some(_) | None => Err(errors),
    }
}

fn read(path: &Path, file: &str) -> Result<String, ConfigError> {
    let refuse = |reason: String| {
        let (file, key) = (file.to_owned(), String::new());
        ConfigError { file, place: None, key, reason }
    };
    let bytes = std::fs::metadata(path).and_then(|about| {
        if about.len() > FILE_BYTES_MAX {
            return Err(std::io::Error::other(format!("larger than {FILE_BYTES_MAX} bytes")));
        }
        std::fs::read(path)
    });
    let bytes = bytes.map_err(|error| refuse(format!("can't be read: {error}")))?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        refuse(format!("can't be read: not UTF-8 at byte {at}"))
    })
}
