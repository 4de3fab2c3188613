//! Catches a panic of one bed's step, and of nothing else (safety S2).
//!
//! The bed that failed is put out of service for a moment by `Input::Quarantined`; the input that
//! did it is journaled and acknowledged all the same, else its redelivery would fail for ever.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

use crate::domain::alarm::occurrence::Transition;
use crate::domain::ids::BedIndex;
use crate::domain::input::Input;
use crate::domain::time::Stamp;
use crate::domain::ward::{Reply, Ward};

/// What became of a step.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stepped {
    Done(Reply),
    /// What these beds did was taken back, what the others did holds; they are to be quarantined.
    Failed(Vec<Failed>),
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Failed {
    pub(super) bed: BedIndex,
    pub(super) why: Arc<str>,
}

/// Steps the ward; on a panic inside a bed its transitions and their numbers are taken back, and
/// the other beds have the input all the same.
///
/// # Panics
/// On a panic outside any bed, and when a bed fails in its own quarantine: there is nothing left
/// to do for it but to start again from the journal.
pub(super) fn step(
    ward: &mut Ward,
    input: &Input,
    now: Stamp,
    out: &mut Vec<Transition>,
) -> Stepped {
    let from = out.len();
    let mut failed: Vec<Failed> = Vec::new();
    loop {
        let after = failed.last().map(|last| last.bed);
        let run = AssertUnwindSafe(|| match after {
            None => ward.step(input, now, out),
            Some(bed) => {
                ward.resume(input, bed, now, out);
                Reply::None
            }
        });
        let panic = match catch_unwind(run) {
            Ok(reply) if failed.is_empty() => return Stepped::Done(reply),
            Ok(_) => return Stepped::Failed(failed),
            Err(panic) => panic,
        };
        let Some(bed) = ward.rewind(from, out) else { resume_unwind(panic) };
        if matches!(input, Input::Quarantined { bed: of, .. } if *of == bed) {
            resume_unwind(panic);
        }
        let why = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let why = why.or_else(|| panic.downcast_ref::<String>().cloned());
        let why = why.unwrap_or_else(|| "unknown".to_owned());
        tracing::error!(bed = bed.0, why, "the step of a bed failed; the bed is rebuilt");
        failed.push(Failed { bed, why: why.into() });
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config;
    use crate::domain::alarm::occurrence::{Occurrence, Subject};
    use crate::domain::alarm::{AlarmFamily, Priority};
    use crate::domain::bed::{BedPlan, Watch};
    use crate::domain::device::Message;
    use crate::domain::ids::{BedId, DeviceId, SourceIndex};
    use crate::domain::input::LinkChange;
    use crate::domain::metric::Metric;
    use crate::domain::reading::{Origin, Quantity, Reading, ValueSource};
    use crate::domain::time::{MonoTime, WallTime};
    use crate::domain::ward::{SourceKind, SourcePlan, WardPlan};

    /// Bay 1 has a preset whose SpO2 hysteresis overflows: its step fails on any SpO2 that does not
    /// violate. `config` would refuse it; here it stands for a defect that we don't know yet.
    fn ward_with_a_defect() -> Ward {
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/monitor.toml");
        let sound = config::load(&example).expect("the example is valid").alarms.preset;
        let mut broken = (*sound).clone();
        for family in broken.families.iter_mut().filter(|f| f.family == AlarmFamily::SpO2Low) {
            family.clear_by = i32::MAX; // 90 + i32::MAX: checked builds panic
        }
        let bed = |name, preset| BedPlan {
            declared: Vec::new(),
            id: BedId::try_new(name).expect("a valid name"),
            watch: Watch::Session,
            preset,
            lines: Vec::new(),
            origin: Origin::Patient,
        };
        let plan = WardPlan {
            escalation: crate::domain::alarm::escalation::EscalationTimes::DEFAULT,
            presets: Vec::new(),
            site: "test".into(),
            beds: vec![bed("bay-1", Arc::new(broken)), bed("bay-2", sound)],
            sources: vec![SourcePlan { name: "broker".into(), kind: SourceKind::Broker }],
            origin: Origin::Patient,
        };
        Ward::new(plan, at(0))
    }

    fn at(second: u64) -> Stamp {
        let mono = MonoTime::from_micros(second * 1_000_000);
        Stamp { mono, wall: WallTime::from_micros(1_795_000_000_000_000) }
    }

    fn value(bed: u32, metric: Metric, value: i32) -> Input {
        let reading = Reading::new(metric, Ok(Quantity(value)), ValueSource::Pleth);
        Input::Message {
            bed: BedIndex(bed),
            source: SourceIndex(0),
            device: DeviceId::try_new("monitor").expect("a valid name"),
            message: Message { readings: vec![reading], ..Message::default() },
        }
    }

    fn alarms(out: &[Transition]) -> Vec<&Occurrence> {
        out.iter()
            .filter_map(|transition| match &transition.subject {
                Subject::Alarm { occurrence, .. } => Some(&**occurrence),
                Subject::Session { .. } => None,
            })
            .collect()
    }

    /// safety:S2. Goal: a bed whose step fails is put out of service with a HIGH alarm, the other
    /// beds go on, no number is lost or used twice.
    #[test]
    fn a_bed_whose_step_fails_alarms_and_the_others_go_on() {
        let mut ward = ward_with_a_defect();
        let mut out = Vec::new();
        let first = ward.next_seq();
        let failed = step(&mut ward, &value(0, Metric::SpO2, 97), at(1), &mut out);
        let Stepped::Failed(mut failed) = failed else { panic!("it has to fail: {failed:?}") };
        let Failed { bed, why } = failed.remove(0);
        assert_eq!((bed, out.len(), ward.next_seq()), (BedIndex(0), 0, first));

        step(&mut ward, &Input::Quarantined { bed, why }, at(1), &mut out);
        let told = alarms(&out);
        assert_eq!(told.len(), 1);
        assert_eq!((told[0].family, told[0].priority), (AlarmFamily::Evaluator, Priority::High));
        assert_eq!(told[0].bed.as_ref().map(BedId::as_str), Some("bay-1"));
        out.clear();

        step(&mut ward, &value(1, Metric::RespRate, 0), at(2), &mut out);
        let told = alarms(&out);
        assert_eq!(told[0].bed.as_ref().map(BedId::as_str), Some("bay-2"), "the other bed alarms");
        out.clear();

        step(&mut ward, &value(0, Metric::RespRate, 0), at(20), &mut out);
        let told = alarms(&out);
        let apnoea = told.iter().find(|o| o.family == AlarmFamily::RespLow);
        assert!(apnoea.is_some(), "the bed itself goes on with what it can judge");
    }

    /// safety:S2. Goal: what other beds told in the step that failed stays told, number by number.
    #[test]
    fn a_bed_whose_step_fails_takes_nothing_back_from_the_others() {
        let mut ward = ward_with_a_defect();
        step(&mut ward, &value(1, Metric::RespRate, 0), at(1), &mut Vec::new());
        let (mut expected, mut out) = (Vec::new(), Vec::new());
        let mut sound = ward.clone();
        sound.step(&Input::Tick, at(300), &mut expected);
        assert!(!expected.is_empty(), "the second bed's value grows old");

        let failed = step(&mut ward, &value(0, Metric::SpO2, 97), at(300), &mut out);
        assert!(matches!(failed, Stepped::Failed(_)));
        assert_eq!((&out, ward.next_seq()), (&expected, sound.next_seq()));
    }

    /// safety:S2. Goal: a lost broker's values are withdrawn at the beds that did not fail, too.
    #[test]
    fn an_input_for_all_beds_reaches_those_after_the_one_that_failed() {
        let mut ward = ward_with_a_defect();
        let change = LinkChange::Lost { since: at(1), why: "test".into() };
        let lost = Input::Link { bed: None, source: SourceIndex(0), device: None, change };
        step(&mut ward, &value(1, Metric::RespRate, 0), at(1), &mut Vec::new());
        let (mut whole, mut rest) = (ward.clone(), ward);
        let (mut expected, mut out) = (Vec::new(), Vec::new());
        whole.step(&lost, at(2), &mut expected);
        rest.resume(&lost, BedIndex(0), at(2), &mut out);
        let of_second = |told: &[Transition]| {
            let second = |o: &&Occurrence| o.bed.as_ref().is_some_and(|b| b.as_str() == "bay-2");
            alarms(told).into_iter().filter(second).map(|o| o.family).collect::<Vec<_>>()
        };
        assert_eq!(of_second(&out), of_second(&expected));
        assert_eq!(rest.beds()[1].view(at(2)), whole.beds()[1].view(at(2)));
    }
}
