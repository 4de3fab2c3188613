//! The house rules as ordinary tests: each reads the sources, and each failure names file, line and
//! what to use instead. The rules that clippy can hold are in `.clippy.toml` and in the lints of
//! `Cargo.toml`; here are the ones that it cannot.
//!
//! A rule is a function from one source to its findings, so that it is tried on bad snippets as
//! well as on the tree. Nothing is parsed fully: `scan` blanks comments and literals, `paths`
//! resolves what a file imports. Macros that build paths from pieces would go unseen.

mod direction;
mod domain;
mod manifest;
mod matrix;
mod paths;
mod scan;
mod size;
mod source;
mod tokens;
mod words;

use source::Source;

/// Fails with every finding, one a line.
fn assert_none(findings: &[String]) {
    assert!(findings.is_empty(), "{} found:\n{}\n", findings.len(), findings.join("\n"));
}

/// What `rule` finds in the whole tree.
fn findings_in_tree(rule: fn(&Source) -> Vec<String>) -> Vec<String> {
    let tree = source::tree();
    assert!(tree.len() > 10, "the walk found only {} sources", tree.len());
    tree.iter().flat_map(rule).collect()
}

/// Asserts that `rule` finds something in each of the bad snippets, at the given line, and nothing
/// in the good ones.
fn assert_rule(
    rule: fn(&Source) -> Vec<String>,
    bad: &[(&str, &str, usize)],
    good: &[(&str, &str)],
) {
    for (path, text, line) in bad {
        let found = rule(&Source::new(path, text));
        let place = format!("{path}:{line}: ");
        assert!(found.iter().any(|f| f.starts_with(&place)), "{place}{text:?} gave {found:?}");
    }
    for (path, text) in good {
        let found = rule(&Source::new(path, text));
        assert!(found.is_empty(), "{text:?} gave {found:?}");
    }
}
