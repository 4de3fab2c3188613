//! The ward does what the slow model of the tables does, over random histories.

use std::time::Duration;

use dosevigil::domain::bed::Watch;

use crate::history::{History, Random, STORIES, count};
use crate::model;
use crate::player::Player;
use crate::story::{About, story};
use crate::support::{START, TestWard, nothing_required, plan};
use crate::timeline::{Timeline, timeline, told};

/// How long each history goes on after its last act.
const AFTER: Duration = Duration::from_secs(150);

/// Rules that no shipped preset has yet.
const WITHOUT: &[&str] = &[];

fn of_the_ward(history: &History) -> Timeline {
    let ward = TestWard::of(plan(1, Watch::Session, &nothing_required()), START);
    let mut player = Player::of(ward.told_everything());
    for (at, act) in history {
        player.ward.until(START.plus(*at));
        player.lives(act);
    }
    player.ward.advance(AFTER);
    let transitions = std::mem::take(&mut player.ward.fresh);
    timeline(told(&transitions))
}

/// The first family that differs, line by line; `None`: they agree.
fn difference(history: &History) -> Option<String> {
    let ward = of_the_ward(history);
    let model = timeline(model::tells(history, AFTER, WITHOUT).into_iter());
    let keys = ward.keys().chain(model.keys());
    let key = keys.into_iter().find(|key| ward.get(*key) != model.get(*key))?;
    let lines = |told: &Timeline| {
        let lines = told.get(key).into_iter().flatten();
        lines.map(|(at, said)| format!("  {:10.6} {said}\n", at.as_secs_f64())).collect::<String>()
    };
    Some(format!("{key:?}\nward:\n{}model:\n{}", lines(&ward), lines(&model)))
}

/// The same difference with as few acts as can be.
fn shrunk(mut history: History) -> History {
    let mut place = history.len();
    while place > 0 {
        place -= 1;
        let mut less = history.clone();
        less.remove(place);
        let still = std::panic::catch_unwind(|| difference(&less).is_some()).unwrap_or(true);
        if still {
            history = less;
            place = place.min(history.len());
        }
    }
    history
}

fn script(history: &History) -> String {
    let line = |(at, act): &(Duration, _)| format!("  {:10.6} {act:?}\n", at.as_secs_f64());
    history.iter().map(line).collect()
}

/// Plays the histories of all seeds below `count`, on every core; a seed that fails is printed with
/// its history, as short as it could be made.
fn agree(count: u64, history: impl Fn(&mut Random) -> History + Sync) {
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64);
    let first_failing = |core: u64| {
        let mut seeds = (core..count).step_by(cores.try_into().expect("a small number"));
        seeds.find(|seed| difference(&history(&mut Random::of(*seed))).is_some())
    };
    let first_failing = &first_failing;
    let failing = std::thread::scope(|scope| {
        let running: Vec<_> =
            (0..cores).map(|core| scope.spawn(move || first_failing(core))).collect();
        let joined = running.into_iter().map(|core| core.join().expect("no story panics"));
        joined.flatten().min()
    });
    if let Some(seed) = failing {
        let history = shrunk(history(&mut Random::of(seed)));
        let what = difference(&history).unwrap_or_default();
        panic!("seed {seed}: {what}history:\n{}", script(&history));
    }
}

#[test]
fn many() {
    let all = About { people: true, nurse: true, restarts: false };
    let mut seen = std::collections::BTreeSet::new();
    let mut out = String::new();
    for seed in 0..count(STORIES) {
        let history = story(&mut Random::of(seed), all);
        if difference(&history).is_some() {
            let history = shrunk(history);
            let what = difference(&history).unwrap_or_default();
            let kinds: std::collections::BTreeSet<_> = history
                .iter()
                .map(|(_, act)| format!("{act:?}").split([' ', '(']).next().unwrap().to_owned())
                .collect();
            if seen.insert(format!("{kinds:?}")) {
                out.push_str(&format!("seed {seed}: {what}history:\n{}\n", script(&history)));
            }
            if seen.len() > 4 {
                break;
            }
        }
    }
    assert!(out.is_empty(), "{out}");
}

#[test]
fn random_stories_end_as_the_tables_say() {
    let about = About { people: false, nurse: false, restarts: false };
    agree(count(STORIES), |random| story(random, about));
}
