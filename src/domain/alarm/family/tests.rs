//! The bands of one family together: which of them a reading reaches, and what they let go.

use std::time::Duration;

use super::*;
use crate::domain::alarm::confirm::{Countdown, Violated};
use crate::domain::alarm::gate::{Asks, Gate};
use crate::domain::alarm::hold::{Sample, Sampling};
use crate::domain::alarm::rule::{
    Component, Limit, Phase, PhaseSet, SymptomState, Verdict, WithSymptom,
};
use crate::domain::alarm::value::{Coming, Figure, Look};
use crate::domain::alarm::{AlarmFamily, Onset, Severity};
use crate::domain::determined::Figures;
use crate::domain::ids::{DeviceId, RuleId};
use crate::domain::metric::Metric;
use crate::domain::reading::Validity;

const MOAAS: Judged = Judged::Metric(Metric::Moaas);
const SYS: Judged = Judged::Metric(Metric::NibpSys);
const ACTIVE: InForce = InForce { phase: Some(Phase::Active), symptom: SymptomState::None };
const INTAKE: InForce = InForce { phase: Some(Phase::Intake), symptom: SymptomState::None };

fn at(seconds: u64) -> MonoTime {
    MonoTime::from_micros(seconds * 1_000_000)
}

fn rule(id: &str, parts: &[(Judged, Limit)]) -> AlarmRule {
    let component = |&(judged, limit): &(Judged, Limit)| Component {
        judged,
        limit,
        persist: Duration::ZERO,
        severity: Severity::Reversible,
        onset: Onset::Prompt,
        over_65: None,
    };
    AlarmRule {
        id: RuleId::try_new(id).expect("a valid name"),
        text: None,
        components: parts.iter().map(component).collect(),
        confirm: None,
        spot_values: None,
        phases: PhaseSet::of(&[Phase::Active]),
        source_tag: "test".into(),
        with_symptom: WithSymptom::No,
        delayed_below: None,
        gate: None,
        part: 0,
    }
}

fn family(bands: &[AlarmRule]) -> FamilyRules {
    FamilyRules { family: AlarmFamily::Sedation, clear_by: 1, bands: bands.to_vec() }
}

fn entered(judged: Judged, value: i32) -> Value {
    let only = Figure { value, validity: Validity::Good };
    Value { judged, lowest: only, highest: only, coming: Coming::Entered, look: Look::First }
}

fn awaiting() -> Confirming {
    Confirming::Awaiting {
        device: DeviceId::try_new("cuff").expect("a valid name"),
        first: at(1),
        wait: Duration::from_secs(180),
        until: at(181),
        countdown: Countdown::Runs,
        violated: Violated(1),
    }
}

fn holds(bands: &Bands) -> Vec<Hold> {
    bands.0.iter().flat_map(|band| &band.components).map(|track| track.hold).collect()
}

#[test]
fn a_value_is_judged_by_the_rules_that_are_in_force_and_never_by_a_gate() {
    // row:25
    let low = [(MOAAS, Limit::AtOrBelow(2))];
    let gate = Gate { asks: Asks::Any, readings: 1, spacing: Duration::ZERO };
    let gated = AlarmRule { gate: Some(gate), ..rule("X2", &low) };
    let rules = family(&[rule("X1", &low), gated]);
    for (in_force, held) in [(ACTIVE, Hold::Held), (INTAKE, Hold::Idle)] {
        let mut bands = Bands::new(&rules);
        bands.sample(&rules, Scope::InForce(in_force), &entered(MOAAS, 1), at(1));
        assert_eq!(holds(&bands), [held, Hold::Idle], "{in_force:?}");
    }
}

#[test]
fn gates_say_that_they_let_go_only_when_one_that_stopped_stops_no_more() {
    // rule:B7 row:25
    let gate = Gate { asks: Asks::Any, readings: 1, spacing: Duration::ZERO };
    let over =
        |id, limit| AlarmRule { gate: Some(gate), ..rule(id, &[(SYS, Limit::AtOrAbove(limit))]) };
    let rules = family(&[over("B7", 141), over("B8", 121)]);
    let mut bands = Bands::new(&rules);
    let mut ask = |in_force, sys| {
        let figures = Figures { sys: Some(sys), dia: None, map: None };
        let taken = Taken { at: at(1), figures, validity: Validity::Good };
        let let_go = bands.gates(&rules, in_force, std::iter::once(taken));
        (let_go, holds(&bands))
    };
    use Hold::{Held, Idle};
    assert_eq!(ask(INTAKE, 150), (LetGo::Nothing, vec![Idle, Idle]), "not in force");
    assert_eq!(ask(ACTIVE, 130), (LetGo::Nothing, vec![Idle, Held]));
    assert_eq!(ask(ACTIVE, 150), (LetGo::Nothing, vec![Held, Held]));
    assert_eq!(ask(ACTIVE, 130), (LetGo::Held, vec![Idle, Held]), "one of them");
    assert_eq!(ask(ACTIVE, 110), (LetGo::Held, vec![Idle, Idle]));
    assert_eq!(ask(ACTIVE, 110), (LetGo::Nothing, vec![Idle, Idle]));
}

#[test]
fn what_was_entered_and_stands_no_more_holds_nothing_and_what_else_holds_stays() {
    // row:24
    let (low, high) = (Limit::AtOrBelow(2), Limit::AtOrAbove(180));
    let rules = family(&[rule("X1", &[(MOAAS, low), (SYS, high)]), rule("X2", &[(MOAAS, low)])]);
    let mut bands = Bands::new(&rules);
    for value in [entered(MOAAS, 1), entered(SYS, 190)] {
        bands.sample(&rules, Scope::InForce(ACTIVE), &value, at(1));
    }
    assert_eq!(holds(&bands), [Hold::Held; 3]);
    assert_eq!(bands.forget(&rules, MOAAS), LetGo::Held, "the second band holds nothing more");
    assert_eq!(holds(&bands), [Hold::Idle, Hold::Held, Hold::Idle]);
    assert_eq!(bands.forget(&rules, MOAAS), LetGo::Nothing);
    assert_eq!(bands.forget(&rules, SYS), LetGo::Held);
    assert_eq!(holds(&bands), [Hold::Idle; 3]);
}

#[test]
fn where_nothing_governs_the_family_says_why() {
    // row:2 row:5 row:10 row:12
    let low = rule("X1", &[(MOAAS, Limit::AtOrBelow(2))]);
    let off = rule("X2", &[(MOAAS, Limit::Drop { change: 2, from: None })]);
    let rules = family(&[low, off.clone()]);
    let with = |hold, input| {
        let mut bands = Bands::new(&rules);
        bands.0[0].components[0] = Track { hold, input };
        bands
    };
    let quiet = |bands: &Bands, rules: &FamilyRules, in_force| {
        bands.facts(rules, in_force, Shown::LongEnough).quiet
    };
    let (missing, present) = (TrackInput::Missing, TrackInput::Present);
    let idle = with(Hold::Idle, present);
    assert_eq!(quiet(&idle, &rules, INTAKE), Quiet::Inhibited, "no rule is in phase");
    let only_off = family(std::slice::from_ref(&off));
    let bands = Bands::new(&only_off);
    assert_eq!(quiet(&bands, &only_off, ACTIVE), Quiet::Inhibited, "no limit is in force");
    assert_eq!(quiet(&with(Hold::Idle, missing), &rules, ACTIVE), Quiet::Unknown);
    assert_eq!(quiet(&idle, &rules, ACTIVE), Quiet::Normal);

    let slow = Sample {
        verdict: Verdict::Violated,
        validity: Validity::Good,
        sampling: Sampling::Continuous { period: Duration::from_secs(1) },
        persist: Duration::from_secs(30),
        declared: Declared::No,
    };
    let running = Hold::Idle.sample(&slow, at(1));
    assert_eq!(quiet(&with(running, present), &rules, ACTIVE), Quiet::Pending);
    assert_eq!(quiet(&with(running, missing), &rules, ACTIVE), Quiet::Unknown, "it is lost");

    let mut repeat = idle;
    repeat.0[0].confirming = awaiting();
    assert_eq!(quiet(&repeat, &rules, ACTIVE), Quiet::Confirming);
    assert!(repeat.repeat_advised());
    repeat.0[0].confirming = Confirming::Confirmed;
    assert!(!repeat.repeat_advised());
}

#[test]
fn bands_are_idle_when_each_of_them_is_and_then_govern_nothing() {
    // Goal: the short way over idle bands says what the long way would.
    let limits = [(SYS, Limit::AtOrAbove(180))];
    let rules = FamilyRules {
        family: AlarmFamily::BpHigh,
        clear_by: 5,
        bands: vec![rule("X1", &limits), rule("X2", &limits)],
    };
    let mut bands = Bands::new(&rules);
    assert!(bands.are_idle());
    let facts = bands.facts(&rules, ACTIVE, Shown::LongEnough);
    assert_eq!((facts.governing, facts.input), (None, InputState::Fresh));
    assert_eq!(facts.quiet, Quiet::Unknown);
    bands.0[1].components[0].hold = Hold::Held;
    assert!(!bands.are_idle());
    let facts = bands.facts(&rules, ACTIVE, Shown::LongEnough);
    assert_eq!(facts.governing, Some(Governing { band: 1, level: Level::Held }));
    assert_eq!(facts.input, InputState::Frozen, "held, and its input is missing");
    bands.0[1].components[0].input = TrackInput::Present;
    assert_eq!(bands.facts(&rules, ACTIVE, Shown::LongEnough).input, InputState::Fresh);
    // A held component of any band keeps one that clears from clearing.
    bands.0[0].components[0].hold = Hold::Clearing { since: at(1) };
    let facts = bands.facts(&rules, ACTIVE, Shown::LongEnough);
    assert_eq!(facts.governing.map(|it| it.level), Some(Level::Held));
    bands.0[1].components[0].hold = Hold::Idle;
    let facts = bands.facts(&rules, ACTIVE, Shown::LongEnough);
    assert_eq!(facts.governing, Some(Governing { band: 0, level: Level::Clearing }));
}
