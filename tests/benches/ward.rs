//! A ward at work, in process: messages of a bedside monitor for N beds, once a second and bed, as
//! text and as inputs. Texts are made outside the time that is measured.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use dosevigil::config;
use dosevigil::domain::act::{Act, Actor, Baseline, Deed};
use dosevigil::domain::bed::{BedPlan, Watch};
use dosevigil::domain::device::vitals_json;
use dosevigil::domain::ids::{BedId, BedIndex, DeviceId, SessionId, SourceIndex};
use dosevigil::domain::input::{DoseEvent, Input, SessionStart};
use dosevigil::domain::reading::Origin;
use dosevigil::domain::role::Role;
use dosevigil::domain::time::{MonoTime, Stamp, WallTime};
use dosevigil::domain::ward::{SourceKind, SourcePlan, Ward, WardPlan};

/// Readings of every message here: hr, spo2, pulse and resp, or a cuff's sys, dia, map and pulse.
pub(crate) const READINGS: u64 = 4;
/// One message of so many is a cuff's: every five minutes at one message a second.
const CUFF_EACH: u64 = 300;
/// Midnight, 22 November 2026: where the clock of ward and monitors begins.
const START_US: i64 = 1_795_305_600_000_000;

/// One bed after the other, each once a second.
pub(crate) struct Feed {
    pub(crate) ward: Ward,
    devices: Vec<DeviceId>,
    sent: u64,
}

/// A message for a bed, not yet decoded.
pub(crate) struct Payload {
    pub(crate) bed: BedIndex,
    pub(crate) now: Stamp,
    pub(crate) text: String,
}

impl Feed {
    /// `beds` beds with a session in its active phase.
    pub(crate) fn new(beds: u32) -> Self {
        let example = Path::new("config/monitor.toml");
        let config = config::load(example).expect("the shipped example is valid");
        let plan = |index: u32| BedPlan {
            declared: Vec::new(),
            id: BedId::try_new(&format!("bay-{index}")).expect("a good name"),
            watch: Watch::Session,
            preset: Arc::clone(&config.alarms.preset),
            lines: Vec::new(),
            origin: Origin::Patient,
        };
        let source = SourcePlan { name: "clinic".into(), kind: SourceKind::Broker };
        let plan = WardPlan {
            escalation: dosevigil::domain::alarm::escalation::EscalationTimes::DEFAULT,
            presets: Vec::new(),
            site: "bench".into(),
            beds: (0..beds).map(plan).collect(),
            sources: vec![source],
            origin: Origin::Patient,
        };
        let at = stamp(Duration::ZERO);
        let mut feed = Self { ward: Ward::new(plan, at), devices: Vec::new(), sent: 0 };
        for bed in 0..beds {
            let device = DeviceId::try_new(&format!("monitor-{bed}")).expect("a good name");
            feed.devices.push(device);
            feed.start_session(BedIndex(bed), at);
        }
        feed
    }

    fn start_session(&mut self, bed: BedIndex, at: Stamp) {
        let id = SessionId::from_bits(u128::from(bed.0) + 1);
        let (initials, drug, route) = ("A.B.".into(), "ketamine".into(), "iv".into());
        let start = SessionStart { id, initials, drug, route, age_years: None, responsible: None };
        let session = start.id;
        let mut out = Vec::new();
        self.ward.step(&Input::SessionStarted { bed, start }, at, &mut out);
        // Rises and drops are judged, too.
        let [sys, dia, map, heart_rate, spo2] = [120, 76, 91, 70, 96].map(Some);
        let baseline = Baseline { sys, dia, map, heart_rate, spo2 };
        let deed = Deed::AcceptBaseline { session, baseline };
        let (command, by) = (session, Actor::new("kim", Role::Nurse));
        self.ward.step(&Input::Act(Act { command, by, reason: None, deed }), at, &mut out);
        let dose = DoseEvent::Started { at };
        self.ward.step(&Input::Dose { bed, dose }, at, &mut out);
    }

    /// The next `count` messages of the ward.
    pub(crate) fn payloads(&mut self, count: u64) -> Vec<Payload> {
        (0..count).map(|_| self.payload()).collect()
    }

    fn payload(&mut self) -> Payload {
        let beds = self.devices.len() as u64;
        let (round, bed) = (self.sent / beds, self.sent % beds);
        self.sent += 1;
        let since_start = Duration::from_micros(1_000_000 + self.sent * 1_000_000 / beds);
        let now = stamp(since_start);
        let bed = u32::try_from(bed).expect("a bed's number");
        let text = match (round + u64::from(bed)) % CUFF_EACH {
            CUFF_TURN => cuff(bed, round, now),
            _ => vitals(bed, round, now),
        };
        Payload { bed: BedIndex(bed), now, text }
    }

    /// As the source does it: decode, and give it to its bed.
    pub(crate) fn decode(&self, payload: &Payload) -> (Input, Stamp) {
        let message = vitals_json::decode(payload.text.as_bytes()).expect("a good message");
        let device = self.devices[payload.bed.0 as usize].clone();
        let source = SourceIndex(0);
        (Input::Message { bed: payload.bed, source, device, message }, payload.now)
    }

    /// Returns how many transitions came of it.
    pub(crate) fn step(&mut self, input: &Input, now: Stamp) -> usize {
        let mut out = Vec::new();
        self.ward.step(input, now, &mut out);
        out.len()
    }
}

/// The place of a cuff's message among `CUFF_EACH`.
const CUFF_TURN: u64 = 3;

fn stamp(since_start: Duration) -> Stamp {
    let start = Stamp { mono: MonoTime::from_micros(0), wall: WallTime::from_micros(START_US) };
    start.plus(since_start)
}

pub(crate) fn head(bed: u32, seq: u64, now: Stamp) -> String {
    let mut text = String::with_capacity(400);
    let ts = time(now.wall);
    write!(text, r#"{{"v":1,"device":{{"id":"monitor-{bed}"}},"seq":{seq},"ts":"{ts}","obs":["#)
        .expect("a String takes all that is written");
    text
}

/// What most messages are: four values a second that move a little and stay within their limits.
fn vitals(bed: u32, round: u64, now: Stamp) -> String {
    let mut text = head(bed, round, now);
    let wave = (round + u64::from(bed)) % 7;
    let (hr, spo2, rr) = (68 + wave, 95 + wave / 2, 13 + wave / 3);
    let observations = [
        format!(r#"{{"sig":"hr","val":{hr},"unit":"/min","src":"ecg"}}"#),
        format!(r#"{{"sig":"spo2","val":{spo2},"unit":"%"}}"#),
        format!(r#"{{"sig":"pr","val":{hr},"unit":"/min"}}"#),
        format!(r#"{{"sig":"rr","val":{rr},"unit":"/min"}}"#),
    ];
    text += &observations.join(",");
    text += "]}";
    text
}

fn cuff(bed: u32, round: u64, now: Stamp) -> String {
    let mut text = head(bed, round, now);
    let sys = 118 + round % 9;
    write!(text, r#"{{"sig":"nibp","sys":{sys},"dia":76,"map":91,"pr":70,"unit":"mmHg"}}]}}"#)
        .expect("a String takes all that is written");
    text
}

/// RFC 3339 in UTC with milliseconds.
fn time(wall: WallTime) -> String {
    let time = jiff::Timestamp::from_microsecond(wall.as_micros()).expect("within this century");
    format!("{time:.3}")
}
