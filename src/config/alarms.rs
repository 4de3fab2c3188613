//! `[alarms] escalate_high_s` and `escalate_medium_s` → the steps of escalation (alarms 12; safety
//! A7). No step can be off, in name or by a time that nobody lives to see.

use std::time::Duration;

use super::error::Findings;
use super::raw::RawAlarms;
use super::structure::At;
use crate::domain::alarm::escalation::EscalationTimes;

/// A HIGH alarm takes its first step by then (safety A7).
const FIRST_HIGH_S_MAX: i64 = 120;
/// A later step would be as good as none (ours).
const STEP_S_MAX: i64 = 3600;

pub(super) fn escalation(raw: &RawAlarms, findings: &mut Findings<'_>) -> EscalationTimes {
    let EscalationTimes { high, medium } = EscalationTimes::DEFAULT;
    let (high_s, medium_s) = (raw.escalate_high_s.as_ref(), raw.escalate_medium_s.as_ref());
    let mut of = |key, at, first_max, default| match at {
        Some(at) => steps(key, at, first_max, findings).unwrap_or(default),
        None => default,
    };
    EscalationTimes {
        high: of("alarms.escalate_high_s", high_s, FIRST_HIGH_S_MAX, high),
        medium: of("alarms.escalate_medium_s", medium_s, STEP_S_MAX, medium),
    }
}

fn steps(
    key: &str,
    at: &At<Vec<At<i64>>>,
    first_max: i64,
    findings: &mut Findings<'_>,
) -> Option<[Duration; 3]> {
    let steps: Vec<i64> = at.get().iter().map(|step| *step.get()).collect();
    let Ok(steps) = <[i64; 3]>::try_from(steps) else {
        let reason = "needs three numbers: seconds to the steps E1, E2 and E3";
        findings.meaning(key, at.span(), reason);
        return None;
    };
    for (place, step) in steps.into_iter().enumerate() {
        let most = if place == 0 { first_max } else { STEP_S_MAX };
        // Each at its own place: an error of the whole list would stand for those of its steps.
        let mut wrong = |reason: String| {
            findings.meaning(&format!("{key}[{place}]"), at.get()[place].span(), reason);
        };
        if !(1..=most).contains(&step) {
            wrong(format!("{step} is no time for a step: must be 1 to {most}; none can be off"));
        } else if place > 0 && step <= steps[place - 1] {
            wrong(format!("{step} has to come after the step before, {}", steps[place - 1]));
        }
    }
    Some(steps.map(|step| Duration::from_secs(step.unsigned_abs())))
}
