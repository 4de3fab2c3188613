//! Checks over all rules of a preset: each required signal has limits (safety A9), each phase has
//! its HIGH rules (alarms 11, row 25), lower and upper limits of a signal stand clear of each
//! other with their hysteresis (alarms 7).

use super::error::Findings;
use super::preset::{signal_name, signal_of};
use super::preset_limit::PlacedLimit;
use super::preset_raw::{RawPreset, RawSignal};
use super::rails;
use super::structure::At;
use crate::domain::alarm::limit::Side;
use crate::domain::alarm::rails::{FAMILIES, RAILS};
use crate::domain::alarm::rule::{FamilyRules, Phase, RequiredSignal, WithSymptom};
use crate::domain::alarm::{AlarmFamily, Priority};

pub(super) fn check(
    raw: &RawPreset,
    families: &[FamilyRules],
    limits: &[PlacedLimit],
    findings: &mut Findings<'_>,
) {
    for (place, required) in raw.requires.iter().enumerate() {
        let key = format!("requires[{place}]");
        let signal = signal_of(*required.get());
        if raw.requires[..place].contains(required) {
            findings.meaning(&key, required.span(), "stands twice");
        } else if !limits.iter().any(|limit| rails::signal_of(limit.judged) == Some(signal)) {
            if !findings.any_under("rule") {
                let reason = format!("{} has no limit in any rule", signal_name(signal));
                findings.meaning(&key, required.span(), reason);
            }
        } else {
            check_high_rules(&key, required, signal, families, findings);
        }
    }
    check_order(families, limits, findings);
}

/// Row 25: in every phase each family of a required signal has a rule that can raise HIGH.
fn check_high_rules(
    key: &str,
    required: &At<RawSignal>,
    signal: RequiredSignal,
    families: &[FamilyRules],
    findings: &mut Findings<'_>,
) {
    let judges = |family: AlarmFamily| {
        RAILS
            .iter()
            .any(|rail| rail.family == family && rails::signal_of(rail.judged) == Some(signal))
    };
    for family in FAMILIES.into_iter().filter(|family| judges(*family)) {
        let rules = families.iter().find(|rules| rules.family == family);
        let high_in = |phase: Phase| {
            rules.into_iter().flat_map(|rules| &rules.bands).any(|band| {
                // What goes by a baseline or a symptom may never be judged at all.
                let high = band.components.iter().any(|component| {
                    rails::signal_of(component.judged) == Some(signal)
                        && component.limit.change().is_none()
                        && component.priority() == Priority::High
                });
                high && band.with_symptom == WithSymptom::No && band.phases.holds(Some(phase))
            })
        };
        let phases = Phase::ALL.into_iter().filter(|phase| *phase != Phase::Ended);
        let short: Vec<&str> = phases.filter(|it| !high_in(*it)).map(Phase::name).collect();
        let name = family.name();
        if !short.is_empty() && !findings.any_under(&format!("rule.{name}")) {
            let reason = format!(
                "{} is required, but the family {name} has no HIGH rule in: {} (alarms 11, row 25)",
                signal_name(signal),
                short.join(", ")
            );
            findings.meaning(key, required.span(), reason);
        }
    }
}

/// Between the limits of a signal there must be values at which both sides are clear.
fn check_order(families: &[FamilyRules], limits: &[PlacedLimit], findings: &mut Findings<'_>) {
    let clear_by = |family: AlarmFamily| {
        families.iter().find(|rules| rules.family == family).map_or(0, |rules| rules.clear_by)
    };
    let of = |side: Side| limits.iter().filter(move |limit| limit.side == side);
    for low in of(Side::Lower) {
        let highs = of(Side::Upper).filter(|high| high.judged == low.judged);
        for high in highs {
            let (low_h, high_h) = (clear_by(low.family), clear_by(high.family));
            let clear = low.limit.saturating_add(low_h) < high.limit.saturating_sub(high_h);
            if !clear {
                let reason = format!(
                    "lower limit {} plus {low_h} must be under upper limit {} minus {high_h} of {} \
                     ({})",
                    low.limit,
                    high.limit,
                    low.judged.name(),
                    high.key
                );
                findings.form(&low.key, low.span.clone(), reason);
            }
        }
    }
}
