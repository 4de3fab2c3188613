//! The requirement matrix: each safety requirement, alarm rule and row of the alarm tables that
//! this build covers is named, as `safety:S1`, `rule:B2` or `row:13`, by at least one test (safety
//! 7, V1). A name in the code under test does not count: it has to stand in a test.

use std::collections::BTreeMap;
use std::io::Write;

use crate::source::{self, Kind, Source};

/// What the build covers so far, by kind of key. It grows with the build and never shrinks.
const REQUIRED: [(&str, &str); 4] = [
    (
        "row",
        "1 1a 1b 1c 1p 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 16a 16b 17 18 19 20 21 22 23 24 25 26 \
         27 28 29 30 31 32",
    ),
    ("rule", "B1 B2 B3 B4 B5 B6 B7 B8 B9 B10 H1 H2 H3 H4 H5 O1 O2 O3 R1 R2 SED1 T1 T2 T3 T4 T5"),
    // The lines of alarms 13, by the wire's name of their family.
    (
        "technical",
        "no-value signal-lost sensor-off same-limb cuff-failed nibp-overdue timed-reading \
         link-down invalid-data implausible frozen rate-conflict device-conflict device-clock \
         battery-low bedside-alarms no-baseline standby-overrun evaluator service-clock journal \
         nobody-watching sound-locked no-second-channel self-test config latency monitoring-gap",
    ),
    (
        "safety",
        "A1 A2 A3 A4 A5 A6 A7 A8 A9 F1 F2 F3 F4 F5 F6 F7 F8 S1 S2 S3 S4 S5 S6 S7 S8 P1 P2 P7 P8 \
         P9 X1 X2 X4 X5",
    ),
];

/// This test's own sources hold every key as text.
const OURS: &str = "tests/tidy/";

type Places = BTreeMap<String, Vec<String>>;

/// The keys that the tests of `source` name, with their places.
fn collect(source: &Source, places: &mut Places) {
    if source.kind == Kind::Other || source.is_in(&[OURS]) {
        return;
    }
    for (number, line) in source.numbered().filter(|(number, _)| source.is_test(*number)) {
        for key in keys(line) {
            places.entry(key).or_default().push(format!("{}:{number}", source.path));
        }
    }
}

fn keys(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (kind, _) in REQUIRED {
        for (at, _) in line.match_indices(&format!("{kind}:")) {
            let inside = line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            let rest = &line[at + kind.len() + 1..];
            // A family's name has dashes; a dash after another key is a dash.
            let inner = |c: char| c.is_ascii_alphanumeric() || (kind == "technical" && c == '-');
            let end = rest.find(|c: char| !inner(c)).unwrap_or(rest.len());
            if !inside && end > 0 {
                found.push(format!("{kind}:{}", &rest[..end]));
            }
        }
    }
    found
}

/// One line for each key, and the keys that no test names.
fn matrix(places: &Places) -> (Vec<String>, Vec<String>) {
    let (mut lines, mut gaps) = (Vec::new(), Vec::new());
    for (kind, numbers) in REQUIRED {
        for number in numbers.split_whitespace() {
            let key = format!("{kind}:{number}");
            let named = places.get(&key).map_or(&[][..], Vec::as_slice);
            let first = match named {
                [] => "NO TEST NAMES IT".to_owned(),
                [one] => one.clone(),
                [one, ..] => format!("{one} and {} more", named.len() - 1),
            };
            lines.push(format!("{key:<28} {:>3}  {first}", named.len()));
            if named.is_empty() {
                gaps.push(key);
            }
        }
    }
    (lines, gaps)
}

#[test]
fn every_requirement_of_this_build_is_named_by_a_test() {
    let mut places = Places::new();
    source::tree().iter().for_each(|source| collect(source, &mut places));
    let (lines, gaps) = matrix(&places);
    let (named, all) = (lines.len() - gaps.len(), lines.len());
    let table = lines.join("\n");
    // Not `println!`: the harness would keep it back from a passing run, and CI is to show it.
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "\nrequirement                  tests\n{table}\n{named} of {all} are named by a test\n"
    )
    .expect("stdout is open while the tests run");
    assert!(gaps.is_empty(), "no test names {}; instead: write one, and name it", gaps.join(" "));
}

#[test]
fn only_tests_cover_a_requirement_and_a_gap_is_found() {
    let mut places = Places::new();
    let unit = "// row:1 in code\n#[cfg(test)]\nmod tests {\n// row:1a, rule:B10; arrow:2\n}\n";
    collect(&Source::new("src/domain/a.rs", unit), &mut places);
    collect(&Source::new("tests/behaviour/a.rs", "//! safety:S1 (rule:B10)."), &mut places);
    collect(&Source::new("src/dashboard/test/a.test.ts", "// safety:F5"), &mut places);
    let found: Vec<_> = places.iter().map(|(key, at)| (key.as_str(), at.len())).collect();
    assert_eq!(found, [("row:1a", 1), ("rule:B10", 2), ("safety:F5", 1), ("safety:S1", 1)]);

    let (lines, gaps) = matrix(&places);
    assert!(gaps.contains(&"row:1".to_owned()) && gaps.contains(&"rule:B1".to_owned()));
    assert_eq!(gaps.len(), lines.len() - 4);
}
