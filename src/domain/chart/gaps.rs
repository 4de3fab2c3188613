//! Stretches without data: a continuous value that stays away, an overdue cuff, a service that was
//! down. They are shown as what they are and never interpolated (alarms, Dashboard HMI 13).

use std::time::Duration;

use super::{SessionChart, Value};
use crate::domain::alarm::AlarmFamily;
use crate::domain::input::Input;
use crate::domain::metric::Metric;
use crate::domain::record::RecordedInput;
use crate::domain::time::Stamp;

/// A continuous value older than this has lost its number (alarms, F1): from there on is a gap.
const NUMBER_LASTS: Duration = Duration::from_secs(30);

/// Vitals that are sent all the time.
const CONTINUOUS: [Metric; 7] = [
    Metric::HeartRate,
    Metric::PulseRate,
    Metric::SpO2,
    Metric::RespRate,
    Metric::ArtSys,
    Metric::ArtDia,
    Metric::ArtMap,
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GapCause {
    /// No valid value of this metric.
    NoValue(Metric),
    /// The planned cuff reading did not come.
    CuffOverdue,
    /// The service was down: nothing was watched.
    Outage,
}

/// A stretch without data, from the last value to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    pub cause: GapCause,
    pub from: Stamp,
    pub until: Stamp,
}

impl Gap {
    /// Whether a trend of this metric has no data there.
    #[must_use]
    pub fn is_of(&self, metric: Metric) -> bool {
        match self.cause {
            GapCause::NoValue(missing) => missing == metric,
            GapCause::CuffOverdue => {
                matches!(metric, Metric::NibpSys | Metric::NibpDia | Metric::NibpMap)
            }
            GapCause::Outage => true,
        }
    }
}

/// All gaps of the session, by when they began.
pub(super) fn gaps(chart: &SessionChart, inputs: &[RecordedInput]) -> Vec<Gap> {
    let outages = inputs.iter().filter_map(|input| {
        let Input::Restarted { down_since } = &input.input else { return None };
        let gap = Gap { cause: GapCause::Outage, from: *down_since, until: input.now };
        (input.now.mono > chart.started.mono).then_some(gap)
    });
    let overdue = chart.alarms.iter().filter(|line| {
        matches!(line.occurrence.family, AlarmFamily::NibpOverdue | AlarmFamily::TimedReading)
    });
    let overdue = overdue.map(|line| {
        let until = line.occurrence.ended.map_or(chart.until, |(at, _)| at);
        Gap { cause: GapCause::CuffOverdue, from: line.raised, until }
    });
    let missing = CONTINUOUS.into_iter().flat_map(|metric| missing(chart, metric));
    let mut all: Vec<Gap> = outages.chain(overdue).chain(missing).collect();
    all.sort_by_key(|gap| gap.from.mono);
    all
}

/// Longer than `NUMBER_LASTS` between two values that stand, or from the last one to the end.
fn missing(chart: &SessionChart, metric: Metric) -> Vec<Gap> {
    let valid =
        |value: &&Value| value.metric == metric && !value.is_spot() && value.standing().is_some();
    let mut seen = chart.values.iter().filter(valid).map(|value| value.at);
    let Some(mut before) = seen.next() else { return Vec::new() };
    let mut found = Vec::new();
    for at in seen.chain([chart.until]) {
        if at.mono.since(before.mono) > NUMBER_LASTS {
            found.push(Gap { cause: GapCause::NoValue(metric), from: before, until: at });
        }
        before = at;
    }
    found
}
