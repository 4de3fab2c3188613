//! Machine E against its table, and its steps against the clock.

use super::*;

const TIMES: EscalationTimes = EscalationTimes::DEFAULT;

fn at(seconds: u64) -> MonoTime {
    MonoTime::from_micros(seconds * 1_000_000)
}

/// Begun at second 100 at this priority, with `reached`.
fn steps(priority: Priority, reached: u8) -> Steps {
    let dues = TIMES.of(priority).expect("it has steps").map(|after| at(100).plus(after));
    Steps { reached, dues }
}

#[test]
fn escalation_follows_its_table() {
    // row:13 row:14 row:15 row:20 row:23 row:26 row:27 row:28 Goal: every (state, cause) cell, at
    // second 130, when E1 of a HIGH is due.
    use Effect::{Reached, Started, Unchanged};
    use Escalation::{Held, Idle, Running, Stopped};
    let high = steps(Priority::High, 0);
    let first = Steps { reached: 1, ..high };
    let anew = Running(Steps { reached: 0, dues: TIMES.high.map(|after| at(130).plus(after)) });
    let unattended = match anew {
        Running(steps) => Running(Steps { reached: 2, ..steps }),
        Idle | Held(_) | Stopped => anew,
    };
    let raised = |attended| Cause::Raised { priority: Priority::High, attended };
    let lowered = |to, highest| Cause::Lowered { to, highest };
    let causes = [
        raised(Attended::Yes),
        raised(Attended::No),
        Cause::Restarted { priority: Priority::High },
        Cause::Recuff { priority: Priority::High },
        lowered(Priority::Low, Priority::High),
        lowered(Priority::Low, Priority::Medium),
        lowered(Priority::Medium, Priority::Medium),
        Cause::Acknowledged,
        Cause::Over,
        Cause::PauseAlarms,
        Cause::ResumeAlarms,
        Cause::Restored,
        Cause::Time,
        Cause::Unreceived,
    ];
    let new = [(anew, Started), (unattended, Reached(2)), (anew, Started)];
    let (stopped, idle) = ((Stopped, Unchanged), (Idle, Unchanged));
    let (running, held) = ((Running(high), Unchanged), (Held(high), Unchanged));
    let next = (Running(first), Reached(1));
    let table = [
        (Idle, [(anew, Started), idle, idle, idle, stopped, idle, idle, idle, idle, idle, idle]),
        (
            Running(high),
            [running, running, idle, running, stopped, idle, held, running, next, next, next],
        ),
        (Held(high), [held, held, idle, held, stopped, idle, held, next, next, held, held]),
        (
            Stopped,
            [
                (anew, Started),
                stopped,
                stopped,
                stopped,
                stopped,
                idle,
                stopped,
                stopped,
                stopped,
                stopped,
                stopped,
            ],
        ),
    ];
    for (state, row) in table {
        for (cause, expected) in causes.into_iter().zip(new.into_iter().chain(row)) {
            assert_eq!(state.step(cause, &TIMES, at(130)), expected, "{state:?} {cause:?}");
        }
    }
}

#[test]
fn steps_come_at_their_times_and_none_after_the_third() {
    // row:23 safety:A7 Goal: one second before each step, at it, and long after.
    let table = [(Priority::High, [30, 60, 120]), (Priority::Medium, [120, 240, 600])];
    for (priority, seconds) in table {
        let mut state = Escalation::Running(steps(priority, 0));
        for (reached, second) in (1..).zip(seconds) {
            assert_eq!(state.deadline(), Some(at(100 + second)));
            assert_eq!(state.step(Cause::Time, &TIMES, at(99 + second)).1, Effect::Unchanged);
            let (next, effect) = state.step(Cause::Time, &TIMES, at(100 + second));
            assert_eq!(effect, Effect::Reached(reached), "{priority:?} {second}");
            state = next;
        }
        assert_eq!(state.deadline(), None);
        assert_eq!(state.step(Cause::Time, &TIMES, at(9_999)), (state, Effect::Unchanged));
    }
}

#[test]
fn a_low_alarm_has_no_steps() {
    for cause in [
        Cause::Raised { priority: Priority::Low, attended: Attended::No },
        Cause::Restarted { priority: Priority::Low },
        Cause::Recuff { priority: Priority::Low },
    ] {
        assert_eq!(Escalation::Idle.step(cause, &TIMES, at(1)).0, Escalation::Idle, "{cause:?}");
    }
}

#[test]
fn an_overdue_step_comes_once_and_the_next_keeps_its_distance() {
    // row:27 row:28 Goal: E1 was due at 130, the service is back at 500: E1 now, E2 30 s later.
    for state in [Escalation::Running, Escalation::Held] {
        let state = state(steps(Priority::High, 0));
        let (next, effect) = state.step(Cause::Restored, &TIMES, at(500));
        assert_eq!(effect, Effect::Reached(1));
        assert_eq!(next.deadline(), Some(at(530)));
        assert_eq!(next.step(Cause::Time, &TIMES, at(500)).1, Effect::Unchanged);
    }
}

#[test]
fn a_missing_receipt_brings_the_first_step_only() {
    // row:23 Goal: the second step keeps its time.
    let (state, effect) =
        Escalation::Running(steps(Priority::High, 0)).step(Cause::Unreceived, &TIMES, at(104));
    assert_eq!((effect, state.deadline()), (Effect::Reached(1), Some(at(160))));
    assert_eq!(state.step(Cause::Unreceived, &TIMES, at(108)), (state, Effect::Unchanged));
}

#[test]
fn a_checkpoint_gives_back_the_steps_that_it_kept_and_none_beyond_the_last() {
    let (_, dues) = steps(Priority::High, 0).parts();
    for (kept, reached) in [(0, 0), (1, 1), (2, 2), (3, 3), (4, 3), (u8::MAX, 3)] {
        assert_eq!(Steps::from_parts(kept, dues).parts(), (reached, dues), "{kept}");
    }
}
