//! `config/monitor.toml` as it is written: the serde mirror of contract 3.1, as far as this build
//! reads it. Every key here is read; any other is an unknown key.
//!
//! Private to `config`. Bounds stand here, so that the schema shows them; what the keys mean
//! together is checked in `load` and its neighbours. No flatten and no tagged enums: both would
//! lose the positions of values.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer};

use super::structure::At;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawConfig {
    pub(super) site: RawSite,
    pub(super) storage: RawStorage,
    pub(super) audit: RawAudit,
    pub(super) http: RawHttp,
    pub(super) alarms: RawAlarms,
    pub(super) bed: At<Vec<RawBed>>,
    #[serde(default)]
    pub(super) serial: Vec<RawSerial>,
    #[serde(default)]
    pub(super) mqtt: Vec<RawMqtt>,
    #[serde(default)]
    pub(super) device: Vec<RawDevice>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSite {
    /// 1 to 32 of a-z, 0-9 and -.
    pub(super) name: At<String>,
    /// IANA name; for display.
    pub(super) timezone: At<String>,
    /// In percent, added to every SpO2 limit at altitude; the rails still hold. Default 0.
    #[schemars(range(min = -5, max = 0))]
    pub(super) spo2_offset: Option<At<i64>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawStorage {
    /// The SQLite database, on a local disk.
    pub(super) path: At<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAudit {
    /// HMAC key of the journal's chain, made at the first start.
    pub(super) key_file: At<String>,
    /// Where the chain's head is appended each minute and at stop.
    pub(super) head_file: Option<At<String>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawHttp {
    /// Address and port; loopback only until TLS.
    pub(super) listen: At<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAlarms {
    /// Name of the preset that is in force.
    pub(super) preset: At<String>,
    /// Folder of the presets.
    pub(super) presets_dir: At<String>,
    /// Steps E1, E2, E3 of a HIGH alarm, seconds from the raise; default 30, 60, 120.
    pub(super) escalate_high_s: Option<At<Vec<At<i64>>>>,
    /// The same of a MEDIUM one; default 120, 240, 600.
    pub(super) escalate_medium_s: Option<At<Vec<At<i64>>>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawBed {
    /// 1 to 32 of a-z, 0-9 and -; unique.
    pub(super) id: At<String>,
    /// What people call it.
    pub(super) label: At<String>,
    /// When a silent bed is an alarm (contract 3.3); default session.
    pub(super) watch: Option<At<RawWatch>>,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum RawWatch {
    Session,
    Always,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSerial {
    /// Also the device id where the protocol sends none.
    pub(super) name: At<String>,
    /// A configured bed.
    pub(super) bed: At<String>,
    /// Device file; by-id names survive replugging.
    pub(super) path: At<String>,
    pub(super) protocol: At<RawProtocol>,
    /// Default per protocol.
    pub(super) line: Option<RawLine>,
    /// Seconds between polls; polled protocols only; default 1.
    #[schemars(range(min = 1, max = 60))]
    pub(super) poll_s: Option<At<i64>>,
    /// Takes values of a decoder that was never checked against a public capture.
    pub(super) accept_unverified: Option<At<bool>>,
    /// This cuff sits on the oximeter's arm; default false.
    pub(super) same_limb: Option<At<bool>>,
    /// Nonin only; default auto, which decides between 2 and 7.
    pub(super) format: Option<At<RawNoninFormat>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawDevice {
    /// As the device names itself, or as its topic does.
    pub(super) id: At<String>,
    /// The bed that it belongs to; default: the one that its topic says.
    pub(super) bed: Option<At<String>>,
    /// This cuff sits on the oximeter's arm; default false.
    pub(super) same_limb: Option<At<bool>>,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawProtocol {
    GeDinamapAscii,
    Nonin,
    VitalsJson,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLine {
    /// Bits per second.
    #[schemars(range(min = 300, max = 921_600))]
    pub(super) baud: Option<At<i64>>,
    #[schemars(range(min = 7, max = 8))]
    pub(super) data_bits: Option<At<i64>>,
    pub(super) parity: Option<At<RawParity>>,
    #[schemars(range(min = 1, max = 2))]
    pub(super) stop_bits: Option<At<i64>>,
    pub(super) flow: Option<At<RawFlow>>,
    /// false where DTR resets the device.
    pub(super) dtr_on_open: Option<At<bool>>,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum RawParity {
    None,
    Even,
    Odd,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum RawFlow {
    None,
    RtsCts,
}

/// `"auto"`, or a number with or without quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RawNoninFormat {
    Auto,
    One,
    Two,
    Seven,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawMqtt {
    /// Unique among sources.
    pub(super) name: At<String>,
    /// `mqtt://host:port`, or `mqtts://` for TLS; never with a user or password.
    pub(super) url: At<String>,
    /// Unique per instance: the broker keeps the session under it.
    pub(super) client_id: At<String>,
    /// Says that mqtt:// off loopback runs in a network of its own.
    pub(super) plain_mqtt: Option<At<RawPlainMqtt>>,
    pub(super) username: Option<At<String>>,
    /// File (0600) with the password.
    pub(super) password_file: Option<At<String>>,
    pub(super) tls: Option<At<RawTls>>,
    /// Seconds; default 5.
    #[schemars(range(min = 5, max = 7))]
    pub(super) keep_alive_s: Option<At<i64>>,
    /// Bytes; default 262144.
    #[schemars(range(min = 65_536, max = 1_048_576))]
    pub(super) max_packet_bytes: Option<At<i64>>,
    pub(super) topic: At<Vec<At<RawTopic>>>,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawPlainMqtt {
    IsolatedNetwork,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTls {
    /// Certificate authority in PEM; default: the system's roots.
    pub(super) ca_file: Option<At<String>>,
    /// Client certificate in PEM; with `key_file`.
    pub(super) cert_file: Option<At<String>>,
    /// Client key in PEM (0600); with `cert_file`.
    pub(super) key_file: Option<At<String>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTopic {
    /// {bed} and {device} are captured, + skips one level, # is refused.
    pub(super) topic: At<String>,
    pub(super) format: At<RawFormat>,
    /// Whose a topic without {bed} is.
    pub(super) bed: Option<At<String>>,
    /// Device id to bed, for a topic without {bed}.
    pub(super) devices: Option<BTreeMap<At<String>, At<String>>>,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawFormat {
    VitalsJson,
}

/// Spellings of the Nonin formats, for serde and for the schema.
const NONIN_WORDS: [(&str, RawNoninFormat); 4] = [
    ("auto", RawNoninFormat::Auto),
    ("1", RawNoninFormat::One),
    ("2", RawNoninFormat::Two),
    ("7", RawNoninFormat::Seven),
];

impl<'de> Deserialize<'de> for RawNoninFormat {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Word;
        impl serde::de::Visitor<'_> for Word {
            type Value = RawNoninFormat;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("\"auto\", 1, 2 or 7")
            }

            fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<RawNoninFormat, E> {
                let known = NONIN_WORDS.into_iter().find(|(known, _)| *known == word);
                known.map(|(_, format)| format).ok_or_else(|| E::custom("unknown format"))
            }

            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<RawNoninFormat, E> {
                self.visit_str(&number.to_string())
            }
        }
        deserializer.deserialize_any(Word)
    }
}

impl JsonSchema for RawNoninFormat {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "RawNoninFormat".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({ "enum": ["auto", 1, 2, 7, "1", "2", "7"] })
    }
}
