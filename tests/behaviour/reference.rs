//! A slow, obvious model of a continuous family, written from rows 1 to 14 of alarms 11 and the
//! preset's numbers of contract 3.2, and compared with the ward over random histories.
//!
//! It keeps all samples and asks them anew at every moment at which something could change. Where
//! the tables leave a choice, it takes that of the code's docs: the period is learned fast down
//! and slowly up; a gap is no dip; the length of a dip is judged at samples that do not violate.

use std::collections::BTreeSet;
use std::time::Duration;

use dosevigil::domain::alarm::AlarmFamily;
use dosevigil::domain::reading::Validity;

use crate::history::{Act, History, Random, continuous, count, sample};
use crate::support::{OXIMETER_LINE, START, TestWard, seconds};
use crate::timeline::{note, said};

/// One timed limit; two with the same rank are components of one rule.
struct Timed {
    rank: usize,
    rule: &'static str,
    priority: &'static str,
    violates: fn(i32, Validity) -> bool,
    clear: fn(i32) -> bool,
    td: u64,
}

/// A family and the place of its metric in a sample.
struct Family {
    family: AlarmFamily,
    place: usize,
    limits: Vec<Timed>,
}

fn families() -> Vec<Family> {
    let timed = |rank, rule, priority, violates, clear, td| Timed {
        rank,
        rule,
        priority,
        violates,
        clear,
        td,
    };
    vec![
        Family {
            family: AlarmFamily::HrHigh,
            place: 0,
            limits: vec![
                timed(0, "H2", "high", |v, _| v > 140, |v| v <= 138, 15),
                timed(1, "H1", "medium", |v, _| v > 120, |v| v <= 118, 30),
                timed(2, "H3", "low", |v, _| v > 110, |v| v <= 108, 60),
            ],
        },
        Family {
            family: AlarmFamily::SpO2Low,
            place: 1,
            limits: vec![
                timed(0, "O2", "high", |v, _| v <= 85, |v| v >= 86, 10),
                timed(1, "O1", "medium", |v, _| v <= 90, |v| v >= 91, 15),
                timed(2, "O3", "low", |v, _| v <= 93, |v| v >= 94, 60),
            ],
        },
        Family {
            family: AlarmFamily::RespLow,
            place: 2,
            limits: vec![
                timed(0, "R1", "high", |v, _| v < 8, |v| v >= 9, 30),
                timed(0, "R1", "high", |v, q| v == 0 && q == Validity::Good, |v| v >= 9, 0),
                timed(1, "R2", "medium", |v, _| v < 10, |v| v >= 11, 60),
            ],
        },
    ]
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Normal,
    Pending { since: Duration, lost: Option<Duration> },
    Present,
    Clearing { since: Duration },
}

/// A sample of one metric.
#[derive(Clone, Copy)]
struct Seen {
    at: Duration,
    value: Option<i32>,
    validity: Validity,
}

struct Open {
    onset: Duration,
    rank: usize,
    revision: u32,
    was_high: bool,
    shown: String,
}

struct Model<'a> {
    family: &'a Family,
    seen: Vec<Seen>,
    /// When each sample's value turns grey.
    grey: Vec<Duration>,
    states: Vec<State>,
    missing: bool,
    open: Option<Open>,
    due: BTreeSet<Duration>,
    told: Vec<(Duration, String)>,
}

/// What the family tells over a history: each change with its time.
fn model(family: &Family, history: &History) -> Vec<(Duration, String)> {
    let mut model = Model {
        family,
        seen: Vec::new(),
        grey: Vec::new(),
        states: vec![State::Normal; family.limits.len()],
        missing: true,
        open: None,
        due: BTreeSet::new(),
        told: Vec::new(),
    };
    for (at, act) in history {
        model.until(*at);
        let Act::Sample(values, validity) = act else { continue };
        let value = values[family.place];
        model.sample(Seen { at: *at, value, validity: *validity });
    }
    let end = history.last().map_or(Duration::ZERO, |(at, _)| *at);
    model.until(end + seconds(120));
    model.told
}

impl Model<'_> {
    fn until(&mut self, at: Duration) {
        while let Some(due) = self.due.first().copied().filter(|due| *due <= at) {
            self.due.remove(&due);
            self.time(due);
        }
    }

    /// The gap that values usually come at.
    fn period(&self, upto: usize) -> Duration {
        self.seen[..upto].windows(2).fold(seconds(1), |period, two| {
            let gap = (two[1].at - two[0].at).min(seconds(10));
            if gap < period { (period + gap) / 2 } else { period + (gap - period) / 8 }
        })
    }

    fn grey_at(&self, upto: usize) -> Duration {
        self.grey[upto - 1]
    }

    fn violates(&self, limit: usize, seen: &Seen) -> bool {
        seen.value.is_some_and(|v| (self.family.limits[limit].violates)(v, seen.validity))
    }

    /// Seconds that did not violate between `since` and `at`: a sample lasts until the next.
    fn dips(&self, limit: usize, since: Duration, at: Duration) -> Duration {
        let timer = since + seconds(self.family.limits[limit].td);
        let valid: Vec<_> =
            (0..self.seen.len()).filter(|i| self.seen[*i].value.is_some()).collect();
        let mut dips = Duration::ZERO;
        for (place, &i) in valid.iter().enumerate() {
            let from = self.seen[i].at;
            if from < since || from >= at || self.violates(limit, &self.seen[i]) {
                continue;
            }
            let next = valid.get(place + 1).map_or(at, |&next| self.seen[next].at.min(at));
            let absent = self.seen.get(i + 1).filter(|seen| seen.value.is_none());
            let grey = self.grey_at(i + 1);
            let ends = absent.map_or(grey, |absent| absent.at.min(grey));
            let gap = next > ends;
            let until = if !gap {
                next
            } else if from < timer && timer < ends {
                timer
            } else {
                from
            };
            dips += until - from;
        }
        dips
    }

    fn tolerated(&self, limit: usize, since: Duration, at: Duration) -> bool {
        self.dips(limit, since, at) * 5 <= at - since
    }

    /// Row 9, 10: no fresh valid value.
    fn gone(&mut self, at: Duration) {
        self.missing = true;
        for state in &mut self.states {
            match state {
                State::Pending { lost, .. } => *lost = lost.or(Some(at)),
                State::Clearing { .. } => *state = State::Present,
                State::Normal | State::Present => {}
            }
        }
    }

    /// A higher rank is present, so the hazard has been declared for this one.
    fn declared(&self, limit: usize) -> bool {
        let rank = self.family.limits[limit].rank;
        let higher = self.family.limits.iter().zip(&self.states).filter(|(it, _)| it.rank < rank);
        higher.into_iter().any(|(_, state)| is_told(*state))
    }

    fn time(&mut self, at: Duration) {
        if !self.seen.is_empty() && at > self.grey_at(self.seen.len()) {
            self.gone(at);
        }
        for limit in 0..self.states.len() {
            let td = seconds(self.family.limits[limit].td);
            let newest = self.seen.iter().rfind(|seen| seen.value.is_some()).copied();
            let violates = newest.is_some_and(|newest| self.violates(limit, &newest));
            self.states[limit] = match self.states[limit] {
                State::Pending { lost: None, .. } if violates && self.declared(limit) => {
                    State::Present
                }
                State::Pending { since, lost: None } if at == since + td => {
                    match (violates, self.tolerated(limit, since, at)) {
                        (true, true) => State::Present,                        // row 4
                        (false, true) => State::Pending { since, lost: None }, // row 4
                        (_, false) => State::Normal,                           // row 5
                    }
                }
                State::Clearing { since } if at >= since + seconds(10) => State::Normal, // row 8
                State::Normal | State::Pending { .. } | State::Present | State::Clearing { .. } => {
                    self.states[limit]
                }
            };
        }
        self.tell(at);
    }

    fn sample(&mut self, seen: Seen) {
        let at = seen.at;
        self.seen.push(seen);
        let grey = (self.period(self.seen.len()) * 3).max(seconds(5)).as_micros();
        self.grey.push(at + Duration::from_micros(grey.try_into().expect("a short time")));
        if let Some(value) = seen.value {
            self.missing = false;
            for limit in 0..self.states.len() {
                self.states[limit] = self.judged(limit, &seen, value);
            }
            self.due.insert(self.grey_at(self.seen.len()) + Duration::from_micros(1));
        } else {
            self.gone(at);
        }
        self.tell(at);
    }

    fn judged(&mut self, limit: usize, seen: &Seen, value: i32) -> State {
        let Timed { td, clear, .. } = self.family.limits[limit];
        let (at, td) = (seen.at, seconds(td));
        let violates = self.violates(limit, seen);
        let clear = clear(value) && seen.validity == Validity::Good;
        let begin = |due: &mut BTreeSet<Duration>| {
            due.insert(at + td);
            State::Pending { since: at, lost: None } // row 2
        };
        match self.states[limit] {
            State::Normal if !violates => State::Normal,
            State::Normal if td.is_zero() || self.declared(limit) => State::Present, // row 1
            State::Normal => begin(&mut self.due),
            State::Pending { .. } if violates && self.declared(limit) => State::Present,
            State::Pending { lost: Some(lost), .. } if at - lost >= seconds(15) => {
                if violates { begin(&mut self.due) } else { State::Normal } // row 11
            }
            State::Pending { since, .. } if violates && at - since >= td => {
                if self.tolerated(limit, since, at) {
                    State::Present // row 3
                } else {
                    begin(&mut self.due) // row 5, then row 2
                }
            }
            State::Pending { since, .. } if violates => {
                self.due.insert(since + td);
                State::Pending { since, lost: None }
            }
            State::Pending { since, .. } => {
                let before = self.seen.iter().rev().filter(|seen| seen.value.is_some());
                let dip = before.take_while(|seen| !self.violates(limit, seen)).last();
                let lasted = at - dip.expect("this sample at least").at;
                let too_long = lasted > (self.period(self.seen.len()) * 3).max(seconds(3));
                let over = at - since >= td && !self.tolerated(limit, since, at);
                if !too_long && !over && at < since + td {
                    self.due.insert(since + td);
                }
                if too_long || over { State::Normal } else { State::Pending { since, lost: None } }
            }
            State::Present if clear => {
                self.due.insert(at + seconds(10));
                State::Clearing { since: at } // row 6
            }
            State::Clearing { since } if clear => State::Clearing { since },
            State::Present | State::Clearing { .. } => State::Present, // row 7
        }
    }

    /// Which rank governs, and what the occurrence says then.
    fn tell(&mut self, at: Duration) {
        let told: Vec<_> = (0..self.states.len()).filter(|i| is_told(self.states[*i])).collect();
        let rank = told.iter().map(|i| self.family.limits[*i].rank).min();
        let present = self.states.contains(&State::Present);
        let Some(rank) = rank else {
            self.over(at);
            return;
        };
        let limit = self.family.limits.iter().find(|it| it.rank == rank).expect("its rank");
        if self.open.is_none() {
            self.due.insert(at + seconds(5));
        }
        let frozen = self.missing;
        let open = self.open.get_or_insert_with(|| Open {
            onset: at,
            rank,
            revision: 1,
            was_high: false,
            shown: String::new(),
        });
        if open.rank != rank {
            (open.rank, open.revision) = (rank, open.revision + 1);
        }
        open.was_high |= limit.priority == "high";
        let condition = if present { "present" } else { "clearing" };
        let Timed { rule, priority, .. } = limit;
        let mark = if frozen { " frozen" } else { "" };
        open.shown = format!("{rule} {priority} {condition} active r{}{mark}", open.revision);
        let shown = open.shown.clone();
        note(&mut self.told, at, shown);
    }

    /// Row 8: shown for at least five seconds.
    fn over(&mut self, at: Duration) {
        let Some(open) = self.open.as_mut() else { return };
        let limit = self.family.limits.iter().find(|it| it.rank == open.rank).expect("its rank");
        let Timed { rule, priority, .. } = limit;
        let said = if at < open.onset + seconds(5) {
            let mark = if open.shown.ends_with("frozen") { " frozen" } else { "" };
            format!("{rule} {priority} clearing active r{}{mark}", open.revision)
        } else {
            let signal = if open.was_high { "latched" } else { "none" };
            format!("{rule} {priority} ended {signal} r{}", open.revision)
        };
        if said.contains("ended") {
            self.open = None;
        }
        note(&mut self.told, at, said);
    }
}

fn is_told(state: State) -> bool {
    matches!(state, State::Present | State::Clearing { .. })
}

#[test]
fn the_continuous_families_do_what_a_slow_model_of_the_tables_does() {
    // row:2 row:3 row:4 row:5 row:6 row:7 row:8 row:9 row:10 row:11 row:12 row:13 row:14
    let families = families();
    let mut words = BTreeSet::new();
    for seed in 0..count(2_000) {
        let history = continuous(&mut Random::of(seed));
        let mut ward = TestWard::active();
        for (at, act) in &history {
            let Act::Sample(values, validity) = act else { continue };
            ward.until(START.plus(*at));
            ward.message(OXIMETER_LINE, "oximeter", sample(*values, *validity));
        }
        ward.advance(seconds(120));
        let transitions = std::mem::take(&mut ward.fresh);
        for family in &families {
            let (told, expected) = (said(&transitions, family.family), model(family, &history));
            words.extend(told.iter().flat_map(|(_, said)| said.split(' ').map(str::to_owned)));
            assert_eq!(
                told,
                expected,
                "seed {seed}, {}, history:\n{}",
                family.family.name(),
                values(&history, family.place)
            );
        }
    }
    // The histories are worth something only if all of it happens in them.
    let words_wanted = ["H1", "H2", "H3", "O1", "O2", "O3", "R1", "R2", "clearing", "latched"];
    for word in words_wanted.into_iter().chain(["none", "frozen", "r3"]) {
        assert!(words.contains(word), "no history comes to {word}");
    }
}

fn values(history: &History, place: usize) -> String {
    let mut lines = String::new();
    for (at, act) in history {
        if let Act::Sample(values, validity) = act {
            lines.push_str(&format!("{at:?} {:?} {validity:?}\n", values[place]));
        }
    }
    lines
}
