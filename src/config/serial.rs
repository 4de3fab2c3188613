//! `[[serial]]` → `SerialConfig`: line settings per protocol, polling, and what a decoder that was
//! never checked against a public capture needs (safety S9; protocols, "What each decoder has been
//! checked against"). Whether the device file exists is the serial source's to find out.

use std::time::Duration;

use super::error::Findings;
use super::raw::{RawConfig, RawFlow, RawLine, RawNoninFormat, RawParity, RawProtocol, RawSerial};
use super::site::{self, Folder};
use super::structure::At;
use super::{Flow, Limb, Line, NoninFormat, Parity, SerialConfig, SerialProtocol, Unverified};
use crate::domain::ids::DeviceId;

/// ge-dinamap-ascii polls once a second, as the public drivers do.
const POLL_S_DEFAULT: u64 = 1;

pub(super) fn resolve(
    raw: &RawConfig,
    folder: &Folder<'_>,
    findings: &mut Findings<'_>,
) -> Vec<SerialConfig> {
    let mut lines: Vec<SerialConfig> = Vec::new();
    for (place, serial) in raw.serial.iter().enumerate() {
        let key = format!("serial[{place}]");
        let name_key = format!("{key}.name");
        let name = match DeviceId::try_new(serial.name.get()) {
            Ok(name) => name,
            Err(error) => {
                findings.meaning(&name_key, serial.name.span(), format!("a source's name {error}"));
                continue;
            }
        };
        if lines.iter().any(|other| other.name == name) {
            let reason = format!("the source {:?} stands twice", serial.name.get());
            findings.meaning(&name_key, serial.name.span(), reason);
        }
        let path_key = format!("{key}.path");
        let path = folder.path(&path_key, &serial.path, findings).unwrap_or_default();
        if lines.iter().any(|other| other.path == path) {
            findings.meaning(&path_key, serial.path.span(), "another source has this device file");
        }
        let unverified = match serial.accept_unverified.as_ref().map(At::get) {
            Some(true) => Unverified::Accepted,
            Some(false) | None => Unverified::Refused,
        };
        lines.push(SerialConfig {
            name,
            bed: site::bed_index(&format!("{key}.bed"), &serial.bed, &raw.bed, findings),
            path,
            protocol: protocol(&key, serial, unverified, findings),
            line: line(*serial.protocol.get(), serial.line.as_ref()),
            poll: poll(&key, serial, findings),
            unverified,
            limb: limb(&key, serial, findings),
        });
    }
    lines
}

fn protocol(
    key: &str,
    raw: &RawSerial,
    unverified: Unverified,
    findings: &mut Findings<'_>,
) -> SerialProtocol {
    if let Some(format) = &raw.format
        && *raw.protocol.get() != RawProtocol::Nonin
    {
        let reason = "only the protocol nonin has formats";
        findings.meaning(&format!("{key}.format"), format.span(), reason);
    }
    match raw.protocol.get() {
        RawProtocol::GeDinamapAscii => SerialProtocol::GeDinamapAscii,
        RawProtocol::VitalsJson => SerialProtocol::VitalsJson,
        RawProtocol::Nonin => {
            let format = match raw.format.as_ref().map(At::get) {
                Some(RawNoninFormat::Auto) | None => NoninFormat::Auto,
                Some(RawNoninFormat::One) => NoninFormat::One,
                Some(RawNoninFormat::Two) => NoninFormat::Two,
                Some(RawNoninFormat::Seven) => NoninFormat::Seven,
            };
            if let (Some(at), NoninFormat::One | NoninFormat::Seven, Unverified::Refused) =
                (&raw.format, format, unverified)
            {
                let reason = "this format was checked against its specification only: \
                              set accept_unverified = true to take its values";
                findings.meaning(&format!("{key}.format"), at.span(), reason);
            }
            SerialProtocol::Nonin(format)
        }
    }
}

/// Only a device with a cuff can have it on the oximeter's arm.
fn limb(key: &str, raw: &RawSerial, findings: &mut Findings<'_>) -> Limb {
    let Some(at) = raw.same_limb.as_ref().filter(|at| *at.get()) else { return Limb::Own };
    match raw.protocol.get() {
        RawProtocol::GeDinamapAscii | RawProtocol::VitalsJson => {}
        RawProtocol::Nonin => {
            let reason =
                "this device has no cuff: same_limb belongs to the cuff that sits on its arm";
            findings.meaning(&format!("{key}.same_limb"), at.span(), reason);
        }
    }
    Limb::SameAsOximeter
}

fn poll(key: &str, raw: &RawSerial, findings: &mut Findings<'_>) -> Duration {
    let Some(at) = &raw.poll_s else { return Duration::from_secs(POLL_S_DEFAULT) };
    match raw.protocol.get() {
        RawProtocol::GeDinamapAscii => {}
        RawProtocol::Nonin | RawProtocol::VitalsJson => {
            let reason = "this device sends by itself; only a polled protocol has poll_s";
            findings.meaning(&format!("{key}.poll_s"), at.span(), reason);
        }
    }
    Duration::from_secs(at.get().unsigned_abs())
}

/// The protocol's line (ge-dinamap-ascii, nonin: 9600 8N1; vitals-json 1: 115200 8N1), with what
/// the file sets otherwise. Bounds are the schema's.
fn line(protocol: RawProtocol, raw: Option<&RawLine>) -> Line {
    let baud = match protocol {
        RawProtocol::GeDinamapAscii | RawProtocol::Nonin => 9600,
        RawProtocol::VitalsJson => 115_200,
    };
    let mut line = Line {
        baud,
        data_bits: 8,
        parity: Parity::None,
        stop_bits: 1,
        flow: Flow::None,
        dtr_on_open: true,
    };
    let Some(raw) = raw else { return line };
    if let Some(at) = &raw.baud {
        line.baud = u32::try_from(*at.get()).unwrap_or(baud);
    }
    if let Some(at) = &raw.data_bits {
        line.data_bits = u8::try_from(*at.get()).unwrap_or(8);
    }
    if let Some(at) = &raw.stop_bits {
        line.stop_bits = u8::try_from(*at.get()).unwrap_or(1);
    }
    if let Some(at) = &raw.parity {
        line.parity = match at.get() {
            RawParity::None => Parity::None,
            RawParity::Even => Parity::Even,
            RawParity::Odd => Parity::Odd,
        };
    }
    if let Some(at) = &raw.flow {
        line.flow = match at.get() {
            RawFlow::None => Flow::None,
            RawFlow::RtsCts => Flow::RtsCts,
        };
    }
    if let Some(at) = &raw.dtr_on_open {
        line.dtr_on_open = *at.get();
    }
    line
}
