//! What was heard over many visits, as the tables that people read.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use dosevigil::domain::alarm::{AlarmFamily, Priority};
use dosevigil::domain::ids::RuleId;

use crate::visit::World;

/// Seconds in which a sustained high pressure has to be HIGH.
pub(crate) const HIGH_WITHIN_S: u64 = 180;

/// One occurrence that sounded.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    pub(crate) family: AlarmFamily,
    pub(crate) rule: Option<RuleId>,
    /// Its highest.
    pub(crate) priority: Priority,
    pub(crate) is_true: bool,
    pub(crate) needs_hand: bool,
}

/// What came of one visit.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) heard: Vec<Heard>,
    /// Seconds to HIGH of each sustained high pressure; `None`: never.
    pub(crate) sustained: Vec<Option<u64>>,
}

#[derive(Clone, Debug)]
pub(crate) struct Tally {
    pub(crate) world: World,
    heard: Vec<Heard>,
    sustained: Vec<Option<u64>>,
}

impl Tally {
    pub(crate) const fn of(world: World) -> Self {
        Self { world, heard: Vec::new(), sustained: Vec::new() }
    }

    pub(crate) fn add(&mut self, outcome: Outcome) {
        self.heard.extend(outcome.heard);
        self.sustained.extend(outcome.sustained);
    }

    fn count(&self, is: impl Fn(&&Heard) -> bool) -> usize {
        self.heard.iter().filter(is).count()
    }

    pub(crate) fn not_actionable(&self) -> usize {
        self.count(|it| !it.needs_hand)
    }

    fn in_time(&self) -> usize {
        self.sustained.iter().flatten().filter(|delay| **delay <= HIGH_WITHIN_S).count()
    }

    fn row(&self, shifts: f64) -> String {
        let name = match self.world {
            World::ByItself => "the cuff repeats by itself",
            World::Nurse => "a nurse repeats at 90 s",
            World::Nobody => "nobody repeats",
        };
        let a_shift = |count: usize| format!("{:.1}", count as f64 / shifts);
        let of = |priority| a_shift(self.count(|it| it.priority == priority));
        let mut delays: Vec<_> = self.sustained.iter().flatten().copied().collect();
        delays.sort_unstable();
        let seconds = |delay: Option<&u64>| delay.map_or("-".to_owned(), |s| format!("{s} s"));
        format!(
            "| {name} | {} | {} | {} | {} | {:.0} % | {} | {} of {} | {} | {} | {} |\n",
            a_shift(self.heard.len()),
            of(Priority::High),
            of(Priority::Medium),
            of(Priority::Low),
            100.0 * self.count(|it| it.is_true) as f64 / self.heard.len().max(1) as f64,
            a_shift(self.not_actionable()),
            self.in_time(),
            self.sustained.len(),
            self.sustained.iter().filter(|delay| delay.is_none()).count(),
            seconds(delays.get(delays.len() / 2)),
            seconds(delays.last()),
        )
    }

    /// Each rule's share, the loudest first.
    pub(crate) fn by_rule(&self) -> String {
        let mut rules: BTreeMap<String, (usize, usize, usize)> = BTreeMap::new();
        for it in &self.heard {
            let rule = it.rule.as_ref().map_or("", RuleId::as_str);
            let name = format!("{} {rule} {}", it.family.name(), it.priority.name());
            let sum = rules.entry(name).or_default();
            sum.0 += 1;
            sum.1 += usize::from(it.is_true);
            sum.2 += usize::from(it.needs_hand);
        }
        let mut rules: Vec<_> = rules.into_iter().collect();
        rules.sort_by_key(|(_, (all, ..))| std::cmp::Reverse(*all));
        let mut text = format!("{:?}: audible, true, actionable\n", self.world);
        for (name, (all, is_true, needs_hand)) in rules {
            writeln!(text, "{all:>8}{is_true:>8}{needs_hand:>8}  {name}").expect("memory");
        }
        text
    }
}

/// Markdown, as in the README.
pub(crate) fn table(shifts: u64, tallies: &[Tally]) -> String {
    let mut text = format!(
        "{shifts} shifts of 24 visits; alarms are a shift's\n\n\
         | who repeats | audible | HIGH | MEDIUM | LOW | true | not actionable \
         | ≥ 180/110 HIGH in 3 min | never HIGH | median | longest |\n\
         | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n"
    );
    for tally in tallies {
        text += &tally.row(shifts as f64);
    }
    text
}
