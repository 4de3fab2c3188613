//! What a family's rules are given to judge: a single value in force, or a cuff's determination
//! whose pressures belong together.

use std::time::Duration;

use super::confirm::ByHand;
use super::gate::figure;
use super::limit::Side;
use super::rule::{FamilyRules, Judged, Limit, Verdict};
use crate::domain::determined::Figures;
use crate::domain::ids::DeviceId;
use crate::domain::reading::Validity;
use crate::domain::time::MonoTime;

/// What is in force for what it is judged as. Where several devices of one rank give it, an upper
/// limit judges the highest and a lower one the lowest: a patient in danger on one of two
/// oximeters is in danger (safety S8).
#[derive(Clone, Copy, Debug)]
pub struct Value {
    pub judged: Judged,
    pub lowest: Figure,
    pub highest: Figure,
    pub coming: Coming,
    pub look: Look,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    pub value: i32,
    pub validity: Validity,
}

/// How a value comes; a cuff's pulse is a spot value and never feeds a rule that counts seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coming {
    Continuous {
        period: Duration,
    },
    Spot,
    /// Entered by a person: decides at once (SED1; alarms 14).
    Entered,
}

/// Whether something is judged when it comes, or once more because what judges it has changed
/// (rows 24, 25, 27): the same reading never confirms itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    First,
    Again,
    /// More of a determination that has been judged: it confirms nothing by itself.
    Piece,
}

/// A new valid cuff or hand-taken pressure: its values belong together.
#[derive(Clone, Copy, Debug)]
pub struct Determination<'a> {
    pub device: &'a DeviceId,
    pub by_hand: ByHand,
    pub validity: Validity,
    pub figures: Figures,
    /// When it was received; of one in pieces the first.
    pub at: MonoTime,
    pub look: Look,
    /// Planned cuff interval in force: how long an advised repeat is awaited.
    pub interval: Duration,
}

impl Value {
    /// The figure that this limit judges.
    #[must_use]
    pub const fn figure(&self, limit: Limit) -> Figure {
        match limit.side() {
            Side::Upper => self.highest,
            Side::Lower => self.lowest,
        }
    }

    /// Apnoea is a 0 from a device that says its value is good (clinical 2.3, R1).
    #[must_use]
    pub fn verdict(&self, limit: Limit, clear_by: i32) -> Verdict {
        let Figure { value, validity } = self.figure(limit);
        match (limit, validity) {
            (Limit::Apnoea { .. }, Validity::Questionable) => Verdict::Between,
            (Limit::Apnoea { .. }, Validity::Good)
            | (
                Limit::AtOrAbove(_) | Limit::AtOrBelow(_) | Limit::Rise { .. } | Limit::Drop { .. },
                _,
            ) => limit.judge(value, clear_by),
        }
    }
}

impl Figure {
    /// The lower and the higher of both; of equal ones the good one.
    #[must_use]
    pub fn span(self, other: Self) -> (Self, Self) {
        let key = |it: Self| (it.value, it.validity == Validity::Questionable);
        if key(self) <= key(other) { (self, other) } else { (other, self) }
    }
}

impl Determination<'_> {
    /// Where its pressures stand against all bands of a family together: one that violates, or
    /// all past every clear level.
    #[must_use]
    pub fn worst(&self, rules: &FamilyRules) -> Verdict {
        let parts = rules.bands.iter().flat_map(|band| &band.components);
        let verdicts = parts
            .filter_map(|part| Some(part.limit.judge(self.value(part.judged)?, rules.clear_by)));
        verdicts.fold(Verdict::Clear, |worst, verdict| match (worst, verdict) {
            (Verdict::Violated, _) | (_, Verdict::Violated) => Verdict::Violated,
            (Verdict::Between, _) | (_, Verdict::Between) => Verdict::Between,
            (Verdict::Clear, Verdict::Clear) => Verdict::Clear,
        })
    }

    /// Its value of what is judged.
    #[must_use]
    pub fn value(&self, judged: Judged) -> Option<i32> {
        figure(self.figures, judged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Validity = Validity::Good;
    const DOUBTFUL: Validity = Validity::Questionable;

    fn figure(value: i32, validity: Validity) -> Figure {
        Figure { value, validity }
    }

    #[test]
    fn of_two_devices_the_worse_figure_is_judged_and_of_equal_ones_the_good_one() {
        // safety:S8
        let table = [
            (figure(88, GOOD), figure(97, GOOD)),
            (figure(88, DOUBTFUL), figure(97, GOOD)),
            (figure(97, GOOD), figure(97, DOUBTFUL)),
        ];
        for (lower, higher) in table {
            assert_eq!(lower.span(higher), (lower, higher));
            assert_eq!(higher.span(lower), (lower, higher));
        }
        let value = Value {
            judged: Judged::HeartRate,
            lowest: figure(40, GOOD),
            highest: figure(140, DOUBTFUL),
            coming: Coming::Spot,
            look: Look::First,
        };
        let (above, below) = (Limit::AtOrAbove(130), Limit::AtOrBelow(45));
        assert_eq!(value.figure(above), figure(140, DOUBTFUL));
        assert_eq!(value.figure(below), figure(40, GOOD));
        assert_eq!(value.verdict(above, 5), Verdict::Violated);
        assert_eq!(value.verdict(below, 5), Verdict::Violated);
        assert_eq!(value.verdict(Limit::AtOrAbove(145), 5), Verdict::Clear);
        assert_eq!(value.verdict(Limit::AtOrAbove(144), 5), Verdict::Between);
    }

    #[test]
    fn apnoea_is_a_zero_that_the_device_says_is_good() {
        // rule:R1
        let apnoea = Limit::Apnoea { clears_as: 7 };
        let table = [
            (0, GOOD, Verdict::Violated),
            (0, DOUBTFUL, Verdict::Between),
            (9, GOOD, Verdict::Clear),
            (9, DOUBTFUL, Verdict::Between),
        ];
        for (number, validity, verdict) in table {
            let only = figure(number, validity);
            let value = Value {
                judged: Judged::HeartRate,
                lowest: only,
                highest: only,
                coming: Coming::Spot,
                look: Look::First,
            };
            assert_eq!(value.verdict(apnoea, 2), verdict, "{number} {validity:?}");
        }
    }

    #[test]
    fn a_determination_stands_by_the_worst_of_its_pressures_over_all_bands() {
        use crate::domain::alarm::rule::{AlarmRule, Component, PhaseSet, WithSymptom};
        use crate::domain::alarm::{AlarmFamily, Onset, Severity};
        use crate::domain::ids::RuleId;
        use crate::domain::metric::Metric;

        let (sys, dia) = (Judged::Metric(Metric::NibpSys), Judged::Metric(Metric::NibpDia));
        let band = |judged, limit| AlarmRule {
            id: RuleId::try_new("B1").expect("a valid name"),
            text: None,
            components: vec![Component {
                judged,
                limit: Limit::AtOrAbove(limit),
                persist: Duration::ZERO,
                severity: Severity::Reversible,
                onset: Onset::Prompt,
                over_65: None,
            }],
            confirm: None,
            spot_values: None,
            phases: PhaseSet::ALL,
            source_tag: "test".into(),
            with_symptom: WithSymptom::No,
            delayed_below: None,
            gate: None,
            part: 0,
        };
        let bands = vec![band(sys, 180), band(sys, 160), band(dia, 100)];
        let rules = FamilyRules { family: AlarmFamily::BpHigh, clear_by: 5, bands };
        let device = DeviceId::try_new("cuff").expect("a valid name");
        let table = [
            (Some(150), Some(80), Verdict::Clear),
            (Some(156), Some(80), Verdict::Between),
            (Some(160), Some(80), Verdict::Violated),
            (Some(150), Some(96), Verdict::Between),
            (Some(156), Some(100), Verdict::Violated),
            (Some(160), Some(96), Verdict::Violated),
            (None, Some(100), Verdict::Violated),
            (Some(150), None, Verdict::Clear),
        ];
        for (systolic, diastolic, worst) in table {
            let seen = Determination {
                device: &device,
                by_hand: ByHand::No,
                validity: GOOD,
                figures: Figures { sys: systolic, dia: diastolic, map: None },
                at: MonoTime::from_micros(0),
                look: Look::First,
                interval: Duration::ZERO,
            };
            assert_eq!((seen.value(sys), seen.value(dia)), (systolic, diastolic));
            assert_eq!(seen.worst(&rules), worst, "{systolic:?} {diastolic:?}");
        }
    }
}
