//! Decoders: bytes of a device in, messages and rejects out. Pure functions of (state, bytes):
//! the same events for any chunking of the same bytes, bounded buffers, no panic on any input
//! (`protocols`, rules for every decoder).
//!
//! A decoder does not know the time, the bed or the limits. Freshness, duplicates and order are
//! the bed's; plausibility per value is `reading`'s.

pub mod ge_dinamap_ascii;
mod line;
pub mod nonin;
#[cfg(test)]
mod tests;
pub mod vitals_json;

use std::time::Duration;

use ge_dinamap_ascii::GeDinamapAscii;
use nonin::Nonin;
use vitals_json::JsonLines;

use super::ids::DeviceId;
use super::reading::{Measured, Reading, ValueSource};
use super::time::{Stamp, WallTime};

/// Why a whole message or frame was refused; the closed list of contract 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reject {
    Checksum,
    /// Shorter than its own fields, or a frame too long.
    Length,
    /// Well formed, but not a message of this protocol.
    Unknown,
    Schema,
    DuplicateKey,
    TooLarge,
    TooDeep,
    /// The payload names another bed than the topic.
    BedMismatch,
    /// Bed, device or topic not configured, or a device other than the topic's.
    Undeclared,
    /// A retained message is never a reading (safety S7).
    Retained,
    Version,
}

/// What a device says of itself: the `tech` codes of `vitals-json` 1 and three of the protocols'.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatusCode {
    SensorOff,
    SensorFault,
    LowPerfusion,
    Motion,
    CuffLeak,
    CuffLoose,
    Overpressure,
    Timeout,
    Aborted,
    LowBattery,
    CommsLost,
    /// A determination is under way.
    Busy,
    OutOfTrack,
    Artifact,
}

/// One status of a device, on or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceStatus {
    pub code: StatusCode,
    pub active: bool,
}

/// An alarm of the bedside monitor itself: shown beside the bed, never an occurrence of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BedsideAlarm {
    /// The monitor's own code, at most 32 printable characters.
    pub code: Box<str>,
    pub priority: super::alarm::Priority,
    pub active: bool,
}

/// One well-formed message of a device. Without readings it still says that the device is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// The device's own id, where the protocol sends one.
    pub device: Option<DeviceId>,
    /// The bed that the payload names, where it names one; the source compares it (`BedMismatch`).
    pub bed: Option<Box<str>>,
    /// The device's time of sending.
    pub sent: Option<WallTime>,
    /// The device's sequence number; wraps.
    pub seq: Option<u32>,
    pub readings: Vec<Reading>,
    pub statuses: Vec<DeviceStatus>,
    pub bedside_alarms: Vec<BedsideAlarm>,
    /// Keys or signals that we do not know: ignored and counted (safety S1).
    pub unknown_keys: u16,
}

impl Message {
    /// How old a measurement was at receipt. A device's own time of sending cancels its clock's
    /// offset, so a clock that is wrong by an hour tells the right age (safety F2).
    #[must_use]
    pub fn age_of(&self, measured: Measured, received: Stamp) -> Duration {
        match measured {
            Measured::AtReceipt => Duration::ZERO,
            Measured::SecondsAgo(seconds) => Duration::from_secs(seconds.into()),
            Measured::DeviceClock(at) => {
                let sent = self.sent.unwrap_or(received.wall);
                Duration::from_micros(sent.micros_since(at).max(0).unsigned_abs())
            }
        }
    }
}

/// What came out of the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Message(Message),
    /// So many bytes were refused under exactly one reason.
    Rejected {
        reason: Reject,
        bytes: usize,
    },
}

/// An event and the offset of its first byte in the stream since the decoder was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    pub at: u64,
    pub event: Event,
}

/// The closed list of sources has no word for a thermometer or a respiration channel: the bedside
/// monitor's own leads stand for both, where the message names nothing else.
const OF_THE_MONITOR: ValueSource = ValueSource::Ecg;

/// Which frames of a protocol are taken (safety S9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frames {
    /// Only those checked against a public capture: the others say that the device is there, and
    /// give no readings.
    VerifiedOnly,
    All,
}

/// The decoder of one serial line, fresh for each opening of the line.
#[derive(Clone, Debug)]
pub enum Decoder {
    GeDinamapAscii(GeDinamapAscii),
    Nonin(Nonin),
    VitalsJson(JsonLines),
}

impl Decoder {
    /// Takes the next bytes of the stream, in chunks of any size, and appends what they complete.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<Decoded>) {
        match self {
            Self::GeDinamapAscii(decoder) => decoder.push(bytes, out),
            Self::Nonin(decoder) => decoder.push(bytes, out),
            Self::VitalsJson(decoder) => decoder.push(bytes, out),
        }
    }

    /// Says that no more bytes come (a capture's end): an unfinished frame becomes a rejection
    /// too, and a last line without its end counts as one.
    pub fn finish(&mut self, out: &mut Vec<Decoded>) {
        match self {
            Self::GeDinamapAscii(decoder) => decoder.finish(out),
            Self::Nonin(decoder) => decoder.finish(out),
            Self::VitalsJson(decoder) => decoder.finish(out),
        }
    }
}

impl Reject {
    pub const ALL: [Self; 11] = [
        Self::Checksum,
        Self::Length,
        Self::Unknown,
        Self::Schema,
        Self::DuplicateKey,
        Self::TooLarge,
        Self::TooDeep,
        Self::BedMismatch,
        Self::Undeclared,
        Self::Retained,
        Self::Version,
    ];

    /// The wire's word (contract 4).
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Checksum => "checksum",
            Self::Length => "length",
            Self::Unknown => "unknown",
            Self::Schema => "schema",
            Self::DuplicateKey => "duplicate_key",
            Self::TooLarge => "too_large",
            Self::TooDeep => "too_deep",
            Self::BedMismatch => "bed_mismatch",
            Self::Undeclared => "undeclared",
            Self::Retained => "retained",
            Self::Version => "version",
        }
    }
}

impl StatusCode {
    pub const ALL: [Self; 14] = [
        Self::SensorOff,
        Self::SensorFault,
        Self::LowPerfusion,
        Self::Motion,
        Self::CuffLeak,
        Self::CuffLoose,
        Self::Overpressure,
        Self::Timeout,
        Self::Aborted,
        Self::LowBattery,
        Self::CommsLost,
        Self::Busy,
        Self::OutOfTrack,
        Self::Artifact,
    ];

    /// The wire's word (`vitals-json` 1; contract 2).
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SensorOff => "sensor_off",
            Self::SensorFault => "sensor_fault",
            Self::LowPerfusion => "low_perfusion",
            Self::Motion => "motion",
            Self::CuffLeak => "cuff_leak",
            Self::CuffLoose => "cuff_loose",
            Self::Overpressure => "overpressure",
            Self::Timeout => "timeout",
            Self::Aborted => "aborted",
            Self::LowBattery => "low_battery",
            Self::CommsLost => "comms_lost",
            Self::Busy => "busy",
            Self::OutOfTrack => "out_of_track",
            Self::Artifact => "artifact",
        }
    }
}
