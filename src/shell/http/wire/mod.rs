//! The words of the web: domain values into the JSON of contract 6 and 7. The only `Serialize`
//! for the web, and nothing is decided here.
//!
//! Everything borrows, for a bed's vitals are written several times a second.

pub(crate) mod act;
pub(crate) mod audit;
pub(crate) mod bed;
pub(crate) mod event;
pub(crate) mod occurrence;
pub(crate) mod preset;
pub(crate) mod reading;
pub(crate) mod session;
pub(crate) mod trend;
#[cfg(test)]
mod typescript;
pub(crate) mod visit;
#[cfg(test)]
pub(crate) mod words;

use std::time::Duration;

use jiff::Timestamp;
use serde::{Serialize, Serializer};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::domain::ids::Uuid;
use crate::domain::metric::Metric;
use crate::domain::time::WallTime;

/// RFC 3339, UTC, milliseconds.
#[derive(Clone, Copy, Debug, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(type = "string & { readonly isTime: true }"))]
#[schema(value_type = String, format = DateTime)]
pub(crate) struct Time(pub(crate) WallTime);

/// A UUID.
#[derive(Clone, Copy, Debug, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(type = "string"))]
#[schema(value_type = String, format = "uuid")]
pub(crate) struct Id(pub(crate) Uuid);

/// A number with the metric's decimals: whole metrics as integers, tenths as 37.0.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(test, derive(ts_rs::TS), ts(type = "number"))]
pub(crate) struct Figure {
    raw: i32,
    decimals: u8,
}

/// A list's page.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    /// Cursor of the next page, to be given as `next`.
    pub(crate) next: Option<String>,
}

impl Figure {
    /// `raw` is in the metric's resolution.
    pub(crate) const fn of(metric: Metric, raw: i32) -> Self {
        Self { raw, decimals: metric.info().decimals }
    }

    /// As milligrams.
    pub(crate) fn of_micrograms(micrograms: u64) -> Self {
        Self { raw: i32::try_from(micrograms).unwrap_or(i32::MAX), decimals: 3 }
    }

    /// As kilograms, in tenths.
    pub(crate) fn of_weight(grams: u32) -> Self {
        Self { raw: i32::try_from(grams / 100).unwrap_or(i32::MAX), decimals: 1 }
    }
}

impl PartialSchema for Figure {
    fn schema() -> RefOr<Schema> {
        f64::schema()
    }
}

impl ToSchema for Figure {}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let millis = self.0.as_millis();
        let edge = if millis < 0 { Timestamp::MIN } else { Timestamp::MAX };
        let time = Timestamp::from_millisecond(millis).unwrap_or(edge);
        serializer.collect_str(&format_args!("{time:.3}"))
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.decimals {
            0 => serializer.serialize_i32(self.raw),
            places => serializer.serialize_f64(f64::from(self.raw) / 10_f64.powi(places.into())),
        }
    }
}

/// Whole seconds, rounded down: an age is never shown greater than it is.
pub(crate) fn seconds(span: Duration) -> u64 {
    span.as_secs()
}

/// JSON text of a value of ours.
pub(crate) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("our own shapes have text keys and no failing field")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: a number has the decimals of its metric, no more and no fewer.
    #[test]
    fn figures_have_the_decimals_of_their_metric() {
        let table = [
            (Metric::NibpSys, 186, "186"),
            (Metric::RespRate, 0, "0"),
            (Metric::Temp, 370, "37.0"),
            (Metric::Temp, 366, "36.6"),
            (Metric::PerfusionIndex, 7, "0.07"),
        ];
        for (metric, raw, text) in table {
            assert_eq!(json(&Figure::of(metric, raw)), text);
        }
    }

    /// Goal: times are UTC with exactly three decimals, and a broken clock cannot break an answer.
    #[test]
    fn times_are_utc_with_milliseconds() {
        let table = [
            (1_763_806_507_310_999, "\"2025-11-22T10:15:07.310Z\""),
            (0, "\"1970-01-01T00:00:00.000Z\""),
            (-1, "\"1969-12-31T23:59:59.999Z\""),
        ];
        for (micros, text) in table {
            assert_eq!(json(&Time(WallTime::from_micros(micros))), text);
        }
        for broken in [i64::MIN, i64::MAX] {
            assert!(json(&Time(WallTime::from_micros(broken))).ends_with("Z\""));
        }
    }
}
