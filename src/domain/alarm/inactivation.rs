//! Whether a bed's alarms about the patient are inhibited now (alarms 4; rows 26, 32).

/// What inhibits a bed's physiological families.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inhibition {
    None,
    /// Sensor care: technical alarms stay.
    AlarmPaused,
    /// The patient is off the monitor: what is missing with them is no alarm either.
    Standby,
}
