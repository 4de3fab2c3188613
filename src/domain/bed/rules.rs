//! The rules of a bed: the preset's, or what the session's patient makes of them
//! (`alarm::personal`), and which families a judged value touches.

use std::sync::Arc;

use crate::domain::alarm::rule::{AlarmPreset, FamilyRules, Judged};

/// A preset's rules as the session's patient makes them, with the families that each judged value
/// touches.
#[derive(Clone, Debug)]
pub struct Rules {
    pub preset: Arc<AlarmPreset>,
    /// Where baseline, session limits or age make them differ from the preset's.
    pub(super) personal: Option<Vec<FamilyRules>>,
    pub(super) touched: Vec<(Judged, Vec<usize>)>,
}

impl Rules {
    #[must_use]
    pub fn new(preset: Arc<AlarmPreset>) -> Self {
        let mut touched: Vec<(Judged, Vec<usize>)> = Vec::new();
        for (index, family) in preset.families.iter().enumerate() {
            for part in family.bands.iter().flat_map(|band| &band.components) {
                let entry = touched.iter_mut().find(|(judged, _)| *judged == part.judged);
                match entry {
                    Some((_, families)) if families.contains(&index) => {}
                    Some((_, families)) => families.push(index),
                    None => touched.push((part.judged, vec![index])),
                }
            }
        }
        Self { preset, personal: None, touched }
    }

    /// In the preset's order.
    pub(in crate::domain) fn families(&self) -> &[FamilyRules] {
        self.personal.as_deref().unwrap_or(&self.preset.families)
    }

    pub(super) fn families_of(&self, judged: Judged) -> &[usize] {
        self.touched.iter().find(|(j, _)| *j == judged).map_or(&[], |(_, families)| families)
    }
}
