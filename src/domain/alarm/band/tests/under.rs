//! A band under the rule of another preset: what it holds and awaits.

use super::super::*;
use crate::domain::alarm::confirm::Countdown;
use crate::domain::alarm::limit::Limit;
use crate::domain::alarm::rule::{Judged, PhaseSet, WithSymptom};
use crate::domain::alarm::{Onset, Severity};
use crate::domain::ids::{DeviceId, RuleId};
use crate::domain::metric::Metric;

const SYS: Judged = Judged::Metric(Metric::NibpSys);
const DIA: Judged = Judged::Metric(Metric::NibpDia);
const RECUFF: Option<Confirm> = Some(Confirm::Recuff { within: Duration::from_secs(180) });

fn rule(parts: &[(Judged, i32)], confirm: Option<Confirm>) -> AlarmRule {
    let part = |(judged, limit): &(Judged, i32)| Component {
        judged: *judged,
        limit: Limit::AtOrAbove(*limit),
        persist: Duration::ZERO,
        severity: Severity::Reversible,
        onset: Onset::Prompt,
        over_65: None,
    };
    AlarmRule {
        id: RuleId::try_new("B2").expect("a valid name"),
        text: None,
        components: parts.iter().map(part).collect(),
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

fn awaiting(violated: u16) -> Confirming {
    let at = MonoTime::from_micros;
    Confirming::Awaiting {
        device: DeviceId::try_new("cuff").expect("a valid name"),
        first: at(1),
        wait: Duration::from_micros(180),
        until: at(181),
        countdown: Countdown::Runs,
        violated: Violated(violated),
    }
}

fn holds(band: &Band) -> Vec<Hold> {
    band.components.iter().map(|track| track.hold).collect()
}

#[test]
fn under_another_preset_a_hold_goes_by_what_is_judged() {
    // row:24 Goal: the limit's number and the component's place may differ.
    let was = rule(&[(SYS, 180), (DIA, 110)], RECUFF);
    let mut band = Band::new(&was);
    band.components[1] = Track { hold: Hold::Held, input: TrackInput::Present };
    band.confirming = Confirming::Confirmed;
    let next = band.under(&was, &rule(&[(DIA, 100), (SYS, 180)], RECUFF));
    assert_eq!(holds(&next), [Hold::Held, Hold::Idle]);
    assert_eq!(next.components[0].input, TrackInput::Present);
    assert_eq!(next.confirming, Confirming::Confirmed);
    let gone = band.under(&was, &rule(&[(SYS, 180)], RECUFF));
    assert!(gone.is_idle(), "nothing is left that was confirmed");
}

#[test]
fn under_another_preset_a_repeat_is_awaited_of_what_it_judges_too() {
    // row:1b row:24
    let was = rule(&[(SYS, 180), (DIA, 110)], RECUFF);
    let band = Band { confirming: awaiting(0b10), ..Band::new(&was) };
    let under = |is: &AlarmRule| band.under(&was, is).confirming;
    assert_eq!(under(&rule(&[(DIA, 110), (SYS, 180)], RECUFF)), awaiting(0b01));
    assert_eq!(under(&rule(&[(SYS, 180)], RECUFF)), Confirming::Idle);
    assert_eq!(under(&rule(&[(SYS, 180), (DIA, 110)], None)), Confirming::Idle);
}

#[test]
fn what_stood_without_a_repeat_stands_under_a_rule_that_asks_for_one() {
    // row:24
    let was = rule(&[(SYS, 180)], None);
    let is = rule(&[(SYS, 180)], RECUFF);
    let mut band = Band::new(&was);
    assert_eq!(band.under(&was, &is).confirming, Confirming::Idle, "nothing stood");
    band.components[0].hold = Hold::Held;
    let next = band.under(&was, &is);
    assert_eq!((holds(&next), next.confirming), (vec![Hold::Held], Confirming::Confirmed));
}
