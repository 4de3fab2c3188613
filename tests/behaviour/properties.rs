//! Laws that hold for every history: the ward depends on nothing but its inputs and their times.

use std::collections::BTreeMap;
use std::time::Duration;

use dosevigil::domain::alarm::AlarmFamily;
use dosevigil::domain::alarm::Priority;
use dosevigil::domain::alarm::occurrence::{Change, Presence, Subject, Transition};
use dosevigil::domain::bed::Watch;
use dosevigil::domain::ids::OccurrenceId;
use dosevigil::domain::input::Input;
use dosevigil::domain::reading::Validity;
use dosevigil::domain::time::{Stamp, WallTime};

use crate::history::{Act, History, Random, count, everything};
use crate::player::Player;
use crate::support::{START, TestWard, ketamine_iv, plan};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// How a history is played.
#[derive(Clone, Copy)]
struct Play {
    beds: u32,
    start: Stamp,
    /// Ticks at random moments in between, from this seed.
    ticks: Option<u64>,
}

const PLAIN: Play = Play { beds: 1, start: START, ticks: None };

fn play(history: &History, how: Play) -> Vec<Transition> {
    let preset = ketamine_iv();
    play_with(history, how, &preset)
}

fn play_with(
    history: &History,
    how: Play,
    preset: &std::sync::Arc<dosevigil::domain::alarm::rule::AlarmPreset>,
) -> Vec<Transition> {
    let mut player = Player::of(TestWard::of(plan(how.beds, Watch::Session, preset), how.start));
    player.ward.session();
    player.ward.dose();
    let mut random = how.ticks.map(Random::of);
    let mut down = Duration::ZERO;
    for (at, act) in history {
        let at = how.start.plus(*at + down);
        if let Some(random) = &mut random {
            idle(&mut player.ward, at, random);
        }
        player.ward.until(at);
        if let Act::Restart(time) = act {
            down += *time;
        }
        player.lives(act);
        high_is_never_hidden(&player.ward, act);
    }
    player.ward.advance(Duration::from_secs(120));
    std::mem::take(&mut player.ward.fresh)
}

/// A few ticks before `to`, none of them due.
fn idle(ward: &mut TestWard, to: Stamp, random: &mut Random) {
    for _ in 0..random.below(3) {
        let left = to.mono.since(ward.now.mono).as_micros();
        let Ok(left @ 1..) = u64::try_from(left) else { return };
        ward.advance(Duration::from_micros(random.below(left)));
        let from = ward.fresh.len();
        ward.step(&Input::Tick, ward.now);
        assert_eq!(ward.fresh.len(), from, "a transition without an input or a due deadline");
    }
}

/// A good reading over B1 leaves the family HIGH, whatever else it is.
fn high_is_never_hidden(ward: &TestWard, act: &Act) {
    let Act::Cuff { sys, dia, validity: Validity::Good, .. } = act else { return };
    if *sys >= 200 || *dia >= 120 {
        let open = ward
            .ward
            .occurrences()
            .find(|it| it.family == AlarmFamily::BpHigh && it.presence != Presence::Ended);
        assert_eq!(open.map(|open| open.priority), Some(Priority::High));
    }
}

fn histories() -> impl Iterator<Item = (u64, History)> {
    (0..count(300)).map(|seed| (seed, everything(&mut Random::of(seed))))
}

/// Lines of bay-1 and the service without what differs by number: ids.
fn lines(transitions: &[Transition], start: Stamp) -> Vec<String> {
    let ward = TestWard::of(plan(1, Watch::Session, &ketamine_iv()), start);
    transitions
        .iter()
        .map(|it| format!("{:?} {}", it.at.mono.since(start.mono), ward.line(it)))
        .collect()
}

#[test]
fn the_same_inputs_give_the_same_transitions_to_the_last_bit() {
    for (seed, history) in histories() {
        assert_eq!(play(&history, PLAIN), play(&history, PLAIN), "seed {seed}");
    }
}

#[test]
fn ticks_that_are_not_due_change_nothing() {
    for (seed, history) in histories() {
        let ticked = play(&history, Play { ticks: Some(seed), ..PLAIN });
        assert_eq!(ticked, play(&history, PLAIN), "seed {seed}");
    }
}

#[test]
fn another_day_gives_the_same_alarms_at_the_same_times_of_it() {
    let wall = START.wall.plus(DAY * 300).as_micros();
    let later = Stamp { mono: START.mono.plus(DAY), wall: WallTime::from_micros(wall) };
    for (seed, history) in histories() {
        let shifted = play(&history, Play { start: later, ..PLAIN });
        let plain = play(&history, PLAIN);
        assert_eq!(lines(&shifted, later), lines(&plain, START), "seed {seed}");
    }
}

#[test]
fn forty_nine_other_beds_change_nothing_for_this_one() {
    for (seed, history) in histories().take(60) {
        let among_many = play(&history, Play { beds: 50, ..PLAIN });
        assert_eq!(lines(&among_many, START), lines(&play(&history, PLAIN), START), "seed {seed}");
    }
}

#[test]
fn each_alarm_has_one_start_and_one_end_and_one_is_open_per_family_and_subject() {
    // row:22 safety:A3
    for (seed, history) in histories() {
        let mut open: BTreeMap<String, OccurrenceId> = BTreeMap::new();
        let mut begun: BTreeMap<OccurrenceId, bool> = BTreeMap::new();
        for transition in play(&history, PLAIN) {
            let Subject::Alarm { change, occurrence } = transition.subject else { continue };
            let key =
                format!("{:?} {:?} {:?}", occurrence.bed, occurrence.family, occurrence.subject);
            let ended = occurrence.presence == Presence::Ended;
            if change == Change::Raised {
                assert!(begun.insert(occurrence.id, ended).is_none(), "seed {seed}: two starts");
                if !ended {
                    let before = open.insert(key, occurrence.id);
                    assert_eq!(before, None, "seed {seed}: two open at once");
                }
                continue;
            }
            let over = begun.get_mut(&occurrence.id).expect("a start comes first");
            let after = matches!(change, Change::Acknowledged | Change::Restored);
            assert!(!*over || after, "seed {seed}: {change:?} after the end");
            if change == Change::Ended {
                *over = true;
                assert_eq!(open.remove(&key), Some(occurrence.id), "seed {seed}");
            }
        }
    }
}

#[test]
fn an_alarm_changes_its_priority_only_with_its_revision() {
    // row:13 row:14 row:15 row:16
    for (seed, history) in histories() {
        let mut known: BTreeMap<OccurrenceId, (u32, Priority)> = BTreeMap::new();
        for transition in play(&history, PLAIN) {
            let Subject::Alarm { occurrence, .. } = transition.subject else { continue };
            let now = (occurrence.revision, occurrence.priority);
            let before = known.insert(occurrence.id, now).unwrap_or(now);
            assert!(now.0 == before.0 || now.0 == before.0 + 1, "seed {seed}: a revision skipped");
            assert!(now.0 != before.0 || now.1 == before.1, "seed {seed}: {before:?} to {now:?}");
        }
    }
}
