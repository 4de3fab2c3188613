//! The parts of a run, each put into the table.

use std::hint::black_box;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::broker::Mosquitto;
use super::publisher::Publisher;
use super::steady::{self, Figures, Shape};
use super::subject::{Kind, Subject};
use super::table::{Aim, Row, Table};
use super::ward::{Feed, READINGS};
use super::{Plan, flood, size, storm};

/// Messages of one measurement in process.
const AT_ONCE: u64 = 4096;
/// From the service's answer until its subscription stands.
const SUBSCRIBED: Duration = Duration::from_millis(500);
const KINDS: [Kind; 2] = [Kind::Service, Kind::Bare];

#[derive(Default)]
pub(crate) struct Report {
    table: Table,
    notes: Vec<String>,
}

impl Report {
    pub(crate) fn text(&self) -> String {
        self.table.text(&self.notes)
    }

    /// Decode and step on one core, for three sizes of a clinic.
    pub(crate) fn in_process(&mut self, plan: &Plan) {
        for beds in [1, 100, 10_000] {
            let mut feed = Feed::new(beds);
            let (mut took, mut messages) = (Duration::ZERO, 0);
            while took < plan.in_process {
                let payloads = feed.payloads(AT_ONCE);
                let begun = Instant::now();
                for payload in &payloads {
                    let (input, now) = feed.decode(payload);
                    black_box(feed.step(&input, now));
                }
                took += begun.elapsed();
                messages += AT_ONCE;
            }
            self.table.put(&Row {
                what: &format!("decode and step, one core, {beds} beds"),
                unit: "readings/s",
                service: (messages * READINGS) as f64 / took.as_secs_f64(),
                bare: None,
                aim: Aim::AtLeast(1e6),
            });
        }
    }

    /// Latency and CPU at 1,000 readings a second over 100 beds.
    pub(crate) fn steady(&mut self, plan: &Plan) {
        let mut single = KINDS.map(|_| Figures::none());
        for round in 0..plan.rounds {
            for (kind, all) in KINDS.into_iter().zip(&mut single) {
                let (_broker, subject, mut publisher) = started(kind);
                let seconds = plan.steady;
                all.add(&steady::run(&subject, &mut publisher, Shape::Single, seconds));
                if kind == Kind::Service && round == 0 {
                    self.notes.push(stages(&subject));
                }
            }
        }
        let [service, bare] = &single;
        let quantiles = [
            ("p50", 0.5, Aim::Times(1.25)),
            ("p99", 0.99, Aim::Times(1.5)),
            ("p99.9", 0.999, Aim::None),
        ];
        for (name, quantile, aim) in quantiles {
            self.table.put(&Row {
                what: &format!("reading → alarm, {name}, 1,000 readings/s"),
                unit: "ms",
                service: service.shown_ms(quantile),
                bare: Some(bare.shown_ms(quantile)),
                aim,
            });
        }
        self.cpu("CPU per million readings, one per message", service, bare);
        let counted = |name: &str, figures: &Figures| {
            format!("{name}: {} alarms, {} of them never shown", figures.alarms, figures.missing)
        };
        self.notes.push(counted("steady, service", service));
        self.notes.push(counted("steady, L1", bare));
        let [service, bare] = KINDS.map(|kind| {
            let (_broker, subject, mut publisher) = started(kind);
            steady::run(&subject, &mut publisher, Shape::State, plan.state)
        });
        self.cpu("CPU per million readings, four per message", &service, &bare);
    }

    fn cpu(&mut self, what: &str, service: &Figures, bare: &Figures) {
        self.table.put(&Row {
            what,
            unit: "s",
            service: service.cpu_s_per_million(),
            bare: Some(bare.cpu_s_per_million()),
            aim: Aim::Times(1.5),
        });
    }

    /// The most that goes through one mosquitto.
    pub(crate) fn flood(&mut self, plan: &Plan) {
        let shapes = [("four per message", Shape::State), ("one per message", Shape::Single)];
        for (name, shape) in shapes {
            let [service, bare] = KINDS.map(|kind| {
                let (_broker, subject, mut publisher) = started(kind);
                flood::run(&subject, &mut publisher, shape, plan.flood)
            });
            self.table.put(&Row {
                what: &format!("through one mosquitto, {name}"),
                unit: "readings/s",
                service,
                bare: Some(bare),
                aim: if shape == Shape::State { Aim::AtLeast(50_000.0) } else { Aim::None },
            });
        }
    }

    /// Start and memory by the number of beds.
    pub(crate) fn size(&mut self, _plan: &Plan) {
        for beds in [10, 100, 1000, 10_000] {
            let [service, bare] = KINDS.map(|kind| size::run(kind, beds));
            let ms = |took: Duration| took.as_secs_f64() * 1e3;
            self.table.put(&Row {
                what: &format!("start → /livez, {beds} beds"),
                unit: "ms",
                service: service.live.map_or(f64::NAN, ms),
                bare: None,
                aim: Aim::AtMost(100.0),
            });
            self.table.put(&Row {
                what: &format!("start → first alarm, {beds} beds"),
                unit: "ms",
                service: ms(service.first_alarm),
                bare: Some(ms(bare.first_alarm)),
                aim: Aim::None,
            });
            self.table.put(&Row {
                what: &format!("memory, {beds} beds"),
                unit: "MiB",
                service: service.rss_mib,
                bare: Some(bare.rss_mib),
                aim: if beds == 100 { Aim::Times(3.0) } else { Aim::None },
            });
        }
    }

    /// 1,000 beds cross within 100 ms.
    pub(crate) fn storm(&mut self, _plan: &Plan) {
        let [service, bare] = KINDS.map(storm::run);
        let ms = |took: Duration| took.as_secs_f64() * 1e3;
        self.table.put(&Row {
            what: "storm of 1,000 beds: last reading → last alarm",
            unit: "ms",
            service: ms(service.last),
            bare: Some(ms(bare.last)),
            aim: Aim::AtMost(100.0),
        });
        self.table.put(&Row {
            what: "storm of 1,000 beds: slowest reading → alarm",
            unit: "ms",
            service: ms(service.slowest),
            bare: Some(ms(bare.slowest)),
            aim: Aim::None,
        });
        self.notes.push(format!(
            "storm: never shown by the service {}, by L1 {}; resync or bye on the screen: {}",
            service.missing, bare.missing, service.resyncs
        ));
    }
}

/// A fresh broker, its subject at work, and a publisher; the last goes first.
fn started(kind: Kind) -> (Mosquitto, Subject, Publisher) {
    let broker = Mosquitto::start();
    let subject = Subject::spawn(kind, broker.port, steady::BEDS);
    subject.until_live();
    sleep(SUBSCRIBED);
    let publisher = Publisher::connect(broker.port);
    (broker, subject, publisher)
}

/// The service's own times, warm-up included.
fn stages(subject: &Subject) -> String {
    let stages = ["decode", "step", "journal_commit", "reading_to_alarm"].map(|stage| {
        let at = |quantile: &str| {
            subject.metric(&format!("dosevigil_{stage}_seconds{{quantile=\"{quantile}\"}}")) * 1e3
        };
        format!("{stage} {:.2}/{:.2}/{:.2}", at("0.5"), at("0.99"), at("0.999"))
    });
    format!("the service's own times, p50/p99/p99.9 in ms: {}", stages.join(", "))
}
