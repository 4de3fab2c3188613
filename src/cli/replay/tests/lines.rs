//! Lines of a recording: what each is worth, and what is said of a bad one.

use std::io::Cursor;
use std::time::Duration;

use crate::cli::replay::moments::{Moment, Moments};
use crate::cli::replay::rows::{BadLine, Row, Rows};
use crate::domain::metric::Metric;
use crate::domain::reading::{Absent, Quantity, Reading, Validity, ValueSource};

fn rows(text: &str) -> Vec<Result<Row, BadLine>> {
    Rows::new(Cursor::new(text.as_bytes().to_vec())).collect()
}

fn one(line: &str) -> Result<Row, String> {
    let text = format!("time_s,signal,value,unit,quality\n{line}\n");
    let [row] = rows(&text).try_into().expect("one line");
    row.map_err(|bad: BadLine| {
        assert_eq!(bad.line, 2);
        bad.what
    })
}

fn moments(text: &str) -> Vec<Moment> {
    let rows = Rows::new(Cursor::new(text.as_bytes().to_vec()));
    Moments::new(rows).map(|moment| moment.expect("good lines")).collect()
}

#[test]
fn values_are_rounded_checked_and_told_with_their_quality() {
    // Goal: the decoders' rounding and bands, and the three words of quality that are taken.
    use ValueSource::{Art, Ecg, Nibp, Pleth};
    let good = |value| Ok(Quantity(value));
    let table = [
        ("0,nibp_sys,127.5,mmHg,ok", Metric::NibpSys, good(128), Nibp),
        ("0,nibp_sys,127.49,mmHg,", Metric::NibpSys, good(127), Nibp),
        ("0,nibp_dia,9,mmHg,ok", Metric::NibpDia, Err(Absent::Range { raw: 9 }), Nibp),
        ("0,art_map,-3.5,mmHg,ok", Metric::ArtMap, Err(Absent::Range { raw: -4 }), Art),
        ("0,hr,0,bpm,zero", Metric::HeartRate, Err(Absent::Range { raw: 0 }), Ecg),
        ("0,pulse,72.5,bpm,derived", Metric::PulseRate, good(73), Pleth),
        ("0,spo2,96,%,questionable", Metric::SpO2, good(96), Pleth),
        ("0,spo2,96,%,invalid", Metric::SpO2, Err(Absent::Invalid), Pleth),
        ("0,spo2,,%,stale", Metric::SpO2, Err(Absent::Stale), Pleth),
        ("0,resp,0,rpm,ok", Metric::RespRate, good(0), Ecg),
        ("0,temp,37.25,Cel,ok", Metric::Temp, good(373), Ecg),
        (" 0 , hr , 70 , bpm , ok", Metric::HeartRate, good(70), Ecg),
    ];
    for (line, metric, value, source) in table {
        let row = one(line).unwrap_or_else(|what| panic!("{line}: {what}"));
        let Reading { validity, .. } = row.reading;
        assert_eq!(row.reading, Reading { validity, ..Reading::new(metric, value, source) });
        let questionable = line.ends_with("questionable");
        assert_eq!(validity == Validity::Questionable, questionable, "{line}");
    }
}

#[test]
fn times_go_to_the_microsecond() {
    // Goal: what a recorder writes as 0.1 is a tenth of a second, not a little less.
    for (text, micros) in [("0", 0), ("0.1", 100_000), ("86399.9999996", 86_400_000_000)] {
        let row = one(&format!("{text},hr,70,bpm,ok")).unwrap();
        assert_eq!(row.at, Duration::from_micros(micros), "{text}");
    }
}

#[test]
fn a_bad_line_says_what_would_be_right() {
    // Goal: whoever made the file can mend it from the message alone.
    let table = [
        ("x,hr,70,bpm,ok", "time_s \"x\" is not a time; must be seconds from 0 to 315576000"),
        ("-1,hr,70,bpm,ok", "time_s \"-1\" is not a time; must be seconds from 0 to 315576000"),
        ("NaN,hr,70,bpm,ok", "time_s \"NaN\" is not a time; must be seconds from 0 to 315576000"),
        ("0,hr,70,rpm,ok", "unit \"rpm\" is not that of hr; must be bpm"),
        ("0,spo2,0.97,,ok", "unit \"\" is not that of spo2; must be %"),
        ("0,hr,70,bpm", "has 4 fields; must have 5, as the header has"),
        ("0,hr,70,bpm,ok,", "has 6 fields; must have 5, as the header has"),
    ];
    for (line, what) in table {
        assert_eq!(one(line), Err(what.to_owned()), "{line}");
    }
    for value in ["", "inf", "NaN", "7o", "\"70\""] {
        let what = one(&format!("0,hr,{value},bpm,ok")).expect_err(value);
        assert!(what.starts_with("value "), "{what}");
        assert!(what.contains("must be one such as 128 or 96.5"), "{what}");
    }
    let both = one("x,hr,?,kPa,invalid").unwrap_err();
    assert_eq!(both.matches("; must be").count(), 3, "every field is told: {both}");
}

#[test]
fn lines_out_of_order_are_refused_and_the_others_go_on() {
    // Goal: time never runs backward in a replay; one wrong line does not make others wrong.
    let text = "time_s,signal,value,unit\n5,hr,70,bpm\n\n3,hr,70,bpm\n5,hr,71,bpm\n6,hr,71,bpm\n";
    let rows = rows(text);
    let what = "time_s 3 lies before 5 of line 2; lines must be in order of time".to_owned();
    assert_eq!(rows[1], Err(BadLine { line: 4, what }));
    let good = [0, 2, 3].iter().all(|place| rows[*place].is_ok());
    assert!(good && rows.len() == 4, "{rows:?}");
}

#[test]
fn what_is_no_recording_is_refused_in_one_line() {
    // Goal: a wrong file does not print a message for each of its lines.
    let long = format!("time_s,signal,value,unit\n{}", "9".repeat(5000));
    let table = [
        ("", 1, "is empty; must begin with time_s,signal,value,unit[,quality]"),
        (
            "0,hr,70,bpm\n1,hr,70,bpm\n",
            1,
            "is not the header; must be time_s,signal,value,unit[,quality]",
        ),
        (&long, 2, "is longer than 1024 bytes: not a recording as CSV"),
    ];
    for (text, line, what) in table {
        assert_eq!(rows(text), [Err(BadLine { line, what: what.to_owned() })]);
    }
    let binary: Vec<_> = Rows::new(Cursor::new(b"\xff\xfe\x00\n".to_vec())).collect();
    assert!(binary.iter().all(Result::is_err) && !binary.is_empty(), "{binary:?}");
}

#[test]
fn other_line_ends_and_a_byte_order_mark_are_taken() {
    // Goal: what a spreadsheet saves.
    let text = "\u{feff}time_s,signal,value,unit\r\n0,hr,70,bpm\r\n";
    let rows = rows(text);
    assert!(rows.len() == 1 && rows[0].is_ok(), "{rows:?}");
}

#[test]
fn values_of_one_time_and_source_are_one_message() {
    // Goal: a cuff's values are one determination, checked as a pair; a second value of the same
    // metric begins a second message.
    let text = "time_s,signal,value,unit\n0,nibp_sys,120,mmHg\n0,hr,70,bpm\n0,nibp_dia,80,mmHg\n\
                0,resp,14,rpm\n0,nibp_sys,80,mmHg\n0,nibp_dia,90,mmHg\n1,nibp_sys,121,mmHg\n";
    let moments = moments(text);
    let told: Vec<Vec<Vec<Metric>>> = moments
        .iter()
        .map(|moment| {
            let messages = moment.messages.iter();
            messages.map(|it| it.readings.iter().map(|reading| reading.metric).collect()).collect()
        })
        .collect();
    let pair = vec![Metric::NibpSys, Metric::NibpDia];
    let first = vec![pair.clone(), vec![Metric::HeartRate, Metric::RespRate], pair];
    assert_eq!(told, [first, vec![vec![Metric::NibpSys]]]);
    let values = |message: usize| {
        moments[0].messages[message].readings.iter().all(|reading| reading.value.is_ok())
    };
    assert!(values(0) && values(1) && !values(2), "80 is not above 90");
    assert_eq!(moments[1].at, Duration::from_secs(1));
}
