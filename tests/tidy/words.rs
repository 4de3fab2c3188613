//! Words that must not be left in: notes to ourselves, ways around a lint, lanes without a bound,
//! paths of one machine, and another word for alarm.

use crate::source::{Kind, Source};
use crate::{assert_none, assert_rule, findings_in_tree};

/// Where the clock may be read, besides tests.
const CLOCKS: [&str; 2] = ["src/shell/clock.rs", "simulators/src/clock.rs"];

/// Spelled in halves, so that this file passes its own rule.
const NOTES: [&str; 3] = [concat!("FIX", "ME"), concat!("TO", "DO"), concat!("XX", "X")];
const MACHINE: [&str; 3] = [concat!("/wo", "rk/"), concat!("/ho", "me/"), concat!("/ro", "ot/")];

fn left_over(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in source.numbered() {
        let words = || line.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        for note in words().filter(|word| NOTES.contains(word)) {
            let what = format!("`{note}` left over; instead: do it, or say why it is not needed");
            found.push(source.finding(number, &what));
        }
        for path in MACHINE.iter().filter(|path| line.contains(**path)) {
            let what = format!("`{path}` is one machine's; instead: a path from the root");
            found.push(source.finding(number, &what));
        }
    }
    found
}

fn way_around(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    for (i, token) in source.tokens.iter().enumerate() {
        let text = |offset: usize| source.tokens.get(i + offset).map_or("", |t| t.text.as_str());
        let before = i.checked_sub(1).map_or("", |i| source.tokens[i].text.as_str());
        let instead = match (token.text.as_str(), text(1)) {
            ("dbg" | "todo" | "unimplemented", "!") => "the code, or an enum that cannot hold it",
            ("ignore", _) if before == "[" => "a test that runs, or none",
            ("unsafe", _) => "a safe crate; `unsafe_code` is forbidden",
            ("unbounded_channel" | "UnboundedSender" | "UnboundedReceiver", _)
            | ("unbounded", "(" | "::") => {
                "a bounded channel, its capacity in the table of `src/app.rs`"
            }
            ("allow", "(") if text(4).starts_with("disallowed_") => {
                "`#[expect(…, reason = …)]` in the clock, else time and maps as `.clippy.toml` says"
            }
            ("expect", "(")
                if text(4).starts_with("disallowed_")
                    && !source.is_in(&CLOCKS)
                    && !source.is_test(token.line) =>
            {
                "a `Stamp` or an `Instant` handed in from `shell::clock`"
            }
            _ => continue,
        };
        let what = format!("`{}` is not used here; instead: {instead}", token.text);
        found.push(source.finding(token.line, &what));
    }
    found.extend(std_channels(source));
    found
}

/// `std::sync::mpsc::channel` has no bound; it is mostly reached through `use std::sync::mpsc`.
fn std_channels(source: &Source) -> Vec<String> {
    let imported = source.named.iter().any(|named| named.path == "std::sync::mpsc");
    let channels = source.named.iter().filter(|named| {
        named.path == "std::sync::mpsc::channel" || imported && named.path == "mpsc::channel"
    });
    let instead = "std's `channel` has no bound; instead: `sync_channel(capacity)`";
    channels.map(|named| source.finding(named.line, instead)).collect()
}

/// One word per thing. ARIA has the other word as a role, and MOAA/S has it in its name.
fn other_word_for_alarm(source: &Source) -> Vec<String> {
    if !source.is_in(&["src/", "simulators/"]) {
        return Vec::new();
    }
    let word = concat!("al", "ert");
    let mut found = Vec::new();
    for (number, line) in source.numbered() {
        let mut said = line.to_lowercase();
        for free in [format!("{word}ness"), format!("{word}dialog"), format!("{word}-region")] {
            said = said.replace(&free, "");
        }
        let role = said.contains("role");
        for quoted in [format!("\"{word}\""), format!("'{word}'"), format!("={word}]")] {
            said = if role { said.replace(&quoted, "") } else { said };
        }
        if said.contains(word) {
            let what = format!("`{word}`; instead: alarm, the word of IEC 60601-1-8");
            found.push(source.finding(number, &what));
        }
    }
    found
}

#[test]
fn no_note_to_ourselves_and_no_path_of_one_machine_is_left() {
    assert_none(&findings_in_tree(left_over));
}

#[test]
fn no_way_around_a_lint_and_no_lane_without_a_bound() {
    assert_none(&findings_in_tree(way_around));
}

#[test]
fn an_alarm_is_called_alarm() {
    assert_none(&findings_in_tree(other_word_for_alarm));
}

#[test]
fn notes_and_machine_paths_are_found_in_code_and_in_comments() {
    let note = format!("//! x\n// {}: later", NOTES[1]);
    let path = format!("a = \"{}dosevigil\"", MACHINE[0]);
    let bad = [("src/a.rs", note.as_str(), 2), ("config/monitor.toml", path.as_str(), 1)];
    assert_rule(left_over, &bad, &[("src/a.rs", "// mastodon, network/x")]);
    let kinds = [Kind::Rust, Kind::Other];
    assert_eq!(bad.map(|(path, text, _)| Source::new(path, text).kind), kinds);
}

#[test]
fn ways_around_a_lint_are_found() {
    let expect = "#[expect(clippy::disallowed_methods, reason = \"x\")]\nfn f() {}";
    let bad = [
        ("src/a.rs", "fn f() { dbg!(1); }", 1),
        ("tests/a.rs", "fn f() { todo!() }", 1),
        ("tests/a.rs", "#[test]\n#[ignore = \"slow\"]\nfn f() {}", 2),
        ("src/a.rs", "unsafe fn f() {}", 1),
        ("src/a.rs", "use tokio::sync::mpsc::unbounded_channel;", 1),
        ("src/a.rs", "use std::sync::mpsc;\nfn f() { mpsc::channel::<u8>(); }", 2),
        ("src/a.rs", "use std::sync::mpsc::channel;", 1),
        ("src/shell/hub.rs", expect, 1),
        ("tests/a.rs", "#![allow(clippy::disallowed_types)]", 1),
    ];
    let good = [
        ("src/a.rs", "// unsafe, dbg!\nfn f() -> &'static str { \"todo!()\" }"),
        ("src/a.rs", "use tokio::sync::mpsc;\nfn f() { mpsc::channel::<u8>(4); }"),
        ("src/shell/clock.rs", expect),
        ("tests/benches/pipeline.rs", expect),
    ];
    assert_rule(way_around, &bad, &good);
}

#[test]
fn the_other_word_for_alarm_is_found_and_the_role_is_not() {
    let word = concat!("al", "ert");
    let (code, call) = (format!("fn raise_{word}() {{}}"), format!("window.{word}(1)"));
    let role = format!("<div role=\"{word}\" id=\"{word}-region\">");
    let scale = format!("// Observer's Assessment of {word}ness");
    let bad = [("src/a.rs", code.as_str(), 1), ("src/dashboard/a.ts", call.as_str(), 1)];
    let good = [("src/dashboard/index.html", role.as_str()), ("src/a.rs", scale.as_str())];
    assert_rule(other_word_for_alarm, &bad, &good);
}
