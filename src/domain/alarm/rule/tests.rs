//! Which rules are judged when, by what they are known, and which metrics feed them.

use super::*;

const SYS: Judged = Judged::Metric(Metric::NibpSys);
const DIA: Judged = Judged::Metric(Metric::NibpDia);
const SESSION: [Phase; 5] =
    [Phase::Intake, Phase::Baseline, Phase::Active, Phase::Recovery, Phase::Discharge];

fn component(judged: Judged, limit: i32, severity: Severity) -> Component {
    Component {
        judged,
        limit: Limit::AtOrAbove(limit),
        persist: Duration::ZERO,
        severity,
        onset: Onset::Prompt,
        over_65: None,
    }
}

fn rule(id: &str, part: u8) -> AlarmRule {
    let severity = Severity::Reversible;
    AlarmRule {
        id: RuleId::try_new(id).expect("a valid name"),
        text: None,
        components: vec![component(SYS, 180, severity), component(DIA, 120, severity)],
        confirm: None,
        spot_values: None,
        phases: PhaseSet::ALL,
        source_tag: "test".into(),
        with_symptom: WithSymptom::No,
        delayed_below: None,
        gate: None,
        part,
    }
}

fn in_phase(phase: Phase) -> InForce {
    InForce { phase: Some(phase), symptom: SymptomState::None }
}

#[test]
fn only_a_rule_of_all_phases_is_judged_without_a_session() {
    let after_dose = PhaseSet::of(&[Phase::Active, Phase::Recovery, Phase::Discharge]);
    for none in [None, Some(Phase::Ended)] {
        assert!(PhaseSet::ALL.holds(none) && !after_dose.holds(none), "{none:?}");
    }
    assert!(after_dose.holds(Some(Phase::Active)) && !after_dose.holds(Some(Phase::Intake)));
}

#[test]
fn a_set_of_phases_holds_those_that_it_was_made_of() {
    for one in SESSION {
        let set = PhaseSet::of(&[one, one]);
        for phase in SESSION {
            assert_eq!(set.holds(Some(phase)), phase == one, "{one:?} {phase:?}");
            assert!(PhaseSet::ALL.holds(Some(phase)));
        }
    }
    assert_eq!(PhaseSet::of(&SESSION), PhaseSet::ALL);
    assert!(!PhaseSet::of(&[]).holds(None));
}

#[test]
fn a_rule_that_goes_with_a_symptom_is_in_force_with_it_and_in_its_phases_only() {
    // rule:B3
    use SymptomState::{Entered, None};
    let active = PhaseSet::of(&[Phase::Active]);
    let table = [
        (WithSymptom::No, Phase::Active, None, true),
        (WithSymptom::No, Phase::Active, Entered, true),
        (WithSymptom::No, Phase::Intake, Entered, false),
        (WithSymptom::Needed, Phase::Active, None, false),
        (WithSymptom::Needed, Phase::Active, Entered, true),
        (WithSymptom::Needed, Phase::Intake, Entered, false),
    ];
    for (with_symptom, phase, symptom, holds) in table {
        let rule = AlarmRule { with_symptom, phases: active, ..rule("B3", 0) };
        let now = InForce { phase: Some(phase), symptom };
        assert_eq!(now.holds(&rule), holds, "{with_symptom:?} {phase:?} {symptom:?}");
    }
}

#[test]
fn what_comes_into_force_is_judged_once_and_what_was_in_force_is_not_judged_again() {
    // row:25
    let rule = AlarmRule { phases: PhaseSet::of(&[Phase::Active]), ..rule("B1", 0) };
    let (out, inside) = (in_phase(Phase::Intake), in_phase(Phase::Active));
    assert!(Scope::InForce(inside).judges(&rule) && !Scope::InForce(out).judges(&rule));
    let table =
        [(out, inside, true), (inside, inside, false), (out, out, false), (inside, out, false)];
    for (before, now, judges) in table {
        let scope = Scope::Entering { before, now };
        assert_eq!(scope.judges(&rule), judges, "{before:?} {now:?}");
        assert!(scope.reaches(&rule, 0) && scope.reaches(&rule, 1), "all of its components");
    }
}

#[test]
fn a_moved_limit_is_judged_for_its_component_only_and_a_new_rule_for_all() {
    // row:24
    let band = |limit, id: &str, part| {
        let mut rule = rule(id, part);
        rule.components[1].limit = Limit::AtOrAbove(limit);
        rule.phases = PhaseSet::of(&[Phase::Active]);
        rule
    };
    let bands = vec![band(110, "B1", 1), band(110, "B2", 0), band(120, "B1", 0)];
    let was = FamilyRules { family: AlarmFamily::BpHigh, clear_by: 5, bands };
    let moved = |phase| Scope::Moved { was: &was, now: in_phase(phase) };
    let table = [
        (band(120, "B1", 0), [false, false]),
        (band(119, "B1", 0), [false, true]),
        (band(110, "B1", 0), [false, true]),
        (band(110, "B1", 1), [false, false]),
        (band(120, "B4", 0), [true, true]),
    ];
    for (rule, reached) in table {
        let scope = moved(Phase::Active);
        assert_eq!([scope.reaches(&rule, 0), scope.reaches(&rule, 1)], reached, "{rule:?}");
        assert_eq!(scope.judges(&rule), reached.contains(&true), "{rule:?}");
        assert!(!moved(Phase::Intake).judges(&rule), "it is not in force");
    }
}

#[test]
fn a_band_is_its_rule_and_its_part() {
    let band = rule("B1", 1);
    let table = [("B1", 1, true), ("B1", 0, false), ("B2", 1, false), ("B2", 0, false)];
    for (id, part, same) in table {
        assert_eq!(band.is_band(&rule(id, part)), same, "{id} {part}");
    }
}

#[test]
fn a_band_ranks_by_the_greatest_of_its_components() {
    use Severity::{Irreversible, Minor, Reversible};
    let table = [
        (vec![Minor, Irreversible, Reversible], Priority::High),
        (vec![Reversible, Minor], Priority::Medium),
        (vec![Minor], Priority::Low),
        (vec![], Priority::Low),
    ];
    for (severities, priority) in table {
        let components = severities.iter().map(|it| component(SYS, 180, *it)).collect();
        assert_eq!(
            AlarmRule { components, ..rule("B1", 0) }.priority(),
            priority,
            "{severities:?}"
        );
    }
}

#[test]
fn phases_and_what_is_judged_are_found_by_the_wires_words() {
    let words = ["intake", "baseline", "active", "recovery", "discharge", "ended"];
    assert_eq!(Phase::ALL.map(Phase::name), words);
    for phase in Phase::ALL {
        assert_eq!(Phase::by_name(phase.name()), Some(phase));
    }
    assert_eq!(Phase::by_name("Active"), None);
    let table = [("heart_rate", Judged::HeartRate), ("nibp_sys", SYS), ("nibp_dia", DIA)];
    for (name, judged) in table {
        assert_eq!((judged.name(), Judged::by_name(name)), (name, Some(judged)));
    }
    assert_eq!(Judged::by_name("heart rate"), None);
}

#[test]
fn a_required_signal_is_met_by_its_own_metrics_only() {
    let words = ["nibp", "heart_rate", "spo2", "resp"];
    assert_eq!(RequiredSignal::ALL.map(RequiredSignal::name), words);
    let of = [
        &[Metric::NibpSys, Metric::NibpDia, Metric::NibpMap][..],
        &[Metric::HeartRate, Metric::PulseRate],
        &[Metric::SpO2],
        &[Metric::RespRate],
    ];
    for (signal, metrics) in RequiredSignal::ALL.into_iter().zip(of) {
        for metric in of.concat().into_iter().chain([Metric::ArtSys, Metric::Temp, Metric::Moaas]) {
            assert_eq!(signal.is_of(metric), metrics.contains(&metric), "{signal:?} {metric:?}");
        }
    }
}

#[test]
fn a_metric_feeds_itself_and_the_heart_rate_has_two_sources() {
    assert_eq!(Judged::HeartRate.metrics(), [Metric::HeartRate, Metric::PulseRate]);
    for metric in Metric::ALL {
        assert_eq!(Judged::Metric(metric).metrics(), [metric]);
    }
}
