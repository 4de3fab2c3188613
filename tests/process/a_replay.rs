//! `replay` as a process of its own (contract 2): the same recording, the same bytes.

use std::path::Path;

use crate::service::program;

#[tokio::test]
async fn the_same_recording_gives_the_same_bytes_in_two_processes() {
    // Goal: nothing of the machine, the clock or the process is in what a replay prints.
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for format in ["text", "jsonl", "csv"] {
        let run = || {
            let mut command = program();
            command.current_dir(root).args(["replay", "tests/vectors/replay/infusion.csv"]);
            command.args(["--format", format]).output()
        };
        let (once, again) = (run().await.expect("it starts"), run().await.expect("it starts"));
        assert_eq!(once.status.code(), Some(0));
        let text = String::from_utf8(once.stdout).expect("text");
        assert!(text.contains("bp-high") && text.contains("Systolic 185"), "{text}");
        assert_eq!(text.as_bytes(), again.stdout, "{format}");
    }
}

#[tokio::test]
async fn a_bad_recording_ends_with_2_and_names_its_line() {
    // Goal: a script can tell a file that can't be used from one that has no alarm.
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("bad.csv");
    std::fs::write(&file, "time_s,signal,value,unit\n0,hr,70,kPa\n").expect("writable");
    let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/monitor.toml");
    let mut command = program();
    command.arg("replay").arg(&file).arg("--config").arg(config);
    let ended = command.output().await.expect("it starts");
    let errors = String::from_utf8(ended.stderr).expect("text");
    assert_eq!((ended.status.code(), ended.stdout.as_slice()), (Some(2), &b""[..]));
    let expected = format!("{}:2: unit \"kPa\" is not that of hr; must be bpm\n", file.display());
    assert_eq!(errors, expected);
}
