//! Laws of sessions, whatever order people and monitors come in: no session ends over a HIGH that
//! nobody has taken, and the time since the dose never runs backwards.

use std::time::Duration;

use dosevigil::domain::act::{self, Actor, Deed, Disposition, Refused, VisitDeed};
use dosevigil::domain::alarm::Priority;
use dosevigil::domain::alarm::occurrence::{
    Occurrence, Presence, SessionChange, Signal, Subject, Transition,
};
use dosevigil::domain::bed::Watch;
use dosevigil::domain::ids::{CommandId, OccurrenceId, SessionId};
use dosevigil::domain::reading::Validity;
use dosevigil::domain::role::Role;
use dosevigil::domain::session::checks::Checks;
use dosevigil::domain::session::dose::{DoseChange, DoseOrder};
use dosevigil::domain::time::WallTime;
use dosevigil::domain::ward::Ward;
use proptest::prelude::*;
use proptest::sample::select;

use crate::entering::SESSION;
use crate::history::{Act, Line};
use crate::player::Player;
use crate::support::{BED, START, TestWard, ketamine_iv, plan};

#[derive(Clone, Debug)]
enum Step {
    Known(Act),
    Ends {
        how: Disposition,
        checks: Checks,
        by: Actor,
        reason: Option<&'static str>,
    },
    /// Begun so many seconds ago.
    Dosed {
        ago: u64,
    },
    /// The newest dose ends.
    DoseOver,
    Moves,
    /// The service goes on from its checkpoint.
    Loaded,
}

fn any_step() -> impl Strategy<Value = Step> {
    let readings = vec![(205, 95), (186, 95), (186, 95), (126, 80), (75, 50)];
    let cuffs = (select(readings), 0..3_usize);
    let cuffs =
        cuffs.prop_map(|((sys, dia), cuff)| Act::Cuff { sys, dia, cuff, validity: Validity::Good });
    let rates = select(vec![Some(72), Some(145), None]);
    let samples =
        rates.prop_map(|rate| Act::Sample([rate, rate.map(|_| 97), None], Validity::Good));
    let others = select(vec![
        Act::SessionStarts,
        Act::DoseStarts,
        Act::DoseEnds,
        Act::Link(Line::OximeterLost),
        Act::Link(Line::OximeterBack),
        Act::PauseAudio,
        Act::PauseAlarms,
        Act::ResumeAlarms,
        Act::BeginStandby,
        Act::EndStandby,
        Act::Restart(Duration::from_secs(20)),
        Act::Observe { symptom: true, moaas: Some(2) },
        Act::Observe { symptom: false, moaas: Some(5) },
    ]);
    prop_oneof![
        3 => cuffs.prop_map(Step::Known),
        2 => samples.prop_map(Step::Known),
        3 => (0..3_usize).prop_map(|place| Step::Known(Act::Acknowledge(place))),
        4 => others.prop_map(Step::Known),
        4 => any_end(),
        1 => (0..600_u64).prop_map(|ago| Step::Dosed { ago }),
        1 => select(vec![Step::DoseOver, Step::Moves, Step::Loaded]),
    ]
}

fn any_end() -> impl Strategy<Value = Step> {
    let ordered = Actor { ordered_by: Some("Poe".into()), ..Actor::new("Kim", Role::Nurse) };
    let people = vec![Actor::new("Kim", Role::Nurse), Actor::new("Lee", Role::Lead), ordered];
    let ends = (
        select(Disposition::ALL.to_vec()),
        select(vec![Checks::ALL, Checks::default()]),
        select(people),
        select(vec![None, Some("because")]),
    );
    ends.prop_map(|(how, checks, by, reason)| Step::Ends { how, checks, by, reason })
}

/// Steps, each so many seconds after the one before.
fn history() -> impl Strategy<Value = Vec<(u64, Step)>> {
    let wait = select(vec![0, 1, 10, 40, 200, 1_800]);
    prop::collection::vec((wait, any_step()), 1..60)
}

/// One session at a time; a new one has the same name as the one that ended.
fn takes(player: &mut Player, step: &Step, command: &mut u128) -> Option<act::Answer> {
    let running = player.ward.shown().session;
    let now = player.ward.now;
    let mut does = |by: Actor, reason: Option<&str>, deed| {
        *command += 1;
        let reason = reason.map(Into::into);
        let command = CommandId::from_bits(3 << 64 | *command);
        Some(player.ward.take(&act::Act { command, by, reason, deed }))
    };
    let (session, lead) = (SESSION, Actor::new("Lee", Role::Lead));
    match step {
        Step::Known(Act::SessionStarts) if running.is_some() => None,
        Step::Known(act) => {
            player.lives(act);
            None
        }
        Step::Ends { how, checks, by, reason } => {
            let deed = Deed::EndSession { session, disposition: *how, checks: *checks };
            does(by.clone(), *reason, deed)
        }
        Step::Dosed { ago } => {
            let started: WallTime = now.wall.minus(Duration::from_secs(*ago));
            let dose = DoseOrder { started: Some(started), ..DoseOrder::default() };
            does(lead, Some("because"), Deed::Visit(VisitDeed::GiveDose { session, dose }))
        }
        Step::DoseOver => {
            let dose = running?.doses.last()?.id;
            let change = DoseChange::End { at: None, given_micrograms: None };
            does(lead, None, Deed::Visit(VisitDeed::ChangeDose { session, dose, change }))
        }
        Step::Moves => {
            does(lead, Some("because"), Deed::Visit(VisitDeed::MoveSession { session, bed: BED }))
        }
        Step::Loaded => {
            let plan = plan(1, Watch::Session, &ketamine_iv());
            player.ward.ward = Ward::load(plan, &player.ward.ward.save()).expect("a checkpoint");
            None
        }
    }
}

/// Of the bed: HIGH, there and not acknowledged.
fn untaken(ward: &TestWard) -> Vec<OccurrenceId> {
    let of_bed = ward.ward.occurrences().filter(|it| it.bed.is_some());
    let untaken = of_bed.filter(|it| {
        it.presence != Presence::Ended && it.priority == Priority::High && it.acknowledged.is_none()
    });
    untaken.map(|it| it.id).collect()
}

/// Was HIGH once, and nobody has taken it.
fn wants_an_answer(it: &Occurrence) -> bool {
    it.highest == Priority::High && it.acknowledged.is_none()
}

fn ends_session(it: &Transition) -> bool {
    matches!(it.subject, Subject::Session { change: SessionChange::Ended, .. })
}

fn ended_alarm(it: &Transition) -> Option<&Occurrence> {
    match &it.subject {
        Subject::Alarm { occurrence, .. } if occurrence.presence == Presence::Ended => {
            Some(occurrence)
        }
        Subject::Alarm { .. } | Subject::Session { .. } => None,
    }
}

fn play(steps: &[(u64, Step)], mut look: impl FnMut(&mut Player, &Step, &mut u128)) {
    let mut player = Player::of(TestWard::of(plan(1, Watch::Session, &ketamine_iv()), START));
    player.ward.session();
    let mut command = 0;
    for (wait, step) in steps {
        player.ward.advance(Duration::from_secs(*wait));
        player.ward.fresh.clear();
        look(&mut player, step, &mut command);
        player.ward.fresh.clear();
    }
}

/// The dose of the session that runs: whose it is, and how long ago.
fn since_dose(ward: &TestWard) -> Option<(SessionId, Duration)> {
    let shown = ward.shown();
    Some((shown.session?.id, shown.since_dose?))
}

proptest! {
    #[test]
    fn no_order_of_acts_ends_a_session_with_an_unacknowledged_high_in_silence(steps in history()) {
        // row:29 row:8 Goal: nor does it take the light of one that was HIGH before.
        play(&steps, |player, step, command| {
            player.ward.until(player.ward.now);
            let before = untaken(&player.ward);
            let ran = player.ward.shown().session.is_some();
            let answer = takes(player, step, command);
            let fresh = &player.ward.fresh;
            let ended = fresh.iter().any(ends_session);
            let runs = player.ward.shown().session.is_some();
            assert!(!ended || before.is_empty(), "{step:?} ended over {before:?}");
            assert_eq!(ran && !runs, ended, "an end is told, and only an end: {step:?}");
            if ended {
                for it in fresh.iter().filter_map(ended_alarm).filter(|it| wants_an_answer(it)) {
                    assert_eq!(it.signal, Signal::Latched, "{step:?}: {it:?}");
                }
            }
            if let (Step::Ends { .. }, true, Some(answer)) = (step, ran, answer)
                && !before.is_empty()
            {
                let named = matches!(
                    answer,
                    Err(Refused::HighUnacknowledged { occurrence }) if before.contains(&occurrence)
                );
                assert!(named, "{step:?}: {answer:?}");
            }
        });
    }

    #[test]
    fn the_time_since_the_dose_never_runs_backwards(steps in history()) {
        // safety:F3 Goal: nor is a dose forgotten, by a restart or otherwise.
        let mut newest = None;
        play(&steps, |player, step, command| {
            takes(player, step, command);
            if player.ward.fresh.iter().any(ends_session) {
                newest = None;
            }
            let now = since_dose(&player.ward);
            assert!(now >= newest, "{step:?}: {newest:?} became {now:?}");
            newest = now;
        });
    }
}
