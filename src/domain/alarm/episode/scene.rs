//! Where and when a transition happens, and what a new occurrence is made of.

use std::sync::Arc;
use std::time::Duration;

use crate::domain::alarm::escalation::{Attended, EscalationTimes};
use crate::domain::alarm::inactivation::Inhibition;
use crate::domain::alarm::occurrence::{
    Change, Occurrence, Presence, ReadingRef, Subject, Transition,
};
use crate::domain::alarm::recurrence::Raises;
use crate::domain::alarm::rule::Phase;
use crate::domain::alarm::signal::Sound;
use crate::domain::alarm::{AlarmFamily, AlarmKind, Priority};
use crate::domain::ids::{BedId, RuleId, Seq, SessionId, Uuid};
use crate::domain::metric::Metric;
use crate::domain::reading::{Origin, Quantity};
use crate::domain::time::Stamp;

pub struct Scene<'a> {
    pub site: &'a str,
    pub bed: Option<&'a BedId>,
    pub session: Option<SessionId>,
    pub phase: Option<Phase>,
    pub since_dose: Option<Duration>,
    pub origin: Origin,
    pub outage: Outage,
    pub escalation: &'a EscalationTimes,
    pub attended: Attended,
    /// Of the bed; service-wide alarms always sound.
    pub sound: Sound,
    /// Of the bed's physiological families.
    pub inhibition: Inhibition,
    /// What the bed has raised of late; `None`: service-wide, where nothing is counted.
    pub raises: Option<&'a Raises>,
    pub now: Stamp,
    /// The number that the next transition of the site gets.
    pub next_seq: &'a mut Seq,
    pub out: &'a mut Vec<Transition>,
}

/// Whether what is raised now was raised for the time the service was down (row 28).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outage {
    No,
    Yes,
}

/// What an occurrence says of its governing band; changes only with the band.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub rule: Option<RuleId>,
    pub priority: Priority,
    pub text: String,
    pub lines: Vec<String>,
    pub metric: Option<Metric>,
    pub value: Option<Quantity>,
    pub limit: Option<i32>,
    /// The accepted baseline of the metric.
    pub baseline: Option<i32>,
    pub reading: Option<ReadingRef>,
}

/// What an occurrence is of.
#[derive(Clone, Copy, Debug)]
pub struct Identity<'a> {
    pub family: AlarmFamily,
    pub subject: Option<&'a Arc<str>>,
}

/// Begins the line of a family that flaps.
const RECURRING: &str = "recurring ×";

impl Scene<'_> {
    /// Whether the occurrence is of a family that is not judged now.
    pub(super) fn inhibits(&self, occurrence: &Occurrence) -> bool {
        let physiological = occurrence.family.kind() == AlarmKind::Physiological;
        physiological && self.inhibition != Inhibition::None
    }

    /// Numbers a change and puts it out.
    pub fn tell(&mut self, change: Change, occurrence: &Occurrence) {
        let occurrence = Box::new(occurrence.clone());
        self.put(Subject::Alarm { change, occurrence });
    }

    pub fn put(&mut self, subject: Subject) {
        let seq = *self.next_seq;
        *self.next_seq = Seq(seq.0 + 1);
        self.out.push(Transition { seq, at: self.now, subject });
    }
}

impl Occurrence {
    /// Another band governs (rows 1a to 1c, 13, 14): what it says is the band's.
    pub(super) fn rebase(&mut self, told: Told, scene: &Scene<'_>) {
        let mut lines = told.lines;
        lines.extend(self.lines.drain(..).filter(|line| line.starts_with(RECURRING)));
        self.revision += 1;
        self.rule = told.rule;
        self.priority = told.priority;
        self.highest = self.highest.max(told.priority);
        self.text = told.text;
        self.lines = lines;
        self.metric = told.metric;
        self.value = told.value;
        self.limit = told.limit;
        self.baseline = told.baseline;
        self.reading = told.reading;
        self.phase = scene.phase;
        self.since_dose = scene.since_dose;
    }
}

pub(super) fn raised(identity: Identity<'_>, told: Told, scene: &Scene<'_>) -> Occurrence {
    let seq = scene.next_seq.0.to_string();
    let bed = scene.bed.map_or("", BedId::as_str);
    let subject = identity.subject.map_or("", |subject| subject);
    let parts = [scene.site, bed, identity.family.name(), subject, &seq];
    let mut lines = told.lines;
    let (family, now) = (identity.family, scene.now.mono);
    let raises = scene.raises;
    let recurring = raises.and_then(|raises| raises.recurring(family, identity.subject, now));
    lines.extend(recurring.map(|count| format!("{RECURRING}{count}")));
    Occurrence {
        id: Uuid::of_onset(scene.now.wall, &parts),
        revision: 1,
        bed: scene.bed.cloned(),
        session: scene.session,
        origin: scene.origin,
        outage: scene.outage == Outage::Yes,
        family,
        subject: identity.subject.cloned(),
        rule: told.rule,
        priority: told.priority,
        highest: told.priority,
        presence: Presence::Present,
        frozen: false,
        restored: false,
        confirm_until: None,
        signal: scene.sound.new_signal(told.priority),
        escalation: 0,
        text: told.text,
        lines,
        metric: told.metric,
        value: told.value,
        limit: told.limit,
        baseline: told.baseline,
        reading: told.reading,
        phase: scene.phase,
        since_dose: scene.since_dose,
        onset: scene.now,
        asked: scene.now,
        next_step: None,
        ended: None,
        ended_by: None,
        acknowledged: None,
    }
}
