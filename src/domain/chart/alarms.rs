//! Transitions of alarms → one line for each occurrence: when it was raised, who took it and after
//! how long, when and why it ended (alarms, Dashboard HMI 13).

use crate::domain::alarm::occurrence::{Change, Occurrence, Subject, Transition};
use crate::domain::ids::OccurrenceId;
use crate::domain::time::Stamp;

/// One occurrence over its whole life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlarmLine {
    /// As it stood at its highest, the first time; `acknowledged` and `ended`, and when it `asked`,
    /// are those of its newest change, `escalation` the furthest of all.
    pub occurrence: Occurrence,
    /// When it was first told.
    pub raised: Stamp,
    /// What became of it, oldest first.
    pub changes: Vec<(Stamp, Change)>,
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
        if now.priority > self.occurrence.priority {
            self.occurrence = now.clone();
        }
        self.occurrence.asked = now.asked;
        self.occurrence.acknowledged.clone_from(&now.acknowledged);
        self.occurrence.ended.clone_from(&now.ended);
        self.occurrence.ended_by.clone_from(&now.ended_by);
        self.occurrence.presence = now.presence;
        self.occurrence.signal = now.signal;
        self.occurrence.revision = now.revision;
        self.occurrence.escalation = self.occurrence.escalation.max(now.escalation);
    }
}
