//! What waits to be committed: batches as records, in groups that one commit takes each.
//!
//! Bounded where it may be: while commits fail, routine inputs beyond a number are dropped, oldest
//! first, and counted; transitions, acts and the inputs that caused transitions never are.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use super::Batch;
use crate::domain::alarm::occurrence::{Subject, Transition};
use crate::domain::ids::{ReadingId, Seq};
use crate::domain::input::Input;
use crate::domain::record::{self, Names, RecordedInput};
use crate::domain::time::Stamp;

/// An input's record, and what it is to the chain and to a full memory.
#[derive(Debug)]
pub(super) struct QueuedInput {
    pub(super) body: Arc<str>,
    pub(super) class: Class,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// May be dropped when memory runs out.
    Routine,
    /// Caused a transition: a replay needs it.
    Cause,
    /// A person's act, a session's event, or what a screen did: enters the chain whole.
    Act,
}

#[derive(Debug)]
pub(super) struct QueuedTransition {
    pub(super) seq: Seq,
    pub(super) body: Arc<str>,
    /// `None`: a session's, which is no alarm.
    pub(super) alarm: Option<AlarmRow>,
}

/// What the alarm list is filtered by.
#[derive(Clone, Debug)]
pub(super) struct AlarmRow {
    pub(super) occurrence: String,
    pub(super) bed: Option<String>,
    pub(super) session: Option<String>,
    pub(super) wall_us: i64,
}

#[derive(Debug)]
pub(super) struct QueuedCheckpoint {
    pub(super) state: Vec<u8>,
    pub(super) at: Stamp,
    pub(super) next_seq: Seq,
    pub(super) next_reading: ReadingId,
}

/// What one commit takes. A checkpoint ends its group: it stands for all before it.
#[derive(Debug, Default)]
pub(super) struct Group {
    pub(super) inputs: VecDeque<QueuedInput>,
    pub(super) transitions: Vec<QueuedTransition>,
    pub(super) checkpoint: Option<QueuedCheckpoint>,
    /// The highest ticket in it; `None`: no batch.
    pub(super) ticket: Option<u64>,
    /// Routine inputs that were dropped from it.
    pub(super) lost: u64,
}

#[derive(Debug)]
pub(super) struct Queue {
    groups: VecDeque<Group>,
    /// When the oldest batch that waits arrived.
    since: Option<Instant>,
    urgency: Urgency,
    routine: usize,
    next_seq: Seq,
    next_reading: ReadingId,
}

/// How soon what waits must be committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Urgency {
    /// With the group's delay or size.
    Grouped,
    /// A transition, a checkpoint or the self-test waits.
    AtOnce,
}

impl Queue {
    pub(super) fn new(next_seq: Seq, next_reading: ReadingId) -> Self {
        Self {
            groups: VecDeque::new(),
            since: None,
            urgency: Urgency::Grouped,
            routine: 0,
            next_seq,
            next_reading,
        }
    }

    /// Takes a batch in. An input that cannot be written is an invariant broken elsewhere: it is
    /// told and counted as lost, and the rest goes on.
    pub(super) fn push(&mut self, batch: Batch, names: &Names, now: Instant) {
        let Batch { ticket, inputs, transitions } = batch;
        self.since.get_or_insert(now);
        self.next_seq = transitions.last().map_or(self.next_seq, |last| Seq(last.seq.0 + 1));
        let rest = if transitions.is_empty() { Class::Routine } else { Class::Cause };
        let tests_itself =
            inputs.iter().any(|recorded| matches!(recorded.input, Input::SelfTest { .. }));
        for recorded in inputs {
            let class = if is_act(&recorded.input) { Class::Act } else { rest };
            self.next_reading = next_reading(&recorded);
            let RecordedInput { now, first_reading, input } = recorded;
            match record::write_input(names, now, first_reading, &input) {
                Ok(body) => {
                    self.routine += usize::from(class == Class::Routine);
                    self.open().inputs.push_back(QueuedInput { body: body.into(), class });
                }
                Err(error) => {
                    tracing::error!(%error, "an input cannot be journaled");
                    self.open().lost += 1;
                }
            }
        }
        if !transitions.is_empty() || tests_itself {
            self.urgency = Urgency::AtOnce;
        }
        let group = self.open();
        group.transitions.extend(transitions.iter().map(QueuedTransition::of));
        group.ticket = Some(ticket);
    }

    /// Takes a checkpoint in, which replaces one that still waits.
    pub(super) fn push_checkpoint(&mut self, state: Vec<u8>, at: Stamp) {
        for group in &mut self.groups {
            group.checkpoint = None;
        }
        let (next_seq, next_reading) = (self.next_seq, self.next_reading);
        let checkpoint = QueuedCheckpoint { state, at, next_seq, next_reading };
        self.open().checkpoint = Some(checkpoint);
        self.urgency = Urgency::AtOnce;
    }

    /// Drops routine inputs beyond `most`, oldest first; returns how many.
    pub(super) fn shed(&mut self, most: usize) -> u64 {
        let mut dropped = 0;
        for group in &mut self.groups {
            let before = group.lost;
            let (excess, lost) = (&mut self.routine, &mut group.lost);
            group.inputs.retain(|input| {
                let drop = *excess > most && input.class == Class::Routine;
                *excess -= usize::from(drop);
                *lost += u64::from(drop);
                !drop
            });
            dropped += group.lost - before;
            if self.routine <= most {
                break;
            }
        }
        dropped
    }

    /// The oldest group, or `None` when nothing waits.
    pub(super) fn pop(&mut self) -> Option<Group> {
        let group = self.groups.pop_front()?;
        let routine = group.inputs.iter().filter(|input| input.class == Class::Routine).count();
        self.routine -= routine;
        if self.groups.is_empty() {
            self.since = None;
            self.urgency = Urgency::Grouped;
        }
        Some(group)
    }

    pub(super) fn inputs(&self) -> usize {
        self.groups.iter().map(|group| group.inputs.len()).sum()
    }

    pub(super) fn since(&self) -> Option<Instant> {
        self.since
    }

    pub(super) fn urgency(&self) -> Urgency {
        self.urgency
    }

    /// The group that still takes batches.
    fn open(&mut self) -> &mut Group {
        if self.groups.back().is_none_or(|group| group.checkpoint.is_some()) {
            self.groups.push_back(Group::default());
        }
        self.groups.back_mut().expect("one was pushed if there was none")
    }
}

impl QueuedTransition {
    fn of(transition: &Transition) -> Self {
        let alarm = match &transition.subject {
            Subject::Session { .. } => None,
            Subject::Alarm { occurrence, .. } => Some(AlarmRow {
                occurrence: occurrence.id.to_string(),
                bed: occurrence.bed.as_ref().map(ToString::to_string),
                session: occurrence.session.map(|id| id.to_string()),
                wall_us: transition.at.wall.as_micros(),
            }),
        };
        Self { seq: transition.seq, body: record::write_transition(transition).into(), alarm }
    }
}

/// The number of the reading that comes after this input.
pub(super) fn next_reading(recorded: &RecordedInput) -> ReadingId {
    let readings = recorded.input.readings();
    let readings = u64::try_from(readings).expect("a message fits into memory");
    ReadingId(recorded.first_reading.0 + readings)
}

fn is_act(input: &Input) -> bool {
    match input {
        Input::SessionStarted { .. } | Input::Dose { .. } | Input::Act(_) | Input::Screen(_) => {
            true
        }
        Input::Message { .. }
        | Input::Rejected { .. }
        | Input::Link { .. }
        | Input::Watching(_)
        | Input::SelfTest { .. }
        | Input::Unreceived { .. }
        | Input::Service { .. }
        | Input::Journal(_)
        | Input::Tick
        | Input::Restarted { .. }
        | Input::Quarantined { .. } => false,
    }
}
