//! A ward that was saved and loaded goes on as if nothing had been; what a changed configuration
//! does to it; and version 1, byte for byte.

mod changed;
mod dosing;
mod entering;
mod fold;
mod golden;
mod history;
mod people;
mod said;
mod visiting;

use std::sync::Arc;
use std::time::Duration;

use crate::domain::alarm::gate::{Asks, Gate};
use crate::domain::alarm::rule::{
    AfterDose, AlarmPreset, AlarmRule, Component, Confirm, DoseMark, Due, FamilyRules, Intervals,
    Judged, Limit, Phase, PhaseSet, RequiredSignal, WithSymptom,
};
use crate::domain::alarm::{AlarmFamily, Onset, Severity};
use crate::domain::bed::{BedPlan, DeclaredDevice, Limb, Watch};
use crate::domain::ids::{BedId, DeviceId, RuleId, SourceIndex};
use crate::domain::metric::Metric;
use crate::domain::reading::Origin;
use crate::domain::time::{MonoTime, Stamp, WallTime};
use crate::domain::ward::{SourceKind, SourcePlan, WardPlan};

const HIGH: (Severity, Onset) = (Severity::Irreversible, Onset::Prompt);
const MEDIUM: (Severity, Onset) = (Severity::Reversible, Onset::Prompt);

/// The serial line of the first bed, and the broker of both.
const CUFF_LINE: SourceIndex = SourceIndex(0);
const BROKER: SourceIndex = SourceIndex(1);

fn start() -> Stamp {
    let wall = WallTime::from_micros(1_795_342_507_000_000);
    Stamp { mono: MonoTime::from_micros(1_000_000_000), wall }
}

fn device(name: &str) -> DeviceId {
    DeviceId::try_new(name).unwrap()
}

fn part(judged: Judged, limit: Limit, seconds: u64, at_stake: (Severity, Onset)) -> Component {
    let (severity, onset) = at_stake;
    Component {
        judged,
        limit,
        persist: Duration::from_secs(seconds),
        severity,
        onset,
        over_65: None,
    }
}

fn rule(id: &str, components: Vec<Component>, confirm: Option<Confirm>) -> AlarmRule {
    AlarmRule {
        id: RuleId::try_new(id).unwrap(),
        text: None,
        components,
        confirm,
        spot_values: None,
        phases: PhaseSet::ALL,
        source_tag: "test".into(),
        with_symptom: WithSymptom::No,
        delayed_below: None,
        gate: None,
        part: 0,
    }
}

/// What is entered, and a gate.
fn entered() -> [(AlarmFamily, i32, Vec<AlarmRule>); 2] {
    let moaas = |limit, stake| {
        let judged = Judged::Metric(Metric::Moaas);
        rule("SED1", vec![part(judged, Limit::AtOrBelow(limit), 0, stake)], None)
    };
    let sedation = vec![moaas(2, HIGH), AlarmRule { part: 1, ..moaas(3, MEDIUM) }];
    let gate = Gate { asks: Asks::Any, readings: 2, spacing: Duration::from_secs(60) };
    let sys = Judged::Metric(Metric::NibpSys);
    let b7 = rule("B7", vec![part(sys, Limit::AtOrAbove(141), 0, MEDIUM)], None);
    let pre_dose = vec![AlarmRule {
        gate: Some(gate),
        phases: PhaseSet::of(&[Phase::Intake, Phase::Baseline]),
        ..b7
    }];
    [(AlarmFamily::Sedation, 1, sedation), (AlarmFamily::PreDose, 0, pre_dose)]
}

/// One family of each sort: repeats at once and advised, running delays, spot values, apnoea, and
/// one that only some phases have.
fn preset() -> AlarmPreset {
    let minutes = |n: u64| Duration::from_secs(n * 60);
    let (sys, dia) = (Judged::Metric(Metric::NibpSys), Judged::Metric(Metric::NibpDia));
    let (spo2, resp) = (Judged::Metric(Metric::SpO2), Judged::Metric(Metric::RespRate));
    let above = |judged, limit, stake| part(judged, Limit::AtOrAbove(limit), 0, stake);
    let rise = |change| Limit::Rise { change, from: None };
    let recuff = Confirm::Recuff { within: minutes(3) };
    let after_dose = PhaseSet::of(&[Phase::Active, Phase::Recovery, Phase::Discharge]);
    let bp_high = vec![
        rule("B1", vec![above(sys, 180, HIGH), above(dia, 120, HIGH)], Some(recuff)),
        rule("B2", vec![above(sys, 160, MEDIUM)], None),
        rule("B4", vec![above(sys, 150, MEDIUM)], Some(Confirm::Next)),
        AlarmRule {
            with_symptom: WithSymptom::Needed,
            ..rule("B3", vec![above(sys, 152, MEDIUM)], None)
        },
        rule("B5", vec![part(sys, rise(30), 0, MEDIUM)], Some(Confirm::Next)),
    ];
    let fast = part(Judged::HeartRate, Limit::AtOrAbove(130), 20, MEDIUM);
    let spots = AlarmRule { spot_values: Some(2), ..rule("H1", vec![fast], None) };
    let hr_high = vec![AlarmRule { delayed_below: Some(55), ..spots }];
    let low = |limit, seconds, stake| part(spo2, Limit::AtOrBelow(limit), seconds, stake);
    let spo2_low = vec![
        rule("S1", vec![low(85, 10, HIGH)], None),
        rule("S2", vec![low(90, 30, MEDIUM)], None),
    ];
    let slow = vec![
        part(resp, Limit::AtOrBelow(7), 15, HIGH),
        part(resp, Limit::Apnoea { clears_as: 7 }, 10, HIGH),
    ];
    let resp_low = vec![AlarmRule { phases: after_dose, ..rule("R1", slow, None) }];
    let families = [
        (AlarmFamily::BpHigh, 10, bp_high),
        (AlarmFamily::HrHigh, 5, hr_high),
        (AlarmFamily::SpO2Low, 2, spo2_low),
        (AlarmFamily::RespLow, 2, resp_low),
    ];
    let families = families.into_iter().chain(entered());
    let family = |(family, clear_by, bands)| FamilyRules { family, clear_by, bands };
    AlarmPreset {
        name: "test".into(),
        title: "Test".into(),
        version: "1".into(),
        drug: "ketamine".into(),
        routes: vec!["iv".into()],
        approval: None,
        requires: vec![RequiredSignal::Nibp, RequiredSignal::SpO2],
        active: AfterDose { mark: DoseMark::Start, lasts: minutes(5) },
        observe: AfterDose { mark: DoseMark::End, lasts: minutes(15) },
        intervals: Intervals {
            intake: minutes(5),
            baseline: minutes(5),
            active: minutes(2),
            recovery: minutes(3),
            discharge: minutes(5),
            after_high: minutes(1),
        },
        families: families.map(family).collect(),
        due: vec![Due {
            id: RuleId::try_new("T2").unwrap(),
            what: RequiredSignal::Nibp,
            at: minutes(2),
            alarm: minutes(3),
        }],
        not_in_force: Vec::new(),
    }
}

/// What a session may choose beside it: other limits, repeats and phases, more and fewer rules,
/// without a family and with less that is required.
fn other_preset() -> AlarmPreset {
    let mut other = AlarmPreset { name: "other".into(), due: Vec::new(), ..preset() };
    other.requires = vec![RequiredSignal::Nibp];
    other.intervals.active *= 2;
    other.families.retain(|it| it.family != AlarmFamily::SpO2Low);
    for family in &mut other.families[..2] {
        for band in &mut family.bands {
            band.phases = PhaseSet::of(&[Phase::Active, Phase::Recovery, Phase::Discharge]);
        }
    }
    let bp_high = &mut other.families[0].bands;
    bp_high[0].confirm = None;
    bp_high[1].confirm = Some(Confirm::Next);
    let (sys, dia) = (Judged::Metric(Metric::NibpSys), Judged::Metric(Metric::NibpDia));
    bp_high[2].components.insert(0, part(dia, Limit::AtOrAbove(100), 0, MEDIUM));
    bp_high.retain(|it| it.id.as_str() != "B5");
    bp_high.push(rule("B9", vec![part(sys, Limit::AtOrAbove(140), 0, MEDIUM)], None));
    other
}

fn plan() -> WardPlan {
    let preset = Arc::new(preset());
    let declared = vec![DeclaredDevice { id: device("cuff-line"), limb: Limb::SameAsOximeter }];
    let bed = |name: &str, watch, lines| BedPlan {
        declared: declared.clone(),
        id: BedId::try_new(name).unwrap(),
        watch,
        preset: preset.clone(),
        lines,
        origin: Origin::Patient,
    };
    let source = |name: &str, kind| SourcePlan { name: name.into(), kind };
    WardPlan {
        escalation: crate::domain::alarm::escalation::EscalationTimes::DEFAULT,
        presets: vec![preset.clone(), Arc::new(other_preset())],
        site: "clinic".into(),
        beds: vec![
            bed("bay-1", Watch::Session, vec![(device("cuff-line"), CUFF_LINE)]),
            bed("bay-2", Watch::Always, Vec::new()),
        ],
        sources: vec![source("cuff-line", SourceKind::Serial), source("ward", SourceKind::Broker)],
        origin: Origin::Patient,
    }
}
