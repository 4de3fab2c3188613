//! A bed's trend (contract 6, `GET /beds/{bed}/trend`): buckets of the same length, gaps as such,
//! doses and alarms as marks.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::event::ActNote;
#[cfg(test)]
use super::words;
use super::{Figure, Id, Time};
use crate::domain::alarm::occurrence::{Change, Subject, Transition};
use crate::domain::alarm::rule::Phase;
use crate::domain::ids::RuleId;
use crate::domain::metric::Metric;
use crate::domain::session::dose::DoseOrder;
use crate::domain::time::WallTime;
use crate::shell::lane::{self, TrendQuery};

/// Values over time, and what happened meanwhile.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Trend<'a> {
    from: Time,
    to: Time,
    /// The length of a bucket; the first begins at `from`.
    bucket_s: f64,
    /// By metric; those without a value are left out.
    series: BTreeMap<&'static str, Series>,
    marks: Vec<Mark<'a>>,
}

#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct Series {
    /// UCUM.
    unit: &'static str,
    /// null: a gap, in which there was no value.
    buckets: Vec<Option<Bucket>>,
}

#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct Bucket {
    min: Figure,
    mean: f64,
    max: Figure,
    /// How many values.
    count: u32,
}

/// What happened at one moment.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "what", rename_all = "snake_case")]
enum Mark<'a> {
    /// A dose that counts; what was done to it later is a `session` mark.
    Dose {
        at: Time,
        mg: Option<Figure>,
        device_number: Option<u8>,
    },
    Alarm(AlarmMark<'a>),
    Session {
        at: Time,
        /// started | dose | phase | ended | reading-entered | ...
        #[cfg_attr(test, ts(as = "words::SessionChange"))]
        change: &'static str,
        /// intake | baseline | active | recovery | discharge | ended
        #[cfg_attr(test, ts(as = "Option<words::Phase>"))]
        phase: Option<&'static str>,
        act: Option<ActNote<'a>>,
    },
}

#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct AlarmMark<'a> {
    at: Time,
    occurrence: Id,
    /// raised | confirmed | escalated | acknowledged | ended
    #[cfg_attr(test, ts(as = "words::Change"))]
    change: &'static str,
    #[cfg_attr(test, ts(as = "words::AlarmFamily"))]
    family: &'static str,
    rule: Option<&'a str>,
    /// high | medium | low
    #[cfg_attr(test, ts(as = "words::Priority"))]
    priority: &'static str,
    text: &'a str,
}

impl<'a> Trend<'a> {
    pub(crate) fn new(query: &TrendQuery, found: &'a lane::Trend) -> Self {
        let TrendQuery { from, to, points, .. } = *query;
        let points = u32::try_from(points).unwrap_or(u32::MAX);
        let span = std::time::Duration::from_micros(to.micros_since(from).unsigned_abs());
        let series = |(metric, buckets): (&Metric, &Vec<Option<lane::Bucket>>)| {
            let buckets = buckets.iter().map(|it| it.map(|it| Bucket::new(*metric, it))).collect();
            (metric.info().name, Series { unit: metric.info().ucum, buckets })
        };
        let doses = found.doses.iter().map(|(at, order)| (*at, Mark::dose(*at, order)));
        let told = found.marks.iter().map(|told| (told.at.wall, Mark::new(told)));
        let mut marks: Vec<(WallTime, Mark<'_>)> = doses.chain(told).collect();
        marks.sort_by_key(|(at, _)| *at);
        Self {
            from: Time(from),
            to: Time(to),
            bucket_s: span.as_secs_f64() / f64::from(points),
            series: found.series.iter().map(series).collect(),
            marks: marks.into_iter().map(|(_, mark)| mark).collect(),
        }
    }
}

impl Bucket {
    fn new(metric: Metric, bucket: lane::Bucket) -> Self {
        let lane::Bucket { min, max, sum, count } = bucket;
        let hundredths = i32::try_from(sum * 100 / i64::from(count.max(1))).unwrap_or(i32::MAX);
        let scale = 10_f64.powi(metric.info().decimals.into());
        let mean = f64::from(hundredths) / 100.0 / scale;
        Self { min: Figure::of(metric, min), mean, max: Figure::of(metric, max), count }
    }
}

impl<'a> Mark<'a> {
    fn dose(at: WallTime, order: &DoseOrder) -> Self {
        let mg = order.micrograms.map(Figure::of_micrograms);
        Self::Dose { at: Time(at), mg, device_number: order.device_number }
    }

    fn new(transition: &'a Transition) -> Self {
        let at = Time(transition.at.wall);
        match &transition.subject {
            Subject::Alarm { change, occurrence } => Self::Alarm(AlarmMark {
                at,
                occurrence: Id(occurrence.id),
                change: Change::name(*change),
                family: occurrence.family.name(),
                rule: occurrence.rule.as_ref().map(RuleId::as_str),
                priority: occurrence.priority.name(),
                text: &occurrence.text,
            }),
            Subject::Session { change, phase, note, .. } => Self::Session {
                at,
                change: change.name(),
                phase: phase.map(Phase::name),
                act: note.as_deref().map(ActNote::new),
            },
        }
    }
}
