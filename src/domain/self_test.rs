//! The self-test's own small ward (safety P7, contract 3.3): the reserved bed `_selftest` with one
//! rule, a breach of it, and whether the alarm that came of it is the one that had to come.
//!
//! Each trial has a new ward, so that one says nothing of the next, and its numbers are its own:
//! the site's series, lists and counts never know of it. The way that the trial's message takes
//! (intake, engine, journal, push) is the shell's.

use std::sync::Arc;
use std::time::Duration;

use super::alarm::escalation::EscalationTimes;
use super::alarm::occurrence::{Change, Occurrence, Signal, Subject, Transition};
use super::alarm::rule::{
    AfterDose, AlarmPreset, AlarmRule, Component, DoseMark, FamilyRules, Intervals, Judged, Limit,
    PhaseSet,
};
use super::alarm::{AlarmFamily, Onset, Priority, Severity};
use super::bed::{BedPlan, Watch};
use super::device::Message;
use super::ids::{BedId, BedIndex, DeviceId, RuleId, SourceIndex};
use super::input::Input;
use super::metric::Metric;
use super::reading::{Origin, Quantity, Reading, ValueSource};
use super::time::Stamp;
use super::ward::{SourceKind, SourcePlan, Ward, WardPlan};

/// Violates the trial's limit, and can't be mistaken for a patient's.
const BREACH: Quantity = Quantity(42);
const LIMIT: i32 = 80;

/// A ward of the reserved bed, and the message that breaches its limit.
#[must_use]
pub fn trial(now: Stamp) -> (Ward, Input) {
    let long = Duration::from_secs(3600);
    let after = AfterDose { mark: DoseMark::Start, lasts: long };
    let preset = AlarmPreset {
        name: "self-test".into(),
        title: "Self-test".into(),
        version: "1".into(),
        drug: "none".into(),
        routes: Vec::new(),
        approval: None,
        requires: Vec::new(),
        due: Vec::new(),
        active: after,
        observe: after,
        intervals: Intervals {
            intake: long,
            baseline: long,
            active: long,
            recovery: long,
            discharge: long,
            after_high: long,
        },
        families: vec![FamilyRules {
            family: AlarmFamily::SpO2Low,
            clear_by: 1,
            bands: vec![rule()],
        }],
        not_in_force: Vec::new(),
    };
    let bed = BedPlan {
        id: BedId::self_test(),
        watch: Watch::Session,
        preset: Arc::new(preset),
        lines: Vec::new(),
        declared: Vec::new(),
        origin: Origin::Simulated,
    };
    let plan = WardPlan {
        site: "self-test".into(),
        beds: vec![bed],
        sources: vec![SourcePlan { name: "self-test".into(), kind: SourceKind::Broker }],
        origin: Origin::Simulated,
        escalation: EscalationTimes::DEFAULT,
        presets: Vec::new(),
    };
    let reading = Reading {
        origin: Origin::Simulated,
        ..Reading::new(Metric::SpO2, Ok(BREACH), ValueSource::Pleth)
    };
    let message = Input::Message {
        bed: BedIndex(0),
        source: SourceIndex(0),
        device: DeviceId::try_new("self-test").expect("a valid name"),
        message: Message { readings: vec![reading], ..Message::default() },
    };
    (Ward::new(plan, now), message)
}

fn rule() -> AlarmRule {
    let component = Component {
        judged: Judged::Metric(Metric::SpO2),
        limit: Limit::AtOrBelow(LIMIT),
        persist: Duration::ZERO,
        severity: Severity::Irreversible,
        onset: Onset::Immediate,
        over_65: None,
    };
    AlarmRule {
        id: RuleId::try_new("SELF").expect("a valid name"),
        text: None,
        components: vec![component],
        confirm: None,
        spot_values: None,
        phases: PhaseSet::ALL,
        source_tag: "self-test".into(),
        with_symptom: crate::domain::alarm::rule::WithSymptom::No,
        delayed_below: None,
        gate: None,
        part: 0,
    }
}

/// The trial's alarm, where it is the one that had to come.
///
/// # Errors
/// What is wrong with what came instead.
pub fn judged(told: &[Transition]) -> Result<&Occurrence, &'static str> {
    let [transition] = told else {
        return Err(if told.is_empty() { "no alarm came" } else { "more than one alarm came" });
    };
    let Subject::Alarm { change: Change::Raised, occurrence } = &transition.subject else {
        return Err("what came is no new alarm");
    };
    let is_right = occurrence.bed == Some(BedId::self_test())
        && occurrence.family == AlarmFamily::SpO2Low
        && occurrence.priority == Priority::High
        && occurrence.signal == Signal::Active
        && occurrence.value == Some(BREACH)
        && occurrence.limit == Some(LIMIT);
    if is_right { Ok(occurrence) } else { Err("another alarm came") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::{MonoTime, WallTime};

    fn now() -> Stamp {
        let wall = WallTime::from_micros(1_795_000_000_000_000);
        Stamp { mono: MonoTime::from_micros(3_600_000_000), wall }
    }

    #[test]
    fn a_trial_raises_one_high_alarm_on_the_reserved_bed() {
        // safety:P7 technical:self-test
        let (mut ward, message) = trial(now());
        let mut told = Vec::new();
        ward.step(&message, now(), &mut told);
        let alarm = judged(&told).expect("the alarm that has to come");
        assert_eq!(alarm.origin, Origin::Simulated);
        assert_eq!(alarm.bed.as_ref().map(BedId::as_str), Some("_selftest"));
    }

    #[test]
    fn whatever_else_comes_of_a_trial_is_a_failure() {
        // safety:P7. Method: the right alarm with one thing wrong at a time.
        let (mut ward, message) = trial(now());
        let mut told = Vec::new();
        ward.step(&message, now(), &mut told);
        assert_eq!(judged(&[]), Err("no alarm came"));
        let twice = [told[0].clone(), told[0].clone()];
        assert_eq!(judged(&twice), Err("more than one alarm came"));
        type Spoil = fn(&mut Occurrence);
        let table: [Spoil; 5] = [
            |it| it.bed = None,
            |it| it.family = AlarmFamily::HrLow,
            |it| it.priority = Priority::Medium,
            |it| it.signal = Signal::Paused,
            |it| it.value = None,
        ];
        for spoil in table {
            let mut wrong = told[0].clone();
            let Subject::Alarm { occurrence, .. } = &mut wrong.subject else { panic!("an alarm") };
            spoil(occurrence);
            assert_eq!(judged(&[wrong]), Err("another alarm came"));
        }
    }

    #[test]
    fn no_bed_can_have_the_reserved_name() {
        // safety:P7
        assert!(BedId::try_new(BedId::self_test().as_str()).is_err());
    }
}
