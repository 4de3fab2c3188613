//! The ward does what the slow model of the tables does, over random histories.

use std::collections::BTreeSet;
use std::time::Duration;

use dosevigil::domain::alarm::occurrence::Change;
use dosevigil::domain::bed::Watch;

use crate::history::{Act, History, Random, STORIES, count};
use crate::model;
use crate::player::Player;
use crate::story::{Service, story};
use crate::support::{START, TestWard, nothing_required, plan};
use crate::timeline::{Key, Said, Timeline, timeline, told};

/// How long each history goes on after its last act.
const AFTER: Duration = Duration::from_secs(150);

fn of_the_ward(history: &History) -> Timeline {
    let ward = TestWard::of(plan(1, Watch::Session, &nothing_required()), START);
    let mut player = Player::of(ward.told_everything());
    let mut down = Duration::ZERO;
    for (at, act) in history {
        player.ward.until(START.plus(*at + down));
        player.lives(act);
        if let Act::Restart(time) = act {
            down += *time;
        }
    }
    player.ward.advance(AFTER);
    let transitions = std::mem::take(&mut player.ward.fresh);
    timeline(told(&transitions))
}

/// What is judged reading by reading, as states alone and without the mark of a missing input:
/// after a restart that goes when the reading is judged again, new or not.
fn without_frozen(told: Timeline) -> Timeline {
    let loosened = |(key, lines): (Key, Vec<Said>)| {
        if !["bp-high", "bp-low", "pre-dose", "discharge", "sedation"].contains(&&*key.0) {
            return (key, lines);
        }
        let mut states: Vec<Said> = Vec::new();
        for (at, of, said) in lines {
            let state = said.split_once(' ').map_or("", |(_, state)| state).replace(" frozen", "");
            let newest = states.iter().rfind(|(_, whose, _)| *whose == of);
            if newest.is_none_or(|(.., before)| *before != state) {
                states.push((at, of, state));
            }
        }
        (key, states)
    };
    told.into_iter().map(loosened).collect()
}

/// The first family that differs, line by line; `None`: they agree.
fn difference(history: &History) -> Option<String> {
    let ward = of_the_ward(history);
    let model = timeline(model::tells(history, AFTER).into_iter());
    let restarted = history.iter().any(|(_, act)| matches!(act, Act::Restart(_)));
    let [ward, model] =
        [ward, model].map(|told| if restarted { without_frozen(told) } else { told });
    let keys = ward.keys().chain(model.keys());
    let key = keys.into_iter().find(|key| ward.get(*key) != model.get(*key))?;
    let lines = |told: &Timeline| {
        let lines = told.get(key).into_iter().flatten();
        lines
            .map(|(at, _, said)| format!("  {:10.6} {said}\n", at.as_secs_f64()))
            .collect::<String>()
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
fn random_stories_go_as_the_tables_say() {
    // row:1 row:1a row:1b row:1c row:1p row:2 row:3 row:4 row:5 row:6 row:7 row:8 row:9 row:10
    // row:11 row:12 row:13 row:14 row:15 row:16 row:16a row:16b row:17 row:18 row:19 row:20 row:21
    // row:22 row:23 row:24 row:25 row:26 row:27 row:29 row:32
    agree(count(STORIES * 3 / 4), |random| story(random, Service::Runs));
}

#[test]
fn random_stories_with_restarts_go_as_the_tables_say() {
    // row:28
    agree(count(STORIES / 4), |random| story(random, Service::Restarts));
}

#[test]
fn the_stories_come_to_everything_that_the_model_knows() {
    // Goal: they are worth something only if all of it happens in them.
    let mut words = BTreeSet::new();
    for seed in 0..6_000 {
        let history = story(&mut Random::of(seed), Service::Restarts);
        for line in model::tells(&history, AFTER) {
            words.insert(line.change.to_owned());
            words.insert(line.key.0.name().to_owned());
            words.extend(line.said.split(' ').map(str::to_owned));
        }
    }
    let rules = model::preset::families();
    let rules = rules.iter().flat_map(|family| family.bands.iter().map(|band| band.rule));
    let changes = Change::ALL.iter().map(|change| change.name());
    let rest = ["B6", "B7", "B8", "T1", "T3", "clearing", "latched", "e3", "frozen", "restored"];
    let families =
        ["nobody-watching", "standby-overrun", "no-baseline", "monitoring-gap", "sedation"];
    let wanted = rules.chain(changes).chain(rest).chain(families);
    let missing: Vec<_> = wanted.filter(|word| !words.contains(*word)).collect();
    assert!(missing.is_empty(), "no story comes to {missing:?}");
}
