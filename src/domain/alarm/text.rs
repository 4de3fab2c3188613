//! The sentences of alarms: short, value against limit, units as people write them.

use std::time::Duration;

use super::rule::{AlarmRule, Component, Limit, Side, Verdict};
use crate::domain::metric::Metric;
use crate::domain::reading::Quantity;

/// The preset's default (contract 3.2).
const DEFAULT: &str = "{metric} {value} {cmp} {limit} {unit}";

/// A value with its metric's decimals: 370 tenths are "37.0".
#[must_use]
pub fn figure(metric: Metric, value: impl Into<i64>) -> String {
    let value: i64 = value.into();
    match metric.info().decimals {
        0 => value.to_string(),
        decimals => {
            let (scale, places) = (10_u64.pow(u32::from(decimals)), usize::from(decimals));
            let (sign, size) = (if value < 0 { "-" } else { "" }, value.unsigned_abs());
            format!("{sign}{}.{:0places$}", size / scale, size % scale)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::alarm::rule::{Judged, PhaseSet, WithSymptom};
    use crate::domain::alarm::{Onset, Severity};
    use crate::domain::ids::RuleId;

    fn said(text: Option<&str>, limit: Limit, metric: Metric, value: i32) -> String {
        let component = Component {
            judged: Judged::Metric(metric),
            limit,
            persist: Duration::ZERO,
            severity: Severity::Reversible,
            onset: Onset::Prompt,
            over_65: None,
        };
        let rule = AlarmRule {
            id: RuleId::try_new("X1").expect("a valid name"),
            text: text.map(Into::into),
            components: vec![component],
            confirm: None,
            spot_values: None,
            phases: PhaseSet::ALL,
            source_tag: "test".into(),
            with_symptom: WithSymptom::No,
            delayed_below: None,
            gate: None,
            part: 0,
        };
        of_limit(&rule, &component, 3, metric, Quantity(value))
    }

    #[test]
    fn a_band_says_the_value_against_its_limit_and_where_it_clears() {
        let change = Some("{metric} {value}, {change} from {baseline} (limit {limit})");
        let (rise, drop) =
            (|from| Limit::Rise { change: 40, from }, |from| Limit::Drop { change: 5, from });
        let (sys, spo2, resp) = (Metric::NibpSys, Metric::SpO2, Metric::RespRate);
        let (above, below, apnoea) =
            (Limit::AtOrAbove(180), Limit::AtOrBelow(89), Limit::Apnoea { clears_as: 7 });
        let table = [
            (None, above, sys, 186, "Systolic 186 ≥ 180 mmHg"),
            (None, above, sys, 178, "Systolic 178 mmHg, limit 180, clears at 177"),
            (None, below, spo2, 88, "SpO2 88 ≤ 89 %"),
            (None, below, spo2, 90, "SpO2 90 %, limit 89, clears at 92"),
            (None, Limit::AtOrAbove(390), Metric::Temp, 391, "Temperature 39.1 ≥ 39.0 °C"),
            (None, Limit::AtOrBelow(2), Metric::Moaas, 2, "MOAA/S 2 ≤ 2"),
            (None, apnoea, resp, 0, "Apnoea: respiration 0 /min"),
            (None, apnoea, resp, 8, "Respiration 8 /min, limit 7, clears at 10"),
            (None, Limit::AtOrBelow(7), resp, 0, "Respiration 0 ≤ 7 /min"),
            (change, rise(Some(124)), sys, 170, "Systolic 170, 46 from 124 (limit 164)"),
            (change, drop(Some(97)), spo2, 90, "SpO2 90, 7 from 97 (limit 92)"),
            (change, above, sys, 180, "Systolic 180, - from - (limit 180)"),
            (None, rise(None), sys, 170, "Systolic 170 mmHg, no baseline to go by"),
        ];
        for (text, limit, metric, value, expected) in table {
            assert_eq!(said(text, limit, metric, value), expected);
        }
    }

    #[test]
    fn an_age_is_told_in_seconds_minutes_or_hours() {
        let table = [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (3_599, "59 min"),
            (3_600, "1 h 0 min"),
            (7_199, "1 h 59 min"),
            (7_560, "2 h 6 min"),
        ];
        for (seconds, said) in table {
            assert_eq!(age(Duration::from_secs(seconds)), said);
        }
    }
}
