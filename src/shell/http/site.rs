//! What the web has to know of the site beside the ward's view: names, labels and what is
//! simulated. Given by `app` from the resolved configuration; never changes while running.

use std::sync::Arc;

use crate::config::{BedConfig, Watch};
use crate::domain::alarm::rule::AlarmPreset;
use crate::domain::ids::{BedId, BedIndex, DeviceId, SourceIndex};
use crate::domain::reading::Origin;
use crate::domain::time::WallTime;
use crate::shell::clock::Speed;

#[derive(Clone, Debug)]
pub struct Site {
    pub name: Arc<str>,
    /// IANA name, for display only.
    pub timezone: Arc<str>,
    /// `Simulated`: everything says so.
    pub origin: Origin,
    pub simulation: Option<Simulation>,
    /// In the configuration's order, as the ward's view has them.
    beds: Vec<BedLabel>,
    /// Places in `beds`, ordered by id.
    by_id: Vec<usize>,
    /// In the configuration's order: serial lines, then brokers.
    pub sources: Vec<SourceLabel>,
    pub presets: Presets,
    /// The effective configuration as text; no secret is in it.
    pub effective: Arc<str>,
}

/// The presets of the site's folder.
#[derive(Clone, Debug)]
pub struct Presets {
    pub in_force: Arc<AlarmPreset>,
    /// By name.
    pub all: Vec<Arc<AlarmPreset>>,
}

/// How the simulated clinic runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Simulation {
    pub speed: Speed,
    pub seed: u64,
    /// Up to here the past was played through at start.
    pub played_until: Option<WallTime>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BedLabel {
    pub id: BedId,
    pub label: Arc<str>,
    pub watch: Watch,
    /// Devices whose decoder was checked against its specification only (safety S9).
    pub unverified: Vec<DeviceId>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceLabel {
    pub name: Arc<str>,
    pub kind: SourceKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    Serial,
    Mqtt,
}

impl Site {
    /// A site of patients; `origin` and `simulation` are set where they are not, and `effective`
    /// where it is known.
    #[must_use]
    pub fn new(
        name: Arc<str>,
        timezone: Arc<str>,
        beds: Vec<BedLabel>,
        sources: Vec<SourceLabel>,
        presets: Presets,
    ) -> Self {
        let mut by_id: Vec<usize> = (0..beds.len()).collect();
        by_id.sort_by(|&a, &b| beds[a].id.cmp(&beds[b].id));
        let origin = Origin::Patient;
        let effective = "".into();
        Self { name, timezone, origin, simulation: None, beds, by_id, sources, presets, effective }
    }

    pub(crate) fn bed(&self, id: &BedId) -> Option<&BedLabel> {
        let place = self.by_id.binary_search_by(|&place| self.beds[place].id.cmp(id)).ok()?;
        Some(&self.beds[self.by_id[place]])
    }

    /// A bed's place in the configuration.
    pub(crate) fn place_of(&self, id: &BedId) -> Option<BedIndex> {
        let place = self.by_id.binary_search_by(|&place| self.beds[place].id.cmp(id)).ok()?;
        u32::try_from(self.by_id[place]).ok().map(BedIndex)
    }

    pub(crate) fn name_of(&self, place: BedIndex) -> Option<&str> {
        self.beds.get(usize::try_from(place.0).ok()?).map(|bed| bed.id.as_str())
    }

    pub(crate) fn source(&self, index: SourceIndex) -> Option<&SourceLabel> {
        self.sources.get(usize::try_from(index.0).ok()?)
    }
}

impl BedLabel {
    #[must_use]
    pub fn new(bed: &BedConfig, unverified: Vec<DeviceId>) -> Self {
        Self { id: bed.id.clone(), label: Arc::clone(&bed.label), watch: bed.watch, unverified }
    }
}
