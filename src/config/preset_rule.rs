//! One raw rule of a preset → the domain's bands: its confirmation, phases and words, its priority
//! derived from severity and onset. Components of different priority are bands of their own.
//!
//! A component's limit and delay are `preset_limit`'s; what rules mean for each other is
//! `preset_check`'s.

use std::time::Duration;

use super::error::Findings;
use super::preset::readable;
use super::preset_limit::{ComponentAt, Limits};
use super::preset_raw::{
    RawComponent, RawHow, RawMetric, RawOnset, RawPhase, RawPriority, RawRule, RawSeverity, RawWhy,
};
use super::rails;
use super::structure::At;
use crate::domain::alarm::rule::{
    AlarmRule, Component, Confirm, Judged, Phase, PhaseSet, WithSymptom,
};
use crate::domain::alarm::{AlarmFamily, Onset, Priority, Severity};
use crate::domain::ids::RuleId;
use crate::domain::metric::Metric;

/// A raw rule and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct RuleAt<'a> {
    pub(super) family: AlarmFamily,
    pub(super) id: &'a At<String>,
    pub(super) rule: &'a At<RawRule>,
}

/// The bands of a rule, the highest first; none when its name is none.
pub(super) fn resolve(
    at: RuleAt<'_>,
    limits: &mut Limits,
    findings: &mut Findings<'_>,
) -> Vec<AlarmRule> {
    let key = format!("rule.{}.{}", at.family.name(), at.id.get());
    let raw = at.rule.get();
    let id = match RuleId::try_new(at.id.get()) {
        Ok(id) => id,
        Err(error) => {
            findings.meaning(&key, at.id.span(), format!("a rule's name {error}"));
            return Vec::new();
        }
    };
    let any = raw.any.get();
    if any.is_empty() {
        findings.meaning(&format!("{key}.any"), raw.any.span(), "needs at least one component");
    }
    let mut components: Vec<Component> = Vec::new();
    for (place, component) in any.iter().enumerate() {
        let key = format!("{key}.any[{place}]");
        let of = ComponentAt { family: at.family, rule: raw, key: &key, raw: component };
        components.extend(of.resolve(limits, findings));
    }
    let rule = AlarmRule {
        id,
        text: text(&key, raw, findings),
        confirm: confirm(&key, raw, &components, findings),
        spot_values: spot_values(&key, raw, findings),
        phases: phases(&key, raw, findings),
        source_tag: raw.why.source.get().as_str().into(),
        with_symptom: with_symptom(&key, raw, findings),
        delayed_below: delayed_below(&key, raw, findings),
        gate: None,
        part: 0,
        components,
    };
    readable(&format!("{key}.why.source"), &raw.why.source, findings);
    check_priority(&key, raw.priority.as_ref(), &rule, findings);
    parts(&rule)
}

/// A band for each priority that the rule's components have (alarms 11: bands rank by priority).
fn parts(rule: &AlarmRule) -> Vec<AlarmRule> {
    let priorities = Priority::ALL.into_iter().rev();
    let of = |priority| {
        let these = rule.components.iter().filter(|part| part.priority() == priority);
        these.copied().collect::<Vec<_>>()
    };
    let bands = priorities.map(of).filter(|components| !components.is_empty());
    let band = |(part, components)| AlarmRule { part, components, ..rule.clone() };
    (0..).zip(bands).map(band).collect()
}

pub(super) const fn judged_of(raw: RawMetric) -> Judged {
    match raw {
        RawMetric::NibpSys => Judged::Metric(Metric::NibpSys),
        RawMetric::NibpDia => Judged::Metric(Metric::NibpDia),
        RawMetric::NibpMap => Judged::Metric(Metric::NibpMap),
        RawMetric::ArtSys => Judged::Metric(Metric::ArtSys),
        RawMetric::ArtDia => Judged::Metric(Metric::ArtDia),
        RawMetric::ArtMap => Judged::Metric(Metric::ArtMap),
        RawMetric::HeartRate => Judged::HeartRate,
        RawMetric::SpO2 => Judged::Metric(Metric::SpO2),
        RawMetric::Resp => Judged::Metric(Metric::RespRate),
        RawMetric::Moaas => Judged::Metric(Metric::Moaas),
    }
}

fn confirm(
    key: &str,
    raw: &RawRule,
    components: &[Component],
    findings: &mut Findings<'_>,
) -> Option<Confirm> {
    let at = raw.confirm.as_ref()?;
    let key = format!("{key}.confirm");
    let cuff = components.iter().filter(|component| rails::is_cuff(component.judged));
    let (highest, lowest) =
        (cuff.clone().map(Component::priority).max(), cuff.map(Component::priority).min());
    if highest.is_none() && !components.is_empty() {
        let reason = "only a cuff's values can be confirmed; this rule has none";
        findings.meaning(&key, at.span(), reason);
    }
    let within = at.get().within_s.as_ref();
    match (at.get().how.get(), within) {
        (RawHow::Recuff, None) => {
            findings.meaning(
                &format!("{key}.within_s"),
                at.span(),
                "missing key: how = \"recuff\"",
            );
        }
        (RawHow::Next, Some(within)) => {
            let reason = "only with how = \"recuff\"";
            findings.meaning(&format!("{key}.within_s"), within.span(), reason);
        }
        (RawHow::Recuff, Some(_)) | (RawHow::Next, None) => {}
    }
    let asked = match at.get().how.get() {
        RawHow::Next => highest,
        RawHow::Recuff => lowest,
    };
    match (at.get().how.get(), asked) {
        // Row 1a: the advisory of `next` is no alarm, so it may not hold back a HIGH.
        (RawHow::Next, Some(Priority::High)) => {
            let reason = "a HIGH rule can't wait for the next reading: use how = \"recuff\"";
            findings.meaning(&format!("{key}.how"), at.get().how.span(), reason);
        }
        // Row 1a raises MEDIUM at once and HIGH later.
        (RawHow::Recuff, Some(Priority::Low | Priority::Medium)) => {
            let reason = "only a HIGH rule asks for a re-cuff: use how = \"next\"";
            findings.meaning(&format!("{key}.how"), at.get().how.span(), reason);
        }
        (RawHow::Next | RawHow::Recuff, _) => {}
    }
    Some(match at.get().how.get() {
        RawHow::Next => Confirm::Next,
        RawHow::Recuff => Confirm::Recuff {
            within: Duration::from_secs(within.map_or(0, |within| within.get().unsigned_abs())),
        },
    })
}

fn spot_values(key: &str, raw: &RawRule, findings: &mut Findings<'_>) -> Option<u8> {
    let spots = raw.spot_values.as_ref()?;
    let rate =
        |component: &At<RawComponent>| matches!(component.get().metric.get(), RawMetric::HeartRate);
    if !raw.any.get().iter().any(rate) {
        let reason = "only heart_rate has spot values";
        findings.meaning(&format!("{key}.spot_values"), spots.span(), reason);
    }
    u8::try_from(*spots.get()).ok()
}

fn phases(key: &str, raw: &RawRule, findings: &mut Findings<'_>) -> PhaseSet {
    let Some(at) = &raw.phases else { return PhaseSet::ALL };
    if at.get().is_empty() {
        let reason = "needs at least one phase; without the key: all";
        findings.meaning(&format!("{key}.phases"), at.span(), reason);
    }
    let phase_of = |phase: &At<RawPhase>| match phase.get() {
        RawPhase::Intake => Phase::Intake,
        RawPhase::Baseline => Phase::Baseline,
        RawPhase::Active => Phase::Active,
        RawPhase::Recovery => Phase::Recovery,
        RawPhase::Discharge => Phase::Discharge,
    };
    PhaseSet::of(&at.get().iter().map(phase_of).collect::<Vec<_>>())
}

fn with_symptom(key: &str, raw: &RawRule, findings: &mut Findings<'_>) -> WithSymptom {
    let Some(at) = &raw.with_symptom else { return WithSymptom::No };
    if !*at.get() {
        let reason = "can only be true; leave the key out instead";
        findings.meaning(&format!("{key}.with_symptom"), at.span(), reason);
    }
    WithSymptom::Needed
}

fn delayed_below(key: &str, raw: &RawRule, findings: &mut Findings<'_>) -> Option<i32> {
    let at = raw.delayed_if_baseline_below.as_ref()?;
    let rate =
        |component: &At<RawComponent>| matches!(component.get().metric.get(), RawMetric::HeartRate);
    if !raw.any.get().iter().all(rate) {
        let reason = "only rules of heart_rate go by its baseline";
        findings.meaning(&format!("{key}.delayed_if_baseline_below"), at.span(), reason);
    }
    i32::try_from(*at.get()).ok()
}

/// Placeholders that are filled in (contract 3.2), and those that need a change.
const PLACEHOLDERS: [&str; 4] = ["metric", "value", "limit", "unit"];
const OF_A_CHANGE: [&str; 2] = ["baseline", "change"];

fn text(key: &str, raw: &RawRule, findings: &mut Findings<'_>) -> Option<Box<str>> {
    let text = raw.text.as_ref()?;
    let key = format!("{key}.text");
    readable(&key, text, findings);
    let mut pieces = text.get().split('{');
    let before = pieces.next().unwrap_or_default();
    let is_change = |part: &At<RawComponent>| {
        part.get().rise_at_or_above.is_some() || part.get().drop_at_or_above.is_some()
    };
    let changes = raw.any.get().iter().any(is_change);
    let known = |piece: &str| {
        let (name, after) = piece.split_once('}').unwrap_or_default();
        let filled = PLACEHOLDERS.contains(&name) || changes && OF_A_CHANGE.contains(&name);
        filled && !after.contains('}')
    };
    if before.contains('}') || !pieces.all(known) {
        let reason = "only {metric}, {value}, {limit} and {unit} can be filled in, and of a rise \
                      or drop {baseline} and {change}";
        findings.meaning(&key, text.span(), reason);
    }
    Some(text.get().as_str().into())
}

/// A stated priority must be the derived one (alarms 2).
pub(super) fn check_priority(
    key: &str,
    stated: Option<&At<RawPriority>>,
    rule: &AlarmRule,
    findings: &mut Findings<'_>,
) {
    let Some(at) = stated else { return };
    let stated = match at.get() {
        RawPriority::High => Priority::High,
        RawPriority::Medium => Priority::Medium,
        RawPriority::Low => Priority::Low,
    };
    let derived = rule.priority();
    if !rule.components.is_empty() && stated != derived {
        let reason = format!(
            "stated {}, but severity and onset give {} (alarms 2)",
            stated.name(),
            derived.name()
        );
        findings.meaning(&format!("{key}.priority"), at.span(), reason);
    }
}

pub(super) fn severity_of(why: &RawWhy) -> Severity {
    match why.severity.get() {
        RawSeverity::Irreversible => Severity::Irreversible,
        RawSeverity::Reversible => Severity::Reversible,
        RawSeverity::Minor => Severity::Minor,
    }
}

pub(super) fn onset_of(why: &RawWhy) -> Onset {
    match why.onset.get() {
        RawOnset::Immediate => Onset::Immediate,
        RawOnset::Prompt => Onset::Prompt,
        RawOnset::Delayed => Onset::Delayed,
    }
}
