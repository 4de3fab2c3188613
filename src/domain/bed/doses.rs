//! Doses as they are given, changed and taken back, and the gate before them.

use super::{Bed, Desk};
use crate::domain::act::{Act, Answer, Refused, Unknown};
use crate::domain::session::checks::Missing;
use crate::domain::session::dose::{DoseChange, DoseId, DoseOrder};
use crate::domain::time::Stamp;

impl Bed {
    /// Gates first; a lead overrides them with a reason.
    pub(in crate::domain) fn give_dose(
        &mut self,
        _dose: &DoseOrder,
        _act: &Act,
        _now: Stamp,
        _desk: &mut Desk<'_>,
    ) -> Answer {
        Err(Refused::Unknown(Unknown::Session))
    }

    /// What is missing for a dose at `at`. Empty: nothing, or no session.
    pub(in crate::domain) fn missing_for_dose(&self, _at: Stamp) -> Vec<Missing> {
        let baseline = self.session.as_ref().is_some_and(|it| it.baseline.is_none());
        baseline.then_some(Missing::Baseline).into_iter().collect()
    }

    /// Paused, resumed, ended.
    pub(in crate::domain) fn change_dose(
        &mut self,
        _dose: DoseId,
        _change: DoseChange,
        _act: &Act,
        _now: Stamp,
        _desk: &mut Desk<'_>,
    ) -> Answer {
        Err(Refused::Unknown(Unknown::Session))
    }

    /// Within 60 s of its entry.
    pub(in crate::domain) fn undo_dose(
        &mut self,
        _dose: DoseId,
        _act: &Act,
        _now: Stamp,
        _desk: &mut Desk<'_>,
    ) -> Answer {
        Err(Refused::Unknown(Unknown::Session))
    }

    /// It was not given.
    pub(in crate::domain) fn void_dose(
        &mut self,
        _dose: DoseId,
        _act: &Act,
        _now: Stamp,
        _desk: &mut Desk<'_>,
    ) -> Answer {
        Err(Refused::Unknown(Unknown::Session))
    }

    /// It was another amount.
    pub(in crate::domain) fn amend_dose(
        &mut self,
        _dose: DoseId,
        _micrograms: u64,
        _act: &Act,
        _now: Stamp,
        _desk: &mut Desk<'_>,
    ) -> Answer {
        Err(Refused::Unknown(Unknown::Session))
    }
}
