//! A cuff's determination as a device's memory holds it: its instant and its figures, so that what
//! is told again counts once and what is new is judged (alarms 14; row 31).

use std::time::Duration;

use super::metric::Metric;
use super::reading::Measured;
use super::time::{MonoTime, Stamp, WallTime};

/// Same device and instant within this: the same determination (alarms 14).
const SAME_INSTANT_US: i64 = 5_000_000;

/// Instant of a determination, on the clock that it was told by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instant {
    Device(WallTime),
    Ours(MonoTime),
}

/// A cuff's pressures of one determination, in mmHg, as far as told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub sys: Option<i32>,
    pub dia: Option<i32>,
    pub map: Option<i32>,
}

/// A determination that was judged: a re-sent one has its instant and its figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Determined {
    pub instant: Instant,
    pub figures: Figures,
}

impl Instant {
    /// The instant that a reading tells, received at `received`.
    #[must_use]
    pub fn of(measured: Measured, received: Stamp) -> Self {
        match measured {
            Measured::AtReceipt => Self::Ours(received.mono),
            Measured::DeviceClock(at) => Self::Device(at),
            Measured::SecondsAgo(seconds) => {
                Self::Ours(received.mono.minus(Duration::from_secs(seconds.into())))
            }
        }
    }

    /// Within five seconds on the same clock: the same determination.
    #[must_use]
    pub fn is_same(self, other: Self) -> bool {
        let apart_us = match (self, other) {
            (Self::Device(a), Self::Device(b)) => a.micros_since(b).unsigned_abs(),
            (Self::Ours(a), Self::Ours(b)) => a.as_micros().abs_diff(b.as_micros()),
            (Self::Device(_), Self::Ours(_)) | (Self::Ours(_), Self::Device(_)) => return false,
        };
        apart_us <= SAME_INSTANT_US.unsigned_abs()
    }
}

impl Figures {
    const fn slot(&mut self, metric: Metric) -> Option<&mut Option<i32>> {
        match metric {
            Metric::NibpSys => Some(&mut self.sys),
            Metric::NibpDia => Some(&mut self.dia),
            Metric::NibpMap => Some(&mut self.map),
            Metric::ArtSys
            | Metric::ArtDia
            | Metric::ArtMap
            | Metric::HeartRate
            | Metric::PulseRate
            | Metric::SpO2
            | Metric::RespRate
            | Metric::Temp
            | Metric::CuffPressure
            | Metric::PerfusionIndex
            | Metric::Moaas => None,
        }
    }

    /// Takes a cuff's pressure; other metrics are none of it.
    pub const fn put(&mut self, metric: Metric, value: i32) {
        if let Some(slot) = self.slot(metric) {
            *slot = Some(value);
        }
    }

    #[must_use]
    pub fn has(mut self, metric: Metric) -> bool {
        self.slot(metric).is_some_and(|slot| slot.is_some())
    }

    /// What both tell is the same.
    pub(super) fn agree(self, other: Self) -> bool {
        let same = |(a, b): (Option<i32>, Option<i32>)| a.zip(b).is_none_or(|(a, b)| a == b);
        self.pairs(other).into_iter().all(same)
    }

    pub(super) fn or(self, other: Self) -> Self {
        let [sys, dia, map] = self.pairs(other).map(|(own, other)| own.or(other));
        Self { sys, dia, map }
    }

    pub(super) fn without(self, other: Self) -> Self {
        let [sys, dia, map] = self.pairs(other).map(|(own, other)| own.filter(|_| other.is_none()));
        Self { sys, dia, map }
    }

    const fn pairs(self, other: Self) -> [(Option<i32>, Option<i32>); 3] {
        [(self.sys, other.sys), (self.dia, other.dia), (self.map, other.map)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{DeviceId, SourceIndex};
    use crate::domain::link::{Device, Link};

    fn received(second: u64) -> Stamp {
        Stamp { mono: MonoTime::from_micros(second * 1_000_000), wall: WallTime::default() }
    }

    fn cuff() -> Device {
        let id = DeviceId::try_new("cuff").expect("a valid name");
        Device::new(id, SourceIndex(0), Link::Online { since: received(0) })
    }

    #[test]
    fn a_determination_sent_again_within_five_seconds_of_its_instant_is_the_same() {
        // row:31
        let mut device = cuff();
        let ago = |seconds, now| Instant::of(Measured::SecondsAgo(seconds), received(now));
        let figures = Figures { sys: Some(184), dia: Some(95), map: None };
        let mut told = |instant| device.news_of(Determined { instant, figures });
        assert_eq!(told(ago(10, 100)), figures);
        assert_eq!(told(ago(14, 105)), Figures::default(), "a poll later, a second off");
        assert_eq!(told(ago(3, 200)), figures);
        assert_eq!(told(ago(111, 200)), Figures::default(), "the earlier one is remembered");
    }

    #[test]
    fn a_determination_of_the_same_instant_tells_what_differs_or_is_added() {
        // row:31 Goal: a device whose time stands still loses nothing, even when a value returns.
        let mut device = cuff();
        let figures = |(sys, dia)| Figures { sys, dia, map: None };
        let table = [
            ((Some(184), None), (Some(184), None)),
            ((Some(184), Some(95)), (None, Some(95))),
            ((Some(184), Some(95)), (None, None)),
            ((Some(128), Some(95)), (Some(128), Some(95))),
            ((Some(184), Some(95)), (Some(184), Some(95))),
        ];
        for (told, news) in table {
            let instant = Instant::Device(WallTime::from_micros(7));
            let told = Determined { instant, figures: figures(told) };
            assert_eq!(device.news_of(told), figures(news), "{told:?}");
        }
    }
}
