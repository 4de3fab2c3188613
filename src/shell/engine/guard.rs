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
    /// The step was taken back; the bed is to be quarantined.
    Failed {
        bed: BedIndex,
        why: Arc<str>,
    },
}

/// Steps the ward; on a panic inside a bed its transitions and numbers are taken back.
pub(super) fn step(
    ward: &mut Ward,
    input: &Input,
    now: Stamp,
    out: &mut Vec<Transition>,
) -> Stepped {
    let (mark, from) = (ward.mark(), out.len());
    match catch_unwind(AssertUnwindSafe(|| ward.step(input, now, out))) {
        Ok(reply) => Stepped::Done(reply),
        Err(panic) => {
            let Some(bed) = ward.stepping() else { resume_unwind(panic) };
            out.truncate(from);
            ward.rewind(mark);
            let why = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let why = why.or_else(|| panic.downcast_ref::<String>().cloned());
            let why = why.unwrap_or_else(|| "unknown".to_owned());
            tracing::error!(bed = bed.0, why, "the step of a bed failed; the bed is rebuilt");
            Stepped::Failed { bed, why: why.into() }
        }
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
            id: BedId::try_new(name).expect("a valid name"),
            watch: Watch::Session,
            preset,
            lines: Vec::new(),
            origin: Origin::Patient,
        };
        let plan = WardPlan {
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
        let Stepped::Failed { bed, why } = failed else { panic!("it has to fail: {failed:?}") };
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
}
