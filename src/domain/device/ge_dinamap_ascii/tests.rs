//! Replies in sequence: what is told, and what is told only once (`ge-dinamap-ascii` 3 to 6).

use super::*;

/// A reply with its checksum and CR.
fn reply(body: &str) -> Vec<u8> {
    let sum = checksum(body.as_bytes()).unwrap();
    [body.as_bytes(), &sum, b"\r"].concat()
}

/// Feeds replies one by one to one decoder; each gives exactly one event.
struct Line(GeDinamapAscii);

impl Line {
    fn new() -> Self {
        Self(GeDinamapAscii::new(Frames::All))
    }

    fn event(&mut self, bytes: &[u8]) -> Event {
        let mut out = Vec::new();
        self.0.push(bytes, &mut out);
        assert_eq!(out.len(), 1, "{out:?}");
        out.remove(0).event
    }

    fn message(&mut self, body: &str) -> Message {
        match self.event(&reply(body)) {
            Event::Message(message) => message,
            Event::Rejected { reason, .. } => panic!("{body}: {reason:?}"),
        }
    }

    fn values(&mut self, body: &str) -> Vec<Result<i32, Absent>> {
        self.message(body).readings.iter().map(|r| r.value.map(|q| q.0)).collect()
    }

    fn statuses(&mut self, body: &str) -> Vec<(&'static str, bool)> {
        let statuses = self.message(body).statuses;
        statuses.iter().map(|status| (status.code.name(), status.active)).collect()
    }
}

#[test]
fn checksums_are_those_of_the_specification() {
    // Goal: the worked examples of section 3, the wrap at 0xFFF among them, and our own polls.
    assert_eq!(checksum(b" NA"), Some(*b"!2"));
    assert_eq!(checksum(&[b" ".as_slice(), &[b'~'; 60]].concat()), Some(*b"9&"));
    assert_eq!(checksum(b" N\x07"), None);
    for poll in polls(Frames::All) {
        let (body, sum) = poll.strip_suffix(b"\r").unwrap().split_at(3);
        assert_eq!(checksum(body).unwrap(), sum);
    }
    assert_eq!(polls(Frames::VerifiedOnly), [POLL_NIBP]);
}

#[test]
fn a_determination_is_told_once_and_a_new_one_again() {
    // Goal: polls of the same determination say that the device is there, and nothing else.
    let told = [Ok(132), Ok(84), Ok(100)];
    let table: [(&str, &[Result<i32, Absent>]); 9] = [
        (" NA1100312132084100", &told),
        (" NA1100313132084100", &[]),
        (" NA0100000132084100", &[]),
        (" NA1100001132084100", &told),
        (" NF1100001132084100", &[]),
        (" NA1105400132084100", &[]),
        (" NA1105400132084101", &[Ok(132), Ok(84), Ok(101)]),
        (" NA1109999132084101", &[]),
        (" NA1100007132084101", &[Ok(132), Ok(84), Ok(101)]),
    ];
    let mut line = Line::new();
    for (body, values) in table {
        assert_eq!(line.values(body), values, "{body}");
    }
}

#[test]
fn a_determination_is_dated_by_its_age() {
    // Goal: the instant is receipt minus the age, for the three pressures alike.
    let message = Line::new().message(" NA1100012132084100");
    assert!(message.readings.iter().all(|r| r.measured == Measured::SecondsAgo(12)));
}

#[test]
fn pressures_that_cannot_be_used_are_absent_with_their_reason() {
    // Goal: 000 is the monitor's "none", the rest is judged per value.
    let table = [
        (" NA1100001000084100", [Err(Absent::Unavailable), Ok(84), Ok(100)]),
        (" NA1100001310084100", [Err(Absent::Range { raw: 310 }), Ok(84), Ok(100)]),
        (
            " NA1100001080120100",
            [Err(Absent::Pair { raw: 80 }), Err(Absent::Pair { raw: 120 }), Ok(100)],
        ),
    ];
    for (body, values) in table {
        assert_eq!(Line::new().values(body), values, "{body}");
    }
}

#[test]
fn a_failure_is_told_once_until_the_status_changes() {
    // Goal: statuses on their edges; the three pressures absent once per failure.
    let mut line = Line::new();
    let none = [Err(Absent::Unavailable); 3];
    assert_eq!(line.statuses(" NA0109999000000000"), [("busy", true)]);
    assert_eq!(line.statuses(" NA0109999000000000"), []);
    let failed = line.message(" NA3109999000000000");
    assert_eq!(failed.statuses.len(), 2);
    assert_eq!(failed.readings.iter().map(|r| r.value.map(|q| q.0)).collect::<Vec<_>>(), none);
    assert_eq!(line.message(" NA3109999000000000"), Message::default());
    assert_eq!(line.statuses(" NA8109999000000000"), [("aborted", false), ("overpressure", true)]);
    for (digit, code) in
        [("4", "timeout"), ("6", "timeout"), ("7", "timeout"), ("8", "overpressure")]
    {
        let body = format!(" NA{digit}109999000000000");
        assert_eq!(Line::new().statuses(&body), [(code, true)], "{digit}");
        assert_eq!(Line::new().values(&body), none, "{digit}");
    }
    assert_eq!(line.statuses(" NA1100001132084100"), [("overpressure", false)]);
    assert_eq!(Line::new().message(" NA2109999000000000").unknown_keys, 1);
}

#[test]
fn the_pulse_of_a_cuff_is_told_once_per_determination_with_its_age() {
    // Goal: a spot value, never a stream.
    let mut line = Line::new();
    line.message(" NA1100012132084100");
    line.message(" NA1100013132084100");
    let pulse = line.message(" RA3064").readings;
    assert_eq!(pulse.len(), 1);
    assert_eq!(pulse[0].source, ValueSource::Nibp);
    assert_eq!(pulse[0].measured, Measured::SecondsAgo(13));
    assert_eq!(line.values(" RA3064"), []);
    line.message(" NA0100000132084100");
    assert_eq!(line.values(" RA3064"), []);
    line.message(" NA1100001140090100");
    assert_eq!(line.values(" RC3070"), [Ok(70)]);
}

#[test]
fn the_pulse_of_the_oximeter_is_told_at_each_poll() {
    // Goal: source 2 streams; 000 and -99 are "none", never 0.
    let mut line = Line::new();
    let table = [
        (" RA2072", Ok(72)),
        (" RA2072", Ok(72)),
        (" RA2000", Err(Absent::Unavailable)),
        (" RA2-99", Err(Absent::Unavailable)),
        (" RA2014", Err(Absent::Range { raw: 14 })),
    ];
    for (body, value) in table {
        assert_eq!(line.values(body), [value], "{body}");
    }
    assert_eq!(line.message(" RA9072").unknown_keys, 1);
}

#[test]
fn saturation_is_a_value_only_while_the_oximeter_operates() {
    // Goal: figures beside another status are not values; sensor off on its edges.
    let mut line = Line::new();
    assert_eq!(line.values(" OA1098712"), [Ok(98)]);
    assert_eq!(line.statuses(" OA3098712"), [("sensor_off", true)]);
    assert_eq!(line.values(" OA6098712"), [Err(Absent::Unavailable)]);
    assert_eq!(line.values(" OA0098712"), [Err(Absent::Unavailable)]);
    assert_eq!(line.statuses(" OA1098712"), []);
    assert_eq!(line.values(" OA1000712"), [Err(Absent::Unavailable)]);
}

#[test]
fn a_temperature_is_told_once_per_determination_in_celsius() {
    // Goal: tenths of a degree Fahrenheit in, tenths of a degree Celsius out.
    let mut line = Line::new();
    let table: [(&str, &[Result<i32, Absent>]); 7] = [
        (" TC00!000450986F", &[Ok(370)]),
        (" TC00!000460986F", &[]),
        (" TC00\"000020986F", &[Ok(370)]),
        (" TC10\"000030986F", &[]),
        (" TC30\"000030986F", &[Err(Absent::Unavailable)]),
        (" TC01\"000030991F", &[Ok(373)]),
        (" TC01\"000030991F", &[Ok(373)]),
    ];
    for (body, values) in table {
        assert_eq!(line.values(body), values, "{body}");
    }
    assert_eq!(Line::new().values(" TC00!999990986F"), []);
}

#[test]
fn unverified_frames_give_no_readings_unless_they_are_accepted() {
    // Goal: safety S9; the device is there all the same.
    let mut line = Line(GeDinamapAscii::new(Frames::VerifiedOnly));
    for body in [" OA3098712", " RA2072", " RC2072", " TC00!000450986F"] {
        assert_eq!(line.message(body), Message::default(), "{body}");
    }
    assert_eq!(line.values(" NA1100012132084100").len(), 3);
}

#[test]
fn what_is_no_reply_is_refused_for_one_reason() {
    // Goal: the reasons of contract 4, with the bytes up to and with the CR.
    let table: [(&[u8], Reject, usize); 7] = [
        (b" NA!2\r", Reject::Length, 6),
        (b" NA1100012132084100%[\r", Reject::Checksum, 22),
        (b" NA\xFF100012132084100%Z\r", Reject::Checksum, 22),
        (&reply(" NC0"), Reject::Unknown, 7),
        (&reply(" NA11000x2132084100"), Reject::Unknown, 22),
        (b"abc\r", Reject::Length, 4),
        (&[b"x".repeat(65), b"\r".to_vec()].concat(), Reject::Length, 66),
    ];
    for (bytes, reason, count) in table {
        let event = Line::new().event(bytes);
        assert_eq!(event, Event::Rejected { reason, bytes: count }, "{bytes:?}");
    }
}

#[test]
fn a_reply_is_found_after_empty_lines_and_after_noise() {
    // Goal: leading CR, LF and NUL are no part of it; its offset is the unit byte's.
    let mut out = Vec::new();
    let mut decoder = GeDinamapAscii::new(Frames::All);
    decoder.push(b"\r\n\0noise\r\n NA1100012132084100%Z\r\n", &mut out);
    let offsets: Vec<u64> = out.iter().map(|decoded| decoded.at).collect();
    assert_eq!(offsets, [3, 10]);
    assert!(matches!(out[1].event, Event::Message(_)));
}
