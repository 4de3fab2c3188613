//! Responsibility: each session has one responsible nurse; it goes on by offer and acceptance, for
//! one session or many at once (alarms 12).
//!
//! | offer | made | accepted by `to` | rejected by `to` | 60 s | another offer | session over |
//! |---|---|---|---|---|---|---|
//! | none | open | `HandoverOver`, or unknown | the same | - | - | - |
//! | open | - | responsible; none | none | lapses; none | lapses; the new one | none |
//!
//! Until it is accepted, responsibility stays where it is. Where a session has nobody, anybody on
//! the floor may offer it; a lead may offer any.

use std::sync::Arc;
use std::time::Duration;

use super::Ward;
use crate::domain::act::{Act, Answer, Deed, Done, HandoverId, Refused, Unknown};
use crate::domain::alarm::occurrence::{ActNote, SessionChange, Transition};
use crate::domain::bed::Bed;
use crate::domain::ids::SessionId;
use crate::domain::session::{Responsible, Session};
use crate::domain::time::{MonoTime, Stamp};

/// An offer that nobody answers lapses (alarms 12).
const OFFER_LAPSES: Duration = Duration::from_secs(60);

/// An open offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handover {
    /// The command that made it.
    pub id: HandoverId,
    pub sessions: Vec<SessionId>,
    /// Who offered it; the responsible nurse or a lead.
    pub by: Arc<str>,
    pub to: Arc<str>,
    pub offered: Stamp,
    pub lapses: Stamp,
}

impl Ward {
    /// The open offers, oldest first.
    #[must_use]
    pub fn handovers(&self) -> &[Handover] {
        &self.handovers
    }

    pub(super) fn offer(
        &mut self,
        act: &Act,
        sessions: &[SessionId],
        to: &Arc<str>,
        now: Stamp,
        out: &mut Vec<Transition>,
    ) -> Answer {
        let mut sessions = sessions.to_vec();
        sessions.sort_unstable();
        sessions.dedup();
        if sessions.is_empty() {
            return Err(Refused::Unknown(Unknown::Session));
        }
        let mut all_theirs = true;
        for id in &sessions {
            self.running(*id)?;
            let session = self.session(*id).ok_or(Refused::Unknown(Unknown::Session))?;
            let responsible = session.responsible.as_ref().map(|it| &it.name);
            let may = act.by.acts_as_lead() || responsible.is_none_or(|it| *it == act.by.name);
            if !may {
                return Err(Refused::NotResponsible { responsible: responsible.cloned() });
            }
            all_theirs &= responsible == Some(to);
        }
        if all_theirs {
            return Err(Refused::AlreadySo);
        }
        for id in &sessions {
            self.replace_offer(*id, act, now, out);
        }
        let lapses = now.plus(OFFER_LAPSES);
        for id in &sessions {
            let note = ActNote { new: Some(to.clone()), ..act.note() };
            self.tell_of(*id, SessionChange::HandoverOffered, note, now, out);
        }
        let (id, by) = (act.command, act.by.name.clone());
        let handover = Handover { id, sessions, by, to: to.clone(), offered: now, lapses };
        self.handovers.push(handover);
        Ok(Done::HandoverOffered { handover: id, lapses })
    }

    pub(super) fn accept(
        &mut self,
        act: &Act,
        id: HandoverId,
        now: Stamp,
        out: &mut Vec<Transition>,
    ) -> Answer {
        let handover = self.answered(act, id)?;
        for session in &handover.sessions {
            let name = handover.to.clone();
            let note = ActNote { new: Some(name.clone()), ..act.note() };
            let responsible = Responsible { name, since: now };
            self.tell_after(*session, SessionChange::HandedOver, note, now, out, |session| {
                session.responsible = Some(responsible);
            });
        }
        Ok(Done::HandedOver { sessions: handover.sessions })
    }

    /// With a reason, which whoever offered it reads.
    pub(super) fn reject(
        &mut self,
        act: &Act,
        id: HandoverId,
        now: Stamp,
        out: &mut Vec<Transition>,
    ) -> Answer {
        if act.reason.is_none() {
            return Err(Refused::ReasonNeeded);
        }
        let handover = self.answered(act, id)?;
        for session in &handover.sessions {
            let note = ActNote { new: Some(handover.to.clone()), ..act.note() };
            self.tell_of(*session, SessionChange::HandoverRejected, note, now, out);
        }
        Ok(Done::Taken)
    }

    pub(super) fn handover_due(&self) -> Option<MonoTime> {
        self.handovers.iter().map(|handover| handover.lapses.mono).min()
    }

    /// Offers whose time is over; responsibility stays.
    pub(super) fn lapse_offers(&mut self, now: Stamp, out: &mut Vec<Transition>) {
        let all = std::mem::take(&mut self.handovers);
        let (over, open): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|it| it.lapses.mono <= now.mono);
        self.handovers = open;
        for handover in over {
            for session in &handover.sessions {
                self.tell_lapsed(*session, &handover, now, out);
            }
        }
    }

    /// A session that is over is nobody's to hand over.
    pub(super) fn forget_offers(&mut self, session: SessionId) {
        for handover in &mut self.handovers {
            handover.sessions.retain(|id| *id != session);
        }
        self.handovers.retain(|handover| !handover.sessions.is_empty());
    }

    /// The open offer that `act` answers, taken out.
    fn answered(&mut self, act: &Act, id: HandoverId) -> Result<Handover, Refused> {
        let Some(place) = self.handovers.iter().position(|handover| handover.id == id) else {
            let made = |deed: &Deed| matches!(deed, Deed::OfferHandover { .. });
            let known = |it: &super::Answered| it.act.command == id && made(&it.act.deed);
            let was_made = self.commands.iter().any(|it| known(it) && it.answer.is_ok());
            return Err(if was_made {
                Refused::HandoverOver
            } else {
                Refused::Unknown(Unknown::Handover)
            });
        };
        if self.handovers[place].to != act.by.name {
            return Err(Refused::NotOfferedTo { to: self.handovers[place].to.clone() });
        }
        Ok(self.handovers.remove(place))
    }

    /// One open offer per session: the newer one stands.
    fn replace_offer(
        &mut self,
        session: SessionId,
        act: &Act,
        now: Stamp,
        out: &mut Vec<Transition>,
    ) {
        let of = |handover: &&Handover| handover.sessions.contains(&session);
        let Some(before) = self.handovers.iter().find(of).cloned() else { return };
        self.forget_offers(session);
        let note = ActNote { new: Some(before.to), ..act.note() };
        self.tell_of(session, SessionChange::HandoverLapsed, note, now, out);
    }

    fn tell_lapsed(
        &mut self,
        session: SessionId,
        handover: &Handover,
        now: Stamp,
        out: &mut Vec<Transition>,
    ) {
        let Handover { by, to, .. } = handover;
        let (by, new) = (by.clone(), Some(to.clone()));
        let note = ActNote { by, ordered_by: None, reason: None, what: None, old: None, new };
        self.tell_of(session, SessionChange::HandoverLapsed, note, now, out);
    }

    fn tell_of(
        &mut self,
        session: SessionId,
        change: SessionChange,
        note: ActNote,
        now: Stamp,
        out: &mut Vec<Transition>,
    ) {
        self.tell_after(session, change, note, now, out, |_| {});
    }

    /// Changes a session and tells of it; `old` is who was responsible before.
    fn tell_after(
        &mut self,
        session: SessionId,
        change: SessionChange,
        note: ActNote,
        now: Stamp,
        out: &mut Vec<Transition>,
        apply: impl FnOnce(&mut Session),
    ) {
        let Some(bed) = self.bed_of(session) else { return };
        self.on_bed(bed, now, out, |bed: &mut Bed, desk| {
            let Some(session) = bed.session.as_mut() else { return };
            let old = session.responsible.as_ref().map(|it| it.name.clone());
            apply(session);
            bed.tell_session(change, Some(ActNote { old, ..note }), now, desk);
        });
    }

    fn session(&self, id: SessionId) -> Option<&Session> {
        self.beds.iter().filter_map(|bed| bed.session.as_ref()).find(|session| session.id == id)
    }
}
