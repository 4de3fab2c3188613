//! Couples the machines for one family and subject on one bed: C's moves become changes of the
//! occurrence, S follows, and each change is one transition with the next number of the series.
//!
//! One open occurrence at a time; latched ones stay listed beside it until acknowledged (row 22).
//! What people and time do to it while its condition stands is `people`; `scene` says where and
//! when.

mod people;
mod scene;

use std::time::Duration;

pub use people::NotAcknowledged;
use scene::raised;
pub use scene::{Identity, Outage, Scene, Told};

use super::Priority;
use super::condition::{Condition, Facts, InputState, Level, Move, Shown};
use super::escalation::{self, Escalation};
use super::occurrence::{Change, EndReason, Occurrence, Presence, Signal};
use super::reminder::Reminder;
use super::signal::{Cause, Effect};
use crate::domain::time::{MonoTime, Stamp};

/// A short condition stays shown at least so long (alarms 5; row 8).
pub const SHOWN_MIN: Duration = Duration::from_secs(5);

/// State of one family and subject.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Episode {
    pub condition: Condition,
    pub open: Option<Box<Occurrence>>,
    pub latched: Vec<Occurrence>,
    /// Of the open one.
    pub escalation: Escalation,
    /// Of the open one.
    pub reminder: Reminder,
}

impl Episode {
    /// Long enough to be seen (row 8)?
    #[must_use]
    pub fn shown(&self, now: MonoTime) -> Shown {
        match &self.open {
            Some(open) if now < open.onset.mono.plus(SHOWN_MIN) => Shown::TooShort,
            Some(_) | None => Shown::LongEnough,
        }
    }

    /// When an end that waits to be seen, a step or a reminder is due.
    #[must_use]
    pub fn deadline(&self, now: MonoTime) -> Option<MonoTime> {
        let seen = self.open.as_ref()?.onset.mono.plus(SHOWN_MIN);
        let told = self.escalation.deadline().into_iter().chain(self.reminder.deadline());
        told.chain((seen > now).then_some(seen)).min()
    }

    /// What almost every reading comes to: nothing is open and nothing governs, so only C's quiet
    /// state can change. Where that is so it has been taken.
    pub fn stays_at_rest(&mut self, facts: &Facts) -> bool {
        let at_rest = self.open.is_none() && facts.governing.is_none();
        if at_rest {
            (self.condition, _) = self.condition.step(facts);
        }
        at_rest
    }

    /// Steps C and tells the occurrence; `told` is asked only when the band changes.
    pub fn settle(
        &mut self,
        identity: Identity<'_>,
        facts: &Facts,
        told: impl FnOnce(u8, Level) -> Told,
        scene: &mut Scene<'_>,
    ) -> Option<Move> {
        let (next, moved) = self.condition.step(facts);
        self.condition = next;
        let moved = moved?;
        let frozen = facts.input == InputState::Frozen;
        match (moved, next) {
            (Move::Raise, Condition::Open { governing, .. }) => {
                let mut occurrence = raised(identity, told(governing.band, governing.level), scene);
                occurrence.confirm_until = confirm_until(governing.level, scene.now);
                occurrence.frozen = frozen;
                let priority = occurrence.priority;
                self.open = Some(Box::new(occurrence));
                let attended = scene.attended;
                let reached =
                    self.escalate(escalation::Cause::Raised { priority, attended }, scene);
                scene.tell(Change::Raised, self.open.as_ref()?);
                self.tell_step(reached, scene);
            }
            (Move::End(reason), _) => self.end(reason, scene),
            (moved, Condition::Open { governing, .. }) => {
                let open = self.open.as_mut()?;
                open.frozen = frozen;
                open.presence = presence(governing.level);
                if let Some(change) = change_of(moved) {
                    if is_of_band(moved) {
                        let told = told(governing.band, governing.level);
                        open.confirm_until = confirm_until(governing.level, scene.now);
                        self.rebase(moved, told, scene);
                    }
                    let open = self.open.as_ref()?;
                    scene.tell(change, open);
                }
            }
            (
                _,
                Condition::Inhibited
                | Condition::Unknown
                | Condition::Normal
                | Condition::Pending
                | Condition::Confirming,
            ) => {}
        }
        Some(moved)
    }

    /// Another band governs: what the occurrence says, then S and E.
    fn rebase(&mut self, moved: Move, told: Told, scene: &Scene<'_>) {
        let Some(open) = self.open.as_mut() else { return };
        let priority = told.priority;
        open.rebase(told, scene);
        let (signal, escalation) = match moved {
            Move::Confirming => (
                Cause::Recuff { priority, sound: scene.sound },
                escalation::Cause::Recuff { priority },
            ),
            Move::Confirmed | Move::Escalate => {
                (Cause::Worse, escalation::Cause::Restarted { priority })
            }
            Move::Unconfirmed | Move::Update => {
                let highest = open.highest;
                (Cause::Lower, escalation::Cause::Lowered { to: priority, highest })
            }
            Move::Raise | Move::Clear | Move::Return | Move::End(_) | Move::Freeze | Move::Thaw => {
                return;
            }
        };
        if let Effect::Moved(signal) = open.signal.step(signal) {
            open.signal = signal;
            open.acknowledged = None;
            self.reminder = Reminder::Off;
        }
        if priority == Priority::Low {
            self.reminder = Reminder::Off; // row 20: HIGH or MEDIUM
        }
        let _ = self.escalate(escalation, scene);
    }

    fn end(&mut self, reason: EndReason, scene: &mut Scene<'_>) {
        let _ = self.escalate(escalation::Cause::Over, scene);
        self.reminder = Reminder::Off;
        let Some(mut ended) = self.open.take() else { return };
        ended.presence = Presence::Ended;
        ended.frozen = false;
        ended.confirm_until = None;
        ended.ended = Some((scene.now, reason));
        // Who took it before an alarm pause has taken it until the pause is over (row 26).
        let taken = ended.signal == Signal::Paused && ended.acknowledged.is_some();
        let signal = if taken { Signal::Acknowledged } else { ended.signal };
        if let Effect::Moved(signal) = signal.step(Cause::Over { highest: ended.highest }) {
            ended.signal = signal;
        }
        scene.tell(Change::Ended, &ended);
        if ended.signal == Signal::Latched {
            self.latched.push(*ended);
        }
    }
}

/// What a move is told as; a raise and an end are told by themselves.
const fn change_of(moved: Move) -> Option<Change> {
    match moved {
        Move::Confirming => Some(Change::Confirming),
        Move::Confirmed | Move::Unconfirmed => Some(Change::Confirmed),
        Move::Escalate => Some(Change::Escalated),
        Move::Update => Some(Change::Updated),
        Move::Clear => Some(Change::Clearing),
        Move::Return => Some(Change::Returned),
        Move::Freeze => Some(Change::Frozen),
        Move::Thaw => Some(Change::Thawed),
        Move::Raise | Move::End(_) => None,
    }
}

/// Whether another band governs, or the same one by its repeat.
const fn is_of_band(moved: Move) -> bool {
    match moved {
        Move::Confirming | Move::Confirmed | Move::Unconfirmed | Move::Escalate | Move::Update => {
            true
        }
        Move::Raise | Move::Clear | Move::Return | Move::End(_) | Move::Freeze | Move::Thaw => {
            false
        }
    }
}

fn presence(level: Level) -> Presence {
    match level {
        Level::Held | Level::Recuff { .. } => Presence::Present,
        Level::Clearing => Presence::Clearing,
    }
}

fn confirm_until(level: Level, now: Stamp) -> Option<Stamp> {
    match level {
        Level::Recuff { until } => Some(Stamp { mono: until, wall: now.wall_at(until) }),
        Level::Held | Level::Clearing => None,
    }
}

/// Row 28's gap: raised latched, one burst, no escalation, until acknowledged.
#[must_use]
pub fn raised_latched(identity: Identity<'_>, told: Told, scene: &mut Scene<'_>) -> Occurrence {
    let mut occurrence = raised(identity, told, scene);
    occurrence.presence = Presence::Ended;
    occurrence.signal = Signal::Latched;
    occurrence.ended = Some((scene.now, EndReason::Moment));
    scene.tell(Change::Raised, &occurrence);
    occurrence
}
