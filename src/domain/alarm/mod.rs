//! The words of alarms (IEC 60601-1-8 terms as restated in `alarms` 1 and `style` 2.4).
//!
//! A *condition* is a fact that the server decides; a *signal* is how it is told and what people
//! may silence; an *occurrence* is one episode of one family on one bed.

pub mod band;
pub mod condition;
pub mod confirm;
pub mod episode;
pub mod escalation;
pub mod family;
pub mod gate;
pub mod hold;
pub mod inactivation;
pub mod limit;
pub mod occurrence;
pub mod personal;
pub mod rails;
pub mod recurrence;
pub mod reminder;
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
    /// Sedation as entered by the nurse (SED1).
    Sedation,
    /// The pre-dose gates as an alarm (B7, B8).
    PreDose,
    /// The discharge gate as an alarm (B6).
    Discharge,
    /// A continuous vital stays away; subject = the metric (T3).
    NoValue,
    /// A required signal was never seen or is lost; subject = the signal, or `all`.
    SignalLost,
    /// The device says that its sensor is off or its signal poor; subject = the device.
    SensorOff,
    /// A cuff's determination failed; subject = the device (T5).
    CuffFailed,
    /// The planned cuff reading is late (T1).
    NibpOverdue,
    /// A timed reading of the preset is late; subject = its id (T2).
    TimedReading,
    /// A line, a device's link or a broker is lost; subject = its name (T3).
    LinkDown,
    /// Whole messages are being rejected; subject = the source (T3).
    InvalidData,
    /// A value outside its valid band; subject = the metric.
    Implausible,
    /// A value that must vary has not changed for 60 s; subject = the metric.
    Frozen,
    /// ECG and pleth rate differ (T4).
    RateConflict,
    /// One device under two beds, or two giving the same metric; subject = the device or metric.
    DeviceConflict,
    /// A device's clock is off, or its order broke; subject = the device.
    DeviceClock,
    /// Subject = the device.
    BatteryLow,
    /// The bedside monitor's own alarms are off; subject = the device.
    BedsideAlarms,
    /// A dose without an accepted baseline: relative rules are disabled.
    NoBaseline,
    /// Stand-by in a session lasted longer than it may.
    StandbyOverrun,
    /// A bed's step failed and the bed was taken out of service.
    Evaluator,
    /// Our wall clock stepped, or is not synchronised; service-wide.
    ServiceClock,
    /// The journal stalls or fails; service-wide.
    Journal,
    /// No visible screen shows a bed with a running session; service-wide.
    NobodyWatching,
    /// Every visible screen has its sound locked; service-wide.
    SoundLocked,
    /// No second way to reach people is configured; service-wide.
    NoSecondChannel,
    /// The self-test through the pipeline failed; service-wide.
    SelfTest,
    /// A changed configuration can't be used; service-wide.
    Config,
    /// The latency budget is broken (A1); service-wide.
    Latency,
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
    pub const ALL: [Self; 37] = [
        Self::BpHigh,
        Self::BpLow,
        Self::HrHigh,
        Self::HrLow,
        Self::SpO2Low,
        Self::RespLow,
        Self::RespHigh,
        Self::Sedation,
        Self::PreDose,
        Self::Discharge,
        Self::NoValue,
        Self::SignalLost,
        Self::SensorOff,
        Self::CuffFailed,
        Self::NibpOverdue,
        Self::TimedReading,
        Self::LinkDown,
        Self::InvalidData,
        Self::Implausible,
        Self::Frozen,
        Self::RateConflict,
        Self::DeviceConflict,
        Self::DeviceClock,
        Self::BatteryLow,
        Self::BedsideAlarms,
        Self::NoBaseline,
        Self::StandbyOverrun,
        Self::Evaluator,
        Self::ServiceClock,
        Self::Journal,
        Self::NobodyWatching,
        Self::SoundLocked,
        Self::NoSecondChannel,
        Self::SelfTest,
        Self::Config,
        Self::Latency,
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
            Self::Sedation => "sedation",
            Self::PreDose => "pre-dose",
            Self::Discharge => "discharge",
            Self::NoValue => "no-value",
            Self::SignalLost => "signal-lost",
            Self::SensorOff => "sensor-off",
            Self::CuffFailed => "cuff-failed",
            Self::NibpOverdue => "nibp-overdue",
            Self::TimedReading => "timed-reading",
            Self::LinkDown => "link-down",
            Self::InvalidData => "invalid-data",
            Self::Implausible => "implausible",
            Self::Frozen => "frozen",
            Self::RateConflict => "rate-conflict",
            Self::DeviceConflict => "device-conflict",
            Self::DeviceClock => "device-clock",
            Self::BatteryLow => "battery-low",
            Self::BedsideAlarms => "bedside-alarms",
            Self::NoBaseline => "no-baseline",
            Self::StandbyOverrun => "standby-overrun",
            Self::Evaluator => "evaluator",
            Self::ServiceClock => "service-clock",
            Self::Journal => "journal",
            Self::NobodyWatching => "nobody-watching",
            Self::SoundLocked => "sound-locked",
            Self::NoSecondChannel => "no-second-channel",
            Self::SelfTest => "self-test",
            Self::Config => "config",
            Self::Latency => "latency",
            Self::MonitoringGap => "monitoring-gap",
        }
    }

    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|family| family.name() == name)
    }

    #[must_use]
    pub const fn kind(self) -> AlarmKind {
        // The hazards of a patient come first in the list.
        if (self as u8) <= Self::Discharge as u8 {
            AlarmKind::Physiological
        } else {
            AlarmKind::Technical
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

    #[test]
    fn priorities_have_the_wires_words_and_go_down_by_one_step() {
        use Priority::{High, Low, Medium};
        assert_eq!(Priority::ALL.map(Priority::name), ["low", "medium", "high"]);
        assert_eq!(Priority::ALL.map(Priority::lowered), [Low, Low, Medium]);
        assert!(Low < Medium && Medium < High);
    }

    #[test]
    fn the_hazards_of_a_patient_are_physiological_and_all_else_is_technical() {
        let of_patients = "bp-high bp-low hr-high hr-low spo2-low resp-low resp-high sedation \
                           pre-dose discharge";
        let physiological = |family: &AlarmFamily| family.kind() == AlarmKind::Physiological;
        let found: Vec<_> = AlarmFamily::ALL.into_iter().filter(physiological).collect();
        let words: Vec<_> = found.into_iter().map(AlarmFamily::name).collect();
        assert_eq!(words.join(" "), of_patients);
    }
}
