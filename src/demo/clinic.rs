//! The configuration of the simulated clinic: a bed per patient, a serial line per PTY, the
//! embedded broker for the rest; the shipped presets.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use simulators::scenario::{DevicePlan, Scenario};

use crate::config::{self, Config};

/// Writes the clinic's own `monitor.toml` into `folder` and loads it as a clinic would: the demo
/// has no way of its own round the configuration.
///
/// # Errors
/// The folder can't be written, or the configuration is refused (a defect).
pub(super) fn config(
    scenario: &Scenario,
    folder: &Path,
    listen: SocketAddr,
    broker_url: &str,
) -> anyhow::Result<Config> {
    let presets = folder.join("presets");
    std::fs::create_dir_all(&presets)?;
    for (name, preset) in PRESETS {
        std::fs::write(presets.join(name), preset)?;
    }
    let path = folder.join("monitor.toml");
    std::fs::write(&path, text(scenario, listen, broker_url))
        .with_context(|| format!("writing {}", path.display()))?;
    config::load(&path).map_err(|errors| anyhow::anyhow!("{errors}"))
}

/// As shipped.
const PRESETS: [(&str, &str); 5] = [
    ("esketamine-nasal.toml", include_str!("../../config/presets/esketamine-nasal.toml")),
    ("ketamine-im.toml", include_str!("../../config/presets/ketamine-im.toml")),
    ("ketamine-intranasal.toml", include_str!("../../config/presets/ketamine-intranasal.toml")),
    ("ketamine-iv.toml", include_str!("../../config/presets/ketamine-iv.toml")),
    ("ketamine-oral.toml", include_str!("../../config/presets/ketamine-oral.toml")),
];

fn text(scenario: &Scenario, listen: SocketAddr, broker_url: &str) -> String {
    let site = &scenario.site;
    let mut text = format!(
        "[site]\nname = \"{site}\"\ntimezone = \"{}\"\n\n[storage]\npath = \"dosevigil.db\"\n\n\
         [audit]\nkey_file = \"audit.key\"\n\n[http]\nlisten = \"{listen}\"\n\n\
         [alarms]\npreset = \"ketamine-iv\"\npresets_dir = \"presets\"\n",
        timezone()
    );
    for bed in &scenario.beds {
        text += &format!("\n[[bed]]\nid = \"{}\"\nlabel = \"{}\"\n", bed.id, bed.label);
    }
    for bed in &scenario.beds {
        for device in &bed.devices {
            let format = match device {
                DevicePlan::Dinamap { .. } => "",
                DevicePlan::Nonin { .. } => "format = 2\n",
                DevicePlan::Gateway { .. } => continue,
            };
            text += &format!(
                "\n[[serial]]\nname = \"{}\"\nbed = \"{}\"\npath = \"ports/{}\"\n\
                 protocol = \"{}\"\n{format}",
                device.id(),
                bed.id,
                device.id(),
                device.protocol()
            );
        }
    }
    text += &format!(
        "\n[[mqtt]]\nname = \"broker\"\nurl = \"{broker_url}\"\n\
         client_id = \"dosevigil-{site}\"\n\n[[mqtt.topic]]\n\
         topic = \"vitals/v1/{site}/{{bed}}/{{device}}/obs\"\nformat = \"vitals-json\"\n"
    );
    text
}

/// The machine's own zone, where it tells one that the configuration takes.
fn timezone() -> String {
    let zone = jiff::tz::TimeZone::system();
    zone.iana_name().unwrap_or("UTC").to_owned()
}

/// The names that inputs refer to.
pub(super) struct Places {
    beds: Vec<Arc<str>>,
    serial: Vec<Arc<str>>,
}

impl Places {
    pub(super) fn new(config: &Config) -> Self {
        Self {
            beds: config.beds.iter().map(|bed| bed.id.as_str().into()).collect(),
            serial: config.serial.iter().map(|line| line.name.as_str().into()).collect(),
        }
    }

    pub(super) fn bed(&self, name: &str) -> Option<crate::domain::ids::BedIndex> {
        let place = self.beds.iter().position(|bed| &**bed == name)?;
        u32::try_from(place).ok().map(crate::domain::ids::BedIndex)
    }

    /// A serial line's source, or the broker's, which comes after them.
    pub(super) fn source(&self, device: &str) -> crate::domain::ids::SourceIndex {
        let place = self.serial.iter().position(|line| &**line == device);
        let place = place.unwrap_or(self.serial.len());
        crate::domain::ids::SourceIndex(u32::try_from(place).unwrap_or(u32::MAX))
    }
}
