//! What a patient makes of a preset: the baseline turns changes into numbers and may delay an
//! onset, the session has limits of its own, an age above 65 has another gate (clinical 2.3,
//! alarms 7).
//!
//! Preset and person in, the rules in force out. Whether a change of limit is allowed is
//! `bed::limits`'s; what it does to what holds is `bed::judge`'s.

use super::Onset;
use super::limit::Limit;
use super::rule::{AlarmPreset, AlarmRule, Component, FamilyRules, Judged};
use crate::domain::act::{Baseline, LimitOf, LimitOrder};
use crate::domain::ids::RuleId;
use crate::domain::metric::Metric;

/// A gate's other limit holds above this age (clinical 2.3, B7).
const OLDER_THAN_YEARS: u8 = 65;

/// The patient of a session, as far as limits go by them.
#[derive(Clone, Copy, Debug)]
pub struct Personal<'a> {
    pub baseline: Option<Baseline>,
    /// Limits of the session that differ from the preset's.
    pub limits: &'a [LimitOrder],
    pub age_years: Option<u8>,
}

impl Personal<'_> {
    /// Nothing differs from the preset.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.baseline.is_none() && self.limits.is_empty() && !self.is_older()
    }

    /// The preset's families with this patient's limits and priorities, bands ranked anew.
    #[must_use]
    pub fn families(&self, preset: &AlarmPreset) -> Vec<FamilyRules> {
        let family = |family: &FamilyRules| {
            let mut family = family.clone();
            for place in 0..family.bands.len() {
                let (before, rest) = family.bands.split_at_mut(place);
                self.band(family.family, before, &mut rest[0]);
            }
            // Stable: bands of one priority keep their order in the preset (alarms 11).
            family.bands.sort_by_key(|band| std::cmp::Reverse(band.priority()));
            family
        };
        preset.families.iter().map(family).collect()
    }

    fn is_older(&self) -> bool {
        self.age_years.is_some_and(|age| age > OLDER_THAN_YEARS)
    }

    fn band(&self, family: super::AlarmFamily, before: &[AlarmRule], band: &mut AlarmRule) {
        let rate = self.baseline.and_then(|baseline| baseline.heart_rate);
        let delayed = band.delayed_below.zip(rate).is_some_and(|(below, rate)| rate < below);
        for part in &mut band.components {
            if delayed {
                part.onset = Onset::Delayed;
            }
            if let Some(limit) = part.over_65.filter(|_| self.is_older()) {
                part.limit = moved(part.limit, limit);
            }
            let is_first = is_first_of(before, &band.id, part);
            let ordered = self.limits.iter().filter(|_| is_first).find(|order| {
                order.rule == band.id
                    && order.family == Some(family)
                    && order.judged == part.judged
                    && Some(order.of) == kind_of(part.limit)
            });
            if let Some(limit) = ordered.and_then(|order| order.value) {
                part.limit = moved(part.limit, limit);
            }
            part.limit = from_baseline(part.limit, baseline_of(self.baseline, part.judged));
        }
        let plain = band.components.iter().find_map(|part| match part.limit {
            Limit::AtOrBelow(limit) => Some(limit),
            Limit::AtOrAbove(_)
            | Limit::Rise { .. }
            | Limit::Drop { .. }
            | Limit::Apnoea { .. } => None,
        });
        for part in &mut band.components {
            if let (Limit::Apnoea { .. }, Some(clears_as)) = (part.limit, plain) {
                part.limit = Limit::Apnoea { clears_as };
            }
        }
    }
}

/// Whether a person's order is about this limit: it is about the first of its kind, and what else
/// the rule has on the metric (SED1's MEDIUM beside its HIGH) stays where the preset has it.
#[must_use]
pub fn is_first_of(before: &[AlarmRule], rule: &RuleId, part: &Component) -> bool {
    let mut others = before.iter().filter(|it| it.id == *rule).flat_map(|it| &it.components);
    !others.any(|it| it.judged == part.judged && kind_of(it.limit) == kind_of(part.limit))
}

/// Which of a person's orders is about this limit; `None`: apnoea can't be ordered.
#[must_use]
pub const fn kind_of(limit: Limit) -> Option<LimitOf> {
    match limit {
        Limit::AtOrAbove(_) | Limit::AtOrBelow(_) => Some(LimitOf::Value),
        Limit::Rise { .. } | Limit::Drop { .. } => Some(LimitOf::Change),
        Limit::Apnoea { .. } => None,
    }
}

/// The figure that a person orders: the number, or the change.
#[must_use]
pub const fn figure_of(part: &Component) -> Option<i32> {
    match part.limit {
        Limit::AtOrAbove(limit) | Limit::AtOrBelow(limit) => Some(limit),
        Limit::Rise { change, .. } | Limit::Drop { change, .. } => Some(change),
        Limit::Apnoea { .. } => None,
    }
}

/// The accepted baseline of what is judged. A cuff's is no arterial line's: devices are never
/// mixed inside a change (clinical 3.2).
#[must_use]
pub fn baseline_of(baseline: Option<Baseline>, judged: Judged) -> Option<i32> {
    let baseline = baseline?;
    let Judged::Metric(metric) = judged else { return baseline.heart_rate };
    if metric == Metric::NibpSys {
        baseline.sys
    } else if metric == Metric::NibpDia {
        baseline.dia
    } else if metric == Metric::NibpMap {
        baseline.map
    } else if metric == Metric::SpO2 {
        baseline.spo2
    } else {
        None
    }
}

const fn moved(limit: Limit, to: i32) -> Limit {
    match limit {
        Limit::AtOrAbove(_) => Limit::AtOrAbove(to),
        Limit::AtOrBelow(_) => Limit::AtOrBelow(to),
        Limit::Rise { from, .. } => Limit::Rise { change: to, from },
        Limit::Drop { from, .. } => Limit::Drop { change: to, from },
        Limit::Apnoea { .. } => limit,
    }
}

const fn from_baseline(limit: Limit, baseline: Option<i32>) -> Limit {
    match limit {
        Limit::Rise { change, .. } => Limit::Rise { change, from: baseline },
        Limit::Drop { change, .. } => Limit::Drop { change, from: baseline },
        Limit::AtOrAbove(_) | Limit::AtOrBelow(_) | Limit::Apnoea { .. } => limit,
    }
}

#[cfg(test)]
mod tests;
