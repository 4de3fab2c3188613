//! The words of alarms (IEC 60601-1-8 terms as restated in `alarms` 1 and `style` 2.4).
//!
//! A *condition* is a fact that the server decides; a *signal* is how it is told and what people
//! may silence; an *occurrence* is one episode of one family on one bed.

pub mod condition;
pub mod confirm;
pub mod episode;
pub mod family;
pub mod hold;
pub mod occurrence;
pub mod rule;
pub mod signal;
pub mod technical;
pub mod text;
pub mod value;

/// What is at stake, by severity and onset (alarms 2). `High` is the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    Low,
    Medium,
    High,
}

/// Worst result if nobody responds (alarms 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Severity {
    Irreversible,
    Reversible,
    Minor,
}

/// How soon the harm comes (alarms 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Onset {
    Immediate,
    Prompt,
    Delayed,
}

/// About the patient, or about the equipment and the data path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AlarmKind {
    Physiological,
    Technical,
}

/// The rules of one hazard; one occurrence at a time per bed, family and subject (alarms 11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AlarmFamily {
    BpHigh,
    BpLow,
    HrHigh,
    HrLow,
    SpO2Low,
    RespLow,
    RespHigh,
    /// A continuous vital stays away; subject = the metric (T3).
    NoValue,
    /// The planned cuff reading is late (T1).
    NibpOverdue,
    /// A line, a device's link or a broker is lost; subject = its name (T3).
    LinkDown,
    /// Whole messages are being rejected; subject = the source (T3).
    InvalidData,
    /// A bed's step failed and the bed was taken out of service.
    Evaluator,
    /// The journal stalls or fails; service-wide.
    Journal,
    /// The service was down from-to; service-wide, raised latched (row 28).
    MonitoringGap,
}

impl Priority {
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];

    /// The table of alarms 2: severity of harm by time of onset.
    #[must_use]
    pub const fn derive(severity: Severity, onset: Onset) -> Self {
        match (severity, onset) {
            (Severity::Irreversible, Onset::Immediate | Onset::Prompt)
            | (Severity::Reversible, Onset::Immediate) => Self::High,
            (Severity::Irreversible, Onset::Delayed)
            | (Severity::Reversible, Onset::Prompt)
            | (Severity::Minor, Onset::Immediate) => Self::Medium,
            (Severity::Reversible, Onset::Delayed)
            | (Severity::Minor, Onset::Prompt | Onset::Delayed) => Self::Low,
        }
    }

    /// The wire's word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    /// One step lower, but never off: technical alarms of a bed outside the active phase
    /// (alarms 13).
    #[must_use]
    pub const fn lowered(self) -> Self {
        match self {
            Self::High => Self::Medium,
            Self::Medium | Self::Low => Self::Low,
        }
    }
}

impl AlarmFamily {
    pub const ALL: [Self; 14] = [
        Self::BpHigh,
        Self::BpLow,
        Self::HrHigh,
        Self::HrLow,
        Self::SpO2Low,
        Self::RespLow,
        Self::RespHigh,
        Self::NoValue,
        Self::NibpOverdue,
        Self::LinkDown,
        Self::InvalidData,
        Self::Evaluator,
        Self::Journal,
        Self::MonitoringGap,
    ];

    /// The wire's word (contract 3.2, 6).
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::BpHigh => "bp-high",
            Self::BpLow => "bp-low",
            Self::HrHigh => "hr-high",
            Self::HrLow => "hr-low",
            Self::SpO2Low => "spo2-low",
            Self::RespLow => "resp-low",
            Self::RespHigh => "resp-high",
            Self::NoValue => "no-value",
            Self::NibpOverdue => "nibp-overdue",
            Self::LinkDown => "link-down",
            Self::InvalidData => "invalid-data",
            Self::Evaluator => "evaluator",
            Self::Journal => "journal",
            Self::MonitoringGap => "monitoring-gap",
        }
    }

    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|family| family.name() == name)
    }

    #[must_use]
    pub const fn kind(self) -> AlarmKind {
        match self {
            Self::BpHigh
            | Self::BpLow
            | Self::HrHigh
            | Self::HrLow
            | Self::SpO2Low
            | Self::RespLow
            | Self::RespHigh => AlarmKind::Physiological,
            Self::NoValue
            | Self::NibpOverdue
            | Self::LinkDown
            | Self::InvalidData
            | Self::Evaluator
            | Self::Journal
            | Self::MonitoringGap => AlarmKind::Technical,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn priority_follows_severity_and_onset() {
        use Onset::{Delayed, Immediate, Prompt};
        use Severity::{Irreversible, Minor, Reversible};
        let table = [
            (Irreversible, [Priority::High, Priority::High, Priority::Medium]),
            (Reversible, [Priority::High, Priority::Medium, Priority::Low]),
            (Minor, [Priority::Medium, Priority::Low, Priority::Low]),
        ];
        for (severity, row) in table {
            for (onset, priority) in [Immediate, Prompt, Delayed].into_iter().zip(row) {
                assert_eq!(Priority::derive(severity, onset), priority, "{severity:?} {onset:?}");
            }
        }
    }

    #[test]
    fn every_family_is_found_by_its_wire_name() {
        for family in AlarmFamily::ALL {
            assert_eq!(AlarmFamily::by_name(family.name()), Some(family));
        }
    }
}
