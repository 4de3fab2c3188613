//! The sentences of alarms: short, value against limit, units as people write them.

use std::time::Duration;

use super::rule::{AlarmRule, Component, Limit, Verdict};
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
    let (cmp, limit, clears_at) = match component.limit {
        Limit::AtOrAbove(limit) => ("≥", limit, limit - clear_by),
        Limit::AtOrBelow(limit) => ("≤", limit, limit + clear_by),
        Limit::Apnoea { clears_as } => {
            if value.0 == 0 {
                return format!("Apnoea: {} 0 {}", info.label.to_lowercase(), info.unit_label);
            }
            ("≤", clears_as, clears_as + clear_by)
        }
    };
    if component.limit.judge(value.0, clear_by) != Verdict::Violated {
        // Between the clear level and the limit: the band still governs.
        return format!(
            "{} {} {}, limit {}, clears at {}",
            info.label,
            number(value.0),
            info.unit_label,
            number(limit),
            number(clears_at)
        );
    }
    let template = rule.text.as_deref().unwrap_or(DEFAULT);
    template
        .replace("{metric}", info.label)
        .replace("{value}", &number(value.0))
        .replace("{cmp}", cmp)
        .replace("{limit}", &number(limit))
        .replace("{unit}", info.unit_label)
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
