//! From judged to shown: transitions wait here for their commit, then go to the hub with their
//! number; a journal that stalls no longer holds an alarm back (safety A2).

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use crate::domain::alarm::occurrence::{Occurrence, Subject, Transition};
use crate::domain::ids::{OccurrenceId, Seq};
use crate::shell::clock::Clock;
use crate::shell::hub::Hub;
use crate::shell::lane::{Acted, Latency, Published, ShownOccurrence};
use crate::shell::telemetry::{Stage, Telemetry};
use crate::shell::{Ack, Timing};

/// A commit that takes longer no longer holds an alarm back (safety A2).
pub(super) const SHOWN_AFTER: Duration = Duration::from_millis(200);
/// A commit that takes longer is itself a technical alarm (safety A2).
pub(super) const STALLED_AFTER: Duration = Duration::from_millis(500);

/// The answer to an act, and who waits for it.
pub(super) type AckReply = (oneshot::Sender<Acted>, Acted);

/// What one batch will have caused once it is durable.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) ticket: u64,
    pub(super) appended: Instant,
    pub(super) transitions: Vec<Caused>,
    pub(super) acks: Vec<Ack>,
    pub(super) replies: Vec<AckReply>,
    /// Shown already, without a number.
    pub(super) shown: bool,
}

/// A transition with the times of the reading that caused it.
#[derive(Debug)]
pub(super) struct Caused {
    pub(super) transition: Transition,
    pub(super) timing: Option<Timing>,
    pub(super) stepped: Instant,
}

/// The published side of the ward.
#[derive(Debug, Default)]
pub(super) struct Board {
    pub(super) hub: Hub,
    /// Of the newest transition that was published with its number.
    pub(super) seq: Seq,
    pub(super) shown: BTreeMap<OccurrenceId, ShownOccurrence>,
    pub(super) waiting: VecDeque<Pending>,
    /// Alarms that were published since they were last taken, each event once, with its number: it
    /// is fixed before the commit that makes it known.
    pub(super) told: Vec<(Seq, Arc<Occurrence>)>,
}

/// Whether an event was shown before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Showing {
    First,
    /// Without its number.
    Again,
}

impl Board {
    /// Everything up to `ticket` is durable: publishes it with its numbers and hands back the
    /// acknowledgements that may now be given.
    pub(super) fn committed(
        &mut self,
        ticket: u64,
        clock: &Clock,
        telemetry: &mut Telemetry,
    ) -> Vec<Ack> {
        let now = clock.real();
        let mut acks = Vec::new();
        let mut told = BTreeSet::new();
        while self.waiting.front().is_some_and(|pending| pending.ticket <= ticket) {
            let Some(pending) = self.waiting.pop_front() else { break };
            let showing = if pending.shown { Showing::Again } else { Showing::First };
            for caused in &pending.transitions {
                self.seq = caused.transition.seq;
                self.publish((caused, showing), Some(caused.transition.seq), now, telemetry);
                told.extend(occurrence(caused).map(|occurrence| occurrence.id));
                if caused.timing.is_some() && showing == Showing::First {
                    telemetry.record(Stage::Publish, clock.real().duration_since(now));
                }
            }
            acks.extend(pending.acks);
            for (reply, answer) in pending.replies {
                let _asker_left = reply.send(answer);
            }
        }
        self.show_again(&told, now);
        acks
    }

    /// What was shown ahead of its commit is newer than what just got its number: the screens must
    /// not go back to the older state.
    fn show_again(&mut self, told: &BTreeSet<OccurrenceId>, now: Instant) {
        let waiting = std::mem::take(&mut self.waiting);
        for caused in waiting.iter().filter(|p| p.shown).flat_map(|p| &p.transitions) {
            if occurrence(caused).is_some_and(|occurrence| told.contains(&occurrence.id)) {
                self.tell(caused, None, now);
            }
        }
        self.waiting = waiting;
    }

    /// Shows what has waited too long for its commit, without numbers; it comes again with them.
    /// Acts are answered with it: they hold in memory, and the journal's alarm says the rest.
    pub(super) fn show_stalled(&mut self, now: Instant, telemetry: &mut Telemetry) {
        let mut stalled = std::mem::take(&mut self.waiting);
        let late = |pending: &&mut Pending| {
            !pending.shown && now.duration_since(pending.appended) >= SHOWN_AFTER
        };
        for pending in stalled.iter_mut().filter(late) {
            pending.shown = true;
            for caused in &pending.transitions {
                telemetry.shown_before_commit += 1;
                self.publish((caused, Showing::First), None, now, telemetry);
            }
            // What is shown to all is no longer kept from who asked for it.
            for (reply, Acted { answer, .. }) in pending.replies.drain(..) {
                let _asker_left = reply.send(Acted { answer, seq: None });
            }
        }
        self.waiting = stalled;
    }

    /// The acknowledgements of what is shown though it waits for its commit.
    pub(super) fn take_shown_acks(&mut self) -> Vec<Ack> {
        let shown = self.waiting.iter_mut().filter(|pending| pending.shown);
        shown.flat_map(|pending| pending.acks.drain(..)).collect()
    }

    /// When `show_stalled` has something to do.
    #[must_use]
    pub(super) fn show_deadline(&self) -> Option<Instant> {
        let unshown = self.waiting.iter().find(|pending| !pending.shown);
        unshown.map(|pending| pending.appended + SHOWN_AFTER)
    }

    /// When the stall becomes an alarm.
    #[must_use]
    pub(super) fn stall_deadline(&self) -> Option<Instant> {
        self.waiting.front().map(|pending| pending.appended + STALLED_AFTER)
    }

    /// How long the oldest batch has waited.
    #[must_use]
    pub(super) fn waited(&self, now: Instant) -> Duration {
        self.waiting.front().map_or(Duration::ZERO, |p| now.duration_since(p.appended))
    }

    fn publish(
        &mut self,
        (caused, showing): (&Caused, Showing),
        seq: Option<Seq>,
        now: Instant,
        telemetry: &mut Telemetry,
    ) {
        self.tell(caused, seq, now);
        if seq.is_some() {
            log(&caused.transition);
        }
        if showing == Showing::Again {
            return;
        }
        if let Subject::Alarm { occurrence, .. } = &caused.transition.subject {
            self.told.push((caused.transition.seq, Arc::new((**occurrence).clone())));
        }
        if let Some(timing) = caused.timing {
            let took = now.duration_since(timing.receipt);
            telemetry.record(Stage::Commit, now.duration_since(caused.stepped));
            telemetry.record(Stage::ReadingToAlarm, took);
            telemetry.budget.record(took, now);
        }
    }

    fn tell(&mut self, caused: &Caused, seq: Option<Seq>, now: Instant) {
        let transition = &caused.transition;
        match &transition.subject {
            Subject::Alarm { change, occurrence } => {
                let change = *change;
                let occurrence: Arc<Occurrence> = Arc::new((**occurrence).clone());
                self.show(seq, &occurrence);
                let latency = caused.timing.map(|timing| latency(timing, caused.stepped, now));
                let at = transition.at;
                self.hub.publish(Published::Alarm { seq, at, change, occurrence, latency });
            }
            Subject::Session { .. } if seq.is_some() => {
                let transition = Arc::new(transition.clone());
                self.hub.publish(Published::Session { transition });
            }
            // A session's change without its number says nothing that can't wait.
            Subject::Session { .. } => {}
        }
    }

    fn show(&mut self, seq: Option<Seq>, occurrence: &Arc<Occurrence>) {
        if occurrence.is_shown() {
            let shown = ShownOccurrence { seq, occurrence: occurrence.clone() };
            self.shown.insert(occurrence.id, shown);
        } else {
            self.shown.remove(&occurrence.id);
        }
    }
}

pub(super) fn occurrence(caused: &Caused) -> Option<&Occurrence> {
    match &caused.transition.subject {
        Subject::Alarm { occurrence, .. } => Some(occurrence),
        Subject::Session { .. } => None,
    }
}

fn latency(timing: Timing, stepped: Instant, now: Instant) -> Latency {
    let us = |d: Duration| u64::try_from(d.as_micros()).unwrap_or(u64::MAX);
    Latency {
        committed: now,
        decode_us: us(timing.decoded.duration_since(timing.receipt)),
        step_us: us(stepped.duration_since(timing.decoded)),
        commit_us: us(now.duration_since(stepped)),
    }
}

/// Each transition once, readable and queryable; no patient's name is in it (style 2.6).
fn log(transition: &Transition) {
    match &transition.subject {
        Subject::Alarm { change, occurrence } => tracing::info!(
            bed.id = occurrence.bed.as_ref().map(crate::domain::ids::BedId::as_str),
            alarm.family = occurrence.family.name(),
            alarm.priority = occurrence.priority.name(),
            alarm.signal = occurrence.signal.name(),
            alarm.revision = occurrence.revision,
            seq = transition.seq.0,
            "alarm {change:?}: {}",
            occurrence.text
        ),
        Subject::Session { change, bed, .. } => {
            tracing::info!(bed.id = bed.as_str(), seq = transition.seq.0, "session {change:?}")
        }
    }
}
