//! A timed story: turns a TOML file of `scenarios/` into beds, patients, monitors, what
//! happens to them, and the alarms that must come of it. One file is demo, test and soak.
//! All times are clinical seconds since the service opened; negative is the past that it finds
//! already there. Unknown keys are errors. Deliberately names alarms by the words of the
//! preset only and judges none itself.

use anyhow::{Context, bail};
use serde::Deserialize;

use crate::bedside::Vital;
use crate::device::cuff::CuffPlan;
use crate::device::nonin::Format;
use crate::fault::FaultKind;
use crate::noise::mix;
use crate::patient::{CuffFailure, Traits};
use crate::pharmacology::{Dose, Way};

/// Four patients and a free bed, alarms within a minute, a pulled cable: the demo.
pub const FIRST_CLINIC: &str = include_str!("../scenarios/first_clinic.toml");
/// The same clinic with nothing amiss.
pub const QUIET_HOUR: &str = include_str!("../scenarios/quiet_hour.toml");
/// One cuff reading beyond 200/120.
pub const VERY_HIGH_CUFF: &str = include_str!("../scenarios/very_high_cuff.toml");

/// A whole scenario file.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Its file's name.
    pub name: String,
    /// What it shows, one line.
    pub title: String,
    /// `{site}` of the MQTT topics.
    pub site: String,
    /// The monitors were switched on so many seconds before the opening.
    pub past_s: f64,
    /// The beds.
    #[serde(rename = "bed")]
    pub beds: Vec<BedPlan>,
    /// What happens.
    #[serde(default)]
    pub story: Vec<StoryEvent>,
    /// The alarms of the beds in this file, from the opening on; no others may come.
    #[serde(default)]
    pub expected: Vec<ExpectedAlarm>,
}

/// A bed with its patient and monitors.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BedPlan {
    /// `{bed}` of the topics.
    pub id: String,
    /// Name on the tile.
    pub label: String,
    /// Seed of the patient and of the lines.
    pub seed: u64,
    /// The session under way; absent: none.
    pub session: Option<SessionPlan>,
    /// The patient.
    pub traits: Traits,
    /// The doses, in time order.
    #[serde(default, rename = "dose")]
    pub doses: Vec<Dose>,
    /// The monitors.
    #[serde(rename = "device")]
    pub devices: Vec<DevicePlan>,
}

/// The session of a bed.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionPlan {
    /// Of an invented patient.
    pub initials: String,
    /// Theirs; absent: not known.
    pub birth_year: Option<u16>,
    /// Clinical second of its start.
    pub started_s: f64,
}

/// A monitor, by protocol.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "protocol", deny_unknown_fields)]
pub enum DevicePlan {
    /// Cuff monitor on a serial port.
    #[serde(rename = "ge-dinamap-ascii")]
    Dinamap {
        /// Unique in the scenario; also the name of its port.
        id: String,
        /// Its cycle.
        cuff: CuffPlan,
    },
    /// Oximeter on a serial port.
    #[serde(rename = "nonin")]
    Nonin {
        /// As above.
        id: String,
        /// Its data format: 1, 2 or 7.
        format: Format,
    },
    /// Multi-parameter monitor over MQTT.
    #[serde(rename = "vitals-json")]
    Gateway {
        /// `{device}` of the topic.
        id: String,
        /// Its cycle.
        cuff: CuffPlan,
    },
}

impl DevicePlan {
    /// Name of the device.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Dinamap { id, .. } | Self::Nonin { id, .. } | Self::Gateway { id, .. } => id,
        }
    }

    /// Its protocol as the configuration names it.
    #[must_use]
    pub const fn protocol(&self) -> &'static str {
        match self {
            Self::Dinamap { .. } => "ge-dinamap-ascii",
            Self::Nonin { .. } => "nonin",
            Self::Gateway { .. } => "vitals-json",
        }
    }

    /// The cycle of its cuff, if it has one.
    #[must_use]
    pub const fn cuff(&self) -> Option<CuffPlan> {
        match self {
            Self::Dinamap { cuff, .. } | Self::Gateway { cuff, .. } => Some(*cuff),
            Self::Nonin { .. } => None,
        }
    }
}

/// Something that happens at a bed.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoryEvent {
    /// When.
    pub at_s: f64,
    /// Where.
    pub bed: String,
    /// What.
    pub change: Change,
}

/// What can happen.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Change {
    /// A vital sign is replaced; noise stays on top.
    Set { vital: Vital, value: f64, for_s: f64 },
    /// A vital sign is shifted.
    Add { vital: Vital, value: f64, for_s: f64 },
    /// A vital sign is exactly so.
    Hold { vital: Vital, value: f64, for_s: f64 },
    /// The bed's cuff completes a determination with these figures.
    Cuff { systolic: u16, diastolic: u16, pulse: u16 },
    /// The bed's cuff fails.
    CuffFails { why: CuffFailure },
    /// The finger is out of the oximeter.
    SensorOff { for_s: f64 },
    /// The cable of a monitor (serial or network) is out.
    Unplug { device: String, for_s: f64 },
    /// A monitor's line spoils one frame in `one_in`.
    Fault { device: String, kind: FaultKind, one_in: u32, for_s: f64 },
}

/// Priority of an alarm, as the wire spells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Priority {
    /// Low.
    Low,
    /// Medium.
    Medium,
    /// High.
    High,
}

/// An alarm that must come: raised to this priority between `from_s` and `to_s`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedAlarm {
    /// Where.
    pub bed: String,
    /// Family, as in the preset; or a technical family.
    pub family: String,
    /// Rule, as in the preset; absent for a technical family.
    pub rule: Option<String>,
    /// Priority.
    pub priority: Priority,
    /// Not before.
    pub from_s: f64,
    /// Not after.
    pub to_s: f64,
}

impl Scenario {
    /// Reads a scenario file.
    ///
    /// # Errors
    /// Bad TOML, an unknown key, or what `check` finds, all of it at once.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let scenario: Self = toml::from_str(text).context("not a scenario")?;
        let wrong = check::problems(&scenario);
        if !wrong.is_empty() {
            bail!("scenario {}: {}", scenario.name, wrong.join("; "));
        }
        Ok(scenario)
    }

    /// The demo's scenario, as shipped.
    #[must_use]
    pub fn first_clinic() -> Self {
        Self::parse(FIRST_CLINIC).expect("a test parses each shipped scenario")
    }

    /// The same story with other patients: `seed` 0 changes nothing.
    #[must_use]
    pub fn reseeded(mut self, seed: u64) -> Self {
        if seed != 0 {
            for bed in &mut self.beds {
                bed.seed = mix(bed.seed ^ mix(seed));
            }
        }
        self
    }

    /// The first `count` beds; where the file has fewer, MQTT beds `bay-N` with drawn patients
    /// (seeded by `seed`, at the rates of clinical 4.3) are added. Their alarms are not in
    /// `expected`.
    #[must_use]
    pub fn with_beds(mut self, count: usize, seed: u64) -> Self {
        self.beds.truncate(count);
        let kept = |bed: &str| self.beds.iter().any(|plan| plan.id == bed);
        self.story.retain(|event| kept(&event.bed));
        self.expected.retain(|alarm| kept(&alarm.bed));
        let first_new = self.beds.len() + 1;
        self.beds.extend((first_new..=count).map(|n| drawn_bed(n, seed, self.past_s)));
        self
    }
}

/// Bed `bay-{n}`: a session somewhere between arrival and recovery.
fn drawn_bed(n: usize, seed: u64, past_s: f64) -> BedPlan {
    // Sites differ; 0.8 is the pooled gain (clinical 4.3).
    const GAIN: f64 = 0.8;
    let seed = mix(mix(seed).wrapping_add(n as u64));
    // Doses are spread from 38 minutes before the opening to 12 after it.
    let dose_s = (seed % 3000) as f64 - 2300.0;
    let letter = |shift: u64| char::from(b'A' + ((seed >> shift) % 26) as u8);
    BedPlan {
        id: format!("bay-{n}"),
        label: format!("Bay {n}"),
        seed,
        session: Some(SessionPlan {
            initials: format!("{}.{}.", letter(8), letter(16)),
            birth_year: Some(1945 + (seed >> 32) as u16 % 60),
            started_s: dose_s - 1200.0,
        }),
        traits: Traits::drawn(seed, GAIN),
        doses: vec![Dose { mg_per_kg: 0.5, start_s: dose_s, duration_s: 2400.0, way: Way::Iv }],
        devices: vec![DevicePlan::Gateway {
            id: format!("bay-{n}-monitor"),
            cuff: CuffPlan { interval_s: 600.0, first_s: ((seed >> 24) % 600) as f64 - past_s },
        }],
    }
}

mod check;

#[cfg(test)]
mod tests;
