//! One raw rule of a preset → the domain's `AlarmRule`: its components inside the rails of
//! clinical 2.3, its delays, its confirmation, its priority derived from severity and onset.
//!
//! What rules mean for each other is `preset_check`'s.

use std::ops::Range;
use std::time::Duration;

use super::error::Findings;
use super::preset::readable;
use super::preset_raw::{
    RawComponent, RawHow, RawMetric, RawOnset, RawPhase, RawPriority, RawRule, RawSeverity, RawWhy,
};
use super::rails::{self, Side};
use super::structure::At;
use crate::domain::alarm::rule::{AlarmRule, Component, Confirm, Judged, Limit, Phase, PhaseSet};
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

/// A plain limit and where it stands, for the checks over all rules.
#[derive(Clone, Debug)]
pub(super) struct PlacedLimit {
    pub(super) family: AlarmFamily,
    pub(super) judged: Judged,
    pub(super) side: Side,
    pub(super) limit: i32,
    pub(super) key: String,
    pub(super) span: Range<usize>,
}

/// `None` when the rule's name is none.
pub(super) fn resolve(
    at: RuleAt<'_>,
    limits: &mut Vec<PlacedLimit>,
    findings: &mut Findings<'_>,
) -> Option<AlarmRule> {
    let key = format!("rule.{}.{}", at.family.name(), at.id.get());
    let raw = at.rule.get();
    let id = match RuleId::try_new(at.id.get()) {
        Ok(id) => id,
        Err(error) => {
            findings.meaning(&key, at.id.span(), format!("a rule's name {error}"));
            return None;
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
        components,
    };
    check_priority(&key, raw, &rule, findings);
    Some(rule)
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
    }
}

struct ComponentAt<'a> {
    family: AlarmFamily,
    rule: &'a RawRule,
    key: &'a str,
    raw: &'a At<RawComponent>,
}

impl ComponentAt<'_> {
    fn resolve(
        &self,
        limits: &mut Vec<PlacedLimit>,
        findings: &mut Findings<'_>,
    ) -> Option<Component> {
        let raw = self.raw.get();
        let judged = judged_of(*raw.metric.get());
        let why = raw.why.as_ref().unwrap_or(&self.rule.why);
        let (severity, onset) = (severity_of(why), onset_of(why));
        let limit = self.limit(judged, limits, findings)?;
        let persist = self.persist(judged, Priority::derive(severity, onset), findings);
        Some(Component { judged, limit, persist, severity, onset })
    }

    fn limit(
        &self,
        judged: Judged,
        limits: &mut Vec<PlacedLimit>,
        findings: &mut Findings<'_>,
    ) -> Option<Limit> {
        let raw = self.raw.get();
        let family = self.family.name();
        let Some(rail) = rails::rail_of(self.family, judged) else {
            let reason = format!("{} is not judged by the family {family}", judged.name());
            findings.meaning(&format!("{}.metric", self.key), raw.metric.span(), reason);
            return None;
        };
        let (side, at) = match (&raw.at_or_above, &raw.at_or_below, &raw.apnoea) {
            (Some(at), None, None) => (Side::Upper, at),
            (None, Some(at), None) => (Side::Lower, at),
            (None, None, Some(flag)) => return self.apnoea(judged, flag, findings),
            _ => {
                let reason = "needs exactly one of at_or_above, at_or_below, apnoea";
                findings.meaning(self.key, self.raw.span(), reason);
                return None;
            }
        };
        let key = format!("{}.{}", self.key, key_of(side));
        if side != rail.side {
            let reason = format!("the family {family} has limits {} only", key_of(rail.side));
            findings.meaning(&key, at.span(), reason);
            return None;
        }
        if findings.any_under(&key) {
            return None;
        }
        let limit = i32::try_from(*at.get()).unwrap_or(i32::MAX);
        if !(rail.low..=rail.high).contains(&limit) {
            let reason = format!(
                "{} is outside the rails {} to {} of {} in {family}",
                at.get(),
                rail.low,
                rail.high,
                judged.name()
            );
            findings.meaning(&key, at.span(), reason);
        }
        let span = at.span();
        limits.push(PlacedLimit { family: self.family, judged, side, limit, key, span });
        Some(match side {
            Side::Upper => Limit::AtOrAbove(limit),
            Side::Lower => Limit::AtOrBelow(limit),
        })
    }

    /// Apnoea clears as the plain limit of its rule does, so that limit must be there.
    fn apnoea(
        &self,
        judged: Judged,
        flag: &At<bool>,
        findings: &mut Findings<'_>,
    ) -> Option<Limit> {
        let key = format!("{}.apnoea", self.key);
        if !*flag.get() {
            findings.meaning(
                &key,
                flag.span(),
                "can only be true; leave the component out instead",
            );
            return None;
        }
        if self.family != AlarmFamily::RespLow || judged != Judged::Metric(Metric::RespRate) {
            findings.meaning(&key, flag.span(), "only resp in the family resp-low has apnoea");
            return None;
        }
        let mut others = self.rule.any.get().iter().map(At::get);
        let plain = others.find_map(|other| match (*other.metric.get(), &other.at_or_below) {
            (RawMetric::Resp, Some(limit)) => i32::try_from(*limit.get()).ok(),
            _ => None,
        });
        if plain.is_none() {
            let reason = "needs a plain at_or_below of resp in the same rule, to clear by";
            findings.meaning(&key, flag.span(), reason);
        }
        plain.map(|clears_as| Limit::Apnoea { clears_as })
    }

    fn persist(&self, judged: Judged, priority: Priority, findings: &mut Findings<'_>) -> Duration {
        let own = self.raw.get().persist_s.as_ref();
        let Some(persist) = own.or(self.rule.persist_s.as_ref()) else {
            return rails::default_delay(judged, priority);
        };
        if rails::is_cuff(judged) && *persist.get() != 0 {
            let reason = "a cuff's value is judged when it comes: use confirm, not persist_s";
            findings.meaning(&format!("{}.persist_s", self.key), persist.span(), reason);
        }
        Duration::from_secs(persist.get().unsigned_abs())
    }
}

const fn key_of(side: Side) -> &'static str {
    match side {
        Side::Upper => "at_or_above",
        Side::Lower => "at_or_below",
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
    let highest = cuff.map(Component::priority).max();
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
    match (at.get().how.get(), highest) {
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

/// Placeholders that this build fills in (contract 3.2).
const PLACEHOLDERS: [&str; 4] = ["metric", "value", "limit", "unit"];

fn text(key: &str, raw: &RawRule, findings: &mut Findings<'_>) -> Option<Box<str>> {
    let text = raw.text.as_ref()?;
    let key = format!("{key}.text");
    readable(&key, text, findings);
    let mut pieces = text.get().split('{');
    let before = pieces.next().unwrap_or_default();
    let known = |piece: &str| {
        let (name, after) = piece.split_once('}').unwrap_or_default();
        PLACEHOLDERS.contains(&name) && !after.contains('}')
    };
    if before.contains('}') || !pieces.all(known) {
        let reason = "only {metric}, {value}, {limit} and {unit} can be filled in";
        findings.meaning(&key, text.span(), reason);
    }
    Some(text.get().as_str().into())
}

fn check_priority(key: &str, raw: &RawRule, rule: &AlarmRule, findings: &mut Findings<'_>) {
    readable(&format!("{key}.why.source"), &raw.why.source, findings);
    let Some(at) = &raw.priority else { return };
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

fn severity_of(why: &RawWhy) -> Severity {
    match why.severity.get() {
        RawSeverity::Irreversible => Severity::Irreversible,
        RawSeverity::Reversible => Severity::Reversible,
        RawSeverity::Minor => Severity::Minor,
    }
}

fn onset_of(why: &RawWhy) -> Onset {
    match why.onset.get() {
        RawOnset::Immediate => Onset::Immediate,
        RawOnset::Prompt => Onset::Prompt,
        RawOnset::Delayed => Onset::Delayed,
    }
}
