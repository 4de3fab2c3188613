//! What `replay` prints of a recording, what it refuses, and how it exits (contract 2).

mod export;
mod journal;
mod lines;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser as _;

use super::*;
use crate::cli::{Cli, Command};

/// Exit code as text, standard output, standard error.
pub(super) struct Ended {
    pub(super) exit: String,
    pub(super) out: String,
    pub(super) errors: String,
}

pub(super) fn from_root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Runs the command as a person types it, with the shipped configuration unless another is named.
pub(super) async fn replay(arguments: &[&str]) -> Ended {
    let shipped = from_root("config/monitor.toml").display().to_string();
    let mut line = vec!["dosevigil", "replay"];
    if !arguments.contains(&"--config") {
        line.extend(["--config", &shipped]);
    }
    line.extend(arguments);
    let Command::Replay(args) = Cli::try_parse_from(line).unwrap().command else {
        panic!("another command");
    };
    let (mut out, mut errors) = (Vec::new(), Vec::new());
    let exit = run(&args, &mut out, &mut errors).await.unwrap();
    let root = env!("CARGO_MANIFEST_DIR").to_owned() + "/";
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace(&root, "");
    Ended { exit: format!("{exit:?}"), out: text(out), errors: text(errors) }
}

fn success() -> String {
    format!("{:?}", ExitCode::SUCCESS)
}

fn infusion() -> String {
    from_root("tests/vectors/replay/infusion.csv").display().to_string()
}

/// The shipped preset under another name with some of its text changed, in a folder of its own.
pub(super) fn changed_preset(name: &str, changes: &[(&str, &str)]) -> (tempfile::TempDir, String) {
    let shipped = std::fs::read_to_string(from_root("config/presets/ketamine-iv.toml")).unwrap();
    let mut text = shipped.replace("name = \"ketamine-iv\"", &format!("name = {name:?}"));
    for (from, to) in changes {
        assert!(text.contains(from), "{from:?} is not in the preset");
        text = text.replace(from, to);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("{name}.toml"));
    std::fs::write(&path, text).unwrap();
    let path = path.display().to_string();
    (folder, path)
}

#[tokio::test]
async fn a_recording_is_told_transition_by_transition_and_summed_up() {
    // Goal: a person reads what the command makes of a small recording, in each format.
    for format in ["text", "jsonl", "csv"] {
        let ended = replay(&[&infusion(), "--format", format]).await;
        assert_eq!((ended.exit, ended.errors.as_str()), (success(), ""));
        insta::assert_snapshot!(format!("infusion_{format}"), ended.out);
    }
}

#[tokio::test]
async fn the_dose_is_given_when_it_is_said_and_the_phases_follow() {
    // Goal: rules of the phases after the dose are judged from then on only. Method: the cuff
    // reads 186 at 300 s, which is an alarm after a dose and none before it: the dose raises it.
    let ended = replay(&[&infusion(), "--dose-at", "330"]).await;
    let session: Vec<&str> = ended.out.lines().filter(|line| line.contains(" session ")).collect();
    let expected = [
        "+00:00:00 session started intake",
        "+00:00:00 session phase baseline",
        "+00:05:30 session dose baseline",
        "+00:05:30 session phase active",
    ];
    assert_eq!(session, expected, "{}", ended.out);
    assert!(!ended.out.contains("+00:05:00 raised bp-high"), "{}", ended.out);
    assert!(ended.out.contains("+00:05:30 raised bp-high B2"), "{}", ended.out);
    let late = replay(&[&infusion(), "--dose-at", "9000"]).await;
    assert!(late.out.contains("no dose: the recording ends before it"), "{}", late.out);
}

#[tokio::test]
async fn a_dose_of_one_moment_lets_the_phases_run_where_they_count_from_its_start() {
    // Goal: nobody knows when a recorded dose ended; a preset that counts from its start needs no
    // end, one that counts from its end stays active.
    let rows =
        "time_s,signal,value,unit\n0,nibp_sys,120,mmHg\n0,nibp_dia,80,mmHg\n7200,hr,70,bpm\n";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("long.csv");
    std::fs::write(&file, rows).unwrap();
    let file = file.display().to_string();
    let from_start = [
        ("after = \"dose_end\", min = 30", "after = \"dose_start\", min = 30"),
        ("after = \"dose_end\", min = 60", "after = \"dose_start\", min = 60"),
    ];
    let (_folder, preset) = changed_preset("from-start", &from_start);
    let started = replay(&[&file, "--preset", &preset]).await;
    assert!(started.out.contains("+00:30:00 session phase recovery"), "{}", started.out);
    let ended = replay(&[&file]).await;
    assert!(!ended.out.contains("recovery"), "{}", ended.out);
}

#[tokio::test]
async fn two_presets_stand_side_by_side() {
    // Goal: what if the limits were others? Method: the same recordings under the shipped limits
    // and under lower ones; a person reads the table.
    let lower =
        [("at_or_above = 180", "at_or_above = 150"), ("at_or_below = 90", "at_or_below = 80")];
    let (_folder, preset) = changed_preset("stricter", &lower);
    let twice = [infusion(), infusion()];
    let ended =
        replay(&[&twice[0], &twice[1], "--preset", "ketamine-iv", "--preset", &preset]).await;
    assert_eq!((ended.exit, ended.errors.as_str()), (success(), ""));
    let tables = ended.out.find("Summary of all recordings").expect("a summary of all");
    insta::assert_snapshot!("what_if", ended.out[tables..]);
}

#[tokio::test]
async fn the_same_recording_gives_the_same_output() {
    // Goal: bit for bit, in one process; `tests/process` does it in two.
    for format in ["text", "jsonl", "csv"] {
        let once = replay(&[&infusion(), "--format", format]).await;
        let again = replay(&[&infusion(), "--format", format]).await;
        assert!(!once.out.is_empty());
        assert_eq!(once.out, again.out);
    }
}

#[tokio::test]
async fn every_reason_for_a_refusal_is_told_at_once() {
    // Goal: one run shows all that has to be mended, and nothing is played.
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (bad, headless) = (path("bad.csv"), path("headless.csv"));
    std::fs::write(&bad, "time_s,signal,value,unit\n0,bp,120,mmHg\n1,hr,70,bpm\n2,hr,fast,bpm\n")
        .unwrap();
    std::fs::write(&headless, "time_s,signal,value,unit\n").unwrap();
    let gone = path("gone.csv");
    let ended = replay(&[
        &infusion(),
        &bad,
        &headless,
        &gone,
        "--preset",
        "none",
        "--preset",
        "ketamine-iv",
    ])
    .await;
    assert_eq!((ended.exit, ended.out.as_str()), (format!("{:?}", ExitCode::from(2)), ""));
    let expected = [
        "gone.csv: can't be read: ",
        "--preset \"none\" is not a preset; must be one of esketamine-nasal, ketamine-im, ",
        "bad.csv:2: signal \"bp\" is not a metric; must be one of nibp_sys, ",
        "bad.csv:4: value \"fast\" is not a number; must be ",
        "headless.csv: has no reading below its header",
    ];
    assert_eq!(ended.errors.lines().count(), expected.len(), "{}", ended.errors);
    for (line, part) in ended.errors.lines().zip(expected) {
        assert!(line.contains(part), "{part} in {line}");
    }
}

#[tokio::test]
async fn a_preset_of_its_own_file_needs_no_configuration() {
    // Goal: a check of limits somewhere else than in the clinic's folder.
    let (_folder, preset) = changed_preset("elsewhere", &[]);
    let ended = replay(&[&infusion(), "--preset", &preset, "--config", "no-such-file.toml"]).await;
    assert_eq!((ended.exit, ended.errors.as_str()), (success(), ""));
    let refused = replay(&[&infusion(), "--config", "no-such-file.toml"]).await;
    assert_eq!(refused.exit, format!("{:?}", ExitCode::from(2)));
    assert!(refused.errors.contains("no-such-file.toml: can't be read"), "{}", refused.errors);
}

#[test]
fn the_help_has_an_example() {
    // Goal: the example of the help is a line that the program takes.
    let help = Cli::try_parse_from(["dosevigil", "replay", "--help"]).unwrap_err().to_string();
    let example = help.split("Example: ").nth(1).expect("an example").trim();
    assert!(Cli::try_parse_from(example.split(' ')).is_ok(), "{example}");
}
