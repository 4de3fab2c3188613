//! The visits of one shift: who comes, what they are given, and the ward that watches them.

use std::path::Path;
use std::sync::Arc;

use dosevigil::config;
use dosevigil::domain::alarm::rule::AlarmPreset;
use simulators::noise::mix;
use simulators::patient::Cohort;
use simulators::pharmacology::{Dose, Way};

use crate::tally::Tally;
use crate::visit::{Visit, World};

/// Minutes from arrival to the dose.
const DOSE_MIN: u64 = 10;

/// What a visit is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Iv,
    Esketamine,
    Im,
    Lozenge,
}

const SHIFT: [(Kind, u64); 4] =
    [(Kind::Iv, 10), (Kind::Esketamine, 8), (Kind::Im, 3), (Kind::Lozenge, 3)];

/// The same patients in each world.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shift {
    pub(crate) number: u64,
    pub(crate) world: World,
}

impl Shift {
    pub(crate) fn work(self, presets: &Presets, tally: &mut Tally) {
        let kinds = SHIFT.into_iter().flat_map(|(kind, count)| (0..count).map(move |_| kind));
        for (place, kind) in (0..).zip(kinds) {
            let seed = mix(mix(self.number).wrapping_add(place));
            let visit = Visit::new(kind, presets.of(kind), seed, self.world);
            tally.add(visit.run());
        }
    }
}

impl Kind {
    const fn preset(self) -> &'static str {
        match self {
            Self::Iv => "ketamine-iv",
            Self::Esketamine => "esketamine-nasal",
            Self::Im => "ketamine-im",
            Self::Lozenge => "ketamine-oral",
        }
    }

    pub(crate) const fn cohort(self) -> Cohort {
        match self {
            Self::Iv | Self::Im | Self::Lozenge => Cohort::IV,
            Self::Esketamine => Cohort::ESKETAMINE,
        }
    }

    /// As the patient's body takes them.
    pub(crate) fn doses(self) -> Vec<Dose> {
        const KG: f64 = 70.0;
        let at = |minutes: u64, mg_per_kg, duration_s, way| {
            let start_s = ((DOSE_MIN + minutes) * 60) as f64;
            Dose { mg_per_kg, start_s, duration_s, way }
        };
        match self {
            Self::Iv => vec![at(0, 0.5, 2400.0, Way::Iv)],
            Self::Esketamine => {
                [0, 5, 10].map(|min| at(min, 28.0 / KG, 1.0, Way::EsketamineNasal)).to_vec()
            }
            Self::Im => vec![at(0, 0.5, 1.0, Way::Im)],
            Self::Lozenge => vec![at(0, 150.0 / KG, 1.0, Way::Sl)],
        }
    }

    /// From the first second after which a dose is over to the last at which the patient is here:
    /// a quarter of an hour longer than the preset's observation.
    pub(crate) fn leaves_s(self, preset: &AlarmPreset) -> u64 {
        let infusion_min = if self == Self::Iv { 40 } else { 0 };
        (DOSE_MIN + infusion_min + 15) * 60 + preset.observe.lasts.as_secs()
    }
}

/// As shipped, read once.
pub(crate) struct Presets(Vec<Arc<AlarmPreset>>);

impl Presets {
    pub(crate) fn shipped() -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/monitor.toml");
        Self(config::load(&path).expect("the shipped configuration is valid").alarms.presets)
    }

    fn of(&self, kind: Kind) -> Arc<AlarmPreset> {
        let found = self.0.iter().find(|preset| &*preset.name == kind.preset());
        Arc::clone(found.expect("five presets are shipped"))
    }
}
