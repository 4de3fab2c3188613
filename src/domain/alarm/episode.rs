//! Couples the machines for one family and subject on one bed: C's moves become changes of the
//! occurrence, S follows, and each change is one transition with the next number of the series.
//!
//! One open occurrence at a time; latched ones stay listed beside it until acknowledged (row 22).

use std::time::Duration;

use super::condition::{Condition, Facts, InputState, Level, Move, Shown};
use super::occurrence::{
    Acknowledged, Change, Occurrence, Presence, ReadingRef, Signal, Subject, Transition,
};
use super::rule::Phase;
use super::signal::{Cause, Effect};
use super::{AlarmFamily, AlarmKind, Priority};
use crate::domain::ids::{BedId, OccurrenceId, RuleId, Seq, SessionId, Uuid};
use crate::domain::metric::Metric;
use crate::domain::reading::{Origin, Quantity};
use crate::domain::time::{MonoTime, Stamp};

/// A short condition stays shown at least so long (alarms 5; row 8).
pub const SHOWN_MIN: Duration = Duration::from_secs(5);

/// State of one family and subject.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Episode {
    pub condition: Condition,
    pub open: Option<Box<Occurrence>>,
    pub latched: Vec<Occurrence>,
}

/// Where and when a transition happens.
pub struct Scene<'a> {
    pub site: &'a str,
    pub bed: Option<&'a BedId>,
    pub session: Option<SessionId>,
    pub phase: Option<Phase>,
    pub since_dose: Option<Duration>,
    pub origin: Origin,
    pub outage: Outage,
    pub now: Stamp,
    /// The number that the next transition of the site gets.
    pub next_seq: &'a mut Seq,
    pub out: &'a mut Vec<Transition>,
}

/// Whether what is raised now was raised for the time the service was down (row 28).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outage {
    No,
    Yes,
}

/// What an occurrence says of its governing band; changes only with the band.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub rule: Option<RuleId>,
    pub priority: Priority,
    pub text: String,
    pub lines: Vec<String>,
    pub metric: Option<Metric>,
    pub value: Option<Quantity>,
    pub limit: Option<i32>,
    /// The accepted baseline of the metric.
    pub baseline: Option<i32>,
    pub reading: Option<ReadingRef>,
}

/// What an occurrence is of.
#[derive(Clone, Copy, Debug)]
pub struct Identity<'a> {
    pub family: AlarmFamily,
    pub subject: Option<&'a std::sync::Arc<str>>,
}

/// Why an acknowledgement did nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAcknowledged {
    /// Row 16.
    Stale { current: u32 },
    /// Row 16b.
    Ended,
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

    /// When an end that waits to be seen is due.
    #[must_use]
    pub fn deadline(&self, now: MonoTime) -> Option<MonoTime> {
        let due = self.open.as_ref()?.onset.mono.plus(SHOWN_MIN);
        (due > now).then_some(due)
    }

    /// Steps C and tells the occurrence; `told` is asked only when the band changes.
    pub fn settle(
        &mut self,
        identity: Identity<'_>,
        facts: &Facts,
        told: impl FnOnce(u8, Level) -> Told,
        scene: &mut Scene<'_>,
    ) {
        let (next, moved) = self.condition.step(facts);
        self.condition = next;
        let Some(moved) = moved else { return };
        let frozen = facts.input == InputState::Frozen;
        match (moved, next) {
            (Move::Raise, Condition::Open { governing, .. }) => {
                let mut occurrence = raised(identity, told(governing.band, governing.level), scene);
                occurrence.confirm_until = confirm_until(governing.level, scene.now);
                occurrence.frozen = frozen;
                let open = self.open.insert(Box::new(occurrence));
                scene.tell(Change::Raised, open);
            }
            (Move::End(reason), _) => self.end(reason, scene),
            (moved, Condition::Open { governing, .. }) => {
                let Some(open) = self.open.as_mut() else { return };
                open.frozen = frozen;
                open.presence = presence(governing.level);
                let change = match moved {
                    Move::Confirming => Change::Confirming,
                    Move::Confirmed | Move::Unconfirmed => Change::Confirmed,
                    Move::Escalate => Change::Escalated,
                    Move::Update => Change::Updated,
                    Move::Clear => Change::Clearing,
                    Move::Return => Change::Returned,
                    Move::Freeze => Change::Frozen,
                    Move::Thaw => Change::Thawed,
                    Move::Raise | Move::End(_) => return,
                };
                if let Some(cause) = band_change(moved) {
                    open.rebase(told(governing.band, governing.level), cause, scene);
                    open.confirm_until = confirm_until(governing.level, scene.now);
                }
                scene.tell(change, open);
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
    }

    /// Rows 15, 16, 16a, 16b and 21 for an occurrence of this episode; `None`: not one of ours.
    pub fn acknowledge(
        &mut self,
        id: OccurrenceId,
        revision: u32,
        acknowledged: &Acknowledged,
        scene: &mut Scene<'_>,
    ) -> Option<Result<Occurrence, NotAcknowledged>> {
        let open = self.open.as_deref_mut().filter(|open| open.id == id);
        let occurrence = match open {
            Some(open) => open,
            None => self.latched.iter_mut().find(|latched| latched.id == id)?,
        };
        if revision != occurrence.revision {
            return Some(Err(NotAcknowledged::Stale { current: occurrence.revision })); // row 16
        }
        let answer = match occurrence.signal.step(Cause::Acknowledge) {
            Effect::Moved(signal) => {
                occurrence.signal = signal; // rows 15, 21
                occurrence.acknowledged = Some(acknowledged.clone());
                scene.tell(Change::Acknowledged, occurrence);
                Ok(occurrence.clone())
            }
            Effect::Unchanged => Ok(occurrence.clone()), // row 16a
            Effect::Refused => Err(NotAcknowledged::Ended), // row 16b
        };
        self.latched.retain(|latched| latched.signal == Signal::Latched);
        Some(answer)
    }

    /// Row 28: what was open is there again, its input missing until the next valid sample; what
    /// is latched stays so.
    pub fn restored(&mut self, scene: &mut Scene<'_>) {
        if let (Some(open), Condition::Open { governing, .. }) = (&mut self.open, self.condition) {
            let level = match governing.level {
                Level::Clearing => Level::Held,
                Level::Held | Level::Recuff { .. } => governing.level,
            };
            let governing = super::condition::Governing { level, ..governing };
            // A technical condition has no input that could be missing.
            open.frozen = open.family.kind() == AlarmKind::Physiological;
            let input = if open.frozen { InputState::Frozen } else { InputState::Fresh };
            self.condition = Condition::Open { governing, input };
            open.presence = Presence::Present;
            open.restored = true;
            if open.signal == Signal::Paused {
                open.signal = Signal::Active;
            }
            scene.tell(Change::Restored, open);
        }
        for latched in &mut self.latched {
            latched.restored = true;
            scene.tell(Change::Restored, latched);
        }
    }

    fn end(&mut self, reason: super::occurrence::EndReason, scene: &mut Scene<'_>) {
        let Some(mut ended) = self.open.take() else { return };
        ended.presence = Presence::Ended;
        ended.frozen = false;
        ended.confirm_until = None;
        ended.ended = Some((scene.now, reason));
        if let Effect::Moved(signal) = ended.signal.step(Cause::Over { highest: ended.highest }) {
            ended.signal = signal;
        }
        scene.tell(Change::Ended, &ended);
        if ended.signal == Signal::Latched {
            self.latched.push(*ended);
        }
    }
}

impl Scene<'_> {
    /// Numbers a change and puts it out.
    pub fn tell(&mut self, change: Change, occurrence: &Occurrence) {
        let occurrence = Box::new(occurrence.clone());
        self.put(Subject::Alarm { change, occurrence });
    }

    pub fn put(&mut self, subject: Subject) {
        let seq = *self.next_seq;
        *self.next_seq = Seq(seq.0 + 1);
        self.out.push(Transition { seq, at: self.now, subject });
    }
}

impl Occurrence {
    /// Another band governs (rows 1a to 1c, 13, 14).
    fn rebase(&mut self, told: Told, cause: Cause, scene: &Scene<'_>) {
        self.revision += 1;
        self.rule = told.rule;
        self.priority = told.priority;
        self.highest = self.highest.max(told.priority);
        self.text = told.text;
        self.lines = told.lines;
        self.metric = told.metric;
        self.value = told.value;
        self.limit = told.limit;
        self.baseline = told.baseline;
        self.reading = told.reading;
        self.phase = scene.phase;
        self.since_dose = scene.since_dose;
        if let Effect::Moved(signal) = self.signal.step(cause) {
            self.signal = signal;
            self.acknowledged = None;
        }
    }
}

/// How the signal takes a change of band; `None`: the band stays.
const fn band_change(moved: Move) -> Option<Cause> {
    match moved {
        Move::Confirming | Move::Confirmed | Move::Escalate => Some(Cause::Worse),
        Move::Unconfirmed | Move::Update => Some(Cause::Lower),
        Move::Raise | Move::Clear | Move::Return | Move::End(_) | Move::Freeze | Move::Thaw => None,
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

fn raised(identity: Identity<'_>, told: Told, scene: &Scene<'_>) -> Occurrence {
    let seq = scene.next_seq.0.to_string();
    let bed = scene.bed.map_or("", BedId::as_str);
    let subject = identity.subject.map_or("", |subject| subject);
    let parts = [scene.site, bed, identity.family.name(), subject, &seq];
    Occurrence {
        id: Uuid::of_onset(scene.now.wall, &parts),
        revision: 1,
        bed: scene.bed.cloned(),
        session: scene.session,
        origin: scene.origin,
        outage: scene.outage == Outage::Yes,
        family: identity.family,
        subject: identity.subject.cloned(),
        rule: told.rule,
        priority: told.priority,
        highest: told.priority,
        presence: Presence::Present,
        frozen: false,
        restored: false,
        confirm_until: None,
        signal: Signal::Active,
        escalation: 0,
        text: told.text,
        lines: told.lines,
        metric: told.metric,
        value: told.value,
        limit: told.limit,
        baseline: told.baseline,
        reading: told.reading,
        phase: scene.phase,
        since_dose: scene.since_dose,
        onset: scene.now,
        ended: None,
        ended_by: None,
        acknowledged: None,
    }
}

/// Row 28's gap: raised latched, one burst, no escalation, until acknowledged.
#[must_use]
pub fn raised_latched(identity: Identity<'_>, told: Told, scene: &mut Scene<'_>) -> Occurrence {
    let mut occurrence = raised(identity, told, scene);
    occurrence.presence = Presence::Ended;
    occurrence.signal = Signal::Latched;
    occurrence.ended = Some((scene.now, super::occurrence::EndReason::Moment));
    scene.tell(Change::Raised, &occurrence);
    occurrence
}
