//! What time alone brings: beds wait in one heap by their deadline, the service's few alarms beside
//! it, and everything happens in order at its own moment.
//!
//! A bed has one entry that counts. A deadline that moves earlier gets a new entry, one that moves
//! later is found when the entry that stands comes up; entries that no longer count are dropped.

use std::cmp::Reverse;

use super::service::service_deadline;
use super::{Ward, index_of};
use crate::domain::alarm::occurrence::Transition;
use crate::domain::bed::{Bed, BedInput};
use crate::domain::ids::BedIndex;
use crate::domain::time::{MonoTime, Stamp};

impl Ward {
    /// The next moment at which time alone may change something.
    #[must_use]
    pub fn next_deadline(&self) -> Option<MonoTime> {
        let beds = self.deadlines.peek().map(|Reverse((due, _))| *due);
        self.service_due().into_iter().chain(self.handover_due()).chain(beds).min()
    }

    fn service_due(&self) -> Option<MonoTime> {
        self.service.iter().filter_map(|it| service_deadline(it, self.now.mono)).min()
    }

    /// Everything that time alone brings by `now`, in order.
    pub(super) fn pass(&mut self, now: Stamp, out: &mut Vec<Transition>) {
        let from = out.len();
        while let Some(due) = self.next_deadline().filter(|due| *due <= now.mono) {
            let at = Stamp { mono: due.max(self.now.mono), wall: now.wall_at(due) };
            if self.service_due().is_some_and(|service| service <= due) {
                self.now = at;
                self.settle_service(at, out);
            } else if self.handover_due().is_some_and(|lapses| lapses <= due) {
                self.lapse_offers(at, out);
            } else {
                self.pass_bed(at, out);
            }
        }
        self.now = now;
        self.remember_ended(&out[from..]);
    }

    /// The bed whose deadline comes first.
    fn pass_bed(&mut self, at: Stamp, out: &mut Vec<Transition>) {
        let Some(Reverse((due, index))) = self.deadlines.pop() else { return };
        if due != self.queued[index] {
            return; // an earlier one was put in since
        }
        let moved_to = self.beds[index].deadline();
        if moved_to > due {
            self.queue(index, moved_to);
        } else {
            self.bed_step(BedIndex(index_of(index)), BedInput::Tick, at, out);
        }
    }

    pub(super) fn queue(&mut self, index: usize, due: MonoTime) {
        self.queued[index] = due;
        self.deadlines.push(Reverse((due, index)));
    }

    /// Puts every bed's deadline into the heap; after making or restoring a ward.
    pub(in crate::domain) fn arm_all(&mut self) {
        let all = self.beds.iter().enumerate();
        self.deadlines = all.map(|(index, bed)| Reverse((bed.deadline(), index))).collect();
        self.queued = self.beds.iter().map(Bed::deadline).collect();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::domain::alarm::escalation::EscalationTimes;
    use crate::domain::alarm::rule::{AfterDose, AlarmPreset, DoseMark, Intervals};
    use crate::domain::bed::{BedPlan, Watch};
    use crate::domain::ids::{BedId, DeviceId, SourceIndex};
    use crate::domain::input::{Input, LinkChange};
    use crate::domain::reading::Origin;
    use crate::domain::ward::WardPlan;

    fn one_bed() -> WardPlan {
        let long = Duration::from_secs(3600);
        let after = AfterDose { mark: DoseMark::Start, lasts: long };
        let preset = AlarmPreset {
            name: "none".into(),
            title: "No rules".into(),
            version: "1".into(),
            drug: "none".into(),
            routes: Vec::new(),
            approval: None,
            requires: Vec::new(),
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
            families: Vec::new(),
            due: Vec::new(),
            not_in_force: Vec::new(),
        };
        let bed = BedPlan {
            id: BedId::try_new("bay-1").expect("a valid name"),
            watch: Watch::Session,
            preset: preset.into(),
            lines: Vec::new(),
            declared: Vec::new(),
            origin: Origin::Patient,
        };
        let site = "test".into();
        WardPlan {
            site,
            origin: Origin::Patient,
            beds: vec![bed],
            sources: Vec::new(),
            escalation: EscalationTimes::DEFAULT,
            presets: Vec::new(),
        }
    }

    #[test]
    fn a_line_that_comes_and_goes_all_day_leaves_no_pile_of_deadlines() {
        // safety:S5 Each loss moves the bed's deadline forward to four seconds from then.
        let start = Stamp::default();
        let mut ward = Ward::new(one_bed(), start);
        let device = Some(DeviceId::try_new("cuff").expect("a valid name"));
        for second in (10..7200).step_by(10) {
            let now = start.plus(Duration::from_secs(second));
            let lost = LinkChange::Lost { since: now, why: "unplugged".into() };
            for change in [lost, LinkChange::Online] {
                let (bed, source) = (Some(BedIndex(0)), SourceIndex(0));
                let device = device.clone();
                ward.step(&Input::Link { bed, source, device, change }, now, &mut Vec::new());
            }
        }
        assert!(ward.deadlines.len() < 10, "{} entries for one bed", ward.deadlines.len());
    }
}
