//! Figures of the service: counters, stage times of readings, and their Prometheus text.
//!
//! One owner (the engine), no globals. Stage times are kept in HDR histograms of microseconds with
//! three significant digits; latencies never enter the journal (contract 5, style 2.6).

mod budget;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use hdrhistogram::Histogram;

pub use self::budget::{Budget, Kept};
use crate::domain::alarm::AlarmKind;
use crate::domain::alarm::Priority;
use crate::domain::device::Reject;
use crate::domain::ids::SourceIndex;
use crate::domain::reading::{Absent, Reading};

/// Why a single value can't be used while the rest of its message stands (contract 4).
const OF_VALUES: [&str; 3] = ["range", "pair", "unit"];
/// Longest stage that is told apart: a minute.
const STAGE_MAX_US: u64 = 60_000_000;
const QUANTILES: [f64; 4] = [0.5, 0.9, 0.99, 0.999];

/// What happens to a reading between its last byte and the dashboard, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Decode,
    Step,
    Commit,
    Publish,
    /// Receipt to published, of readings that caused a transition.
    ReadingToAlarm,
}

#[derive(Debug)]
pub struct Telemetry {
    stages: [Histogram<u64>; 5],
    /// By kind, then priority.
    transitions: [[u64; 3]; 2],
    /// By source, then as `OF_VALUES`.
    values: BTreeMap<u32, [u64; 3]>,
    pub self_checks: u64,
    pub shown_before_commit: u64,
    pub quarantines: u64,
    pub budget: Budget,
}

/// A figure that another part counts, put beside the engine's own.
#[derive(Clone, Copy, Debug)]
pub struct Figure<'a> {
    pub name: &'a str,
    pub help: &'a str,
    pub value: u64,
}

impl Stage {
    const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::Decode, "dosevigil_decode_seconds", "Last byte of a message to its readings"),
        (Self::Step, "dosevigil_step_seconds", "Readings to judged, waiting included"),
        (Self::Commit, "dosevigil_journal_commit_seconds", "Judged to durable"),
        (Self::Publish, "dosevigil_publish_seconds", "Durable to handed to the streams"),
        (
            Self::ReadingToAlarm,
            "dosevigil_reading_to_alarm_seconds",
            "Last byte of a reading to its alarm handed to the streams",
        ),
    ];
}

impl Default for Telemetry {
    fn default() -> Self {
        let empty = || {
            Histogram::new_with_bounds(1, STAGE_MAX_US, 3)
                .expect("1 µs to 60 s in 3 digits is valid")
        };
        Self {
            stages: std::array::from_fn(|_| empty()),
            transitions: [[0; 3]; 2],
            values: BTreeMap::new(),
            self_checks: 0,
            shown_before_commit: 0,
            quarantines: 0,
            budget: Budget::default(),
        }
    }
}

impl Telemetry {
    pub fn record(&mut self, stage: Stage, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.stages[stage as usize].saturating_record(micros.max(1));
    }

    pub fn transition(&mut self, kind: AlarmKind, priority: Priority) {
        self.transitions[kind as usize][priority as usize] += 1;
    }

    /// Counts the values of a message that can't be used.
    pub fn values(&mut self, source: SourceIndex, readings: &[Reading]) {
        for reading in readings {
            let place = match reading.value {
                Err(Absent::Range { .. }) => 0,
                Err(Absent::Pair { .. }) => 1,
                Err(Absent::Unit) => 2,
                // The device says it itself: nothing was refused.
                Ok(_) | Err(Absent::Unavailable | Absent::Invalid | Absent::Stale) => continue,
            };
            self.values.entry(source.0).or_default()[place] += 1;
        }
    }

    /// Prometheus text format 0.0.4; `rejects` are by `SourceIndex`.
    #[must_use]
    pub fn text(&self, rejects: &[(&str, [u64; 11])], figures: &[Figure<'_>]) -> String {
        let mut text = String::with_capacity(4096);
        for (stage, name, help) in Stage::ALL {
            summary(&mut text, name, help, &self.stages[stage as usize]);
        }
        let help = "Messages refused whole, and single values (range, pair, unit)";
        head(&mut text, "dosevigil_rejects_total", help, "counter");
        for (place, (source, counts)) in (0..).zip(rejects) {
            let whole = Reject::ALL.iter().map(|reason| reason.name()).zip(*counts);
            let values = self.values.get(&place).copied().unwrap_or_default();
            for (reason, count) in whole.chain(OF_VALUES.into_iter().zip(values)) {
                let labels = format!("source=\"{source}\",reason=\"{reason}\"");
                line(&mut text, "dosevigil_rejects_total", &labels, count);
            }
        }
        head(&mut text, "dosevigil_alarm_transitions_total", "Alarm transitions", "counter");
        for (kind, row) in ["physiological", "technical"].iter().zip(self.transitions) {
            for (priority, count) in Priority::ALL.iter().zip(row) {
                let labels = format!("kind=\"{kind}\",priority=\"{}\"", priority.name());
                line(&mut text, "dosevigil_alarm_transitions_total", &labels, count);
            }
        }
        let own = [
            ("dosevigil_self_checks_total", "Rounds of the engine", self.self_checks),
            (
                "dosevigil_shown_before_commit_total",
                "Alarms shown before the journal had them",
                self.shown_before_commit,
            ),
            ("dosevigil_quarantines_total", "Beds rebuilt after a failed step", self.quarantines),
        ];
        let own = own.map(|(name, help, value)| Figure { name, help, value });
        for figure in own.iter().chain(figures) {
            head(&mut text, figure.name, figure.help, kind_of(figure.name));
            line(&mut text, figure.name, "", figure.value);
        }
        text
    }
}

fn kind_of(name: &str) -> &'static str {
    if name.ends_with("_total") { "counter" } else { "gauge" }
}

fn summary(text: &mut String, name: &str, help: &str, histogram: &Histogram<u64>) {
    head(text, name, help, "summary");
    for quantile in QUANTILES {
        let seconds = seconds(histogram.value_at_quantile(quantile));
        let _infallible = writeln!(text, "{name}{{quantile=\"{quantile}\"}} {seconds}");
    }
    let sum: u64 =
        histogram.iter_recorded().map(|v| v.value_iterated_to() * v.count_at_value()).sum();
    let _infallible =
        writeln!(text, "{name}_sum {}\n{name}_count {}", seconds(sum), histogram.len());
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
fn seconds(micros: u64) -> f64 {
    micros as f64 / 1e6
}

fn head(text: &mut String, name: &str, help: &str, kind: &str) {
    let _infallible = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

fn line(text: &mut String, name: &str, labels: &str, value: u64) {
    let labels = if labels.is_empty() { String::new() } else { format!("{{{labels}}}") };
    let _infallible = writeln!(text, "{name}{labels} {value}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::metric::Metric;
    use crate::domain::reading::{Quantity, ValueSource};

    #[test]
    fn stage_times_are_told_in_seconds_with_their_quantiles() {
        let mut telemetry = Telemetry::default();
        for millis in 1..=100 {
            telemetry.record(Stage::ReadingToAlarm, Duration::from_millis(millis));
        }
        telemetry.transition(AlarmKind::Physiological, Priority::High);
        let mut rejects = [0; 11];
        rejects[Reject::Schema as usize] = 3;
        let text = telemetry.text(&[("clinic", rejects)], &[]);
        let p50 = text
            .lines()
            .find_map(|l| l.strip_prefix("dosevigil_reading_to_alarm_seconds{quantile=\"0.5\"} "))
            .and_then(|value| value.parse::<f64>().ok())
            .expect("the line is there");
        assert!((0.0499..0.0502).contains(&p50), "{p50}");
        for line in [
            "dosevigil_rejects_total{source=\"clinic\",reason=\"schema\"} 3",
            "dosevigil_alarm_transitions_total{kind=\"physiological\",priority=\"high\"} 1",
            "dosevigil_reading_to_alarm_seconds_count 100",
        ] {
            assert!(text.lines().any(|l| l == line), "{line} in\n{text}");
        }
    }
    #[test]
    fn a_value_that_cant_be_used_is_counted_under_its_reason_and_source() {
        // Goal: contract 4: exactly one reason; what the device itself gives no value for is none.
        let mut telemetry = Telemetry::default();
        let of = |value| Reading::new(Metric::SpO2, value, ValueSource::Pleth);
        let readings = [
            Ok(Quantity(97)),
            Err(Absent::Range { raw: 310 }),
            Err(Absent::Range { raw: 311 }),
            Err(Absent::Pair { raw: 80 }),
            Err(Absent::Unit),
            Err(Absent::Unavailable),
        ];
        telemetry.values(SourceIndex(1), &readings.map(of));
        let text = telemetry.text(&[("cuff", [0; 11]), ("clinic", [0; 11])], &[]);
        for (source, reason, count) in [
            ("clinic", "range", 2),
            ("clinic", "pair", 1),
            ("clinic", "unit", 1),
            ("clinic", "schema", 0),
            ("cuff", "range", 0),
        ] {
            let labels = format!("source=\"{source}\",reason=\"{reason}\"");
            let line = format!("dosevigil_rejects_total{{{labels}}} {count}");
            assert!(text.lines().any(|it| it == line), "{line} in\n{text}");
        }
        assert!(!text.contains("unavailable"), "{text}");
    }
}
