//! Faults of the service itself on their way to the ward (alarms 13): each change once, for those
//! who find them look again and again. Two are found here, at each heartbeat: a step of the wall
//! clock, and a broken latency budget.

use std::sync::Arc;
use std::time::Duration;

use super::Engine;
use crate::domain::input::{FaultState, Input, ServiceFault};
use crate::domain::time::Stamp;
use crate::shell::telemetry::Kept;

/// A smaller difference between our two clocks is no step (safety F3).
const STEP: Duration = Duration::from_secs(2);

#[derive(Debug, Default)]
pub(super) struct Faults {
    /// By fault, as last told; `None`: not told since the start.
    told: [Option<FaultState>; ServiceFault::ALL.len()],
    /// Both times of the last look.
    looked: Option<Stamp>,
}

impl Engine {
    /// Tells the ward, where it is news. A step of the clock is news each time.
    pub(super) fn faulted(&mut self, fault: ServiceFault, state: FaultState) {
        let told = &mut self.faults.told[fault as usize];
        if told.as_ref() == Some(&state) && fault != ServiceFault::ClockStepped {
            return;
        }
        match &state {
            FaultState::Present { why } => tracing::warn!(fault = fault.name(), "{why}"),
            FaultState::Over if told.is_none() => {}
            FaultState::Over => tracing::info!(fault = fault.name(), "over"),
        }
        *told = Some(state.clone());
        self.step(Input::Service { fault, state }, self.clock.now(), None);
    }

    pub(super) fn look_for_faults(&mut self) {
        let now = self.clock.now();
        if let Some(why) = self.faults.looked.replace(now).and_then(|last| stepped(last, now)) {
            self.faulted(ServiceFault::ClockStepped, FaultState::Present { why });
        }
        let state = match self.telemetry.budget.kept(self.clock.real()) {
            Kept::Yes => FaultState::Over,
            Kept::No { why } => FaultState::Present { why: why.into() },
        };
        self.faulted(ServiceFault::Latency, state);
    }
}

/// How far the wall clock went another way than the monotonic one, which nothing steps.
fn stepped(last: Stamp, now: Stamp) -> Option<Arc<str>> {
    let went = now.mono.since(last.mono);
    let by_us = now.wall.micros_since(last.wall.plus(went));
    let by = Duration::from_micros(by_us.unsigned_abs());
    let sign = if by_us < 0 { '-' } else { '+' };
    (by > STEP).then(|| format!("our clock stepped by {sign}{:.1} s", by.as_secs_f64()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_of_the_wall_clock_is_told_with_its_size_and_nothing_smaller_is() {
        // safety:F3 row:30 technical:service-clock
        // Method: two looks 2 s apart on the monotonic line; the wall clock in between.
        let last = Stamp::default().plus(Duration::from_secs(1_000_000));
        let now = last.plus(Duration::from_secs(2));
        let by = |seconds: f64| {
            let wall = now.wall.plus(Duration::from_secs(10)).minus(Duration::from_secs(10));
            let change = Duration::from_secs_f64(seconds.abs());
            let wall = if seconds < 0.0 { wall.minus(change) } else { wall.plus(change) };
            stepped(last, Stamp { wall, ..now })
        };
        let table = [
            (0.0, None),
            (2.0, None),
            (-2.0, None),
            (2.1, Some("our clock stepped by +2.1 s")),
            (-2.1, Some("our clock stepped by -2.1 s")),
            (3600.0, Some("our clock stepped by +3600.0 s")),
            (-86_400.0, Some("our clock stepped by -86400.0 s")),
        ];
        for (seconds, expected) in table {
            assert_eq!(by(seconds).as_deref(), expected, "{seconds}");
        }
        // A round that came late by a minute is no step.
        let late = last.plus(Duration::from_secs(60));
        assert_eq!(stepped(last, late), None);
    }
}
