//! What a baseline, an age and a session's limits make of a rule.

use std::time::Duration;

use super::*;
use crate::domain::act::LimitOf::{Change, Value};
use crate::domain::alarm::AlarmFamily::{self, BpHigh, BpLow};
use crate::domain::alarm::rule::{PhaseSet, WithSymptom};
use crate::domain::alarm::{Priority, Severity};
use crate::domain::ids::RuleId;

const SYS: Judged = Judged::Metric(Metric::NibpSys);
const BASELINE: Baseline =
    Baseline { sys: Some(124), dia: Some(78), map: Some(93), heart_rate: Some(61), spo2: Some(97) };
const PLAIN: Personal<'static> = Personal { baseline: None, limits: &[], age_years: None };

fn component(judged: Judged, limit: Limit) -> Component {
    Component {
        judged,
        limit,
        persist: Duration::ZERO,
        severity: Severity::Reversible,
        onset: Onset::Prompt,
        over_65: None,
    }
}

fn rule(id: &str, components: &[Component]) -> AlarmRule {
    AlarmRule {
        id: RuleId::try_new(id).expect("a valid name"),
        text: None,
        components: components.to_vec(),
        confirm: None,
        spot_values: None,
        phases: PhaseSet::ALL,
        source_tag: "test".into(),
        with_symptom: WithSymptom::No,
        delayed_below: None,
        gate: None,
        part: 0,
    }
}

fn order(
    id: &str,
    family: Option<AlarmFamily>,
    judged: Judged,
    of: LimitOf,
    value: Option<i32>,
) -> LimitOrder {
    LimitOrder { rule: RuleId::try_new(id).expect("a valid name"), judged, family, of, value }
}

/// The limits of a rule of this patient.
fn limits(personal: &Personal<'_>, rule: &AlarmRule) -> Vec<Limit> {
    let mut rule = rule.clone();
    personal.band(BpHigh, &[], &mut rule);
    rule.components.iter().map(|part| part.limit).collect()
}

#[test]
fn a_baseline_is_taken_of_the_same_signal_only() {
    let table = [
        (SYS, Some(124)),
        (Judged::Metric(Metric::NibpDia), Some(78)),
        (Judged::Metric(Metric::NibpMap), Some(93)),
        (Judged::HeartRate, Some(61)),
        (Judged::Metric(Metric::SpO2), Some(97)),
        (Judged::Metric(Metric::ArtSys), None),
        (Judged::Metric(Metric::RespRate), None),
    ];
    for (judged, value) in table {
        assert_eq!(baseline_of(Some(BASELINE), judged), value, "{judged:?}");
        assert_eq!(baseline_of(None, judged), None);
    }
}

#[test]
fn a_person_orders_a_number_or_a_change_and_never_apnoea() {
    let rise = Limit::Rise { change: 40, from: Some(124) };
    let drop = Limit::Drop { change: 4, from: None };
    let table = [
        (Limit::AtOrAbove(180), Some(Value), Some(180), Limit::AtOrAbove(9)),
        (Limit::AtOrBelow(90), Some(Value), Some(90), Limit::AtOrBelow(9)),
        (rise, Some(Change), Some(40), Limit::Rise { change: 9, from: Some(124) }),
        (drop, Some(Change), Some(4), Limit::Drop { change: 9, from: None }),
        (Limit::Apnoea { clears_as: 7 }, None, None, Limit::Apnoea { clears_as: 7 }),
    ];
    for (limit, kind, figure, to_nine) in table {
        let part = component(SYS, limit);
        assert_eq!((kind_of(limit), figure_of(&part)), (kind, figure), "{limit:?}");
        assert_eq!(moved(limit, 9), to_nine);
    }
}

#[test]
fn only_a_patient_without_baseline_limits_and_age_above_65_is_plain() {
    // rule:B7
    let order = order("B1", Some(BpHigh), SYS, Value, Some(170));
    let plain = Personal { baseline: None, limits: &[], age_years: Some(65) };
    assert!(plain.is_plain() && !plain.is_older());
    assert!(Personal { age_years: None, ..plain }.is_plain());
    let older = Personal { age_years: Some(66), ..plain };
    assert!(older.is_older() && !older.is_plain());
    assert!(!Personal { baseline: Some(BASELINE), ..plain }.is_plain());
    assert!(!Personal { limits: &[order], ..plain }.is_plain());
}

#[test]
fn a_limit_of_the_session_is_that_of_its_rule_family_signal_and_kind() {
    // row:24
    let dia = Judged::Metric(Metric::NibpDia);
    let rise = Limit::Rise { change: 40, from: None };
    let rule = rule("B1", &[component(SYS, Limit::AtOrAbove(180)), component(SYS, rise)]);
    let table = [
        (order("B1", Some(BpHigh), SYS, Value, Some(170)), 170, 40),
        (order("B1", Some(BpHigh), SYS, Change, Some(30)), 180, 30),
        (order("B1", Some(BpHigh), SYS, Value, None), 180, 40),
        (order("B2", Some(BpHigh), SYS, Value, Some(170)), 180, 40),
        (order("B1", Some(BpLow), SYS, Value, Some(170)), 180, 40),
        (order("B1", None, SYS, Value, Some(170)), 180, 40),
        (order("B1", Some(BpHigh), dia, Value, Some(170)), 180, 40),
        (order("B2", Some(BpLow), dia, Value, Some(170)), 180, 40),
    ];
    for (ordered, number, change) in table {
        let personal = Personal { limits: &[ordered], ..PLAIN };
        let expected = [Limit::AtOrAbove(number), Limit::Rise { change, from: None }];
        assert_eq!(limits(&personal, &rule), expected, "{:?}", personal.limits);
    }
}

#[test]
fn an_age_above_65_has_another_limit_and_a_persons_order_comes_before_it() {
    // rule:B7
    let part = Component { over_65: Some(150), ..component(SYS, Limit::AtOrAbove(141)) };
    let rule = rule("B7", &[part]);
    let ordered = [order("B7", Some(BpHigh), SYS, Value, Some(145))];
    let table: [(Option<u8>, &[LimitOrder], i32); 5] = [
        (None, &[], 141),
        (Some(65), &[], 141),
        (Some(66), &[], 150),
        (Some(65), &ordered, 145),
        (Some(66), &ordered, 145),
    ];
    for (age_years, orders, limit) in table {
        let personal = Personal { age_years, limits: orders, ..PLAIN };
        assert_eq!(limits(&personal, &rule), [Limit::AtOrAbove(limit)], "{age_years:?}");
    }
}

#[test]
fn a_baseline_turns_changes_into_numbers_and_apnoea_clears_as_the_plain_limit_does() {
    let drop = |from| Limit::Drop { change: 30, from };
    let plain = Limit::AtOrBelow(90);
    let moved = [order("B10", Some(BpHigh), SYS, Value, Some(85))];
    let parts = [component(SYS, Limit::Apnoea { clears_as: 90 }), component(SYS, plain)];
    let rule = rule("B10", &[&parts[..], &[component(SYS, drop(None))]].concat());
    let apnoea = |clears_as| Limit::Apnoea { clears_as };
    assert_eq!(limits(&PLAIN, &rule), [apnoea(90), plain, drop(None)]);
    let personal = Personal { baseline: Some(BASELINE), limits: &moved, ..PLAIN };
    let expected = [apnoea(85), Limit::AtOrBelow(85), drop(Some(124))];
    assert_eq!(limits(&personal, &rule), expected);
}

#[test]
fn a_slow_baseline_heart_rate_delays_the_onset() {
    // rule:H4
    let part = component(Judged::HeartRate, Limit::AtOrBelow(45));
    let plain = rule("H4", &[part]);
    let delayed = AlarmRule { delayed_below: Some(55), ..plain.clone() };
    let rate = |heart_rate| Some(Baseline { heart_rate, ..BASELINE });
    let table = [
        (&delayed, None, Priority::Medium),
        (&delayed, rate(None), Priority::Medium),
        (&delayed, rate(Some(56)), Priority::Medium),
        (&delayed, rate(Some(55)), Priority::Medium),
        (&delayed, rate(Some(54)), Priority::Low),
        (&plain, rate(Some(54)), Priority::Medium),
    ];
    for (rule, baseline, priority) in table {
        let mut rule = rule.clone();
        Personal { baseline, ..PLAIN }.band(BpHigh, &[], &mut rule);
        assert_eq!(rule.priority(), priority, "{baseline:?}");
    }
}
