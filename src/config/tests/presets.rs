//! The five shipped presets against contract 3.2: what they share and in what they differ.

use std::sync::Arc;
use std::time::Duration;

use super::shipped;
use crate::domain::alarm::rails::FAMILIES;
use crate::domain::alarm::rule::{
    AfterDose, AlarmPreset, DoseMark, Intervals, Phase, RequiredSignal,
};
use crate::domain::alarm::{AlarmFamily, Priority};

fn minutes(n: u64) -> Duration {
    Duration::from_secs(60 * n)
}

/// One row of the table in contract 3.2.
struct Row {
    name: &'static str,
    drug: &'static str,
    routes: &'static [&'static str],
    requires: &'static [RequiredSignal],
    active: (DoseMark, u64),
    observe: (DoseMark, u64),
    /// Active, recovery, discharge.
    intervals: [u64; 3],
}

const ROWS: [Row; 5] = {
    use DoseMark::{End, Start};
    use RequiredSignal::{HeartRate, Nibp, SpO2};
    const ALL: &[RequiredSignal] = &[Nibp, HeartRate, SpO2];
    const WITHOUT_SPO2: &[RequiredSignal] = &[Nibp, HeartRate];
    [
        Row {
            name: "esketamine-nasal",
            drug: "esketamine",
            routes: &["nasal"],
            requires: ALL,
            active: (Start, 90),
            observe: (Start, 120),
            intervals: [15, 15, 15],
        },
        Row {
            name: "ketamine-im",
            drug: "ketamine",
            routes: &["im", "sc"],
            requires: WITHOUT_SPO2,
            active: (Start, 60),
            observe: (Start, 90),
            intervals: [10, 15, 15],
        },
        Row {
            name: "ketamine-intranasal",
            drug: "ketamine",
            routes: &["nasal"],
            requires: WITHOUT_SPO2,
            active: (Start, 90),
            observe: (Start, 120),
            intervals: [15, 15, 15],
        },
        Row {
            name: "ketamine-iv",
            drug: "ketamine",
            routes: &["iv"],
            requires: ALL,
            active: (End, 30),
            observe: (End, 60),
            intervals: [10, 15, 15],
        },
        Row {
            name: "ketamine-oral",
            drug: "ketamine",
            routes: &["sl", "po"],
            requires: WITHOUT_SPO2,
            active: (Start, 90),
            observe: (Start, 120),
            intervals: [30, 30, 30],
        },
    ]
};

#[test]
fn the_five_presets_are_those_of_the_contract() {
    let presets = shipped().config.alarms.presets;
    let names: Vec<_> = presets.iter().map(|preset| &*preset.name).collect();
    assert_eq!(names, ROWS.each_ref().map(|row| row.name));
    for (preset, row) in presets.iter().zip(ROWS) {
        let name = row.name;
        let routes: Vec<_> = preset.routes.iter().map(|route| &**route).collect();
        assert_eq!((&*preset.drug, &*routes), (row.drug, row.routes), "{name}");
        assert_eq!(preset.requires, row.requires, "{name}");
        let after = |(mark, min)| AfterDose { mark, lasts: minutes(min) };
        assert_eq!((preset.active, preset.observe), (after(row.active), after(row.observe)));
        let [active, recovery, discharge] = row.intervals.map(minutes);
        let (intake, baseline) = (minutes(15), minutes(5));
        let after_high = minutes(5);
        let all = Intervals { intake, baseline, active, recovery, discharge, after_high };
        assert_eq!(preset.intervals, all, "{name}");
        assert!(preset.approval.is_none(), "{name}: nobody has approved the shipped limits");
    }
}

/// Each file reads alone, so the same limits stand five times: this keeps them from drifting.
#[test]
fn the_default_limits_are_the_same_in_all_presets() {
    // rule:B1 and all others
    let presets = shipped().config.alarms.presets;
    let iv = presets.iter().find(|preset| &*preset.name == "ketamine-iv").expect("it ships");
    for preset in &presets {
        assert_eq!(preset.families, iv.families, "{}", preset.name);
        assert!(preset.not_in_force.is_empty(), "{}: {:?}", preset.name, preset.not_in_force);
    }
}

/// Goal: row 25 for what may be measured, and not only for what a preset requires.
#[test]
fn each_phase_of_each_preset_has_its_high_rules() {
    // row:25
    let without_high = [AlarmFamily::RespHigh];
    for preset in shipped().config.alarms.presets {
        for family in FAMILIES.into_iter().filter(|family| !without_high.contains(family)) {
            for phase in Phase::ALL.into_iter().filter(|phase| *phase != Phase::Ended) {
                let rules = preset.families.iter().find(|rules| rules.family == family);
                let bands = &rules.expect("each default family is there").bands;
                let high = bands.iter().any(|band| {
                    band.phases.holds(Some(phase)) && band.priority() == Priority::High
                });
                assert!(high, "{} {} {}", preset.name, family.name(), phase.name());
            }
        }
    }
}

#[test]
fn only_esketamine_asks_for_the_reading_at_forty_minutes() {
    // rule:T2
    let asks = |preset: &Arc<AlarmPreset>| !preset.due.is_empty();
    let presets = shipped().config.alarms.presets;
    let asking: Vec<_> = presets.iter().filter(|it| asks(it)).collect();
    let [esketamine] = &*asking else { panic!("one preset has timed readings: {asking:?}") };
    assert_eq!(&*esketamine.name, "esketamine-nasal");
    let [due] = &*esketamine.due else { panic!("one timed reading: {:?}", esketamine.due) };
    assert_eq!((due.id.as_str(), due.what), ("T2", RequiredSignal::Nibp));
    assert_eq!((due.at, due.alarm), (minutes(40), minutes(45)));
}
