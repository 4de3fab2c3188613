//! A limit of one session, moved by a person (alarms 7; row 24; contract 6 `/limits`).
//!
//! A nurse tightens; to widen takes a lead, or a nurse on a verbal order. Whoever it is stays
//! inside the rails, and the signal's lower and upper limits stay clear of each other. Back to the
//! preset counts as what it does: it tightens or widens. Gates are overridden, not moved.

use std::sync::Arc;

use super::{Bed, Desk, Ending};
use crate::domain::act::{Act, Answer, Done, LimitOrder, Refused, Unknown};
use crate::domain::alarm::AlarmFamily;
use crate::domain::alarm::limit::{Limit, Side};
use crate::domain::alarm::occurrence::{ActNote, EndReason, SessionChange};
use crate::domain::alarm::personal::{Personal, figure_of, kind_of};
use crate::domain::alarm::rails::Rail;
use crate::domain::alarm::rule::{Component, FamilyRules};
use crate::domain::time::Stamp;

/// The limit that an order is about.
struct Target {
    family: AlarmFamily,
    /// As the preset has it, and as it is in force.
    preset: Component,
    now: Component,
}

impl Bed {
    /// Moves a limit of the running session, or puts it back to the preset's.
    pub(in crate::domain) fn set_limit(
        &mut self,
        order: &LimitOrder,
        act: &Act,
        now: Stamp,
        desk: &mut Desk<'_>,
    ) -> Answer {
        if act.reason.is_none() {
            return Err(Refused::ReasonNeeded);
        }
        let Some(session) = &self.session else { return Err(Refused::Unknown(Unknown::Session)) };
        let target = self.target(order)?;
        let (old, preset) = (figure_of(&target.now), figure_of(&target.preset));
        let (Some(old), Some(preset), Some(of)) = (old, preset, kind_of(target.now.limit)) else {
            return Err(Refused::Unknown(Unknown::Rule));
        };
        let new = order.value.unwrap_or(preset);
        let rail = Rail::of(target.family, order.judged, of);
        let rail = rail.ok_or(Refused::Unknown(Unknown::Rule))?;
        if !rail.holds(new) {
            return Err(Refused::OutsideRails { low: rail.low, high: rail.high });
        }
        if new == old {
            return Err(Refused::AlreadySo);
        }
        if !is_tighter(target.now.limit, old, new) && !act.by.acts_as_lead() {
            return Err(Refused::LeadNeeded);
        }
        let is_same = |other: &LimitOrder| {
            other.rule == order.rule
                && other.judged == order.judged
                && other.family == Some(target.family)
                && other.of == of
        };
        let mut limits: Vec<_> = session.limits.clone();
        limits.retain(|other| !is_same(other));
        if new != preset {
            let (family, value) = (Some(target.family), Some(new));
            limits.push(LimitOrder { family, of, value, ..order.clone() });
        }
        let personal = Personal { limits: &limits, ..session.personal() };
        check_order(&personal.families(&self.rules.preset))?;
        let what = format!("{} {}", order.rule, order.judged.name());
        let note = note_of(act, &what, Some(old.to_string()), Some(new.to_string()));
        self.session.as_mut().expect("it was there").limits = limits;
        self.tell_session(SessionChange::LimitChanged, Some(note), now, desk);
        let by = Some(act.by.name.clone());
        self.adapt(Some(&Ending { why: EndReason::LimitChanged, by }), now.mono);
        self.tick(now, desk);
        Ok(Done::LimitSet { old, new })
    }

    /// The one limit that rule, metric and family name.
    fn target(&self, order: &LimitOrder) -> Result<Target, Refused> {
        let mut found = Vec::new();
        for rules in &self.rules.preset.families {
            let named = order.family.is_none_or(|family| family == rules.family);
            let bands = rules.bands.iter().filter(|it| named && it.id == order.rule);
            for band in bands.filter(|it| it.gate.is_none()) {
                for (place, part) in band.components.iter().enumerate() {
                    if part.judged == order.judged && kind_of(part.limit).is_some() {
                        found.push((rules.family, band, place));
                    }
                }
            }
        }
        // Where there is one of each kind the order says which; else it can only mean the other.
        let kind = |(_, band, place): &(_, &crate::domain::alarm::rule::AlarmRule, usize)| {
            kind_of(band.components[*place].limit)
        };
        if found.iter().any(|it| kind(it) == Some(order.of)) {
            found.retain(|it| kind(it) == Some(order.of));
        }
        // A family's rule is moved at the first of its bands with such a limit (`personal`).
        found.dedup_by_key(|(family, ..)| *family);
        let (family, band, place) = match found.as_slice() {
            [] => return Err(Refused::Unknown(Unknown::Rule)),
            [one] => *one,
            [..] => return Err(Refused::Ambiguous),
        };
        let in_force = self.rules.families().iter().find(|it| it.family == family);
        let in_force = in_force.and_then(|it| it.bands.iter().find(|it| it.is_band(band)));
        let in_force = in_force.ok_or(Refused::Unknown(Unknown::Rule))?;
        Ok(Target { family, preset: band.components[place], now: in_force.components[place] })
    }
}

/// What a person did, for the record.
pub(super) fn note_of(act: &Act, what: &str, old: Option<String>, new: Option<String>) -> ActNote {
    ActNote {
        by: act.by.name.clone(),
        ordered_by: act.by.ordered_by.clone(),
        reason: act.reason.clone(),
        what: Some(Arc::from(what)),
        old: old.map(Into::into),
        new: new.map(Into::into),
    }
}

/// A change is tighter the smaller it is.
pub(super) const fn is_tighter(limit: Limit, old: i32, new: i32) -> bool {
    match limit {
        Limit::AtOrAbove(_) | Limit::Rise { .. } | Limit::Drop { .. } => new < old,
        Limit::AtOrBelow(_) | Limit::Apnoea { .. } => new > old,
    }
}

/// Between the limits of a signal there must be values at which both sides are clear (alarms 7).
pub(super) fn check_order(families: &[FamilyRules]) -> Result<(), Refused> {
    let all = || {
        families.iter().flat_map(|rules| {
            let bands = rules.bands.iter().filter(|band| band.gate.is_none());
            bands.flat_map(|band| &band.components).map(move |part| (part, rules.clear_by))
        })
    };
    let on = |side: Side| all().filter(move |(part, _)| part.limit.side() == side);
    for (low, low_h) in on(Side::Lower) {
        for (high, high_h) in on(Side::Upper).filter(|(high, _)| high.judged == low.judged) {
            let (Some(lower), Some(upper)) = (low.limit.number(), high.limit.number()) else {
                continue;
            };
            if lower + low_h >= upper - high_h {
                return Err(Refused::LimitsCross { other: upper });
            }
        }
    }
    Ok(())
}
