//! Whether the machine's clock is set by a time server: asked of `timedatectl`, where there is one
//! (alarms 13, "no NTP"). A machine that can't say is not called unsynchronised.

use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::process::Command;

/// An hour without is a fault (alarms 13).
const TOO_LONG: Duration = Duration::from_secs(3600);
/// Longest answer of the command.
const ANSWER: Duration = Duration::from_secs(5);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sync {
    Yes,
    No,
    /// No such command, no such service, or no answer in time.
    Unknown,
}

/// Since when it is not synchronised.
#[derive(Debug, Default)]
pub(super) struct Unsynced(Option<Instant>);

impl Unsynced {
    /// Why it is a fault by now, if it is.
    pub(super) fn after(&mut self, sync: Sync, now: Instant) -> Option<&'static str> {
        match sync {
            Sync::Yes | Sync::Unknown => self.0 = None,
            Sync::No => {
                let since = *self.0.get_or_insert(now);
                if now.saturating_duration_since(since) >= TOO_LONG {
                    return Some("our clock has not been synchronised for an hour");
                }
            }
        }
        None
    }
}

pub(super) async fn ask() -> Sync {
    let mut command = Command::new("timedatectl");
    command.args(["show", "-p", "NTPSynchronized", "--value"]);
    command.stdin(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    match tokio::time::timeout(ANSWER, command.output()).await {
        Ok(Ok(output)) if output.status.success() => said(&output.stdout),
        Ok(_) | Err(_) => Sync::Unknown,
    }
}

fn said(answer: &[u8]) -> Sync {
    match answer.trim_ascii() {
        b"yes" => Sync::Yes,
        b"no" => Sync::No,
        _ => Sync::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::clock::Speed;

    #[test]
    fn a_clock_that_was_not_synchronised_for_an_hour_is_a_fault_until_it_is() {
        // technical:service-clock. Method: what the machine says at each minute.
        let start = crate::shell::clock::Clock::start(Speed::REAL, None).real();
        let minute = |minutes: u64| start + Duration::from_secs(60 * minutes);
        let mut unsynced = Unsynced::default();
        let table = [
            (0, Sync::No, false),
            (59, Sync::No, false),
            (60, Sync::No, true),
            (70, Sync::No, true),
            (80, Sync::Yes, false),
            (90, Sync::No, false),
            (149, Sync::No, false),
            (150, Sync::No, true),
            (160, Sync::Unknown, false),
        ];
        for (minutes, sync, fault) in table {
            let why = unsynced.after(sync, minute(minutes));
            assert_eq!(why.is_some(), fault, "minute {minutes}: {sync:?}");
        }
    }

    #[test]
    fn the_answer_is_yes_or_no_or_not_known() {
        let table: [(&[u8], Sync); 4] = [
            (b"yes\n", Sync::Yes),
            (b"no\n", Sync::No),
            (b"", Sync::Unknown),
            (b"Failed to connect\n", Sync::Unknown),
        ];
        for (answer, expected) in table {
            assert_eq!(said(answer), expected, "{answer:?}");
        }
    }
}
