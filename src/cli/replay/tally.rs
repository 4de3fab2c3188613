//! Transitions → how many alarms they were: per rule and priority, and per hour of a patient.
//!
//! An alarm is one occurrence, counted under the rule and priority that it was raised with. Where
//! an open one becomes worse, it counts as escalated under the rule and priority that it comes to.
//! Audible is what makes a nurse look up: raises and escalations of MEDIUM and HIGH. Hours are
//! those of sessions; alarms outside any session are counted apart.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::time::Duration;

use crate::domain::alarm::occurrence::{
    Change, Occurrence, Presence, SessionChange, Subject, Transition,
};
use crate::domain::alarm::{AlarmFamily, AlarmKind, Priority};
use crate::domain::ids::{BedId, OccurrenceId, RuleId};
use crate::domain::time::MonoTime;

/// A line of the summary: physiological families first, then by rule, the highest priority first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    family: AlarmFamily,
    rule: Option<RuleId>,
    priority: Reverse<Priority>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) raised: u64,
    pub(super) escalated: u64,
}

/// What a replay counts up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// Time of sessions.
    pub(super) monitored: Duration,
    pub(super) transitions: u64,
    pub(super) rows: BTreeMap<Key, Count>,
    /// Alarms while no session ran.
    pub(super) outside: u64,
    /// Priorities of the alarms that are not over.
    open: BTreeMap<OccurrenceId, Priority>,
    sessions: BTreeMap<BedId, MonoTime>,
}

impl Key {
    fn of(occurrence: &Occurrence) -> Self {
        let (family, rule) = (occurrence.family, occurrence.rule.clone());
        Self { family, rule, priority: Reverse(occurrence.priority) }
    }

    pub(super) const fn family(&self) -> AlarmFamily {
        self.family
    }

    pub(super) const fn kind(&self) -> &'static str {
        kind(self.family)
    }

    /// Empty for a family without rules.
    pub(super) fn rule(&self) -> &str {
        self.rule.as_ref().map_or("", RuleId::as_str)
    }

    pub(super) const fn priority(&self) -> Priority {
        self.priority.0
    }
}

/// physiological | technical
pub(super) const fn kind(family: AlarmFamily) -> &'static str {
    match family.kind() {
        AlarmKind::Physiological => "physiological",
        AlarmKind::Technical => "technical",
    }
}

impl Tally {
    pub(super) fn count(&mut self, transition: &Transition) {
        self.transitions += 1;
        match &transition.subject {
            Subject::Alarm { change, occurrence } => self.alarm(*change, occurrence),
            Subject::Session { change, bed, .. } => {
                self.session(*change, bed, transition.at.mono);
            }
        }
    }

    /// Sessions that still run have lasted until `now`.
    pub(super) fn end(&mut self, now: MonoTime) {
        for started in std::mem::take(&mut self.sessions).into_values() {
            self.monitored += now.since(started);
        }
    }

    /// Both together.
    pub(super) fn add(&mut self, other: &Self) {
        self.monitored += other.monitored;
        self.transitions += other.transitions;
        self.outside += other.outside;
        for (key, count) in &other.rows {
            let row = self.rows.entry(key.clone()).or_default();
            row.raised += count.raised;
            row.escalated += count.escalated;
        }
    }

    /// All alarms of sessions.
    pub(super) fn raised(&self) -> u64 {
        self.rows.values().map(|count| count.raised).sum()
    }

    /// Raises and escalations of MEDIUM and HIGH.
    pub(super) fn audible(&self) -> u64 {
        let loud = self.rows.iter().filter(|(key, _)| key.priority() > Priority::Low);
        loud.map(|(_, count)| count.raised + count.escalated).sum()
    }

    /// Per patient-hour; `None` where no session ran.
    pub(super) fn per_hour(&self, count: u64) -> Option<f64> {
        let hours = self.hours();
        #[expect(clippy::cast_precision_loss, reason = "a count of alarms, for people to read")]
        (hours > 0.0).then(|| count as f64 / hours)
    }

    /// Patient-hours.
    pub(super) fn hours(&self) -> f64 {
        self.monitored.as_secs_f64() / 3600.0
    }

    fn alarm(&mut self, change: Change, occurrence: &Occurrence) {
        let priority = occurrence.priority;
        let before = if occurrence.presence == Presence::Ended {
            self.open.remove(&occurrence.id)
        } else {
            self.open.insert(occurrence.id, priority)
        };
        let raised = change == Change::Raised;
        if !raised && before.is_none_or(|before| priority <= before) {
            return;
        }
        if occurrence.session.is_none() {
            self.outside += u64::from(raised);
            return;
        }
        let row = self.rows.entry(Key::of(occurrence)).or_default();
        if raised {
            row.raised += 1;
        } else {
            row.escalated += 1;
        }
    }

    fn session(&mut self, change: SessionChange, bed: &BedId, at: MonoTime) {
        if change == SessionChange::Started {
            self.sessions.insert(bed.clone(), at);
        } else if change == SessionChange::Ended {
            let started = self.sessions.remove(bed);
            self.monitored += started.map_or(Duration::ZERO, |started| at.since(started));
        }
    }
}
