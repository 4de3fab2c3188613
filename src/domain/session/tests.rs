//! Phases and the time since the dose, over any doses.

use std::time::Duration;

use proptest::prelude::*;

use super::dose::{DoseChange, DoseOrder};
use super::*;
use crate::domain::act::Symptom;
use crate::domain::ids::Uuid;
use crate::domain::time::WallTime;

/// So many seconds after the session's start.
pub(super) fn at(second: u64) -> Stamp {
    let wall = i64::try_from(second).expect("small") * 1_000_000 + 1_795_342_507_000_000;
    let mono = MonoTime::from_micros((1_000 + second) * 1_000_000);
    Stamp { mono, wall: WallTime::from_micros(wall) }
}

pub(super) fn session(route: &str) -> Session {
    let start = SessionStart {
        id: Uuid::from_bits(7),
        initials: "A.B.".into(),
        drug: "ketamine".into(),
        route: route.into(),
        age_years: None,
        responsible: None,
    };
    Session::new(&start, at(0))
}

const MINUTE: u64 = 60;

/// Active for 30 min, observed for 60 min, from this mark.
fn preset(mark: DoseMark) -> AlarmPreset {
    let after = |minutes: u64| AfterDose { mark, lasts: Duration::from_secs(minutes * MINUTE) };
    let interval = Duration::from_secs(600);
    AlarmPreset {
        name: "test".into(),
        title: "Test".into(),
        version: "1".into(),
        drug: "ketamine".into(),
        routes: Vec::new(),
        approval: None,
        requires: Vec::new(),
        active: after(30),
        observe: after(60),
        intervals: Intervals {
            intake: interval,
            baseline: interval,
            active: interval,
            recovery: interval,
            discharge: interval,
            after_high: interval,
        },
        families: Vec::new(),
        due: Vec::new(),
        not_in_force: Vec::new(),
    }
}

/// From and to which minute each dose lasts.
type Spans<'a> = &'a [(u64, Option<u64>)];

fn dosed(doses: Spans<'_>) -> Session {
    let mut session = session("iv");
    for (place, (from, until)) in doses.iter().enumerate() {
        let ended = until.map(|minute| at(minute * MINUTE));
        let dose = Dose::plain(Uuid::from_bits(place as u128 + 1), at(from * MINUTE));
        session.doses.push(Dose { ended, ..dose });
    }
    session
}

/// When it changes by time alone, in minutes.
fn phase(session: &Session, mark: DoseMark, minute: u64) -> (&'static str, Option<u64>) {
    let (phase, due) = session.phase_at(&preset(mark), at(minute * MINUTE).mono);
    (phase.name(), due.map(|due| due.since(at(0).mono).as_secs() / MINUTE))
}

#[test]
fn before_the_dose_the_first_reading_decides() {
    let mut session = session("iv");
    assert_eq!(phase(&session, DoseMark::End, 5), ("intake", None));
    session.baseline_since = Some(at(60).mono);
    assert_eq!(phase(&session, DoseMark::End, 5), ("baseline", None));
}

#[test]
fn what_is_in_force_follows_the_phase_and_the_symptoms_that_count() {
    let mut session = session("iv");
    session.phase = Phase::Recovery;
    let now = |symptom| InForce { phase: Some(Phase::Recovery), symptom };
    session.symptoms = Symptoms::of(&[Symptom::Nausea]);
    assert_eq!(session.in_force(), now(SymptomState::None));
    session.symptoms = Symptoms::of(&[Symptom::ChestPain]);
    assert_eq!(session.in_force(), now(SymptomState::Entered));
}

#[test]
fn phases_last_from_the_doses_that_count() {
    let (start, end) = (DoseMark::Start, DoseMark::End);
    let table: [(Spans<'_>, DoseMark, u64, &str, Option<u64>); 17] = [
        (&[(0, None)], end, 500, "active", None),
        (&[(0, None)], start, 500, "active", None),
        (&[(0, Some(40))], end, 69, "active", Some(70)),
        (&[(0, Some(40))], end, 70, "recovery", Some(100)),
        (&[(0, Some(40))], end, 99, "recovery", Some(100)),
        (&[(0, Some(40))], end, 100, "discharge", None),
        (&[(0, Some(40))], start, 40, "recovery", Some(60)),
        // Whichever was entered first: the last end counts, and one that runs.
        (&[(10, Some(40)), (0, Some(5))], end, 69, "active", Some(70)),
        (&[(10, None), (0, Some(5))], end, 500, "active", None),
        // The clock of what is given in a moment starts at the first one (clinical 1.3).
        (&[(0, Some(0)), (5, Some(5)), (10, Some(10))], start, 29, "active", Some(30)),
        (&[(5, Some(5)), (0, Some(0)), (29, Some(29))], start, 30, "recovery", Some(60)),
        (&[(0, Some(0)), (29, Some(29))], start, 60, "discharge", None),
        // Another dose returns to active (contract 3.2).
        (&[(0, Some(0)), (30, Some(30))], start, 59, "active", Some(60)),
        (&[(0, Some(0)), (40, Some(40))], start, 70, "recovery", Some(100)),
        (&[(40, Some(40)), (0, Some(0)), (70, Some(70))], start, 99, "active", Some(100)),
        (&[(0, Some(0)), (40, Some(40)), (69, Some(69))], start, 71, "recovery", Some(100)),
        (&[(0, Some(20)), (90, Some(100))], end, 129, "active", Some(130)),
    ];
    for (doses, mark, minute, name, due) in table {
        let told = phase(&dosed(doses), mark, minute);
        assert_eq!(told, (name, due), "{doses:?} {mark:?} at {minute}");
    }
}

#[test]
fn a_span_of_no_length_ends_with_the_dose() {
    let mut preset = preset(DoseMark::Start);
    preset.active.lasts = Duration::ZERO;
    let session = dosed(&[(0, Some(0)), (0, Some(0)), (10, Some(10))]);
    let due = at(70 * MINUTE).mono;
    assert_eq!(session.phase_at(&preset, at(600).mono), (Phase::Recovery, Some(due)));
}

#[test]
fn a_dose_that_was_voided_is_as_if_it_had_not_been() {
    let mut session = dosed(&[(0, Some(0)), (20, None)]);
    session.baseline_since = Some(at(0).mono);
    assert_eq!(session.since_dose(at(1_500).mono), Some(Duration::from_secs(1_500)));
    session.doses[0].void(&"kim".into()).expect("it counts");
    assert_eq!(session.dose_start(), Some(at(20 * MINUTE)));
    assert_eq!(session.since_dose(at(1_500).mono), Some(Duration::from_secs(300)));
    assert_eq!(phase(&session, DoseMark::End, 500), ("active", None));
    session.doses[1].void(&"kim".into()).expect("it counts");
    assert_eq!((session.dose_start(), session.since_dose(at(1_500).mono)), (None, None));
    assert_eq!(phase(&session, DoseMark::End, 500), ("baseline", None));
}

#[test]
fn an_event_ends_what_runs_or_else_the_last_one() {
    let minute = |n: u64| at(n * MINUTE);
    let started = |n| DoseEvent::Started { at: minute(n) };
    let ended = |n| DoseEvent::Ended { at: minute(n) };
    let table: [(&[DoseEvent], Spans<'_>); 7] = [
        (&[started(1)], &[(1, None)]),
        (&[started(1), ended(5)], &[(1, Some(5))]),
        (&[started(1), ended(5), ended(7)], &[(1, Some(7))]),
        (&[ended(5)], &[(5, Some(5))]),
        (&[started(1), started(3), ended(5)], &[(1, Some(3)), (3, Some(5))]),
        (&[started(3), started(1), ended(5)], &[(3, Some(3)), (1, Some(5))]),
        (&[started(1), ended(2), started(3)], &[(1, Some(2)), (3, None)]),
    ];
    for (events, spans) in table {
        let mut session = session("iv");
        events.iter().for_each(|event| session.dose(*event));
        let expected = dosed(spans);
        assert_eq!(session.doses.len(), expected.doses.len(), "{events:?}");
        for (dose, expected) in session.doses.iter().zip(&expected.doses) {
            assert_eq!(
                (dose.id, dose.started, dose.ended),
                (expected.id, expected.started, expected.ended)
            );
        }
    }
}

#[test]
fn an_event_leaves_what_was_voided() {
    let mut session = session("iv");
    session.dose(DoseEvent::Started { at: at(60) });
    session.doses[0].void(&"kim".into()).expect("it counts");
    session.dose(DoseEvent::Ended { at: at(120) });
    let spans: Vec<_> = session.doses.iter().map(|it| (it.started, it.ended)).collect();
    assert_eq!(spans, [(at(60), None), (at(120), Some(at(120)))]);
}

/// Doses, each with how many minutes ago it is said to have started, and whether it has ended.
fn any_doses() -> impl Strategy<Value = Vec<(u64, u64, bool)>> {
    prop::collection::vec((0..60_u64, 0..100_u64, any::<bool>()), 1..8)
}

proptest! {
    #[test]
    fn the_time_since_the_dose_never_runs_backwards_while_doses_are_only_added(
        doses in any_doses(),
        nasal in any::<bool>(),
    ) {
        let mut session = session(if nasal { "nasal" } else { "iv" });
        let mut minute = 0;
        let mut before = None;
        for (place, (later, ago, end)) in doses.into_iter().enumerate() {
            minute += later;
            let now = at(minute * MINUTE);
            let since = session.since_dose(now.mono);
            prop_assert!(since >= before);
            let started = Some(now.wall.minus(Duration::from_secs(ago * MINUTE)));
            let ended = end.then_some(now.wall);
            let order = DoseOrder { started, ended, ..DoseOrder::default() };
            if let Ok(dose) = session.admit(Uuid::from_bits(place as u128 + 1), &order, now) {
                session.doses.push(dose);
            } else if let Some(dose) = session.doses.last_mut() {
                let change = DoseChange::End { at: None, given_micrograms: None };
                dose.change(change, now).ok();
            }
            prop_assert!(session.since_dose(now.mono) >= since);
            before = session.since_dose(now.mono);
        }
    }

    #[test]
    fn phases_go_forward_by_time_and_each_change_comes_when_it_was_said(
        doses in prop::collection::vec((0..200_u64, prop::option::of(0..60_u64)), 1..6),
        at_end in any::<bool>(),
    ) {
        let spans: Vec<_> =
            doses.iter().map(|(from, lasts)| (*from, lasts.map(|lasts| from + lasts))).collect();
        let session = dosed(&spans);
        let preset = preset(if at_end { DoseMark::End } else { DoseMark::Start });
        // From when all of it has happened.
        let mut now = at(260 * MINUTE).mono;
        let (mut phase, mut due) = session.phase_at(&preset, now);
        while let Some(next) = due {
            prop_assert!(next > now);
            let just_before = MonoTime::from_micros(next.as_micros() - 1);
            prop_assert_eq!(session.phase_at(&preset, just_before), (phase, due));
            now = next;
            let (then, when) = session.phase_at(&preset, now);
            prop_assert!(then > phase, "{:?} then {:?}", phase, then);
            (phase, due) = (then, when);
        }
        let ever = now.plus(Duration::from_secs(100_000));
        prop_assert_eq!(session.phase_at(&preset, ever), (phase, None));
        let running = spans.iter().any(|(_, until)| until.is_none());
        prop_assert_eq!(phase == Phase::Active, running);
    }

    #[test]
    fn pauses_move_no_phase(pauses in prop::collection::vec(1..20_u64, 1..6)) {
        let mut session = dosed(&[(0, None)]);
        let mut minute = 0;
        for length in pauses {
            for change in [DoseChange::Pause { at: None }, DoseChange::Resume { at: None }] {
                minute += length;
                session.doses[0].change(change, at(minute * MINUTE)).expect("it runs");
                for mark in [DoseMark::Start, DoseMark::End] {
                    prop_assert_eq!(self::phase(&session, mark, minute), ("active", None));
                }
            }
        }
    }
}

#[test]
fn the_next_cuff_reading_follows_the_phase_and_comes_sooner_after_a_high_one() {
    // rule:T1 Goal: no session 15 min; after a high reading never later than planned.
    let minutes = |n: u64| Duration::from_secs(n * MINUTE);
    let intervals = Intervals {
        intake: minutes(11),
        baseline: minutes(4),
        active: minutes(10),
        recovery: minutes(16),
        discharge: minutes(17),
        after_high: minutes(5),
    };
    assert_eq!(interval(None, &intervals), minutes(15));
    let table = [
        (Phase::Intake, 11, 5),
        (Phase::Baseline, 4, 4),
        (Phase::Active, 10, 5),
        (Phase::Recovery, 16, 5),
        (Phase::Discharge, 17, 5),
    ];
    for (phase, planned, after_high) in table {
        let mut session = Session { phase, ..session("iv") };
        assert_eq!(interval(Some(&session), &intervals), minutes(planned), "{phase:?}");
        for wanted in [1, 2] {
            session.after_high = wanted;
            assert_eq!(interval(Some(&session), &intervals), minutes(after_high), "{phase:?}");
        }
    }
}

#[test]
fn every_word_of_a_visit_is_the_wires() {
    use super::checks::Checks;
    use super::hand::{Arm, CuffSize};
    use super::task::{TaskKind, TaskState};
    assert_eq!(Arm::ALL.map(Arm::name), ["left", "right"]);
    assert_eq!(CuffSize::ALL.map(CuffSize::name), ["small", "adult", "large", "thigh"]);
    let tasks = [
        TaskKind::Baseline,
        TaskKind::CuffReading,
        TaskKind::TimedReading { id: "T2".into() },
        TaskKind::NextDevice { number: 2 },
        TaskKind::Discharge,
    ];
    let words = ["baseline", "cuff_reading", "timed_reading", "next_device", "discharge"];
    assert_eq!(tasks.each_ref().map(TaskKind::name), words);
    let states = [TaskState::Upcoming, TaskState::Due, TaskState::Overdue];
    assert_eq!(states.map(TaskState::name), ["upcoming", "due", "overdue"]);
    let some = Checks { oriented: true, escort: true, ..Checks::default() };
    let form = [
        ("awake", false),
        ("oriented", true),
        ("gait", false),
        ("symptoms_gone", false),
        ("escort", true),
    ];
    assert_eq!(some.all(), form);
}
