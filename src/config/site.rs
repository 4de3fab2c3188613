//! The parts of the configuration that stand alone: site, storage, audit, HTTP, beds; and the
//! resolving of paths and references that the other parts share.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::error::Findings;
use super::raw::{RawAudit, RawBed, RawHttp, RawSite, RawStorage, RawWatch};
use super::structure::At;
use super::{Audit, BedConfig, Http, Site, Storage, Watch};
use crate::domain::ids::{BedId, BedIndex};

/// Longest label of a bed, in characters: what a tile can show.
const LABEL_CHARS_MAX: usize = 40;

/// The folder of the configuration file, which its paths are relative to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Folder<'a>(&'a Path);

impl<'a> Folder<'a> {
    pub(super) fn of(file: &'a Path) -> Self {
        Self(file.parent().unwrap_or(Path::new("")))
    }

    /// Resolves a path; the value is never repeated, for it may be a secret put in the wrong place.
    pub(super) fn path(
        &self,
        key: &str,
        at: &At<String>,
        findings: &mut Findings<'_>,
    ) -> Option<PathBuf> {
        if at.get().is_empty() || at.get().contains('\0') {
            findings.meaning(key, at.span(), "must name a file");
            return None;
        }
        Some(self.0.join(at.get()))
    }
}

pub(super) fn site(raw: &RawSite, findings: &mut Findings<'_>) -> Site {
    // The rule of a bed's name (contract 3.1); it stands in topics and reports.
    if BedId::try_new(raw.name.get()).is_err() {
        let reason =
            format!("{:?} is not a site name; must be 1 to 32 of a-z, 0-9 and -", raw.name.get());
        findings.meaning("site.name", raw.name.span(), reason);
    }
    if jiff::tz::TimeZone::get(raw.timezone.get()).is_err() {
        let reason = format!(
            "{:?} is not a time zone; must be an IANA name such as \"America/New_York\"",
            raw.timezone.get()
        );
        findings.meaning("site.timezone", raw.timezone.span(), reason);
    }
    Site {
        name: raw.name.get().as_str().into(),
        timezone: raw.timezone.get().as_str().into(),
        spo2_offset: spo2_offset(raw),
    }
}

/// Inside its bounds, which the schema holds.
pub(super) fn spo2_offset(raw: &RawSite) -> i32 {
    let offset = raw.spo2_offset.as_ref().map_or(0, |at| *at.get());
    i32::try_from(offset.clamp(-5, 0)).unwrap_or(0)
}

pub(super) fn storage(
    raw: &RawStorage,
    folder: &Folder<'_>,
    findings: &mut Findings<'_>,
) -> Storage {
    Storage { path: folder.path("storage.path", &raw.path, findings).unwrap_or_default() }
}

pub(super) fn audit(raw: &RawAudit, folder: &Folder<'_>, findings: &mut Findings<'_>) -> Audit {
    let key_file = folder.path("audit.key_file", &raw.key_file, findings).unwrap_or_default();
    let head = raw.head_file.as_ref();
    let head_file = head.and_then(|at| folder.path("audit.head_file", at, findings));
    Audit { key_file, head_file }
}

pub(super) fn http(raw: &RawHttp, findings: &mut Findings<'_>) -> Http {
    let (key, at) = ("http.listen", &raw.listen);
    let listen: Result<SocketAddr, _> = at.get().parse();
    match &listen {
        Err(_) => {
            let reason =
                format!("{:?} is not an address with a port, such as \"127.0.0.1:8080\"", at.get());
            findings.meaning(key, at.span(), reason);
        }
        Ok(listen) if !listen.ip().is_loopback() => {
            let reason = format!("{listen} is refused: loopback only until TLS");
            findings.meaning(key, at.span(), reason);
        }
        Ok(_) => {}
    }
    Http { listen: listen.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 0))) }
}

/// The beds in the file's order. A name that is none leaves its place out: the file is refused.
pub(super) fn beds(raw: &At<Vec<RawBed>>, findings: &mut Findings<'_>) -> Vec<BedConfig> {
    if raw.get().is_empty() {
        findings.meaning("bed", raw.span(), "needs at least one bed");
    }
    let mut beds: Vec<BedConfig> = Vec::new();
    for (place, bed) in raw.get().iter().enumerate() {
        let key = format!("bed[{place}].id");
        label(&format!("bed[{place}].label"), &bed.label, findings);
        let id = match BedId::try_new(bed.id.get()) {
            Ok(id) => id,
            Err(error) => {
                let reason = format!("{:?} is not a bed name; {error}", bed.id.get());
                findings.meaning(&key, bed.id.span(), reason);
                continue;
            }
        };
        if beds.iter().any(|other| other.id == id) {
            findings.meaning(
                &key,
                bed.id.span(),
                format!("the bed {:?} stands twice", bed.id.get()),
            );
        }
        let watch = match bed.watch.as_ref().map(At::get) {
            Some(RawWatch::Always) => Watch::Always,
            Some(RawWatch::Session) | None => Watch::Session,
        };
        beds.push(BedConfig { id, label: bed.label.get().as_str().into(), watch });
    }
    beds
}

fn label(key: &str, at: &At<String>, findings: &mut Findings<'_>) {
    let chars = at.get().chars().count();
    if !(1..=LABEL_CHARS_MAX).contains(&chars) || at.get().chars().any(char::is_control) {
        let reason =
            format!("must be 1 to {LABEL_CHARS_MAX} characters without control characters");
        findings.meaning(key, at.span(), reason);
    }
}

/// The place of a bed that another key names.
pub(super) fn bed_index(
    key: &str,
    at: &At<String>,
    beds: &At<Vec<RawBed>>,
    findings: &mut Findings<'_>,
) -> BedIndex {
    let found = beds.get().iter().position(|bed| bed.id.get() == at.get());
    // While a bed's own name is wrong, what names it can't be judged.
    if found.is_none() && !findings.any_under("bed") {
        let ids: Vec<&str> = beds.get().iter().map(|bed| bed.id.get().as_str()).collect();
        let reason = format!("{:?} is not a configured bed: {}", at.get(), ids.join(", "));
        findings.meaning(key, at.span(), reason);
    }
    BedIndex(found.and_then(|place| u32::try_from(place).ok()).unwrap_or(0))
}
