//! People's acts: answered once per command (row 17), by whoever may (alarms 7), on the bed or the
//! session that they name.

use super::{Answered, REMEMBERED, Ward, index_of};
use crate::domain::act::{Act, Answer, Deed, Done, Refused, Unknown};
use crate::domain::alarm::episode::NotAcknowledged;
use crate::domain::alarm::occurrence::{Acknowledged, Occurrence, Transition};
use crate::domain::bed::{Bed, Desk, Silencing};
use crate::domain::ids::{BedIndex, OccurrenceId, SessionId};
use crate::domain::role::Role;
use crate::domain::time::Stamp;

impl Ward {
    /// By the command's id first: the same answer, no second effect (row 17). What was asked for
    /// must be the same; a person may repeat it from another screen, or in another role by now.
    pub(super) fn act(&mut self, act: &Act, now: Stamp, out: &mut Vec<Transition>) -> Answer {
        let same = |known: &&Answered| {
            known.act.command == act.command && known.act.by.name == act.by.name
        };
        if let Some(known) = self.commands.iter().find(same) {
            let is_same = known.act.asks_the_same(act);
            return if is_same { known.answer.clone() } else { Err(Refused::CommandReused) };
        }
        let answer = self.act_now(act, now, out);
        if self.commands.len() == REMEMBERED {
            self.commands.pop_front();
        }
        self.commands.push_back(Answered { act: act.clone(), answer: answer.clone() });
        answer
    }

    fn act_now(&mut self, act: &Act, now: Stamp, out: &mut Vec<Transition>) -> Answer {
        if !act.by.role.is_on_the_floor() {
            return Err(Refused::Role { needed: Role::Nurse });
        }
        match &act.deed {
            Deed::Acknowledge { occurrence, revision } => {
                self.acknowledge(act, *occurrence, *revision, now, out)
            }
            Deed::PauseAudio { bed } => self.silence(*bed, Silencing::PauseAudio, act, now, out),
            Deed::ResumeAudio { bed } => self.silence(*bed, Silencing::ResumeAudio, act, now, out),
            Deed::PauseAlarms { bed } => self.silence(*bed, Silencing::PauseAlarms, act, now, out),
            Deed::ResumeAlarms { bed } => {
                self.silence(*bed, Silencing::ResumeAlarms, act, now, out)
            }
            Deed::BeginStandby { bed } => {
                self.silence(*bed, Silencing::BeginStandby, act, now, out)
            }
            Deed::EndStandby { bed } => self.silence(*bed, Silencing::EndStandby, act, now, out),
            Deed::OfferHandover { sessions, to } => self.offer(act, sessions, to, now, out),
            Deed::AcceptHandover { handover } => self.accept(act, *handover, now, out),
            Deed::RejectHandover { handover } => self.reject(act, *handover, now, out),
            Deed::EndSession { session, disposition, checks } => {
                let answer = self.in_session(*session, now, out, |bed, desk| {
                    bed.end_session(act, *disposition, *checks, now, desk)
                });
                if answer.is_ok() {
                    self.forget_offers(*session);
                    self.remember_over(*session);
                }
                answer
            }
            Deed::KeepDevice { bed, device } => self.keep_device(act, *bed, device, now, out),
            Deed::SetLimit { session, limit } => {
                self.in_session(*session, now, out, |bed, desk| {
                    bed.set_limit(limit, act, now, desk)
                })
            }
            Deed::AcceptBaseline { session, baseline } => {
                self.in_session(*session, now, out, |bed, desk| {
                    bed.accept_baseline(*baseline, act, now, desk)
                })
            }
            Deed::Observe { session, symptoms, moaas, note } => {
                self.in_session(*session, now, out, |bed, desk| {
                    bed.observe((*symptoms, *moaas, note.as_ref()), act, now, desk)
                })
            }
            Deed::VoidReading { reading } => self.reading_act(*reading, now, out, |bed, desk| {
                bed.void_reading(*reading, act, now, desk)
            }),
            Deed::AmendReading { reading, value } => {
                self.reading_act(*reading, now, out, |bed, desk| {
                    bed.amend_reading((*reading, *value), act, now, desk)
                })
            }
            Deed::Visit(deed) => self.visit_act(act, deed, now, out),
        }
    }

    /// An act on the bed of a running session.
    pub(super) fn in_session(
        &mut self,
        session: SessionId,
        now: Stamp,
        out: &mut Vec<Transition>,
        act: impl FnOnce(&mut Bed, &mut Desk<'_>) -> Answer,
    ) -> Answer {
        let bed = self.running(session)?;
        self.bed_act(bed, now, out, act)
    }

    /// An act on a bed.
    pub(super) fn bed_act(
        &mut self,
        bed: BedIndex,
        now: Stamp,
        out: &mut Vec<Transition>,
        act: impl FnOnce(&mut Bed, &mut Desk<'_>) -> Answer,
    ) -> Answer {
        let answer = self.on_bed(bed, now, out, act);
        answer.unwrap_or(Err(Refused::Unknown(Unknown::Bed)))
    }

    /// The bed of a running session.
    pub(super) fn bed_of(&self, session: SessionId) -> Option<BedIndex> {
        let is_of = |bed: &Bed| bed.session.as_ref().is_some_and(|it| it.id == session);
        self.beds.iter().position(is_of).map(|place| BedIndex(index_of(place)))
    }

    fn silence(
        &mut self,
        bed: BedIndex,
        what: Silencing,
        act: &Act,
        now: Stamp,
        out: &mut Vec<Transition>,
    ) -> Answer {
        self.bed_act(bed, now, out, |bed, desk| bed.silence(what, act, now, desk))
    }

    /// The bed that has this occurrence, present or latched.
    fn bed_with(&self, id: OccurrenceId) -> Option<BedIndex> {
        let has = |bed: &Bed| bed.occurrences().any(|it: &Occurrence| it.id == id);
        self.beds.iter().position(has).map(|place| BedIndex(index_of(place)))
    }

    /// Row 23: no screen has shown it within 4 s of its event.
    pub(super) fn unreceived(
        &mut self,
        id: OccurrenceId,
        revision: u32,
        now: Stamp,
        out: &mut Vec<Transition>,
    ) {
        match self.bed_with(id) {
            Some(bed) => {
                self.on_bed(bed, now, out, |bed, desk| bed.unreceived(id, revision, now, desk));
            }
            None => self.unreceived_service(id, revision, now, out),
        }
    }

    /// Rows 15, 16, 16a, 16b and 21.
    fn acknowledge(
        &mut self,
        act: &Act,
        id: OccurrenceId,
        revision: u32,
        now: Stamp,
        out: &mut Vec<Transition>,
    ) -> Answer {
        let acknowledged =
            Acknowledged { by: act.by.name.clone(), at: now, reason: act.reason.clone() };
        let found = match self.bed_with(id) {
            Some(bed) => {
                let act = self.on_bed(bed, now, out, |bed, desk| {
                    bed.acknowledge(id, revision, &acknowledged, desk)
                });
                act.flatten()
            }
            None => self.acknowledge_service(id, revision, &acknowledged, out),
        };
        match found {
            Some(Ok(occurrence)) => Ok(Done::Acknowledged(Box::new(occurrence))),
            Some(Err(NotAcknowledged::Stale { current })) => Err(Refused::Stale { current }),
            Some(Err(NotAcknowledged::Ended)) => Err(Refused::Ended),
            Some(Err(NotAcknowledged::AlarmPaused)) => Err(Refused::AlarmPaused),
            None if self.ended.contains(&id) => Err(Refused::Ended),
            None => Err(Refused::Unknown(Unknown::Occurrence)),
        }
    }
}
