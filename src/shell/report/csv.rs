//! The readings of a session as a recording that `replay` reads (contract 2), from its start on.
//!
//! The columns have no word for where a value was measured, so only those are written that `replay`
//! takes for what they were: a cuff's pulse would come back as an oximeter's. Void and amended
//! values stand as they were received, with a word that `replay` ignores, for they were judged; so
//! does what a simulator sent.
//! Acts, baselines and the dose have no column.

use std::fmt::Write as _;

use super::Facts;
use crate::domain::chart::{By, Value};
use crate::domain::metric::Metric;
use crate::domain::reading::{Absent, Validity, ValueSource};
use crate::domain::recording::{HEADER, source_of, unit_of};

pub(super) fn rows(facts: &Facts<'_>) -> String {
    let chart = facts.chart;
    let mut text = format!("{HEADER},quality\n");
    let ours = chart.values.iter().filter(|value| value.at.mono >= chart.started.mono);
    for value in ours.filter(|value| is_taken(value)) {
        let since = value.at.mono.since(chart.started.mono);
        let fraction = format!("{:06}", since.subsec_micros());
        let fraction = fraction.trim_end_matches('0');
        let point = if fraction.is_empty() { "" } else { "." };
        let name = value.metric.info().name;
        let (figure, word) = said(value);
        // `replay` knows its three words only when they stand alone.
        let quality = match (facts.is_simulated(), word) {
            (false, _) | (true, "questionable" | "invalid" | "stale") => word.to_owned(),
            (true, word) => format!("SIMULATED {word}").trim_end().to_owned(),
        };
        writeln!(
            text,
            "{}{point}{fraction},{name},{figure},{},{quality}",
            since.as_secs(),
            unit_of(value.metric)
        )
        .expect("a String takes all that is written");
    }
    text
}

/// Whether `replay` takes it for what it was.
fn is_taken(value: &Value) -> bool {
    let by_hand = value.source == ValueSource::Manual && is_pressure(value.metric);
    by_hand || value.source == source_of(value.metric) && value.metric != Metric::Moaas
}

const fn is_pressure(metric: Metric) -> bool {
    matches!(metric, Metric::NibpSys | Metric::NibpDia | Metric::NibpMap)
}

/// A value's figure and the word for how far to trust it.
fn said(value: &Value) -> (String, &'static str) {
    let questionable = value.validity == Validity::Questionable;
    let by_hand = matches!(value.by, By::Hand { .. });
    let word = match &value.correction {
        _ if questionable => "questionable",
        Some(correction) if correction.value.is_some() => "amended",
        Some(_) => "void",
        None if by_hand => "by-hand",
        None => "",
    };
    let figure = |raw: i64| decimal(value.metric, raw);
    match value.value {
        Ok(quantity) => (figure(quantity.0.into()), word),
        // `replay` refuses them by their figures as the bed did.
        Err(Absent::Range { raw } | Absent::Pair { raw }) => (figure(raw), word),
        Err(Absent::Stale) => (String::new(), "stale"),
        Err(Absent::Unit | Absent::Unavailable | Absent::Invalid) => (String::new(), "invalid"),
    }
}

/// A figure in the metric's resolution as a decimal.
fn decimal(metric: Metric, raw: i64) -> String {
    let decimals = u32::from(metric.info().decimals);
    if decimals == 0 {
        return raw.to_string();
    }
    let scale = 10_u64.pow(decimals);
    let (whole, part) = (raw.unsigned_abs() / scale, raw.unsigned_abs() % scale);
    let sign = if raw < 0 { "-" } else { "" };
    format!("{sign}{whole}.{part:0width$}", width = usize::from(metric.info().decimals))
}
