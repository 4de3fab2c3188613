//! From the engine to the journal: what a round caused goes as one batch; what the journal's full
//! lane refuses waits here, in its order. Transitions are on the board in either case, so that one
//! which waits too long is shown all the same (safety A2).

use std::collections::VecDeque;
use std::time::Duration;

use tokio::sync::mpsc;

use super::publish::{Pending, SHOWN_AFTER};
use super::{Engine, Round};
use crate::domain::input::Input;
use crate::shell::journal::{Batch, Full, Notice};

/// Routine inputs are handed to the journal at the latest when so many wait; it groups them
/// further.
const ROUTINE_KEPT: usize = 200;
/// Inputs without transitions that wait for room in the journal's lane; older ones are dropped and
/// counted. The journal itself keeps more.
const UNSENT_ROUTINE: usize = 16_384;
/// How long the last commits may take at the end.
const DRAIN: Duration = Duration::from_secs(3);

/// Batches that found the journal's lane full, oldest first. Those with transitions are all kept.
#[derive(Debug, Default)]
pub(super) struct Unsent {
    batches: VecDeque<Batch>,
}

impl Unsent {
    pub(super) fn is_empty(&self) -> bool {
        self.batches.is_empty()
    }

    /// Puts a batch last; routine ones that follow each other become one.
    fn push(&mut self, batch: Batch) {
        match self.batches.back_mut() {
            Some(last) if last.transitions.is_empty() && batch.transitions.is_empty() => {
                last.ticket = batch.ticket;
                last.inputs.extend(batch.inputs);
            }
            Some(_) | None => self.batches.push_back(batch),
        }
    }

    /// Drops routine inputs beyond `most`, oldest first; returns how many.
    fn shed(&mut self, most: usize) -> usize {
        let routine = self.batches.iter_mut().filter(|batch| batch.transitions.is_empty());
        let waiting: usize = routine.map(|batch| batch.inputs.len()).sum();
        let mut excess = waiting.saturating_sub(most);
        let before = excess;
        for batch in self.batches.iter_mut().filter(|batch| batch.transitions.is_empty()) {
            batch.inputs.retain(|recorded| {
                let drops = excess > 0 && is_reading(&recorded.input);
                excess -= usize::from(drops);
                !drops
            });
        }
        self.batches.retain(|batch| !batch.inputs.is_empty() || !batch.transitions.is_empty());
        before - excess
    }
}

/// What may be lost when memory runs out; acts and a session's events may not.
const fn is_reading(input: &Input) -> bool {
    match input {
        Input::Message { .. } | Input::Rejected { .. } | Input::Tick => true,
        Input::Link { .. }
        | Input::SessionStarted { .. }
        | Input::Dose { .. }
        | Input::Act(_)
        | Input::Watching(_)
        | Input::Screen(_)
        | Input::SelfTest { .. }
        | Input::Unreceived { .. }
        | Input::Service { .. }
        | Input::Journal(_)
        | Input::Restarted { .. }
        | Input::Quarantined { .. } => false,
    }
}

impl Engine {
    /// What the restart has found is shown before anybody is answered: a screen that comes at once
    /// must not see a clinic without alarms.
    pub(super) async fn open_board(&mut self, notices: &mut mpsc::Receiver<Notice>) {
        if tokio::time::timeout(SHOWN_AFTER, self.settle(notices)).await.is_err() {
            self.board.show_stalled(self.clock.real(), &mut self.telemetry);
        }
    }

    /// Until the journal has committed all that was caused so far.
    pub(super) async fn settle(&mut self, notices: &mut mpsc::Receiver<Notice>) {
        while !self.unsent.is_empty() || !self.board.waiting.is_empty() {
            let Some(notice) = notices.recv().await else { break };
            self.noticed(notice);
            self.flush_caused();
        }
    }

    /// Hands to the journal what this round caused, at once; routine inputs wait for company.
    pub(super) fn flush_caused(&mut self) {
        self.acks.give_late();
        self.send_unsent();
        if !self.caused.is_empty() || self.inputs.len() >= ROUTINE_KEPT {
            self.flush();
        }
    }

    pub(super) fn flush(&mut self) {
        if self.inputs.is_empty() {
            return;
        }
        self.ticket += 1;
        let transitions = self.caused.iter().map(|caused| caused.transition.clone()).collect();
        let batch =
            Batch { ticket: self.ticket, inputs: std::mem::take(&mut self.inputs), transitions };
        if !self.caused.is_empty() {
            self.board.waiting.push_back(Pending {
                ticket: self.ticket,
                appended: self.clock.real(),
                transitions: std::mem::take(&mut self.caused),
                acks: std::mem::take(&mut self.batch_acks),
                replies: std::mem::take(&mut self.replies),
                shown: false,
            });
        }
        self.unsent.push(batch);
        self.send_unsent();
        let dropped = self.unsent.shed(UNSENT_ROUTINE);
        if dropped > 0 {
            tracing::warn!(dropped, "routine inputs were dropped: the journal's lane is full");
        }
    }

    fn send_unsent(&mut self) {
        while let Some(batch) = self.unsent.batches.pop_front() {
            if let Err(Full(batch)) = self.journal.append(batch) {
                self.unsent.batches.push_front(batch);
                return;
            }
        }
    }

    pub(super) fn checkpoint(&mut self) -> Round {
        self.flush();
        if self.unsent.is_empty() {
            self.journal.checkpoint(self.ward.save(), self.ward.now());
        }
        Round::Goes
    }

    /// Intake is closed: everything that is known becomes durable and is published.
    pub(super) async fn drain(&mut self, notices: &mut mpsc::Receiver<Notice>) {
        self.flush();
        if tokio::time::timeout(DRAIN, self.settle(notices)).await.is_err() {
            tracing::error!("the journal did not take the last transitions in time");
        }
        self.checkpoint();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::ReadingId;
    use crate::domain::time::Stamp;
    use crate::shell::journal::JournaledInput;

    fn batch(ticket: u64, inputs: Vec<Input>) -> Batch {
        let recorded = |input| JournaledInput {
            now: Stamp::default(),
            first_reading: ReadingId(ticket),
            input,
        };
        let inputs = inputs.into_iter().map(recorded).collect();
        Batch { ticket, inputs, transitions: Vec::new() }
    }

    #[test]
    fn a_full_lane_costs_the_oldest_readings_and_never_an_act() {
        // safety:A8. Goal: memory is bounded by readings alone, and tickets keep rising.
        let mut unsent = Unsent::default();
        let why = "test".into();
        let act = Input::Quarantined { bed: crate::domain::ids::BedIndex(0), why };
        unsent.push(batch(1, vec![act.clone(), Input::Tick]));
        unsent.push(batch(2, vec![Input::Tick]));
        unsent.push(batch(3, vec![Input::Tick]));
        assert_eq!(unsent.batches.len(), 1, "routine batches become one");
        assert_eq!(unsent.shed(4), 0);
        assert_eq!(unsent.shed(2), 2);
        let left = &unsent.batches[0];
        assert_eq!(left.ticket, 3);
        assert_eq!(left.inputs[0].input, act);
        assert_eq!(left.inputs[1].first_reading, ReadingId(3), "the oldest were dropped");
    }
}
