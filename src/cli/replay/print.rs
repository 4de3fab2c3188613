//! Transitions and summaries → lines for people, JSON lines or one CSV table (contract 2).
//!
//! No colour and no time of the clock: two runs can be compared byte by byte.

mod csv;
mod json;
mod text;

use std::io::{self, Write};

use super::Format;
use super::tally::Tally;
use crate::domain::alarm::occurrence::Transition;
use crate::domain::alarm::rule::AlarmPreset;
use crate::domain::reading::Origin;
use crate::domain::time::Stamp;

/// Where and how everything is printed.
#[derive(Debug)]
pub(super) struct Printer<'a, W> {
    pub(super) out: &'a mut W,
    pub(super) format: Format,
}

/// What is being replayed: stands in each line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Of<'a> {
    pub(super) file: &'a str,
    pub(super) preset: &'a AlarmPreset,
    /// The recording's time 0.
    pub(super) zero: Stamp,
    pub(super) beds: Beds,
    /// Whose readings these are: a patient's, or a simulated clinic's.
    pub(super) origin: Origin,
}

/// Whether lines for people name the bed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beds {
    /// There is one only, and it is ours.
    One,
    /// Those of a clinic.
    Named,
}

/// What a replay came to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Summary<'a> {
    /// `None`: all recordings together.
    pub(super) file: Option<&'a str>,
    pub(super) preset: &'a AlarmPreset,
    pub(super) tally: &'a Tally,
    pub(super) note: Note,
}

/// What has to be said beside the counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Note {
    Nothing,
    /// The recording ended before the dose.
    NoDose,
    /// A journal's own transitions, every one.
    SameAsJournal,
    /// The first transition that is not the journal's.
    DiffersFrom(u64),
}

impl<W: Write> Printer<'_, W> {
    /// What stands before everything.
    pub(super) fn begin(&mut self) -> io::Result<()> {
        match self.format {
            Format::Csv => csv::head(self.out),
            Format::Text | Format::Jsonl => Ok(()),
        }
    }

    /// What stands before a recording's transitions.
    pub(super) fn heading(&mut self, of: &Of<'_>) -> io::Result<()> {
        match self.format {
            Format::Text => text::heading(of, self.out),
            Format::Jsonl | Format::Csv => Ok(()),
        }
    }

    pub(super) fn transition(&mut self, of: &Of<'_>, it: &Transition) -> io::Result<()> {
        match self.format {
            Format::Text => text::transition(of, it, self.out),
            Format::Jsonl => json::transition(of, it, self.out),
            Format::Csv => csv::transition(of, it, self.out),
        }
    }

    pub(super) fn summary(&mut self, summary: &Summary<'_>) -> io::Result<()> {
        match self.format {
            Format::Text => text::summary(summary, self.out),
            Format::Jsonl => json::summary(summary, self.out),
            Format::Csv => csv::summary(summary, self.out),
        }
    }

    /// Presets side by side, over all recordings; in the other formats each preset's summary says
    /// the same.
    pub(super) fn what_if(&mut self, all: &[(&AlarmPreset, &Tally)]) -> io::Result<()> {
        match self.format {
            Format::Text => text::what_if(all, self.out),
            Format::Jsonl | Format::Csv => Ok(()),
        }
    }
}
