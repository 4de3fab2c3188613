//! The sentences of alarms: short, value against limit, units as people write them.

use std::time::Duration;

use super::rule::{AlarmRule, Component, Limit, Side, Verdict};
use crate::domain::metric::Metric;
use crate::domain::reading::Quantity;

/// The preset's default (contract 3.2).
const DEFAULT: &str = "{metric} {value} {cmp} {limit} {unit}";

/// A value with its metric's decimals: 370 tenths are "37.0".
#[must_use]
pub fn figure(metric: Metric, value: i32) -> String {
    match metric.info().decimals {
        0 => value.to_string(),
        decimals => {
            let scale = 10_f64.powi(i32::from(decimals));
            format!("{:.*}", usize::from(decimals), f64::from(value) / scale)
        }
    }
}

/// What a band says of the value that it was judged on.
#[must_use]
pub fn of_limit(
    rule: &AlarmRule,
    component: &Component,
    clear_by: i32,
    metric: Metric,
    value: Quantity,
) -> String {
    let info = metric.info();
    let number = |n: i32| figure(metric, n);
    let Some(limit) = component.limit.clears_from() else {
        return format!("{} {}, no baseline to go by", info.label, measure(metric, value.0));
    };
    let (cmp, clears_at) = match component.limit.side() {
        Side::Upper => ("≥", limit - clear_by),
        Side::Lower => ("≤", limit + clear_by),
    };
    if component.limit.number().is_none() && value.0 == 0 {
        return format!("Apnoea: {} 0 {}", info.label.to_lowercase(), info.unit_label);
    }
    if component.limit.judge(value.0, clear_by) != Verdict::Violated {
        // Between the clear level and the limit: the band still governs.
        return format!(
            "{} {}, limit {}, clears at {}",
            info.label,
            measure(metric, value.0),
            number(limit),
            number(clears_at)
        );
    }
    let (baseline, change) = match component.limit {
        Limit::Rise { from: Some(from), .. } => (number(from), number(value.0 - from)),
        Limit::Drop { from: Some(from), .. } => (number(from), number(from - value.0)),
        Limit::AtOrAbove(_)
        | Limit::AtOrBelow(_)
        | Limit::Apnoea { .. }
        | Limit::Rise { from: None, .. }
        | Limit::Drop { from: None, .. } => ("-".to_owned(), "-".to_owned()),
    };
    let template = rule.text.as_deref().unwrap_or(DEFAULT);
    let text = template
        .replace("{metric}", info.label)
        .replace("{value}", &number(value.0))
        .replace("{cmp}", cmp)
        .replace("{limit}", &number(limit))
        .replace("{unit}", info.unit_label)
        .replace("{baseline}", &baseline)
        .replace("{change}", &change);
    text.trim_end().to_owned() // a score has no unit
}

/// "186 mmHg"; a score has no unit.
fn measure(metric: Metric, value: i32) -> String {
    format!("{} {}", figure(metric, value), metric.info().unit_label).trim_end().to_owned()
}

/// "12 s", "4 min", "1 h 5 min": an age in a line of an alarm.
#[must_use]
pub fn age(age: Duration) -> String {
    match age.as_secs() {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds @ 60..3600 => format!("{} min", seconds / 60),
        seconds => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}
