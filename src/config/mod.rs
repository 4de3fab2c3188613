//! Configuration: TOML files in, a resolved `Config` out, or every error at once with file, line,
//! column, key and reason (safety P8). The running service never re-reads a raw value.

mod alarms;
mod device;
mod effective;
mod error;
mod load;
mod mqtt;
mod preset;
mod preset_check;
mod preset_gate;
mod preset_limit;
mod preset_raw;
mod preset_rule;
mod rails;
mod raw;
mod serial;
mod site;
mod structure;
mod topic;

#[cfg(test)]
mod broken;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::domain::alarm::escalation::EscalationTimes;
use crate::domain::alarm::rule::AlarmPreset;
pub use crate::domain::bed::{Limb, Watch};
use crate::domain::ids::{BedId, BedIndex, DeviceId};

pub use effective::write_effective;
pub use error::{ConfigError, ConfigErrors};
pub use load::{Loaded, load, load_all, load_preset};

/// JSON Schema of the configuration and of presets, as `dosevigil schema` prints it.
#[must_use]
pub fn schema() -> serde_json::Value {
    serde_json::json!({
        "config": structure::schema_of::<raw::RawConfig>(),
        "preset": structure::schema_of::<preset_raw::RawPreset>(),
    })
}

/// A checked configuration with its presets, paths resolved against the file's folder.
#[derive(Clone, Debug)]
pub struct Config {
    pub site: Site,
    pub storage: Storage,
    pub audit: Audit,
    pub http: Http,
    pub alarms: Alarms,
    /// In the file's order; `BedIndex` counts here.
    pub beds: Vec<BedConfig>,
    pub serial: Vec<SerialConfig>,
    pub mqtt: Vec<MqttConfig>,
    pub devices: Vec<DeviceConfig>,
}

#[derive(Clone, Debug)]
pub struct Site {
    /// `[a-z0-9-]{1,32}`.
    pub name: Arc<str>,
    /// IANA name, for display only.
    pub timezone: Arc<str>,
    /// In percent, -5 to 0: added to every limit of SpO2, for altitude.
    pub spo2_offset: i32,
}

#[derive(Clone, Debug)]
pub struct Storage {
    pub path: PathBuf,
}

#[derive(Clone, Debug)]
pub struct Audit {
    /// HMAC key of the chain, made at the first start (0600).
    pub key_file: PathBuf,
    /// Where the chain's head is appended each minute and at stop.
    pub head_file: Option<PathBuf>,
}

#[derive(Clone, Debug)]
pub struct Http {
    /// Loopback only until there is TLS.
    pub listen: SocketAddr,
}

#[derive(Clone, Debug)]
pub struct Alarms {
    /// The preset of every bed and new session.
    pub preset: Arc<AlarmPreset>,
    /// All of the folder, by name, that one too.
    pub presets: Vec<Arc<AlarmPreset>>,
    pub escalation: EscalationTimes,
}

#[derive(Clone, Debug)]
pub struct BedConfig {
    pub id: BedId,
    pub label: Arc<str>,
    pub watch: Watch,
}

/// A protocol on a serial line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SerialProtocol {
    GeDinamapAscii,
    Nonin(NoninFormat),
    VitalsJson,
}

/// Nonin data formats; `Auto` decides between 2 and 7 and locks after three good packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoninFormat {
    Auto,
    One,
    Two,
    Seven,
}

/// Whether values of a decoder never checked against a public capture are taken (safety S9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unverified {
    Refused,
    Accepted,
}

#[derive(Clone, Debug)]
pub struct SerialConfig {
    /// Also the device id where the protocol sends none.
    pub name: DeviceId,
    pub bed: BedIndex,
    pub path: PathBuf,
    pub protocol: SerialProtocol,
    pub line: Line,
    /// Polled protocols only.
    pub poll: Duration,
    pub unverified: Unverified,
    /// Which arm its cuff sits on.
    pub limb: Limb,
}

/// A device by name: what it can't say of itself.
#[derive(Clone, Debug)]
pub struct DeviceConfig {
    pub id: DeviceId,
    /// `None`: whichever its topic says.
    pub bed: Option<BedIndex>,
    pub limb: Limb,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    pub baud: u32,
    pub data_bits: u8,
    pub parity: Parity,
    pub stop_bits: u8,
    pub flow: Flow,
    pub dtr_on_open: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parity {
    None,
    Even,
    Odd,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    None,
    RtsCts,
}

#[derive(Clone, Debug)]
pub struct MqttConfig {
    pub name: Arc<str>,
    pub host: Arc<str>,
    pub port: u16,
    /// `None`: plain MQTT, on loopback or an isolated network.
    pub tls: Option<MqttTls>,
    pub client_id: Arc<str>,
    pub username: Option<Arc<str>>,
    pub password_file: Option<PathBuf>,
    /// 5 to 7 s.
    pub keep_alive: Duration,
    pub max_packet_bytes: usize,
    pub topics: Vec<TopicConfig>,
}

/// TLS of a broker; without `ca_file` the system's roots.
#[derive(Clone, Debug)]
pub struct MqttTls {
    pub ca_file: Option<PathBuf>,
    pub client: Option<(PathBuf, PathBuf)>,
}

/// A topic to subscribe to; format `vitals-json`.
#[derive(Clone, Debug)]
pub struct TopicConfig {
    pub levels: Vec<TopicLevel>,
    /// The bed of a topic without `{bed}`.
    pub bed: Option<BedIndex>,
    /// Device id → bed, for a topic without `{bed}` and without `bed`.
    pub devices: Vec<(DeviceId, BedIndex)>,
}

/// One level of a topic; the filter has `+` for all but `Exact`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TopicLevel {
    Exact(Arc<str>),
    Any,
    Bed,
    Device,
}
