//! The lines of a recording → readings with their time (contract 2, `replay`).
//!
//! `time_s,signal,value,unit[,quality]`, one value a line, in order of time. Decimals are rounded
//! as every decoder does (`vitals-json` 1) and checked against the plausible bands (1.1); a value
//! outside its band is a reading without value, not an error. What is no reading at all is told
//! with its line and with what would be right; nothing is guessed at.
//!
//! Lines are read one by one: a recording of a day takes no more memory than one of a minute.

use std::io::{BufRead, Read as _};
use std::time::Duration;

use crate::domain::metric::Metric;
use crate::domain::reading::{Absent, Reading, Validity, plausible_decimal};
use crate::domain::recording::{HEADER, source_of, unit_of};

/// Longer than any line of a recording.
const LINE_BYTES_MAX: u64 = 1024;
/// Ten years: far beyond any recording, far below what would overflow a time.
const SECONDS_MAX: f64 = 315_576_000.0;

/// One value of a recording.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Row {
    /// Since the recording's time 0, to the microsecond.
    pub(super) at: Duration,
    pub(super) reading: Reading,
}

/// What is wrong with one line, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BadLine {
    /// From 1; the header is line 1.
    pub(super) line: u64,
    pub(super) what: String,
}

/// Reads rows; each item is a line's row or everything that is wrong with the line.
#[derive(Debug)]
pub(super) struct Rows<R> {
    source: R,
    line: u64,
    /// Fields of each line; `None`: the header is to come.
    fields: Option<usize>,
    /// Time and line of the newest row.
    newest: Option<(Duration, u64)>,
    ended: bool,
}

impl<R: BufRead> Rows<R> {
    pub(super) const fn new(source: R) -> Self {
        Self { source, line: 0, fields: None, newest: None, ended: false }
    }

    /// The next line that is not blank, without its end; `None` at the end of the recording.
    fn line(&mut self) -> Result<Option<String>, String> {
        loop {
            let mut bytes = Vec::new();
            let mut part = self.source.by_ref().take(LINE_BYTES_MAX);
            let read = part.read_until(b'\n', &mut bytes);
            let read = read.map_err(|error| {
                self.ended = true;
                format!("can't be read: {error}")
            })?;
            if read == 0 {
                return Ok(None);
            }
            self.line += 1;
            if bytes.len() as u64 == LINE_BYTES_MAX && !bytes.ends_with(b"\n") {
                self.ended = true;
                return Err(format!(
                    "is longer than {LINE_BYTES_MAX} bytes: not a recording as CSV"
                ));
            }
            let text = String::from_utf8(bytes);
            let text = text.map_err(|_| "is not UTF-8; must be plain text".to_owned())?;
            let text = text.trim_start_matches('\u{feff}').trim();
            if !text.is_empty() {
                return Ok(Some(text.to_owned()));
            }
        }
    }

    fn row(&mut self, text: &str, fields: usize) -> Result<Row, Vec<String>> {
        let parts: Vec<&str> = text.split(',').map(str::trim).collect();
        if parts.len() != fields {
            let count = parts.len();
            return Err(vec![format!("has {count} fields; must have {fields}, as the header has")]);
        }
        let quality = Quality::of(parts.get(4).copied().unwrap_or_default());
        let at = time(parts[0], self.newest);
        let reading = metric(parts[1]).and_then(|metric| {
            let reading = value(parts[2], metric, quality);
            match (reading, unit(parts[3], metric)) {
                (Ok(reading), Ok(())) => Ok(reading),
                (reading, unit) => {
                    let wrong = reading.err().into_iter().chain(unit.err());
                    Err(wrong.collect::<Vec<_>>().join("; "))
                }
            }
        });
        match (at, reading) {
            (Ok(at), Ok(reading)) => {
                self.newest = Some((at, self.line));
                Ok(Row { at, reading })
            }
            (at, reading) => Err(at.err().into_iter().chain(reading.err()).collect()),
        }
    }
}

impl<R: BufRead> Iterator for Rows<R> {
    type Item = Result<Row, BadLine>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            let text = match self.line() {
                Ok(Some(text)) => text,
                Ok(None) => break,
                Err(what) => return Some(Err(BadLine { line: self.line, what })),
            };
            let Some(fields) = self.fields else {
                match header(&text) {
                    Ok(fields) => self.fields = Some(fields),
                    Err(what) => {
                        // Without its columns no line can be judged.
                        self.ended = true;
                        return Some(Err(BadLine { line: self.line, what }));
                    }
                }
                continue;
            };
            let row = self.row(&text, fields);
            let line = self.line;
            return Some(row.map_err(|what| BadLine { line, what: what.join("; ") }));
        }
        if !self.ended && self.newest.is_none() && self.fields.is_none() {
            self.ended = true;
            let what = format!("is empty; must begin with {HEADER}[,quality]");
            return Some(Err(BadLine { line: 1, what }));
        }
        None
    }
}

/// What the recording says of a value (contract 2); any other word is somebody's annotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quality {
    Good,
    Questionable,
    Invalid,
    Stale,
}

impl Quality {
    fn of(word: &str) -> Self {
        match word {
            "questionable" => Self::Questionable,
            "invalid" => Self::Invalid,
            "stale" => Self::Stale,
            _ => Self::Good,
        }
    }
}

/// How many fields the lines have.
fn header(text: &str) -> Result<usize, String> {
    let names: Vec<&str> = text.split(',').map(str::trim).collect();
    let known: Vec<&str> = HEADER.split(',').chain(["quality"]).collect();
    if names == known || names == known[..4] {
        Ok(names.len())
    } else {
        Err(format!("is not the header; must be {HEADER}[,quality]"))
    }
}

/// A time of a recording, rounded to the microseconds that a `Stamp` is made of.
pub(super) fn seconds(text: &str) -> Option<Duration> {
    let seconds: f64 = text.parse().ok()?;
    let span = (0.0..=SECONDS_MAX).contains(&seconds).then(|| Duration::from_secs_f64(seconds))?;
    u64::try_from((span.as_nanos() + 500) / 1000).ok().map(Duration::from_micros)
}

fn time(text: &str, newest: Option<(Duration, u64)>) -> Result<Duration, String> {
    let at = seconds(text).ok_or_else(|| {
        format!("time_s {text:?} is not a time; must be seconds from 0 to {SECONDS_MAX:.0}")
    })?;
    match newest {
        Some((before, line)) if at < before => Err(format!(
            "time_s {text} lies before {} of line {line}; lines must be in order of time",
            before.as_secs_f64()
        )),
        Some(_) | None => Ok(at),
    }
}

fn metric(name: &str) -> Result<Metric, String> {
    // A person's score is entered in a session; no recording of devices has it.
    let measured = Metric::by_name(name).filter(|metric| *metric != Metric::Moaas);
    measured.ok_or_else(|| {
        let known = Metric::ALL.into_iter().filter(|metric| *metric != Metric::Moaas);
        let known = known.map(|metric| metric.info().name).collect::<Vec<_>>().join(", ");
        format!("signal {name:?} is not a metric; must be one of {known}")
    })
}

fn unit(text: &str, metric: Metric) -> Result<(), String> {
    let right = unit_of(metric);
    if text == right {
        return Ok(());
    }
    let name = metric.info().name;
    Err(format!("unit {text:?} is not that of {name}; must be {right}"))
}

fn value(text: &str, metric: Metric, quality: Quality) -> Result<Reading, String> {
    let figure: Option<f64> = text.parse().ok().filter(|figure: &f64| figure.is_finite());
    let said = match (quality, figure) {
        (Quality::Invalid, _) if text.is_empty() || figure.is_some() => Err(Absent::Invalid),
        (Quality::Stale, _) if text.is_empty() || figure.is_some() => Err(Absent::Stale),
        (Quality::Good | Quality::Questionable, Some(figure)) => plausible_decimal(metric, figure),
        (Quality::Good | Quality::Questionable, None) | (Quality::Invalid | Quality::Stale, _) => {
            return Err(format!(
                "value {text:?} is not a number; must be one such as 128 or 96.5, or empty where \
                 the quality is invalid or stale"
            ));
        }
    };
    let validity = match quality {
        Quality::Questionable => Validity::Questionable,
        Quality::Good | Quality::Invalid | Quality::Stale => Validity::Good,
    };
    Ok(Reading { validity, ..Reading::new(metric, said, source_of(metric)) })
}
