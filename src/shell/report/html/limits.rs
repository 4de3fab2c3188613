//! The limits of the preset, each with where it comes from. Those that people changed for this
//! session stand under "What happened".

use super::Page;
use crate::domain::alarm::limit::{Limit, Side};
use crate::domain::alarm::rule::{AlarmRule, Component, Phase};

impl Page<'_> {
    pub(super) fn limits(&mut self) {
        let mut rows = Vec::new();
        let families = self.facts.preset.map_or(&[][..], |preset| &preset.families);
        for family in families {
            for band in &family.bands {
                for part in &band.components {
                    rows.push([
                        format!("{} {}", family.family.name(), band.id),
                        format!("{} {}", part.judged.name(), limit(part)),
                        part.priority().name().to_owned(),
                        phases(band),
                        band.source_tag.to_string(),
                    ]);
                }
            }
        }
        let head = ["rule", "limit", "priority", "phases", "source"];
        self.table("Limits of the preset", head, &rows);
    }
}

/// "\u{2265} 180", "rise \u{2265} 40", for 15 s where it has to last.
fn limit(part: &Component) -> String {
    let words = match part.limit {
        Limit::AtOrAbove(limit) => format!("\u{2265} {limit}"),
        Limit::AtOrBelow(limit) => format!("\u{2264} {limit}"),
        Limit::Rise { change, .. } => format!("\u{2265} baseline + {change}"),
        Limit::Drop { change, .. } => format!("\u{2264} baseline \u{2212} {change}"),
        Limit::Apnoea { .. } => "= 0".to_owned(),
    };
    match part.persist.as_secs() {
        0 => words,
        seconds => format!("{words} for {seconds} s"),
    }
}

fn phases(band: &AlarmRule) -> String {
    let held = Phase::ALL.into_iter().filter(|phase| *phase != Phase::Ended);
    let held: Vec<_> =
        held.filter(|phase| band.phases.holds(Some(*phase))).map(Phase::name).collect();
    if held.len() == Phase::ALL.len() - 1 { "all".to_owned() } else { held.join(", ") }
}

/// The limit of a phase that lies nearest to what is usual, on one side; gates and rules that need
/// a symptom are not drawn.
pub(super) fn nearest(
    families: &[crate::domain::alarm::rule::FamilyRules],
    judged: crate::domain::alarm::rule::Judged,
    phase: Phase,
    side: Side,
) -> Option<i32> {
    use crate::domain::alarm::rule::WithSymptom;
    let bands = families.iter().flat_map(|family| &family.bands);
    let bands = bands.filter(|band| {
        band.gate.is_none()
            && band.with_symptom == WithSymptom::No
            && band.phases.holds(Some(phase))
    });
    let parts = bands.flat_map(|band| &band.components).filter(|part| part.judged == judged);
    let numbers = parts.filter(|part| part.limit.side() == side);
    let numbers = numbers.filter_map(|part| part.limit.number());
    match side {
        Side::Upper => numbers.min(),
        Side::Lower => numbers.max(),
    }
}
