//! `[[device]]` → what a device can't say of itself: its bed, and the arm of its cuff (contract
//! 3.1). A serial line says both itself.

use super::error::Findings;
use super::raw::RawConfig;
use super::structure::At;
use super::{DeviceConfig, Limb, MqttConfig, SerialConfig, site};
use crate::domain::ids::DeviceId;

pub(super) fn resolve(
    raw: &RawConfig,
    serial: &[SerialConfig],
    mqtt: &[MqttConfig],
    findings: &mut Findings<'_>,
) -> Vec<DeviceConfig> {
    let mut devices: Vec<DeviceConfig> = Vec::new();
    for (place, device) in raw.device.iter().enumerate() {
        let key = format!("device[{place}]");
        let (id_key, span) = (format!("{key}.id"), device.id.span());
        let id = match DeviceId::try_new(device.id.get()) {
            Ok(id) => id,
            Err(error) => {
                findings.meaning(&id_key, span, format!("a device's name {error}"));
                continue;
            }
        };
        if devices.iter().any(|other| other.id == id) {
            let reason = format!("the device {:?} stands twice", device.id.get());
            findings.meaning(&id_key, span.clone(), reason);
        }
        if serial.iter().any(|line| line.name == id) {
            let reason = "a serial line has this name: set bed and same_limb there";
            findings.meaning(&id_key, span, reason);
        }
        let bed_key = format!("{key}.bed");
        let bed = device.bed.as_ref();
        let bed = bed.map(|at| (at.span(), site::bed_index(&bed_key, at, &raw.bed, findings)));
        let topics = mqtt.iter().flat_map(|broker| &broker.topics);
        let mut named = topics.flat_map(|topic| &topic.devices).filter(|(name, _)| *name == id);
        if let Some((span, bed)) = &bed
            && named.any(|(_, other)| other != bed)
        {
            let reason = "the devices of a topic give it to another bed";
            findings.meaning(&bed_key, span.clone(), reason);
        }
        let limb = match device.same_limb.as_ref().map(At::get) {
            Some(true) => Limb::SameAsOximeter,
            Some(false) | None => Limb::Own,
        };
        devices.push(DeviceConfig { id, bed: bed.map(|(_, bed)| bed), limb });
    }
    devices
}
