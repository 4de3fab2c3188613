//! What is wrong with a configuration: each error with file, line, column, key and reason
//! (safety P8), gathered so that a person sees all of them at once.
//!
//! A reason may repeat a value only where that value can't be a secret: the callers see to it.

use std::fmt;
use std::ops::Range;

/// One error. Its `Display` is the line that `dosevigil check` prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// As the person named it, or beside the file that was named.
    pub file: String,
    /// Line and column, from 1, columns in characters; `None` when the file can't be read.
    pub place: Option<(usize, usize)>,
    /// `bed[0].id`; empty for an error of syntax.
    pub key: String,
    pub reason: String,
}

/// All errors of a configuration and its presets: never empty, in order of file and place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigErrors(Vec<ConfigError>);

impl ConfigErrors {
    pub(super) fn new(errors: Vec<ConfigError>) -> Self {
        assert!(!errors.is_empty(), "a refusal names at least one error");
        Self(errors)
    }

    #[must_use]
    pub fn all(&self) -> &[ConfigError] {
        &self.0
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some((line, column)) = self.place {
            write!(f, ":{line}:{column}")?;
        }
        if !self.key.is_empty() {
            write!(f, ": {}", self.key)?;
        }
        write!(f, ": {}", self.reason)
    }
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, error) in self.0.iter().enumerate() {
            if place > 0 {
                f.write_str("\n")?;
            }
            error.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}

/// The errors of one file while it is being read.
#[derive(Debug)]
pub(super) struct Findings<'a> {
    file: &'a str,
    text: &'a str,
    errors: Vec<ConfigError>,
}

impl<'a> Findings<'a> {
    pub(super) fn new(file: &'a str, text: &'a str) -> Self {
        Self { file, text, errors: Vec::new() }
    }

    /// An error of form: syntax, unknown or missing key, wrong type, out of bounds.
    pub(super) fn form(&mut self, key: &str, at: Range<usize>, reason: impl Into<String>) {
        self.errors.push(ConfigError {
            file: self.file.to_owned(),
            place: Some(self.place(at.start)),
            key: key.to_owned(),
            reason: reason.into(),
        });
    }

    /// An error of meaning. Where something at, below or above `key` is already wrong, that error
    /// stands for it: what meaning makes of a repaired value would only mislead.
    pub(super) fn meaning(&mut self, key: &str, at: Range<usize>, reason: impl Into<String>) {
        let above = self.errors.iter().any(|error| is_at_or_under(key, &error.key));
        if !above && !self.any_under(key) {
            self.form(key, at, reason);
        }
    }

    /// Whether an error was found at `key` or below it.
    pub(super) fn any_under(&self, key: &str) -> bool {
        self.errors.iter().any(|error| is_at_or_under(&error.key, key))
    }

    /// In order of place; errors at one place keep the order in which they were found.
    pub(super) fn into_errors(mut self) -> Vec<ConfigError> {
        self.errors.sort_by_key(|error| error.place);
        self.errors
    }

    fn place(&self, offset: usize) -> (usize, usize) {
        let mut end = offset.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &self.text[..end];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        (line, before[line_start..].chars().count() + 1)
    }
}

/// Whether `key` is `above` or lies below it; nothing lies below an empty key.
fn is_at_or_under(key: &str, above: &str) -> bool {
    let rest = key.strip_prefix(above);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines and columns are counted as an editor does: from 1, in characters.
    #[test]
    fn a_place_is_counted_as_an_editor_counts() {
        let findings = Findings::new("f", "äb\ncd\n");
        for (offset, place) in [(0, (1, 1)), (2, (1, 2)), (1, (1, 1)), (4, (2, 1)), (99, (3, 1))] {
            assert_eq!(findings.place(offset), place, "{offset}");
        }
    }

    #[test]
    fn an_error_of_form_speaks_for_what_is_above_and_below_it_but_not_for_its_neighbours() {
        let mut findings = Findings::new("f", "");
        findings.form("bed[0].id", 0..0, "missing");
        findings.meaning("bed[0].id", 0..0, "not a name");
        findings.meaning("bed[0]", 0..0, "no source");
        findings.meaning("bed[0].id.x", 0..0, "below");
        findings.meaning("bed[0].i", 0..0, "kept");
        findings.meaning("bed[1].id", 0..0, "kept");
        assert_eq!(findings.into_errors().len(), 3);
    }
}
