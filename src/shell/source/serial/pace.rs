//! When a serial line is asked, and when it counts as lost (safety S5).
//!
//! Pure: times are real durations since the line was opened. A polled protocol (`ge-dinamap-ascii`
//! 6) has one request under way; three time-outs in a row mean that the device is gone. A free-
//! running one is gone when no byte came for its limit. Bytes that never become a frame are a loss
//! of their own, so that a wrong baud rate does not pass for an unplugged cable.

use std::time::Duration;

/// How long a reply is awaited (`ge-dinamap-ascii` 6). Transport time: the same at any speed.
pub(super) const REPLY_LIMIT: Duration = Duration::from_secs(1);
/// Time-outs in a row (`ge-dinamap-ascii` 6).
const MISSES: u32 = 3;
/// Refused frames in a row, none valid between them, that make a line garbage.
const GARBAGE_FRAMES: u32 = 10;
/// And for a free-running line, how long they must have gone on.
const GARBAGE_SPAN: Duration = Duration::from_secs(10);

/// A command on the wire.
pub(super) type Command = &'static [u8];

#[derive(Debug)]
pub(super) enum Pace {
    Polled(Polled),
    Free(Free),
}

#[derive(Debug)]
pub(super) struct Polled {
    commands: &'static [Command],
    period: Duration,
    /// Place of the command that is under way or due.
    place: usize,
    round: Duration,
    turn: Turn,
    misses: u32,
    bad: u32,
    /// Bytes came since the last valid frame.
    garbled: Garbled,
}

#[derive(Clone, Copy, Debug)]
enum Turn {
    Resting { until: Duration },
    Awaiting { until: Duration },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Garbled {
    No,
    Yes,
}

#[derive(Debug)]
pub(super) struct Free {
    /// `None`: the protocol has no cadence, so silence says nothing.
    silence: Option<Duration>,
    last_byte: Duration,
    bad: u32,
    bad_since: Duration,
    garbled: Garbled,
}

/// What one read gave.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Heard {
    /// Valid frames, and well-formed ones of no known message: the device is there.
    pub(super) valid: u32,
    pub(super) refused: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    Send(Command),
    /// Nothing before then; `None`: nothing at all.
    Wait(Option<Duration>),
    Lost(Cause),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    Unanswered,
    Silent,
    Garbage,
}

impl Pace {
    pub(super) fn polled(commands: &'static [Command], period: Duration) -> Self {
        let turn = Turn::Resting { until: Duration::ZERO };
        let round = Duration::ZERO;
        Self::Polled(Polled {
            commands,
            period,
            place: 0,
            round,
            turn,
            misses: 0,
            bad: 0,
            garbled: Garbled::No,
        })
    }

    pub(super) fn free(silence: Option<Duration>) -> Self {
        Self::Free(Free {
            silence,
            last_byte: Duration::ZERO,
            bad: 0,
            bad_since: Duration::ZERO,
            garbled: Garbled::No,
        })
    }

    pub(super) fn heard(&mut self, now: Duration, heard: Heard) {
        match self {
            Self::Polled(polled) => polled.heard(now, heard),
            Self::Free(free) => free.heard(now, heard),
        }
    }

    /// What is due at `now`; a command that is given out counts as sent.
    pub(super) fn due(&mut self, now: Duration) -> Due {
        match self {
            Self::Polled(polled) => polled.due(now),
            Self::Free(free) => free.due(now),
        }
    }
}

impl Polled {
    fn heard(&mut self, now: Duration, heard: Heard) {
        if heard.valid > 0 {
            (self.misses, self.bad, self.garbled) = (0, 0, Garbled::No);
        } else {
            self.bad += heard.refused;
            self.garbled = Garbled::Yes;
        }
        if heard.valid + heard.refused > 0 && matches!(self.turn, Turn::Awaiting { .. }) {
            self.next(now);
        }
    }

    fn due(&mut self, now: Duration) -> Due {
        if self.bad >= GARBAGE_FRAMES {
            return Due::Lost(Cause::Garbage);
        }
        if let Turn::Awaiting { until } = self.turn {
            if now < until {
                return Due::Wait(Some(until));
            }
            self.misses += 1;
            if self.misses >= MISSES {
                return Due::Lost(match self.garbled {
                    Garbled::No => Cause::Unanswered,
                    Garbled::Yes => Cause::Garbage,
                });
            }
            self.next(now);
        }
        match self.turn {
            Turn::Resting { until } if now >= until => {
                if self.place == 0 {
                    self.round = now;
                }
                self.turn = Turn::Awaiting { until: now + REPLY_LIMIT };
                Due::Send(self.commands[self.place])
            }
            Turn::Resting { until } | Turn::Awaiting { until } => Due::Wait(Some(until)),
        }
    }

    /// On to the next command at once, or to the next round when its time comes.
    fn next(&mut self, now: Duration) {
        self.place = (self.place + 1) % self.commands.len();
        let until = if self.place == 0 { self.round + self.period } else { now };
        self.turn = Turn::Resting { until };
    }
}

impl Free {
    fn heard(&mut self, now: Duration, heard: Heard) {
        self.last_byte = now;
        if heard.valid > 0 {
            self.bad = 0;
            return;
        }
        if self.bad == 0 {
            self.bad_since = now;
        }
        self.bad += heard.refused;
        if self.bad >= GARBAGE_FRAMES && now.saturating_sub(self.bad_since) >= GARBAGE_SPAN {
            self.garbled = Garbled::Yes;
        }
    }

    fn due(&self, now: Duration) -> Due {
        let silent_at = self.silence.map(|limit| self.last_byte + limit);
        if self.garbled == Garbled::Yes {
            Due::Lost(Cause::Garbage)
        } else if silent_at.is_some_and(|at| now >= at) {
            Due::Lost(Cause::Silent)
        } else {
            Due::Wait(silent_at)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NA: Command = b"NA";
    const OA: Command = b"OA";
    const VALID: Heard = Heard { valid: 1, refused: 0 };
    const REFUSED: Heard = Heard { valid: 0, refused: 1 };

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn each_round_asks_every_command_once_and_rounds_keep_their_period() {
        // Goal: a slow answer does not shift the next round.
        let mut pace = Pace::polled(&[NA, OA], ms(1000));
        assert_eq!(pace.due(ms(0)), Due::Send(NA));
        assert_eq!(pace.due(ms(10)), Due::Wait(Some(ms(1000))));
        pace.heard(ms(120), VALID);
        assert_eq!(pace.due(ms(120)), Due::Send(OA));
        pace.heard(ms(300), VALID);
        assert_eq!(pace.due(ms(300)), Due::Wait(Some(ms(1000))));
        assert_eq!(pace.due(ms(1000)), Due::Send(NA));
    }

    #[test]
    fn three_time_outs_in_a_row_lose_a_polled_line_and_an_answer_starts_the_count_again() {
        // Goal: two are not enough, and they have to be in a row.
        let mut pace = Pace::polled(&[NA], ms(1000));
        for (now, answer) in [(0, false), (1000, false), (2000, true)] {
            assert_eq!(pace.due(ms(now)), Due::Send(NA));
            if answer {
                pace.heard(ms(now + 100), VALID);
            }
        }
        for now in [3000, 4000, 5000] {
            assert_eq!(pace.due(ms(now)), Due::Send(NA));
        }
        assert_eq!(pace.due(ms(5999)), Due::Wait(Some(ms(6000))));
        assert_eq!(pace.due(ms(6000)), Due::Lost(Cause::Unanswered));
    }

    #[test]
    fn a_device_without_one_of_the_parameters_stays_online() {
        // It never answers OA, and NA always: never three in a row.
        let mut pace = Pace::polled(&[NA, OA], ms(1000));
        let mut now = ms(0);
        for _ in 0..200 {
            match pace.due(now) {
                Due::Send(NA) => pace.heard(now, VALID),
                Due::Send(_) => {}
                Due::Wait(Some(until)) => now = until,
                Due::Wait(None) | Due::Lost(_) => panic!("lost at {now:?}"),
            }
        }
        assert!(now > ms(50_000));
    }

    #[test]
    fn answers_that_are_never_valid_are_garbage() {
        // Goal: refused frames, and bytes that never become a frame.
        let mut pace = Pace::polled(&[NA], ms(1000));
        for round in 0..10 {
            assert_eq!(pace.due(ms(round * 1000)), Due::Send(NA));
            pace.heard(ms(round * 1000 + 100), REFUSED);
        }
        assert_eq!(pace.due(ms(9200)), Due::Lost(Cause::Garbage));
        let mut noise = Pace::polled(&[NA], ms(1000));
        for round in 0..3 {
            assert_eq!(noise.due(ms(round * 1000)), Due::Send(NA));
            noise.heard(ms(round * 1000 + 100), Heard::default());
        }
        assert_eq!(noise.due(ms(3000)), Due::Lost(Cause::Garbage));
    }

    #[test]
    fn a_free_running_line_is_lost_after_its_limit_without_a_byte() {
        // Goal: just under and at the limit; any byte counts; no cadence, no limit.
        let mut pace = Pace::free(Some(ms(5000)));
        assert_eq!(pace.due(ms(4999)), Due::Wait(Some(ms(5000))));
        pace.heard(ms(4999), Heard::default());
        assert_eq!(pace.due(ms(9998)), Due::Wait(Some(ms(9999))));
        assert_eq!(pace.due(ms(9999)), Due::Lost(Cause::Silent));
        assert_eq!(Pace::free(None).due(ms(86_400_000)), Due::Wait(None));
    }

    #[test]
    fn bytes_without_a_valid_frame_for_ten_seconds_are_garbage() {
        // Goal: one valid frame among them starts the count again.
        for (valid_at, lost) in [(None, true), (Some(9), false)] {
            let mut pace = Pace::free(Some(ms(5000)));
            for second in 0..=10 {
                let heard = if valid_at == Some(second) { VALID } else { REFUSED };
                pace.heard(ms(second * 1000), heard);
            }
            let due = pace.due(ms(10_001));
            assert_eq!(due == Due::Lost(Cause::Garbage), lost, "{valid_at:?} {due:?}");
        }
    }
}
