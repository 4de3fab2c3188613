//! The constructed frames of `ge-dinamap-ascii` 8, and the behaviour of 5 to 7 over time.

use super::*;
use crate::device::cuff::{CuffPlan, ScriptedCuff};
use crate::patient::{Patient, Traits, reading};

fn hex(text: &str) -> Vec<u8> {
    let byte = |pair: &str| u8::from_str_radix(pair, 16).expect("the table holds hex pairs");
    text.split(' ').map(byte).collect()
}

fn monitor(oximeter: Oximeter, scripted: Vec<ScriptedCuff>) -> Dinamap {
    let patient = Patient::new(9, Traits::TYPICAL, Vec::new());
    let bedside = Arc::new(Bedside::new(patient, Vec::new(), Vec::new()));
    let plan = CuffPlan { interval_s: 1e6, first_s: 1e6 };
    Dinamap::new(Arc::clone(&bedside), Cuff::new(bedside, plan, scripted), oximeter)
}

fn ask(monitor: &mut Dinamap, command: &str, t_s: f64) -> String {
    let reply = monitor.reply(command.as_bytes(), t_s).expect("a command of section 4");
    String::from_utf8(reply).expect("replies are ASCII")
}

#[test]
fn pressure_replies_reproduce_the_vectors() {
    // Goal: the fixed columns and checksum of section 5. Method: na_* of section 8, nf_real.
    let shown = Nibp { status: b'1', systolic: 132, diastolic: 84, mean: 100, ..Nibp::EMPTY };
    let cases = [
        (
            "na_ok",
            "20 4e 41 31 31 30 30 30 31 32 31 33 32 30 38 34 31 30 30 25 5a 0d",
            Nibp { age_s: 12, ..shown },
        ),
        (
            "na_busy",
            "20 4e 41 30 31 30 30 33 31 32 31 33 32 30 38 34 31 30 30 25 5c 0d",
            Nibp { status: b'0', age_s: 312, ..shown },
        ),
        (
            "na_failed",
            "20 4e 41 33 31 30 39 39 39 39 30 30 30 30 30 30 30 30 30 26 2a 0d",
            Nibp { status: b'3', ..Nibp::EMPTY },
        ),
        (
            "na_overpressure",
            "20 4e 41 38 31 30 39 39 39 39 30 30 30 30 30 30 30 30 30 26 2f 0d",
            Nibp { status: b'8', ..Nibp::EMPTY },
        ),
        (
            "na_stat_neonate",
            "20 4e 41 31 32 31 30 30 30 34 30 36 38 30 34 31 30 35 30 26 22 0d",
            Nibp {
                status: b'1',
                patient: b'2',
                kind: b'1',
                age_s: 4,
                systolic: 68,
                diastolic: 41,
                mean: 50,
                ..Nibp::EMPTY
            },
        ),
        (
            "nf_real",
            "20 4e 46 31 31 30 31 37 36 32 31 32 37 30 37 33 30 37 38 26 3c 0d",
            Nibp {
                function: Function::Displayed,
                status: b'1',
                age_s: 1762,
                systolic: 127,
                diastolic: 73,
                mean: 78,
                ..Nibp::EMPTY
            },
        ),
    ];
    for (id, want, fields) in cases {
        assert_eq!(fields.encode(), hex(want), "{id}");
    }
}

#[test]
fn the_other_replies_reproduce_the_vectors() {
    // Goal and method as above, for OA, RA and TC.
    let saturation = |status, spo2, strength| Saturation { status, spo2, strength }.encode();
    let warm = Temperature { status: b'0', counter: b'!', age_s: 45, tenths_f: 986 };
    for (id, want, got) in [
        ("oa_ok", "20 4f 41 31 30 39 38 37 31 32 23 46 0d", saturation(b'1', 98, 7)),
        ("oa_unplugged", "20 4f 41 36 30 30 30 30 31 32 23 33 0d", saturation(b'6', 0, 0)),
        ("ra_nibpsrc", "20 52 41 33 30 36 34 22 47 0d", encode_rate(b"RA", b'3', 64)),
        ("ra_none", "20 52 41 32 30 30 30 22 3c 0d", encode_rate(b"RA", b'2', 0)),
        ("tc_ok", "20 54 43 30 30 21 30 30 30 34 35 30 39 38 36 30 25 28 0d", warm.encode()),
    ] {
        assert_eq!(got, hex(want), "{id}");
    }
}

#[test]
fn the_checksum_wraps_at_twelve_bits() {
    // Goal: section 3's worked example and wrap example.
    assert_eq!(&checksum(b" NA"), b"!2");
    let mut long = vec![b'~'; 61];
    long[0] = b' ';
    assert_eq!(&checksum(&long), b"9&");
}

#[test]
fn it_answers_sound_commands_and_nothing_else() {
    // Goal: sections 2 and 4: padding is skipped, damage is not answered. The command texts
    // are the literals of section 4.
    let mut monitor = monitor(Oximeter::Fitted, Vec::new());
    for line in [" NA!2", " NA!2\r", "\r\n\0 NA!2\r\n", " NF!7", " OA!3", " RA!6", " RC!8", " TC!:"]
    {
        let reply = monitor.reply(line.as_bytes(), 0.0);
        let reply = reply.unwrap_or_else(|| panic!("no answer to {line:?}"));
        assert_eq!(reply.last(), Some(&b'\r'), "{line:?}");
        let (message, sum) = reply[..reply.len() - 1].split_last_chunk().expect("a whole reply");
        assert_eq!(&checksum(message), sum, "{line:?}");
        let letters = &line.trim_start_matches(['\r', '\n', '\0'])[1..3];
        assert_eq!(&reply[1..3], letters.as_bytes(), "{line:?}");
    }
    for line in ["", "\r", "\n", "\0", " ", "NA!2", " NA!3", " NA", " XA!:", " NA!2x"] {
        assert_eq!(monitor.reply(line.as_bytes(), 0.0), None, "{line:?}");
    }
}

#[test]
fn a_determination_is_busy_then_ages_then_is_no_longer_recent() {
    // Goal: section 7's cycle. Method: one scripted determination at 100 s; ask around it.
    let scripted = ScriptedCuff { at_s: 100.0, outcome: reading(132.0, 84.0, 71.0) };
    let mut monitor = monitor(Oximeter::Unplugged, vec![scripted]);
    for (t_s, status, rest) in [
        (70.0, '9', "9999000000000"),
        (80.0, '0', "9999000000000"),
        (100.0, '1', "0000132084100"),
        (112.4, '1', "0012132084100"),
        (5500.0, '1', "5400132084100"),
        (5502.0, '9', "9999000000000"),
    ] {
        let reply = ask(&mut monitor, " NA!2\r", t_s);
        assert_eq!(&reply[3..4], status.to_string(), "at {t_s}");
        assert_eq!(&reply[6..19], rest, "at {t_s}");
    }
    assert_eq!(&ask(&mut monitor, " RA!6\r", 5502.0)[3..7], "3000");
}

#[test]
fn a_failed_determination_shows_its_code_and_no_figures() {
    // Goal: section 5's status codes. Method: one scripted failure of each sort.
    for (failure, status) in [
        (CuffFailure::Unspecified, "3"),
        (CuffFailure::PumpUp, "4"),
        (CuffFailure::TotalTime, "6"),
        (CuffFailure::OnePressure, "7"),
        (CuffFailure::Overpressure, "8"),
    ] {
        let scripted = ScriptedCuff { at_s: 100.0, outcome: CuffOutcome::Failed(failure) };
        let mut monitor = monitor(Oximeter::Unplugged, vec![scripted]);
        let reply = ask(&mut monitor, " NA!2\r", 101.0);
        assert_eq!(&reply[3..4], status);
        assert_eq!(&reply[6..19], "9999000000000");
    }
}

#[test]
fn a_host_can_start_and_cancel_a_determination() {
    // Goal: section 4: status becomes busy after the start command, and not after a cancel.
    let mut monitor = monitor(Oximeter::Unplugged, Vec::new());
    ask(&mut monitor, " NC0!E\r", 0.0);
    assert_eq!(&ask(&mut monitor, " NA!2\r", 1.0)[3..4], "0");
    ask(&mut monitor, " ND!5\r", 2.0);
    assert_eq!(&ask(&mut monitor, " NA!2\r", 3.0)[3..4], "9");
}
