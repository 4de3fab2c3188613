//! The paths that a Rust file names, from `use` trees and from its code, resolved against the
//! module that the file is: `super::x` in `src/shell/http/beds.rs` becomes `crate::shell::http::x`.

use crate::tokens::{Token, tokens};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    /// Segments joined by `::`; begins with `crate` for our own modules, else with a crate's name,
    /// or with whatever name is in scope.
    pub(crate) path: String,
    pub(crate) line: usize,
}

impl Named {
    pub(crate) fn root(&self) -> &str {
        self.path.split("::").next().unwrap_or_default()
    }

    /// Whether this is `path` or something below it.
    pub(crate) fn is_within(&self, path: &str) -> bool {
        let rest = self.path.strip_prefix(path);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    }
}

/// The module that a file of a `src` folder is: `src/shell/http/mod.rs` is `crate::shell::http`.
pub(crate) fn module_of(file: &str) -> String {
    let inner = file.split_once("src/").map_or(file, |(_, inner)| inner);
    let inner = inner.strip_suffix(".rs").unwrap_or(inner);
    let inner = inner.strip_suffix("/mod").unwrap_or(inner);
    match inner {
        "lib" | "main" => "crate".to_owned(),
        _ => format!("crate::{}", inner.replace('/', "::")),
    }
}

/// Every path of two segments or more, and every import, in the order of the text.
pub(crate) fn named(module: &str, blanked: &str) -> Vec<Named> {
    let tokens = tokens(blanked);
    let mut reader = Reader::new(module, &tokens);
    while reader.at < tokens.len() {
        reader.item();
    }
    reader.found
}

struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
    module: Vec<String>,
    /// Inline modules we are in, each with the brace depth of its body.
    inline: Vec<(String, usize)>,
    depth: usize,
    children: Vec<&'a str>,
    found: Vec<Named>,
}

impl<'a> Reader<'a> {
    fn new(module: &str, tokens: &'a [Token]) -> Self {
        let declared = tokens.windows(3).filter(|w| w[0].text == "mod" && w[2].text == ";");
        Self {
            tokens,
            at: 0,
            module: module.split("::").map(str::to_owned).collect(),
            inline: Vec::new(),
            depth: 0,
            children: declared.map(|w| w[1].text.as_str()).collect(),
            found: Vec::new(),
        }
    }

    fn text(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |token| token.text.as_str())
    }

    fn is_word(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(Token::is_word)
    }

    fn item(&mut self) {
        match self.text(self.at) {
            "mod" if self.is_word(self.at + 1) && self.text(self.at + 2) == "{" => {
                self.depth += 1;
                self.inline.push((self.text(self.at + 1).to_owned(), self.depth));
                self.at += 3;
            }
            "{" => {
                self.depth += 1;
                self.at += 1;
            }
            "}" => {
                if self.inline.last().is_some_and(|(_, depth)| *depth == self.depth) {
                    self.inline.pop();
                }
                self.depth = self.depth.saturating_sub(1);
                self.at += 1;
            }
            "use" if self.text(self.at + 1) != "<" => {
                self.at += 1;
                self.use_tree(&[]);
            }
            _ if self.is_word(self.at) && self.starts_a_path() => self.inline_path(),
            _ => self.at += 1,
        }
    }

    /// A word after `.` is a member, one after `T::` or `>::` goes on with a path.
    fn starts_a_path(&self) -> bool {
        match self.at.checked_sub(1).map(|before| self.text(before)) {
            Some(".") => false,
            Some("::") => {
                self.at < 2 || !(self.is_word(self.at - 2) || self.text(self.at - 2) == ">")
            }
            _ => true,
        }
    }

    fn inline_path(&mut self) {
        let line = self.tokens[self.at].line;
        let mut segments = vec![self.text(self.at).to_owned()];
        self.at += 1;
        while self.text(self.at) == "::" && self.is_word(self.at + 1) {
            segments.push(self.text(self.at + 1).to_owned());
            self.at += 2;
        }
        if segments.len() > 1 {
            self.name(&segments, line);
        }
    }

    fn use_tree(&mut self, prefix: &[String]) {
        let mut segments = prefix.to_vec();
        let line = self.tokens.get(self.at).map_or(0, |token| token.line);
        while self.at < self.tokens.len() {
            match self.text(self.at) {
                "::" => self.at += 1,
                "{" => return self.use_group(&segments),
                "as" => self.at += 2,
                "," | "}" | ";" => break,
                "self" if !segments.is_empty() => self.at += 1,
                segment => {
                    segments.push(segment.to_owned());
                    self.at += 1;
                }
            }
        }
        if !segments.is_empty() {
            self.name(&segments, line);
        }
    }

    fn use_group(&mut self, prefix: &[String]) {
        self.at += 1;
        while !matches!(self.text(self.at), "}" | "") {
            if self.text(self.at) == "," {
                self.at += 1;
            } else {
                self.use_tree(prefix);
            }
        }
        self.at += 1;
    }

    fn name(&mut self, segments: &[String], line: usize) {
        let path = self.resolve(segments).join("::");
        self.found.push(Named { path, line });
    }

    fn resolve(&self, segments: &[String]) -> Vec<String> {
        let inline = self.inline.iter().map(|(name, _)| name);
        let mut here: Vec<String> = self.module.iter().chain(inline).cloned().collect();
        let mut rest = segments;
        match segments[0].as_str() {
            "dosevigil" => here.truncate(1),
            "self" | "super" => {
                while let Some(first) = rest.first() {
                    match first.as_str() {
                        "self" => {}
                        "super" => drop(here.pop()),
                        _ => break,
                    }
                    rest = &rest[1..];
                }
                return here.into_iter().chain(rest.iter().cloned()).collect();
            }
            first if self.inline.is_empty() && self.children.contains(&first) => {
                return here.into_iter().chain(rest.iter().cloned()).collect();
            }
            _ => return segments.to_vec(),
        }
        here.into_iter().chain(rest[1..].iter().cloned()).collect()
    }
}

#[test]
fn use_trees_and_inline_paths_are_resolved() {
    let text = "use std::{fs, time::{Duration as D, Instant}, fmt::{self, Write}};\n\
                use super::hub;\n\
                use crate::domain::*;\n\
                mod wire;\n\
                fn f(x: &T) -> impl Sized + use<'_> { wire::g(::tokio::spawn(x.a)); T::Out::h() }\n\
                mod tests {\n use super::super::super::app;\n}\n\
                use dosevigil::config;";
    let found = named("crate::shell::http", text);
    let paths: Vec<_> = found.iter().map(|n| (n.path.as_str(), n.line)).collect();
    let expected = [
        ("std::fs", 1),
        ("std::time::Duration", 1),
        ("std::time::Instant", 1),
        ("std::fmt", 1),
        ("std::fmt::Write", 1),
        ("crate::shell::hub", 2),
        ("crate::domain::*", 3),
        ("crate::shell::http::wire::g", 5),
        ("tokio::spawn", 5),
        ("T::Out::h", 5),
        ("crate::app", 7),
        ("crate::config", 9),
    ];
    assert_eq!(paths, expected);
}

#[test]
fn a_file_is_the_module_of_its_place() {
    assert_eq!(module_of("src/lib.rs"), "crate");
    assert_eq!(module_of("src/shell/mod.rs"), "crate::shell");
    assert_eq!(module_of("simulators/src/device/nonin.rs"), "crate::device::nonin");
}
