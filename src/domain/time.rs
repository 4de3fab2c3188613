//! The times of dosevigil, taken once at arrival and never mixed up.
//!
//! `MonoTime` drives every age, delay and deadline (safety F1, F3). `WallTime` is what people read
//! and what devices send; no timer looks at it. The shell continues `MonoTime` over a restart from
//! the last journaled stamp plus the wall time that passed, clamped, so deadlines survive.

use std::time::Duration;

/// Microseconds on the clinic's monotonic time line: never runs back, goes on over restarts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonoTime(u64);

/// Microseconds since the Unix epoch, UTC; may step, may be wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WallTime(i64);

/// Real microseconds since the process started: leases, receipts and heartbeats. Transport time, so
/// never scaled and never kept over a restart (safety F7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct RealTime(u64);

/// Two clocks that are set may differ by so many microseconds: a person's "now" is not our future.
const AHEAD: i64 = 2_000_000;

/// Both times of one instant, read together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    pub mono: MonoTime,
    pub wall: WallTime,
}

impl MonoTime {
    #[must_use]
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }

    #[must_use]
    pub const fn as_micros(self) -> u64 {
        self.0
    }

    /// Time since `earlier`; zero when `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(self.0.saturating_sub(earlier.0))
    }

    #[must_use]
    pub fn plus(self, delay: Duration) -> Self {
        Self(self.0.saturating_add(micros(delay)))
    }

    #[must_use]
    pub fn minus(self, age: Duration) -> Self {
        Self(self.0.saturating_sub(micros(age)))
    }
}

impl WallTime {
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Milliseconds since the epoch, rounded down: what occurrence ids carry.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// The year in UTC; nothing before 1970 is told apart.
    #[must_use]
    pub const fn utc_year(self) -> u16 {
        const DAY_US: i64 = 86_400_000_000;
        let (mut year, mut days) = (1970_u16, self.0.div_euclid(DAY_US));
        loop {
            let is_leap =
                year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
            let length = if is_leap { 366 } else { 365 };
            if days < length || year == u16::MAX {
                return year;
            }
            days -= length;
            year += 1;
        }
    }

    /// Signed microseconds from `other` to `self`.
    #[must_use]
    pub const fn micros_since(self, other: Self) -> i64 {
        self.0.saturating_sub(other.0)
    }

    #[must_use]
    pub fn plus(self, delay: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(delay.as_micros()).unwrap_or(i64::MAX)))
    }

    #[must_use]
    pub fn minus(self, age: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(age.as_micros()).unwrap_or(i64::MAX)))
    }
}

impl RealTime {
    /// `up` is how long the process runs.
    #[must_use]
    pub fn of(up: Duration) -> Self {
        Self(micros(up))
    }

    /// Time since `earlier`; zero when `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(self.0.saturating_sub(earlier.0))
    }

    #[must_use]
    pub fn plus(self, delay: Duration) -> Self {
        Self(self.0.saturating_add(micros(delay)))
    }
}

impl Stamp {
    /// The stamp `delay` later, on both time lines: what a deadline looks like to a person.
    #[must_use]
    pub fn plus(self, delay: Duration) -> Self {
        Self { mono: self.mono.plus(delay), wall: self.wall.plus(delay) }
    }

    /// The stamp of a wall time that a person gave, by the clock as it is set now; `None`: it lies
    /// in the future.
    #[must_use]
    pub fn at_wall(self, wall: WallTime) -> Option<Self> {
        let age = self.wall.micros_since(wall);
        match u64::try_from(age) {
            Ok(age) => Some(Self { mono: self.mono.minus(Duration::from_micros(age)), wall }),
            Err(_) => (age >= -AHEAD).then_some(self),
        }
    }

    /// The wall time that belongs to `mono`, as far as this stamp can tell.
    #[must_use]
    pub fn wall_at(self, mono: MonoTime) -> WallTime {
        if mono >= self.mono {
            self.wall.plus(mono.since(self.mono))
        } else {
            self.wall.minus(self.mono.since(mono))
        }
    }

    /// The stamp of `mono`, as far as this one can tell.
    #[must_use]
    pub fn at_mono(self, mono: MonoTime) -> Self {
        Self { mono, wall: self.wall_at(mono) }
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_a_person_gives_is_a_stamp_unless_it_is_to_come() {
        // safety:F3 Goal: both time lines go back by the same; two clocks may differ by 2 s.
        let stamp = |mono, wall| Stamp {
            mono: MonoTime::from_micros(mono),
            wall: WallTime::from_micros(wall),
        };
        let now = stamp(10_000_000, 500_000_000);
        let table = [
            (500_000_000, Some(now)),
            (499_999_999, Some(stamp(9_999_999, 499_999_999))),
            (497_000_000, Some(stamp(7_000_000, 497_000_000))),
            (400_000_000, Some(stamp(0, 400_000_000))),
            (502_000_000, Some(now)),
            (502_000_001, None),
            (i64::MAX, None),
            (i64::MIN, Some(stamp(0, i64::MIN))),
        ];
        for (wall, expected) in table {
            assert_eq!(now.at_wall(WallTime::from_micros(wall)), expected, "{wall}");
        }
    }

    #[test]
    fn a_year_is_that_of_utc_at_each_turn() {
        // 2000 is a leap year, 2100 is none.
        let table = [
            (-1, 1970),
            (0, 1970),
            (946_684_799, 1999),
            (946_684_800, 2000),
            (978_307_199, 2000),
            (978_307_200, 2001),
            (1_798_761_599, 2026),
            (1_798_761_600, 2027),
            (4_133_980_799, 2100),
            (4_133_980_800, 2101),
        ];
        for (second, year) in table {
            assert_eq!(WallTime::from_micros(second * 1_000_000).utc_year(), year, "{second}");
        }
    }
}
