//! main -> app -> { config, shell } -> domain, and crates kept to the one part that they are for.
//! The domain's own, stricter rule is in `domain`.

use crate::paths::{Named, module_of};
use crate::source::{Kind, Source};
use crate::{assert_none, assert_rule, findings_in_tree};

/// A module, the modules that it may not name, and what to do instead.
const LAYERS: [(&str, &[&str], &str); 4] = [
    (
        "crate::config",
        &["crate::shell", "crate::app", "crate::demo", "crate::cli"],
        "config is resolved once; `app` builds the shell from it",
    ),
    (
        "crate::shell",
        &["crate::app", "crate::demo", "crate::cli"],
        "a channel type of `shell`, wired in `app`",
    ),
    ("crate::app", &["crate::demo", "crate::cli"], "`demo` and `cli` call `app::run`"),
    ("crate::demo", &["crate::cli"], "`cli` parses the arguments and hands them over"),
];

/// Parts of the shell that every other may name; `lane` holds the channel types.
const SHARED: [&str; 4] = ["clock", "lane", "supervisor", "telemetry"];
/// The straight line: who hands to whom, besides the channel types of `shell` itself.
const LINE: [(&str, &[&str]); 3] = [
    ("engine", &["journal", "hub"]),
    ("http", &["hub", "identity"]),
    ("self_test", &["hub"]), // it is a subscriber like a browser
];

/// A crate, and the only places that may name it outside tests.
const HOMES: [(&str, &[&str]); 9] = [
    ("rumqttc", &["src/shell/source/"]),
    ("tokio_serial", &["src/shell/source/"]),
    ("sqlx", &["src/shell/journal", "src/shell/identity"]),
    ("argon2", &["src/shell/identity"]),
    ("axum", &["src/shell/http", "src/app"]),
    ("rust_embed", &["src/shell/http"]),
    ("rumqttd", &["src/demo"]),
    ("simulators", &["src/demo"]),
    ("anyhow", &["src/main.rs", "src/app", "src/demo", "src/cli"]),
];

fn against_the_direction(source: &Source) -> Vec<String> {
    if source.kind != Kind::Rust || !source.is_in(&["src/"]) {
        return Vec::new();
    }
    let module = module_of(&source.path);
    let outside_tests = source.named.iter().filter(|named| !source.is_test(named.line));
    let found = outside_tests.filter_map(|named| {
        let wrong = layer(&module, named)
            .or_else(|| neighbour(&module, named))
            .or_else(|| away_from_home(source, named))?;
        Some(source.finding(named.line, &format!("{module} names `{}`; {wrong}", named.path)))
    });
    found.collect()
}

fn layer(module: &str, named: &Named) -> Option<String> {
    let here = Named { path: module.to_owned(), line: 0 };
    let (.., instead) = LAYERS.iter().find(|(layer, above, _)| {
        here.is_within(layer) && above.iter().any(|above| named.is_within(above))
    })?;
    Some(format!("instead: {instead}"))
}

/// One adapter that names another. What `shell` itself holds is for all: its types begin with a
/// capital, its parts do not.
fn neighbour(module: &str, named: &Named) -> Option<String> {
    let part = |path: &str| {
        let rest = path.strip_prefix("crate::shell::")?;
        Some(rest.split("::").next().unwrap_or_default().to_owned())
    };
    let here = if module == "crate::shell" { String::new() } else { part(module)? };
    let there = part(&named.path).filter(|part| !part.starts_with(char::is_uppercase))?;
    let next = LINE.iter().any(|(from, to)| *from == here && to.contains(&there.as_str()));
    let free = there == here || next || SHARED.contains(&there.as_str());
    (!free).then(|| {
        "adapters never name each other; instead: a channel type in `src/shell/lane.rs`, wired in \
         `src/app.rs`"
            .to_owned()
    })
}

fn away_from_home(source: &Source, named: &Named) -> Option<String> {
    let (name, homes) = HOMES.iter().find(|(name, _)| named.root() == *name)?;
    (!source.is_in(homes)).then(|| format!("`{name}` is only for {}", homes.join(", ")))
}

/// Simulators write from the specifications of the devices; sharing our reading of them would hide
/// our mistakes.
fn simulators_reach_us(source: &Source) -> Vec<String> {
    if source.kind != Kind::Rust || !source.is_in(&["simulators/"]) {
        return Vec::new();
    }
    let ours = source.tokens.iter().filter(|t| t.text == "dosevigil").map(|t| t.line);
    let by_path = source.tokens.windows(3);
    let by_path = by_path.filter(|w| w[0].text == "#" && w[2].text == "path").map(|w| w[0].line);
    let instead = "simulators never use dosevigil; instead: encode from the device's specification";
    ours.chain(by_path).map(|line| source.finding(line, instead)).collect()
}

#[test]
fn modules_depend_in_one_direction_and_adapters_never_on_each_other() {
    assert_none(&findings_in_tree(against_the_direction));
}

#[test]
fn simulators_never_depend_on_the_service() {
    assert_none(&findings_in_tree(simulators_reach_us));
}

#[test]
fn a_dependency_against_the_direction_is_found() {
    let bad = [
        ("src/config/mod.rs", "use crate::shell::clock::Clock;", 1),
        ("src/shell/source/serial.rs", "use crate::shell::journal::Journal;", 1),
        ("src/shell/source/mod.rs", "use super::{clock, hub};", 1),
        ("src/shell/source/mod.rs", "use super::*;", 1),
        ("src/shell/http/alarms.rs", "fn f(x: crate::shell::source::Link) {}", 1),
        ("src/shell/journal/mod.rs", "\nuse super::super::shell::hub::Hub;", 2),
        ("src/shell/hub.rs", "use crate::app::run;", 1),
        ("src/shell/mod.rs", "use self::journal::Journal;", 1),
        ("src/app.rs", "use crate::demo;", 1),
        ("src/shell/http/mod.rs", "use sqlx::SqlitePool;", 1),
        ("src/shell/hub.rs", "fn f() -> anyhow::Result<()> { Ok(()) }", 1),
    ];
    let good = [
        ("src/app.rs", "use crate::shell::{http, journal, source};\nuse anyhow::Context;"),
        (
            "src/shell/source/serial.rs",
            "use crate::shell::{Intake, clock::Clock, lane::A};\nuse super::b;",
        ),
        ("src/shell/http/stream.rs", "use crate::shell::hub::Hub;\nuse super::wire::Bed;"),
        ("src/shell/journal/mod.rs", "// crate::shell::hub\nuse sqlx::SqlitePool;"),
        ("src/shell/hub.rs", "#[cfg(test)]\nmod tests {\n use crate::shell::journal;\n}"),
    ];
    assert_rule(against_the_direction, &bad, &good);
}

#[test]
fn a_simulator_that_uses_the_service_is_found() {
    let bad = [
        ("simulators/src/lib.rs", "//! x\nuse dosevigil::domain;", 2),
        ("simulators/tests/a.rs", "#[path = \"../../src/domain/mod.rs\"]\nmod domain;", 1),
    ];
    let good = [("simulators/src/lib.rs", "//! Never uses dosevigil.\nuse serde::Deserialize;")];
    assert_rule(simulators_reach_us, &bad, &good);
}
