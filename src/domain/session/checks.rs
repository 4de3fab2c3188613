//! What the nurse ticks before the patient leaves, and all that a gate may find missing.

use std::sync::Arc;

use crate::domain::ids::RuleId;
use crate::domain::time::Stamp;

/// The discharge checks of contract 6; none is assumed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a tick of its own on the form")]
pub struct Checks {
    pub awake: bool,
    pub oriented: bool,
    pub gait: bool,
    pub symptoms_gone: bool,
    pub escort: bool,
}

/// Why a dose may not be given yet, or a patient not leave yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// No accepted baseline.
    Baseline,
    /// The pressure stops it: B7, B8.
    Pressure { rule: RuleId },
    /// The gate's readings are too few or too close: B7, B8, B6.
    Readings { rule: RuleId },
    /// The rest of 5 min between nasal devices.
    DeviceRest { until: Stamp },
    /// The dose has not ended.
    DoseRunning,
    /// The time of observation.
    Observation { until: Stamp },
    /// B6 does not pass.
    DischargePressure { rule: RuleId },
    /// A timed reading (T2) was not taken.
    TimedReading { id: Arc<str> },
    /// The newest MOAA/S is below 5; or none was entered, and `awake` is not ticked.
    Sedation { moaas: Option<u8> },
    /// A symptom is entered and has not gone.
    Symptoms,
    /// A check of the form is not ticked: its name there.
    Check { name: &'static str },
}

impl Checks {
    /// Each with its name on the wire.
    #[must_use]
    pub const fn all(self) -> [(&'static str, bool); 5] {
        [
            ("awake", self.awake),
            ("oriented", self.oriented),
            ("gait", self.gait),
            ("symptoms_gone", self.symptoms_gone),
            ("escort", self.escort),
        ]
    }

    /// Everything is ticked.
    pub const ALL: Self =
        Self { awake: true, oriented: true, gait: true, symptoms_gone: true, escort: true };
}

impl Missing {
    /// The wire's word.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Pressure { .. } => "pressure",
            Self::Readings { .. } => "readings",
            Self::DeviceRest { .. } => "device_rest",
            Self::DoseRunning => "dose_running",
            Self::Observation { .. } => "observation",
            Self::DischargePressure { .. } => "discharge_pressure",
            Self::TimedReading { .. } => "timed_reading",
            Self::Sedation { .. } => "sedation",
            Self::Symptoms => "symptoms",
            Self::Check { name } => name,
        }
    }

    /// As the record of an override names it: "B6", "T2", "observation".
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Pressure { rule } | Self::DischargePressure { rule } => rule.to_string(),
            Self::Readings { rule } => format!("{rule} readings"),
            Self::TimedReading { id } => id.to_string(),
            Self::Sedation { moaas: Some(score) } => format!("MOAA/S {score}"),
            Self::Sedation { moaas: None } => "no MOAA/S".to_owned(),
            Self::DeviceRest { .. } => "device rest".to_owned(),
            Self::DoseRunning => "dose running".to_owned(),
            Self::Baseline | Self::Observation { .. } | Self::Symptoms | Self::Check { .. } => {
                self.name().to_owned()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_record_of_an_override_names_each_thing_that_was_missing() {
        let rule = || RuleId::try_new("B6").unwrap();
        let until = Stamp::default();
        let table = [
            (Missing::Baseline, "baseline"),
            (Missing::Pressure { rule: rule() }, "B6"),
            (Missing::Readings { rule: rule() }, "B6 readings"),
            (Missing::DeviceRest { until }, "device rest"),
            (Missing::DoseRunning, "dose running"),
            (Missing::Observation { until }, "observation"),
            (Missing::DischargePressure { rule: rule() }, "B6"),
            (Missing::TimedReading { id: "T2".into() }, "T2"),
            (Missing::Sedation { moaas: Some(4) }, "MOAA/S 4"),
            (Missing::Sedation { moaas: None }, "no MOAA/S"),
            (Missing::Symptoms, "symptoms"),
            (Missing::Check { name: "gait" }, "gait"),
        ];
        for (missing, words) in table {
            assert_eq!(missing.words(), words, "{missing:?}");
        }
    }
}
