//! A device's link and its own clock: is it there, is its message new, is its time to be believed?
//!
//! Leaving `Online` withdraws the device's values and raises a technical alarm; a link never ends
//! an alarm. An older message never replaces a newer one, and a broken clock never blocks the
//! messages that follow (safety F2, F4; row 31).

use std::sync::Arc;
use std::time::Duration;

use super::device::Message;
use super::ids::{DeviceId, SourceIndex};
use super::input::LinkChange;
use super::reading::Measured;
use super::time::{MonoTime, Stamp, WallTime};
use super::view::LinkState;

/// Determinations remembered per device, so that a re-sent one is judged once.
const REMEMBERED: usize = 16;
/// Same device and instant within this: the same determination (alarms 14).
const SAME_INSTANT_US: i64 = 5_000_000;
/// So much later than its device's steady offset, a message is backlog (safety F2).
const BACKLOG_US: i64 = 60_000_000;

/// One device on one bed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    pub id: DeviceId,
    pub line: SourceIndex,
    pub link: Link,
    pub clock: DeviceClock,
    determined: Vec<Instant>,
    /// The systolic before, for the jump that is worth a "verify".
    pub last_systolic: Option<(i32, MonoTime)>,
}

/// Legal changes: `Opening` → `Negotiating` → `Online` → `Lost` → `Opening`; a broker's device
/// starts `Online` with its first message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    Opening { since: Stamp },
    Negotiating { since: Stamp },
    Online { since: Stamp },
    Lost { since: Stamp, why: Arc<str> },
}

/// What we know of a device's clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeviceClock {
    pub(super) seq: Option<u32>,
    pub(super) newest: Option<WallTime>,
    /// Receipt minus sending, µs, while it is steady.
    pub(super) offset: Option<i64>,
    /// The message before, if it was out of line: two in a row that agree are a stepped clock.
    pub(super) odd: Option<(WallTime, i64)>,
}

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
    /// The same message again (redelivery).
    Repeated,
}

/// Instant of a determination, on the clock that it was told by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instant {
    Device(WallTime),
    Ours(MonoTime),
}

impl Device {
    #[must_use]
    pub fn new(id: DeviceId, line: SourceIndex, link: Link) -> Self {
        Self {
            id,
            line,
            link,
            clock: DeviceClock::default(),
            determined: Vec::new(),
            last_systolic: None,
        }
    }

    /// Puts a device back as a checkpoint had it.
    #[must_use]
    pub fn with_determined(mut self, determined: Vec<Instant>) -> Self {
        self.determined = determined;
        self
    }

    #[must_use]
    pub fn determined(&self) -> &[Instant] {
        &self.determined
    }

    /// Remembers a determination; false when it has been seen before (row 31).
    pub fn is_first_sight(&mut self, instant: Instant) -> bool {
        if self.determined.iter().any(|seen| seen.is_same(instant)) {
            return false;
        }
        if self.determined.len() == REMEMBERED {
            self.determined.remove(0);
        }
        self.determined.push(instant);
        true
    }
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
        let follows = match (self.seq, message.seq) {
            (Some(last), Some(next)) => matches!(next.wrapping_sub(last), 1..=0x7FFF_FFFF),
            (None, _) | (_, None) => false,
        };
        let offset = received.wall.micros_since(sent);
        let back = self.newest.is_some_and(|newest| sent < newest);
        let stepped = self.odd.is_some_and(|(odd, odd_offset)| {
            sent > odd && is_steady(offset, odd_offset, sent.micros_since(odd))
        });
        if back && !follows && !stepped {
            self.odd = Some((sent, offset));
            return Order::Older;
        }
        self.seq = message.seq.or(self.seq);
        self.newest = Some(sent);
        let late_us = self.offset.map_or(0, |steady| offset.saturating_sub(steady));
        if late_us > BACKLOG_US && !stepped {
            self.odd = Some((sent, offset));
            return Order::Backlog { late: Duration::from_micros(late_us.unsigned_abs()) };
        }
        self.odd = None;
        self.offset = Some(match self.offset {
            // Drifts follow; one late message does not become the measure.
            Some(steady) if !stepped && offset > steady => steady + (offset - steady) / 16,
            Some(_) | None => offset,
        });
        Order::New
    }
}

/// Two messages in a row tell the same offset: a clock that was set, not a queue that drains.
fn is_steady(offset: i64, before: i64, apart_us: i64) -> bool {
    offset.abs_diff(before) <= (apart_us.unsigned_abs() / 5).max(200_000)
}

impl Link {
    #[must_use]
    pub fn changed(change: &LinkChange, now: Stamp) -> Self {
        match change {
            LinkChange::Opening => Self::Opening { since: now },
            LinkChange::Negotiating => Self::Negotiating { since: now },
            LinkChange::Online => Self::Online { since: now },
            LinkChange::Lost { since, why } => Self::Lost { since: *since, why: why.clone() },
        }
    }

    #[must_use]
    pub const fn state(&self) -> LinkState {
        match self {
            Self::Opening { .. } => LinkState::Opening,
            Self::Negotiating { .. } => LinkState::Negotiating,
            Self::Online { .. } => LinkState::Online,
            Self::Lost { .. } => LinkState::Lost,
        }
    }

    #[must_use]
    pub const fn since(&self) -> Stamp {
        match self {
            Self::Opening { since }
            | Self::Negotiating { since }
            | Self::Online { since }
            | Self::Lost { since, .. } => *since,
        }
    }

    #[must_use]
    pub fn why(&self) -> Option<Arc<str>> {
        match self {
            Self::Lost { why, .. } => Some(why.clone()),
            Self::Opening { .. } | Self::Negotiating { .. } | Self::Online { .. } => None,
        }
    }
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
        assert_eq!(clock.order(&message(6_401, None), received(10_001)), Order::Older);
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

    #[test]
    fn a_determination_sent_again_within_five_seconds_of_its_instant_is_the_same() {
        // row:31
        let id = DeviceId::try_new("cuff").expect("a valid name");
        let mut device = Device::new(id, SourceIndex(0), Link::Online { since: received(0) });
        let ago = |seconds, now| Instant::of(Measured::SecondsAgo(seconds), received(now));
        assert!(device.is_first_sight(ago(10, 100)));
        assert!(!device.is_first_sight(ago(14, 105)), "a poll later, a second off");
        assert!(device.is_first_sight(ago(3, 200)));
        assert!(!device.is_first_sight(ago(111, 200)), "the earlier one is still remembered");
    }
}
