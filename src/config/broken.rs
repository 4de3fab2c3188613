//! What `dosevigil check` says of broken files, one class of mistake each (safety P8, A9).
//!
//! Each case is a whole configuration with one edit; a snapshot holds the lines that a person
//! sees. Not here: that whole files load (`tests`).

mod presets;

use std::path::Path;

use proptest::prelude::*;

use super::load_all;
use presets::PRESET_CASES;

/// A small whole configuration. Its line numbers stand in the snapshots.
const CONFIG: &str = r#"[site]
name = "clinic"
timezone = "Europe/Berlin"
[storage]
path = "data/dosevigil.db"
[audit]
key_file = "secrets/audit.key"
[http]
listen = "127.0.0.1:8080"
[alarms]
preset = "ketamine-iv"
presets_dir = "presets"
[[bed]]
id = "bay-1"
label = "Bay 1"
[[bed]]
id = "bay-2"
label = "Bay 2"
[[serial]]
name = "cuff"
bed = "bay-1"
path = "/dev/ttyUSB0"
protocol = "ge-dinamap-ascii"
[[mqtt]]
name = "broker"
url = "mqtt://127.0.0.1:1883"
client_id = "dosevigil-clinic"
[[mqtt.topic]]
topic = "vitals/v1/clinic/{bed}/{device}/obs"
format = "vitals-json"
"#;

const PRESET: &str = include_str!("../../config/presets/ketamine-iv.toml");

/// Name of the snapshot, and what is replaced by what.
type Case = (&'static str, &'static [(&'static str, &'static str)]);

/// Each class of mistake in monitor.toml.
const CONFIG_CASES: &[Case] = &[
    ("unknown_key", &[("label = \"Bay 1\"", "label = \"Bay 1\"\nlable = \"x\"")]),
    ("key_of_a_later_part", &[("[audit]", "raw_days = 90\n[audit]")]),
    ("unknown_table", &[("[http]", "[https]\nx = 1\n[http]")]),
    (
        "wrong_type",
        &[("label = \"Bay 1\"", "label = 1"), ("path = \"/dev", "poll_s = \"1\"\npath = \"/dev")],
    ),
    ("duplicate_key", &[("id = \"bay-1\"", "id = \"bay-1\"\nid = \"bay-3\"")]),
    ("missing_key", &[("id = \"bay-1\"\n", ""), ("url = \"mqtt://127.0.0.1:1883\"\n", "")]),
    ("missing_table", &[("[audit]\nkey_file = \"secrets/audit.key\"\n", "")]),
    (
        "out_of_bounds",
        &[
            ("bed = \"bay-1\"", "bed = \"bay-1\"\npoll_s = 61"),
            ("client_id", "keep_alive_s = 4\nmax_packet_bytes = 99999999999999999999\nclient_id"),
        ],
    ),
    ("offset_out_of_bounds", &[("[storage]", "spo2_offset = 1\n[storage]")]),
    ("not_a_number", &[("client_id", "keep_alive_s = nan\nclient_id")]),
    ("not_a_word", &[("protocol = \"ge-dinamap-ascii\"", "protocol = \"ge-dinamap\"")]),
    (
        "bad_reference",
        &[
            ("bed = \"bay-1\"", "bed = \"bay-9\""),
            ("preset = \"ketamine-iv\"", "preset = \"ketamine\""),
        ],
    ),
    (
        "bad_names",
        &[
            ("id = \"bay-1\"", "id = \"Bay 1\""),
            ("name = \"clinic\"", "name = \"the clinic\""),
            ("Europe/Berlin", "Europe/Bärlin"),
        ],
    ),
    (
        "stands_twice",
        &[("id = \"bay-2\"", "id = \"bay-1\""), ("name = \"broker\"", "name = \"cuff\"")],
    ),
    ("topic_with_hash", &[("vitals/v1/clinic/{bed}/{device}/obs", "vitals/#")]),
    ("topic_of_nobody", &[("/{bed}/", "/+/")]),
    ("topic_of_two", &[("format = \"vitals-json\"", "format = \"vitals-json\"\nbed = \"bay-1\"")]),
    ("plain_mqtt_off_loopback", &[("mqtt://127.0.0.1:1883", "mqtt://10.0.0.5:1883")]),
    ("listen_off_loopback", &[("127.0.0.1:8080", "0.0.0.0:8080")]),
    ("secret_in_url", &[("mqtt://127", "mqtt://nurse:hunter2@127")]),
    ("syntax_error", &[("label = \"Bay 1\"", "label = \"Bay 1")]),
    ("unverified_format", &[("ge-dinamap-ascii\"", "nonin\"\nformat = 7")]),
    (
        "keys_of_another_protocol",
        &[("ge-dinamap-ascii\"", "vitals-json\"\nformat = \"auto\"\npoll_s = 2")],
    ),
    (
        "escalation_off",
        &[(
            "presets_dir = \"presets\"",
            "presets_dir = \"presets\"\nescalate_high_s = [121, 60, 50]\n\
             escalate_medium_s = [0, 240, 4000]",
        )],
    ),
    (
        "escalation_steps",
        &[(
            "presets_dir = \"presets\"",
            "presets_dir = \"presets\"\nescalate_high_s = [30, 60]\n\
             escalate_medium_s = [120, 120, 600]",
        )],
    ),
    (
        "devices",
        &[(
            "format = \"vitals-json\"\n",
            "format = \"vitals-json\"\n[[mqtt.topic]]\ntopic = \"gateway/{device}\"\n\
             format = \"vitals-json\"\ndevices = { \"oxi\" = \"bay-2\" }\n\
             [[device]]\nid = \"cuff\"\n[[device]]\nid = \"oxi\"\nbed = \"bay-1\"\n\
             [[device]]\nid = \"oxi\"\nbed = \"bay-9\"\n[[device]]\nid = \"\"\n\
             [[device]]\nbed = \"bay-1\"\nsame_limb = 1\n",
        )],
    ),
    ("limb_without_a_cuff", &[("ge-dinamap-ascii\"", "nonin\"\nsame_limb = true")]),
    (
        "tls_and_password",
        &[("client_id", "tls = { cert_file = \"no.crt\" }\npassword_file = \"no\"\nclient_id")],
    ),
    (
        "several_errors",
        &[
            ("Europe/Berlin", "Mars/Base"),
            ("listen = \"127.0.0.1:8080\"", "listen = \"0.0.0.0:8080\"\nport = 8080"),
            ("id = \"bay-2\"\nlabel = \"Bay 2\"", "id = \"bay_2\"\nlabel = 2"),
            ("bed = \"bay-1\"", "bed = \"bay-1\"\npoll_s = 0"),
            ("/{bed}/{device}/obs", "/{room}/obs"),
        ],
    ),
];

/// Replaces each of `edits`, which must be there.
fn edited(text: &str, edits: &[(&str, &str)]) -> String {
    edits.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "the edit finds its place: {from}");
        text.replacen(from, to, 1)
    })
}

/// The error lines, with the folder called `config`; empty when the files are whole.
fn errors_of(config: &str, preset: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder for the files");
    write(folder.path(), config, preset);
    let loaded = load_all(&folder.path().join("monitor.toml"));
    let errors = loaded.err().map(|errors| errors.to_string()).unwrap_or_default();
    errors.replace(&folder.path().display().to_string(), "config")
}

fn write(folder: &Path, config: &str, preset: &str) {
    std::fs::create_dir(folder.join("presets")).expect("an empty folder");
    std::fs::write(folder.join("monitor.toml"), config).expect("a file");
    std::fs::write(folder.join("presets/ketamine-iv.toml"), preset).expect("a file");
}

#[test]
fn the_files_that_the_cases_break_are_whole() {
    assert_eq!(errors_of(CONFIG, PRESET), "");
}

/// One snapshot of all its lines per class of mistake.
#[test]
fn a_broken_configuration_names_file_line_column_key_and_reason() {
    for (name, edits) in CONFIG_CASES {
        let errors = errors_of(&edited(CONFIG, edits), PRESET);
        assert!(!errors.is_empty(), "{name}");
        insta::assert_snapshot!(*name, errors);
    }
}

/// The same of presets; safety:A9 and row:25 are among them.
#[test]
fn a_broken_preset_names_file_line_column_key_and_reason() {
    for (name, edits) in PRESET_CASES {
        let errors = errors_of(CONFIG, &edited(PRESET, edits));
        assert!(!errors.is_empty(), "{name}");
        insta::assert_snapshot!(*name, errors);
    }
}

/// Errors of both files come in one go.
#[test]
fn errors_of_the_configuration_do_not_hide_those_of_its_presets() {
    let config = edited(CONFIG, &[("id = \"bay-1\"\n", "")]);
    let preset = edited(PRESET, &[("at_or_below = 85", "at_or_below = 20")]);
    let errors = errors_of(&config, &preset);
    assert!(errors.contains("monitor.toml:13:1: bed[0].id: missing key"), "{errors}");
    assert!(errors.contains("at_or_below: 20 is outside the rails"), "{errors}");
}

/// safety:A9 The rails hold for what the site's offset makes of a limit.
#[test]
fn an_offset_that_moves_a_limit_off_its_rails_is_an_error_of_the_preset() {
    let config = edited(CONFIG, &[("[storage]", "spo2_offset = -5\n[storage]")]);
    assert_eq!(errors_of(&config, PRESET), "", "80 is on the rail");
    let preset = edited(PRESET, &[("at_or_below = 85", "at_or_below = 84")]);
    let errors = errors_of(&config, &preset);
    assert!(
        errors.contains("84 with spo2_offset -5, 79, is outside the rails 80 to 95"),
        "{errors}"
    );
}

#[test]
fn the_bed_of_the_self_test_can_t_be_configured() {
    // safety:P7
    let config = edited(CONFIG, &[("id = \"bay-1\"", "id = \"_selftest\"")]);
    let errors = errors_of(&config, PRESET);
    assert!(errors.contains("bed[0].id") && errors.contains("a-z, 0-9 and -"), "{errors}");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().expect("a folder for the files");
    let errors = load_all(&folder.path().join("monitor.toml")).expect_err("no such file");
    let error = &errors.all()[0];
    assert!(error.file.ends_with("monitor.toml") && error.reason.contains("can't be read"));
}

/// safety P8, X11: whatever is wrong with a line that holds a secret, its value is not repeated.
#[test]
fn no_error_repeats_a_secret() {
    let table: &[&[(&str, &str)]] = &[
        &[("mqtt://127.0.0.1", "mqtt://nurse:hunter2@127.0.0.1")],
        &[("mqtt://127.0.0.1", "http://hunter2")],
        &[("mqtt://127.0.0.1:1883", "mqtt://hunter2:hunter2")],
        &[("client_id =", "password = \"hunter2\"\nclient_id =")],
        &[("client_id =", "password_file = \"hunter2\"\nclient_id =")],
        &[("client_id =", "username = \"u\"\npassword_file = \"hunter2\"\nclient_id =")],
        &[("client_id =", "username = \"u\"\npassword_file = \"secret\"\nclient_id =")],
        &[("client_id =", "password_file = [\"hunter2\"]\nclient_id =")],
        &[("client_id =", "tls = { key_file = \"hunter2\" }\nclient_id =")],
        &[("client_id =", "tls = \"hunter2\"\nclient_id =")],
        &[("client_id =", "password = hunter2\nclient_id =")],
        &[("client_id =", "password = \"hunter2\nclient_id =")],
        &[("client_id = \"dosevigil-clinic\"", "client_id = \"hunter2\\u0000\"")],
    ];
    for edits in table {
        let folder = tempfile::tempdir().expect("a folder for the files");
        write(folder.path(), &edited(CONFIG, edits), PRESET);
        // Readable by all, so that it is refused.
        std::fs::write(folder.path().join("secret"), "hunter2").expect("a file");
        let errors = load_all(&folder.path().join("monitor.toml")).expect_err("refused");
        let shown = format!("{errors} {errors:?}");
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}

/// What an edit puts into a file.
const PIECES: [&str; 12] = ["", "\"", "]", "[", "{", "=", "\n", "nan", "-1", "'''", "ä", "[[bed]]"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever stands in the files, they are read or refused: no panic.
    #[test]
    fn any_text_is_read_or_refused(
        text in any::<String>(),
        toml in "([a-z\\[\\]=\"{}.,0-9# \n-]{0,80})",
    ) {
        errors_of(&text, &toml);
        errors_of(&toml, &text);
    }

    /// The same of files that are nearly whole: a piece cut out, another put in.
    #[test]
    fn any_edit_is_read_or_refused(
        at in 0_usize..1000,
        length in 0_usize..40,
        piece in prop::sample::select(PIECES.to_vec()),
        text in prop::sample::select(vec![CONFIG, PRESET]),
    ) {
        let chars: Vec<char> = text.chars().collect();
        let at = at * chars.len() / 1000;
        let before: String = chars[..at].iter().collect();
        let after: String = chars.iter().skip(at + length).collect();
        let edited = format!("{before}{piece}{after}");
        errors_of(&edited, PRESET);
        errors_of(CONFIG, &edited);
    }
}
