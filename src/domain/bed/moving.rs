//! A session goes to another bed (alarms 7; contract 6 `/move`): the session with all that belongs
//! to it. Devices stay with their beds.
//!
//! The bed that it comes to takes it first and judges its own newest values at once; then the bed
//! that it leaves lets its open physiological occurrences go, by name. No HIGH is unacknowledged
//! then: the ward has refused that.

use std::sync::Arc;

use super::starting::TURN_OVER;
use super::{Bed, Desk, Ending, Recent};
use crate::domain::act::Act;
use crate::domain::alarm::occurrence::{ActNote, EndReason, SessionChange};
use crate::domain::alarm::rule::AlarmPreset;
use crate::domain::ids::RuleId;
use crate::domain::session::Session;
use crate::domain::time::{MonoTime, Stamp};

/// What goes along.
#[derive(Clone, Debug)]
pub(in crate::domain) struct Moving {
    session: Session,
    /// Its determinations: gates, baseline and the plan of readings go on with them.
    recent: Recent,
    patient_since: MonoTime,
    preset: Arc<AlarmPreset>,
}

impl Bed {
    /// What would go along; `None`: no session runs.
    pub(in crate::domain) fn moving(&self) -> Option<Moving> {
        let mut session = self.session.clone()?;
        let preset = self.rules.preset.clone();
        session.preset.get_or_insert_with(|| (&*preset.name).into());
        let (recent, patient_since) = (self.recent.clone(), self.patient_since);
        Some(Moving { session, recent, patient_since, preset })
    }

    /// The session comes to this bed. Readings of the turn-over time here are taken as its
    /// patient's, who was put on this monitor before the nurse said so; older ones are not.
    pub(in crate::domain) fn receive(
        &mut self,
        moving: Moving,
        note: &ActNote,
        act: &Act,
        now: Stamp,
        desk: &mut Desk<'_>,
    ) {
        let own_since = self.patient_since.max(now.mono.minus(TURN_OVER));
        let gone = self.keep_readings_since(Some(own_since));
        let before = self.in_force();
        self.occupied(Some(act.note()), now, desk);
        let Moving { session, recent, patient_since, preset } = moving;
        self.recent.join(recent, patient_since);
        self.patient_since = patient_since;
        self.session = Some(session);
        self.watched_since = now.mono;
        self.tell_session(SessionChange::Moved, Some(note.clone()), now, desk);
        self.take_preset(&preset, act, now, desk);
        for metric in gone {
            self.input_missing(metric, now.mono);
        }
        self.enter(before, &Ending::PHASE, now.mono);
        // Rules of all phases were in force here, too, but for what came along they are new.
        self.rejudge(now.mono);
        self.judge_entered(now.mono);
        self.tick(now, desk);
    }

    /// The rule whose re-cuff countdown runs.
    pub(in crate::domain) fn awaited_repeat(&self) -> Option<RuleId> {
        let mut awaited = self.occurrences().filter(|it| it.confirm_until.is_some());
        awaited.find_map(|it| it.rule.clone())
    }

    /// The session is on another bed now.
    pub(in crate::domain) fn let_move(&mut self, note: &ActNote, now: Stamp, desk: &mut Desk<'_>) {
        let (why, change) = (EndReason::SessionMoved, SessionChange::Moved);
        self.part_with_session(why, change, note, note.clone(), now, desk);
        for metric in self.keep_readings_since(None) {
            self.input_missing(metric, now.mono);
        }
        self.tick(now, desk);
    }
}
