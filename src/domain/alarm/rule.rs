//! A preset's rules, ready to be judged: bands of families with limits in whole numbers.
//!
//! Made by `config::preset` from the clinic's TOML (parse, don't validate): what exists here has
//! passed the rails, the priority derivation and the check that each phase has its HIGH rule.
//! A value against a limit is `limit`'s, for how long `hold`'s; what a patient's own baseline, age
//! and session limits make of a preset is `personal`'s.

use std::time::Duration;

use super::gate::Gate;
pub use super::limit::{Limit, Side, Verdict};
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

/// One judged value of a rule; components are judged apart and the highest band governs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Component {
    pub judged: Judged,
    pub limit: Limit,
    /// Condition delay of a continuous value (Td); zero for a cuff's.
    pub persist: Duration,
    pub severity: Severity,
    pub onset: Onset,
    /// The limit of a patient above 65 years, where it is another (B7).
    pub over_65: Option<i32>,
}

/// Whether a rule is in force only together with a symptom that a nurse entered (B3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WithSymptom {
    No,
    Needed,
}

/// Whether such a symptom stands entered (contract 6: those that feed B3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SymptomState {
    #[default]
    None,
    Entered,
}

/// What decides whether a rule is judged: the phase, and what the nurse has entered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InForce {
    /// `None`: no session.
    pub phase: Option<Phase>,
    pub symptom: SymptomState,
}

/// Which rules one judgement is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope<'a> {
    /// All that are in force.
    InForce(InForce),
    /// Those that have just come into force (row 25).
    Entering { before: InForce, now: InForce },
    /// Those of which a person has moved a limit, or that came with another preset (row 24).
    Moved { was: &'a FamilyRules, now: InForce },
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
    pub with_symptom: WithSymptom,
    /// With a baseline heart rate below this the onset counts as delayed (H4).
    pub delayed_below: Option<i32>,
    /// Judged over the last determinations of the session (B6, B7, B8).
    pub gate: Option<Gate>,
    /// A rule whose components have different priorities is a band for each; 0 is the highest.
    pub part: u8,
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

impl Approval {
    /// What stands wherever a preset is shown that nobody has approved (alarms 7).
    pub const MISSING: &'static str = "LIMITS NOT APPROVED";
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
    /// Of rules and of gates.
    pub families: Vec<FamilyRules>,
    pub due: Vec<Due>,
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

impl Component {
    /// Derived, never stated (alarms 2).
    #[must_use]
    pub const fn priority(&self) -> Priority {
        Priority::derive(self.severity, self.onset)
    }

    /// Whether it judges the same in the same way, whatever the number.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let kind = std::mem::discriminant::<Limit>;
        self.judged == other.judged && kind(&self.limit) == kind(&other.limit)
    }
}

impl AlarmRule {
    /// The greatest of its components: what the band is ranked by.
    #[must_use]
    pub fn priority(&self) -> Priority {
        self.components.iter().map(Component::priority).max().unwrap_or(Priority::Low)
    }

    /// Whether this is the band of another preset's or patient's `other`.
    #[must_use]
    pub fn is_band(&self, other: &Self) -> bool {
        self.id == other.id && self.part == other.part
    }
}

impl InForce {
    #[must_use]
    pub fn holds(self, rule: &AlarmRule) -> bool {
        let symptom = match rule.with_symptom {
            WithSymptom::No => true,
            WithSymptom::Needed => self.symptom == SymptomState::Entered,
        };
        symptom && rule.phases.holds(self.phase)
    }
}

impl Scope<'_> {
    #[must_use]
    pub fn judges(self, rule: &AlarmRule) -> bool {
        match self {
            Self::InForce(now) => now.holds(rule),
            Self::Entering { before, now } => now.holds(rule) && !before.holds(rule),
            Self::Moved { now, .. } => {
                now.holds(rule) && (0..rule.components.len()).any(|part| self.reaches(rule, part))
            }
        }
    }

    /// Whether it is for this component of a rule that it judges.
    #[must_use]
    pub fn reaches(self, rule: &AlarmRule, part: usize) -> bool {
        match self {
            Self::InForce(_) | Self::Entering { .. } => true,
            Self::Moved { was, now } => {
                let before = was.bands.iter().find(|it| it.is_band(rule));
                let limit =
                    |it: &AlarmRule| it.components.get(part).map(|it| (it.judged, it.limit));
                let is_new = |it: &AlarmRule| !now.holds(it) || it.confirm != rule.confirm;
                before.is_none_or(|it| is_new(it) || limit(it) != limit(rule))
            }
        }
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
                Metric::Moaas => &[Metric::Moaas],
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
mod tests;
