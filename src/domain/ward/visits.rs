//! Acts of a visit, each on the bed of its session: its start, its doses, readings taken by hand,
//! its preset and the move to another bed.

use super::{Ward, index_of};
use crate::domain::act::{Act, Answer, Refused, Unknown, VisitDeed};
use crate::domain::alarm::occurrence::Transition;
use crate::domain::bed::{Bed, Desk};
use crate::domain::ids::{BedIndex, ReadingId};
use crate::domain::time::Stamp;

impl Ward {
    pub(super) fn visit_act(
        &mut self,
        act: &Act,
        deed: &VisitDeed,
        now: Stamp,
        out: &mut Vec<Transition>,
    ) -> Answer {
        match deed {
            VisitDeed::StartSession { bed, order } => {
                self.start_session(act, *bed, order, now, out)
            }
            VisitDeed::ChoosePreset { session, preset } => {
                self.choose_preset(act, *session, preset, now, out)
            }
            VisitDeed::MoveSession { session, bed } => {
                self.move_session(act, *session, *bed, now, out)
            }
            VisitDeed::AcceptReadings { session, readings } => {
                self.in_session(*session, now, out, |bed, desk| {
                    bed.accept_readings(readings, act, now, desk)
                })
            }
            VisitDeed::GiveDose { session, dose } => {
                self.in_session(*session, now, out, |bed, desk| bed.give_dose(dose, act, now, desk))
            }
            VisitDeed::ChangeDose { session, dose, change } => {
                self.in_session(*session, now, out, |bed, desk| {
                    bed.change_dose(*dose, *change, act, now, desk)
                })
            }
            VisitDeed::UndoDose { session, dose } => {
                self.in_session(*session, now, out, |bed, desk| {
                    bed.undo_dose(*dose, act, now, desk)
                })
            }
            VisitDeed::VoidDose { session, dose } => {
                self.in_session(*session, now, out, |bed, desk| {
                    bed.void_dose(*dose, act, now, desk)
                })
            }
            VisitDeed::AmendDose { session, dose, micrograms } => {
                self.in_session(*session, now, out, |bed, desk| {
                    bed.amend_dose(*dose, *micrograms, act, now, desk)
                })
            }
            VisitDeed::Intervene { session, drug, dose } => {
                self.in_session(*session, now, out, |bed, desk| {
                    bed.intervene(drug, dose.as_ref(), act, now, desk)
                })
            }
            VisitDeed::EnterReading { bed, session, reading } => {
                // It may have ended or moved since the person looked: never another's reading.
                if let Some(session) = session
                    && self.running(*session)? != *bed
                {
                    return Err(Refused::Unknown(Unknown::Session));
                }
                let answer = self.bed_act(*bed, now, out, |bed, desk| {
                    bed.enter_reading(reading, act, now, desk)
                });
                self.next_reading = ReadingId(self.next_reading.0 + reading.values.len() as u64);
                answer
            }
        }
    }

    /// An act on the bed that knows this reading. Numbers rise, so a lower one that no bed knows
    /// was a reading once.
    pub(super) fn reading_act(
        &mut self,
        reading: ReadingId,
        now: Stamp,
        out: &mut Vec<Transition>,
        act: impl FnOnce(&mut Bed, &mut Desk<'_>) -> Answer,
    ) -> Answer {
        let place = self.beds.iter().position(|bed| bed.knows(reading));
        let bed = place.map(|place| BedIndex(index_of(place)));
        let was_one = (1..self.next_reading.0).contains(&reading.0);
        let unknown =
            if was_one { Refused::ReadingPast } else { Refused::Unknown(Unknown::Reading) };
        self.bed_act(bed.ok_or(unknown)?, now, out, act)
    }
}
