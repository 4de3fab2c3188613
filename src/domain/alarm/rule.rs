//! A preset's rules, ready to be judged: bands of families with limits in whole numbers.
//!
//! Made by `config::preset` from the clinic's TOML (parse, don't validate): what exists here has
//! passed the rails, the priority derivation and the check that each phase has its HIGH rule.
//! Reading × limit × hysteresis is decided here; when and for how long is `condition`'s.

use std::time::Duration;

use super::{AlarmFamily, Onset, Priority, Severity};
use crate::domain::ids::RuleId;
use crate::domain::metric::Metric;

/// Phases of a session, by the time since the dose (contract 3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    Intake,
    Baseline,
    Active,
    Recovery,
    Discharge,
    Ended,
}

/// A set of phases. A rule of all phases is judged without a session, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PhaseSet(u8);

/// What a component judges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Judged {
    /// One metric, whatever its source.
    Metric(Metric),
    /// The best live of hr (ECG) and pulse (pleth); a cuff's or hand-taken pulse only as a spot
    /// value (contract 3.2, alarms 14).
    HeartRate,
}

/// A limit in the metric's resolution; the limit itself violates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    AtOrAbove(i32),
    AtOrBelow(i32),
    /// Respiration 0 from a device that says its value is good; clears as the plain limit
    /// `clears_as` of its rule does (contract 6).
    Apnoea {
        clears_as: i32,
    },
}

/// Where a value stands against a limit with hysteresis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Violated,
    /// Neither violating nor past the clear level.
    Between,
    /// Past the clear level: limit - h for an upper limit, limit + h for a lower one.
    Clear,
}

/// One judged value of a rule; components are judged apart and the highest band governs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Component {
    pub judged: Judged,
    pub limit: Limit,
    /// Condition delay of a continuous value (Td); zero for a cuff's.
    pub persist: Duration,
    pub severity: Severity,
    pub onset: Onset,
}

/// How the first qualifying determination of a cuff rule is confirmed (rows 1a to 1c).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirm {
    /// MEDIUM "re-cuff now" at once; HIGH when repeated, or not repeated within this time.
    Recuff { within: Duration },
    /// Advisory "repeat BP"; the next determination decides, none by interval + 60 s: present.
    Next,
}

/// One band of a family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlarmRule {
    pub id: RuleId,
    /// `{metric} {value} {limit} {unit}` are filled in; `None`: "Systolic 186 ≥ 180 mmHg".
    pub text: Option<Box<str>>,
    pub components: Vec<Component>,
    pub confirm: Option<Confirm>,
    /// So many violating spot values in a row count as persistence; `None`: spot values of the
    /// heart rate are not judged by this rule.
    pub spot_values: Option<u8>,
    pub phases: PhaseSet,
    /// Where the limit comes from, as the preset states it.
    pub source_tag: Box<str>,
}

/// The bands of one family, highest first: by priority, then by their order in the preset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FamilyRules {
    pub family: AlarmFamily,
    /// Hysteresis h, in the metric's resolution.
    pub clear_by: i32,
    pub bands: Vec<AlarmRule>,
}

/// A signal that a preset cannot do without (contract 3.2 `requires`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RequiredSignal {
    Nibp,
    HeartRate,
    SpO2,
    Resp,
}

impl RequiredSignal {
    pub const ALL: [Self; 4] = [Self::Nibp, Self::HeartRate, Self::SpO2, Self::Resp];

    /// The preset's word, and the alarm's subject.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nibp => "nibp",
            Self::HeartRate => "heart_rate",
            Self::SpO2 => "spo2",
            Self::Resp => "resp",
        }
    }

    /// Whether values of `metric` are this signal.
    #[must_use]
    pub fn is_of(self, metric: Metric) -> bool {
        match self {
            Self::Nibp => matches!(metric, Metric::NibpSys | Metric::NibpDia | Metric::NibpMap),
            Self::HeartRate => Judged::HeartRate.metrics().contains(&metric),
            Self::SpO2 => metric == Metric::SpO2,
            Self::Resp => metric == Metric::RespRate,
        }
    }
}

/// A timed reading of the cuff, counted from the first dose (contract 3.2 `due`; T2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    pub id: RuleId,
    pub what: RequiredSignal,
    /// When it is to be taken.
    pub at: Duration,
    /// When it is late: an alarm (T2); after `at`.
    pub alarm: Duration,
}

/// From what a phase's length counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DoseMark {
    Start,
    End,
}

/// A span after the dose: `active` and `observe` of contract 3.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AfterDose {
    pub mark: DoseMark,
    pub lasts: Duration,
}

/// Planned cuff intervals by phase (contract 3.2 `interval_min`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Intervals {
    pub intake: Duration,
    pub baseline: Duration,
    pub active: Duration,
    pub recovery: Duration,
    pub discharge: Duration,
    /// After a reading that violates any bp-high rule, until two are past every clear level.
    pub after_high: Duration,
}

/// Who approved a preset, and when; without it LIMITS NOT APPROVED is shown everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    pub by: Box<str>,
    /// `YYYY-MM-DD`.
    pub on: Box<str>,
}

/// A reviewed set of limits for one drug and its routes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlarmPreset {
    pub name: Box<str>,
    pub title: Box<str>,
    pub version: Box<str>,
    pub drug: Box<str>,
    pub routes: Vec<Box<str>>,
    pub approval: Option<Approval>,
    pub requires: Vec<RequiredSignal>,
    pub active: AfterDose,
    pub observe: AfterDose,
    pub intervals: Intervals,
    pub due: Vec<Due>,
    pub families: Vec<FamilyRules>,
    /// Rules and parts of the default table that this preset leaves out: named on the tile, for no
    /// rule may be silently inactive (clinical 2.3).
    pub not_in_force: Vec<Box<str>>,
}

impl Phase {
    pub const ALL: [Self; 6] =
        [Self::Intake, Self::Baseline, Self::Active, Self::Recovery, Self::Discharge, Self::Ended];

    /// The wire's word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Baseline => "baseline",
            Self::Active => "active",
            Self::Recovery => "recovery",
            Self::Discharge => "discharge",
            Self::Ended => "ended",
        }
    }

    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| phase.name() == name)
    }
}

impl PhaseSet {
    /// Intake to discharge, and readings without a session.
    pub const ALL: Self = Self(0b1_1111);

    #[must_use]
    pub fn of(phases: &[Phase]) -> Self {
        Self(phases.iter().fold(0, |set, phase| set | 1 << *phase as u8))
    }

    /// Whether a rule of these phases is judged now; `None` = no session, where only rules of all
    /// phases are.
    #[must_use]
    pub const fn holds(self, phase: Option<Phase>) -> bool {
        match phase {
            None | Some(Phase::Ended) => self.0 & Self::ALL.0 == Self::ALL.0,
            Some(phase) => self.0 & (1 << phase as u8) != 0,
        }
    }
}

impl Limit {
    /// Judges `value` with hysteresis `clear_by` (rows 1 to 8).
    #[must_use]
    pub const fn judge(self, value: i32, clear_by: i32) -> Verdict {
        match self {
            Self::AtOrAbove(limit) if value >= limit => Verdict::Violated,
            Self::AtOrAbove(limit) if value <= limit - clear_by => Verdict::Clear,
            Self::AtOrBelow(limit) if value <= limit => Verdict::Violated,
            Self::AtOrBelow(limit) if value >= limit + clear_by => Verdict::Clear,
            Self::Apnoea { .. } if value == 0 => Verdict::Violated,
            Self::Apnoea { clears_as } if value >= clears_as + clear_by => Verdict::Clear,
            Self::AtOrAbove(_) | Self::AtOrBelow(_) | Self::Apnoea { .. } => Verdict::Between,
        }
    }

    /// The number on the wire; `None` for apnoea (contract 6).
    #[must_use]
    pub const fn number(self) -> Option<i32> {
        match self {
            Self::AtOrAbove(limit) | Self::AtOrBelow(limit) => Some(limit),
            Self::Apnoea { .. } => None,
        }
    }
}

impl Component {
    /// Derived, never stated (alarms 2).
    #[must_use]
    pub const fn priority(&self) -> Priority {
        Priority::derive(self.severity, self.onset)
    }
}

impl AlarmRule {
    /// The greatest of its components: what the band is ranked by.
    #[must_use]
    pub fn priority(&self) -> Priority {
        self.components.iter().map(Component::priority).max().unwrap_or(Priority::Low)
    }
}

impl Judged {
    /// The metrics that feed it.
    #[must_use]
    pub const fn metrics(self) -> &'static [Metric] {
        match self {
            Self::HeartRate => &[Metric::HeartRate, Metric::PulseRate],
            Self::Metric(metric) => match metric {
                Metric::NibpSys => &[Metric::NibpSys],
                Metric::NibpDia => &[Metric::NibpDia],
                Metric::NibpMap => &[Metric::NibpMap],
                Metric::ArtSys => &[Metric::ArtSys],
                Metric::ArtDia => &[Metric::ArtDia],
                Metric::ArtMap => &[Metric::ArtMap],
                Metric::HeartRate => &[Metric::HeartRate],
                Metric::PulseRate => &[Metric::PulseRate],
                Metric::SpO2 => &[Metric::SpO2],
                Metric::RespRate => &[Metric::RespRate],
                Metric::Temp => &[Metric::Temp],
                Metric::CuffPressure => &[Metric::CuffPressure],
                Metric::PerfusionIndex => &[Metric::PerfusionIndex],
            },
        }
    }

    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        match name {
            "heart_rate" => Some(Self::HeartRate),
            name => Metric::by_name(name).map(Self::Metric),
        }
    }

    /// The name in presets: a metric's, or `heart_rate`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::HeartRate => "heart_rate",
            Self::Metric(metric) => metric.info().name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Limits are judged exactly: at, just under and just over each edge.
    #[test]
    fn a_limit_violates_at_its_number_and_clears_past_its_hysteresis() {
        use Verdict::{Between, Clear, Violated};
        let table = [
            (
                Limit::AtOrAbove(180),
                5,
                [(179, Between), (180, Violated), (176, Between), (175, Clear)],
            ),
            (Limit::AtOrBelow(90), 1, [(91, Clear), (90, Violated), (89, Violated), (92, Clear)]),
            (Limit::AtOrBelow(49), 3, [(50, Between), (49, Violated), (51, Between), (52, Clear)]),
            (
                Limit::Apnoea { clears_as: 7 },
                2,
                [(0, Violated), (1, Between), (8, Between), (9, Clear)],
            ),
        ];
        for (limit, clear_by, cases) in table {
            for (value, verdict) in cases {
                assert_eq!(limit.judge(value, clear_by), verdict, "{limit:?} {value}");
            }
        }
    }

    #[test]
    fn only_a_rule_of_all_phases_is_judged_without_a_session() {
        let after_dose = PhaseSet::of(&[Phase::Active, Phase::Recovery, Phase::Discharge]);
        assert!(PhaseSet::ALL.holds(None) && !after_dose.holds(None));
        assert!(after_dose.holds(Some(Phase::Active)) && !after_dose.holds(Some(Phase::Intake)));
    }
}
