//! The domain is pure: it names std, itself and thiserror, and of std nothing that does IO, reads a
//! clock or iterates in a random order. What a journal or a payload needs beyond that is allowed in
//! the file that needs it.

use crate::manifest;
use crate::paths::Named;
use crate::source::Source;
use crate::{assert_none, assert_rule, findings_in_tree};

const PLACE: &str = "src/domain/";
const RECORD: [&str; 2] = ["src/domain/record.rs", "src/domain/record/"];
const VITALS_JSON: [&str; 2] =
    ["src/domain/device/vitals_json.rs", "src/domain/device/vitals_json/"];

/// Part of std, and what takes its place.
const NOT_OF_STD: [(&str, &str); 18] = [
    ("std::fs", "the shell reads files and hands over their content"),
    ("std::io", "the shell reads; the domain takes `&[u8]`"),
    ("std::net", "sources live in `src/shell/source`"),
    ("std::os", "what depends on the host belongs to the shell"),
    ("std::env", "settings come through `config`, parsed"),
    ("std::thread", "one task of the shell owns all beds and calls `step`"),
    ("std::process", "the shell starts and ends processes"),
    ("std::time::Instant", "`domain::time::MonoTime`, handed in as `now`"),
    ("std::time::SystemTime", "`domain::time::WallTime`, handed in as `now`"),
    ("std::time::UNIX_EPOCH", "`domain::time::WallTime`, handed in as `now`"),
    ("std::collections::HashMap", "BTreeMap, or a Vec by index: iteration must not vary"),
    ("std::collections::HashSet", "BTreeSet: iteration must not vary"),
    ("std::collections::hash_map", "BTreeMap, or a Vec by index: iteration must not vary"),
    ("std::collections::hash_set", "BTreeSet: iteration must not vary"),
    ("std::hash::RandomState", "`domain::ids` shows a hash that is stable"),
    ("std::collections::*", "each name by itself, so that this test sees it"),
    ("std::time::*", "each name by itself, so that this test sees it"),
    ("std::*", "each name by itself, so that this test sees it"),
];
/// What tests of the domain may read golden bytes with.
const OF_STD_IN_TESTS: [&str; 2] = ["std::fs", "std::io"];
const CRATES_IN_TESTS: [&str; 7] =
    ["crc32fast", "insta", "jiff", "proptest", "serde", "serde_json", "simulators"];

/// Words that are no paths, and what takes their place.
const NOT_SAID: [(&str, &str); 7] = [
    ("async", "a plain function; only the shell waits"),
    ("await", "a plain function; only the shell waits"),
    ("println", "a transition, which the engine task logs"),
    ("print", "a transition, which the engine task logs"),
    ("eprintln", "a transition, which the engine task logs"),
    ("eprint", "a transition, which the engine task logs"),
    ("dbg", "a transition, which the engine task logs"),
];

fn reaches_outside(source: &Source) -> Vec<String> {
    if !source.is_in(&[PLACE]) {
        return Vec::new();
    }
    let named = source.named.iter().filter_map(|named| {
        let instead = outside(source, named)?;
        let what = format!("the domain names `{}`; instead: {instead}", named.path);
        Some(source.finding(named.line, &what))
    });
    let said = source.tokens.iter().filter_map(|token| {
        let (_, instead) = NOT_SAID.iter().find(|(word, _)| token.text == *word)?;
        let what = format!("the domain says `{}`; instead: {instead}", token.text);
        Some(source.finding(token.line, &what))
    });
    named.chain(said).collect()
}

/// What to use instead, where the domain may not name this.
fn outside(source: &Source, named: &Named) -> Option<String> {
    let in_test = source.is_test(named.line);
    if named.root() == "crate" {
        let inside = named.is_within("crate::domain");
        return (!inside).then(|| "a type of `crate::domain` that the outer part fills".to_owned());
    }
    if named.path.ends_with("::now") {
        return Some("`now`, handed in with the input".to_owned());
    }
    let spelled = named.path.replacen("core::", "std::", 1).replacen("alloc::", "std::", 1);
    let spelled = Named { path: spelled, line: named.line };
    if spelled.root() == "std" {
        let banned = NOT_OF_STD.iter().find(|(path, _)| spelled.is_within(path));
        let banned = banned.filter(|(path, _)| !(in_test && OF_STD_IN_TESTS.contains(path)));
        return banned.map(|(_, instead)| (*instead).to_owned());
    }
    let known = manifest::crates().contains(named.root());
    (known && !may_use(source, named.root(), in_test)).then(|| {
        "std; serde only in `record` and `device/vitals_json`, whose types convert".to_owned()
    })
}

fn may_use(source: &Source, name: &str, in_test: bool) -> bool {
    match name {
        "thiserror" => true,
        "serde" | "serde_json" if source.is_in(&RECORD) || source.is_in(&VITALS_JSON) => true,
        "jiff" | "crc32fast" if source.is_in(&VITALS_JSON) => true,
        _ => in_test && CRATES_IN_TESTS.contains(&name),
    }
}

#[test]
fn the_domain_reaches_no_io_clock_or_async() {
    assert_none(&findings_in_tree(reaches_outside));
}

#[test]
fn a_domain_that_reaches_outside_is_found() {
    let bed = "src/domain/bed.rs";
    let bad = [
        (bed, "//! x\nuse std::{fmt, fs};", 2),
        (bed, "use std::time::{\n    Duration,\n    Instant,\n};", 3),
        (bed, "use core::{net::IpAddr};", 1),
        (bed, "use std::collections::{BTreeMap, HashMap};", 1),
        (bed, "use std::collections::*;", 1),
        (bed, "fn f() { std::thread::yield_now() }", 1),
        (bed, "use super::super::shell::hub;", 1),
        (bed, "use crate::config::Config;", 1),
        (bed, "use tokio as t;", 1),
        (bed, "fn f() { tracing::info!(\"x\") }", 1),
        (bed, "#[derive(serde::Serialize)]\nstruct A;", 1),
        (bed, "#[cfg(test)]\nmod tests {\n use tokio::time;\n}", 3),
        (bed, "async fn f() {}", 1),
        (bed, "fn f() { g().await }", 1),
        (bed, "fn f() { println!(\"x\") }", 1),
        ("src/domain/record.rs", "use jiff::Timestamp;", 1),
        ("src/domain/device/vitals_json.rs", "fn f() { let t = Timestamp::now(); }", 1),
    ];
    let good = [
        (bed, "// use std::fs;\nuse std::time::Duration;\nuse thiserror::Error;\nuse super::ids;"),
        (bed, "const A: &str = \"tokio::spawn\";"),
        (bed, "#[cfg(test)]\nmod tests {\n use proptest::prelude::*;\n use std::fs;\n}"),
        ("src/domain/record.rs", "use serde::{Deserialize, Serialize};"),
        ("src/domain/device/vitals_json.rs", "use jiff::Timestamp;\nuse crc32fast::hash;"),
        ("src/shell/hub.rs", "use std::fs;"),
    ];
    assert_rule(reaches_outside, &bad, &good);
}
