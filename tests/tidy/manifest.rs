//! What the manifests and lock files promise: the crates that there are, no dependency of the
//! simulators on the service, both lock files in the repository, the bans that clippy holds, and
//! panics that unwind, so that one bed's can be caught.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;
use std::sync::LazyLock;

use toml::{Table, Value};

use crate::assert_none;
use crate::source::root;

const BANNED_METHODS: [&str; 6] = [
    "std::time::Instant::now",
    "std::time::SystemTime::now",
    "jiff::Timestamp::now",
    "jiff::Zoned::now",
    "tokio::time::Instant::now",
    "tokio::sync::mpsc::unbounded_channel",
];
const BANNED_TYPES: [&str; 2] = ["std::collections::HashMap", "std::collections::HashSet"];

/// Every crate that the service's code could name, as code spells it.
pub(crate) fn crates() -> &'static BTreeSet<String> {
    static CRATES: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
        let names = dependencies(&read("Cargo.toml")).into_iter().map(|(name, _)| name);
        names.map(|name| name.replace('-', "_")).collect()
    });
    &CRATES
}

fn read(path: &str) -> Table {
    let text = fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"));
    text.parse().unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// Of all kinds, those of single targets too.
fn dependencies(manifest: &Table) -> Vec<(String, Value)> {
    let kinds = ["dependencies", "dev-dependencies", "build-dependencies"];
    let table = |of: &Table, key: &str| of.get(key).and_then(Value::as_table).cloned();
    let targets = table(manifest, "target").unwrap_or_default();
    let targets = targets.iter().filter_map(|(_, target)| target.as_table().cloned());
    let places: Vec<Table> = targets.chain([manifest.clone()]).collect();
    let tables = places.iter().flat_map(|place| kinds.iter().filter_map(|kind| table(place, kind)));
    tables.flatten().collect()
}

/// Reaches the service by name, by path or under another name.
fn reaches_service(name: &str, given: &Value) -> bool {
    let key = |key: &str| given.get(key).and_then(Value::as_str).unwrap_or_default();
    name == "dosevigil" || key("package") == "dosevigil" || key("path").starts_with("..")
}

fn missing<'a>(clippy: &Table, key: &str, wanted: &[&'a str]) -> Vec<&'a str> {
    let entries = clippy.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let path = |entry: &Value| entry.get("path").unwrap_or(entry).as_str().map(str::to_owned);
    let paths: Vec<String> = entries.iter().filter_map(path).collect();
    wanted.iter().copied().filter(|path| !paths.iter().any(|p| p == path)).collect()
}

/// `None` where this is no checkout, such as an unpacked release.
fn is_tracked(path: &str) -> Option<bool> {
    root().join(".git").exists().then(|| {
        let arguments = ["-c", "safe.directory=*", "ls-files", "--error-unmatch", "--", path];
        let git = Command::new("git").current_dir(root()).args(arguments).output();
        git.expect("a checkout comes with git").status.success()
    })
}

#[test]
fn the_simulators_manifest_never_names_the_service() {
    let found: Vec<String> = dependencies(&read("simulators/Cargo.toml"))
        .iter()
        .filter(|(name, given)| reaches_service(name, given))
        .map(|(name, _)| {
            format!(
                "simulators/Cargo.toml:1: depends on `{name}`; instead: encode from the \
                     device's specification"
            )
        })
        .collect();
    assert_none(&found);
}

#[test]
fn both_lock_files_are_in_the_repository() {
    let mut locks = vec!["Cargo.lock"];
    if root().join("src/dashboard/package.json").exists() {
        locks.push("src/dashboard/package-lock.json");
    }
    for lock in locks {
        assert!(root().join(lock).is_file(), "{lock}:1: missing; instead: commit it");
        assert_ne!(is_tracked(lock), Some(false), "{lock}:1: not tracked; instead: git add it");
    }
    assert_ne!(is_tracked("target/.rustc_info.json"), Some(true), "built files stay out");
}

#[test]
fn clippy_bans_clocks_unbounded_channels_and_unordered_maps() {
    let clippy = read(".clippy.toml");
    let methods = missing(&clippy, "disallowed-methods", &BANNED_METHODS);
    let types = missing(&clippy, "disallowed-types", &BANNED_TYPES);
    let found = methods.iter().chain(&types);
    let found =
        found.map(|path| format!(".clippy.toml:1: `{path}` is not banned; instead: add it"));
    assert_none(&found.collect::<Vec<_>>());
}

#[test]
fn both_packages_take_the_workspace_lints_and_no_profile_aborts_on_panic() {
    let workspace = read("Cargo.toml");
    for path in ["Cargo.toml", "simulators/Cargo.toml"] {
        let lints =
            read(path).get("lints").and_then(|l| l.get("workspace")).and_then(Value::as_bool);
        assert_eq!(lints, Some(true), "{path}:1: no lints; instead: `[lints] workspace = true`");
    }
    let unsafe_code = workspace["workspace"]["lints"]["rust"]["unsafe_code"].as_str();
    assert_eq!(unsafe_code, Some("forbid"), "Cargo.toml:1: `unsafe_code` must be forbidden");
    let profiles = workspace.get("profile").and_then(Value::as_table).cloned().unwrap_or_default();
    for (name, profile) in &profiles {
        let aborts = profile.get("panic").and_then(Value::as_str) == Some("abort");
        assert!(!aborts, "Cargo.toml:1: profile {name} aborts; instead: unwind, a bed's is caught");
    }
}

#[test]
fn a_bad_manifest_is_found() {
    let table = |text: &str| text.parse::<Table>().expect("the snippet is TOML");
    let reaching = [
        "[dependencies]\ndosevigil = \"0.1\"",
        "[dev-dependencies]\nx = { path = \"..\" }",
        "[target.'cfg(unix)'.dependencies]\nx = { version = \"1\", package = \"dosevigil\" }",
    ];
    for text in reaching {
        let all = dependencies(&table(text));
        assert!(all.iter().any(|(name, given)| reaches_service(name, given)), "{text}");
    }
    let clippy = table("disallowed-methods = [\"a::b\", { path = \"c::d\" }]");
    assert_eq!(missing(&clippy, "disallowed-methods", &["a::b", "c::d", "e::f"]), ["e::f"]);
    assert!(crates().contains("serde_json") && crates().contains("proptest"));
}
