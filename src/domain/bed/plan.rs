//! What the configuration says of a bed: its preset, its lines and devices, when silence counts.

use std::sync::Arc;

use crate::domain::alarm::rule::AlarmPreset;
use crate::domain::ids::{BedId, DeviceId, SourceIndex};
use crate::domain::reading::Origin;

/// When a silent bed is an alarm (contract 3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watch {
    /// No-value and overdue only while a session runs.
    Session,
    Always,
}

/// What the configuration says of a bed.
#[derive(Clone, Debug)]
pub struct BedPlan {
    pub id: BedId,
    pub watch: Watch,
    pub preset: Arc<AlarmPreset>,
    /// Serial lines of this bed: their devices are known before they speak.
    pub lines: Vec<(DeviceId, SourceIndex)>,
    /// What the configuration says of its devices by name (contract 3.1 `[[device]]`).
    pub declared: Vec<DeclaredDevice>,
    /// `Simulated`: whatever its devices say of themselves.
    pub origin: Origin,
}

/// What a device can't say of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredDevice {
    pub id: DeviceId,
    pub limb: Limb,
}

/// Which arm a cuff sits on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limb {
    Own,
    /// The oximeter's, too: its values fail while the cuff is inflated (alarms 13).
    SameAsOximeter,
}
