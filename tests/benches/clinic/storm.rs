//! An alarm storm: 1,000 beds cross a limit within 100 ms.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::broker::Mosquitto;
use super::message::{Message, Tells};
use super::pace::sleep_until;
use super::publisher::Publisher;
use super::subject::{Kind, Subject};

pub(crate) const BEDS: u32 = 1000;
/// All of them cross within it, in steps of a millisecond.
const WITHIN: Duration = Duration::from_millis(100);
const STEPS: u32 = 100;
/// Longest that the last one is waited for.
const LIMIT: Duration = Duration::from_secs(10);
/// Between the first normal values and the storm.
const CALM: Duration = Duration::from_millis(1500);

pub(crate) struct Figures {
    /// The longest from a reading to its alarm.
    pub(crate) slowest: Duration,
    /// From the last reading to the last alarm shown.
    pub(crate) last: Duration,
    pub(crate) missing: usize,
    pub(crate) resyncs: u64,
}

pub(crate) fn run(kind: Kind) -> Figures {
    let broker = Mosquitto::start();
    let mut publisher = Publisher::connect(broker.port);
    let subject = Subject::spawn(kind, broker.port, BEDS);
    subject.until_live();
    sleep(CALM);
    for bed in 0..BEDS {
        publisher.publish(&Message::new(bed, 1, Tells::BREATHING));
    }
    sleep(CALM);
    let (begun, mut sent) = (Instant::now(), BTreeMap::new());
    for step in 0..STEPS {
        sleep_until(begun + WITHIN / STEPS * step);
        for bed in (0..BEDS).skip(step as usize).step_by(STEPS as usize) {
            publisher.queue(&Message::new(bed, 2, Tells::APNOEA));
            sent.insert(bed, Instant::now());
        }
        publisher.flush();
    }
    let last_sent = Instant::now();
    let (mut slowest, mut last) = (Duration::ZERO, last_sent);
    while !sent.is_empty() && last_sent.elapsed() < LIMIT {
        let Ok(shown) = subject.alarms.try_recv() else {
            sleep(Duration::from_millis(5));
            continue;
        };
        if let Some(published) = sent.remove(&shown.bed) {
            slowest = slowest.max(shown.at.saturating_duration_since(published));
            last = last.max(shown.at);
        }
    }
    let last = last.duration_since(last_sent);
    let resyncs = subject.resyncs.load(Ordering::Relaxed);
    Figures { slowest, last, missing: sent.len(), resyncs }
}
