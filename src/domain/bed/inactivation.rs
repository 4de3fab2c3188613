//! What people silence on this bed for a time, and what comes of it: audio pause, alarm pause and
//! stand-by (rows 18, 19, 26, 27 and 32 of alarms 11).
//!
//! While the bed's sound is paused nothing of it is `Active`: whatever becomes so has broken
//! through and ends the pause (row 19). While its physiological families are inhibited their open
//! occurrences are `Paused` and their conditions stand still. Technical alarms go on.

use std::sync::Arc;

use super::watch::{find, technical};
use super::{Bed, Desk};
use crate::domain::act::{Act, Answer, Done, Refused};
use crate::domain::alarm::condition::{Governing, Level};
use crate::domain::alarm::episode::{Episode, Scene};
use crate::domain::alarm::inactivation::{
    AUDIO_PAUSE, AudioPaused, Cause, Inactivation, Inhibition, Named, PatientSeen,
};
use crate::domain::alarm::occurrence::{ActNote, EndReason, Signal};
use crate::domain::alarm::{AlarmFamily, Priority};
use crate::domain::device::Message;
use crate::domain::metric::Metric;
use crate::domain::time::Stamp;
use crate::domain::view::{PauseView, StandbyView};

/// What a person may do to a whole bed's signals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silencing {
    PauseAudio,
    ResumeAudio,
    PauseAlarms,
    ResumeAlarms,
    BeginStandby,
    EndStandby,
}

impl Bed {
    /// Whether physiological families are judged now.
    #[must_use]
    pub const fn inhibition(&self) -> Inhibition {
        self.inactivation.inhibition()
    }

    /// Rows 18, 19, 26, 27 and 32, by a person who may.
    pub fn silence(
        &mut self,
        what: Silencing,
        act: &Act,
        now: Stamp,
        desk: &mut Desk<'_>,
    ) -> Answer {
        let named = || {
            let reason = act.reason.clone().ok_or(Refused::ReasonNeeded)?;
            Ok::<_, Refused>(Named { by: act.by.name.clone(), since: now, reason })
        };
        let cause = match what {
            Silencing::PauseAudio => return self.pause_audio(&act.by.name, now, desk),
            Silencing::ResumeAudio => {
                self.audio.as_ref().ok_or(Refused::NotSo)?;
                self.resume_audio(now, desk);
                return Ok(Done::Taken);
            }
            Silencing::PauseAlarms => Cause::PauseAlarms(named()?),
            Silencing::ResumeAlarms => Cause::ResumeAlarms,
            Silencing::BeginStandby if self.session.is_some() => Cause::BeginToilet(named()?),
            Silencing::BeginStandby => Cause::BeginRoomEmpty(named()?),
            Silencing::EndStandby => Cause::EndStandby,
        };
        if let (Cause::BeginRoomEmpty(_), Some(occurrence)) = (&cause, self.unacknowledged_high()) {
            return Err(Refused::HighUnacknowledged { occurrence }); // row 32
        }
        self.inactivate(cause, Some(act.note()), now, desk)?;
        self.tick(now, desk);
        Ok(match &self.inactivation {
            Inactivation::AlarmPaused { until, .. } | Inactivation::Toilet { until, .. } => {
                Done::Until(*until)
            }
            Inactivation::RoomEmpty { .. } => Done::Unlimited,
            Inactivation::None | Inactivation::Overrun { .. } => Done::Taken,
        })
    }

    /// A session that starts finds its patient in the room (row 32).
    pub(super) fn occupied(&mut self, note: Option<ActNote>, now: Stamp, desk: &mut Desk<'_>) {
        // Only acts are refused.
        let _ = self.inactivate(Cause::SessionStarted, note, now, desk);
    }

    /// Timed pauses whose time is over, before anything else of that moment.
    pub(super) fn end_pauses(&mut self, now: Stamp, desk: &mut Desk<'_>) {
        if self.audio.as_ref().is_some_and(|audio| audio.until.mono <= now.mono) {
            self.resume_audio(now, desk); // row 19
        }
        let _ = self.inactivate(Cause::Time, None, now, desk);
    }

    /// Row 28: timed pauses end in the safe direction, before what was open is told again. Nothing
    /// is judged on the values of before.
    pub(super) fn pauses_restarted(&mut self, now: Stamp, desk: &mut Desk<'_>) {
        self.audio = None;
        if let Ok(Some(next)) = self.inactivation.step(Cause::ProcessStarted, now) {
            let was = std::mem::replace(&mut self.inactivation, next);
            if let Some(change) = was.told(&self.inactivation) {
                self.tell_session(change, None, now, desk);
            }
            for index in 0..self.families.len() {
                self.families[index].bands.resume(now.mono);
                let until = self.recuff_until(index, now);
                if let Some(open) = self.families[index].episode.open.as_mut() {
                    open.confirm_until = until;
                }
            }
        }
    }

    /// During a stand-by a valid value proposes its end (row 32).
    pub(super) fn see_patient(&mut self, message: &Message) {
        let valid = message.readings.iter().any(|reading| reading.value.is_ok());
        match &mut self.inactivation {
            Inactivation::Toilet { seen, .. } | Inactivation::RoomEmpty { seen, .. } if valid => {
                *seen = PatientSeen::Yes;
            }
            Inactivation::Toilet { .. }
            | Inactivation::RoomEmpty { .. }
            | Inactivation::None
            | Inactivation::AlarmPaused { .. }
            | Inactivation::Overrun { .. } => {}
        }
    }

    /// What breaks through ends the pause of the sound; so does having nothing left to pause. What
    /// it silenced and is over, taken or lower by now keeps nothing new silent.
    pub(super) fn mind_audio(&mut self, now: Stamp, desk: &mut Desk<'_>) {
        if self.audio.is_none() {
            return;
        }
        let highest = |signal: Signal| {
            let heard = (self.first_heard()..self.episodes()).map(|at| self.episode(at));
            let open = heard.filter_map(|it| it.open.as_deref());
            open.filter(|open| open.signal == signal).map(|open| open.priority).max()
        };
        let (heard, silenced) = (highest(Signal::Active), highest(Signal::Paused));
        if heard.is_some() {
            return self.resume_audio(now, desk);
        }
        self.audio = self
            .audio
            .take()
            .zip(silenced)
            .map(|(audio, highest)| AudioPaused { highest, ..audio });
    }

    pub(super) fn inactivation_deadline(&self) -> Option<crate::domain::time::MonoTime> {
        let audio = self.audio.as_ref().map(|audio| audio.until.mono);
        self.inactivation.deadline().into_iter().chain(audio).min()
    }

    pub(super) fn pause_views(&self) -> (Option<PauseView>, Option<PauseView>) {
        let audio = self.audio.as_ref();
        let audio = audio.map(|it| PauseView { until: it.until, by: it.by.clone() });
        let alarms = match &self.inactivation {
            Inactivation::AlarmPaused { act, until } => {
                Some(PauseView { until: *until, by: act.by.clone() })
            }
            Inactivation::None
            | Inactivation::Toilet { .. }
            | Inactivation::Overrun { .. }
            | Inactivation::RoomEmpty { .. } => None,
        };
        (audio, alarms)
    }

    pub(super) fn standby_view(&self) -> Option<StandbyView> {
        let (act, until) = match &self.inactivation {
            Inactivation::Toilet { act, until, .. } | Inactivation::Overrun { act, until } => {
                (act, Some(*until))
            }
            Inactivation::RoomEmpty { act, .. } => (act, None),
            Inactivation::None | Inactivation::AlarmPaused { .. } => return None,
        };
        let (by, reason) = (act.by.clone(), act.reason.clone());
        Some(StandbyView { since: act.since, until, by, reason })
    }

    pub(super) const fn is_patient_seen(&self) -> bool {
        matches!(
            self.inactivation,
            Inactivation::Toilet { seen: PatientSeen::Yes, .. }
                | Inactivation::RoomEmpty { seen: PatientSeen::Yes, .. }
        )
    }

    fn pause_audio(&mut self, by: &Arc<str>, now: Stamp, desk: &mut Desk<'_>) -> Answer {
        let open = (0..self.episodes()).filter_map(|at| self.episode(at).open.as_deref());
        let active = open.filter(|open| open.signal == Signal::Active);
        let highest: Option<Priority> = active.map(|open| open.priority).max();
        let highest = highest.ok_or(Refused::NothingToPause)?;
        let until = now.plus(AUDIO_PAUSE);
        self.audio = Some(AudioPaused { by: by.clone(), since: now, until, highest });
        self.each_episode(0, now, desk, Episode::pause_audio);
        self.wake_at(until.mono);
        Ok(Done::Until(until))
    }

    fn resume_audio(&mut self, now: Stamp, desk: &mut Desk<'_>) {
        self.audio = None;
        let first = self.first_heard();
        self.each_episode(first, now, desk, Episode::resume_audio);
    }

    /// Steps the state and does what follows for the families; the caller settles.
    pub(super) fn inactivate(
        &mut self,
        cause: Cause,
        note: Option<ActNote>,
        now: Stamp,
        desk: &mut Desk<'_>,
    ) -> Result<(), Refused> {
        let Some(next) = self.inactivation.step(cause, now)? else { return Ok(()) };
        let was = std::mem::replace(&mut self.inactivation, next);
        let by = note.as_ref().map(|note| note.by.clone());
        if let Some(change) = was.told(&self.inactivation) {
            self.tell_session(change, note, now, desk);
        }
        match (was.inhibition(), self.inhibition()) {
            (_, Inhibition::Standby) if self.session.is_none() => {
                self.patient_since = now.mono;
                if let Some(by) = by {
                    self.end_physiological(EndReason::RoomEmpty, &by, now, desk);
                    self.end_vital_related(&by, now, desk);
                }
            }
            (Inhibition::None, Inhibition::AlarmPaused | Inhibition::Standby) => {
                self.inhibit(now, desk);
            }
            (before @ (Inhibition::AlarmPaused | Inhibition::Standby), Inhibition::None) => {
                if before == Inhibition::Standby {
                    // Sensors have a moment to be put on again.
                    self.vitals.iter_mut().for_each(|vital| vital.back = Some(now.mono));
                }
                self.released(now, desk);
            }
            (Inhibition::None, Inhibition::None)
            | (
                Inhibition::AlarmPaused | Inhibition::Standby,
                Inhibition::AlarmPaused | Inhibition::Standby,
            ) => {}
        }
        self.find_overrun();
        Ok(())
    }

    /// A toilet stand-by that nobody ended is a technical alarm from then on (alarms 13).
    fn find_overrun(&mut self) {
        let since = match &self.inactivation {
            Inactivation::Overrun { until, .. } => Some(until.mono),
            Inactivation::None
            | Inactivation::AlarmPaused { .. }
            | Inactivation::Toilet { .. }
            | Inactivation::RoomEmpty { .. } => None,
        };
        if since.is_some() {
            technical(&mut self.technical, AlarmFamily::StandbyOverrun, None);
        }
        if let Some(it) = find(&mut self.technical, AlarmFamily::StandbyOverrun) {
            it.since = since;
            self.moved.technical = true;
        }
    }

    /// Row 26.
    fn inhibit(&mut self, now: Stamp, desk: &mut Desk<'_>) {
        for family in &mut self.families {
            family.bands.inhibit();
        }
        let families = self.families.len();
        self.each_episode_of(0..families, now, desk, Episode::pause_alarms);
    }

    /// Row 27: no credit for the time that was not judged.
    fn released(&mut self, now: Stamp, desk: &mut Desk<'_>) {
        for family in &mut self.families {
            family.bands.resume(now.mono);
        }
        // What went missing meanwhile was not looked at, its device perhaps gone by now.
        Metric::ALL.into_iter().for_each(|metric| self.input_missing(metric, now.mono));
        self.rejudge(now.mono);
        for index in 0..self.families.len() {
            let recuff = self.recuff_until(index, now);
            self.each_episode_of(index..index + 1, now, desk, |episode, scene| {
                episode.resume_alarms(recuff, scene);
            });
        }
    }

    /// The end of a countdown that governs the family now.
    fn recuff_until(&self, index: usize, now: Stamp) -> Option<Stamp> {
        let (family, rules) = (&self.families[index], &self.rules.families()[index]);
        let shown = family.episode.shown(now.mono);
        match family.bands.facts(rules, self.in_force(), shown).governing {
            Some(Governing { level: Level::Recuff { until }, .. }) => {
                Some(Stamp { mono: until, wall: now.wall_at(until) })
            }
            Some(Governing { level: Level::Held | Level::Clearing, .. }) | None => None,
        }
    }

    /// The first episode that the pause of the sound is about: all, or the technical ones.
    fn first_heard(&self) -> usize {
        match self.inhibition() {
            Inhibition::None => 0,
            Inhibition::AlarmPaused | Inhibition::Standby => self.families.len(),
        }
    }

    fn each_episode(
        &mut self,
        first: usize,
        now: Stamp,
        desk: &mut Desk<'_>,
        tell: impl FnMut(&mut Episode, &mut Scene<'_>),
    ) {
        let all = self.episodes();
        self.each_episode_of(first..all, now, desk, tell);
    }

    pub(super) fn each_episode_of(
        &mut self,
        places: std::ops::Range<usize>,
        now: Stamp,
        desk: &mut Desk<'_>,
        mut tell: impl FnMut(&mut Episode, &mut Scene<'_>),
    ) {
        for at in places {
            if self.episode(at).open.is_some() {
                let mut episode = std::mem::take(self.episode_mut(at));
                tell(&mut episode, &mut self.scene(now, desk));
                *self.episode_mut(at) = episode;
            }
        }
    }
}
