//! The one task that owns all beds: takes inputs and commands, steps the ward, has the journal
//! commit what came of it, publishes it, and gives the broker its acknowledgements.
//!
//! Order of a round, most urgent first: what the journal has committed; commands of people; what
//! time alone brings, alarms that wait too long for their commit among it; heartbeats, pictures of
//! changed beds and checkpoints; then inputs, at most `ROUND` of them. No round waits for a
//! dashboard.

mod guard;
mod publish;
mod restore;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::time::{Interval, MissedTickBehavior};

use self::guard::Stepped;
use self::publish::{AckReply, Board, Caused, Pending, STALLED_AFTER};
pub use self::restore::{Unrestorable, restore};
use super::clock::Clock;
use super::hub::Hub;
use super::journal::{Batch, Full, Journal, JournaledInput, Notice};
use super::lane::{AckAnswer, AckRefusal, Command, Published, Readiness, WardView};
use super::telemetry::{Figure, Stage, Telemetry};
use super::{Ack, Intake, Timing};
use crate::domain::alarm::occurrence::{Subject, Transition};
use crate::domain::input::{Input, JournalHealth};
use crate::domain::reading::Origin;
use crate::domain::time::Stamp;
use crate::domain::view::LinkState;
use crate::domain::ward::{AckRefused, Reply, Ward};

/// Inputs taken in one round.
const ROUND: usize = 256;
/// Heartbeat of the dashboards (contract 7); transport time, never scaled.
const HEARTBEAT: Duration = Duration::from_secs(2);
/// Changed beds are shown at most so often (contract 7: 4 a second).
const PICTURE: Duration = Duration::from_millis(250);
/// Checkpoint of the ward's state (safety P9).
const CHECKPOINT: Duration = Duration::from_secs(300);
/// Routine inputs are handed to the journal at the latest after so long; it groups them further.
const ROUTINE_KEPT: usize = 200;
/// How long the last commits may take at the end.
const DRAIN: Duration = Duration::from_secs(3);

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
    acks: Vec<Option<mpsc::Sender<Ack>>>,
    source_names: Vec<Arc<str>>,
    /// `Simulated`: every reading is marked, whatever its device says of itself.
    origin: Origin,
    /// What the next batch holds so far.
    inputs: Vec<JournaledInput>,
    caused: Vec<Caused>,
    batch_acks: Vec<Ack>,
    replies: Vec<AckReply>,
    /// A batch that the journal's full lane gave back.
    unsent: Option<Batch>,
    ticket: u64,
    out: Vec<Transition>,
    journal_failing: bool,
    self_checked: Instant,
}

/// Why a round ended the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Round {
    Goes,
    IntakeClosed,
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
        let board = Board { hub, ..Board::default() };
        Self {
            ward,
            clock,
            journal,
            board,
            telemetry: Telemetry::default(),
            acks: Vec::new(),
            source_names: names,
            origin,
            inputs: Vec::new(),
            caused: Vec::new(),
            batch_acks: Vec::new(),
            replies: Vec::new(),
            unsent: None,
            ticket: 0,
            out: Vec::new(),
            journal_failing: false,
            self_checked,
        }
    }

    /// Runs until every source has closed the intake, then drains and checkpoints.
    pub async fn run(mut self, lanes: Lanes) {
        let Lanes { mut intake, mut commands, mut notices, acks } = lanes;
        self.acks = acks;
        let mut heartbeat = every(HEARTBEAT);
        let mut picture = every(PICTURE);
        let mut checkpoint = every(CHECKPOINT);
        let mut round = Vec::with_capacity(ROUND);
        loop {
            let due = self.next_due();
            let goes = tokio::select! {
                biased;
                Some(notice) = notices.recv() => self.noticed(notice),
                Some(command) = commands.recv() => self.command(command),
                // Timers before inputs: they are rarely due, and a flood must not starve them.
                () = tokio::time::sleep(due) => self.time_passed(),
                _ = heartbeat.tick() => self.heartbeat(),
                _ = picture.tick() => self.picture(),
                _ = checkpoint.tick() => self.checkpoint(),
                count = intake.recv_many(&mut round, ROUND) => self.take(&mut round, count),
            };
            self.flush_caused();
            if goes == Round::IntakeClosed {
                break;
            }
        }
        self.drain(&mut notices).await;
    }

    /// Takes an input outside the lanes: the restart itself, and the demo's past.
    pub fn feed(&mut self, input: Input, at: Stamp) {
        self.step(input, at, None);
        self.flush_caused();
    }

    fn take(&mut self, round: &mut Vec<Intake>, count: usize) -> Round {
        if count == 0 {
            return Round::IntakeClosed;
        }
        for intake in round.drain(..) {
            let Intake { received, input, ack, timing } = intake;
            self.telemetry.record(Stage::Decode, timing.decoded.duration_since(timing.receipt));
            let before = self.caused.len();
            self.step(input, received, Some(timing));
            let Some(ack) = ack else { continue };
            if self.caused.len() > before {
                self.batch_acks.push(ack);
            } else {
                self.acknowledge_to_broker(ack); // no transition: after its step
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
        let first_reading = self.ward.next_reading();
        let stepped = guard::step(&mut self.ward, &input, now, &mut self.out);
        let at = self.clock.real();
        if let Some(timing) = timing {
            self.telemetry.record(Stage::Step, at.duration_since(timing.decoded));
        }
        let tells = !self.out.is_empty() || !matches!(input, Input::Tick);
        if tells {
            self.inputs.push(JournaledInput { now, first_reading, input });
        }
        for transition in self.out.drain(..) {
            if let Subject::Alarm { occurrence, .. } = &transition.subject {
                self.telemetry.transition(occurrence.family.kind(), occurrence.priority);
            }
            self.caused.push(Caused { transition, timing, stepped: at });
        }
        match stepped {
            Stepped::Done(reply) => reply,
            Stepped::Failed { bed, why } => {
                self.telemetry.quarantines += 1;
                self.step(Input::Quarantined { bed, why }, now, timing)
            }
        }
    }

    fn command(&mut self, command: Command) -> Round {
        let now = self.clock.now();
        match command {
            Command::Acknowledge { act, reply } => {
                let answer = self.step(Input::Acknowledge(act), now, None);
                let answer = match answer {
                    Reply::Acknowledged(answer) => ack_answer(answer),
                    Reply::None => Err(AckRefusal::Unknown),
                };
                // Answered once the act is durable, refused or not.
                self.replies.push((reply, answer));
            }
            Command::Feed { input, at } => {
                self.step(input, at, None);
            }
            Command::View { reply } => {
                let _asker_left = reply.send(self.view());
            }
            Command::Ready { reply } => {
                let _asker_left = reply.send(self.readiness());
            }
            Command::Metrics { reply } => {
                let _asker_left = reply.send(self.metrics());
            }
        }
        Round::Goes
    }

    fn noticed(&mut self, notice: Notice) -> Round {
        match notice {
            Notice::Committed { through, .. } => {
                let now = self.clock.real();
                for ack in self.board.committed(through, now, &mut self.telemetry) {
                    self.acknowledge_to_broker(ack);
                }
                if self.journal_failing && self.board.waited(now) < STALLED_AFTER {
                    self.journal_is(JournalHealth::Committing);
                }
            }
            Notice::Failed { why } => self.journal_is(JournalHealth::Failing { why }),
            Notice::Healed => {}
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
        if !self.journal_failing && self.board.waited(real) >= STALLED_AFTER {
            self.journal_is(JournalHealth::Failing { why: "commits take too long".into() });
        }
        Round::Goes
    }

    /// A failing journal is told in both directions; the alarm itself goes the same way as others.
    fn journal_is(&mut self, health: JournalHealth) {
        self.journal_failing = matches!(health, JournalHealth::Failing { .. });
        self.step(Input::Journal(health), self.clock.now(), None);
    }

    /// Hands to the journal what this round caused, at once; routine inputs wait for company.
    fn flush_caused(&mut self) {
        if let Some(batch) = self.unsent.take() {
            self.append(batch);
        }
        let urgent = !self.caused.is_empty() || !self.replies.is_empty();
        if (urgent || self.inputs.len() >= ROUTINE_KEPT) && self.unsent.is_none() {
            self.flush();
        }
    }

    fn flush(&mut self) {
        if self.inputs.is_empty() || self.unsent.is_some() {
            return;
        }
        self.ticket += 1;
        let transitions = self.caused.iter().map(|caused| caused.transition.clone()).collect();
        let batch =
            Batch { ticket: self.ticket, inputs: std::mem::take(&mut self.inputs), transitions };
        if !self.caused.is_empty() || !self.replies.is_empty() {
            self.board.waiting.push_back(Pending {
                ticket: self.ticket,
                appended: self.clock.real(),
                transitions: std::mem::take(&mut self.caused),
                acks: std::mem::take(&mut self.batch_acks),
                replies: std::mem::take(&mut self.replies),
                shown: false,
            });
        }
        self.append(batch);
    }

    fn append(&mut self, batch: Batch) {
        if let Err(Full(batch)) = self.journal.append(batch) {
            self.unsent = Some(batch);
        }
    }

    /// A source that has ended needs none; a full lane means redelivery, which counts once.
    fn acknowledge_to_broker(&self, ack: Ack) {
        if let Some(Some(lane)) = self.acks.get(ack.source.0 as usize) {
            let _redelivered = lane.try_send(ack);
        }
    }

    fn picture(&mut self) -> Round {
        self.telemetry.self_checks += 1;
        self.self_checked = self.clock.real();
        self.flush();
        let touched = self.ward.take_touched();
        if self.board.hub.listeners() > 0 {
            let now = self.clock.now();
            for bed in touched {
                let bed = Arc::new(self.ward.beds()[bed.0 as usize].view(now));
                self.board.hub.publish(Published::Vitals { bed });
            }
        }
        Round::Goes
    }

    fn heartbeat(&mut self) -> Round {
        self.board.hub.publish(Published::Heartbeat {
            at: self.clock.now(),
            self_check: self.telemetry.self_checks,
            sources: Arc::new(self.ward.source_views().collect()),
            undeclared: self.ward.undeclared(),
        });
        Round::Goes
    }

    fn checkpoint(&mut self) -> Round {
        self.flush();
        if self.unsent.is_none() {
            self.journal.checkpoint(self.ward.save(), self.ward.now());
        }
        Round::Goes
    }

    /// Vitals of this instant, occurrences as published.
    fn view(&self) -> WardView {
        let at = self.clock.now();
        WardView {
            seq: self.board.seq,
            at,
            beds: self.ward.beds().iter().map(|bed| bed.view(at)).collect(),
            occurrences: self.board.shown.values().cloned().collect(),
            sources: self.ward.source_views().collect(),
            undeclared: self.ward.undeclared(),
            self_check: self.telemetry.self_checks,
        }
    }

    fn readiness(&self) -> Readiness {
        let mut not_ready = Vec::new();
        if self.journal_failing {
            not_ready.push("journal: commits fail or take too long".to_owned());
        }
        for (source, name) in self.ward.source_views().zip(&self.source_names) {
            if source.state != LinkState::Online {
                let why = source.why.map_or_else(String::new, |why| format!(" ({why})"));
                not_ready.push(format!("source {name}: {}{why}", source.state.name()));
            }
        }
        Readiness { self_check_age: self.clock.real().duration_since(self.self_checked), not_ready }
    }

    fn metrics(&self) -> String {
        let views: Vec<_> = self.ward.source_views().collect();
        let rejects = self.source_names.iter().zip(&views);
        let rejects: Vec<_> = rejects.map(|(name, view)| (&**name, view.rejects)).collect();
        let counts = self.ward.counts();
        let figures = [
            ("dosevigil_readings_total", "Values of metrics taken in", counts.readings),
            ("dosevigil_repeated_total", "Messages or determinations seen before", counts.repeated),
            ("dosevigil_older_total", "Messages older than the newest", counts.older),
            ("dosevigil_unknown_keys_total", "Keys and signals not known", counts.unknown_keys),
            ("dosevigil_undeclared_total", "Messages for no declared bed", self.ward.undeclared()),
            (
                "dosevigil_queue_depth",
                "Batches that wait for a commit",
                self.board.waiting.len() as u64,
            ),
            (
                "dosevigil_occurrences",
                "Present, clearing or latched",
                self.board.shown.len() as u64,
            ),
        ];
        let figures = figures.map(|(name, help, value)| Figure { name, help, value });
        self.telemetry.text(&rejects, &figures)
    }

    /// Real time until something is due by itself.
    fn next_due(&self) -> Duration {
        let clinical = self.ward.next_deadline().map(|due| self.clock.real_until(due));
        let now = self.clock.real();
        let stalled = self.board.stall_deadline();
        let stalled = stalled.filter(|due| *due > now).map(|due| due.duration_since(now));
        clinical.into_iter().chain(stalled).min().unwrap_or(PICTURE)
    }

    /// Intake is closed: everything that is known becomes durable and is published.
    async fn drain(&mut self, notices: &mut mpsc::Receiver<Notice>) {
        self.flush();
        let all = async {
            while self.unsent.is_some() || !self.board.waiting.is_empty() {
                let Some(notice) = notices.recv().await else { break };
                self.noticed(notice);
                self.flush_caused();
            }
        };
        if tokio::time::timeout(DRAIN, all).await.is_err() {
            tracing::error!("the journal did not take the last transitions in time");
        }
        self.checkpoint();
    }
}

fn every(period: Duration) -> Interval {
    let mut interval = tokio::time::interval(period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}

fn ack_answer(
    answer: Result<Box<crate::domain::alarm::occurrence::Occurrence>, AckRefused>,
) -> Result<AckAnswer, AckRefusal> {
    match answer {
        Ok(occurrence) => {
            let first = occurrence.acknowledged.clone();
            let first = first.ok_or(AckRefusal::Unknown)?;
            Ok(AckAnswer { occurrence: *occurrence, first })
        }
        Err(AckRefused::Stale { current }) => Err(AckRefusal::Stale { current }),
        Err(AckRefused::Ended) => Err(AckRefusal::Ended),
        Err(AckRefused::Unknown) => Err(AckRefusal::Unknown),
        Err(AckRefused::CommandReused) => Err(AckRefusal::CommandReused),
    }
}
