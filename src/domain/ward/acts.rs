//! People's acts: answered once per command (row 17), by whoever may (alarms 7), on the bed or the
//! session that they name.

use super::{Answered, REMEMBERED, Ward, index_of};
use crate::domain::act::{Act, Answer, Deed, Done, Refused, Unknown};
use crate::domain::alarm::episode::{NotAcknowledged, Outage};
use crate::domain::alarm::occurrence::{Acknowledged, Transition};
use crate::domain::bed::{Bed, BedInput, Desk};
use crate::domain::ids::{BedIndex, OccurrenceId, SessionId};
use crate::domain::role::Role;
use crate::domain::time::Stamp;

impl Ward {
    /// By the command's id first: the same answer, no second effect (row 17).
    pub(super) fn act(&mut self, act: &Act, now: Stamp, out: &mut Vec<Transition>) -> Answer {
        let same = |known: &&Answered| {
            known.act.command == act.command && known.act.by.name == act.by.name
        };
        if let Some(known) = self.commands.iter().find(same) {
            let is_same = known.act.deed == act.deed && known.act.reason == act.reason;
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
            Deed::EndSession { session, .. } => {
                let Some(bed) = self.bed_of(*session) else {
                    return Err(Refused::Unknown(Unknown::Session));
                };
                self.bed_step(bed, BedInput::SessionEnded, now, out);
                Ok(Done::Taken)
            }
            Deed::KeepDevice { bed, device } => self.keep_device(act, *bed, device, now, out),
            Deed::PauseAudio { .. }
            | Deed::ResumeAudio { .. }
            | Deed::PauseAlarms { .. }
            | Deed::ResumeAlarms { .. }
            | Deed::BeginStandby { .. }
            | Deed::EndStandby { .. }
            | Deed::SetLimit { .. }
            | Deed::OfferHandover { .. }
            | Deed::AcceptHandover { .. }
            | Deed::RejectHandover { .. }
            | Deed::AcceptBaseline { .. }
            | Deed::Observe { .. }
            | Deed::VoidReading { .. }
            | Deed::AmendReading { .. } => Err(Refused::NotSo),
        }
    }

    /// The bed of a running session.
    pub(super) fn bed_of(&self, session: SessionId) -> Option<BedIndex> {
        let is_of = |bed: &Bed| bed.session.as_ref().is_some_and(|it| it.id == session);
        self.beds.iter().position(is_of).map(|place| BedIndex(index_of(place)))
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
        let mut found = None;
        for bed in &mut self.beds {
            let mut desk = Desk {
                site: &self.site,
                next_seq: &mut self.next_seq,
                first_reading: self.next_reading,
                outage: Outage::No,
                escalation: &self.escalation,
                out,
            };
            found = bed.acknowledge(id, revision, &acknowledged, &mut desk);
            if found.is_some() {
                break;
            }
        }
        let found = found.or_else(|| self.acknowledge_service(id, revision, &acknowledged, out));
        match found {
            Some(Ok(occurrence)) => Ok(Done::Acknowledged(Box::new(occurrence))),
            Some(Err(NotAcknowledged::Stale { current })) => Err(Refused::Stale { current }),
            Some(Err(NotAcknowledged::Ended)) => Err(Refused::Ended),
            None if self.ended.contains(&id) => Err(Refused::Ended),
            None => Err(Refused::Unknown(Unknown::Occurrence)),
        }
    }
}
