//! Clinical time: turns the machine's clock into seconds since the opening, times the speed.
//! The only reader of a clock in this crate (contract 1, Speed).

use std::time::{Duration, Instant};

use anyhow::bail;
use jiff::Timestamp;

/// Shortest real time between two frames of a continuous source (contract 1, Speed).
const REAL_PERIOD_MIN_S: f64 = 0.1;

/// How much faster than real time clinical time runs, 1 to 120.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speed(u32);

impl Speed {
    /// Real time.
    pub const REAL: Self = Self(1);

    /// # Errors
    /// Outside 1 to 120.
    pub fn try_new(times: u32) -> anyhow::Result<Self> {
        if !(1..=120).contains(&times) {
            bail!("speed {times} lies outside 1 to 120");
        }
        Ok(Self(times))
    }

    fn factor(self) -> f64 {
        f64::from(self.0)
    }
}

/// The clock of one simulation; copies agree.
#[derive(Clone, Copy, Debug)]
pub struct SimClock {
    opened: Instant,
    opened_wall: Timestamp,
    speed: Speed,
}

impl SimClock {
    /// A clock whose second 0 is `opened`, at wall time `opened_wall`: give both from the
    /// service's own opening, or their times differ.
    #[must_use]
    pub const fn new(opened: Instant, opened_wall: Timestamp, speed: Speed) -> Self {
        Self { opened, opened_wall, speed }
    }

    /// A clock that starts now.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    pub fn start(speed: Speed) -> Self {
        Self::new(Instant::now(), Timestamp::now(), speed)
    }

    /// Clinical seconds since the opening; 0 before it.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    pub fn now_s(&self) -> f64 {
        let real = Instant::now().saturating_duration_since(self.opened);
        real.as_secs_f64() * self.speed.factor()
    }

    /// Wall time of second 0.
    #[must_use]
    pub const fn opened_wall(&self) -> Timestamp {
        self.opened_wall
    }

    /// Real time that `clinical_s` takes.
    #[must_use]
    pub fn real(&self, clinical_s: f64) -> Duration {
        // Thirty years are longer than any run, and infinity must not panic.
        Duration::from_secs_f64((clinical_s / self.speed.factor()).clamp(0.0, 1e9))
    }

    /// A continuous source's period in clinical seconds, stretched so that its real period
    /// stays at 100 ms or more.
    #[must_use]
    pub fn period_s(&self, nominal_s: f64) -> f64 {
        nominal_s.max(REAL_PERIOD_MIN_S * self.speed.factor())
    }

    /// Waits until clinical second `t_s`; for ever when that is infinite.
    pub async fn until(&self, t_s: f64) {
        let at = self.opened + self.real(t_s);
        tokio::time::sleep_until(at.into()).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_speed_is_between_1_and_120() {
        // Goal: the bounds of contract 1. Method: at and beside them.
        for (times, ok) in [(0, false), (1, true), (120, true), (121, false)] {
            assert_eq!(Speed::try_new(times).is_ok(), ok, "{times}");
        }
    }

    #[test]
    fn fast_sources_are_thinned_to_ten_a_second() {
        // Goal: real periods stay at 100 ms or more. Method: 3 Hz and 1 Hz at three speeds.
        let clock = |times| SimClock::start(Speed::try_new(times).expect("in bounds"));
        for (times, nominal_s, period_s) in
            [(1, 1.0, 1.0), (10, 1.0, 1.0), (10, 1.0 / 3.0, 1.0), (120, 1.0, 12.0)]
        {
            assert_eq!(clock(times).period_s(nominal_s), period_s);
            assert!(clock(times).real(period_s) >= Duration::from_millis(100));
        }
        assert!(clock(1).real(f64::INFINITY) > Duration::from_secs(3600));
    }
}
