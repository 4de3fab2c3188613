//! A raw preset → the domain's `AlarmPreset` (contract 3.2): parse, don't validate.
//!
//! Single rules are `preset_rule`'s, gates and timed readings `preset_gate`'s, checks over all
//! rules `preset_check`'s. Nothing clinical has a default here but the delays of alarms 14; what a
//! preset leaves out of the default table is named in `not_in_force`.

use std::time::Duration;

use super::error::Findings;
use super::preset_limit::Limits;
use super::preset_raw::{RawAfterDose, RawDoseMark, RawFamily, RawPreset, RawRoute, RawSignal};
use super::preset_rule::{self, RuleAt};
use super::rails;
use super::structure::At;
use super::{preset_check, preset_gate};
use crate::domain::alarm::AlarmFamily;
use crate::domain::alarm::rails::FAMILIES;
use crate::domain::alarm::rule::{
    AfterDose, AlarmPreset, Approval, DoseMark, FamilyRules, Intervals, RequiredSignal,
};

/// Longest text of a preset that a person reads on a tile or in a report, in characters.
const TEXT_CHARS_MAX: usize = 80;

/// Resolves the preset of the file `stem`.toml. With an error in `findings` the result is void.
pub(super) fn resolve(
    raw: &RawPreset,
    stem: &str,
    spo2_offset: i32,
    findings: &mut Findings<'_>,
) -> AlarmPreset {
    if raw.name.get() != stem {
        let reason = format!("{:?} differs from the file's name {stem:?}", raw.name.get());
        findings.meaning("name", raw.name.span(), reason);
    }
    for (key, text) in [("title", &raw.title), ("drug", &raw.drug), ("version", &raw.version)] {
        readable(key, text, findings);
    }
    check_observe(raw, findings);
    let mut limits = Limits { spo2_offset, placed: Vec::new() };
    let mut families = families(raw, &mut limits, findings);
    preset_check::check(raw, &families, &limits.placed, findings);
    families.extend(preset_gate::families(raw, &mut limits, findings));
    AlarmPreset {
        name: raw.name.get().as_str().into(),
        title: raw.title.get().as_str().into(),
        version: raw.version.get().as_str().into(),
        drug: raw.drug.get().as_str().into(),
        routes: routes(raw, findings),
        approval: approval(raw, findings),
        requires: raw.requires.iter().map(|signal| signal_of(*signal.get())).collect(),
        active: after_dose(&raw.active),
        observe: after_dose(raw.observe.get()),
        intervals: intervals(raw),
        not_in_force: not_in_force(&families),
        due: preset_gate::due(raw, findings),
        families,
    }
}

/// Checks a text that people read: one line, not empty, not endless.
pub(super) fn readable(key: &str, text: &At<String>, findings: &mut Findings<'_>) {
    let chars = text.get().chars().count();
    if !(1..=TEXT_CHARS_MAX).contains(&chars) || text.get().chars().any(char::is_control) {
        let reason = format!("must be 1 to {TEXT_CHARS_MAX} characters without control characters");
        findings.meaning(key, text.span(), reason);
    }
}

/// The word of `requires`.
pub(super) const fn signal_name(signal: RequiredSignal) -> &'static str {
    match signal {
        RequiredSignal::Nibp => "nibp",
        RequiredSignal::HeartRate => "heart_rate",
        RequiredSignal::SpO2 => "spo2",
        RequiredSignal::Resp => "resp",
    }
}

pub(super) const fn signal_of(raw: RawSignal) -> RequiredSignal {
    match raw {
        RawSignal::Nibp => RequiredSignal::Nibp,
        RawSignal::HeartRate => RequiredSignal::HeartRate,
        RawSignal::SpO2 => RequiredSignal::SpO2,
        RawSignal::Resp => RequiredSignal::Resp,
    }
}

pub(super) const fn family_of(raw: RawFamily) -> AlarmFamily {
    match raw {
        RawFamily::BpHigh => AlarmFamily::BpHigh,
        RawFamily::BpLow => AlarmFamily::BpLow,
        RawFamily::HrHigh => AlarmFamily::HrHigh,
        RawFamily::HrLow => AlarmFamily::HrLow,
        RawFamily::SpO2Low => AlarmFamily::SpO2Low,
        RawFamily::RespLow => AlarmFamily::RespLow,
        RawFamily::RespHigh => AlarmFamily::RespHigh,
        RawFamily::Sedation => AlarmFamily::Sedation,
    }
}

fn families(raw: &RawPreset, limits: &mut Limits, findings: &mut Findings<'_>) -> Vec<FamilyRules> {
    let mut families = Vec::new();
    for family in FAMILIES {
        let Some((at, rules)) = raw.rule.iter().find(|(raw, _)| family_of(*raw.get()) == family)
        else {
            continue;
        };
        let clear_by = raw.clear_by.iter().find(|(raw, _)| family_of(*raw.get()) == family);
        if clear_by.is_none() {
            let key = format!("clear_by.{}", family.name());
            findings.meaning(&key, at.span(), "missing key: this family has rules");
        }
        // The map is sorted by name; the order of the file is that of the positions.
        let mut in_order: Vec<_> = rules.iter().collect();
        in_order.sort_by_key(|(id, _)| id.span().start);
        let mut bands: Vec<_> = in_order
            .into_iter()
            .flat_map(|(id, rule)| {
                preset_rule::resolve(RuleAt { family, id, rule }, limits, findings)
            })
            .collect();
        // Stable: bands of one priority keep their order in the preset (alarms 11).
        bands.sort_by_key(|band| std::cmp::Reverse(band.priority()));
        let clear_by = clear_by.map_or(0, |(_, value)| value.get().0);
        let clear_by = i32::try_from(clear_by).unwrap_or(i32::MAX);
        families.push(FamilyRules { family, clear_by, bands });
    }
    for at in raw.clear_by.keys() {
        if !raw.rule.keys().any(|family| family.get() == at.get()) {
            let name = family_of(*at.get()).name();
            let reason = format!("there is no rule of the family {name}");
            findings.meaning(&format!("clear_by.{name}"), at.span(), reason);
        }
    }
    families
}

fn routes(raw: &RawPreset, findings: &mut Findings<'_>) -> Vec<Box<str>> {
    let routes = raw.routes.get();
    if routes.is_empty() {
        findings.meaning("routes", raw.routes.span(), "needs at least one route");
    }
    for (place, route) in routes.iter().enumerate() {
        if routes[..place].contains(route) {
            findings.meaning(&format!("routes[{place}]"), route.span(), "stands twice");
        }
    }
    let name = |route: &At<RawRoute>| match route.get() {
        RawRoute::Iv => "iv",
        RawRoute::Im => "im",
        RawRoute::Sc => "sc",
        RawRoute::Sl => "sl",
        RawRoute::Po => "po",
        RawRoute::Nasal => "nasal",
    };
    routes.iter().map(|route| name(route).into()).collect()
}

fn approval(raw: &RawPreset, findings: &mut Findings<'_>) -> Option<Approval> {
    let (by, on) = (raw.approved_by.get(), raw.approved_on.get());
    if !by.is_empty() {
        readable("approved_by", &raw.approved_by, findings);
    }
    let date: Result<jiff::civil::Date, _> = on.parse();
    if !on.is_empty() && (date.is_err() || on.len() != "YYYY-MM-DD".len()) {
        let reason = format!("{on:?} is not a date YYYY-MM-DD");
        findings.meaning("approved_on", raw.approved_on.span(), reason);
    }
    let approved = !by.is_empty() && !on.is_empty();
    approved.then(|| Approval { by: by.as_str().into(), on: on.as_str().into() })
}

/// Discharge can't come before recovery.
fn check_observe(raw: &RawPreset, findings: &mut Findings<'_>) {
    let (active, observe) = (after_dose(&raw.active), after_dose(raw.observe.get()));
    if active.mark == observe.mark && observe.lasts < active.lasts {
        let reason = "must be at least as long as `active`: discharge follows recovery";
        findings.meaning("observe", raw.observe.span(), reason);
    }
}

fn after_dose(raw: &RawAfterDose) -> AfterDose {
    let mark = match raw.after.get() {
        RawDoseMark::DoseStart => DoseMark::Start,
        RawDoseMark::DoseEnd => DoseMark::End,
    };
    AfterDose { mark, lasts: minutes(&raw.min) }
}

fn intervals(raw: &RawPreset) -> Intervals {
    let every = &raw.interval_min;
    Intervals {
        intake: minutes(&every.intake),
        baseline: minutes(&every.baseline),
        active: minutes(&every.active),
        recovery: minutes(&every.recovery),
        discharge: minutes(&every.discharge),
        after_high: minutes(&every.after_high),
    }
}

fn minutes(raw: &At<i64>) -> Duration {
    Duration::from_secs(60 * raw.get().unsigned_abs())
}

/// What of the default table is missing: no rule may be silently inactive (clinical 2.3).
fn not_in_force(families: &[FamilyRules]) -> Vec<Box<str>> {
    let there = |family: &str, id: &str| {
        families.iter().any(|rules| {
            let ids = rules.bands.iter().map(|band| band.id.as_str());
            rules.family.name() == family && ids.into_iter().any(|other| other == id)
        })
    };
    let twice = |id: &str| rails::DEFAULT_RULES.iter().filter(|rule| rule.1 == id).count() > 1;
    let missing = rails::DEFAULT_RULES.iter().filter(|(family, id)| !there(family, id));
    let names = missing.map(|(family, id)| match twice(id) {
        true => format!("{id} ({family})").into(),
        false => Box::from(*id),
    });
    names.collect()
}
