//! A session's start, its preset, and its move to another bed: what is refused by what the ward
//! knows of all beds and presets. What it does to a bed is `bed::starting`'s and `bed::moving`'s.

use std::sync::Arc;

use super::Ward;
use crate::domain::act::{Act, Answer, Done, Refused, Unknown};
use crate::domain::alarm::occurrence::{ActNote, Transition};
use crate::domain::alarm::rule::AlarmPreset;
use crate::domain::bed::Bed;
use crate::domain::ids::{BedIndex, SessionId};
use crate::domain::input::SessionStart;
use crate::domain::session::checks::Missing;
use crate::domain::session::start::StartOrder;
use crate::domain::time::Stamp;

/// Sessions that ended and are remembered: an act on one is told so.
const ENDED_KEPT: usize = 256;

impl Ward {
    pub(super) fn start_session(
        &mut self,
        act: &Act,
        bed: BedIndex,
        order: &StartOrder,
        now: Stamp,
        out: &mut Vec<Transition>,
    ) -> Answer {
        let of = self.bed(bed)?;
        if !order.patient.is_plausible(now.wall.utc_year()) {
            return Err(Refused::BadValue);
        }
        if let Some(running) = &of.session {
            return Err(Refused::BedInUse { session: running.id });
        }
        if self.bed_of(order.id).is_some() {
            return Err(Refused::AlreadySo);
        }
        if self.over.contains(&order.id) {
            return Err(Refused::SessionOver);
        }
        let preset = match &order.preset {
            Some(name) => self.preset_of(of, name)?,
            None => of.plan.preset.clone(),
        };
        check_fit(&preset, &order.drug, &order.route)?;
        self.bed_act(bed, now, out, |bed, desk| bed.start_session(order, &preset, act, now, desk))
    }

    /// From a recording or a simulator; never over a session that runs: it is counted.
    pub(super) fn session_started(
        &mut self,
        bed: BedIndex,
        start: &SessionStart,
        now: Stamp,
        out: &mut Vec<Transition>,
    ) {
        let runs = self.bed_of(start.id).is_some();
        self.on_bed(bed, now, out, |bed, desk| {
            if runs || bed.session.is_some() {
                bed.counts.refused_starts += 1;
            } else {
                bed.session_started(start, now, desk);
            }
        });
    }

    pub(super) fn choose_preset(
        &mut self,
        act: &Act,
        session: SessionId,
        preset: &Arc<str>,
        now: Stamp,
        out: &mut Vec<Transition>,
    ) -> Answer {
        let bed = self.running(session)?;
        let of = self.bed(bed)?;
        let preset = self.preset_of(of, preset)?;
        if let Some(session) = &of.session {
            check_fit(&preset, &session.drug, &session.route)?;
        }
        self.bed_act(bed, now, out, |bed, desk| bed.choose_preset(&preset, act, now, desk))
    }

    /// Told on both beds: from where, to where.
    pub(super) fn move_session(
        &mut self,
        act: &Act,
        session: SessionId,
        to: BedIndex,
        now: Stamp,
        out: &mut Vec<Transition>,
    ) -> Answer {
        if act.reason.is_none() {
            return Err(Refused::ReasonNeeded);
        }
        let from = self.running(session)?;
        let (old, new) = (self.bed(from)?, self.bed(to)?);
        if from == to {
            return Err(Refused::AlreadySo);
        }
        if let Some(running) = &new.session {
            return Err(Refused::BedInUse { session: running.id });
        }
        if let Some(occurrence) = old.unacknowledged_high() {
            return Err(Refused::HighUnacknowledged { occurrence });
        }
        // A countdown belongs to the cuff that began it: its repeat decides first.
        if let Some(rule) = old.awaited_repeat() {
            return Err(Refused::NotReady { missing: vec![Missing::Readings { rule }] });
        }
        let moving = old.moving().ok_or(Refused::Unknown(Unknown::Session))?;
        let note = ActNote {
            old: Some(old.plan.id.as_str().into()),
            new: Some(new.plan.id.as_str().into()),
            ..act.note()
        };
        self.on_bed(to, now, out, |bed, desk| bed.receive(moving, &note, act, now, desk));
        self.on_bed(from, now, out, |bed, desk| bed.let_move(&note, now, desk));
        Ok(Done::Taken)
    }

    /// The bed of a running session.
    ///
    /// # Errors
    /// `SessionOver` for one that ended, `Unknown` for one that never was.
    pub(super) fn running(&self, session: SessionId) -> Result<BedIndex, Refused> {
        self.bed_of(session).ok_or_else(|| {
            let ended = self.over.contains(&session);
            if ended { Refused::SessionOver } else { Refused::Unknown(Unknown::Session) }
        })
    }

    pub(super) fn remember_over(&mut self, session: SessionId) {
        if self.over.len() == ENDED_KEPT {
            self.over.pop_front();
        }
        self.over.push_back(session);
    }

    fn bed(&self, bed: BedIndex) -> Result<&Bed, Refused> {
        self.beds.get(bed.0 as usize).ok_or(Refused::Unknown(Unknown::Bed))
    }

    /// By name: the bed's own, or one of all.
    fn preset_of(&self, bed: &Bed, name: &str) -> Result<Arc<AlarmPreset>, Refused> {
        let mut all = std::iter::once(&bed.plan.preset).chain(&self.presets);
        let found = all.find(|it| *it.name == *name);
        found.cloned().ok_or(Refused::Unknown(Unknown::Preset))
    }
}

fn check_fit(preset: &AlarmPreset, drug: &str, route: &str) -> Result<(), Refused> {
    if *preset.drug == *drug && preset.routes.iter().any(|it| **it == *route) {
        return Ok(());
    }
    Err(Refused::WrongPreset {
        drug: (&*preset.drug).into(),
        routes: preset.routes.join(", ").into(),
    })
}
