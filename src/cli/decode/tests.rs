//! What `decode` prints and how it exits (contract 2).

use super::*;

/// What the command prints for a capture.
fn printed(protocol: &str, format: &str, capture: &[u8]) -> String {
    let mut out = Vec::new();
    for event in decode(protocol, format, capture).unwrap() {
        rows::print(&event, &mut out).unwrap();
    }
    String::from_utf8(out).unwrap()
}

fn vectors(protocol: &str) -> Vec<(String, Vec<u8>)> {
    let path = format!("{}/tests/vectors/{protocol}.json", env!("CARGO_MANIFEST_DIR"));
    let file: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let vectors = file["vectors"].as_array().unwrap().iter();
    vectors
        .map(|vector| {
            let capture = match vector["hex"].as_str() {
                Some(hex) => bytes_of_hex(hex.as_bytes()).unwrap(),
                None => vector["text"].as_str().unwrap().as_bytes().to_vec(),
            };
            (vector["id"].as_str().unwrap().to_owned(), capture)
        })
        .collect()
}

#[test]
fn every_vector_is_printed_as_the_contract_says() {
    // Goal: a person reads what `decode` prints of each published vector.
    let mut text = String::new();
    for protocol in ["ge-dinamap-ascii", "nonin", "vitals-json"] {
        for (id, capture) in vectors(protocol) {
            let format = if id.starts_with("df1") { "1" } else { "auto" };
            text += &format!("# {protocol} {id}\n{}", printed(protocol, format, &capture));
        }
    }
    insta::assert_snapshot!(text);
}

#[test]
fn one_message_may_be_spread_over_lines_and_several_lines_are_messages() {
    // Goal: a payload file is one message; a recorded line is many.
    let spread = "{\"v\":1,\n \"device\":{\"id\":\"d\"},\n \"ts\":\"2026-11-22T10:15:07Z\",\n \
                  \"tech\":[\n  {\"code\":\"motion\",\"active\":true}\n ]}\n";
    assert_eq!(printed("vitals-json", "auto", spread.as_bytes()).lines().count(), 1);
    let line = spread.replace('\n', "");
    let lines = format!("{line}\nnoise\n{line}\n");
    let out = printed("vitals-json", "auto", lines.as_bytes());
    let kinds: Vec<&str> = out.lines().map(|line| &line[..18]).collect();
    assert_eq!(kinds, [r#"{"event":"status","#, r#"{"event":"rejected"#, r#"{"event":"status","#]);
}

#[test]
fn an_unknown_protocol_is_named_with_those_that_are_known() {
    // Goal: the message is enough to correct the call.
    let error = decode("noinn", "auto", b"").unwrap_err().to_string();
    assert_eq!(error, "unknown protocol \"noinn\"; known: ge-dinamap-ascii, nonin, vitals-json");
}

#[test]
fn hexadecimal_input_is_digits_and_white_space() {
    // Goal: bad digits are an error, never guessed at.
    assert_eq!(bytes_of_hex(b"01 8a\nFF").unwrap(), [0x01, 0x8A, 0xFF]);
    assert!(bytes_of_hex(b"0x01").is_err());
    assert!(bytes_of_hex(b"018").is_err());
}

#[test]
fn anything_rejected_makes_the_exit_code_1() {
    // Goal: contract 2, exit; ExitCode has no equality of its own.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("capture.hex");
    let code = |hex: &str| {
        std::fs::write(&file, hex).unwrap();
        let args = DecodeArgs {
            protocol: "nonin".into(),
            format: "1".into(),
            hex: true,
            file: Some(file.clone()),
        };
        format!("{:?}", run(&args, &mut Vec::new()).unwrap())
    };
    assert_eq!(code("80 48 61"), format!("{:?}", ExitCode::SUCCESS));
    assert_eq!(code("80 48 61 00 80 48 61"), format!("{:?}", ExitCode::from(1)));
}
