//! Acknowledgements: answered once per command, for the occurrence and revision that were seen
//! (rows 15 to 17 and 21 of alarms 11; safety A4).

use super::{AckRefused, Answered, REMEMBERED, Ward};
use crate::domain::alarm::episode::{NotAcknowledged, Outage};
use crate::domain::alarm::occurrence::{Acknowledged, Occurrence, Transition};
use crate::domain::bed::Desk;
use crate::domain::input::Acknowledge;
use crate::domain::time::Stamp;

impl Ward {
    /// Rows 15 to 17 and 21, by the command's id first.
    pub(super) fn acknowledge(
        &mut self,
        act: &Acknowledge,
        now: Stamp,
        out: &mut Vec<Transition>,
    ) -> Result<Box<Occurrence>, AckRefused> {
        let same = |known: &&Answered| known.command == act.command && known.act.by == act.by;
        if let Some(known) = self.commands.iter().find(same) {
            // Row 17: the same answer, no second effect.
            return if known.act == *act {
                known.answer.clone()
            } else {
                Err(AckRefused::CommandReused)
            };
        }
        let answer = self.acknowledge_now(act, now, out);
        if self.commands.len() == REMEMBERED {
            self.commands.pop_front();
        }
        self.commands.push_back(Answered {
            command: act.command,
            act: act.clone(),
            answer: answer.clone(),
        });
        answer
    }

    fn acknowledge_now(
        &mut self,
        act: &Acknowledge,
        now: Stamp,
        out: &mut Vec<Transition>,
    ) -> Result<Box<Occurrence>, AckRefused> {
        let acknowledged = Acknowledged { by: act.by.clone(), at: now, reason: act.reason.clone() };
        let (id, revision) = (act.occurrence, act.revision);
        let mut found = None;
        for bed in &mut self.beds {
            let mut desk = Desk {
                site: &self.site,
                next_seq: &mut self.next_seq,
                first_reading: self.next_reading,
                outage: Outage::No,
                out,
            };
            found = bed.acknowledge(id, revision, &acknowledged, &mut desk);
            if found.is_some() {
                break;
            }
        }
        let found = found.or_else(|| self.acknowledge_service(id, revision, &acknowledged, out));
        match found {
            Some(Ok(occurrence)) => Ok(Box::new(occurrence)),
            Some(Err(NotAcknowledged::Stale { current })) => Err(AckRefused::Stale { current }),
            Some(Err(NotAcknowledged::Ended)) => Err(AckRefused::Ended),
            None if self.ended.contains(&id) => Err(AckRefused::Ended),
            None => Err(AckRefused::Unknown),
        }
    }
}
