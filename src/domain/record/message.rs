//! Mirrors of a device's message: `{"x":[{"n":"hr","v":72,"s":"ecg"}]}` and what else it carries.
//!
//! One field name is one letter or two, for a line is written per message; the table of letters is
//! the struct below. Metrics, sources and reasons are the wire's words.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{RecordError, by_name, is_false, malformed};
use crate::domain::alarm::Priority;
use crate::domain::device::{BedsideAlarm, DeviceStatus, Message, StatusCode};
use crate::domain::ids::DeviceId;
use crate::domain::metric::Metric;
use crate::domain::reading::{Absent, Measured, Origin, Quantity, Reading, Validity, ValueSource};
use crate::domain::time::WallTime;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MessageV1<'a> {
    /// The device's own id.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    d: Option<Cow<'a, str>>,
    /// The bed that the payload names.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    b: Option<Cow<'a, str>>,
    /// Sent, by the device's clock, in microseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    t: Option<i64>,
    /// The device's sequence number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    q: Option<u32>,
    /// Readings.
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    x: Vec<ReadingV1<'a>>,
    /// Statuses: code and whether it is on.
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    st: Vec<(Cow<'a, str>, bool)>,
    /// The monitor's own alarms: code, priority and whether it is on.
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    al: Vec<(Cow<'a, str>, Cow<'a, str>, bool)>,
    /// Unknown keys.
    #[serde(default, skip_serializing_if = "is_zero")]
    u: u16,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadingV1<'a> {
    /// Metric.
    #[serde(borrow)]
    n: Cow<'a, str>,
    /// Value in the metric's resolution; absent: `a` says why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    v: Option<i32>,
    /// Why there is no value.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    a: Option<Cow<'a, str>>,
    /// The figure that was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    raw: Option<i64>,
    /// Source.
    #[serde(borrow)]
    s: Cow<'a, str>,
    /// Questionable.
    #[serde(default, skip_serializing_if = "is_false")]
    qu: bool,
    /// Measured, by the device's clock, in microseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    m: Option<i64>,
    /// Measured so many seconds before receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ago: Option<u32>,
    /// Simulated.
    #[serde(default, skip_serializing_if = "is_false")]
    sim: bool,
}

impl<'a> MessageV1<'a> {
    pub(super) fn of(message: &'a Message) -> Self {
        let Message { device, bed, sent, seq, readings, statuses, bedside_alarms, unknown_keys } =
            message;
        Self {
            d: device.as_ref().map(|id| id.as_str().into()),
            b: bed.as_deref().map(Cow::from),
            t: sent.map(WallTime::as_micros),
            q: *seq,
            x: readings.iter().map(ReadingV1::of).collect(),
            st: statuses.iter().map(|s| (s.code.name().into(), s.active)).collect(),
            al: bedside_alarms
                .iter()
                .map(|a| ((&*a.code).into(), a.priority.name().into(), a.active))
                .collect(),
            u: *unknown_keys,
        }
    }

    pub(super) fn into_domain(self) -> Result<Message, RecordError> {
        let status = |(code, active): (Cow<'_, str>, bool)| {
            let code = by_name(StatusCode::ALL, StatusCode::name, &code)?;
            Ok(DeviceStatus { code, active })
        };
        let bedside = |(code, priority, active): (Cow<'_, str>, Cow<'_, str>, bool)| {
            let priority = by_name(Priority::ALL, Priority::name, &priority)?;
            Ok(BedsideAlarm { code: code.into(), priority, active })
        };
        Ok(Message {
            device: self.d.map(|id| DeviceId::try_new(&id)).transpose()?,
            bed: self.b.map(Box::from),
            sent: self.t.map(WallTime::from_micros),
            seq: self.q,
            readings: self.x.into_iter().map(ReadingV1::into_domain).collect::<Result<_, _>>()?,
            statuses: self.st.into_iter().map(status).collect::<Result<_, RecordError>>()?,
            bedside_alarms: self.al.into_iter().map(bedside).collect::<Result<_, RecordError>>()?,
            unknown_keys: self.u,
        })
    }
}

impl<'a> ReadingV1<'a> {
    fn of(reading: &'a Reading) -> Self {
        let Reading { metric, value, source, validity, measured, origin } = *reading;
        Self {
            n: metric.info().name.into(),
            v: value.ok().map(|quantity| quantity.0),
            a: value.err().map(|absent| absent.name().into()),
            raw: value.err().and_then(Absent::raw),
            s: source.name().into(),
            qu: validity == Validity::Questionable,
            m: match measured {
                Measured::DeviceClock(at) => Some(at.as_micros()),
                Measured::AtReceipt | Measured::SecondsAgo(_) => None,
            },
            ago: match measured {
                Measured::SecondsAgo(seconds) => Some(seconds),
                Measured::AtReceipt | Measured::DeviceClock(_) => None,
            },
            sim: origin == Origin::Simulated,
        }
    }

    fn into_domain(self) -> Result<Reading, RecordError> {
        let value = match (self.v, self.a.as_deref(), self.raw) {
            (Some(value), None, None) => Ok(Quantity(value)),
            (None, Some(reason), raw) => Err(absent(reason, raw)?),
            (None, None, _) | (Some(_), Some(_), _) | (Some(_), None, Some(_)) => {
                return Err(malformed("a reading is a value or a reason"));
            }
        };
        let measured = match (self.m, self.ago) {
            (None, None) => Measured::AtReceipt,
            (Some(at), None) => Measured::DeviceClock(WallTime::from_micros(at)),
            (None, Some(seconds)) => Measured::SecondsAgo(seconds),
            (Some(_), Some(_)) => return Err(malformed("two times of measurement")),
        };
        Ok(Reading {
            metric: Metric::by_name(&self.n).ok_or_else(|| malformed("unknown metric"))?,
            value,
            source: by_name(ValueSource::ALL, ValueSource::name, &self.s)?,
            validity: if self.qu { Validity::Questionable } else { Validity::Good },
            measured,
            origin: if self.sim { Origin::Simulated } else { Origin::Patient },
        })
    }
}

pub(super) fn absent(reason: &str, raw: Option<i64>) -> Result<Absent, RecordError> {
    match (reason, raw) {
        ("range", Some(raw)) => Ok(Absent::Range { raw }),
        ("pair", Some(raw)) => Ok(Absent::Pair { raw }),
        ("unit", None) => Ok(Absent::Unit),
        ("unavailable", None) => Ok(Absent::Unavailable),
        ("invalid", None) => Ok(Absent::Invalid),
        ("stale", None) => Ok(Absent::Stale),
        _ => Err(malformed("unknown reason of absence")),
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
fn is_zero(count: &u16) -> bool {
    *count == 0
}
