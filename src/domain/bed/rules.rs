//! The rules of a bed: the preset's, or what the session's patient makes of them
//! (`alarm::personal`), and which families a judged value touches.

use std::sync::Arc;

use super::watch::technical;
use super::{Bed, Ending, Moved, Physiological};
use crate::domain::alarm::AlarmFamily;
use crate::domain::alarm::rule::{AlarmPreset, FamilyRules, Judged, RequiredSignal};
use crate::domain::alarm::technical::ALL_SIGNALS;
use crate::domain::time::MonoTime;

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

impl Bed {
    /// Another preset's rules from now on, made personal (rows 24, 25): what both have goes on, and
    /// `ending` says who chose, `None` where there is nothing to judge. What is open of a family
    /// that the new one lacks was ended by the caller.
    pub(in crate::domain) fn use_preset(
        &mut self,
        preset: &Arc<AlarmPreset>,
        ending: Option<&Ending>,
        now: MonoTime,
    ) {
        if *self.rules.preset == **preset {
            return self.adapt(ending, now);
        }
        let was = self.rules.families().to_vec();
        let mut old: Vec<_> = was.into_iter().zip(std::mem::take(&mut self.families)).collect();
        self.rules = Rules::new(preset.clone());
        self.make_personal();
        let mut before = Vec::new();
        for rules in self.rules.families() {
            let place = old.iter().position(|(was, _)| was.family == rules.family);
            let fresh = || (FamilyRules { bands: Vec::new(), ..rules.clone() }, <_>::default());
            let (was, family) = place.map_or_else(fresh, |place| old.remove(place));
            before.push(was);
            self.families.push(family);
        }
        for (was, family) in old {
            self.keep_latched(was.family, family);
        }
        self.end_causes_of_others();
        self.moved = Moved::ALL;
        self.adapted(&before, ending, now);
    }

    /// After a restart: the chosen preset by its name, nothing judged yet; the bed's own where it
    /// is gone (`missing` tells so).
    pub(in crate::domain) fn restore_preset(
        &mut self,
        presets: &[Arc<AlarmPreset>],
        now: MonoTime,
    ) {
        let chosen = self.session.as_ref().and_then(|session| session.preset.clone());
        let named = |it: &&Arc<AlarmPreset>| Some(&*it.name) == chosen.as_deref();
        let mut all = std::iter::once(&self.plan.preset).chain(presets);
        if let Some(preset) = all.find(named).cloned() {
            self.families = Physiological::all(&preset);
            self.rules = Rules::new(preset);
        }
        self.adapt(None, now);
    }

    /// The families of this bed that a preset has no rules for.
    pub(super) fn lacking_in(&self, preset: &AlarmPreset) -> Vec<usize> {
        let has = |family: AlarmFamily| preset.families.iter().any(|it| it.family == family);
        let all = self.rules.families().iter().enumerate();
        all.filter(|(_, rules)| !has(rules.family)).map(|(index, _)| index).collect()
    }

    /// Latched ones of a family without rules stay listed until they are acknowledged.
    fn keep_latched(&mut self, of: AlarmFamily, family: Physiological) {
        if !family.episode.latched.is_empty() {
            let kept = technical(&mut self.technical, of, None);
            kept.episode.latched.extend(family.episode.latched);
        }
    }

    /// Signals and timed readings that this preset does not ask for are not missed any more.
    fn end_causes_of_others(&mut self) {
        let preset = self.rules.preset.clone();
        for it in self.technical.iter_mut().filter(|it| it.since.is_some()) {
            let named = |name: &str| it.subject.as_deref() == Some(name);
            let signal = || {
                let mut all = preset.requires.iter().map(|signal| RequiredSignal::name(*signal));
                named(ALL_SIGNALS) || all.any(named)
            };
            let reading = || preset.due.iter().any(|due| named(due.id.as_str()));
            if (it.family == AlarmFamily::SignalLost && !signal())
                || (it.family == AlarmFamily::TimedReading && !reading())
            {
                it.since = None;
            }
        }
    }
}
