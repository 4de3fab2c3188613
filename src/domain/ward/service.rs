//! Alarms that belong to no bed: a lost broker, a stalled journal, the gap that a restart leaves.
//! They are never lowered.

use std::sync::Arc;

use super::faults::{end_held_step, over, step_held_until};
use super::{Ward, index_of};
use crate::domain::alarm::episode::{
    Episode, Identity, NotAcknowledged, Outage, Scene, raised_latched,
};
use crate::domain::alarm::escalation::{Attended, EscalationTimes};
use crate::domain::alarm::inactivation::Inhibition;
use crate::domain::alarm::occurrence::{
    Acknowledged, Change, EndReason, Occurrence, Presence, Signal, Transition,
};
use crate::domain::alarm::reminder::Pace;
use crate::domain::alarm::signal::Sound;
use crate::domain::alarm::technical::{self, Weight};
use crate::domain::alarm::{AlarmFamily, text};
use crate::domain::bed::{BedInput, Technical, technical_told};
use crate::domain::ids::{BedIndex, OccurrenceId, Seq, SourceIndex};
use crate::domain::input::{JournalHealth, LinkChange};
use crate::domain::link::Link;
use crate::domain::reading::Origin;
use crate::domain::time::{MonoTime, Stamp};

/// Said of an alarm that a fold under other limits no longer has.
const LOST: &str = "ended while the service was down: limits changed";

impl Ward {
    /// A broker's loss is one service-wide alarm; every bed withdraws its devices' values.
    pub(super) fn broker(
        &mut self,
        source: SourceIndex,
        change: &LinkChange,
        now: Stamp,
        out: &mut Vec<Transition>,
    ) {
        let Some(of) = self.sources.get(source.0 as usize) else { return };
        let name = of.plan.name.clone();
        let alarm = self.service_alarm(AlarmFamily::LinkDown, Some(&*name));
        match change {
            LinkChange::Lost { since, why } => {
                alarm.since.get_or_insert(since.mono);
                alarm.why = why.clone();
            }
            LinkChange::Online => alarm.since = None,
            LinkChange::Opening | LinkChange::Negotiating => return,
        }
        self.settle_service(now, out);
        self.broker_beds(0, source, change, now, out);
    }

    /// The beds' part, from the bed `first` on.
    pub(super) fn broker_beds(
        &mut self,
        first: usize,
        source: SourceIndex,
        change: &LinkChange,
        now: Stamp,
        out: &mut Vec<Transition>,
    ) {
        for index in first..self.beds.len() {
            let input = BedInput::Broker { line: source, change };
            self.bed_step(BedIndex(index_of(index)), input, now, out);
        }
    }

    pub(super) fn journal(
        &mut self,
        health: &JournalHealth,
        now: Stamp,
        out: &mut Vec<Transition>,
    ) {
        let alarm = self.service_alarm(AlarmFamily::Journal, None);
        match health {
            JournalHealth::Failing { why } => {
                alarm.since.get_or_insert(now.mono);
                alarm.why = why.clone();
            }
            JournalHealth::Committing => alarm.since = None,
        }
        self.settle_service(now, out);
    }

    /// Row 28: what was open is there again and frozen; the time down is one latched alarm.
    pub(super) fn restarted(&mut self, down_since: Stamp, now: Stamp, out: &mut Vec<Transition>) {
        self.outage = Outage::Yes;
        let why = format!(
            "Not monitored for {}: values of that time are lost",
            text::age(now.mono.since(down_since.mono))
        );
        let told = technical_told(AlarmFamily::MonitoringGap, None, &why, 1);
        let identity = Identity { family: AlarmFamily::MonitoringGap, subject: None };
        // Whoever watched the process before has to say so again.
        self.watching = None;
        // Nor has this process failed to write yet; it says so if it does.
        over(&mut self.service, AlarmFamily::Journal, None);
        let site = self.as_site();
        let mut scene = site.scene(now, &mut self.next_seq, out);
        self.gaps.push(raised_latched(identity, told, &mut scene));
        let known = self.gaps.len() - 1;
        for gap in &mut self.gaps[..known] {
            gap.restored = true;
            scene.tell(Change::Restored, gap);
        }
        for it in &mut self.service {
            it.episode.restored(&mut scene);
        }
        for source in &mut self.sources {
            source.link = Link::Opening { since: now };
        }
        self.restarted_beds(0, now, out);
    }

    /// The beds' part, from the bed `first` on.
    pub(super) fn restarted_beds(&mut self, first: usize, now: Stamp, out: &mut Vec<Transition>) {
        for index in first..self.beds.len() {
            self.bed_step(BedIndex(index_of(index)), BedInput::Restarted, now, out);
        }
        self.settle_service(now, out);
        self.outage = Outage::No;
    }

    /// An occurrence that was told and not ended, and that this ward knows nothing of: it stays
    /// latched until acknowledged, for nobody has seen it end. The restart tells it again.
    pub fn adopt(&mut self, mut occurrence: Occurrence) {
        occurrence.presence = Presence::Ended;
        occurrence.signal = Signal::Latched;
        occurrence.acknowledged = None;
        occurrence.frozen = false;
        occurrence.confirm_until = None;
        occurrence.ended.get_or_insert((self.now, EndReason::Moment));
        if occurrence.lines.last().is_none_or(|line| line != LOST) {
            occurrence.lines.push(LOST.into());
        }
        self.gaps.push(occurrence);
    }

    fn service_alarm(&mut self, family: AlarmFamily, subject: Option<&str>) -> &mut Technical {
        crate::domain::bed::technical(&mut self.service, family, subject)
    }

    pub(super) fn settle_service(&mut self, now: Stamp, out: &mut Vec<Transition>) {
        let site = self.as_site();
        for it in &mut self.service {
            end_held_step(it, now.mono);
            let shown = it.episode.shown(now.mono);
            let facts = technical::facts(
                it.since,
                technical::steps_of(it.family, it.subject.as_deref()),
                Weight::Full,
                shown,
                now.mono,
            );
            let identity = Identity { family: it.family, subject: it.subject.as_ref() };
            let told = |band, _| technical_told(it.family, it.subject.as_deref(), &it.why, band);
            let mut scene = site.scene(now, &mut self.next_seq, out);
            it.episode.settle(identity, &facts, told, &mut scene);
            it.episode.time(|_| Pace::Timer, &mut scene);
        }
    }

    pub(super) fn acknowledge_service(
        &mut self,
        id: OccurrenceId,
        revision: u32,
        acknowledged: &Acknowledged,
        out: &mut Vec<Transition>,
    ) -> Option<Result<Occurrence, NotAcknowledged>> {
        let mut gaps = Episode::default();
        gaps.latched = std::mem::take(&mut self.gaps);
        let site = self.as_site();
        let mut scene = site.scene(acknowledged.at, &mut self.next_seq, out);
        let episodes = self.service.iter_mut().map(|it| &mut it.episode);
        let mut episodes = episodes.chain(std::iter::once(&mut gaps));
        let answer = episodes
            .find_map(|it| it.acknowledge(id, revision, acknowledged, Pace::Timer, &mut scene));
        self.gaps = gaps.latched;
        answer
    }

    pub(super) fn unreceived_service(
        &mut self,
        id: OccurrenceId,
        revision: u32,
        now: Stamp,
        out: &mut Vec<Transition>,
    ) {
        let site = self.as_site();
        for it in &mut self.service {
            let mut scene = site.scene(now, &mut self.next_seq, out);
            it.episode.unreceived(id, revision, &mut scene);
        }
    }

    fn as_site(&self) -> Site {
        Site {
            name: self.site.clone(),
            origin: self.origin,
            escalation: self.escalation,
            attended: self.attended_anywhere(),
            outage: self.outage,
        }
    }

    /// What is service-wide concerns whoever watches any bed.
    fn attended_anywhere(&self) -> Attended {
        let unwatched = self.watching.as_ref().map_or(0, |watching| watching.unwatched.len());
        if unwatched > 0 && unwatched >= self.beds.len() { Attended::No } else { Attended::Yes }
    }
}

/// What service-wide alarms are told by.
struct Site {
    name: Arc<str>,
    origin: Origin,
    escalation: EscalationTimes,
    attended: Attended,
    outage: Outage,
}

impl Site {
    fn scene<'a>(
        &'a self,
        now: Stamp,
        next_seq: &'a mut Seq,
        out: &'a mut Vec<Transition>,
    ) -> Scene<'a> {
        Scene {
            site: &self.name,
            bed: None,
            session: None,
            phase: None,
            since_dose: None,
            origin: self.origin,
            outage: self.outage,
            escalation: &self.escalation,
            attended: self.attended,
            sound: Sound::On,
            inhibition: Inhibition::None,
            raises: None,
            now,
            next_seq,
            out,
        }
    }
}

pub(super) fn service_deadline(it: &Technical, now: MonoTime) -> Option<MonoTime> {
    let steps = technical::steps_of(it.family, it.subject.as_deref());
    let step = technical::deadline(it.since, steps, now);
    step.into_iter().chain(step_held_until(it)).chain(it.episode.deadline(now)).min()
}
