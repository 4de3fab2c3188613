//! What people and time do to an episode whose condition stands: acknowledgement, pauses,
//! escalation, reminders, and the process start.

use super::Episode;
use super::scene::Scene;
use crate::domain::alarm::condition::{Condition, Governing, InputState, Level};
use crate::domain::alarm::escalation;
use crate::domain::alarm::occurrence::{
    Acknowledged, Change, EndReason, Occurrence, Presence, Signal,
};
use crate::domain::alarm::reminder::{Expired, Pace, Reminder};
use crate::domain::alarm::signal::{Cause, Effect};
use crate::domain::alarm::{AlarmKind, Priority};
use crate::domain::ids::OccurrenceId;
use crate::domain::time::Stamp;

/// Why an acknowledgement did nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAcknowledged {
    /// Row 16.
    Stale { current: u32 },
    /// Row 16b.
    Ended,
    /// Row 16b, under an alarm pause or a stand-by.
    AlarmPaused,
}

impl Episode {
    /// Rows 15, 16, 16a, 16b and 21 for an occurrence of this episode; `None`: not one of ours.
    pub fn acknowledge(
        &mut self,
        id: OccurrenceId,
        revision: u32,
        acknowledged: &Acknowledged,
        pace: Pace,
        scene: &mut Scene<'_>,
    ) -> Option<Result<Occurrence, NotAcknowledged>> {
        let open = self.open.as_deref_mut().filter(|open| open.id == id);
        let is_open = open.is_some();
        let occurrence = match open {
            Some(open) => open,
            None => self.latched.iter_mut().find(|latched| latched.id == id)?,
        };
        if revision != occurrence.revision {
            return Some(Err(NotAcknowledged::Stale { current: occurrence.revision })); // row 16
        }
        if is_open && scene.inhibits(occurrence) {
            return Some(Err(NotAcknowledged::AlarmPaused)); // row 16b
        }
        let answer = match occurrence.signal.step(Cause::Acknowledge) {
            Effect::Moved(signal) => {
                occurrence.signal = signal; // rows 15, 21
                occurrence.acknowledged = Some(acknowledged.clone());
                if is_open {
                    occurrence.next_step = None;
                    self.reminder = Reminder::armed(occurrence.priority, pace, scene.now.mono);
                    let cause = escalation::Cause::Acknowledged;
                    (self.escalation, _) =
                        self.escalation.step(cause, scene.escalation, scene.now.mono);
                }
                scene.tell(Change::Acknowledged, occurrence);
                Ok(occurrence.clone())
            }
            Effect::Unchanged => Ok(occurrence.clone()), // row 16a
            Effect::Refused => Err(NotAcknowledged::Ended), // row 16b
        };
        self.latched.retain(|latched| latched.signal == Signal::Latched);
        Some(answer)
    }

    /// Row 18.
    pub fn pause_audio(&mut self, scene: &mut Scene<'_>) {
        self.signal(Cause::PauseAudio, Change::Paused, scene);
    }

    /// Row 19.
    pub fn resume_audio(&mut self, scene: &mut Scene<'_>) {
        self.signal(Cause::ResumeAudio, Change::Resumed, scene);
    }

    /// Row 26: nothing of it is told for a limited time; a running countdown stops.
    pub fn pause_alarms(&mut self, scene: &mut Scene<'_>) {
        if let Some(open) = self.open.as_mut() {
            open.confirm_until = None;
        }
        self.reminder = Reminder::Off;
        let _ = self.escalate(escalation::Cause::PauseAlarms, scene);
        self.signal(Cause::PauseAlarms, Change::Paused, scene);
    }

    /// Row 27: an acknowledgement is void. `recuff_until`: the countdown that begins again.
    pub fn resume_alarms(&mut self, recuff_until: Option<Stamp>, scene: &mut Scene<'_>) {
        let Some(open) = self.open.as_mut() else { return };
        open.confirm_until = recuff_until;
        let was_taken = open.acknowledged.take().is_some();
        let priority = open.priority;
        let cause = if was_taken {
            escalation::Cause::Restarted { priority }
        } else {
            escalation::Cause::ResumeAlarms
        };
        let reached = self.escalate(cause, scene);
        self.signal(Cause::ResumeAlarms, Change::Resumed, scene);
        self.tell_step(reached, scene);
    }

    /// Row 23: no screen has shown this revision.
    pub fn unreceived(&mut self, id: OccurrenceId, revision: u32, scene: &mut Scene<'_>) {
        let is_it = |open: &Occurrence| open.id == id && open.revision == revision;
        if self.open.as_deref().is_some_and(is_it) {
            let reached = self.escalate(escalation::Cause::Unreceived, scene);
            self.tell_step(reached, scene);
        }
    }

    /// Time alone: the next step (row 23), the next reminder (row 20).
    pub fn time(&mut self, pace: impl FnOnce(&Occurrence) -> Pace, scene: &mut Scene<'_>) {
        let reached = self.escalate(escalation::Cause::Time, scene);
        self.tell_step(reached, scene);
        let now = scene.now.mono;
        let Some(open) = self.open.as_deref_mut() else { return };
        if self.reminder.deadline().is_none_or(|due| due > now) {
            return;
        }
        let (next, expired) = self.reminder.time(open.priority, pace(open), now);
        self.reminder = next;
        match expired {
            Expired::No => {}
            Expired::Burst => scene.tell(Change::Reminded, open),
            Expired::Unresolved => {
                open.revision += 1;
                open.acknowledged = None;
                let priority = open.priority;
                let _ = self.escalate(escalation::Cause::Restarted { priority }, scene);
                self.signal(Cause::Unresolved, Change::Unresolved, scene);
            }
        }
    }

    /// Another reading or interval has moved the next one's due time.
    pub fn replan(&mut self, pace: impl FnOnce(&Occurrence) -> Pace) {
        if let (Some(open), Reminder::Armed { .. }) = (self.open.as_deref(), self.reminder) {
            self.reminder = self.reminder.replanned(pace(open));
        }
    }

    /// Rows 24, 29, 32: a named person ends it, whatever was judged; S as in row 8.
    pub fn end_by(&mut self, reason: EndReason, by: &std::sync::Arc<str>, scene: &mut Scene<'_>) {
        if let Some(open) = self.open.as_mut() {
            open.ended_by = Some(by.clone());
        }
        self.condition = Condition::Unknown;
        self.end(reason, scene);
    }

    /// A HIGH that nobody has acknowledged (rows 29, 32).
    #[must_use]
    pub fn unacknowledged_high(&self) -> Option<OccurrenceId> {
        let open = self.open.as_deref()?;
        let is_so = open.priority == Priority::High && open.acknowledged.is_none();
        is_so.then_some(open.id)
    }

    /// Row 28: what was open is there again, its input missing until the next valid sample; what
    /// is latched stays so. Pauses are over; an overdue step comes once.
    pub fn restored(&mut self, scene: &mut Scene<'_>) {
        if let (Some(open), Condition::Open { governing, .. }) = (&mut self.open, self.condition) {
            let level = match governing.level {
                Level::Clearing => Level::Held,
                Level::Held | Level::Recuff { .. } => governing.level,
            };
            let governing = Governing { level, ..governing };
            // A technical condition has no input that could be missing.
            open.frozen = open.family.kind() == AlarmKind::Physiological;
            let input = if open.frozen { InputState::Frozen } else { InputState::Fresh };
            self.condition = Condition::Open { governing, input };
            open.presence = Presence::Present;
            open.restored = true;
            let mut cause = escalation::Cause::Restored;
            if open.signal == Signal::Paused {
                open.signal = Signal::Active;
                if open.acknowledged.take().is_some() {
                    cause = escalation::Cause::Restarted { priority: open.priority };
                }
            }
            let open = open.clone();
            let reached = self.escalate(cause, scene);
            scene.tell(Change::Restored, self.open.as_deref().unwrap_or(&open));
            self.tell_step(reached, scene);
        }
        for latched in &mut self.latched {
            latched.restored = true;
            scene.tell(Change::Restored, latched);
        }
    }

    /// Steps E; a new start asks anew and shows as 0 at once, a step that is reached is told by
    /// `tell_step`.
    pub(super) fn escalate(&mut self, cause: escalation::Cause, scene: &Scene<'_>) -> Option<u8> {
        let (next, effect) = self.escalation.step(cause, scene.escalation, scene.now.mono);
        self.escalation = next;
        let open = self.open.as_mut()?;
        open.next_step = next.deadline().map(|due| scene.now.at_mono(due));
        match effect {
            escalation::Effect::Unchanged => None,
            escalation::Effect::Started => {
                open.escalation = 0;
                open.asked = scene.now;
                None
            }
            escalation::Effect::Reached(step) => Some(step),
        }
    }

    pub(super) fn tell_step(&mut self, reached: Option<u8>, scene: &mut Scene<'_>) {
        if let (Some(step), Some(open)) = (reached, self.open.as_mut()) {
            open.escalation = step;
            scene.tell(Change::SteppedUp, open);
        }
    }

    fn signal(&mut self, cause: Cause, change: Change, scene: &mut Scene<'_>) {
        let Some(open) = self.open.as_mut() else { return };
        if let Effect::Moved(signal) = open.signal.step(cause) {
            open.signal = signal;
            scene.tell(change, open);
        }
    }
}
