//! A clinic's day: 1,000 readings a second from 100 beds, with alarms that begin all the time on
//! beds that take turns. How long until each is shown, and what does it all cost?

use std::collections::BTreeMap;
use std::thread::sleep;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;

use super::message::{Message, Tells};
use super::pace::sleep_until;
use super::proc;
use super::publisher::Publisher;
use super::subject::Subject;

pub(crate) const BEDS: u32 = 100;
const READINGS_EACH_S: u32 = 1000;
/// Before anything is counted.
const WARM_UP: Duration = Duration::from_secs(2);
/// Longest that an alarm is waited for.
const SHOWN_LIMIT: Duration = Duration::from_secs(2);
/// A bed's messages from one apnoea to the next: longer than its clear delay and its minimum time
/// on the screen together.
const APNOEA_EACH: u32 = 125;
/// A bed's messages between two cuff readings, alternately very high and very low.
const CUFF_EACH: u32 = 63;

/// How readings are put into messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One value each; a cuff's three.
    Single,
    /// Four values each, once a bed has changed; no alarms.
    State,
}

/// What a run has cost and how fast it was.
pub(crate) struct Figures {
    pub(crate) alarms: u64,
    pub(crate) missing: usize,
    /// Publish to shown, µs.
    pub(crate) shown_us: Histogram<u64>,
    pub(crate) cpu_s: f64,
    pub(crate) readings: u64,
}

impl Figures {
    pub(crate) fn none() -> Self {
        let shown_us = Histogram::new(3).expect("three digits");
        Self { alarms: 0, missing: 0, shown_us, cpu_s: 0.0, readings: 0 }
    }

    pub(crate) fn cpu_s_per_million(&self) -> f64 {
        self.cpu_s * 1e6 / self.readings as f64
    }

    /// Publish to shown in ms.
    pub(crate) fn shown_ms(&self, quantile: f64) -> f64 {
        self.shown_us.value_at_quantile(quantile) as f64 / 1e3
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.alarms += other.alarms;
        self.missing += other.missing;
        self.shown_us.add(&other.shown_us).expect("both grow by themselves");
        self.cpu_s += other.cpu_s;
        self.readings += other.readings;
    }
}

/// Publishes for `duration` after the warm-up, and waits for the last alarms.
pub(crate) fn run(
    subject: &Subject,
    publisher: &mut Publisher,
    shape: Shape,
    duration: Duration,
) -> Figures {
    let readings_each = if shape == Shape::State { 4 } else { 1 };
    let messages_each_s = READINGS_EACH_S / readings_each;
    let gap = Duration::from_secs(1) / messages_each_s;
    let warm_up = u32::try_from(WARM_UP.as_millis()).expect("seconds") * messages_each_s / 1000;
    let total = u32::try_from(duration.as_millis()).expect("seconds") * messages_each_s / 1000;
    let mut figures = Figures::none();
    let mut sent = BTreeMap::new();
    let (begun, mut cpu_s) = (Instant::now(), 0.0);
    for i in 0..warm_up + total {
        if i == warm_up {
            cpu_s = proc::cpu_s(subject.pid());
        }
        let (bed, turn) = (i % BEDS, i / BEDS);
        let (tells, begins) = match shape {
            Shape::Single => single(bed, turn),
            Shape::State => (Tells::State, Begins::Nothing),
        };
        let message = Message::new(bed, turn + 1, tells);
        sleep_until(begun + gap * i);
        if i >= warm_up {
            figures.readings += message.readings;
            if begins == Begins::Alarm {
                sent.insert((bed, message.seq), Instant::now());
            }
        }
        publisher.publish(&message);
    }
    figures.cpu_s = proc::cpu_s(subject.pid()) - cpu_s;
    if shape == Shape::Single {
        collect(subject, sent, &mut figures);
    }
    figures
}

fn collect(subject: &Subject, mut sent: BTreeMap<(u32, u32), Instant>, figures: &mut Figures) {
    figures.alarms = sent.len() as u64;
    let end = Instant::now() + SHOWN_LIMIT;
    while !sent.is_empty() && Instant::now() < end {
        let Ok(shown) = subject.alarms.try_recv() else {
            sleep(Duration::from_millis(10));
            continue;
        };
        if let Some(published) = sent.remove(&(shown.bed, shown.seq)) {
            let took = shown.at.saturating_duration_since(published);
            let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
            figures.shown_us.record(micros.max(1)).expect("it grows by itself");
        }
    }
    figures.missing = sent.len();
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Begins {
    Nothing,
    Alarm,
}

/// What a bed's monitor sends in its `turn`.
fn single(bed: u32, turn: u32) -> (Tells, Begins) {
    let since_cuff = turn + bed * CUFF_EACH / BEDS;
    if since_cuff.is_multiple_of(CUFF_EACH) {
        let high = (since_cuff / CUFF_EACH).is_multiple_of(2);
        return (if high { Tells::CUFF_HIGH } else { Tells::CUFF_LOW }, Begins::Alarm);
    }
    if turn % 4 != 3 {
        return (Tells::One(turn % 4), Begins::Nothing);
    }
    // One of four in a row is a respiration: the first of an apnoea is within the first four.
    match (turn + bed * APNOEA_EACH / BEDS) % APNOEA_EACH {
        0..4 => (Tells::APNOEA, Begins::Alarm),
        4..8 => (Tells::APNOEA, Begins::Nothing),
        _ => (Tells::BREATHING, Begins::Nothing),
    }
}
