//! Couples what the readings amount to with the alarm machines, family by family.

use super::{Bed, Desk, Physiological};
use crate::domain::alarm::episode::{Identity, NotAcknowledged};
use crate::domain::alarm::family::priority_of;
use crate::domain::alarm::occurrence::{Acknowledged, Occurrence};
use crate::domain::alarm::rule::FamilyRules;
use crate::domain::ids::OccurrenceId;
use crate::domain::time::{MonoTime, Stamp};

impl Bed {
    /// Steps every family that its bands or causes may have moved, in the preset's order, then the
    /// technical ones.
    pub(super) fn settle(&mut self, now: Stamp, desk: &mut Desk<'_>) {
        let in_force = self.in_force();
        let moved = std::mem::take(&mut self.moved);
        for index in (0..self.families.len()).filter(|index| moved.holds(*index)) {
            let rules = &self.rules.families()[index];
            let family = &self.families[index];
            let mut facts = family.bands.facts(rules, in_force, family.episode.shown(now.mono));
            let told = facts
                .governing
                .and_then(|it| Some(priority_of(rules.bands.get(usize::from(it.band))?, it.level)));
            if let Some((told, open)) = told.zip(family.episode.open.as_ref()) {
                facts.repriced = told.cmp(&open.priority);
            }
            if let Some(let_go) = &family.let_go {
                facts.ends = let_go.why;
            }
            let mut episode = std::mem::take(&mut self.families[index].episode);
            let by = self.families[index].let_go.as_ref().and_then(|it| it.by.clone());
            if let Some(open) = &mut episode.open {
                open.ended_by = by.filter(|_| facts.governing.is_none());
            }
            let identity = Identity { family: rules.family, subject: None };
            let told = |band, level| self.told(index, band, level, now);
            episode.settle(identity, &facts, told, &mut self.scene(now, desk));
            if facts.governing.is_some() || episode.open.is_none() {
                self.families[index].let_go = None;
            }
            self.families[index].episode = episode;
            let rules = &self.rules.families()[index];
            if let Some(due) = self.families[index].deadline(rules, now.mono) {
                self.deadline = self.deadline.min(due);
            }
        }
        if moved.technical {
            for index in 0..self.technical.len() {
                self.settle_technical(index, now, desk);
            }
        }
    }

    /// Acknowledges an occurrence of this bed; `None`: not one of ours.
    pub fn acknowledge(
        &mut self,
        id: OccurrenceId,
        revision: u32,
        acknowledged: &Acknowledged,
        desk: &mut Desk<'_>,
    ) -> Option<Result<Occurrence, NotAcknowledged>> {
        let now = acknowledged.at;
        for index in 0..self.families.len() + self.technical.len() {
            let mut episode = std::mem::take(self.episode_mut(index));
            let mut scene = self.scene(now, desk);
            let answer = episode.acknowledge(id, revision, acknowledged, &mut scene);
            *self.episode_mut(index) = episode;
            if answer.is_some() {
                return answer;
            }
        }
        None
    }

    /// Every occurrence that is present, clearing or latched.
    pub fn occurrences(&self) -> impl Iterator<Item = &Occurrence> {
        let families = self.families.iter().map(|family| &family.episode);
        let episodes = families.chain(self.technical.iter().map(|it| &it.episode));
        episodes.flat_map(|episode| episode.open.as_deref().into_iter().chain(&episode.latched))
    }

    fn episode_mut(&mut self, index: usize) -> &mut super::Episode {
        match self.families.len() {
            families if index < families => &mut self.families[index].episode,
            families => &mut self.technical[index - families].episode,
        }
    }
}

impl Physiological {
    fn deadline(&self, rules: &FamilyRules, now: MonoTime) -> Option<MonoTime> {
        let bands = self.bands.deadline(rules);
        bands.into_iter().chain(self.episode.deadline(now)).min()
    }
}
