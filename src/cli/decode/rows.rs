//! The lines that `decode` prints: a decoder's event in, JSON objects of contract 2 out.

use std::io::Write;

use serde::Serialize;

use crate::domain::device::{Decoded, Event, Message};
use crate::domain::metric::Metric;
use crate::domain::reading::{Measured, Origin, Reading, Validity};
use crate::domain::time::WallTime;

/// One line of output; keys in the order of contract 2, absent ones left out.
#[derive(Debug, Default, Serialize)]
struct Row<'a> {
    event: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    metric: Option<&'static str>,
    /// `Some(None)` is printed as null.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Option<serde_json::Number>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    absent: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<serde_json::Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    questionable: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    simulated: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    active: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<usize>,
    at: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seq: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ts: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    measured: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    age_s: Option<u32>,
}

/// Prints a decoder's event: a line for each reading and status, or for the rejection.
pub(super) fn print(decoded: &Decoded, out: &mut impl Write) -> anyhow::Result<()> {
    let at = decoded.at;
    let rows = match &decoded.event {
        Event::Rejected { reason, bytes } => {
            let (reason, bytes) = (Some(reason.name()), Some(*bytes));
            vec![Row { event: "rejected", reason, bytes, at, ..Row::default() }]
        }
        Event::Message(message) => rows_of(message, at),
    };
    for row in rows {
        serde_json::to_writer(&mut *out, &row)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn rows_of(message: &Message, at: u64) -> Vec<Row<'_>> {
    let frame = || Row {
        at,
        device: message.device.as_ref().map(|device| device.as_str()),
        seq: message.seq,
        ts: message.sent.and_then(rfc3339),
        ..Row::default()
    };
    let readings = message.readings.iter().map(|reading| row_of(reading, frame()));
    let statuses = message.statuses.iter().map(|status| Row {
        event: "status",
        code: Some(status.code.name()),
        active: Some(status.active),
        ..frame()
    });
    readings.chain(statuses).collect()
}

fn row_of<'a>(reading: &Reading, frame: Row<'a>) -> Row<'a> {
    let metric = reading.metric;
    let (measured, age_s) = match reading.measured {
        Measured::AtReceipt => (None, None),
        Measured::DeviceClock(time) => (rfc3339(time), None),
        Measured::SecondsAgo(age_s) => (None, Some(age_s)),
    };
    Row {
        event: "reading",
        metric: Some(metric.info().name),
        value: Some(reading.value.ok().and_then(|q| figure(metric, i64::from(q.0)))),
        absent: reading.value.err().map(|absent| absent.name()),
        raw: reading.value.err().and_then(|absent| figure(metric, absent.raw()?)),
        unit: Some(metric.info().ucum),
        // The closed list of contract 5 has no word for a thermometer.
        source: (metric != Metric::Temp).then(|| reading.source.name()),
        questionable: (reading.validity == Validity::Questionable).then_some(true),
        simulated: (reading.origin == Origin::Simulated).then_some(true),
        measured,
        age_s,
        ..frame
    }
}

/// A figure of the metric's resolution as people write it: 370 tenths are 37.0.
fn figure(metric: Metric, raw: i64) -> Option<serde_json::Number> {
    match metric.info().decimals {
        0 => Some(raw.into()),
        #[expect(clippy::cast_precision_loss, reason = "a figure to print")]
        decimals => serde_json::Number::from_f64(raw as f64 / 10_f64.powi(i32::from(decimals))),
    }
}

fn rfc3339(time: WallTime) -> Option<String> {
    jiff::Timestamp::from_microsecond(time.as_micros()).ok().map(|time| time.to_string())
}
