//! The tree's files as sources: what is ours to hold to the rules, and which lines are tests. Built
//! or fetched folders are left out, and so are the golden bytes of `tests/vectors`.

use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use crate::paths::{self, Named};
use crate::scan;
use crate::tokens::{self, Token};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Rust,
    /// TypeScript, and the JavaScript of tests and tools.
    Script,
    /// Configuration, scripts, documents, the page.
    Other,
}

pub(crate) struct Source {
    /// From the root, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) kind: Kind,
    /// Empty unless Rust.
    pub(crate) tokens: Vec<Token>,
    /// Empty unless Rust.
    pub(crate) named: Vec<Named>,
    tests: Vec<RangeInclusive<usize>>,
}

impl Source {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
        let kind = match extension {
            "rs" => Kind::Rust,
            "ts" | "mjs" | "js" => Kind::Script,
            _ => Kind::Other,
        };
        let code = if kind == Kind::Rust { scan::blank(text) } else { String::new() };
        let tokens = tokens::tokens(&code);
        Self {
            named: paths::named(&paths::module_of(path), &code),
            tests: tokens::test_lines(&tokens),
            path: path.to_owned(),
            text: text.to_owned(),
            kind,
            tokens,
        }
    }

    /// Whether the line is compiled for tests only.
    pub(crate) fn is_test(&self, line: usize) -> bool {
        let by_place = ["/tests/", "/test/", "/tests.rs"].iter().any(|p| self.path.contains(p));
        let by_name = self.path.starts_with("tests/") || self.path.contains(".test.");
        by_place || by_name || self.tests.iter().any(|range| range.contains(&line))
    }

    pub(crate) fn is_in(&self, places: &[&str]) -> bool {
        places.iter().any(|place| self.path.starts_with(place))
    }

    pub(crate) fn numbered(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(i, line)| (i + 1, line))
    }

    /// A finding, as a compiler would write it.
    pub(crate) fn finding(&self, line: usize, what: &str) -> String {
        format!("{}:{line}: {what}", self.path)
    }
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every text file of ours.
pub(crate) fn tree() -> Vec<Source> {
    const TEXTS: [&str; 13] =
        ["rs", "ts", "mjs", "js", "html", "css", "toml", "md", "conf", "yml", "json", "sql", "sh"];
    let mut files = Vec::new();
    collect(root(), &mut files);
    files.sort();
    let read = |file: &PathBuf| {
        let path = file.strip_prefix(root()).expect("the walk starts at the root");
        let path = path.to_str().expect("our names are UTF-8").replace('\\', "/");
        let extension = file.extension().and_then(|e| e.to_str()).unwrap_or_default();
        let named = path == "Makefile" || path.starts_with(".ci/");
        let wanted = (named || TEXTS.contains(&extension)) && !path.ends_with("package-lock.json");
        let text = || fs::read_to_string(file).unwrap_or_else(|e| panic!("{path}: {e}"));
        wanted.then(|| Source::new(&path, &text()))
    };
    files.iter().filter_map(read).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    const SKIPPED: [&str; 5] = [".git", "target", "node_modules", "dist", "vectors"];
    for entry in fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
        let entry = entry.unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        let skipped = SKIPPED.iter().any(|name| entry.file_name() == *name)
            || entry.path() == root().join("data");
        let kind = entry.file_type().unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        if kind.is_dir() && !skipped {
            collect(&entry.path(), files);
        } else if kind.is_file() {
            files.push(entry.path());
        }
    }
}

#[test]
fn test_code_is_told_by_its_place_and_by_its_attribute() {
    let source = |path| Source::new(path, "fn a() {}\n#[cfg(test)]\nmod tests {\n}\n");
    assert!(!source("src/a.rs").is_test(1));
    assert!(source("src/a.rs").is_test(3));
    assert!(source("tests/behaviour/a.rs").is_test(1));
    assert!(source("src/domain/device/nonin/tests.rs").is_test(1));
    assert!(source("src/dashboard/test/store.test.ts").is_test(1));
}
