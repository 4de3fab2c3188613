//! The gates' tables at, under and over their limits (clinical 2.3, B6 and B7).

use super::*;
use crate::domain::alarm::limit::Limit;
use crate::domain::alarm::rule::{PhaseSet, WithSymptom};
use crate::domain::alarm::{Onset, Severity};
use crate::domain::ids::RuleId;

const SYS: Judged = Judged::Metric(Metric::NibpSys);
const DIA: Judged = Judged::Metric(Metric::NibpDia);

fn rule(limits: &[(Judged, Limit)], asks: Asks) -> (AlarmRule, Gate) {
    let component = |&(judged, limit): &(Judged, Limit)| Component {
        judged,
        limit,
        persist: Duration::ZERO,
        severity: Severity::Reversible,
        onset: Onset::Delayed,
        over_65: None,
    };
    let gate = Gate { asks, readings: 2, spacing: Duration::from_secs(60) };
    let rule = AlarmRule {
        id: RuleId::try_new("B7").expect("a valid name"),
        text: None,
        components: limits.iter().map(component).collect(),
        confirm: None,
        spot_values: None,
        phases: PhaseSet::ALL,
        source_tag: "test".into(),
        with_symptom: WithSymptom::No,
        delayed_below: None,
        gate: Some(gate),
        part: 0,
    };
    (rule, gate)
}

fn b7() -> (AlarmRule, Gate) {
    rule(&[(SYS, Limit::AtOrAbove(141)), (DIA, Limit::AtOrAbove(91))], Asks::Any)
}

/// Within 20 and 15 of the baseline 120/80, or under 140/90.
fn b6(pass: Pass, from: Option<(i32, i32)>) -> (AlarmRule, Gate) {
    let (sys, dia) = (from.map(|it| it.0), from.map(|it| it.1));
    let limits = [
        (SYS, Limit::Rise { change: 21, from: sys }),
        (DIA, Limit::Rise { change: 16, from: dia }),
        (SYS, Limit::AtOrAbove(140)),
        (DIA, Limit::AtOrAbove(90)),
    ];
    rule(&limits, Asks::Passing(pass))
}

fn taken(second: u64, sys: i32, dia: i32) -> Taken {
    let figures = Figures { sys: Some(sys), dia: Some(dia), map: None };
    Taken { at: MonoTime::from_micros(second * 1_000_000), figures, validity: Validity::Good }
}

fn standing((rule, gate): &(AlarmRule, Gate), oldest_first: &[Taken]) -> Standing {
    gate.standing(rule, oldest_first.iter().rev().copied())
}

/// Whether it stops.
fn stops(gate: &(AlarmRule, Gate), oldest_first: &[Taken]) -> bool {
    matches!(standing(gate, oldest_first), Standing::Stops(_))
}

#[test]
fn all_of_the_last_readings_must_stop_and_lie_far_enough_apart() {
    // rule:B7
    use Standing::{Open, Stops, TooFew};
    let high = |second| taken(second, 145, 80);
    let table: [(&[Taken], Standing); 8] = [
        (&[], TooFew),
        (&[high(0)], TooFew),
        (&[high(0), high(59)], TooFew),
        (&[high(0), high(60)], Stops(high(60))),
        (&[high(0), high(30), high(60)], Stops(high(60))),
        (&[high(0), taken(60, 140, 90)], Open),
        (&[taken(0, 140, 90), high(60)], Open),
        (&[taken(0, 120, 91), high(60)], Stops(high(60))),
    ];
    for (oldest_first, expected) in table {
        assert_eq!(standing(&b7(), oldest_first), expected, "{oldest_first:?}");
    }
}

#[test]
fn a_questionable_reading_may_stop_and_never_opens() {
    let high = |second| taken(second, 145, 80);
    let normal = Taken { validity: Validity::Questionable, ..taken(120, 120, 80) };
    let stands = standing(&b7(), &[high(0), high(60), normal]);
    assert_eq!(stands, Standing::Stops(high(60)), "what holds is of one that counts");
    let doubtful = Taken { validity: Validity::Questionable, ..high(60) };
    assert!(stops(&b7(), &[high(0), doubtful]));
}

#[test]
fn discharge_passes_near_the_baseline_or_below_the_numbers_or_by_both() {
    // rule:B6
    let base = Some((120, 80));
    let table = [
        // Near both and below both.
        (Pass::Either, base, (139, 89), false),
        (Pass::Both, base, (139, 89), false),
        // Near, but not below: 140 is a rise of 20.
        (Pass::Either, base, (140, 89), false),
        (Pass::Both, base, (140, 89), true),
        // Neither.
        (Pass::Either, base, (141, 89), true),
        (Pass::Either, base, (120, 96), true),
        // Below, but not near a low baseline.
        (Pass::Either, Some((100, 60)), (139, 89), false),
        (Pass::Both, Some((100, 60)), (139, 89), true),
        // No baseline: nothing is near it.
        (Pass::Either, None, (139, 89), false),
        (Pass::Either, None, (140, 80), true),
        (Pass::Both, None, (120, 80), true),
    ];
    for (pass, from, (sys, dia), stops) in table {
        let (rule, gate) = b6(pass, from);
        let found = gate.stops(&rule, taken(0, sys, dia).figures);
        assert_eq!(found, Some(stops), "{pass:?} {from:?} {sys}/{dia}");
    }
}

#[test]
fn a_reading_that_lacks_a_pressure_passes_nothing_and_stops_by_what_it_has() {
    let sys_only = Figures { sys: Some(130), ..Figures::default() };
    let (rule, gate) = b6(Pass::Either, None);
    assert_eq!(gate.stops(&rule, sys_only), None, "its diastolic might be too high");
    let sys_only = Figures { sys: Some(150), ..Figures::default() };
    assert_eq!(gate.stops(&rule, sys_only), Some(true), "it can't pass");
    let (rule, gate) = b7();
    assert_eq!(gate.stops(&rule, sys_only), Some(true));
    assert_eq!(gate.stops(&rule, Figures::default()), None);
}

#[test]
fn a_determination_tells_a_cuffs_three_pressures_and_nothing_else() {
    let figures = Figures { sys: Some(130), dia: Some(85), map: Some(100) };
    let of = Judged::Metric;
    let table = [
        (SYS, Some(130)),
        (DIA, Some(85)),
        (of(Metric::NibpMap), Some(100)),
        (of(Metric::ArtSys), None),
        (of(Metric::ArtMap), None),
        (of(Metric::SpO2), None),
        (Judged::HeartRate, None),
    ];
    for (judged, value) in table {
        assert_eq!(figure(figures, judged), value, "{judged:?}");
    }
}
