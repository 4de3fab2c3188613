//! The ward as the journal left it: newest checkpoint, then every input after it through the same
//! step as live. The transitions of that fold are in the journal already and go nowhere.

use super::guard;
use crate::domain::alarm::occurrence::{Occurrence, Subject, Transition};
use crate::domain::ids::Seq;
use crate::domain::time::Stamp;
use crate::domain::ward::{Ward, WardPlan};
use crate::shell::journal::{JournaledInput, Recovery};

/// The checkpoint can't be read by this version.
#[derive(Debug, thiserror::Error)]
#[error("the journal's checkpoint can't be read: {0}")]
pub struct Unrestorable(String);

/// The ward after the fold, not yet compared with what the journal told of it.
#[derive(Debug)]
pub struct Restored {
    ward: Ward,
    /// Open or latched at the checkpoint.
    before: Vec<Occurrence>,
    /// The newest transition that the checkpoint knows.
    after: Seq,
}

impl Restored {
    #[must_use]
    pub const fn after(&self) -> Seq {
        self.after
    }

    /// The ward with every alarm in it that was told and not ended. `told` holds the journal's
    /// transitions since `after`, in order.
    #[must_use]
    pub fn reconciled(mut self, told: Vec<Transition>) -> Ward {
        let mut open = self.before;
        for transition in told {
            let Subject::Alarm { occurrence, .. } = transition.subject else { continue };
            open.retain(|it| it.id != occurrence.id);
            open.push(*occurrence);
        }
        for lost in open.into_iter().filter(Occurrence::is_shown) {
            if self.ward.occurrences().all(|it| it.id != lost.id) {
                tracing::error!(occurrence = %lost.id, "an alarm would have ended untold: latched");
                self.ward.adopt(lost);
            }
        }
        self.ward
    }
}

/// Steps a recorded input as it was stepped live; a bed that failed on it fails again, and what it
/// had told is taken back as it was then.
pub fn fold(ward: &mut Ward, recorded: &JournaledInput, out: &mut Vec<Transition>) {
    guard::step(ward, &recorded.input, recorded.now, out);
}

/// # Errors
/// When the checkpoint is not one of ours; the journal is never passed over in silence.
pub fn restore(plan: WardPlan, recovery: &Recovery, now: Stamp) -> Result<Restored, Unrestorable> {
    let first = recovery.tail.first().map(|input| input.now);
    let mut ward = match &recovery.checkpoint {
        Some(state) => Ward::load(plan, state).map_err(|e| Unrestorable(e.to_string()))?,
        None => Ward::new(plan, first.unwrap_or(now)),
    };
    let before = ward.occurrences().cloned().collect();
    let after = Seq(ward.next_seq().0 - 1);
    let mut out = Vec::new();
    for recorded in &recovery.tail {
        fold(&mut ward, recorded, &mut out);
        out.clear();
    }
    let (folded, journaled) = (ward.next_seq().0, recovery.next_seq.0);
    if folded != journaled {
        tracing::error!(
            folded,
            journaled,
            "the configuration or the version changed while an alarm history was not checkpointed"
        );
    }
    ward.resume_numbers(recovery.next_seq, recovery.next_reading);
    Ok(Restored { ward, before, after })
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use super::*;
    use crate::config;
    use crate::domain::alarm::AlarmFamily;
    use crate::domain::alarm::occurrence::{Change, Presence, Signal};
    use crate::domain::alarm::rule::{AlarmPreset, Limit};
    use crate::domain::bed::{BedPlan, Watch};
    use crate::domain::device::Message;
    use crate::domain::ids::{BedId, BedIndex, DeviceId, ReadingId, SourceIndex};
    use crate::domain::input::Input;
    use crate::domain::metric::Metric;
    use crate::domain::reading::{Origin, Quantity, Reading, ValueSource};
    use crate::domain::time::{MonoTime, WallTime};
    use crate::domain::ward::{SourceKind, SourcePlan};

    fn at(second: u64) -> Stamp {
        let micros = second * 1_000_000;
        let wall = WallTime::from_micros(1_795_000_000_000_000 + micros.cast_signed());
        Stamp { mono: MonoTime::from_micros(micros), wall }
    }

    fn plan(change: impl FnOnce(&mut AlarmPreset)) -> WardPlan {
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/monitor.toml");
        let example = config::load(&example).expect("the example is valid");
        let mut preset = (*example.alarms.preset).clone();
        change(&mut preset);
        let bed = BedPlan {
            declared: Vec::new(),
            id: BedId::try_new("bay-1").expect("a valid name"),
            watch: Watch::Session,
            preset: Arc::new(preset),
            lines: Vec::new(),
            origin: Origin::Patient,
        };
        WardPlan {
            escalation: crate::domain::alarm::escalation::EscalationTimes::DEFAULT,
            presets: Vec::new(),
            site: "test".into(),
            beds: vec![bed],
            sources: vec![SourcePlan { name: "broker".into(), kind: SourceKind::Broker }],
            origin: Origin::Patient,
        }
    }

    /// A heart rate limit above the recorded ones.
    fn raised_limits(preset: &mut AlarmPreset) {
        let fast = preset.families.iter_mut().filter(|it| it.family == AlarmFamily::HrHigh);
        for part in fast.flat_map(|it| &mut it.bands).flat_map(|band| &mut band.components) {
            part.limit = Limit::AtOrAbove(300);
        }
    }

    fn heart_rates() -> Vec<JournaledInput> {
        let recorded = |second| {
            let value = Ok(Quantity(200));
            let reading = Reading::new(Metric::PulseRate, value, ValueSource::Pleth);
            let input = Input::Message {
                bed: BedIndex(0),
                source: SourceIndex(0),
                device: DeviceId::try_new("monitor").expect("a valid name"),
                message: Message { readings: vec![reading], ..Message::default() },
            };
            JournaledInput { now: at(second), first_reading: ReadingId(second), input }
        };
        (1..=60).map(recorded).collect()
    }

    fn recovery(next_seq: u64) -> Recovery {
        let tail = heart_rates();
        let (next_seq, next_reading) = (Seq(next_seq), ReadingId(61));
        Recovery { checkpoint: None, last: Some(at(60)), tail, next_seq, next_reading }
    }

    /// What the live ward told of the recorded inputs.
    fn told_live() -> Vec<Transition> {
        let (mut ward, mut out) = (Ward::new(plan(|_| {}), at(1)), Vec::new());
        for recorded in heart_rates() {
            ward.step(&recorded.input, recorded.now, &mut out);
        }
        assert!(!out.is_empty(), "the heart rate is an alarm");
        out
    }

    #[test]
    fn numbers_go_on_after_the_journals_though_the_fold_raises_less_than_was_told() {
        // safety:P9. Goal: no transition number is used twice when the limits changed while down.
        let journaled = told_live().len() as u64 + 1;
        let restored = restore(plan(raised_limits), &recovery(journaled), at(61));
        let ward = restored.expect("restored").reconciled(Vec::new());
        assert_eq!((ward.next_seq(), ward.next_reading()), (Seq(journaled), ReadingId(61)));
    }

    #[test]
    fn an_alarm_that_the_fold_no_longer_raises_is_latched_and_told_by_the_restart() {
        // safety:A8. Goal: limits that changed while down end no alarm that nobody saw end; under
        // the same limits nothing is added.
        let told = told_live();
        let next_seq = told.len() as u64 + 1;
        let same = restore(plan(|_| {}), &recovery(next_seq), at(61)).expect("restored");
        let same = same.reconciled(told.clone());
        let states: Vec<_> = same.occurrences().map(|it| it.presence).collect();
        assert_eq!(states, [Presence::Present]);

        let changed = restore(plan(raised_limits), &recovery(next_seq), at(61));
        let mut ward = changed.expect("restored").reconciled(told);
        let mut out = Vec::new();
        ward.step(&Input::Restarted { down_since: at(60) }, at(90), &mut out);
        let again = out.iter().find_map(|transition| match &transition.subject {
            Subject::Alarm { change: Change::Restored, occurrence } => Some(occurrence),
            Subject::Alarm { .. } | Subject::Session { .. } => None,
        });
        let again = again.expect("told again");
        assert_eq!(again.bed.as_ref().map(BedId::as_str), Some("bay-1"));
        assert_eq!((again.family, again.restored), (AlarmFamily::HrHigh, true));
        assert_eq!((again.presence, again.signal), (Presence::Ended, Signal::Latched));
        assert!(again.lines.iter().any(|line| line.contains("limits changed")));
        assert!(ward.occurrences().any(|it| it.id == again.id));
    }
}
