//! One band alone: which of its components a reading reaches, its repeat, its gate, and what a
//! moved limit takes from it.

mod under;

use super::*;
use crate::domain::alarm::confirm::Countdown;
use crate::domain::alarm::gate::Asks;
use crate::domain::alarm::rule::{Component, Judged, Limit, PhaseSet, WithSymptom};
use crate::domain::alarm::value::Figure;
use crate::domain::alarm::{Onset, Severity};
use crate::domain::determined::Figures;
use crate::domain::ids::{DeviceId, RuleId};
use crate::domain::metric::Metric;
use crate::domain::reading::Validity;

const SYS: Judged = Judged::Metric(Metric::NibpSys);
const DIA: Judged = Judged::Metric(Metric::NibpDia);
const SPO2: Judged = Judged::Metric(Metric::SpO2);
const RECUFF: Confirm = Confirm::Recuff { within: Duration::from_secs(180) };

fn at(seconds: u64) -> MonoTime {
    MonoTime::from_micros(seconds * 1_000_000)
}

fn rule(limits: &[(Judged, Limit)]) -> AlarmRule {
    let component = |&(judged, limit): &(Judged, Limit)| Component {
        judged,
        limit,
        persist: Duration::ZERO,
        severity: Severity::Irreversible,
        onset: Onset::Prompt,
        over_65: None,
    };
    AlarmRule {
        id: RuleId::try_new("X1").expect("a valid name"),
        text: None,
        components: limits.iter().map(component).collect(),
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

fn pressures() -> AlarmRule {
    rule(&[(SYS, Limit::AtOrAbove(180)), (DIA, Limit::AtOrAbove(120))])
}

/// A band of `pressures` whose components hold so.
fn band(holds: [Hold; 2], confirming: Confirming) -> Band {
    let track = |hold| Track { hold, input: TrackInput::Present };
    Band { components: holds.map(track).to_vec(), confirming }
}

fn awaiting(violated: u16) -> Confirming {
    Confirming::Awaiting {
        device: DeviceId::try_new("cuff").expect("a valid name"),
        first: at(10),
        wait: Duration::from_secs(180),
        until: at(190),
        countdown: Countdown::Runs,
        violated: Violated(violated),
    }
}

fn value(judged: Judged, value: i32, coming: Coming) -> Value {
    let only = Figure { value, validity: Validity::Good };
    Value { judged, lowest: only, highest: only, coming, look: Look::First }
}

fn holds(band: &Band) -> Vec<Hold> {
    band.components.iter().map(|track| track.hold).collect()
}

#[test]
fn a_value_is_judged_by_the_components_of_its_own_metric_that_have_a_limit_and_are_reached() {
    let off = Limit::Drop { change: 4, from: None };
    let low = Limit::AtOrBelow(90);
    let rule = rule(&[(SPO2, low), (Judged::HeartRate, low), (SPO2, off), (SPO2, low)]);
    let mut band = Band::new(&rule);
    let seen = value(SPO2, 85, Coming::Entered);
    band.sample(&rule, 2, |part| part != 3, &seen, Declared::No, at(1));
    assert_eq!(holds(&band), [Hold::Held, Hold::Idle, Hold::Idle, Hold::Idle]);
    let inputs: Vec<_> = band.components.iter().map(|track| track.input).collect();
    let missing = TrackInput::Missing;
    assert_eq!(inputs, [TrackInput::Spot, missing, missing, missing]);
}

#[test]
fn a_spot_value_that_is_looked_at_again_is_not_counted_again() {
    // row:3 row:24
    let fast = rule(&[(Judged::HeartRate, Limit::AtOrAbove(130))]);
    let counting = AlarmRule { spot_values: Some(2), ..fast.clone() };
    let first = value(Judged::HeartRate, 140, Coming::Spot);
    let again = Value { look: Look::Again, ..first };
    let judge = |rule: &AlarmRule, band: &mut Band, seen: &Value, second| {
        band.sample(rule, 5, |_| true, seen, Declared::No, at(second));
    };
    let mut band = Band::new(&counting);
    judge(&counting, &mut band, &first, 1);
    let counted = band.clone();
    assert_eq!(band.components[0].input, TrackInput::Spot);
    assert!(matches!(band.components[0].hold, Hold::Running(_)));
    judge(&counting, &mut band, &again, 2);
    assert_eq!(band, counted);
    judge(&counting, &mut band, &first, 3);
    assert_eq!(band.components[0].hold, Hold::Held);
    let lower = value(Judged::HeartRate, 100, Coming::Spot);
    judge(&counting, &mut band, &Value { look: Look::Again, ..lower }, 4);
    assert_eq!(band.components[0].hold, Hold::Clearing { since: at(4) }, "what holds is judged");

    let mut deaf = Band::new(&fast);
    judge(&fast, &mut deaf, &first, 1);
    assert_eq!(deaf, Band::new(&fast), "a rule without a count judges no spot value");
}

#[test]
fn a_gate_holds_while_it_stops_and_says_when_it_lets_go() {
    // rule:B7
    let spacing = Duration::from_secs(60);
    let gate = Gate { asks: Asks::Any, readings: 2, spacing };
    let rule = AlarmRule { gate: Some(gate), ..pressures() };
    let taken = |second, sys, dia| Taken {
        at: at(second),
        figures: Figures { sys, dia, map: None },
        validity: Validity::Good,
    };
    let (high, low) = (Some(185), Some(140));
    let mut band = Band::new(&rule);
    let mut ask = |newest_first: &[Taken]| {
        let let_go = band.gate(&rule, &gate, newest_first.iter().copied());
        (let_go, holds(&band), band.components[1].input)
    };
    let (idle, held) = (vec![Hold::Idle; 2], vec![Hold::Held, Hold::Idle]);
    let (missing, present) = (TrackInput::Missing, TrackInput::Present);
    assert_eq!(ask(&[]), (LetGo::Nothing, idle.clone(), missing));
    let [first, second] = [taken(0, high, None), taken(60, high, None)];
    assert_eq!(ask(&[first]), (LetGo::Nothing, idle.clone(), missing));
    assert_eq!(ask(&[second, first]), (LetGo::Nothing, held.clone(), missing));
    assert_eq!(ask(&[second, first]), (LetGo::Nothing, held, missing));
    let open = taken(120, low, Some(80));
    assert_eq!(ask(&[open, second, first]), (LetGo::Held, idle.clone(), present));
    assert_eq!(ask(&[open, second, first]), (LetGo::Nothing, idle, present));
}

#[test]
fn a_moved_limit_takes_what_no_longer_violates_and_nothing_else() {
    // row:24
    use Hold::{Held, Idle};
    use Review::{DoesNot, NoneLeft, Unknown, Untouched, Violates};
    let (none, confirmed) = (Confirming::Idle, Confirming::Confirmed);
    let table = [
        ([Held, Held], &none, [DoesNot, Untouched], [Idle, Held], &none, LetGo::Nothing),
        ([Held, Held], &none, [NoneLeft, DoesNot], [Idle, Idle], &none, LetGo::Held),
        ([Held, Idle], &none, [Violates, DoesNot], [Held, Idle], &none, LetGo::Nothing),
        ([Held, Held], &none, [Unknown, Unknown], [Held, Held], &none, LetGo::Nothing),
        ([Idle, Idle], &none, [DoesNot, DoesNot], [Idle, Idle], &none, LetGo::Nothing),
        ([Held, Held], &confirmed, [DoesNot, Untouched], [Idle, Held], &confirmed, LetGo::Nothing),
        ([Held, Idle], &confirmed, [DoesNot, Untouched], [Idle, Idle], &none, LetGo::Held),
    ];
    for (was, confirming, looks, next, confirming_next, let_go) in table {
        let mut reviewed = band(was, confirming.clone());
        let told = reviewed.review(Some(RECUFF), |part| looks[part]);
        assert_eq!((told, &reviewed), (let_go, &band(next, confirming_next.clone())), "{looks:?}");
    }
}

#[test]
fn a_repeat_is_awaited_for_what_still_violates_and_ends_with_the_last_of_it() {
    // row:24 Goal: only a "re-cuff now" was told, so only its end is an end.
    use Review::{DoesNot, NoneLeft, Unknown, Untouched, Violates};
    let table = [
        (0b11, RECUFF, [DoesNot, Violates], Some(0b10), LetGo::Nothing),
        (0b11, RECUFF, [Untouched, NoneLeft], Some(0b01), LetGo::Nothing),
        (0b11, RECUFF, [Unknown, Untouched], Some(0b11), LetGo::Nothing),
        (0b01, RECUFF, [Untouched, Violates], Some(0b01), LetGo::Nothing),
        (0b01, RECUFF, [DoesNot, Violates], None, LetGo::Held),
        (0b01, RECUFF, [NoneLeft, Untouched], None, LetGo::Held),
        (0b01, Confirm::Next, [DoesNot, Untouched], None, LetGo::Nothing),
    ];
    for (awaited, confirm, looks, left, let_go) in table {
        let mut reviewed = band([Hold::Idle; 2], awaiting(awaited));
        let told = reviewed.review(Some(confirm), |part| looks[part]);
        let confirming = left.map_or(Confirming::Idle, awaiting);
        assert_eq!((told, &reviewed), (let_go, &band([Hold::Idle; 2], confirming)), "{looks:?}");
    }
}

#[test]
fn a_band_is_idle_only_with_nothing_held_running_clearing_or_awaited() {
    let clearing = Hold::Clearing { since: at(1) };
    let table = [
        ([Hold::Idle, Hold::Idle], Confirming::Idle, true),
        ([Hold::Held, Hold::Idle], Confirming::Idle, false),
        ([Hold::Idle, Hold::Held], Confirming::Idle, false),
        ([Hold::Idle, clearing], Confirming::Idle, false),
        ([Hold::Idle, Hold::Idle], awaiting(1), false),
        ([Hold::Idle, Hold::Idle], Confirming::Confirmed, false),
        ([Hold::Held, Hold::Held], Confirming::Confirmed, false),
    ];
    for (holds, confirming, idle) in table {
        assert_eq!(band(holds, confirming.clone()).is_idle(), idle, "{holds:?} {confirming:?}");
    }
}
