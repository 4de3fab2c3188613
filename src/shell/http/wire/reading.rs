//! One reading as it came (contract 6, `GET /beds/{bed}/readings`), and what people did to it.

use serde::Serialize;
use utoipa::ToSchema;

#[cfg(test)]
use super::words;
use super::{Figure, Time};
use crate::domain::ids::DeviceId;
use crate::domain::reading::{Absent, Origin, Validity};
use crate::domain::session::hand::{Arm, CuffSize, HandReading};
use crate::shell::lane;

/// A value of one metric, or the reason why there is none.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Reading<'a> {
    id: u64,
    #[cfg_attr(test, ts(as = "words::Metric"))]
    metric: &'static str,
    /// As it was measured; null: `absent` says why.
    value: Option<Figure>,
    /// range | pair | unit | unavailable | invalid | stale
    #[cfg_attr(test, ts(as = "Option<words::Absent>"))]
    absent: Option<&'static str>,
    /// UCUM.
    unit: &'static str,
    /// ecg | pleth | nibp | art | manual
    #[cfg_attr(test, ts(as = "words::ValueSource"))]
    source: &'static str,
    /// null: taken by hand.
    device: Option<&'a str>,
    measured: Time,
    received: Time,
    /// The device does not trust it.
    questionable: bool,
    /// Plausible but unusual.
    verify: bool,
    simulated: bool,
    by_hand: Option<ByHand<'a>>,
    /// null: it stands as it is.
    correction: Option<Correction<'a>>,
}

/// How a person took it.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct ByHand<'a> {
    entered_by: &'a str,
    /// Where it was not who entered it.
    taker: Option<&'a str>,
    method: &'a str,
    /// left | right
    #[cfg_attr(test, ts(as = "Option<words::Arm>"))]
    arm: Option<&'static str>,
    /// small | adult | large | thigh
    #[cfg_attr(test, ts(as = "Option<words::CuffSize>"))]
    cuff_size: Option<&'static str>,
}

/// A named person voided or amended it.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct Correction<'a> {
    by: &'a str,
    at: Time,
    reason: Option<&'a str>,
    /// null: it does not stand.
    value: Option<Figure>,
}

impl<'a> Reading<'a> {
    pub(crate) fn new(entry: &'a lane::ReadingEntry) -> Self {
        let lane::ReadingEntry { id, reading, received, measured, device, by_hand, correction } =
            entry;
        let (metric, value) = (reading.metric, reading.value);
        Self {
            id: id.0,
            metric: metric.info().name,
            value: value.ok().map(|value| Figure::of(metric, value.0)),
            absent: value.err().map(Absent::name),
            unit: metric.info().ucum,
            source: reading.source.name(),
            device: device.as_ref().map(DeviceId::as_str),
            measured: Time(*measured),
            received: Time(*received),
            questionable: reading.validity == Validity::Questionable,
            verify: value.is_ok_and(|value| metric.is_unusual(value.0)),
            simulated: reading.origin == Origin::Simulated,
            by_hand: by_hand.as_ref().map(|(by, hand)| ByHand::new(by, hand)),
            correction: correction.as_ref().map(|it| Correction {
                by: &it.by,
                at: Time(it.at),
                reason: it.reason.as_deref(),
                value: it.value.map(|value| Figure::of(metric, value)),
            }),
        }
    }
}

impl<'a> ByHand<'a> {
    fn new(entered_by: &'a str, hand: &'a HandReading) -> Self {
        Self {
            entered_by,
            taker: hand.taker.as_deref(),
            method: &hand.method,
            arm: hand.arm.map(Arm::name),
            cuff_size: hand.cuff_size.map(CuffSize::name),
        }
    }
}
