//! The published vectors of each protocol against its decoder, key by key.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::domain::device::ge_dinamap_ascii::{self, GeDinamapAscii};
use crate::domain::device::nonin::{Format, Nonin};
use crate::domain::device::*;
use crate::domain::metric::Metric;
use crate::domain::reading::{Absent, Measured, Quantity};

const DINAMAP: &str = include_str!("../../../../tests/vectors/ge-dinamap-ascii.json");
const NONIN: &str = include_str!("../../../../tests/vectors/nonin.json");
const VITALS_JSON: &str = include_str!("../../../../tests/vectors/vitals-json.json");

struct Vector {
    id: String,
    bytes: Vec<u8>,
    decoded: BTreeMap<String, Value>,
}

fn vectors(text: &str) -> Vec<Vector> {
    let file: Value = serde_json::from_str(text).unwrap();
    let vectors = file["vectors"].as_array().unwrap().iter();
    vectors
        .map(|vector| Vector {
            id: vector["id"].as_str().unwrap().to_owned(),
            bytes: match (vector["hex"].as_str(), vector["text"].as_str()) {
                (Some(hex), _) => {
                    hex.split(' ').map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect()
                }
                (None, text) => text.unwrap().as_bytes().to_vec(),
            },
            decoded: serde_json::from_value(vector["decoded"].clone()).unwrap(),
        })
        .collect()
}

fn decode(mut decoder: Decoder, bytes: &[u8]) -> Vec<Event> {
    let mut out = Vec::new();
    decoder.push(bytes, &mut out);
    decoder.finish(&mut out);
    out.into_iter().map(|decoded| decoded.event).collect()
}

fn message(id: &str, events: &[Event]) -> Message {
    match events {
        [Event::Message(message)] => message.clone(),
        other => panic!("{id}: {other:?}"),
    }
}

/// The value that a message has for a metric; `None` when it has no such reading.
fn value(message: &Message, metric: Metric) -> Option<Result<Quantity, Absent>> {
    let mut readings = message.readings.iter().filter(|reading| reading.metric == metric);
    let found = readings.next().map(|reading| reading.value);
    assert!(readings.next().is_none(), "two readings of {metric:?}");
    found
}

/// Compares the keys that name a value; a reading that no key names must be absent.
fn assert_values(vector: &Vector, message: &Message, rate: Metric) {
    let mut named = Vec::new();
    for (key, expected) in &vector.decoded {
        let metric = match key.as_str() {
            "sys_mmHg" => Metric::NibpSys,
            "dia_mmHg" => Metric::NibpDia,
            "map_mmHg" => Metric::NibpMap,
            "pr_bpm" => Metric::PulseRate,
            "hr_bpm" => rate,
            "spo2_pct" => Metric::SpO2,
            _ => continue,
        };
        named.push(metric);
        let expected = expected.as_f64();
        let found = value(message, metric).unwrap_or_else(|| panic!("{} {key}", vector.id));
        assert_eq!(found.ok().map(|q| f64::from(q.0)), expected, "{} {key}", vector.id);
    }
    for reading in &message.readings {
        let told = named.contains(&reading.metric) || vector.id == "tc_ok";
        assert!(told || reading.value.is_err(), "{} {reading:?}", vector.id);
    }
}

fn active(message: &Message) -> Vec<StatusCode> {
    message.statuses.iter().filter(|status| status.active).map(|status| status.code).collect()
}

/// Goal: each reply decodes to what the specification's table says of it; commands are not replies.
#[test]
fn dinamap_vectors_decode_as_published() {
    let polls = ge_dinamap_ascii::polls(Frames::All);
    for vector in vectors(DINAMAP) {
        let decoder = Decoder::GeDinamapAscii(GeDinamapAscii::new(Frames::All));
        let events = decode(decoder, &vector.bytes);
        let bytes = vector.bytes.len();
        if vector.decoded.contains_key("command") {
            let reason = match vector.id.as_str() {
                "cmd_start" | "cmd_cancel" => Reject::Unknown,
                _ => Reject::Length,
            };
            assert_eq!(events, [Event::Rejected { reason, bytes }], "{}", vector.id);
            let sent = ["cmd_read_nibp", "cmd_spo2", "cmd_hr", "cmd_temp"];
            assert_eq!(
                polls.contains(&vector.bytes.as_slice()),
                sent.contains(&vector.id.as_str()),
                "{}",
                vector.id
            );
            continue;
        }
        if vector.id == "bad_checksum" {
            assert_eq!(events, [Event::Rejected { reason: Reject::Checksum, bytes }]);
            continue;
        }
        let message = message(&vector.id, &events);
        assert_values(&vector, &message, Metric::PulseRate);
        let statuses = match vector.decoded.get("status").and_then(Value::as_str) {
            None | Some("done_ok" | "operate_ok") => vec![],
            Some("busy") => vec![StatusCode::Busy],
            Some("determination_failed") => vec![StatusCode::Aborted],
            Some("overpressure_or_excess_air") => vec![StatusCode::Overpressure],
            Some("sensor_unplugged") => vec![StatusCode::SensorOff],
            Some(other) => panic!("{}: {other}", vector.id),
        };
        assert_eq!(active(&message), statuses, "{}", vector.id);
        if let Some(age_s) = vector.decoded.get("age_s").and_then(Value::as_u64) {
            let measured = Measured::SecondsAgo(u32::try_from(age_s).unwrap());
            assert!(message.readings.iter().all(|r| r.measured == measured), "{}", vector.id);
        }
        if vector.id == "tc_ok" {
            assert_eq!(value(&message, Metric::Temp), Some(Ok(Quantity(370))));
        }
    }
}

/// Goal: each packet decodes to what the specification's table says of it; format 1 when named.
#[test]
fn nonin_vectors_decode_as_published() {
    for vector in vectors(NONIN) {
        let format = match vector.id.as_str() {
            id if id.starts_with("df1") => Format::One,
            _ => Format::Auto,
        };
        let events = decode(Decoder::Nonin(Nonin::new(format, Frames::All)), &vector.bytes);
        if vector.decoded.contains_key("command") {
            // A control frame: passed over, whichever side sent it.
            assert_eq!(events, [], "{}", vector.id);
            continue;
        }
        if vector.decoded.contains_key("error") {
            let bytes = vector.bytes.len();
            assert_eq!(events, [Event::Rejected { reason: Reject::Checksum, bytes }]);
            continue;
        }
        let message = message(&vector.id, &events);
        assert_values(&vector, &message, Metric::PulseRate);
        let flags = vector.decoded.get("flags").and_then(Value::as_array);
        let mut statuses: Vec<_> = flags
            .into_iter()
            .flatten()
            .map(|flag| match flag.as_str().unwrap() {
                "sensor_disconnected" => StatusCode::SensorOff,
                "sensor_alarm" => StatusCode::SensorFault,
                "out_of_track" => StatusCode::OutOfTrack,
                "low_perfusion" => StatusCode::LowPerfusion,
                other => panic!("{}: {other}", vector.id),
            })
            .collect();
        statuses.sort_unstable();
        let mut found = active(&message);
        found.sort_unstable();
        assert_eq!(found, statuses, "{}", vector.id);
    }
}

/// Goal: each message decodes to what the specification says of it, as a payload and as a line.
#[test]
fn vitals_json_vectors_decode_as_published() {
    for vector in vectors(VITALS_JSON) {
        let decoded = vitals_json::decode(&vector.bytes);
        let as_line = decode(Decoder::VitalsJson(JsonLines::new()), &vector.bytes);
        let event = match &decoded {
            Ok(message) => Event::Message(message.clone()),
            Err(reason) => Event::Rejected { reason: *reason, bytes: vector.bytes.len() },
        };
        assert_eq!(as_line, [event], "{}", vector.id);
        if let Some(error) = vector.decoded.get("error") {
            assert_eq!(
                decoded.map_err(Reject::name),
                Err(error.as_str().unwrap()),
                "{}",
                vector.id
            );
            continue;
        }
        let message = decoded.unwrap_or_else(|reason| panic!("{}: {reason:?}", vector.id));
        assert_values(&vector, &message, Metric::HeartRate);
        if let Some(why) = vector.decoded.get("why") {
            let reason = value(&message, Metric::NibpSys).unwrap().unwrap_err();
            assert_eq!(reason.name(), why, "{}", vector.id);
        }
        let tech = vector.decoded.get("tech").and_then(Value::as_array);
        let tech: Vec<_> = tech.into_iter().flatten().map(|code| code.as_str().unwrap()).collect();
        let found: Vec<_> = active(&message).into_iter().map(StatusCode::name).collect();
        assert_eq!(found, tech, "{}", vector.id);
    }
}
