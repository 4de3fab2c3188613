//! A multi-parameter monitor behind an MQTT gateway: turns vital signs into `vitals-json`
//! messages (1), with sequence number, time stamp and checksum. Every value says
//! `"q":"simulated"`. Deliberately publishes nothing itself; `broker` does.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::bedside::{Bedside, Sensor};
use crate::device::cuff::{Cuff, Determination};
use crate::patient::{CuffFailure, CuffOutcome};

/// Seconds from one message to the next.
pub const PERIOD_S: f64 = 1.0;

/// The monitor and its gateway.
#[derive(Clone, Debug)]
pub struct Gateway {
    bedside: Arc<Bedside>,
    cuff: Cuff,
    bed: String,
    device: String,
    seq: u32,
    /// Number of the determination that was last reported.
    reported: u32,
}

impl Gateway {
    /// A monitor `device` at `bed`; both are names as the topic has them.
    #[must_use]
    pub const fn new(bedside: Arc<Bedside>, cuff: Cuff, bed: String, device: String) -> Self {
        Self { bedside, cuff, bed, device, seq: 0, reported: 0 }
    }

    /// The message at `t_s`; `opened` is the wall time of second 0. It carries a determination
    /// that completed since the message before, however long ago that was.
    pub fn message(&mut self, t_s: f64, opened: Timestamp) -> String {
        self.cuff.advance(t_s);
        self.seq = self.seq.wrapping_add(1);
        let truth = self.bedside.observed(t_s);
        let heart_rate = truth.heart_rate.round() as u16;
        let mut obs = Vec::with_capacity(5);
        let mut tech = Vec::new();
        if let Some(last) = self.cuff.last() {
            self.report(last, opened, &mut obs, &mut tech);
        }
        obs.push(Obs { src: Some("ecg"), ..single("hr", Some(heart_rate), "/min") });
        let (spo2, pulse) = match self.bedside.sensor(t_s) {
            Sensor::On => (Some(truth.spo2.round() as u16), Some(heart_rate)),
            Sensor::Off => {
                tech.push(Tech { code: "sensor_off", active: true });
                (None, None)
            }
        };
        obs.push(single("spo2", spo2, "%"));
        obs.push(Obs { src: Some("pleth"), ..single("pr", pulse, "/min") });
        obs.push(single("rr", Some(truth.respiration.round() as u16), "/min"));
        let message = Message {
            v: 1,
            bed: Some(&self.bed),
            device: DeviceName { id: &self.device, make: Some("Simulated"), model: None },
            seq: self.seq,
            ts: wall(opened, t_s),
            obs,
            tech,
        };
        with_crc(&message)
    }

    fn report(
        &mut self,
        last: Determination,
        opened: Timestamp,
        obs: &mut Vec<Obs>,
        tech: &mut Vec<Tech>,
    ) {
        match last.outcome {
            CuffOutcome::Reading { .. } if last.number == self.reported => {}
            CuffOutcome::Reading { systolic, diastolic, mean, pulse } => {
                obs.push(Obs {
                    sys: Some(systolic),
                    dia: Some(diastolic),
                    map: Some(mean),
                    pr: Some(pulse),
                    at: Some(wall(opened, last.at_s)),
                    q: Some("simulated"),
                    ..Obs::empty("nibp", "mmHg")
                });
            }
            // Told again in every message until a determination succeeds.
            CuffOutcome::Failed(failure) => {
                tech.push(Tech { code: failure_code(failure), active: true });
            }
        }
        self.reported = last.number;
    }
}

/// `tech` code of a failed determination (1).
const fn failure_code(failure: CuffFailure) -> &'static str {
    match failure {
        CuffFailure::Unspecified => "aborted",
        CuffFailure::PumpUp => "cuff_leak",
        CuffFailure::TotalTime | CuffFailure::OnePressure => "timeout",
        CuffFailure::Overpressure => "overpressure",
    }
}

/// RFC 3339 with milliseconds, `t_s` seconds from `opened`.
fn wall(opened: Timestamp, t_s: f64) -> String {
    let at = opened.saturating_add(SignedDuration::from_millis((t_s * 1000.0).round() as i64));
    format!("{:.3}", at.expect("whole milliseconds can be added to any time"))
}

/// The object of `vitals-json` 1, members in its order.
#[derive(Serialize)]
struct Message<'a> {
    v: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    bed: Option<&'a str>,
    device: DeviceName<'a>,
    seq: u32,
    ts: String,
    obs: Vec<Obs>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tech: Vec<Tech>,
}

#[derive(Serialize)]
struct DeviceName<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    make: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<&'a str>,
}

#[derive(Serialize)]
struct Obs {
    sig: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sys: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dia: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    map: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pr: Option<u16>,
    /// `Some(None)` is sent as null: present, but unavailable.
    #[serde(skip_serializing_if = "Option::is_none")]
    val: Option<Option<u16>>,
    unit: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    src: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    q: Option<&'static str>,
}

impl Obs {
    const fn empty(sig: &'static str, unit: &'static str) -> Self {
        Self {
            sig,
            sys: None,
            dia: None,
            map: None,
            pr: None,
            val: None,
            unit,
            src: None,
            at: None,
            q: None,
        }
    }
}

#[derive(Serialize)]
struct Tech {
    code: &'static str,
    active: bool,
}

fn single(sig: &'static str, val: Option<u16>, unit: &'static str) -> Obs {
    let q = if val.is_some() { "simulated" } else { "invalid" };
    Obs { val: Some(val), q: Some(q), ..Obs::empty(sig, unit) }
}

/// The message with its `crc` as last member: CRC-32 over the bytes before `,"crc":` (1).
fn with_crc(message: &Message<'_>) -> String {
    let mut text = serde_json::to_string(message).expect("names, numbers and text serialise");
    let closing = text.pop();
    debug_assert_eq!(closing, Some('}'));
    let crc = crc32fast::hash(text.as_bytes());
    text.push_str(&format!(r#","crc":"{crc:08x}"}}"#));
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bedside::Span;
    use crate::device::cuff::{CuffPlan, ScriptedCuff};
    use crate::patient::{Patient, Traits, reading};

    fn gateway(outcome: CuffOutcome) -> Gateway {
        let patient = Patient::new(8, Traits::TYPICAL, Vec::new());
        let off = vec![Span { from_s: 200.0, to_s: 210.0 }];
        let bedside = Arc::new(Bedside::new(patient, Vec::new(), off));
        let plan = CuffPlan { interval_s: 1e6, first_s: 1e6 };
        let scripted = vec![ScriptedCuff { at_s: 100.5, outcome }];
        let cuff = Cuff::new(Arc::clone(&bedside), plan, scripted);
        Gateway::new(bedside, cuff, "bay-3".to_owned(), "bay-3-monitor".to_owned())
    }

    fn opened() -> Timestamp {
        "2026-11-22T10:15:07.250Z".parse().expect("an RFC 3339 time")
    }

    fn parse(text: &str) -> serde_json::Value {
        serde_json::from_str(text).expect("a message is JSON")
    }

    #[test]
    fn the_checksum_reproduces_the_vector() {
        // Goal: `vitals-json` 4, bp_crc, byte for byte.
        let pressure = Obs {
            sys: Some(132),
            dia: Some(84),
            map: Some(100),
            pr: Some(71),
            ..Obs::empty("nibp", "mmHg")
        };
        let message = Message {
            v: 1,
            bed: None,
            device: DeviceName { id: "cuff-07", make: None, model: None },
            seq: 1,
            ts: "2026-11-22T10:15:07Z".to_owned(),
            obs: vec![pressure],
            tech: Vec::new(),
        };
        let want = concat!(
            r#"{"v":1,"device":{"id":"cuff-07"},"seq":1,"ts":"2026-11-22T10:15:07Z","obs":[{"#,
            r#""sig":"nibp","sys":132,"dia":84,"map":100,"pr":71,"unit":"mmHg"}],"#,
            r#""crc":"293d587e"}"#
        );
        assert_eq!(with_crc(&message), want);
    }

    #[test]
    fn a_determination_is_sent_once_with_its_own_instant() {
        // Goal: no repeat, and `at` is the completion. Method: messages around one at 100.5 s.
        let mut gateway = gateway(reading(186.0, 104.0, 92.0));
        let sent: Vec<serde_json::Value> =
            (99..104).map(|t| parse(&gateway.message(f64::from(t), opened()))).collect();
        let with_pressure: Vec<usize> =
            (0..5).filter(|i| sent[*i]["obs"][0]["sig"] == "nibp").collect();
        assert_eq!(with_pressure, [2]);
        let obs = &sent[2]["obs"][0];
        assert_eq!(
            (&obs["sys"], &obs["dia"], &obs["map"]),
            (&186.into(), &104.into(), &131.into())
        );
        assert_eq!(obs["at"], "2026-11-22T10:16:47.750Z");
        assert_eq!(sent[2]["ts"], "2026-11-22T10:16:48.250Z");
        assert_eq!(sent.iter().map(|m| m["seq"].clone()).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    }

    #[test]
    fn what_is_missing_is_null_and_named() {
        // Goal: no stale figure. Method: a finger out of the sensor, and a failed cuff.
        let mut gateway = gateway(CuffOutcome::Failed(CuffFailure::PumpUp));
        let message = parse(&gateway.message(205.0, opened()));
        let codes: Vec<_> = message["tech"].as_array().expect("tech is there").iter().collect();
        assert_eq!(codes.len(), 2);
        assert_eq!(codes[0]["code"], "cuff_leak");
        assert_eq!(codes[1]["code"], "sensor_off");
        assert_eq!(message["obs"][1]["sig"], "spo2");
        assert!(message["obs"][1]["val"].is_null());
        assert_eq!(message["obs"][1]["q"], "invalid");
        let later = parse(&gateway.message(211.0, opened()));
        assert_eq!(later["obs"][1]["val"], 97);
    }
}
