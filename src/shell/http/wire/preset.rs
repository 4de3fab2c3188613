//! A preset as whoever approves it reads it (contract 6, `GET /presets`): each limit with its rule,
//! its delays and where the number comes from (clinical 2.3).

use serde::Serialize;
use utoipa::ToSchema;

#[cfg(test)]
use super::words;
use super::{Figure, seconds};
use crate::domain::alarm::rule::{
    AfterDose, AlarmPreset, AlarmRule, Component, Confirm, DoseMark, Due, FamilyRules, Limit,
    Phase, RequiredSignal, WithSymptom,
};

/// What a preset is, and whether it is approved.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct PresetSummary<'a> {
    name: &'a str,
    title: &'a str,
    version: &'a str,
    drug: &'a str,
    routes: Vec<&'a str>,
    /// null: LIMITS NOT APPROVED.
    approved_by: Option<&'a str>,
    approved_on: Option<&'a str>,
    /// Of new sessions and of every bed.
    in_force: bool,
}

/// A preset with all its limits.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "FullPreset"))]
#[schema(as = FullPreset)]
pub(crate) struct Preset<'a> {
    #[serde(flatten)]
    about: PresetSummary<'a>,
    /// Signals that a session can't do without.
    #[cfg_attr(test, ts(as = "Vec<words::RequiredSignal>"))]
    requires: Vec<&'static str>,
    active: Span,
    /// Discharge is not before.
    observe: Span,
    interval_min: IntervalMinutes,
    limits: Vec<PresetLimit<'a>>,
    /// Readings that must be taken at a time after the dose.
    due: Vec<DueReading<'a>>,
    /// Rules of the default table that are left out.
    not_in_force: Vec<&'a str>,
}

/// A time after the dose.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct Span {
    /// dose_start | dose_end
    #[cfg_attr(test, ts(as = "words::DoseMark"))]
    after: &'static str,
    min: u64,
}

/// Between planned cuff readings.
#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct IntervalMinutes {
    intake: u64,
    baseline: u64,
    active: u64,
    recovery: u64,
    discharge: u64,
    after_high: u64,
}

#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct DueReading<'a> {
    id: &'a str,
    #[cfg_attr(test, ts(as = "words::RequiredSignal"))]
    what: &'static str,
    at_min: u64,
    /// Then it is late: an alarm.
    alarm_min: u64,
}

#[derive(Debug, Serialize, ToSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
struct PresetLimit<'a> {
    #[cfg_attr(test, ts(as = "words::AlarmFamily"))]
    family: &'static str,
    rule: &'a str,
    #[cfg_attr(test, ts(as = "words::Judged"))]
    metric: &'static str,
    /// UCUM.
    unit: &'static str,
    /// low | high
    #[cfg_attr(test, ts(as = "words::Side"))]
    side: &'static str,
    /// null: apnoea.
    limit: Option<Figure>,
    /// The number is a rise or drop from the baseline.
    change: bool,
    /// The number of a patient above 65 years, where it is another.
    over_65: Option<Figure>,
    /// Only together with a symptom that was entered.
    with_symptom: bool,
    clears: Figure,
    /// high | medium | low
    #[cfg_attr(test, ts(as = "words::Priority"))]
    priority: &'static str,
    delay_s: u64,
    /// Time in which a first cuff reading must be repeated.
    confirm_s: Option<u64>,
    /// Those of a session in which it is judged; all five: without a session, too.
    #[cfg_attr(test, ts(as = "Vec<words::Phase>"))]
    phases: Vec<&'static str>,
    /// Where the number comes from.
    source: &'a str,
}

impl<'a> PresetSummary<'a> {
    pub(crate) fn new(preset: &'a AlarmPreset, in_force: &AlarmPreset) -> Self {
        let approval = preset.approval.as_ref();
        Self {
            name: &preset.name,
            title: &preset.title,
            version: &preset.version,
            drug: &preset.drug,
            routes: preset.routes.iter().map(|route| &**route).collect(),
            approved_by: approval.map(|approval| &*approval.by),
            approved_on: approval.map(|approval| &*approval.on),
            in_force: preset.name == in_force.name,
        }
    }
}

impl<'a> Preset<'a> {
    pub(crate) fn new(preset: &'a AlarmPreset, in_force: &AlarmPreset) -> Self {
        let minutes = |interval: std::time::Duration| seconds(interval) / 60;
        let every = &preset.intervals;
        Self {
            about: PresetSummary::new(preset, in_force),
            requires: preset.requires.iter().copied().map(signal).collect(),
            active: Span::new(preset.active),
            observe: Span::new(preset.observe),
            interval_min: IntervalMinutes {
                intake: minutes(every.intake),
                baseline: minutes(every.baseline),
                active: minutes(every.active),
                recovery: minutes(every.recovery),
                discharge: minutes(every.discharge),
                after_high: minutes(every.after_high),
            },
            limits: preset.families.iter().flat_map(limits).collect(),
            due: preset.due.iter().map(DueReading::new).collect(),
            not_in_force: preset.not_in_force.iter().map(|name| &**name).collect(),
        }
    }
}

impl<'a> DueReading<'a> {
    fn new(due: &'a Due) -> Self {
        let minutes = |time| seconds(time) / 60;
        let (at_min, alarm_min) = (minutes(due.at), minutes(due.alarm));
        Self { id: due.id.as_str(), what: signal(due.what), at_min, alarm_min }
    }
}

impl Span {
    const fn new(span: AfterDose) -> Self {
        Self { after: mark(span.mark), min: span.lasts.as_secs() / 60 }
    }
}

fn limits(family: &FamilyRules) -> impl Iterator<Item = PresetLimit<'_>> {
    family.bands.iter().flat_map(move |rule| {
        rule.components.iter().map(move |component| PresetLimit::new(family, rule, component))
    })
}

impl<'a> PresetLimit<'a> {
    fn new(family: &FamilyRules, rule: &'a AlarmRule, component: &Component) -> Self {
        let judged = component.judged;
        let info = judged.metrics().first().expect("whatever is judged has a metric");
        let figure = |raw| Figure::of(*info, raw);
        let h = family.clear_by;
        let (side, limit, clears) = match component.limit {
            Limit::AtOrAbove(limit) => ("high", Some(limit), limit - h),
            Limit::AtOrBelow(limit) => ("low", Some(limit), limit + h),
            Limit::Rise { change, .. } => ("high", Some(change), change - h),
            Limit::Drop { change, .. } => ("low", Some(change), change - h),
            Limit::Apnoea { clears_as } => ("low", None, clears_as + h),
        };
        let confirm = rule.confirm.and_then(|confirm| match confirm {
            Confirm::Recuff { within } => Some(within),
            Confirm::Next => None,
        });
        let phases = Phase::ALL.into_iter().filter(|phase| *phase != Phase::Ended);
        Self {
            family: family.family.name(),
            rule: rule.id.as_str(),
            metric: judged.name(),
            unit: info.info().ucum,
            side,
            limit: limit.map(figure),
            change: component.limit.change().is_some(),
            over_65: component.over_65.map(figure),
            with_symptom: rule.with_symptom == WithSymptom::Needed,
            clears: figure(clears),
            priority: component.priority().name(),
            delay_s: seconds(component.persist),
            confirm_s: confirm.map(seconds),
            phases: phases.filter(|it| rule.phases.holds(Some(*it))).map(Phase::name).collect(),
            source: &rule.source_tag,
        }
    }
}

pub(super) const fn mark(mark: DoseMark) -> &'static str {
    match mark {
        DoseMark::Start => "dose_start",
        DoseMark::End => "dose_end",
    }
}

pub(super) const fn signal(signal: RequiredSignal) -> &'static str {
    match signal {
        RequiredSignal::Nibp => "nibp",
        RequiredSignal::HeartRate => "heart_rate",
        RequiredSignal::SpO2 => "spo2",
        RequiredSignal::Resp => "resp",
    }
}
