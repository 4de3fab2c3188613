//! What an occurrence says of its governing band, in words: text, lines, value, limit, reading.

use std::time::Duration;

use super::Bed;
use crate::domain::alarm::condition::Level;
use crate::domain::alarm::episode::Told;
use crate::domain::alarm::hold::Hold;
use crate::domain::alarm::occurrence::ReadingRef;
use crate::domain::alarm::rule::{Confirm, Judged, Verdict};
use crate::domain::alarm::{Priority, text};
use crate::domain::ids::RuleId;
use crate::domain::metric::Metric;
use crate::domain::time::{MonoTime, Stamp};
use crate::domain::vital::{Tag, Vital};

/// A measurement older than this says so in its alarm (safety F2).
const AGE_TOLD_FROM: Duration = Duration::from_secs(60);

impl Bed {
    /// The words of a governing band: its first component that violates now, else one that holds.
    pub(super) fn told(&self, index: usize, rank: u8, level: Level, now: Stamp) -> Told {
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

pub(super) fn told_of(rule: Option<RuleId>, priority: Priority) -> Told {
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
