//! The default rules as data for the model: the numbers of contract 3.2 and clinical 2.3, written
//! down a second time and not read from the shipped file.

use dosevigil::domain::act::Baseline;
use dosevigil::domain::alarm::rule::Phase::{self, Active, Discharge};
use dosevigil::domain::alarm::{AlarmFamily, Priority};

/// What is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Of {
    Sys,
    Dia,
    Map,
    Rate,
    Spo2,
    Resp,
    Moaas,
}

/// The edge of one limit; the number itself violates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edge {
    Above(i32),
    Below(i32),
    /// From the accepted baseline.
    Rise(i32),
    Drop(i32),
    /// 0 with a good status; clears as this lower limit does.
    Apnoea(i32),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    pub(crate) of: Of,
    pub(crate) edge: Edge,
    /// Td in seconds.
    pub(crate) td: u64,
}

/// How a first qualifying determination is confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Confirm {
    No,
    /// MEDIUM "re-cuff now", 180 s.
    Recuff,
    /// The next determination, by interval + 60 s.
    Next,
}

#[derive(Clone, Debug)]
pub(crate) struct Band {
    pub(crate) rule: &'static str,
    pub(crate) priority: Priority,
    pub(crate) limits: Vec<Limit>,
    pub(crate) confirm: Confirm,
    pub(crate) with_symptom: bool,
    pub(crate) phases: &'static [Phase],
}

#[derive(Clone, Debug)]
pub(crate) struct Family {
    pub(crate) family: AlarmFamily,
    pub(crate) clear_by: i32,
    /// Highest first: by priority, then by their order in the preset.
    pub(crate) bands: Vec<Band>,
}

/// A rule of every phase is judged without a session, too.
pub(crate) const ALL: &[Phase] = &[];
const AFTER: &[Phase] = &[Active, Phase::Recovery, Discharge];
const ACTIVE: &[Phase] = &[Active];

const fn at(of: Of, edge: Edge, td: u64) -> Limit {
    Limit { of, edge, td }
}

fn band(
    rule: &'static str,
    priority: Priority,
    phases: &'static [Phase],
    limits: &[Limit],
) -> Band {
    let limits = limits.to_vec();
    Band { rule, priority, limits, confirm: Confirm::No, with_symptom: false, phases }
}

/// The families that are judged by limits, as `ketamine-iv` has them.
pub(crate) fn families() -> Vec<Family> {
    let mut all = of_pressure();
    all.extend(of_other_values());
    all
}

const fn family(family: AlarmFamily, clear_by: i32, bands: Vec<Band>) -> Family {
    Family { family, clear_by, bands }
}

fn of_pressure() -> Vec<Family> {
    use AlarmFamily::{BpHigh, BpLow};
    use Edge::{Above, Below, Rise};
    use Of::{Dia, Map, Sys};
    use Priority::{High, Medium};
    let pressure = |sys, dia| [at(Sys, Above(sys), 0), at(Dia, Above(dia), 0)];
    let low = |sys, map| [at(Sys, Below(sys), 0), at(Map, Below(map), 0)];
    let confirmed = |confirm, band| Band { confirm, ..band };
    vec![
        family(
            BpHigh,
            5,
            vec![
                band("B1", High, ALL, &pressure(200, 120)),
                confirmed(Confirm::Recuff, band("B2", High, AFTER, &pressure(180, 110))),
                Band { with_symptom: true, ..band("B3", High, ALL, &pressure(181, 121)) },
                confirmed(Confirm::Next, band("B4", Medium, AFTER, &pressure(165, 100))),
                confirmed(
                    Confirm::Next,
                    band("B5", Medium, ACTIVE, &[at(Sys, Rise(40), 0), at(Dia, Rise(25), 0)]),
                ),
            ],
        ),
        family(
            BpLow,
            5,
            vec![
                band("B10", High, ALL, &low(79, 54)),
                confirmed(Confirm::Next, band("B9", Medium, ALL, &low(89, 64))),
            ],
        ),
    ]
}

fn of_other_values() -> Vec<Family> {
    use AlarmFamily::{HrHigh, HrLow, RespHigh, RespLow, Sedation, SpO2Low};
    use Edge::{Above, Apnoea, Below, Drop, Rise};
    use Of::{Moaas, Rate, Resp, Spo2};
    use Priority::{High, Low, Medium};
    vec![
        family(
            HrHigh,
            3,
            vec![
                band("H2", High, ALL, &[at(Rate, Above(141), 15)]),
                band("H1", Medium, AFTER, &[at(Rate, Above(121), 30)]),
                band("H3", Low, ACTIVE, &[at(Rate, Above(111), 60), at(Rate, Rise(30), 60)]),
            ],
        ),
        family(
            HrLow,
            3,
            vec![
                band("H5", High, ALL, &[at(Rate, Below(39), 10)]),
                band("H4", Medium, ALL, &[at(Rate, Below(49), 30)]),
            ],
        ),
        family(
            SpO2Low,
            1,
            vec![
                band("O2", High, ALL, &[at(Spo2, Below(85), 10)]),
                band("O1", Medium, ALL, &[at(Spo2, Below(90), 15)]),
                band("O3", Low, ACTIVE, &[at(Spo2, Below(93), 60), at(Spo2, Drop(4), 60)]),
            ],
        ),
        family(
            RespLow,
            2,
            vec![
                band("R1", High, ALL, &[at(Resp, Below(7), 30), at(Resp, Apnoea(7), 0)]),
                band("R2", Medium, ALL, &[at(Resp, Below(9), 60)]),
            ],
        ),
        family(RespHigh, 2, vec![band("R2", Medium, ALL, &[at(Resp, Above(31), 60)])]),
        family(
            Sedation,
            1,
            vec![
                band("SED1", High, ALL, &[at(Moaas, Below(2), 0)]),
                band("SED1", Medium, ALL, &[at(Moaas, Below(3), 0)]),
            ],
        ),
    ]
}

impl Band {
    /// `phase` `None`: no session.
    pub(crate) fn in_phase(&self, phase: Option<Phase>) -> bool {
        match phase {
            None | Some(Phase::Ended) => self.phases.is_empty(),
            Some(phase) => self.phases.is_empty() || self.phases.contains(&phase),
        }
    }
}

impl Limit {
    /// The edge in absolute numbers; `None`: disabled, for there is no baseline.
    pub(crate) fn absolute(&self, baseline: Option<Baseline>) -> Option<Edge> {
        let of = |baseline: Baseline| match self.of {
            Of::Sys => baseline.sys,
            Of::Dia => baseline.dia,
            Of::Map => baseline.map,
            Of::Rate => baseline.heart_rate,
            Of::Spo2 => baseline.spo2,
            Of::Resp | Of::Moaas => None,
        };
        match self.edge {
            Edge::Rise(change) => Some(Edge::Above(baseline.and_then(of)? + change)),
            Edge::Drop(change) => Some(Edge::Below(baseline.and_then(of)? - change)),
            Edge::Above(_) | Edge::Below(_) | Edge::Apnoea(_) => Some(self.edge),
        }
    }
}

impl Edge {
    pub(crate) fn violated_by(self, value: i32, good: bool) -> bool {
        match self {
            Self::Above(limit) => value >= limit,
            Self::Below(limit) => value <= limit,
            Self::Apnoea(_) => value == 0 && good,
            Self::Rise(_) | Self::Drop(_) => false,
        }
    }

    /// Past the clear level; a questionable sample never is (row 6).
    pub(crate) fn cleared_by(self, value: i32, good: bool, h: i32) -> bool {
        good && match self {
            Self::Above(limit) => value <= limit - h,
            Self::Below(limit) | Self::Apnoea(limit) => value >= limit + h,
            Self::Rise(_) | Self::Drop(_) => false,
        }
    }
}
