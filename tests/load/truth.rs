//! What was really so when an alarm sounded: the noise-free patient against the limits of the rule.

use dosevigil::domain::act::Baseline;
use dosevigil::domain::alarm::occurrence::Occurrence;
use dosevigil::domain::alarm::rule::{AlarmPreset, AlarmRule, Component, Judged, Limit, Verdict};
use dosevigil::domain::alarm::{AlarmFamily, AlarmKind};
use dosevigil::domain::metric::Metric;
use simulators::patient::Truth;

/// Whether `truth` is at or beyond a limit of the rule that governs `told`. A technical alarm is
/// true but for a value that stands still: no simulated sensor does.
pub(crate) fn is_true(
    told: &Occurrence,
    preset: &AlarmPreset,
    baseline: Option<Baseline>,
    truth: &Truth,
) -> bool {
    match told.family.kind() {
        AlarmKind::Technical => told.family != AlarmFamily::Frozen,
        AlarmKind::Physiological => {
            let rules = preset.families.iter().filter(|rules| rules.family == told.family);
            let mut bands = rules.flat_map(|rules| &rules.bands);
            bands.any(|band| told.rule.as_ref() == Some(&band.id) && holds(band, baseline, truth))
        }
    }
}

fn holds(band: &AlarmRule, baseline: Option<Baseline>, truth: &Truth) -> bool {
    let violated = |it: &&Component| violates(it, baseline, truth);
    let is_change = |it: &&Component| it.limit.change().is_some();
    if band.id.as_str() == "B6" {
        // Not near the baseline, and not below the numbers.
        let of = |changes: bool| {
            band.components.iter().filter(|it| is_change(it) == changes).any(|it| violated(&it))
        };
        return of(true) && of(false);
    }
    band.components.iter().any(|it| violated(&it))
}

fn violates(component: &Component, baseline: Option<Baseline>, truth: &Truth) -> bool {
    let accepted = baseline.unwrap_or_default();
    let (value, from) = match component.judged {
        Judged::HeartRate => (truth.heart_rate, accepted.heart_rate),
        Judged::Metric(Metric::NibpSys) => (truth.systolic, accepted.sys),
        Judged::Metric(Metric::NibpDia) => (truth.diastolic, accepted.dia),
        Judged::Metric(Metric::NibpMap) => {
            (truth.diastolic + (truth.systolic - truth.diastolic) / 3.0, None)
        }
        Judged::Metric(Metric::SpO2) => (truth.spo2, accepted.spo2),
        Judged::Metric(Metric::RespRate) => (truth.respiration, None),
        // No arterial line and no sedation score here.
        Judged::Metric(_) => return false,
    };
    let limit = match component.limit {
        Limit::Rise { change, .. } => Limit::Rise { change, from },
        Limit::Drop { change, .. } => Limit::Drop { change, from },
        Limit::AtOrAbove(_) | Limit::AtOrBelow(_) | Limit::Apnoea { .. } => component.limit,
    };
    limit.number().is_some() && limit.judge(value.round() as i32, 0) == Verdict::Violated
}

/// 180/110, the limits of B2.
pub(crate) fn is_high(systolic: f64, diastolic: f64) -> bool {
    systolic >= 180.0 || diastolic >= 110.0
}
