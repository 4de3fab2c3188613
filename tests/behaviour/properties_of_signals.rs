//! Laws of what people silence, take and leave alone, over random histories with acts in between:
//! the invariants under the table of alarms 11.

use std::collections::BTreeMap;
use std::time::Duration;

use dosevigil::domain::act::Deed;
use dosevigil::domain::alarm::inactivation::{ALARM_PAUSE, AUDIO_PAUSE, STANDBY_MAX};
use dosevigil::domain::alarm::occurrence::{
    Change, Occurrence, Presence, Signal, Subject, Transition,
};
use dosevigil::domain::alarm::{AlarmFamily, Priority};
use dosevigil::domain::bed::Watch;
use dosevigil::domain::ids::OccurrenceId;
use dosevigil::domain::input::{Input, Sound, Watching};
use dosevigil::domain::time::{Stamp, WallTime};
use dosevigil::domain::view::BedView;
use dosevigil::domain::ward::Ward;

use crate::history::{Act, Random, count, everything};
use crate::player::Player;
use crate::support::{BED, START, TestWard, ketamine_iv, plan};

/// What happens at one moment, beside what monitors and nurses of `history` do.
#[derive(Clone, Debug)]
enum Step {
    Known(Act),
    Deed(Deed),
    /// The occurrence at this place has no receipt.
    Unreceived(usize),
    Watched,
    Unwatched,
    /// The service goes on from its checkpoint.
    Loaded,
}

/// What a `TestWard` does not look at.
const BESIDES: [AlarmFamily; 2] = [AlarmFamily::NoBaseline, AlarmFamily::Frozen];

type Steps = Vec<(Duration, Step)>;

/// A history of `everything` with two dozen acts on the bed's signals.
fn steps(seed: u64) -> Steps {
    let mut random = Random::of(seed);
    let history = everything(&mut random);
    let end = history.last().map_or(0, |(at, _)| at.as_secs()).max(1);
    let mut steps: Steps = history.into_iter().map(|(at, act)| (at, Step::Known(act))).collect();
    for _ in 0..24 {
        let at = Duration::from_millis(random.below(end * 4) * 250 + 125);
        let step = match random.below(13) {
            0..3 => Step::Deed(Deed::PauseAudio { bed: BED }),
            3 => Step::Deed(Deed::ResumeAudio { bed: BED }),
            4 | 5 => Step::Deed(Deed::PauseAlarms { bed: BED }),
            6 => Step::Deed(Deed::ResumeAlarms { bed: BED }),
            7 => Step::Deed(Deed::BeginStandby { bed: BED }),
            8 => Step::Deed(Deed::EndStandby { bed: BED }),
            9 => Step::Unreceived(usize::try_from(random.below(4)).expect("small")),
            10 => Step::Unwatched,
            11 => Step::Watched,
            _ => Step::Loaded,
        };
        steps.push((at, step));
    }
    steps.sort_by_key(|(at, _)| *at);
    steps
}

fn play(steps: &Steps, start: Stamp, mut look: impl FnMut(&TestWard)) -> TestWard {
    let mut player = Player::of(TestWard::of(plan(1, Watch::Session, &ketamine_iv()), start));
    player.ward.session();
    player.ward.dose();
    let mut down = Duration::ZERO;
    for (at, step) in steps {
        let ward = &mut player.ward;
        ward.until(start.plus(*at + down));
        match step {
            Step::Known(act) => {
                if let Act::Restart(time) = act {
                    down += *time;
                }
                player.lives(act);
            }
            // Refusals are a part of it.
            Step::Deed(deed) => drop(ward.act("Kim", deed.clone())),
            Step::Unreceived(place) => {
                let shown = ward.ward.occurrences().nth(*place).map(|it| (it.id, it.revision));
                if let Some((occurrence, revision)) = shown {
                    ward.input(&Input::Unreceived { occurrence, revision });
                }
            }
            Step::Watched | Step::Unwatched => {
                let unwatched = if matches!(step, Step::Watched) { vec![] } else { vec![BED] };
                ward.input(&Input::Watching(Watching { unwatched, sound: Sound::Heard }));
            }
            Step::Loaded => {
                let plan = plan(1, Watch::Session, &ketamine_iv());
                ward.ward = Ward::load(plan, &ward.ward.save()).expect("a checkpoint");
            }
        }
        look(&player.ward);
    }
    player.ward.advance(Duration::from_secs(700));
    look(&player.ward);
    player.ward
}

fn view(ward: &TestWard) -> BedView {
    ward.ward.beds()[0].view(ward.now)
}

fn of_bed(ward: &TestWard) -> impl Iterator<Item = &Occurrence> {
    ward.ward.occurrences().filter(|it| it.bed.is_some())
}

fn seeds() -> std::ops::Range<u64> {
    0..count(150)
}

#[test]
fn no_present_high_is_without_a_light_or_a_countdown_that_is_shown() {
    // row:18 row:26 row:32 Goal: nor is anything silent without one, or told after its end.
    for seed in seeds() {
        let mut ward = play(&steps(seed), START, |ward| {
            let view = view(ward);
            for it in of_bed(ward) {
                let countdown = view.audio_paused.is_some()
                    || view.alarm_paused.is_some()
                    || view.standby.is_some();
                let told = match it.signal {
                    Signal::Active | Signal::Acknowledged => it.presence != Presence::Ended,
                    Signal::Paused => it.presence != Presence::Ended && countdown,
                    Signal::Latched => {
                        it.presence == Presence::Ended && it.highest == Priority::High
                    }
                    Signal::None => false,
                };
                assert!(told, "seed {seed}: {it:?}");
            }
        });
        ward.fresh.clear();
    }
}

#[test]
fn every_pause_has_an_end_and_nothing_sounds_under_one() {
    // row:18 row:19 row:26 row:32 safety:A5
    for seed in seeds() {
        let mut ward = play(&steps(seed), START, |ward| {
            let view = view(ward);
            let left = |until: Stamp| until.mono.since(ward.now.mono);
            if let Some(audio) = &view.audio_paused {
                assert!(left(audio.until) <= AUDIO_PAUSE && left(audio.until) > Duration::ZERO);
                let sounds = of_bed(ward).any(|it| it.signal == Signal::Active);
                assert!(!sounds, "seed {seed}: something sounds under a pause");
                assert!(of_bed(ward).any(|it| it.signal == Signal::Paused), "seed {seed}");
            }
            if let Some(alarms) = &view.alarm_paused {
                assert!(left(alarms.until) <= ALARM_PAUSE && left(alarms.until) > Duration::ZERO);
            }
            if let Some(standby) = &view.standby {
                let until = standby.until.map(|until| until.mono.since(standby.since.mono));
                assert_eq!(until.is_some(), view.session.is_some(), "seed {seed}");
                assert!(until.is_none_or(|length| length <= STANDBY_MAX), "seed {seed}");
            }
        });
        let view = view(&ward);
        assert!(view.audio_paused.is_none() && view.alarm_paused.is_none(), "seed {seed}");
        ward.fresh.clear();
    }
}

#[test]
fn each_start_has_one_end_whatever_people_silence() {
    // safety:A3 row:29 row:32
    for seed in seeds() {
        let mut ward = play(&steps(seed), START, |_| {});
        let mut over: BTreeMap<OccurrenceId, bool> = BTreeMap::new();
        for transition in std::mem::take(&mut ward.fresh) {
            let Subject::Alarm { change, occurrence } = transition.subject else { continue };
            if BESIDES.contains(&occurrence.family) {
                continue;
            }
            let latched = occurrence.signal == Signal::Latched;
            match change {
                Change::Raised => {
                    let ended = occurrence.presence == Presence::Ended;
                    assert!(over.insert(occurrence.id, ended).is_none(), "seed {seed}: two starts");
                }
                Change::Ended => {
                    let before = over.insert(occurrence.id, true);
                    assert_eq!(before, Some(false), "seed {seed}: an end without one start");
                }
                Change::Acknowledged | Change::Restored => {}
                Change::Confirming
                | Change::Confirmed
                | Change::Escalated
                | Change::Updated
                | Change::Clearing
                | Change::Returned
                | Change::Frozen
                | Change::Thawed
                | Change::Paused
                | Change::Resumed
                | Change::Reminded
                | Change::Unresolved
                | Change::SteppedUp => {
                    assert_eq!(over.get(&occurrence.id), Some(&false), "seed {seed}: {change:?}");
                    assert!(!latched, "seed {seed}: {change:?} of a latched one");
                }
            }
        }
        let open = ward.ward.occurrences().filter(|it| it.presence != Presence::Ended);
        for it in open.filter(|it| !BESIDES.contains(&it.family)) {
            assert_eq!(over.remove(&it.id), Some(false), "seed {seed}: {it:?}");
        }
        assert!(over.values().all(|over| *over), "seed {seed}: {over:?}");
    }
}

#[test]
fn a_step_never_falls_while_nobody_has_taken_the_alarm_unless_it_is_told_anew() {
    // row:13 row:20 row:23 Goal: and never rises but by a step that is told, one at a time or to
    // the second where nobody watches.
    for seed in seeds() {
        let mut ward = play(&steps(seed), START, |_| {});
        let mut known: BTreeMap<OccurrenceId, (u8, bool)> = BTreeMap::new();
        for transition in std::mem::take(&mut ward.fresh) {
            let Subject::Alarm { change, occurrence } = transition.subject else { continue };
            let now = (occurrence.escalation, occurrence.acknowledged.is_some());
            let (step, taken) = known.insert(occurrence.id, now).unwrap_or(now);
            let anew = matches!(
                change,
                Change::Escalated | Change::Confirmed | Change::Confirming | Change::Unresolved
            );
            if now.0 < step {
                assert!(now.0 == 0 && (anew || taken), "seed {seed}: {change:?} {occurrence:?}");
            }
            if now.0 > step {
                assert_eq!(change, Change::SteppedUp, "seed {seed}");
                assert!(now.0 == step + 1 || (step, now.0) == (0, 2), "seed {seed}");
                assert!(occurrence.priority > Priority::Low || occurrence.highest > Priority::Low);
            }
        }
    }
}

#[test]
fn another_day_gives_the_same_signals_at_the_same_times_of_it() {
    let day = Duration::from_secs(24 * 3600);
    let wall = WallTime::from_micros(START.wall.plus(day * 300).as_micros());
    let later = Stamp { mono: START.mono.plus(day), wall };
    let lines = |steps: &Steps, start: Stamp| {
        let mut ward = play(steps, start, |_| {});
        let told = std::mem::take(&mut ward.fresh);
        let at = |it: &Transition| format!("{:?} {}", it.at.mono.since(start.mono), ward.line(it));
        told.iter().map(at).collect::<Vec<_>>()
    };
    for seed in seeds() {
        let steps = steps(seed);
        assert_eq!(lines(&steps, later), lines(&steps, START), "seed {seed}");
    }
}
