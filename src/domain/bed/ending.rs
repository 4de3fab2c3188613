//! What a named act ends on this bed, whatever the values say: the session's end and an empty room
//! (rows 29 and 32 of alarms 11).
//!
//! S goes as in row 8, so what was HIGH and nobody has taken stays latched. Technical conditions go
//! by their causes, but for values that an empty room can't have.

use std::sync::Arc;

use super::{Bed, Desk, Ending, discharge};
use crate::domain::act::{Act, Answer, Disposition, Done, Refused};
use crate::domain::alarm::AlarmFamily;
use crate::domain::alarm::family::Bands;
use crate::domain::alarm::inactivation::Cause;
use crate::domain::alarm::occurrence::{ActNote, EndReason, SessionChange};
use crate::domain::ids::OccurrenceId;
use crate::domain::session::checks::Checks;
use crate::domain::time::Stamp;

impl Bed {
    /// Row 29: open physiological occurrences end with the session, by name; a HIGH is
    /// acknowledged first, and then the gate is passed. The caller has found the session running.
    pub fn end_session(
        &mut self,
        act: &Act,
        disposition: Disposition,
        checks: Checks,
        now: Stamp,
        desk: &mut Desk<'_>,
    ) -> Answer {
        if let Some(occurrence) = self.unacknowledged_high() {
            return Err(Refused::HighUnacknowledged { occurrence });
        }
        let what = self.may_end(disposition, checks, act, now)?;
        let note = act.note();
        let new = Some(discharge::words(disposition, checks).into());
        let told = ActNote { what: what.map(Into::into), new, ..note.clone() };
        let (why, change) = (EndReason::SessionEnded, SessionChange::Ended);
        self.part_with_session(why, change, &note, told, now, desk);
        self.tick(now, desk);
        Ok(Done::Taken)
    }

    /// The session is over here, `told` as that; the bed has its own preset again. The caller
    /// ticks.
    pub(super) fn part_with_session(
        &mut self,
        why: EndReason,
        change: SessionChange,
        note: &ActNote,
        told: ActNote,
        now: Stamp,
        desk: &mut Desk<'_>,
    ) {
        self.end_physiological(why, &note.by, now, desk);
        // Only acts of a pause are refused.
        let _ = self.inactivate(Cause::SessionEnded, Some(note.clone()), now, desk);
        // The end of a pause has judged the newest values again; they are of the session.
        self.drop_bands();
        self.tell_session(change, Some(told), now, desk);
        let before = self.in_force();
        self.session = None;
        self.patient_since = now.mono;
        self.forget_entered(&Ending { why, by: Some(note.by.clone()) });
        // Nothing holds any more, and only a new value raises it again.
        let own = self.plan.preset.clone();
        self.use_preset(&own, None, now.mono);
        self.enter(before, &Ending::PHASE, now.mono);
    }

    pub(super) fn end_physiological(
        &mut self,
        reason: EndReason,
        by: &Arc<str>,
        now: Stamp,
        desk: &mut Desk<'_>,
    ) {
        self.drop_bands();
        let families = self.families.len();
        self.each_episode_of(0..families, now, desk, |it, scene| it.end_by(reason, by, scene));
    }

    fn drop_bands(&mut self) {
        for (family, rules) in self.families.iter_mut().zip(self.rules.families()) {
            family.bands = Bands::new(rules);
            family.let_go = None;
        }
    }

    /// An empty room has no values to miss.
    pub(super) fn end_vital_related(&mut self, by: &Arc<str>, now: Stamp, desk: &mut Desk<'_>) {
        let families = self.families.len();
        for index in 0..self.technical.len() {
            if is_vital_related(self.technical[index].family) {
                self.technical[index].since = None;
                let at = families + index;
                self.each_episode_of(at..at + 1, now, desk, |it, scene| {
                    it.end_by(EndReason::RoomEmpty, by, scene);
                });
            }
        }
    }

    /// A HIGH of this bed that nobody has acknowledged.
    pub(in crate::domain) fn unacknowledged_high(&self) -> Option<OccurrenceId> {
        (0..self.episodes()).find_map(|at| self.episode(at).unacknowledged_high())
    }
}

/// About values that only a patient on the monitor has.
const fn is_vital_related(family: AlarmFamily) -> bool {
    matches!(
        family,
        AlarmFamily::NoValue
            | AlarmFamily::SignalLost
            | AlarmFamily::SensorOff
            | AlarmFamily::CuffFailed
            | AlarmFamily::NibpOverdue
            | AlarmFamily::TimedReading
            | AlarmFamily::Implausible
            | AlarmFamily::Frozen
            | AlarmFamily::RateConflict
    )
}
