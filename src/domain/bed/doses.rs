//! Doses as they are given, changed and taken back, and the gate before them (contract 6 `/doses`).
//!
//! A lead, or a nurse on a verbal order, overrides the gate with a reason, and the record says what
//! was missing. Phases and what is counted from the dose follow the doses that count (row 25).

use super::limits::note_of;
use super::{Bed, Desk};
use crate::domain::act::{Act, Answer, Done, Refused, Unknown};
use crate::domain::alarm::AlarmFamily;
use crate::domain::alarm::gate::Standing;
use crate::domain::alarm::occurrence::SessionChange;
use crate::domain::session::checks::Missing;
use crate::domain::session::dose::{Dose, DoseChange, DoseId, DoseOrder};
use crate::domain::session::giving::WHOLE_MINUTE;
use crate::domain::time::Stamp;

impl Bed {
    /// Gates first; a lead overrides them with a reason.
    pub(in crate::domain) fn give_dose(
        &mut self,
        order: &DoseOrder,
        act: &Act,
        now: Stamp,
        desk: &mut Desk<'_>,
    ) -> Answer {
        let session = self.session.as_ref().ok_or(Refused::Unknown(Unknown::Session))?;
        let dose = session.admit(act.command, order, now)?;
        let missing = self.missing_for_dose(dose.started);
        // Without a reason a lead is told what is missing, too: nobody overrides it unseen.
        let may_override = act.by.acts_as_lead() && act.reason.is_some();
        if !missing.is_empty() && !may_override {
            return Err(Refused::NotReady { missing });
        }
        let mut what = dose.name();
        if !missing.is_empty() {
            let missing: Vec<_> = missing.iter().map(Missing::words).collect();
            what = format!("{what}, override: {}", missing.join(", "));
        }
        let note = note_of(act, &what, None, Some(dose.words()));
        let given = Done::DoseGiven { dose: dose.id };
        self.session.as_mut().expect("it was there").doses.push(dose);
        self.tell_session(SessionChange::Dosed, Some(note), now, desk);
        self.tick(now, desk);
        Ok(given)
    }

    /// What is missing for a dose at `at`: before the first one baseline and pressures, later the
    /// rest between nasal devices. Empty: nothing, or no session.
    pub(in crate::domain) fn missing_for_dose(&self, at: Stamp) -> Vec<Missing> {
        let Some(session) = &self.session else { return Vec::new() };
        if session.dose_start().is_some() {
            let until = session.rests_until(at.mono);
            return until.map(|until| Missing::DeviceRest { until }).into_iter().collect();
        }
        let taken = self.recent.newest_first(Some(session.started.mono));
        let taken = taken.filter(|it| it.at <= at.mono.plus(WHOLE_MINUTE));
        let families = self.rules.families().iter().filter(|it| it.family == AlarmFamily::PreDose);
        let gates = families.flat_map(|family| &family.bands).filter_map(|rule| {
            let id = rule.id.clone();
            match rule.gate?.standing(rule, taken.clone()) {
                Standing::Stops(_) => Some(Missing::Pressure { rule: id }),
                Standing::TooFew => Some(Missing::Readings { rule: id }),
                Standing::Open => None,
            }
        });
        let baseline = (!session.baseline_holds(at.mono)).then_some(Missing::Baseline);
        baseline.into_iter().chain(gates).collect()
    }

    /// Paused, resumed, ended.
    pub(in crate::domain) fn change_dose(
        &mut self,
        dose: DoseId,
        change: DoseChange,
        act: &Act,
        now: Stamp,
        desk: &mut Desk<'_>,
    ) -> Answer {
        self.dose_changed(dose, act, now, desk, |dose| {
            dose.change(change, now)?;
            Ok(dose.words())
        })
    }

    /// Within 60 s of its entry.
    pub(in crate::domain) fn undo_dose(
        &mut self,
        dose: DoseId,
        act: &Act,
        now: Stamp,
        desk: &mut Desk<'_>,
    ) -> Answer {
        self.dose_changed(dose, act, now, desk, |dose| {
            dose.undo(&act.by.name, now.mono)?;
            Ok("taken back".to_owned())
        })
    }

    /// It was not given.
    pub(in crate::domain) fn void_dose(
        &mut self,
        dose: DoseId,
        act: &Act,
        now: Stamp,
        desk: &mut Desk<'_>,
    ) -> Answer {
        if act.reason.is_none() {
            return Err(Refused::ReasonNeeded);
        }
        self.dose_changed(dose, act, now, desk, |dose| {
            dose.void(&act.by.name)?;
            Ok("voided".to_owned())
        })
    }

    /// It was another amount.
    pub(in crate::domain) fn amend_dose(
        &mut self,
        dose: DoseId,
        micrograms: u64,
        act: &Act,
        now: Stamp,
        desk: &mut Desk<'_>,
    ) -> Answer {
        if act.reason.is_none() {
            return Err(Refused::ReasonNeeded);
        }
        self.dose_changed(dose, act, now, desk, |dose| {
            dose.amend(micrograms)?;
            Ok(dose.words())
        })
    }

    /// `change` says how the dose stands after it.
    fn dose_changed(
        &mut self,
        id: DoseId,
        act: &Act,
        now: Stamp,
        desk: &mut Desk<'_>,
        change: impl FnOnce(&mut Dose) -> Result<String, Refused>,
    ) -> Answer {
        let session = self.session.as_mut().ok_or(Refused::Unknown(Unknown::Session))?;
        let found = session.doses.iter_mut().find(|dose| dose.id == id);
        let dose = found.ok_or(Refused::Unknown(Unknown::Dose))?;
        let mut after = dose.clone();
        let new = change(&mut after)?;
        let note = note_of(act, &dose.name(), Some(dose.words()), Some(new));
        *dose = after;
        self.tell_session(SessionChange::DoseChanged, Some(note), now, desk);
        self.tick(now, desk);
        Ok(Done::Taken)
    }
}
