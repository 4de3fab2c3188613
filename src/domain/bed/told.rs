//! What an occurrence says of its governing band, in words: text, lines, value, limit, reading.

use std::time::Duration;

use super::Bed;
use crate::domain::alarm::condition::Level;
use crate::domain::alarm::episode::Told;
use crate::domain::alarm::family::priority_of;
use crate::domain::alarm::hold::Hold;
use crate::domain::alarm::occurrence::ReadingRef;
use crate::domain::alarm::personal::baseline_of;
use crate::domain::alarm::rule::{AlarmRule, Component, Judged, Verdict};
use crate::domain::alarm::{AlarmFamily, Priority, text};
use crate::domain::ids::RuleId;
use crate::domain::metric::Metric;
use crate::domain::reading::Quantity;
use crate::domain::time::{MonoTime, Stamp};
use crate::domain::vital::{Tag, Vital};

/// A measurement older than this says so in its alarm (safety F2).
const AGE_TOLD_FROM: Duration = Duration::from_secs(60);

impl Bed {
    /// The words of a governing band: its first component that violates now, else one that holds.
    pub(super) fn told(&self, index: usize, rank: u8, level: Level, now: Stamp) -> Told {
        let rules = &self.rules.families()[index];
        let band = usize::from(rank);
        let rule = &rules.bands[band];
        let priority = priority_of(rule, level);
        let tracks = &self.families[index].bands.0[band].components;
        let seen = rule.components.iter().zip(tracks).filter_map(|(component, track)| {
            let spoken = self.spoken(rule, component, now.mono)?;
            let holds = matches!(track.hold, Hold::Held | Hold::Clearing { .. });
            let violates =
                component.limit.judge(spoken.value.0, rules.clear_by) == Verdict::Violated;
            (holds || violates).then_some(((!holds, !violates), component, spoken))
        });
        // What holds first, then what violates now, then the preset's order.
        let Some((_, component, spoken)) = seen.min_by_key(|(place, ..)| *place) else {
            return Told {
                text: format!("{}: no current value", rule.id),
                ..told_of(Some(rule.id.clone()), priority)
            };
        };
        let baseline = self.session.as_ref().and_then(|session| session.baseline);
        let baseline = baseline_of(baseline, component.judged);
        let mut lines = Vec::new();
        if let (AlarmFamily::BpHigh, Some(from)) = (rules.family, baseline) {
            lines.extend(change_line(component, spoken.value.0 - from));
        }
        lines.extend(spoken.vital.into_iter().flat_map(|it| self::lines(rule, level, it, now)));
        Told {
            text: text::of_limit(rule, component, rules.clear_by, spoken.metric, spoken.value),
            lines,
            metric: Some(spoken.metric),
            value: Some(spoken.value),
            limit: component.limit.number(),
            baseline,
            reading: spoken.vital.map(reading_ref),
            ..told_of(Some(rule.id.clone()), priority)
        }
    }

    /// What a component's words are of: a vital, or what the nurse has entered.
    fn spoken(&self, rule: &AlarmRule, component: &Component, now: MonoTime) -> Option<Spoken<'_>> {
        if component.judged == Judged::Metric(Metric::Moaas) {
            let value = Quantity(self.session.as_ref()?.moaas?.into());
            return Some(Spoken { metric: Metric::Moaas, value, vital: None });
        }
        let vital = self.spoken_of(rule, component, now)?;
        Some(Spoken { metric: vital.metric, value: vital.newest.value.ok()?, vital: Some(vital) })
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

/// A value that is told, with the vital that it is of.
struct Spoken<'a> {
    metric: Metric,
    value: Quantity,
    vital: Option<&'a Vital>,
}

/// While bp-high is present a change is a line of it (alarms 11); its own rule says it itself.
fn change_line(component: &Component, change: i32) -> Option<String> {
    component.limit.change().is_none().then(|| format!("Δ{change:+}"))
}

pub(super) fn told_of(rule: Option<RuleId>, priority: Priority) -> Told {
    Told {
        rule,
        priority,
        text: String::new(),
        lines: Vec::new(),
        metric: None,
        value: None,
        limit: None,
        baseline: None,
        reading: None,
    }
}

fn lines(rule: &AlarmRule, level: Level, vital: &Vital, now: Stamp) -> Vec<String> {
    let mut lines = Vec::new();
    let is_new = vital.newest.received.mono == now.mono;
    match (level, rule.confirm) {
        (Level::Recuff { .. }, _) => lines.push("re-cuff now".to_owned()),
        (Level::Held, Some(_)) if !is_new && vital.is_intermittent() => {
            lines.push("not re-measured".to_owned())
        } // row 1c
        (Level::Held, None) if rule.gate.is_none() && is_first_cuff(vital) => {
            lines.push("repeat BP".to_owned())
        }
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
