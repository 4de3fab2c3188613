//! Couples what the readings amount to with the alarm machines, family by family, and puts into
//! words what an occurrence says of its governing band.

use std::time::Duration;

use super::{Bed, Desk, Physiological, Technical};
use crate::domain::alarm::condition::Level;
use crate::domain::alarm::episode::{Identity, NotAcknowledged, Told};
use crate::domain::alarm::family::LetGo;
use crate::domain::alarm::hold::Hold;
use crate::domain::alarm::occurrence::{Acknowledged, EndReason, Occurrence, ReadingRef};
use crate::domain::alarm::rule::{Confirm, FamilyRules, Judged, Phase, Verdict};
use crate::domain::alarm::technical::{self, Steps, Weight};
use crate::domain::alarm::{AlarmFamily, Priority, text};
use crate::domain::ids::{OccurrenceId, RuleId};
use crate::domain::metric::Metric;
use crate::domain::time::{MonoTime, Stamp};
use crate::domain::vital::{Tag, Vital, overdue_after, overdue_medium_after};

/// A measurement older than this says so in its alarm (safety F2).
const AGE_TOLD_FROM: Duration = Duration::from_secs(60);

impl Bed {
    /// Steps every family that its bands or causes may have moved, in the preset's order, then the
    /// technical ones.
    pub(super) fn settle(&mut self, now: Stamp, desk: &mut Desk<'_>) {
        let phase = self.phase();
        let moved = std::mem::take(&mut self.moved);
        for index in (0..self.families.len()).filter(|index| moved.holds(*index)) {
            let rules = &self.rules.preset.families[index];
            let family = &self.families[index];
            let mut facts = family.bands.facts(rules, phase, family.episode.shown(now.mono));
            if family.let_go == LetGo::ByPhase {
                facts.ends = EndReason::Phase;
            }
            let mut episode = std::mem::take(&mut self.families[index].episode);
            let identity = Identity { family: rules.family, subject: None };
            let told = |band, level| self.told(index, band, level, now);
            episode.settle(identity, &facts, told, &mut self.scene(now, desk));
            if facts.governing.is_some() || episode.open.is_none() {
                self.families[index].let_go = LetGo::Nothing;
            }
            self.families[index].episode = episode;
            if let Some(due) = self.families[index].deadline(rules, now.mono) {
                self.deadline = self.deadline.min(due);
            }
        }
        if moved.technical {
            for index in 0..self.technical.len() {
                self.settle_technical(index, now, desk);
            }
        }
    }

    /// Acknowledges an occurrence of this bed; `None`: not one of ours.
    pub fn acknowledge(
        &mut self,
        id: OccurrenceId,
        revision: u32,
        acknowledged: &Acknowledged,
        desk: &mut Desk<'_>,
    ) -> Option<Result<Occurrence, NotAcknowledged>> {
        let now = acknowledged.at;
        for index in 0..self.families.len() + self.technical.len() {
            let mut episode = std::mem::take(self.episode_mut(index));
            let mut scene = self.scene(now, desk);
            let answer = episode.acknowledge(id, revision, acknowledged, &mut scene);
            *self.episode_mut(index) = episode;
            if answer.is_some() {
                return answer;
            }
        }
        None
    }

    /// Every occurrence that is present, clearing or latched.
    pub fn occurrences(&self) -> impl Iterator<Item = &Occurrence> {
        let families = self.families.iter().map(|family| &family.episode);
        let episodes = families.chain(self.technical.iter().map(|it| &it.episode));
        episodes.flat_map(|episode| episode.open.as_deref().into_iter().chain(&episode.latched))
    }

    fn episode_mut(&mut self, index: usize) -> &mut super::Episode {
        match self.families.len() {
            families if index < families => &mut self.families[index].episode,
            families => &mut self.technical[index - families].episode,
        }
    }

    fn settle_technical(&mut self, index: usize, now: Stamp, desk: &mut Desk<'_>) {
        let it = &self.technical[index];
        let steps = self.steps(it.family);
        let (weight, shown) = (self.weight(it.family), it.episode.shown(now.mono));
        let facts = technical::facts(it.since, steps, weight, shown, now.mono);
        let mut episode = std::mem::take(&mut self.technical[index].episode);
        let it = &self.technical[index];
        let (family, subject, why) = (it.family, it.subject.clone(), it.why.clone());
        let identity = Identity { family, subject: subject.as_ref() };
        let told = |band, _| technical_told(family, subject.as_deref(), &why, band);
        episode.settle(identity, &facts, told, &mut self.scene(now, desk));
        self.technical[index].episode = episode;
        if let Some(due) = self.technical_deadline(&self.technical[index], now.mono) {
            self.wake_at(due);
        }
    }

    pub(super) fn technical_deadline(&self, it: &Technical, now: MonoTime) -> Option<MonoTime> {
        let step = technical::deadline(it.since, self.steps(it.family), now);
        step.into_iter().chain(it.episode.deadline(now)).min()
    }

    fn steps(&self, family: AlarmFamily) -> Steps {
        match family {
            AlarmFamily::LinkDown => technical::LINK_DOWN,
            AlarmFamily::InvalidData => technical::INVALID_DATA,
            AlarmFamily::NoValue => technical::NO_VALUE,
            AlarmFamily::Evaluator => technical::EVALUATOR,
            AlarmFamily::NibpOverdue => overdue_steps(self.interval(), self.phase()),
            AlarmFamily::Journal
            | AlarmFamily::MonitoringGap
            | AlarmFamily::BpHigh
            | AlarmFamily::BpLow
            | AlarmFamily::HrHigh
            | AlarmFamily::HrLow
            | AlarmFamily::SpO2Low
            | AlarmFamily::RespLow
            | AlarmFamily::RespHigh => Steps::NONE,
        }
    }

    /// On a bed one lower outside the active phase; T1 states its own, and a bed out of service is
    /// HIGH always.
    fn weight(&self, family: AlarmFamily) -> Weight {
        let own = matches!(family, AlarmFamily::NibpOverdue | AlarmFamily::Evaluator);
        if own || self.phase() == Some(Phase::Active) { Weight::Full } else { Weight::Lowered }
    }

    /// The words of a governing band: its first component that violates now, else one that holds.
    fn told(&self, index: usize, rank: u8, level: Level, now: Stamp) -> Told {
        let rules = &self.rules.preset.families[index];
        let band = usize::from(rank);
        let rule = &rules.bands[band];
        let tracks = &self.families[index].bands.0[band].components;
        let seen = rule.components.iter().zip(tracks).filter_map(|(component, track)| {
            let vital = self.newest_of(component.judged, now.mono)?;
            let value = vital.newest.value.ok()?;
            let holds = matches!(track.hold, Hold::Held | Hold::Clearing { .. });
            let violates = component.limit.judge(value.0, rules.clear_by) == Verdict::Violated;
            let place = (!holds, !violates);
            (holds || violates).then_some((component, vital, value, place))
        });
        // The highest priority first, then what holds, then what violates now, then the preset's
        // order.
        let governing = seen.min_by_key(|(component, _, _, place)| {
            (std::cmp::Reverse(component.priority()), *place)
        });
        let priority = match (level, governing) {
            (Level::Recuff { .. }, _) => Priority::Medium, // row 1a
            (Level::Held | Level::Clearing, Some((component, ..))) => component.priority(),
            (Level::Held | Level::Clearing, None) => rule.priority(),
        };
        let Some((component, vital, value, _)) = governing else {
            return Told {
                text: format!("{}: no current value", rule.id),
                ..told_of(Some(rule.id.clone()), priority)
            };
        };
        let metric = vital.metric;
        Told {
            text: text::of_limit(rule, component, rules.clear_by, metric, value),
            lines: lines(rule.confirm, level, vital, now),
            metric: Some(metric),
            value: Some(value),
            limit: component.limit.number(),
            reading: Some(reading_ref(vital)),
            ..told_of(Some(rule.id.clone()), priority)
        }
    }

    /// The newest value of what is judged; for the heart rate the one in force.
    pub(super) fn newest_of(&self, judged: Judged, now: MonoTime) -> Option<&Vital> {
        if judged == Judged::HeartRate
            && let Some(index) = self.rate_in_force(now)
        {
            return Some(&self.vitals[index]);
        }
        let metrics = judged.metrics();
        let all = self.vitals.iter().filter(|vital| metrics.contains(&vital.metric));
        let valid = all.clone().filter(|vital| vital.newest.value.is_ok());
        let newest = |vital: &&Vital| vital.newest.received.mono;
        valid.max_by_key(newest).or_else(|| all.max_by_key(newest))
    }
}

impl Physiological {
    fn deadline(&self, rules: &FamilyRules, now: MonoTime) -> Option<MonoTime> {
        let bands = self.bands.deadline(rules);
        bands.into_iter().chain(self.episode.deadline(now)).min()
    }
}

fn told_of(rule: Option<RuleId>, priority: Priority) -> Told {
    Told {
        rule,
        priority,
        text: String::new(),
        lines: Vec::new(),
        metric: None,
        value: None,
        limit: None,
        reading: None,
    }
}

fn lines(confirm: Option<Confirm>, level: Level, vital: &Vital, now: Stamp) -> Vec<String> {
    let mut lines = Vec::new();
    let is_new = vital.newest.received.mono == now.mono;
    match (level, confirm) {
        (Level::Recuff { .. }, _) => lines.push("re-cuff now".to_owned()),
        (Level::Held, Some(_)) if !is_new && vital.is_intermittent() => {
            lines.push("not re-measured".to_owned())
        } // row 1c
        (Level::Held, None) if is_first_cuff(vital) => lines.push("repeat BP".to_owned()),
        (Level::Held | Level::Clearing, _) => {}
    }
    let age = vital.measured_age(now.mono);
    if age >= AGE_TOLD_FROM {
        lines.push(format!("measured {} ago", text::age(age)));
    }
    if vital.newest.tag == Tag::Derived {
        lines.push("MAP derived".to_owned());
    }
    lines
}

/// A cuff's pressure that alarms on a single reading comes with the advice to repeat it.
fn is_first_cuff(vital: &Vital) -> bool {
    matches!(vital.metric, Metric::NibpSys | Metric::NibpDia | Metric::NibpMap)
}

fn reading_ref(vital: &Vital) -> ReadingRef {
    ReadingRef {
        id: vital.newest.id,
        device: vital.device.clone(),
        seq: vital.newest.seq,
        source: vital.source,
        verify: vital.newest.tag == Tag::Unusual,
        source_time: vital.newest.source_time,
        received: vital.newest.received,
    }
}

/// LOW at interval + max(60 s, 0.2 ×); in the active phase MEDIUM at interval + max(180 s, 0.5 ×).
fn overdue_steps(interval: Duration, phase: Option<Phase>) -> Steps {
    let low = (overdue_after(interval), Priority::Low);
    match phase {
        Some(Phase::Active) => {
            Steps::new(Some((overdue_medium_after(interval), Priority::Medium)), Some(low))
        }
        Some(
            Phase::Intake | Phase::Baseline | Phase::Recovery | Phase::Discharge | Phase::Ended,
        )
        | None => Steps::new(None, Some(low)),
    }
}

/// The words of a technical condition (alarms 13); T1 and T3 are its rules where it has one.
pub(crate) fn technical_told(
    family: AlarmFamily,
    subject: Option<&str>,
    why: &str,
    rank: u8,
) -> Told {
    let subject = subject.unwrap_or_default();
    let label = Metric::by_name(subject).map_or(subject, |metric| metric.info().label);
    let (rule, text) = match family {
        AlarmFamily::NoValue => (Some("T3"), format!("No {label} value")),
        AlarmFamily::NibpOverdue => (Some("T1"), "Blood pressure reading overdue".to_owned()),
        AlarmFamily::LinkDown => (Some("T3"), format!("Link down: {subject} ({why})")),
        AlarmFamily::InvalidData => (Some("T3"), format!("Invalid data from {subject}")),
        AlarmFamily::Evaluator => (None, "Bed out of service for a moment: check it".to_owned()),
        AlarmFamily::Journal => (None, format!("Alarm log is not being written: {why}")),
        AlarmFamily::MonitoringGap => (None, why.to_owned()),
        AlarmFamily::BpHigh
        | AlarmFamily::BpLow
        | AlarmFamily::HrHigh
        | AlarmFamily::HrLow
        | AlarmFamily::SpO2Low
        | AlarmFamily::RespLow
        | AlarmFamily::RespHigh => (None, String::new()),
    };
    let rule = rule.and_then(|rule| RuleId::try_new(rule).ok());
    Told { text, ..told_of(rule, technical::priority_of(rank)) }
}
