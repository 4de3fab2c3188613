//! What the journal writes: one line of compact JSON for each input with its `now`, one for each
//! transition, and the ward's whole state, with conversions both ways (`style` 2.9, `safety` P9).
//!
//! The domain's own types are never serialised: the mirrors here are, each under a version, so a
//! type may change its shape without a journal of an earlier release becoming unreadable. Beds and
//! sources, which inputs carry as places in the configuration, are written by name: the place of a
//! bed changes with the configuration, its name does not.
//!
//! Not here: files, the hash chain, and when a checkpoint is due. A field that is usual (a good
//! reading of a patient, dated at receipt) is left out, for these lines are written per message.

mod act;
mod answer;
mod checkpoint;
mod input;
mod message;
mod screen;
#[cfg(test)]
mod tests;
mod transition;
mod visit;
mod visit_parts;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::alarm::occurrence::{Occurrence, Transition};
use super::ids::{BadName, BedId, BedIndex, ReadingId, SourceIndex};
use super::input::Input;
use super::time::{MonoTime, Stamp, WallTime};

/// The version that this release writes; it reads every version up to it.
pub const VERSION: u16 = 1;

/// The configuration's beds and sources, in the order that their indexes count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    pub beds: Vec<BedId>,
    pub sources: Vec<Arc<str>>,
}

/// `Names` turned round, for reading.
#[derive(Debug)]
pub struct Lookup<'a> {
    beds: BTreeMap<&'a str, BedIndex>,
    sources: BTreeMap<&'a str, SourceIndex>,
}

/// Why a record could not be written or read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// The bed was taken out of the configuration after the record was written.
    #[error("bed {0:?} is not in the configuration")]
    UnknownBed(Box<str>),
    /// The source was taken out of the configuration, or renamed, after the record was written.
    #[error("source {0:?} is not in the configuration")]
    UnknownSource(Box<str>),
    /// An input's bed index that `Names` does not have: inputs and names are of two configurations.
    #[error("there is no bed number {0}")]
    NoSuchBed(u32),
    /// The same of a source.
    #[error("there is no source number {0}")]
    NoSuchSource(u32),
    /// Written by a newer release.
    #[error("record version {0} is newer than {VERSION}")]
    Version(u16),
    /// The bed was taken out of the configuration while its session ran or an alarm of it was open
    /// or latched: dropping it would hide that alarm.
    #[error(
        "bed {0:?} is not in the configuration, but has a session or an alarm that is not over"
    )]
    BedInUse(Box<str>),
    /// Not a record of its version; says where, never what a patient's data was.
    #[error("not a record: {0}")]
    Malformed(Box<str>),
}

/// An input as the journal holds it: what was stepped, when, and the number of its first reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedInput {
    pub now: Stamp,
    /// The number of the input's first reading; of an input without readings, of the next one.
    pub first_reading: ReadingId,
    pub input: Input,
}

/// Writes one input with its `now` and the number of its first reading.
///
/// # Errors
/// `NoSuchBed` or `NoSuchSource` when `names` is not of the input's configuration.
pub fn write_input(
    names: &Names,
    now: Stamp,
    first_reading: ReadingId,
    input: &Input,
) -> Result<String, RecordError> {
    let body = input::InputV1::of(input, names)?;
    let line = Line { v: VERSION, t: now.into(), r: first_reading.0, i: body };
    Ok(serde_json::to_string(&line).expect("mirrors hold no map with other keys than strings"))
}

/// Reads what `write_input` wrote, of this or an earlier version.
///
/// # Errors
/// `UnknownBed` or `UnknownSource` when the name has left the configuration; `Version` or
/// `Malformed` when the text is no record that this release knows.
pub fn read_input(text: &str, lookup: &Lookup<'_>) -> Result<RecordedInput, RecordError> {
    let line: Line<input::InputV1<'_>> = parse(text)?;
    let input = line.i.into_domain(lookup)?;
    Ok(RecordedInput { now: line.t.into(), first_reading: ReadingId(line.r), input })
}

/// Writes one transition.
#[must_use]
pub fn write_transition(transition: &Transition) -> String {
    let mirror = transition::TransitionV1::of(transition);
    serde_json::to_string(&mirror).expect("mirrors hold no map with other keys than strings")
}

/// Reads what `write_transition` wrote. Names in it need no table: transitions carry bed ids.
///
/// # Errors
/// `Version` or `Malformed`.
pub fn read_transition(text: &str) -> Result<Transition, RecordError> {
    parse::<transition::TransitionV1<'_>>(text)?.into_domain()
}

/// Writes one occurrence by itself, for a checkpoint.
#[must_use]
pub fn write_occurrence(occurrence: &Occurrence) -> String {
    let mirror = transition::Versioned { v: VERSION, o: transition::OccurrenceV1::of(occurrence) };
    serde_json::to_string(&mirror).expect("mirrors hold no map with other keys than strings")
}

/// Reads what `write_occurrence` wrote.
///
/// # Errors
/// `Version` or `Malformed`.
pub fn read_occurrence(text: &str) -> Result<Occurrence, RecordError> {
    parse::<transition::Versioned<'_>>(text)?.o.into_domain()
}

impl Names {
    /// The table for reading; made once for many records.
    #[must_use]
    pub fn lookup(&self) -> Lookup<'_> {
        Lookup {
            beds: (0..).zip(&self.beds).map(|(i, bed)| (bed.as_str(), BedIndex(i))).collect(),
            sources: (0..).zip(&self.sources).map(|(i, s)| (&**s, SourceIndex(i))).collect(),
        }
    }

    fn bed(&self, index: BedIndex) -> Result<&str, RecordError> {
        let bed = usize::try_from(index.0).ok().and_then(|i| self.beds.get(i));
        bed.map(BedId::as_str).ok_or(RecordError::NoSuchBed(index.0))
    }

    fn source(&self, index: SourceIndex) -> Result<&str, RecordError> {
        let source = usize::try_from(index.0).ok().and_then(|i| self.sources.get(i));
        source.map(|name| &**name).ok_or(RecordError::NoSuchSource(index.0))
    }
}

impl Lookup<'_> {
    fn bed(&self, name: &str) -> Result<BedIndex, RecordError> {
        self.beds.get(name).copied().ok_or_else(|| RecordError::UnknownBed(name.into()))
    }

    fn source(&self, name: &str) -> Result<SourceIndex, RecordError> {
        self.sources.get(name).copied().ok_or_else(|| RecordError::UnknownSource(name.into()))
    }
}

/// The frame of an input's line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<T> {
    v: u16,
    t: StampV1,
    r: u64,
    i: T,
}

/// `[mono, wall]`, both in microseconds.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct StampV1(u64, i64);

impl From<Stamp> for StampV1 {
    fn from(stamp: Stamp) -> Self {
        Self(stamp.mono.as_micros(), stamp.wall.as_micros())
    }
}

impl From<StampV1> for Stamp {
    fn from(stamp: StampV1) -> Self {
        Self { mono: MonoTime::from_micros(stamp.0), wall: WallTime::from_micros(stamp.1) }
    }
}

/// Parses a line; the version is looked at only when the line is not one of ours, so that the
/// usual line is read once.
fn parse<'a, T: Deserialize<'a> + HasVersion>(text: &'a str) -> Result<T, RecordError> {
    #[derive(Deserialize)]
    struct Version {
        v: u16,
    }
    match serde_json::from_str::<T>(text) {
        Ok(line) if line.version() == VERSION => Ok(line),
        Ok(line) => Err(RecordError::Version(line.version())),
        Err(error) => match serde_json::from_str::<Version>(text) {
            Ok(Version { v }) if v > VERSION => Err(RecordError::Version(v)),
            Ok(Version { .. }) | Err(_) => Err(malformed_at(&error)),
        },
    }
}

trait HasVersion {
    fn version(&self) -> u16;
}

impl<T> HasVersion for Line<T> {
    fn version(&self) -> u16 {
        self.v
    }
}

/// serde_json's message may quote the text; only the place is passed on.
fn malformed_at(error: &serde_json::Error) -> RecordError {
    RecordError::Malformed(format!("{:?} at column {}", error.classify(), error.column()).into())
}

fn malformed(what: &str) -> RecordError {
    RecordError::Malformed(what.into())
}

impl From<BadName> for RecordError {
    fn from(error: BadName) -> Self {
        Self::Malformed(error.to_string().into())
    }
}

/// The member of `all` whose wire name is `name`.
fn by_name<T: Copy, const N: usize>(
    all: [T; N],
    name_of: impl Fn(T) -> &'static str,
    name: &str,
) -> Result<T, RecordError> {
    all.into_iter().find(|one| name_of(*one) == name).ok_or_else(|| malformed("unknown word"))
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}
