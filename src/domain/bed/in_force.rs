//! Which limits are in force on the bed, moved or not, and which rules are not judged for want of
//! a baseline: no rule may be silently inactive (clinical 2.3).

use std::sync::Arc;

use super::Bed;
use crate::domain::act::LimitOf;
use crate::domain::alarm::limit::{Limit, Side};
use crate::domain::alarm::personal::{is_first_of, kind_of};
use crate::domain::alarm::rule::{AlarmRule, Component, Confirm, FamilyRules, Judged, Phase};
use crate::domain::view::{self, LimitView, Moved};

/// What is said of a change without a baseline.
const NO_BASELINE: &str = "no baseline";

impl Bed {
    /// The limits of what is judged that are in phase.
    pub(super) fn limits(&self, judged: Judged) -> Vec<LimitView> {
        let in_force = self.in_force();
        let families = self.rules.families().iter();
        let bands = families.flat_map(|it| it.bands.iter().map(move |band| (it, band)));
        let bands = bands.filter(|(_, band)| band.gate.is_none() && in_force.holds(band));
        let view = |(family, band): (&FamilyRules, &AlarmRule)| {
            let parts = band.components.iter().filter(|part| part.judged == judged);
            parts.map(|part| self.limit_view(family, band, part)).collect::<Vec<_>>()
        };
        bands.flat_map(view).collect()
    }

    /// "B5 disabled: no baseline": of a session, in whatever phase its rules will be.
    pub(super) fn disabled(&self) -> Vec<Arc<str>> {
        if self.phase().is_none_or(|phase| phase == Phase::Ended) {
            return Vec::new();
        }
        let bands = self.rules.families().iter().flat_map(|family| &family.bands);
        let disabled = |band: &AlarmRule| {
            let off: Vec<_> = band.components.iter().filter(|part| part.limit.is_off()).collect();
            let what = match off.first()?.limit {
                _ if off.len() == band.components.len() => "",
                Limit::Drop { .. } => " drop",
                Limit::Rise { .. }
                | Limit::AtOrAbove(_)
                | Limit::AtOrBelow(_)
                | Limit::Apnoea { .. } => " rise",
            };
            Some(format!("{}{what} disabled: {NO_BASELINE}", band.id).into())
        };
        bands.filter_map(disabled).collect()
    }

    fn limit_view(&self, family: &FamilyRules, band: &AlarmRule, part: &Component) -> LimitView {
        let of = kind_of(part.limit).unwrap_or(LimitOf::Value);
        let limits = self.session.as_ref().map_or(&[][..], |session| &session.limits);
        let moved = self.can_be_moved(family, band, part);
        let moved = moved
            && limits.iter().any(|order| {
                order.rule == band.id
                    && order.family == Some(family.family)
                    && order.judged == part.judged
                    && Some(order.of) == kind_of(part.limit)
            });
        LimitView {
            rule: band.id.clone(),
            side: match part.limit.side() {
                Side::Upper => view::Side::High,
                Side::Lower => view::Side::Low,
            },
            limit: part.limit.number().unwrap_or(0),
            of,
            moved: if moved { Moved::Yes } else { Moved::No },
            disabled: part.limit.is_off().then_some(NO_BASELINE),
            priority: part.priority(),
            delay: part.persist,
            confirm: match band.confirm {
                Some(Confirm::Recuff { within }) => Some(within),
                Some(Confirm::Next) | None => None,
            },
        }
    }

    /// Whether it is the one of its rule that a person's order is about.
    fn can_be_moved(&self, family: &FamilyRules, band: &AlarmRule, part: &Component) -> bool {
        let preset = self.rules.preset.families.iter().find(|it| it.family == family.family);
        preset.is_some_and(|preset| {
            let before = preset.bands.iter().position(|it| it.is_band(band)).unwrap_or(0);
            is_first_of(&preset.bands[..before], &band.id, part)
        })
    }
}
