//! What a family's rules are given to judge: a single value in force, or a cuff's determination
//! whose pressures belong together.

use std::time::Duration;

use super::confirm::ByHand;
use super::rule::{FamilyRules, Judged, Limit, Verdict};
use crate::domain::ids::DeviceId;
use crate::domain::metric::Metric;
use crate::domain::reading::Validity;

/// A continuous or spot value that is in force for what it is judged as.
#[derive(Clone, Copy, Debug)]
pub struct Value {
    pub judged: Judged,
    pub value: i32,
    pub validity: Validity,
    pub coming: Coming,
}

/// How a value comes; a cuff's pulse is a spot value and never feeds a rule that counts seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coming {
    Continuous { period: Duration },
    Spot,
}

/// A new valid cuff or hand-taken pressure: its values belong together.
#[derive(Clone, Copy, Debug)]
pub struct Determination<'a> {
    pub device: &'a DeviceId,
    pub by_hand: ByHand,
    pub validity: Validity,
    pub sys: Option<i32>,
    pub dia: Option<i32>,
    pub map: Option<i32>,
    /// Planned cuff interval in force: how long an advised repeat is awaited.
    pub interval: Duration,
}

impl Value {
    /// Apnoea is a 0 from a device that says its value is good (clinical 2.3, R1).
    #[must_use]
    pub fn verdict(&self, limit: Limit, clear_by: i32) -> Verdict {
        match (limit, self.validity) {
            (Limit::Apnoea { .. }, Validity::Questionable) => Verdict::Between,
            (Limit::Apnoea { .. }, Validity::Good)
            | (Limit::AtOrAbove(_) | Limit::AtOrBelow(_), _) => limit.judge(self.value, clear_by),
        }
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
        match judged {
            Judged::Metric(Metric::NibpSys) => self.sys,
            Judged::Metric(Metric::NibpDia) => self.dia,
            Judged::Metric(Metric::NibpMap) => self.map,
            Judged::HeartRate
            | Judged::Metric(
                Metric::ArtSys
                | Metric::ArtDia
                | Metric::ArtMap
                | Metric::HeartRate
                | Metric::PulseRate
                | Metric::SpO2
                | Metric::RespRate
                | Metric::Temp
                | Metric::CuffPressure
                | Metric::PerfusionIndex,
            ) => None,
        }
    }
}
