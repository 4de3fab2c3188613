//! The one task that owns all beds: takes inputs and commands, steps the ward, has the journal
//! commit what came of it, publishes it, and gives the broker its acknowledgements.
//!
//! Beside the ward it owns the screens: their leases, and which alarms nobody has shown.
//!
//! Order of a round, most urgent first: what the journal has committed; commands of people; what
//! time alone brings, alarms that wait too long for their commit among it; heartbeats, pictures of
//! changed beds and checkpoints; then inputs, at most `ROUND` of them. No round waits for a
//! dashboard.

mod acks;
mod command;
mod faults;
mod guard;
mod hand_over;
mod publish;
mod report;
mod restore;
#[cfg(test)]
mod tests;
mod trial;
mod watchers;

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::time::{Interval, MissedTickBehavior};

use self::acks::Acks;
use self::faults::Faults;
use self::guard::{Failed, Stepped};
use self::hand_over::Unsent;
use self::publish::{AckReply, Board, Caused, STALLED_AFTER};
pub use self::restore::{Restored, Unrestorable, fold, restore};
use self::trial::Trials;
use self::watchers::Watchers;
use super::clock::Clock;
use super::hub::Hub;
use super::journal::{Journal, JournaledInput, Notice};
use super::lane::Command;
use super::telemetry::{Stage, Telemetry};
use super::{Ack, Intake, Timing};
use crate::domain::alarm::occurrence::{Subject, Transition};
use crate::domain::ids::{BedIndex, Seq};
use crate::domain::input::{Input, JournalHealth};
use crate::domain::reading::Origin;
use crate::domain::time::Stamp;
use crate::domain::ward::{Reply, Ward};

/// Inputs taken in one round.
const ROUND: usize = 256;
/// Heartbeat of the dashboards (contract 7); transport time, never scaled.
const HEARTBEAT: Duration = Duration::from_secs(2);
/// Changed beds are shown at most so often (contract 7: 4 a second).
const PICTURE: Duration = Duration::from_millis(250);
/// Between two parts of the pictures that are due together.
const PICTURE_PART: Duration = Duration::from_millis(50);
/// Checkpoint of the ward's state (safety P9).
const CHECKPOINT: Duration = Duration::from_secs(300);
/// Commands taken in a row before waiting inputs have their turn: screens that ask all the time
/// must not hold up readings.
const COMMANDS_IN_ROW: u32 = 8;

/// The ways in and out of the engine; capacities are `app`'s table.
pub struct Lanes {
    pub intake: mpsc::Receiver<Intake>,
    pub commands: mpsc::Receiver<Command>,
    pub notices: mpsc::Receiver<Notice>,
    /// By `SourceIndex`; `None` for serial lines.
    pub acks: Vec<Option<mpsc::Sender<Ack>>>,
}

pub struct Engine {
    ward: Ward,
    clock: Arc<Clock>,
    journal: Journal,
    board: Board,
    telemetry: Telemetry,
    acks: Acks,
    source_names: Vec<Arc<str>>,
    /// `Simulated`: every reading is marked, whatever its device says of itself.
    origin: Origin,
    /// What the next batch holds so far.
    inputs: Vec<JournaledInput>,
    caused: Vec<Caused>,
    batch_acks: Vec<Ack>,
    replies: Vec<AckReply>,
    unsent: Unsent,
    /// Changed beds whose picture is due, in their order.
    unpictured: VecDeque<BedIndex>,
    ticket: u64,
    out: Vec<Transition>,
    watchers: Watchers,
    trials: Trials,
    faults: Faults,
    journal_failing: bool,
    self_checked: Instant,
}

/// Why a round ended the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Round {
    Goes,
    IntakeClosed,
    /// The journal's writer has died: nothing would be durable any more.
    JournalGone,
}

impl Engine {
    #[must_use]
    pub fn new(
        ward: Ward,
        clock: Arc<Clock>,
        journal: Journal,
        hub: Hub,
        names: Vec<Arc<str>>,
        origin: Origin,
    ) -> Self {
        let self_checked = clock.real();
        let seq = Seq(ward.next_seq().0 - 1);
        let board = Board { hub, seq, ..Board::default() };
        let beds = ward.beds().iter().map(|bed| bed.plan.id.clone());
        let watchers = Watchers::new(beds, self_checked);
        Self {
            ward,
            clock,
            journal,
            board,
            telemetry: Telemetry::default(),
            acks: Acks::default(),
            source_names: names,
            origin,
            inputs: Vec::new(),
            caused: Vec::new(),
            batch_acks: Vec::new(),
            replies: Vec::new(),
            unsent: Unsent::default(),
            unpictured: VecDeque::new(),
            ticket: 0,
            out: Vec::new(),
            watchers,
            trials: Trials::new(self_checked),
            faults: Faults::default(),
            journal_failing: false,
            self_checked,
        }
    }

    /// Runs until every source has closed the intake, then drains and checkpoints. Returns before
    /// that only when the journal's writer has died; the process must end then.
    pub async fn run(mut self, lanes: Lanes) {
        let Lanes { mut intake, mut commands, mut notices, acks } = lanes;
        self.acks = Acks::new(acks);
        let mut heartbeat = every(HEARTBEAT);
        let mut picture = every(PICTURE);
        let mut part = every(PICTURE_PART);
        let mut checkpoint = every(CHECKPOINT);
        let mut round = Vec::with_capacity(ROUND);
        let mut in_row = 0;
        self.open_board(&mut notices).await;
        loop {
            // A timer made anew in each round is never due while inputs keep coming.
            if self.next_due().is_zero() {
                self.time_passed();
                self.attend();
                self.flush_caused();
            }
            let due = self.next_due();
            let goes = tokio::select! {
                biased;
                notice = notices.recv() => match notice {
                    Some(notice) => self.noticed(notice),
                    None => Round::JournalGone,
                },
                Some(command) = commands.recv(), if in_row < COMMANDS_IN_ROW => {
                    in_row += 1;
                    self.command(command)
                }
                // Timers before inputs: they are rarely due, and a flood must not starve them.
                () = tokio::time::sleep(due) => self.time_passed(),
                _ = heartbeat.tick() => self.heartbeat(),
                _ = picture.tick() => self.picture(),
                _ = part.tick(), if !self.unpictured.is_empty() => self.picture_some(),
                _ = checkpoint.tick() => self.checkpoint(),
                count = intake.recv_many(&mut round, ROUND) => {
                    in_row = 0;
                    self.take(&mut round, count)
                }
                // No inputs wait: commands may go on.
                () = std::future::ready(()), if in_row >= COMMANDS_IN_ROW => {
                    in_row = 0;
                    Round::Goes
                }
            };
            self.attend();
            self.flush_caused();
            match goes {
                Round::Goes => {}
                Round::IntakeClosed => break,
                Round::JournalGone => {
                    tracing::error!("the journal's writer has died; the engine ends");
                    return;
                }
            }
        }
        self.drain(&mut notices).await;
    }

    /// Takes an input outside the lanes: the restart itself, and the demo's past.
    pub fn feed(&mut self, input: Input, at: Stamp) -> Reply {
        let reply = self.step(input, at, None);
        self.flush_caused();
        reply
    }

    fn take(&mut self, round: &mut Vec<Intake>, count: usize) -> Round {
        if count == 0 {
            return Round::IntakeClosed;
        }
        for intake in round.drain(..) {
            let Intake { received, input, ack, timing } = intake;
            self.telemetry.record(Stage::Decode, timing.decoded.duration_since(timing.receipt));
            if let Input::SelfTest { number } = input {
                self.try_itself(number, received);
                continue;
            }
            if let Input::Message { source, message, .. } = &input {
                self.telemetry.values(*source, &message.readings);
            }
            let before = self.caused.len();
            self.step(input, received, Some(timing));
            let Some(ack) = ack else { continue };
            if self.caused.len() > before {
                self.batch_acks.push(ack);
            } else {
                self.acks.give(ack); // no transition: after its step
            }
        }
        Round::Goes
    }

    fn step(&mut self, mut input: Input, received: Stamp, timing: Option<Timing>) -> Reply {
        if let (Origin::Simulated, Input::Message { message, .. }) = (self.origin, &mut input) {
            message.readings.iter_mut().for_each(|reading| reading.origin = Origin::Simulated);
        }
        let lived = self.ward.now();
        let now = if received.mono < lived.mono { lived } else { received };
        let restarts = matches!(input, Input::Restarted { .. });
        if !restarts && self.ward.next_deadline().is_some_and(|due| due <= now.mono) {
            // By itself, so that a bed that fails at its deadline does not cost this input.
            self.step_guarded(Input::Tick, now, timing);
        }
        self.step_guarded(input, now, timing)
    }

    /// Steps, and puts out of service each bed that failed, at most once: one that fails again in
    /// the same moment would do so for ever.
    fn step_guarded(&mut self, input: Input, now: Stamp, timing: Option<Timing>) -> Reply {
        let mut quarantined = BTreeSet::new();
        let mut failed = match self.step_once(input, now, timing) {
            Stepped::Done(reply) => return reply,
            Stepped::Failed(failed) => VecDeque::from(failed),
        };
        while let Some(Failed { bed, why }) = failed.pop_front() {
            assert!(quarantined.insert(bed.0), "a bed failed again after its quarantine: {why}");
            self.telemetry.quarantines += 1;
            match self.step_once(Input::Quarantined { bed, why }, now, timing) {
                Stepped::Done(_) => {}
                Stepped::Failed(more) => failed.extend(more),
            }
        }
        Reply::None
    }

    fn step_once(&mut self, input: Input, now: Stamp, timing: Option<Timing>) -> Stepped {
        let first_reading = self.ward.next_reading();
        let stepped = guard::step(&mut self.ward, &input, now, &mut self.out);
        let at = self.clock.real();
        if let Some(timing) = timing {
            self.telemetry.record(Stage::Step, at.duration_since(timing.decoded));
        }
        let failed = matches!(stepped, Stepped::Failed(_));
        if failed || !self.out.is_empty() || !matches!(input, Input::Tick) {
            self.inputs.push(JournaledInput { now, first_reading, input });
        }
        for transition in self.out.drain(..) {
            if let Subject::Alarm { occurrence, .. } = &transition.subject {
                self.telemetry.transition(occurrence.family.kind(), occurrence.priority);
            }
            self.caused.push(Caused { transition, timing, stepped: at });
        }
        stepped
    }

    fn noticed(&mut self, notice: Notice) -> Round {
        match notice {
            Notice::Committed { through, .. } => {
                let now = self.clock.real();
                for ack in self.board.committed(through, &self.clock, &mut self.telemetry) {
                    self.acks.give(ack);
                }
                self.trial_committed(through);
                if self.journal_failing && self.board.waited(now) < STALLED_AFTER {
                    self.journal_is(JournalHealth::Committing);
                }
            }
            Notice::Failed { why } => self.journal_is(JournalHealth::Failing { why }),
            // Routine inputs may have been dropped meanwhile: a fold would miss them.
            Notice::Healed => return self.checkpoint(),
        }
        Round::Goes
    }

    fn time_passed(&mut self) -> Round {
        let now = self.clock.now();
        if self.ward.next_deadline().is_some_and(|due| due <= now.mono) {
            self.step(Input::Tick, now, None);
        }
        let real = self.clock.real();
        self.board.show_stalled(real, &mut self.telemetry);
        self.release_acks();
        if !self.journal_failing && self.board.waited(real) >= STALLED_AFTER {
            self.journal_is(JournalHealth::Failing { why: "commits take too long".into() });
        }
        Round::Goes
    }

    /// A failing journal is told in both directions; the alarm itself goes the same way as others.
    fn journal_is(&mut self, health: JournalHealth) {
        self.journal_failing = matches!(health, JournalHealth::Failing { .. });
        self.step(Input::Journal(health), self.clock.now(), None);
        self.release_acks();
    }

    /// A broker whose acknowledgements stay away falls silent for all its beds once its window is
    /// full. What is shown holds in memory, and its commit is tried again.
    fn release_acks(&mut self) {
        if self.journal_failing {
            for ack in self.board.take_shown_acks() {
                self.acks.give(ack);
            }
        }
    }

    /// Real time until something is due by itself.
    fn next_due(&self) -> Duration {
        let clinical = self.ward.next_deadline().map(|due| self.clock.real_until(due));
        let now = self.clock.real();
        let shown = self.board.show_deadline();
        let stalled = self.board.stall_deadline().filter(|_| !self.journal_failing);
        let board = shown.into_iter().chain(stalled).map(|due| due.saturating_duration_since(now));
        let watchers = self.watchers.until_due(now);
        clinical.into_iter().chain(board).chain(watchers).min().unwrap_or(PICTURE)
    }
}

fn every(period: Duration) -> Interval {
    let mut interval = tokio::time::interval(period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}
