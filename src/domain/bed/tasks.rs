//! What is to be done in the session and by when (clinical 3.1, 5.1): worked out from what the bed
//! knows, told by no alarm.

use std::time::Duration;

use super::Bed;
use crate::domain::session::Session;
use crate::domain::session::dose::DEVICES;
use crate::domain::session::giving::DEVICE_REST;
use crate::domain::session::task::{Task, TaskKind, TaskState};
use crate::domain::time::{MonoTime, Stamp};
use crate::domain::vital::overdue_after;

/// A device that has not come by then was not ordered: nobody is reminded of a dose for long.
const DEVICE_EXPECTED: Duration = Duration::from_secs(15 * 60);

/// A task's moments: due at the first, overdue from the second.
type Times = (MonoTime, Option<MonoTime>);

impl Bed {
    /// The tasks of the running session, the most pressing first; none without one.
    pub(super) fn tasks(&self, now: Stamp) -> Vec<Task> {
        let Some(session) = &self.session else { return Vec::new() };
        let baseline = self.baseline_task(session).into_iter();
        let cuff = self.next_due(now, self.interval()).map(|due| {
            let late = self.cuff_counts_from().plus(overdue_after(self.interval()));
            (TaskKind::CuffReading, (due.mono, Some(late)))
        });
        let timed = self.timed_readings().into_iter().map(|it| {
            let kind = TaskKind::TimedReading { id: it.id.as_str().into() };
            (kind, (it.at, Some(it.alarm)))
        });
        let device = next_device(session, now.mono);
        let discharge = self.observed_until().map(|until| (TaskKind::Discharge, (until, None)));
        let all = baseline.chain(cuff).chain(timed).chain(device).chain(discharge);
        let mut tasks: Vec<_> = all.map(|(what, times)| task(what, times, now)).collect();
        tasks.sort_by_key(|task| task.due.mono);
        tasks
    }

    /// Before the dose only: later another baseline is an act with a reason, no task.
    fn baseline_task(&self, session: &Session) -> Option<(TaskKind, Times)> {
        let wanted = session.baseline.is_none() && session.dose_start().is_none();
        wanted.then_some((TaskKind::Baseline, (session.started.mono, None)))
    }
}

/// The one after the last device that counts.
fn next_device(session: &Session, now: MonoTime) -> Option<(TaskKind, Times)> {
    let given =
        session.counting().filter_map(|dose| Some((dose.device_number?, dose.started.mono)));
    let (number, started) = given.max_by_key(|(number, _)| *number)?;
    let wanted = DEVICES.contains(&(number + 1)) && now.since(started) < DEVICE_EXPECTED;
    wanted.then(|| (TaskKind::NextDevice { number: number + 1 }, (started.plus(DEVICE_REST), None)))
}

fn task(what: TaskKind, (due, late): Times, now: Stamp) -> Task {
    let state = match late {
        Some(late) if late <= now.mono => TaskState::Overdue,
        Some(_) | None if due <= now.mono => TaskState::Due,
        Some(_) | None => TaskState::Upcoming,
    };
    Task { what, due: now.at_mono(due), state }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::SessionId;
    use crate::domain::input::SessionStart;
    use crate::domain::session::dose::{Dose, DoseId};

    fn at(minute: u64, second: u64) -> Stamp {
        Stamp::default().plus(Duration::from_secs(minute * 60 + second))
    }

    fn nasal(devices: &[(Option<u8>, u64)]) -> Session {
        let start = SessionStart {
            id: SessionId::from_bits(7),
            initials: "A.B.".into(),
            drug: "esketamine".into(),
            route: "nasal".into(),
            age_years: None,
            responsible: None,
        };
        let dose = |(number, minute): &(Option<u8>, u64)| Dose {
            device_number: *number,
            ..Dose::plain(DoseId::from_bits((*minute).into()), at(*minute, 0))
        };
        Session { doses: devices.iter().map(dose).collect(), ..Session::new(&start, at(0, 0)) }
    }

    /// Devices with their minutes, now, and what is told: number, minute, state.
    type Case<'a> = (&'a [(Option<u8>, u64)], Stamp, Option<(u8, u64, TaskState)>);

    #[test]
    fn after_a_device_the_next_one_rests_five_minutes_up_to_the_third() {
        let table: [Case<'_>; 8] = [
            (&[], at(10, 0), None),
            (&[(None, 10)], at(10, 0), None),
            (&[(Some(1), 10)], at(14, 59), Some((2, 15, TaskState::Upcoming))),
            (&[(Some(1), 10)], at(15, 0), Some((2, 15, TaskState::Due))),
            (&[(Some(1), 10)], at(24, 59), Some((2, 15, TaskState::Due))),
            (&[(Some(1), 10)], at(25, 0), None),
            (&[(Some(1), 10), (Some(2), 15)], at(16, 0), Some((3, 20, TaskState::Upcoming))),
            (&[(Some(1), 10), (Some(2), 15), (Some(3), 20)], at(21, 0), None),
        ];
        for (devices, now, expected) in table {
            let told = next_device(&nasal(devices), now.mono);
            let told = told.map(|(what, times)| task(what, times, now));
            let expected = expected.map(|(number, minute, state)| Task {
                what: TaskKind::NextDevice { number },
                due: at(minute, 0),
                state,
            });
            assert_eq!(told, expected, "{devices:?} {now:?}");
        }
    }

    #[test]
    fn a_voided_device_is_given_again() {
        let mut session = nasal(&[(Some(1), 10), (Some(2), 15)]);
        session.doses[1].voided = Some("kim".into());
        let told = next_device(&session, at(16, 0).mono);
        assert_eq!(told, Some((TaskKind::NextDevice { number: 2 }, (at(15, 0).mono, None))));
    }
}
