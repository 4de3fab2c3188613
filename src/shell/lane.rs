//! The channel types in which adapters meet: commands to the engine, questions to the journal,
//! views of the ward. Capacities and what happens when a lane is full: the table in `app`.

mod history;
mod readings;
mod sessions;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};

pub use self::history::{
    ActEntry, ActTaken, ActsPage, ActsQuery, AlarmPage, AlarmQuery, ExportFormat, Exported,
    History, HistoryHandle,
};
pub use self::readings::{
    Bucket, Correction, ReadingEntry, ReadingsPage, ReadingsQuery, Trend, TrendQuery,
};
pub use self::sessions::{SessionEntry, SessionsPage, SessionsQuery};
use crate::domain::act::{Act, Answer};
use crate::domain::alarm::occurrence::{Change, Occurrence, Transition};
use crate::domain::ids::Seq;
use crate::domain::input::{FaultState, ServiceFault};
use crate::domain::screens::{
    Lease, ScreenAnswer, ScreenId, ScreenOrder, ScreenRefused, ScreenView,
};
use crate::domain::time::{Stamp, WallTime};
use crate::domain::view::{BedView, SourceView};
use crate::domain::ward::Handover;

/// What a person or another part of the service asks of the engine.
#[derive(Debug)]
pub enum Command {
    /// Answered once the act is durable.
    Act {
        act: Act,
        reply: oneshot::Sender<Acted>,
    },
    /// A person's command about a screen.
    Screen {
        order: ScreenOrder,
        reply: oneshot::Sender<ScreenAnswer>,
    },
    /// A screen's word of itself; `by` is who opened it.
    Lease {
        screen: ScreenId,
        by: Arc<str>,
        lease: Lease,
        reply: oneshot::Sender<Result<(), ScreenRefused>>,
    },
    Screens {
        reply: oneshot::Sender<Vec<ScreenView>>,
    },
    /// A fault of the service began or is over, as some part of it says.
    Fault {
        fault: ServiceFault,
        state: FaultState,
    },
    SelfTested(SelfTested),
    View {
        reply: oneshot::Sender<WardView>,
    },
    Ready {
        reply: oneshot::Sender<Readiness>,
    },
    /// Prometheus text of counters and stage times.
    Metrics {
        reply: oneshot::Sender<String>,
    },
}

/// The ward's answer to an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acted {
    pub answer: Answer,
    /// Of an acknowledgement: of the transition that its occurrence shows. `None`: it is not in the
    /// journal yet, or there is a newer one.
    pub seq: Option<Seq>,
}

/// How a trial of the self-test ended, from intake to push (safety P7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SelfTested {
    Passed,
    Failed { why: Arc<str> },
}

/// The ward as published: occurrences are as of `seq`, all of them committed (or shown because
/// the journal stalls); vitals are of `at`.
#[derive(Clone, Debug)]
pub struct WardView {
    pub seq: Seq,
    pub at: Stamp,
    /// In the configuration's order.
    pub beds: Vec<BedView>,
    /// Present, clearing or latched; bed ones and service-wide ones.
    pub occurrences: Vec<ShownOccurrence>,
    /// Open offers of responsibility, oldest first.
    pub handovers: Vec<Handover>,
    /// In the configuration's order: serial lines, then brokers.
    pub sources: Vec<SourceView>,
    /// Messages for beds or devices that are not declared, since start.
    pub undeclared: u64,
    pub self_check: u64,
}

/// An occurrence as last published, with the seq of that transition (none: not yet logged).
#[derive(Clone, Debug)]
pub struct ShownOccurrence {
    pub seq: Option<Seq>,
    pub occurrence: Arc<Occurrence>,
}

/// Answer of `/readyz`.
#[derive(Clone, Debug)]
pub struct Readiness {
    /// Since the engine's last self-check.
    pub self_check_age: Duration,
    /// When the self-test last passed.
    pub self_test: Option<WallTime>,
    /// Reasons why the service is not ready; empty: it is.
    pub not_ready: Vec<String>,
}

/// What the hub hands to each stream.
#[derive(Clone, Debug)]
pub enum Published {
    Alarm {
        /// `None`: shown before its commit; comes again with it.
        seq: Option<Seq>,
        at: Stamp,
        change: Change,
        occurrence: Arc<Occurrence>,
        /// Added on publishing, never journaled.
        latency: Option<Latency>,
    },
    Session {
        transition: Arc<Transition>,
    },
    Vitals {
        bed: Arc<BedView>,
    },
    Heartbeat {
        at: Stamp,
        self_check: u64,
        /// When the self-test last passed.
        self_test: Option<WallTime>,
        /// Visible screens.
        watching: u32,
        sources: Arc<Vec<SourceView>>,
        undeclared: u64,
    },
    /// A trial's alarm has come all the way; no stream sends it on.
    SelfTest {
        number: u64,
        outcome: Result<Arc<Occurrence>, &'static str>,
    },
}

/// The stages of the reading that caused a transition (contract 6 `latency_us`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Latency {
    pub decode_us: u64,
    pub step_us: u64,
    pub commit_us: u64,
    /// When the engine knew of the commit: what has passed since is whoever makes the frame's.
    pub committed: Instant,
}

/// The way to the engine; a full lane is `Busy` (503).
#[derive(Clone, Debug)]
pub struct EngineHandle(mpsc::Sender<Command>);

/// The other side does not take requests now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the service is too busy or shutting down")]
pub struct Busy;

impl EngineHandle {
    #[must_use]
    pub const fn new(lane: mpsc::Sender<Command>) -> Self {
        Self(lane)
    }

    /// # Errors
    /// `Busy` when the lane is full or the engine has ended.
    pub async fn act(&self, act: Act) -> Result<Acted, Busy> {
        self.ask(|reply| Command::Act { act, reply }).await
    }

    /// # Errors
    /// `Busy` when the lane is full or the engine has ended.
    pub async fn view(&self) -> Result<WardView, Busy> {
        self.ask(|reply| Command::View { reply }).await
    }

    /// # Errors
    /// `Busy` when the lane is full or the engine has ended.
    pub async fn ready(&self) -> Result<Readiness, Busy> {
        self.ask(|reply| Command::Ready { reply }).await
    }

    /// # Errors
    /// `Busy` when the lane is full or the engine has ended.
    pub async fn metrics(&self) -> Result<String, Busy> {
        self.ask(|reply| Command::Metrics { reply }).await
    }

    /// # Errors
    /// `Busy` when the lane is full or the engine has ended.
    pub async fn screen(&self, order: ScreenOrder) -> Result<ScreenAnswer, Busy> {
        self.ask(|reply| Command::Screen { order, reply }).await
    }

    /// # Errors
    /// `Busy` when the lane is full or the engine has ended.
    pub async fn lease(
        &self,
        screen: ScreenId,
        by: Arc<str>,
        lease: Lease,
    ) -> Result<Result<(), ScreenRefused>, Busy> {
        self.ask(|reply| Command::Lease { screen, by, lease, reply }).await
    }

    /// # Errors
    /// `Busy` when the lane is full or the engine has ended.
    pub async fn screens(&self) -> Result<Vec<ScreenView>, Busy> {
        self.ask(|reply| Command::Screens { reply }).await
    }

    /// Waits for room: a fault is not to be lost.
    ///
    /// # Errors
    /// `Busy` when the engine has ended.
    pub async fn fault(&self, fault: ServiceFault, state: FaultState) -> Result<(), Busy> {
        self.0.send(Command::Fault { fault, state }).await.map_err(|_| Busy)
    }

    /// Waits for room.
    ///
    /// # Errors
    /// `Busy` when the engine has ended.
    pub async fn self_tested(&self, outcome: SelfTested) -> Result<(), Busy> {
        self.0.send(Command::SelfTested(outcome)).await.map_err(|_| Busy)
    }

    async fn ask<T>(&self, command: impl FnOnce(oneshot::Sender<T>) -> Command) -> Result<T, Busy> {
        let (reply, answer) = oneshot::channel();
        self.0.try_send(command(reply)).map_err(|_| Busy)?;
        answer.await.map_err(|_| Busy)
    }
}
