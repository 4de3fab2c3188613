//! A device's own clock: is its message new, and is its time to be believed (safety F2, F4)?
//!
//! Everything here goes by the monotonic line, so that a step of our wall clock makes nothing late;
//! only how far a device is off is said in wall time. An older message never replaces a newer one
//! (row 31), and a broken clock never blocks the messages that follow.

use std::time::Duration;

use crate::domain::alarm::text;
use crate::domain::device::Message;
use crate::domain::time::{MonoTime, Stamp, WallTime};

/// So much later than its device's steady offset, a message is backlog (safety F2).
const BACKLOG_US: i64 = 60_000_000;
/// A device whose counter and clock both went back, by more than this, has started anew (1970).
const STARTED_ANEW_US: i64 = 86_400_000_000;
/// Messages this far apart at least tell whether a clock was set.
const STEADY_OVER_US: i64 = 1_000_000;

/// A clock that is off by more is said beside its link (alarms 13).
const OFF_ADVISED_US: i64 = 5_000_000;
/// A clock that is off by more is an alarm (alarms 13; safety F2).
const OFF_ALARM_US: i64 = 60_000_000;
/// An alarm ends only so far below its limit, so that a drift does not tell it again and again.
const OFF_CLEAR_BY_US: i64 = 5_000_000;
/// The order counts as broken for so long after a clock was set back.
const BROKEN_FOR: Duration = Duration::from_secs(60);

/// What we know of a device's clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeviceClock {
    pub(in crate::domain) seq: Option<u32>,
    pub(in crate::domain) newest: Option<WallTime>,
    /// Receipt on the monotonic line minus sending, µs, while it is steady: a step of our own
    /// wall clock is none of the device's.
    pub(in crate::domain) offset: Option<i64>,
    /// The message before, if it was out of line: a later one that agrees is a stepped clock.
    pub(in crate::domain) odd: Option<(WallTime, i64)>,
    pub(in crate::domain) steadiness: Steadiness,
    /// When the device's times last ran backwards.
    pub(in crate::domain) broke: Option<MonoTime>,
}

/// Whether the offset is the clock's, or that of messages which were held back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Steadiness {
    #[default]
    Unknown,
    /// One message told it, sent then and with this offset; a later one has to agree.
    Since(WallTime, i64),
    Steady,
}

/// Whether an alarm about the clock is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    No,
    Yes,
}

/// How far a device's clock is off ours, µs: positive where it is behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockOff(i64);

/// Where a message stands among those of its device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    New,
    /// In order but so much later than the device's steady offset: judged, never painted live.
    Backlog {
        late: Duration,
    },
    /// Older than the newest: stored, not judged (row 31).
    Older,
    /// Sent before the newest by a device that counts no messages, or counts anew: older, or a
    /// clock that was set back. A cuff's new determination may raise an alarm; nothing in it clears
    /// or is live.
    Unplaced,
    /// The same message again (redelivery).
    Repeated,
}

impl DeviceClock {
    /// Places a message among the device's others and learns from it.
    pub fn order(&mut self, message: &Message, received: Stamp) -> Order {
        let Some(sent) = message.sent else {
            let repeated = message.seq.is_some() && message.seq == self.seq;
            self.seq = message.seq.or(self.seq);
            return if repeated { Order::Repeated } else { Order::New };
        };
        if message.seq.is_some() && message.seq == self.seq && Some(sent) == self.newest {
            return Order::Repeated;
        }
        let counted = match (self.seq, message.seq) {
            (Some(last), Some(next)) => Some(matches!(next.wrapping_sub(last), 1..=0x7FFF_FFFF)),
            (None, _) | (_, None) => None,
        };
        let offset = offset_us(received, sent);
        let back = self.newest.is_some_and(|newest| sent < newest);
        let stepped = self
            .odd
            .is_some_and(|(odd, odd_offset)| is_steady(offset, odd_offset, sent.micros_since(odd)));
        if back && counted != Some(true) && !stepped {
            self.out_of_line(sent, offset);
            let back_us = self.newest.map_or(0, |newest| newest.micros_since(sent));
            let is_older = counted.is_some() && back_us <= STARTED_ANEW_US;
            return if is_older { Order::Older } else { Order::Unplaced };
        }
        if back {
            self.broke = Some(received.mono);
        }
        self.seq = message.seq.or(self.seq);
        self.newest = Some(sent);
        let late_us = self.offset.map_or(0, |steady| offset.saturating_sub(steady));
        if late_us > BACKLOG_US && !stepped {
            self.out_of_line(sent, offset);
            return Order::Backlog { late: Duration::from_micros(late_us.unsigned_abs()) };
        }
        self.odd = None;
        self.steadiness =
            if stepped { Steadiness::Steady } else { self.steadiness_with(sent, offset) };
        self.offset = Some(match self.offset {
            // Drifts follow; one late message does not become the measure.
            Some(steady) if !stepped && offset > steady => steady + (offset - steady) / 16,
            Some(_) | None => offset,
        });
        Order::New
    }

    fn steadiness_with(&self, sent: WallTime, offset: i64) -> Steadiness {
        if self.offset.is_none_or(|steady| offset < steady - OFF_ADVISED_US) {
            return Steadiness::Since(sent, offset);
        }
        let agrees = match self.steadiness {
            Steadiness::Since(first, before) => is_steady(offset, before, sent.micros_since(first)),
            Steadiness::Unknown | Steadiness::Steady => false,
        };
        if agrees { Steadiness::Steady } else { self.steadiness }
    }

    /// How far the clock is off at `now`; `None`: the device sends no time, or it is not known yet.
    #[must_use]
    pub fn off(&self, now: Stamp) -> Option<ClockOff> {
        let offset = self.offset.filter(|_| self.steadiness == Steadiness::Steady)?;
        let mono = i64::try_from(now.mono.as_micros()).unwrap_or(i64::MAX);
        Some(ClockOff(offset.saturating_add(now.wall.as_micros().saturating_sub(mono))))
    }

    /// Until when a clock that was set back counts as one whose order is broken.
    #[must_use]
    pub fn broken_until(&self) -> Option<MonoTime> {
        self.broke.map(|at| at.plus(BROKEN_FOR))
    }

    /// Remembers the message until one far enough from it tells whether the clock was set.
    fn out_of_line(&mut self, sent: WallTime, offset: i64) {
        let waits = self.odd.is_some_and(|(odd, odd_offset)| {
            (0..STEADY_OVER_US).contains(&sent.micros_since(odd))
                && offset.abs_diff(odd_offset) <= STEADY_OVER_US.unsigned_abs() / 5
        });
        if !waits {
            self.odd = Some((sent, offset));
        }
    }
}

impl ClockOff {
    /// Worth a line beside the link.
    #[must_use]
    pub const fn is_advised(self) -> bool {
        self.0.saturating_abs() > OFF_ADVISED_US
    }

    /// Worth an alarm; one that is told goes on until it is clearly less.
    #[must_use]
    pub const fn is_alarm(self, told: Told) -> bool {
        let limit = match told {
            Told::No => OFF_ALARM_US,
            Told::Yes => OFF_ALARM_US - OFF_CLEAR_BY_US,
        };
        self.0.saturating_abs() > limit
    }

    /// "1 h 2 min behind".
    #[must_use]
    pub fn said(self) -> String {
        let off = text::age(Duration::from_micros(self.0.unsigned_abs()));
        format!("{off} {}", if self.0 < 0 { "ahead" } else { "behind" })
    }
}

/// Signed, since a device's clock may say anything.
fn offset_us(received: Stamp, sent: WallTime) -> i64 {
    let mono = i64::try_from(received.mono.as_micros()).unwrap_or(i64::MAX);
    mono.saturating_sub(sent.as_micros())
}

/// Two messages far enough apart tell the same offset: a clock that was set, not a queue that
/// drains.
fn is_steady(offset: i64, before: i64, apart_us: i64) -> bool {
    apart_us >= STEADY_OVER_US && offset.abs_diff(before) <= apart_us.unsigned_abs() / 5
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wall(second: i64) -> WallTime {
        WallTime::from_micros(second * 1_000_000)
    }

    fn received(second: i64) -> Stamp {
        let mono = MonoTime::from_micros(second.unsigned_abs() * 1_000_000);
        Stamp { mono, wall: wall(second) }
    }

    fn message(sent: i64, seq: Option<u32>) -> Message {
        Message { sent: Some(wall(sent)), seq, ..Message::default() }
    }

    #[test]
    fn an_older_message_is_not_judged_and_the_same_one_is_not_judged_twice() {
        // row:31 safety:F4
        let mut clock = DeviceClock::default();
        assert_eq!(clock.order(&message(100, Some(7)), received(100)), Order::New);
        assert_eq!(clock.order(&message(100, Some(7)), received(101)), Order::Repeated);
        assert_eq!(clock.order(&message(95, Some(6)), received(102)), Order::Older);
        assert_eq!(clock.order(&message(102, Some(8)), received(102)), Order::New);
    }

    #[test]
    fn a_clock_set_back_blocks_one_message_at_most() {
        // safety:F4
        let mut clock = DeviceClock::default();
        assert_eq!(clock.order(&message(10_000, None), received(10_000)), Order::New);
        assert_eq!(clock.order(&message(6_401, None), received(10_001)), Order::Unplaced);
        assert_eq!(clock.order(&message(6_402, None), received(10_002)), Order::New);
        assert_eq!(clock.order(&message(6_403, None), received(10_003)), Order::New);
    }

    #[test]
    fn a_clock_set_back_blocks_nothing_where_the_device_counts_its_messages() {
        // safety:F4
        let mut clock = DeviceClock::default();
        assert_eq!(clock.order(&message(10_000, Some(1)), received(10_000)), Order::New);
        let next = clock.order(&message(6_401, Some(2)), received(10_001));
        assert!(
            matches!(next, Order::New | Order::Backlog { .. }),
            "judged all the same: {next:?}"
        );
        assert_eq!(clock.order(&message(6_402, Some(3)), received(10_002)), Order::New);
    }

    #[test]
    fn a_time_from_the_far_future_blocks_nothing_that_follows() {
        // safety:F4
        let mut clock = DeviceClock::default();
        clock.order(&message(100, None), received(100));
        clock.order(&message(9_000_000, None), received(101));
        clock.order(&message(102, None), received(102));
        assert_eq!(clock.order(&message(103, None), received(103)), Order::New);
    }

    #[test]
    fn a_step_of_our_own_wall_clock_makes_nothing_late() {
        // safety:F2
        let mut clock = DeviceClock::default();
        assert_eq!(clock.order(&message(100, None), received(100)), Order::New);
        let stepped = Stamp { wall: wall(4_000), ..received(400) };
        assert_eq!(clock.order(&message(400, None), stepped), Order::New);
    }

    #[test]
    fn a_fast_device_whose_clock_was_set_back_is_heard_again_within_a_second() {
        // safety:F4 Goal: ten messages a second; none is a second from the one before.
        let tenth = |base: i64, n: i64| base * 1_000_000 + n * 100_000;
        let mut clock = DeviceClock::default();
        clock.order(&message(10_000, None), received(10_000));
        let orders = (1..=12).map(|n| {
            let sent = Some(WallTime::from_micros(tenth(6_000, n)));
            let mono = MonoTime::from_micros(tenth(10_000, n).unsigned_abs());
            let message = Message { sent, ..Message::default() };
            clock.order(&message, Stamp { mono, wall: wall(10_000) })
        });
        let orders: Vec<_> = orders.collect();
        assert_eq!(orders[9..], [Order::Unplaced, Order::New, Order::New]);
    }

    #[test]
    fn a_burst_of_old_messages_is_no_clock_that_was_set() {
        // row:31 safety:F4
        let mut clock = DeviceClock::default();
        clock.order(&message(100, None), received(100));
        for n in 0..30 {
            let sent = Some(WallTime::from_micros(50_000_000 + n * 100_000));
            let message = Message { sent, ..Message::default() };
            assert_eq!(clock.order(&message, received(101)), Order::Unplaced, "{n}");
        }
    }

    #[test]
    fn messages_that_a_gateway_held_back_are_judged_but_never_live() {
        // safety:F2
        let mut clock = DeviceClock::default();
        for second in 100..110 {
            assert_eq!(clock.order(&message(second, None), received(second)), Order::New);
        }
        for second in 110..170 {
            let order = clock.order(&message(second, None), received(300));
            let late = Duration::from_secs(300 - second.unsigned_abs());
            assert_eq!(order, Order::Backlog { late });
        }
        assert_eq!(clock.order(&message(300, None), received(300)), Order::New);
    }
}
