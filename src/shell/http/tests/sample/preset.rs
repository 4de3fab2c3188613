//! A preset with one limit, which nobody has approved.

use std::sync::Arc;
use std::time::Duration;

use super::rule;
use crate::domain::alarm::rule::{
    AfterDose, AlarmPreset, AlarmRule, Component, Confirm, DoseMark, FamilyRules, Intervals,
    Judged, Limit, PhaseSet, WithSymptom,
};
use crate::domain::alarm::{AlarmFamily, Onset, Severity};
use crate::domain::metric::Metric;
use crate::shell::http::Presets;

pub(super) fn presets() -> Presets {
    Presets { in_force: preset(), all: vec![preset()] }
}

pub(super) fn preset() -> Arc<AlarmPreset> {
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    let after = |lasts| AfterDose { mark: DoseMark::Start, lasts };
    Arc::new(AlarmPreset {
        name: "ketamine-iv".into(),
        title: "Ketamine, IV infusion".into(),
        version: "1.0.0".into(),
        drug: "ketamine".into(),
        routes: vec!["iv".into()],
        approval: None,
        requires: Vec::new(),
        active: after(minutes(40)),
        observe: after(minutes(120)),
        intervals: Intervals {
            intake: minutes(15),
            baseline: minutes(5),
            active: minutes(10),
            recovery: minutes(15),
            discharge: minutes(15),
            after_high: minutes(2),
        },
        families: vec![bp_high()],
        due: Vec::new(),
        not_in_force: vec!["B3".into(), "gates".into()],
    })
}

/// One cuff limit, which is repeated before it counts.
fn bp_high() -> FamilyRules {
    let component = Component {
        judged: Judged::Metric(Metric::NibpSys),
        limit: Limit::AtOrAbove(180),
        persist: Duration::ZERO,
        severity: Severity::Irreversible,
        onset: Onset::Prompt,
        over_65: None,
    };
    let band = AlarmRule {
        id: rule("B2"),
        text: None,
        components: vec![component],
        confirm: Some(Confirm::Recuff { within: Duration::from_secs(180) }),
        spot_values: None,
        phases: PhaseSet::ALL,
        source_tag: "P".into(),
        with_symptom: WithSymptom::No,
        delayed_below: None,
        gate: None,
        part: 0,
    };
    FamilyRules { family: AlarmFamily::BpHigh, clear_by: 5, bands: vec![band] }
}
