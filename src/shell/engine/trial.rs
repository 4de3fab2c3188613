//! The engine's part of the self-test (safety P7): a trial's message comes through the intake like
//! any other, is judged by a ward of its own, rides through the journal in a commit of its own and
//! goes to the hub, where no stream passes it on. Nothing of it enters the site's ward but the mark
//! that it went by.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Engine;
use super::guard::{self, Stepped};
use crate::domain::alarm::occurrence::Occurrence;
use crate::domain::input::{FaultState, Input, ServiceFault};
use crate::domain::self_test;
use crate::domain::time::{Stamp, WallTime};
use crate::shell::lane::{Published, SelfTested};

/// Longest time since the last success before the service is not ready: two trials have failed.
const STALE: Duration = Duration::from_secs(150);

#[derive(Debug)]
pub(super) struct Trials {
    /// Judged, and waits for its commit. A newer one takes its place.
    waiting: Option<Waiting>,
    /// The last success, or the start before the first.
    since: Instant,
    passed: Option<WallTime>,
}

#[derive(Debug)]
struct Waiting {
    ticket: u64,
    number: u64,
    outcome: Result<Arc<Occurrence>, &'static str>,
}

impl Trials {
    pub(super) const fn new(begun: Instant) -> Self {
        Self { waiting: None, since: begun, passed: None }
    }

    /// When the self-test last passed.
    pub(super) const fn passed(&self) -> Option<WallTime> {
        self.passed
    }

    pub(super) fn age(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.since)
    }

    /// Why the service is not ready, as far as the self-test knows.
    pub(super) fn not_ready(&self, now: Instant) -> Option<String> {
        let age = self.age(now);
        (age > STALE).then(|| format!("self-test: none has passed for {} s", age.as_secs()))
    }
}

impl Engine {
    pub(super) fn try_itself(&mut self, number: u64, received: Stamp) {
        let (mut ward, message) = self_test::trial(received);
        let mut told = Vec::new();
        let outcome = match guard::step(&mut ward, &message, received, &mut told) {
            Stepped::Done(_) => self_test::judged(&told).map(|it| Arc::new(it.clone())),
            Stepped::Failed(_) => Err("the step failed"),
        };
        self.step(Input::SelfTest { number }, received, None);
        self.flush();
        self.trials.waiting = Some(Waiting { ticket: self.ticket, number, outcome });
    }

    /// Everything up to `ticket` is durable: a trial among it is pushed.
    pub(super) fn trial_committed(&mut self, ticket: u64) {
        let Some(done) = self.trials.waiting.take_if(|it| it.ticket <= ticket) else { return };
        let Waiting { number, outcome, .. } = done;
        self.board.hub.publish(Published::SelfTest { number, outcome });
    }

    pub(super) fn self_tested(&mut self, outcome: SelfTested) {
        let state = match outcome {
            SelfTested::Passed => {
                self.trials.since = self.clock.real();
                self.trials.passed = Some(self.clock.now().wall);
                FaultState::Over
            }
            SelfTested::Failed { why } => FaultState::Present { why },
        };
        self.faulted(ServiceFault::SelfTest, state);
    }
}
