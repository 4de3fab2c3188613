//! Transitions of alarms → one line for each occurrence: when it was raised, who took it and after
//! how long, when and why it ended (alarms, Dashboard HMI 13).

use std::time::Duration;

use crate::domain::alarm::occurrence::{Change, Occurrence, Subject, Transition};
use crate::domain::ids::OccurrenceId;
use crate::domain::time::Stamp;

/// One occurrence over its whole life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlarmLine {
    /// As it stood at its highest, the first time; its `acknowledged`, `ended` and `escalation` are
    /// those of its newest change.
    pub occurrence: Occurrence,
    /// When it was first told.
    pub raised: Stamp,
    /// When it last asked for an answer anew, before one was given.
    pub asked: Stamp,
    /// What became of it, oldest first.
    pub changes: Vec<(Stamp, Change)>,
}

impl AlarmLine {
    /// From the moment in which it last asked for an answer to the acknowledgement.
    #[must_use]
    pub fn response(&self) -> Option<Duration> {
        let acknowledged = self.occurrence.acknowledged.as_ref()?;
        Some(acknowledged.at.mono.since(self.asked.mono))
    }
}

/// One line for each occurrence, in the order in which they were raised.
pub(super) fn lines(transitions: &[Transition]) -> Vec<AlarmLine> {
    let mut lines: Vec<AlarmLine> = Vec::new();
    for transition in transitions {
        let Subject::Alarm { change, occurrence } = &transition.subject else { continue };
        match place(&lines, occurrence.id) {
            Some(place) => lines[place].take(*change, occurrence, transition.at),
            None => lines.push(AlarmLine {
                occurrence: (**occurrence).clone(),
                raised: transition.at,
                asked: transition.at,
                changes: vec![(transition.at, *change)],
            }),
        }
    }
    lines
}

fn place(lines: &[AlarmLine], id: OccurrenceId) -> Option<usize> {
    lines.iter().position(|line| line.occurrence.id == id)
}

impl AlarmLine {
    fn take(&mut self, change: Change, now: &Occurrence, at: Stamp) {
        self.changes.push((at, change));
        if asks(change) && self.occurrence.acknowledged.is_none() {
            self.asked = at;
        }
        let before = self.occurrence.acknowledged.take();
        if now.priority > self.occurrence.priority {
            self.occurrence = now.clone();
        }
        self.occurrence.acknowledged = before.or_else(|| now.acknowledged.clone());
        self.occurrence.ended.clone_from(&now.ended);
        self.occurrence.ended_by.clone_from(&now.ended_by);
        self.occurrence.presence = now.presence;
        self.occurrence.signal = now.signal;
        self.occurrence.revision = now.revision;
        self.occurrence.escalation = self.occurrence.escalation.max(now.escalation);
    }
}

/// Whether a change asks for an answer anew.
const fn asks(change: Change) -> bool {
    match change {
        Change::Raised | Change::Confirmed | Change::Escalated => true,
        Change::Confirming
        | Change::Updated
        | Change::Clearing
        | Change::Returned
        | Change::Ended
        | Change::Frozen
        | Change::Thawed
        | Change::Acknowledged
        | Change::Restored
        | Change::Paused
        | Change::Resumed
        | Change::Reminded
        | Change::Unresolved
        | Change::SteppedUp => false,
    }
}
