//! What the configuration makes of the ward and of what screens are told: names, plan, labels.

use std::sync::Arc;

use crate::config::{Config, Limb, Loaded, Unverified, write_effective};
use crate::domain::bed::{BedPlan, DeclaredDevice};
use crate::domain::ids::{BedIndex, DeviceId, SourceIndex};
use crate::domain::reading::Origin;
use crate::domain::record::Names;
use crate::domain::ward::{SourceKind, SourcePlan, WardPlan};
use crate::shell::http::{self, BedLabel, Presets, Simulation, Site, SourceLabel};

/// The names that the configuration's inputs are journaled under.
#[must_use]
pub fn names(config: &Config) -> Names {
    let beds = config.beds.iter().map(|bed| bed.id.clone()).collect();
    Names { beds, sources: source_names(config) }
}

pub(super) fn source_names(config: &Config) -> Vec<Arc<str>> {
    let serial = config.serial.iter().map(|line| line.name.as_str().into());
    serial.chain(config.mqtt.iter().map(|broker| broker.name.clone())).collect()
}

/// The ward that the configuration makes.
#[must_use]
pub fn plan(config: &Config, origin: Origin) -> WardPlan {
    let serial = config.serial.iter().map(|_| SourceKind::Serial);
    let kinds = serial.chain(config.mqtt.iter().map(|_| SourceKind::Broker));
    let sources = source_names(config).into_iter().zip(kinds);
    let lines_of = |bed: usize| {
        let lines = (0..).zip(&config.serial);
        let own = lines.filter(move |(_, line)| line.bed.0 as usize == bed);
        own.map(|(index, line)| (line.name.clone(), SourceIndex(index))).collect()
    };
    let beds = config.beds.iter().enumerate().map(|(index, bed)| BedPlan {
        id: bed.id.clone(),
        watch: bed.watch,
        preset: Arc::clone(&config.alarms.preset),
        lines: lines_of(index),
        declared: declared(config, index),
        origin,
    });
    WardPlan {
        site: config.site.name.clone(),
        beds: beds.collect(),
        sources: sources.map(|(name, kind)| SourcePlan { name, kind }).collect(),
        origin,
        escalation: config.alarms.escalation,
        presets: config.alarms.presets.clone(),
    }
}

/// What the configuration says of a bed's devices by name. One that it gives to no bed may come to
/// any.
fn declared(config: &Config, bed: usize) -> Vec<DeclaredDevice> {
    let is_here = |at: BedIndex| at.0 as usize == bed;
    let devices = config.devices.iter().filter(|device| device.bed.is_none_or(is_here));
    let devices = devices.map(|device| (device.id.clone(), device.limb));
    let lines = config.serial.iter().filter(|line| is_here(line.bed));
    let lines = lines.map(|line| (line.name.clone(), line.limb));
    let mut declared: Vec<_> = devices.chain(lines).collect();
    let topics = config.mqtt.iter().flat_map(|broker| &broker.topics);
    for (id, _) in topics.flat_map(|topic| &topic.devices).filter(|(_, at)| is_here(*at)) {
        if !declared.iter().any(|(known, _)| known == id) {
            declared.push((id.clone(), Limb::Own));
        }
    }
    declared.into_iter().map(|(id, limb)| DeclaredDevice { id, limb }).collect()
}

pub(super) fn site(config: &Config, simulation: Option<Simulation>) -> Site {
    let unverified = |bed: usize| -> Vec<DeviceId> {
        let lines = config.serial.iter().filter(|line| line.bed.0 as usize == bed);
        let accepted = lines.filter(|line| line.unverified == Unverified::Accepted);
        accepted.map(|line| line.name.clone()).collect()
    };
    let beds = config.beds.iter().enumerate();
    let beds = beds.map(|(index, bed)| BedLabel::new(bed, unverified(index))).collect();
    let serial = config.serial.iter().map(|_| http::SourceKind::Serial);
    let kinds = serial.chain(config.mqtt.iter().map(|_| http::SourceKind::Mqtt));
    let sources = source_names(config).into_iter().zip(kinds);
    let sources = sources.map(|(name, kind)| SourceLabel { name, kind }).collect();
    let (in_force, all) = (config.alarms.preset.clone(), config.alarms.presets.clone());
    let (name, timezone) = (config.site.name.clone(), config.site.timezone.clone());
    let mut site = Site::new(name, timezone, beds, sources, Presets { in_force, all });
    site.effective = effective(config).into();
    if simulation.is_some() {
        site.origin = Origin::Simulated;
    }
    site.simulation = simulation;
    site
}

/// As `dosevigil check` prints it.
fn effective(config: &Config) -> String {
    let presets = config.alarms.presets.clone();
    let mut text = Vec::new();
    write_effective(&Loaded { config: config.clone(), presets }, &mut text)
        .expect("memory takes what is written to it");
    String::from_utf8_lossy(&text).into_owned()
}
