//! Couples what the readings amount to with the alarm machines, family by family, and lets time
//! and people move what is told of them.

use super::{Bed, Desk, Episode, Physiological};
use crate::domain::alarm::AlarmFamily;
use crate::domain::alarm::condition::{Facts, Move};
use crate::domain::alarm::episode::{Identity, NotAcknowledged, Scene};
use crate::domain::alarm::family::priority_of;
use crate::domain::alarm::inactivation::{AudioPaused, Inhibition};
use crate::domain::alarm::occurrence::{Acknowledged, ActNote, Occurrence, SessionChange, Subject};
use crate::domain::alarm::recurrence::Raised;
use crate::domain::alarm::reminder::Pace;
use crate::domain::alarm::rule::{FamilyRules, Phase};
use crate::domain::alarm::signal::Sound;
use crate::domain::ids::OccurrenceId;
use crate::domain::metric::Metric;
use crate::domain::time::{MonoTime, Stamp};

impl Bed {
    /// Steps every family that its bands or causes may have moved, in the preset's order, then the
    /// technical ones. What is inhibited stands still; its end looks at everything again.
    pub(super) fn settle(&mut self, now: Stamp, desk: &mut Desk<'_>) {
        let moved = std::mem::take(&mut self.moved);
        if self.inhibition() == Inhibition::None {
            for index in (0..self.families.len()).filter(|index| moved.holds(*index)) {
                self.settle_family(index, now, desk);
                self.mind_audio(now, desk);
            }
        }
        if moved.technical {
            for index in 0..self.technical.len() {
                self.settle_technical(index, now, desk);
                self.mind_audio(now, desk);
            }
        }
    }

    fn settle_family(&mut self, index: usize, now: Stamp, desk: &mut Desk<'_>) {
        let facts = self.facts(index, now.mono);
        let (rules, family) = (&self.rules.families()[index], &mut self.families[index]);
        if family.episode.stays_at_rest(&facts) {
            family.let_go = None;
            if let Some(due) = family.bands.deadline(rules) {
                self.deadline = self.deadline.min(due);
            }
            return;
        }
        let by = family.let_go.as_ref().and_then(|it| it.by.clone());
        let mut episode = std::mem::take(&mut self.families[index].episode);
        if let Some(open) = &mut episode.open {
            open.ended_by = by.filter(|_| facts.governing.is_none());
        }
        let identity = Identity { family: rules.family, subject: None };
        let told = |band, level| self.told(index, band, level, now);
        let moved = episode.settle(identity, &facts, told, &mut self.scene(now, desk));
        episode.replan(|open| self.pace(open));
        self.families[index].episode = episode;
        self.raised(moved, identity.family, None, now.mono);
        let family = &mut self.families[index];
        if facts.governing.is_some() || family.episode.open.is_none() {
            family.let_go = None;
        }
        let rules = &self.rules.families()[index];
        if let Some(due) = self.families[index].deadline(rules, now.mono) {
            self.deadline = self.deadline.min(due);
        }
    }

    /// What the bands of a family amount to, and why what was open ends if nothing governs.
    fn facts(&self, index: usize, now: MonoTime) -> Facts {
        let (rules, family) = (&self.rules.families()[index], &self.families[index]);
        let shown = family.episode.shown(now);
        let mut facts = family.bands.facts(rules, self.in_force(), shown);
        let told = facts
            .governing
            .and_then(|it| Some(priority_of(rules.bands.get(usize::from(it.band))?, it.level)));
        if let Some((told, open)) = told.zip(family.episode.open.as_ref()) {
            facts.repriced = told.cmp(&open.priority);
        }
        if let Some(let_go) = &family.let_go {
            facts.ends = let_go.why;
        }
        facts
    }

    /// Remembers a raise, by family and subject.
    pub(super) fn raised(
        &mut self,
        moved: Option<Move>,
        family: AlarmFamily,
        subject: Option<std::sync::Arc<str>>,
        at: MonoTime,
    ) {
        if moved == Some(Move::Raise) {
            self.raises.put(Raised { at, family, subject });
        }
    }

    /// Steps and reminders that are due (rows 20, 23).
    pub(super) fn run_signals(&mut self, now: Stamp, desk: &mut Desk<'_>) {
        for at in 0..self.episodes() {
            if self.episode(at).deadline(now.mono).is_some_and(|due| due <= now.mono) {
                let mut episode = std::mem::take(self.episode_mut(at));
                episode.time(|open| self.pace(open), &mut self.scene(now, desk));
                *self.episode_mut(at) = episode;
                self.mind_audio(now, desk);
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
        for at in 0..self.episodes() {
            let mut episode = std::mem::take(self.episode_mut(at));
            let pace = episode.open.as_deref().map_or(Pace::Timer, |open| self.pace(open));
            let mut scene = self.scene(now, desk);
            let answer = episode.acknowledge(id, revision, acknowledged, pace, &mut scene);
            let due = episode.deadline(now.mono);
            *self.episode_mut(at) = episode;
            if answer.is_some() {
                due.into_iter().for_each(|due| self.wake_at(due));
                self.mind_audio(now, desk);
                return answer;
            }
        }
        None
    }

    /// Row 23: no screen has shown this revision within 4 s.
    pub fn unreceived(&mut self, id: OccurrenceId, revision: u32, now: Stamp, desk: &mut Desk<'_>) {
        for at in 0..self.episodes() {
            let mut episode = std::mem::take(self.episode_mut(at));
            episode.unreceived(id, revision, &mut self.scene(now, desk));
            *self.episode_mut(at) = episode;
        }
    }

    /// Every occurrence that is present, clearing or latched.
    pub fn occurrences(&self) -> impl Iterator<Item = &Occurrence> {
        let episodes = (0..self.episodes()).map(|at| self.episode(at));
        episodes.flat_map(|episode| episode.open.as_deref().into_iter().chain(&episode.latched))
    }

    /// Tells a change of the bed's session, or of the bed where none runs.
    pub(in crate::domain) fn tell_session(
        &self,
        change: SessionChange,
        note: Option<ActNote>,
        now: Stamp,
        desk: &mut Desk<'_>,
    ) {
        let ended = change == SessionChange::Ended;
        let phase = self.phase().map(|phase| if ended { Phase::Ended } else { phase });
        let bed = self.plan.id.clone();
        let session = self.session.as_ref().map(|session| session.id);
        let subject = Subject::Session { change, bed, session, phase, note: note.map(Box::new) };
        self.scene(now, desk).put(subject);
    }

    /// Where a transition of this bed happens.
    pub(super) fn scene<'a>(&'a self, now: Stamp, desk: &'a mut Desk<'_>) -> Scene<'a> {
        Scene {
            site: desk.site,
            bed: Some(&self.plan.id),
            session: self.session.as_ref().map(|session| session.id),
            phase: self.phase(),
            since_dose: self.session.as_ref().and_then(|session| session.since_dose(now.mono)),
            origin: self.origin,
            outage: desk.outage,
            escalation: desk.escalation,
            attended: desk.attended,
            sound: match &self.audio {
                Some(AudioPaused { highest, .. }) => Sound::Paused { highest: *highest },
                None => Sound::On,
            },
            inhibition: self.inhibition(),
            raises: Some(&self.raises),
            now,
            next_seq: desk.next_seq,
            out: desk.out,
        }
    }

    /// Physiological families, then technical conditions.
    pub(super) fn episodes(&self) -> usize {
        self.families.len() + self.technical.len()
    }

    pub(super) fn episode(&self, at: usize) -> &Episode {
        match self.families.len() {
            families if at < families => &self.families[at].episode,
            families => &self.technical[at - families].episode,
        }
    }

    pub(super) fn episode_mut(&mut self, at: usize) -> &mut Episode {
        match self.families.len() {
            families if at < families => &mut self.families[at].episode,
            families => &mut self.technical[at - families].episode,
        }
    }

    /// By which clock an acknowledged occurrence reminds: the next planned reading where a cuff's
    /// pressure governs (row 20).
    fn pace(&self, open: &Occurrence) -> Pace {
        if !is_of_cuff(open) {
            return Pace::Timer;
        }
        let interval = self.interval();
        let newest = self.newest_cuff().unwrap_or(open.onset.mono);
        Pace::Cuff { due: newest.plus(interval), interval }
    }
}

fn is_of_cuff(open: &Occurrence) -> bool {
    let family = matches!(
        open.family,
        AlarmFamily::BpHigh | AlarmFamily::BpLow | AlarmFamily::PreDose | AlarmFamily::Discharge
    );
    let cuff = [Metric::NibpSys, Metric::NibpDia, Metric::NibpMap];
    family && open.metric.is_some_and(|metric| cuff.contains(&metric))
}

impl Physiological {
    fn deadline(&self, rules: &FamilyRules, now: MonoTime) -> Option<MonoTime> {
        let bands = self.bands.deadline(rules);
        bands.into_iter().chain(self.episode.deadline(now)).min()
    }
}
