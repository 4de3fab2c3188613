//! The gates of dose and discharge as a preset writes them → bands of the families pre-dose and
//! discharge (contract 3.2, `[gate.*]`), and its timed readings.
//!
//! A gate's component is turned into what stops: `rise_at_most = 20` stops at a rise of 21,
//! `at_or_below = 139` at 140. What asks a gate is `alarm::gate`.

use std::collections::BTreeMap;
use std::time::Duration;

use super::error::Findings;
use super::preset::{readable, signal_of};
use super::preset_limit::{Kind, LimitAt, Limits};
use super::preset_raw::{
    RawAbove, RawDischargeGate, RawDoseGate, RawDue, RawLast, RawMetric, RawPass, RawPreset,
    RawPriority, RawWhy,
};
use super::preset_rule::{check_priority, judged_of, onset_of, severity_of};
use super::structure::At;
use crate::domain::alarm::AlarmFamily;
use crate::domain::alarm::gate::{Asks, Gate, Pass};
use crate::domain::alarm::rule::{
    AlarmRule, Component, Due, FamilyRules, Limit, Phase, PhaseSet, WithSymptom,
};
use crate::domain::ids::RuleId;

/// What is the same in every gate.
struct GateAt<'a> {
    family: AlarmFamily,
    key: String,
    id: RuleId,
    asks: Asks,
    last: &'a RawLast,
    why: &'a RawWhy,
    priority: Option<&'a At<RawPriority>>,
}

/// The gates as families; one without a gate is left out.
pub(super) fn families(
    raw: &RawPreset,
    limits: &mut Limits,
    findings: &mut Findings<'_>,
) -> Vec<FamilyRules> {
    let dose = in_order(&raw.gate.dose);
    let dose = dose.into_iter().filter_map(|(id, gate)| dose_gate(id, gate, limits, findings));
    let dose: Vec<_> = dose.collect();
    let discharge = in_order(&raw.gate.discharge);
    let discharge = discharge.into_iter();
    let discharge = discharge.filter_map(|(id, gate)| discharge_gate(id, gate, limits, findings));
    let all = [(AlarmFamily::PreDose, dose), (AlarmFamily::Discharge, discharge.collect())];
    let family = |(family, mut bands): (AlarmFamily, Vec<AlarmRule>)| {
        // Stable: gates of one priority keep their order in the preset.
        bands.sort_by_key(|band| std::cmp::Reverse(band.priority()));
        (!bands.is_empty()).then_some(FamilyRules { family, clear_by: 0, bands })
    };
    all.into_iter().filter_map(family).collect()
}

/// Timed readings: each is late only after it was to be taken.
pub(super) fn due(raw: &RawPreset, findings: &mut Findings<'_>) -> Vec<Due> {
    let mut all: Vec<Due> = Vec::new();
    for (place, at) in raw.due.iter().enumerate() {
        let key = format!("due[{place}]");
        all.extend(one_due(&key, at, &all, findings));
    }
    all
}

fn one_due(key: &str, at: &At<RawDue>, before: &[Due], findings: &mut Findings<'_>) -> Option<Due> {
    let raw = at.get();
    let id = rule_id(&format!("{key}.id"), &raw.id, findings)?;
    if before.iter().any(|due| due.id == id) {
        findings.meaning(&format!("{key}.id"), raw.id.span(), "stands twice");
    }
    if raw.alarm_min.get() <= raw.at_min.get() {
        let reason = format!("must be later than at_min, {}", raw.at_min.get());
        findings.meaning(&format!("{key}.alarm_min"), raw.alarm_min.span(), reason);
    }
    let minutes = |at: &At<i64>| Duration::from_secs(60 * at.get().unsigned_abs());
    let what = signal_of(*raw.what.get());
    Some(Due { id, what, at: minutes(&raw.at_min), alarm: minutes(&raw.alarm_min) })
}

fn dose_gate(
    id: &At<String>,
    at: &At<RawDoseGate>,
    limits: &mut Limits,
    findings: &mut Findings<'_>,
) -> Option<AlarmRule> {
    let raw = at.get();
    let family = AlarmFamily::PreDose;
    let key = format!("gate.dose.{}", id.get());
    let gate = GateAt {
        family,
        id: rule_id(&key, id, findings)?,
        asks: Asks::Any,
        last: &raw.last,
        why: &raw.why,
        priority: raw.priority.as_ref(),
        key: key.clone(),
    };
    if raw.any.get().is_empty() {
        findings.meaning(&format!("{key}.any"), raw.any.span(), "needs at least one component");
    }
    let mut components = Vec::new();
    for (place, part) in raw.any.get().iter().enumerate() {
        let key = format!("{key}.any[{place}]");
        components.extend(gate.above(&key, part.get(), limits, findings));
    }
    let phases = PhaseSet::of(&[Phase::Intake, Phase::Baseline]);
    Some(gate.rule(components, phases, findings))
}

fn discharge_gate(
    id: &At<String>,
    at: &At<RawDischargeGate>,
    limits: &mut Limits,
    findings: &mut Findings<'_>,
) -> Option<AlarmRule> {
    let raw = at.get();
    let key = format!("gate.discharge.{}", id.get());
    let pass = match raw.pass.get() {
        RawPass::Either => Pass::Either,
        RawPass::Both => Pass::Both,
    };
    let gate = GateAt {
        family: AlarmFamily::Discharge,
        id: rule_id(&key, id, findings)?,
        asks: Asks::Passing(pass),
        last: &raw.last,
        why: &raw.why,
        priority: raw.priority.as_ref(),
        key: key.clone(),
    };
    for (name, is_empty, span) in [
        ("near", raw.near.get().is_empty(), raw.near.span()),
        ("below", raw.below.get().is_empty(), raw.below.span()),
    ] {
        if is_empty {
            findings.meaning(&format!("{key}.{name}"), span, "needs at least one component");
        }
    }
    let mut components = Vec::new();
    for (place, part) in raw.near.get().iter().enumerate() {
        let (key, part) = (format!("{key}.near[{place}]"), part.get());
        let figure = (Kind::Rise, format!("{key}.rise_at_most"), &part.rise_at_most);
        let change = gate.figure(&key, &part.metric, figure, limits, findings);
        let limit = change.map(|most| Limit::Rise { change: most + 1, from: None });
        components.extend(limit.map(|limit| gate.component(&part.metric, limit)));
    }
    for (place, part) in raw.below.get().iter().enumerate() {
        let (key, part) = (format!("{key}.below[{place}]"), part.get());
        let figure = (Kind::Above, format!("{key}.at_or_below"), &part.at_or_below);
        let below = gate.figure(&key, &part.metric, figure, limits, findings);
        let limit = below.map(|most| Limit::AtOrAbove(most + 1));
        components.extend(limit.map(|limit| gate.component(&part.metric, limit)));
    }
    Some(gate.rule(components, PhaseSet::of(&[Phase::Discharge]), findings))
}

impl GateAt<'_> {
    fn above(
        &self,
        key: &str,
        raw: &RawAbove,
        limits: &mut Limits,
        findings: &mut Findings<'_>,
    ) -> Option<Component> {
        let figure = (Kind::Above, format!("{key}.at_or_above"), &raw.at_or_above);
        let limit = self.figure(key, &raw.metric, figure, limits, findings)?;
        let over_65 = raw.over_65.as_ref().and_then(|at| {
            let figure = (Kind::Above, format!("{key}.over_65"), at);
            self.figure(key, &raw.metric, figure, limits, findings)
        });
        let component = self.component(&raw.metric, Limit::AtOrAbove(limit));
        Some(Component { over_65, ..component })
    }

    /// A figure inside the rails of the gate's family.
    fn figure(
        &self,
        key: &str,
        metric: &At<RawMetric>,
        (kind, figure_key, at): (Kind, String, &At<i64>),
        limits: &mut Limits,
        findings: &mut Findings<'_>,
    ) -> Option<i32> {
        let judged = judged_of(*metric.get());
        let place = LimitAt { family: self.family, judged, kind, key: figure_key, at };
        // A gate holds at its own time: its limits need not stand clear of the rules'.
        let placed = limits.placed.len();
        let metric = (format!("{key}.metric"), metric.span());
        let figure = place.inside_rails(metric, limits, findings);
        limits.placed.truncate(placed);
        figure
    }

    fn component(&self, metric: &At<RawMetric>, limit: Limit) -> Component {
        Component {
            judged: judged_of(*metric.get()),
            limit,
            persist: Duration::ZERO,
            severity: severity_of(self.why),
            onset: onset_of(self.why),
            over_65: None,
        }
    }

    fn rule(
        self,
        components: Vec<Component>,
        phases: PhaseSet,
        findings: &mut Findings<'_>,
    ) -> AlarmRule {
        let readings = u8::try_from(*self.last.readings.get()).unwrap_or(1).max(1);
        let spacing = Duration::from_secs(self.last.spacing_s.get().unsigned_abs());
        let rule = AlarmRule {
            id: self.id,
            text: None,
            components,
            confirm: None,
            spot_values: None,
            phases,
            source_tag: self.why.source.get().as_str().into(),
            with_symptom: WithSymptom::No,
            delayed_below: None,
            gate: Some(Gate { asks: self.asks, readings, spacing }),
            part: 0,
        };
        readable(&format!("{}.why.source", self.key), &self.why.source, findings);
        check_priority(&self.key, self.priority, &rule, findings);
        rule
    }
}

fn rule_id(key: &str, id: &At<String>, findings: &mut Findings<'_>) -> Option<RuleId> {
    let found = RuleId::try_new(id.get());
    if let Err(error) = &found {
        findings.meaning(key, id.span(), format!("a rule's name {error}"));
    }
    found.ok()
}

/// The map is sorted by name; the order of the file is that of the positions.
fn in_order<T>(all: &BTreeMap<At<String>, At<T>>) -> Vec<(&At<String>, &At<T>)> {
    let mut in_order: Vec<_> = all.iter().collect();
    in_order.sort_by_key(|(id, _)| id.span().start);
    in_order
}
