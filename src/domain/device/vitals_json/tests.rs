//! Messages as text: the table, the reasons and the bounds of `vitals-json` 1 and 3.

use super::*;
use crate::domain::alarm::Priority;
use crate::domain::device::StatusCode;
use crate::domain::ids::DeviceId;
use crate::domain::metric::Metric;
use crate::domain::reading::{Absent, Measured, Origin, Validity, ValueSource};
use crate::domain::time::WallTime;

/// 2026-11-22T10:15:07Z.
const SENT_US: i64 = 1_795_342_507_000_000;

/// A message with these members after the required ones.
fn with(members: &str) -> String {
    format!(r#"{{"v":1,"device":{{"id":"d"}},"ts":"2026-11-22T10:15:07Z",{members}}}"#)
}

fn obs(obs: &str) -> String {
    with(&format!(r#""obs":[{obs}]"#))
}

fn message(text: &str) -> Message {
    decode(text.as_bytes()).unwrap_or_else(|reason| panic!("{text}: {reason:?}"))
}

fn refused(text: &str) -> Option<Reject> {
    decode(text.as_bytes()).err()
}

/// The text with a right checksum as its last member.
fn with_crc(text: &str) -> String {
    let covered = text.strip_suffix('}').unwrap();
    format!(r#"{covered},"crc":"{:08x}"}}"#, crc32fast::hash(covered.as_bytes()))
}

#[test]
fn every_member_of_the_canonical_object_is_read() {
    // Goal: the example of section 1, whole.
    let text = concat!(
        r#"{"v":1,"bed":"bay-1","device":{"id":"cuff-07","make":"ACME","model":"X1"},"#,
        r#""seq":4711,"ts":"2026-11-22T10:15:07.250Z","obs":[{"sig":"nibp","sys":132,"dia":84,"#,
        r#""map":100,"pr":71,"unit":"mmHg","at":"2026-11-22T10:14:55Z","q":"ok"},"#,
        r#"{"sig":"hr","val":72,"unit":"/min","src":"ecg","q":"ok"},"#,
        r#"{"sig":"spo2","val":97,"unit":"%","q":"ok"},{"sig":"cuff","val":148,"unit":"mmHg"}],"#,
        r#""alarms":[{"code":"sys_high","prio":"medium","active":true}],"#,
        r#""tech":[{"code":"cuff_leak","active":true}]}"#
    );
    let message = message(&with_crc(text));
    assert_eq!(message.device, DeviceId::try_new("cuff-07").ok());
    assert_eq!(message.bed.as_deref(), Some("bay-1"));
    assert_eq!(message.seq, Some(4711));
    let sent = WallTime::from_micros(SENT_US + 250_000);
    assert_eq!(message.sent, Some(sent));
    assert_eq!(message.unknown_keys, 0);
    let found: Vec<_> = message
        .readings
        .iter()
        .map(|r| (r.metric, r.value.map(|q| q.0), r.source, r.measured))
        .collect();
    let at = Measured::DeviceClock(WallTime::from_micros(SENT_US - 12_000_000));
    let now = Measured::DeviceClock(sent);
    let expected = [
        (Metric::NibpSys, Ok(132), ValueSource::Nibp, at),
        (Metric::NibpDia, Ok(84), ValueSource::Nibp, at),
        (Metric::NibpMap, Ok(100), ValueSource::Nibp, at),
        (Metric::PulseRate, Ok(71), ValueSource::Nibp, at),
        (Metric::HeartRate, Ok(72), ValueSource::Ecg, now),
        (Metric::SpO2, Ok(97), ValueSource::Pleth, now),
        (Metric::CuffPressure, Ok(148), ValueSource::Nibp, now),
    ];
    assert_eq!(found, expected);
    assert_eq!(message.statuses.len(), 1);
    assert_eq!(message.statuses[0].code, StatusCode::CuffLeak);
    assert_eq!(&*message.bedside_alarms[0].code, "sys_high");
    assert_eq!(message.bedside_alarms[0].priority, Priority::Medium);
}

#[test]
fn each_signal_gives_its_metric_source_and_unit() {
    // Goal: the table of section 1, its conversions and its roundings.
    use ValueSource::{Art, Ecg, Nibp, Pleth};
    let table = [
        (r#""sig":"hr","val":72,"unit":"/min""#, Metric::HeartRate, Ok(72), Ecg),
        (r#""sig":"hr","val":72,"unit":"/min","src":"pleth""#, Metric::PulseRate, Ok(72), Pleth),
        (r#""sig":"hr","val":72,"unit":"/min","src":"nibp""#, Metric::PulseRate, Ok(72), Nibp),
        (r#""sig":"hr","val":72,"unit":"/min","src":"art""#, Metric::PulseRate, Ok(72), Art),
        (r#""sig":"pr","val":72.5,"unit":"/min""#, Metric::PulseRate, Ok(73), Pleth),
        (r#""sig":"pr","val":72,"unit":"/min","src":"art""#, Metric::PulseRate, Ok(72), Art),
        (r#""sig":"rr","val":0,"unit":"/min""#, Metric::RespRate, Ok(0), Ecg),
        (r#""sig":"rr","val":-1,"unit":"/min""#, Metric::RespRate, Err("range"), Ecg),
        (r#""sig":"pi","val":1.256,"unit":"%""#, Metric::PerfusionIndex, Ok(126), Pleth),
        (r#""sig":"temp","val":98.6,"unit":"degF""#, Metric::Temp, Ok(370), Ecg),
        (r#""sig":"temp","val":36.65,"unit":"Cel""#, Metric::Temp, Ok(367), Ecg),
        (r#""sig":"cuff","val":20,"unit":"kPa""#, Metric::CuffPressure, Ok(150), Nibp),
        (r#""sig":"spo2","val":1e2,"unit":"%""#, Metric::SpO2, Ok(100), Pleth),
        (r#""sig":"spo2","val":0,"unit":"%""#, Metric::SpO2, Err("range"), Pleth),
        (r#""sig":"spo2","unit":"%""#, Metric::SpO2, Err("unavailable"), Pleth),
        (r#""sig":"spo2","val":97,"unit":"/min""#, Metric::SpO2, Err("unit"), Pleth),
        (r#""sig":"hr","val":72"#, Metric::HeartRate, Err("unit"), Ecg),
        (r#""sig":"temp","val":310,"unit":"K""#, Metric::Temp, Err("unit"), Ecg),
    ];
    for (text, metric, value, source) in table {
        let readings = message(&obs(&format!("{{{text}}}"))).readings;
        assert_eq!(readings.len(), 1, "{text}");
        let found = readings[0].value.map(|q| q.0).map_err(Absent::name);
        assert_eq!(
            (readings[0].metric, found, readings[0].source),
            (metric, value, source),
            "{text}"
        );
    }
}

#[test]
fn a_pressure_pair_is_judged_on_its_own() {
    // Goal: cuff and line alike; the pair falls, the mean and the pulse stand.
    for (sig, source, count) in [("nibp", ValueSource::Nibp, 4), ("ibp", ValueSource::Art, 3)] {
        let text = format!(r#"{{"sig":"{sig}","sys":80,"dia":80,"map":79,"pr":60,"unit":"mmHg"}}"#);
        let readings = message(&obs(&text)).readings;
        assert_eq!(readings.len(), count, "{sig}");
        assert!(readings.iter().all(|reading| reading.source == source));
        let pair = Err(Absent::Pair { raw: 80 });
        assert_eq!([readings[0].value, readings[1].value], [pair, pair]);
        assert!(readings[2..].iter().all(|reading| reading.value.is_ok()));
    }
}

#[test]
fn a_quality_decides_whether_and_how_a_value_counts() {
    // Goal: each word of `q`, and that an unknown one is not taken for "ok".
    let table = [
        ("ok", Ok(97), Validity::Good, Origin::Patient),
        ("questionable", Ok(97), Validity::Questionable, Origin::Patient),
        ("simulated", Ok(97), Validity::Good, Origin::Simulated),
        ("invalid", Err(Absent::Invalid), Validity::Good, Origin::Patient),
        ("stale", Err(Absent::Stale), Validity::Good, Origin::Patient),
    ];
    for (q, value, validity, origin) in table {
        let text = format!(r#"{{"sig":"spo2","val":97,"unit":"%","q":"{q}"}}"#);
        let reading = message(&obs(&text)).readings[0];
        assert_eq!(reading.value.map(|q| q.0), value, "{q}");
        assert_eq!((reading.validity, reading.origin), (validity, origin), "{q}");
    }
    assert_eq!(
        refused(&obs(r#"{"sig":"spo2","val":97,"unit":"%","q":"fine"}"#)),
        Some(Reject::Schema)
    );
}

#[test]
fn what_we_do_not_know_is_counted_and_the_rest_stands() {
    // Goal: a firmware update must not silence a bed.
    let text = with(concat!(
        r#""new":{"a":[1,{"b":null}]},"obs":[{"sig":"etco2","val":"x","at":7,"more":1},"#,
        r#"{"sig":"spo2","val":97,"unit":"%","lot":"7"}],"tech":[{"code":"odd","active":true}]"#
    ));
    let message = message(&text);
    assert_eq!(message.readings.len(), 1);
    assert_eq!(message.statuses, []);
    // new, more, etco2, lot, odd; what stands inside an unknown member is not counted.
    assert_eq!(message.unknown_keys, 5);
}

#[test]
fn a_key_that_stands_twice_refuses_the_message_at_every_level() {
    // Goal: known and unknown keys, in known and unknown objects, however they are escaped.
    for text in [
        with(r#""v":1"#),
        with(r#""x":1,"x":2"#),
        with(r#""x":{"y":1,"y":2}"#),
        with(r#""x":[{"y":1,"y":2}]"#),
        with(r#""\u0076":1"#),
        with(r#""x":1,"\u0078":1"#),
        obs(r#"{"sig":"hr","sig":"hr"}"#),
        obs(r#"{"sig":"hr","val":{"a":1,"a":1},"unit":"/min"}"#),
        with(r#""tech":[{"code":"odd","code":"odd","active":true}]"#),
        with(r#""alarms":[{"active":true,"active":true}]"#),
        r#"{"v":1,"device":{"id":"d","id":"d"},"ts":"2026-11-22T10:15:07Z"}"#.to_owned(),
    ] {
        assert_eq!(refused(&text), Some(Reject::DuplicateKey), "{text}");
    }
}

#[test]
fn what_is_not_of_the_schema_is_refused() {
    // Goal: missing members, wrong types, wrong times, and text that is not one JSON object.
    for text in [
        String::new(),
        "null".into(),
        "[]".into(),
        format!("{}{}", with(r#""obs":[]"#), "{}"),
        format!("{}x", with(r#""obs":[]"#)),
        r#"{"v":1,"device":{"id":"d"}}"#.into(),
        r#"{"v":1,"ts":"2026-11-22T10:15:07Z"}"#.into(),
        r#"{"device":{"id":"d"},"ts":"2026-11-22T10:15:07Z"}"#.into(),
        r#"{"v":"1","device":{"id":"d"},"ts":"2026-11-22T10:15:07Z"}"#.into(),
        r#"{"v":1,"device":{"id":""},"ts":"2026-11-22T10:15:07Z"}"#.into(),
        r#"{"v":1,"device":{"id":7},"ts":"2026-11-22T10:15:07Z"}"#.into(),
        r#"{"v":1,"device":"d","ts":"2026-11-22T10:15:07Z"}"#.into(),
        with(r#""seq":-1"#),
        with(r#""seq":4294967296"#),
        with(r#""seq":1.5"#),
        with(r#""bed":1"#),
        with(r#""obs":{}"#),
        with(r#""obs":[1]"#),
        obs(r#"{"val":72,"unit":"/min"}"#),
        obs(r#"{"sig":"hr","val":"72","unit":"/min"}"#),
        obs(r#"{"sig":"hr","val":true,"unit":"/min"}"#),
        obs(r#"{"sig":"hr","val":NaN,"unit":"/min"}"#),
        obs(r#"{"sig":"hr","val":1e999,"unit":"/min"}"#),
        obs(r#"{"sig":"hr","val":72,"unit":1}"#),
        obs(r#"{"sig":"hr","val":72,"unit":"/min","src":"manual"}"#),
        obs(r#"{"sig":"hr","val":72,"unit":"/min","at":1795342507}"#),
        with(r#""tech":[{"code":"motion"}]"#),
        with(r#""alarms":[{"code":"x","prio":"loud","active":true}]"#),
    ] {
        assert_eq!(refused(&text), Some(Reject::Schema), "{text}");
    }
    assert_eq!(decode(b"{\"v\":1,\"bed\":\"\xFF\"}"), Err(Reject::Schema));
}

#[test]
fn times_are_rfc_3339_and_nothing_else() {
    // Goal: what ISO 8601 alone allows is refused; offsets are heard.
    let at = |ts: &str| {
        decode(format!(r#"{{"v":1,"device":{{"id":"d"}},"ts":"{ts}"}}"#).as_bytes())
            .map(|message| message.sent.unwrap().as_micros())
    };
    for good in [
        "2026-11-22T10:15:07Z",
        "2026-11-22t10:15:07z",
        "2026-11-22 10:15:07Z",
        "2026-11-22T11:15:07+01:00",
        "2026-11-22T10:15:07.000000Z",
    ] {
        assert_eq!(at(good), Ok(SENT_US), "{good}");
    }
    for bad in [
        "",
        "2026-11-22",
        "2026-11-22T10:15:07",
        "2026-11-22T10:15Z",
        "20261122T101507Z",
        "2026-11-22T11:15:07+01",
        "2026-11-22T10:15:07Z[UTC]",
        "2026-13-22T10:15:07Z",
        "1795342507",
    ] {
        assert_eq!(at(bad), Err(Reject::Schema), "{bad}");
    }
}

#[test]
fn a_checksum_is_checked_wherever_it_stands() {
    // Goal: right and last is accepted; wrong, elsewhere, upper-case or no text is refused.
    let good = with_crc(&with(r#""obs":[]"#));
    assert_eq!(refused(&good), None);
    assert_eq!(refused(&format!("{good}\r\n")), None);
    let digits = &good[good.len() - 10..good.len() - 2];
    let first = format!(r#"{{"crc":"{digits}",{}"#, &with(r#""obs":[]"#)[1..]);
    for bad in [
        good.replace(digits, "00000000"),
        good.replace("obs", "obt"),
        good.replace(digits, &digits[1..]),
        good.replace(r#","crc""#, r#", "crc""#),
        with_crc(&with(r#""seq":1"#)).replace(r#""seq":1"#, r#""seq":2"#),
        with(r#""crc":null"#),
        with(r#""crc":1"#),
        first,
    ] {
        assert_eq!(refused(&bad), Some(Reject::Checksum), "{bad}");
    }
    // A crc inside an unknown member is not the message's.
    assert_eq!(refused(&with(r#""x":{"crc":"00000000"}"#)), None);
    let upper = crc_digits_with_letters();
    assert_eq!(refused(&upper), None);
    let place = upper.len() - 10;
    let shouted = format!("{}{}", &upper[..place], upper[place..].to_uppercase());
    assert_eq!(refused(&shouted), Some(Reject::Checksum));
}

/// A message whose checksum has a letter among its digits.
fn crc_digits_with_letters() -> String {
    let texts = (0..100).map(|seq| with_crc(&with(&format!(r#""seq":{seq}"#))));
    let has_letter =
        |text: &String| text[text.len() - 10..].bytes().any(|byte| byte.is_ascii_lowercase());
    texts.into_iter().find(has_letter).expect("most checksums have a letter")
}

#[test]
fn size_depth_and_version_have_reasons_of_their_own() {
    // Goal: the bounds of section 1, at and just beyond them.
    let padded = |bytes: usize| {
        let text = with(r#""x":"""#);
        text.replace(r#""x":"""#, &format!(r#""x":"{}""#, "y".repeat(bytes - text.len())))
    };
    assert_eq!(refused(&padded(MESSAGE_MAX)), None);
    assert_eq!(refused(&padded(MESSAGE_MAX + 1)), Some(Reject::TooLarge));
    let nested = |levels: usize| {
        with(&format!(r#""x":{}{}"#, "[".repeat(levels - 1), "]".repeat(levels - 1)))
    };
    assert_eq!(refused(&nested(DEPTH_MAX)), None);
    assert_eq!(refused(&nested(DEPTH_MAX + 1)), Some(Reject::TooDeep));
    assert_eq!(refused(&nested(1000)), Some(Reject::TooDeep));
    let quoted = with(&format!(r#""x":"{}\"[[""#, "[".repeat(40)));
    assert_eq!(refused(&quoted), None, "{quoted}");
    for v in ["2", "0", "1.5", "-1"] {
        let text = with(r#""obs":[]"#).replace(r#""v":1"#, &format!(r#""v":{v}"#));
        assert_eq!(refused(&text), Some(Reject::Version), "{v}");
    }
}

#[test]
fn lines_are_messages_and_a_long_one_is_skipped_to_its_end() {
    // Goal: offsets, CR LF, empty lines, and sync at the next LF.
    let line = obs(r#"{"sig":"spo2","val":97,"unit":"%"}"#);
    let long = "x".repeat(MESSAGE_MAX + 1);
    let text = format!("\r\n{line}\r\n{long}\n{line}");
    let (mut decoder, mut out) = (JsonLines::new(), Vec::new());
    decoder.push(text.as_bytes(), &mut out);
    decoder.finish(&mut out);
    let after = 2 + line.len() as u64 + 2;
    assert_eq!(out.iter().map(|d| d.at).collect::<Vec<_>>(), [2, after, after + 4098]);
    assert_eq!(out[1].event, Event::Rejected { reason: Reject::TooLarge, bytes: 4098 });
    assert_eq!(out[0].event, out[2].event);
}

#[test]
fn the_status_topic_says_online_or_offline_and_nothing_else() {
    // Goal: section 3; any other content is refused.
    assert_eq!(decode_status(br#"{"online":true}"#), Ok(Presence::Online));
    assert_eq!(decode_status(b" {\"online\" : false}\n"), Ok(Presence::Offline));
    let table: [(&[u8], Reject); 7] = [
        (b"", Reject::Schema),
        (b"{}", Reject::Schema),
        (br#"{"online":1}"#, Reject::Schema),
        (br#"{"online":true,"since":1}"#, Reject::Schema),
        (br#"{"online":true,"online":true}"#, Reject::DuplicateKey),
        (&[b'['; 100], Reject::TooDeep),
        (&[b' '; 5000], Reject::TooLarge),
    ];
    for (payload, reason) in table {
        assert_eq!(decode_status(payload), Err(reason), "{payload:?}");
    }
}
