//! The only reader of a clock. Everything else is handed a `Stamp`.
//!
//! Clinical time may run faster than real time (demo, scenarios; contract 1 Speed) and goes on over
//! a restart from the last journaled stamp. Transport time (leases, heartbeats, network) is real:
//! `real()`. Wall steps of the host move `Stamp::wall` only, never `Stamp::mono` (safety F3).

use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime};

use crate::domain::time::{MonoTime, Stamp, WallTime};

/// Longest time down that a restart adds to the monotonic line (row 28: clamped to 0..24 h).
const DOWN_TIME_MAX: Duration = Duration::from_secs(24 * 3600);
/// Where the monotonic line begins without a journal: what a monitor measured before the first
/// start needs its own place on the line, or the next determination would pass for the same.
const FIRST: MonoTime = MonoTime::from_micros(24 * 3600 * 1_000_000);

/// How fast clinical time runs: 1 to 120.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speed(u32);

#[derive(Debug)]
pub struct Clock {
    speed: Speed,
    state: Mutex<State>,
}

#[derive(Clone, Copy, Debug)]
enum State {
    /// Before the simulated past has been played: time stands still.
    Held(Stamp),
    Running {
        since: Instant,
        mono: MonoTime,
        wall: Wall,
    },
}

#[derive(Clone, Copy, Debug)]
enum Wall {
    /// The host's wall clock, steps and all.
    Host,
    /// Scaled with the monotonic line, from this instant on.
    Scaled(WallTime),
}

impl Speed {
    pub const REAL: Self = Self(1);

    /// # Errors
    /// When outside 1..=120.
    pub fn try_new(factor: u32) -> Result<Self, String> {
        match factor {
            1..=120 => Ok(Self(factor)),
            _ => Err(format!("speed must be 1 to 120, not {factor}")),
        }
    }

    #[must_use]
    pub const fn factor(self) -> u32 {
        self.0
    }

    /// How long a span of clinical time takes in real time.
    #[must_use]
    pub fn real(self, clinical: Duration) -> Duration {
        clinical / self.0
    }
}

impl Clock {
    /// A running clock; `last` is the newest journaled stamp, if there is a journal.
    #[must_use]
    pub fn start(speed: Speed, last: Option<Stamp>) -> Self {
        let wall = host_wall();
        let mono = match last {
            None => FIRST,
            Some(last) => {
                let down = wall.micros_since(last.wall).clamp(0, i64::MAX);
                let down = Duration::from_micros(down.unsigned_abs()).min(DOWN_TIME_MAX);
                last.mono.plus(down)
            }
        };
        let wall = if speed == Speed::REAL { Wall::Host } else { Wall::Scaled(wall) };
        Self { speed, state: Mutex::new(State::Running { since: real_now(), mono, wall }) }
    }

    /// A clock that stands at `age` before now until `release`: the demo plays its past meanwhile.
    /// `last` is the newest journaled stamp, if there is a journal.
    #[must_use]
    pub fn held(speed: Speed, age: Duration, last: Option<Stamp>) -> Self {
        let wall = host_wall().minus(age);
        let at = Stamp { mono: last.map_or(FIRST, |last| last.mono), wall };
        Self { speed, state: Mutex::new(State::Held(at)) }
    }

    /// Lets a held clock run from `at` on; a running one is left alone.
    pub fn release(&self, at: Stamp) {
        let mut state = self.state.lock().expect("no holder of this lock panics");
        if matches!(*state, State::Held(_)) {
            let (since, mono) = (real_now(), at.mono);
            *state = State::Running { since, mono, wall: Wall::Scaled(at.wall) };
        }
    }

    /// Clinical time, both lines read together.
    #[must_use]
    pub fn now(&self) -> Stamp {
        let state = *self.state.lock().expect("no holder of this lock panics");
        match state {
            State::Held(stamp) => stamp,
            State::Running { since, mono, wall } => {
                let elapsed = real_now().saturating_duration_since(since) * self.speed.0;
                let wall = match wall {
                    Wall::Host => host_wall(),
                    Wall::Scaled(start) => start.plus(elapsed),
                };
                Stamp { mono: mono.plus(elapsed), wall }
            }
        }
    }

    /// The host's wall clock, whatever this one shows: a simulated clinic opens at that time.
    #[must_use]
    pub fn host_wall(&self) -> WallTime {
        host_wall()
    }

    /// Real time, for latencies and transport.
    #[must_use]
    pub fn real(&self) -> Instant {
        real_now()
    }

    #[must_use]
    pub const fn speed(&self) -> Speed {
        self.speed
    }

    /// Real time until clinical `deadline`; zero when it has passed.
    #[must_use]
    pub fn real_until(&self, deadline: MonoTime) -> Duration {
        self.speed.real(deadline.since(self.now().mono))
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place where the monotonic clock is read")]
fn real_now() -> Instant {
    Instant::now()
}

#[expect(clippy::disallowed_methods, reason = "the one place where the wall clock is read")]
fn host_wall() -> WallTime {
    let micros = match SystemTime::now().duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_micros()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_micros()).map_or(i64::MIN, |m| -m),
    };
    WallTime::from_micros(micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn monotonic_time_goes_on_over_a_restart_by_the_wall_time_that_passed_clamped() {
        let now = host_wall();
        let minute = Duration::from_secs(60);
        let at = |wall| Stamp { mono: MonoTime::from_micros(5_000_000), wall };
        let base = MonoTime::from_micros(5_000_000);
        let grown = |clock: &Clock| clock.now().mono.since(base);

        let down_a_minute = Clock::start(Speed::REAL, Some(at(now.minus(minute))));
        assert!(grown(&down_a_minute) >= minute && grown(&down_a_minute) < minute * 2);
        let wall_went_back = Clock::start(Speed::REAL, Some(at(now.plus(minute))));
        assert!(grown(&wall_went_back) < minute);
        let from_1970 = Clock::start(Speed::REAL, Some(at(WallTime::from_micros(0))));
        assert!(grown(&from_1970) < DOWN_TIME_MAX + minute);
    }

    #[test]
    fn what_was_measured_before_the_first_start_has_its_own_place_in_time() {
        // row:31: an hour-old determination and a new one must not fall together at zero.
        for clock in [
            Clock::start(Speed::REAL, None),
            Clock::held(Speed::REAL, Duration::from_secs(0), None),
        ] {
            let (now, hour) = (clock.now().mono, Duration::from_secs(3600));
            assert_eq!(now.since(now.minus(hour)), hour);
        }
    }

    #[test]
    fn a_held_clock_stands_still_until_it_is_released() {
        let clock = Clock::held(Speed::REAL, Duration::from_secs(1500), None);
        let start = clock.now();
        assert_eq!(clock.now(), start);
        let opened = start.plus(Duration::from_secs(1500));
        clock.release(opened);
        assert!(clock.now().mono >= opened.mono);
    }
}
