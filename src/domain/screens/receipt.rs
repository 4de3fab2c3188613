//! Alarms that no screen has shown yet: published ones in, those that took longer than 4 s out
//! (row 23; alarms 9; safety F8).
//!
//! Awaited is each HIGH or MEDIUM event that is told by light, its sound paused or not, and has not
//! been passed on to anybody else. A receipt is a visible screen's lease that shows the alarm's bed
//! and has painted its transition or a later one. One that was shown before its commit is awaited
//! from then on, though no screen can receipt it before it has its number.

use std::collections::VecDeque;
use std::time::Duration;

use super::{Coverage, ScreenEvent};
use crate::domain::alarm::Priority;
use crate::domain::alarm::occurrence::{Occurrence, Presence, Signal};
use crate::domain::ids::{BedIndex, OccurrenceId, Seq};
use crate::domain::time::RealTime;

/// Longest wait for a receipt (alarms 14).
const RECEIPT: Duration = Duration::from_secs(4);
/// Awaited at a time; beyond it the oldest counts as not received.
const AWAITED_MAX: usize = 8192;

#[derive(Debug, Default)]
pub(super) struct Receipts {
    /// In the order of their numbers and of their time.
    awaited: VecDeque<Awaited>,
}

#[derive(Clone, Copy, Debug)]
struct Awaited {
    occurrence: OccurrenceId,
    revision: u32,
    bed: Option<BedIndex>,
    seq: Seq,
    due: RealTime,
}

impl Receipts {
    pub(super) fn told(
        &mut self,
        alarm: &Occurrence,
        bed: Option<BedIndex>,
        seq: Seq,
        now: RealTime,
        out: &mut Vec<ScreenEvent>,
    ) {
        let (occurrence, revision) = (alarm.id, alarm.revision);
        if !asks(alarm) {
            self.awaited.retain(|it| it.occurrence != occurrence);
            return;
        }
        // Who shows the newer revision has not left the older one out.
        self.awaited.retain(|it| it.occurrence != occurrence || it.revision == revision);
        if self.awaited.len() >= AWAITED_MAX {
            self.give_up_oldest(out);
        }
        let due = now.plus(RECEIPT);
        self.awaited.push_back(Awaited { occurrence, revision, bed, seq, due });
    }

    /// A visible screen that shows `beds` has painted every alarm up to `seen`.
    pub(super) fn seen(&mut self, beds: &Coverage, seen: Seq) {
        self.awaited.retain(|it| it.seq > seen || !beds.holds(it.bed));
    }

    pub(super) fn tick(&mut self, now: RealTime, out: &mut Vec<ScreenEvent>) {
        while self.next_due().is_some_and(|due| due <= now) {
            self.give_up_oldest(out);
        }
    }

    /// Once for each occurrence: the step that follows stands for its other events.
    fn give_up_oldest(&mut self, out: &mut Vec<ScreenEvent>) {
        let Some(Awaited { occurrence, revision, .. }) = self.awaited.pop_front() else { return };
        self.awaited.retain(|it| it.occurrence != occurrence);
        out.push(ScreenEvent::Unreceived { occurrence, revision });
    }

    pub(super) fn next_due(&self) -> Option<RealTime> {
        self.awaited.front().map(|it| it.due)
    }
}

/// Whether somebody has to answer it, and has not been asked further yet.
fn asks(alarm: &Occurrence) -> bool {
    let is_lit = match alarm.signal {
        Signal::Active => true,
        // Row 23: a pause of the sound stops no clock; one of the alarm leaves no step to come.
        Signal::Paused => alarm.next_step.is_some(),
        Signal::None | Signal::Acknowledged | Signal::Latched => false,
    };
    alarm.priority >= Priority::Medium
        && alarm.presence != Presence::Ended
        && is_lit
        && alarm.escalation == 0
}
