//! The gate of discharge (contract 6 `/end`; clinical 2.2, 5.1), and what was done for the patient.
//!
//! Going home asks for all of it; a lead overrides what is missing, and the record names that. All
//! other ends need a reason only: who stays in care, leaves against advice, or had no dose.

use std::sync::Arc;

use super::limits::note_of;
use super::{Bed, Desk};
use crate::domain::act::{Act, Answer, Disposition, Done, Refused, Symptom};
use crate::domain::alarm::AlarmFamily;
use crate::domain::alarm::gate::Standing;
use crate::domain::alarm::occurrence::SessionChange;
use crate::domain::alarm::rule::Phase;
use crate::domain::session::Session;
use crate::domain::session::checks::{Checks, Missing};
use crate::domain::time::{MonoTime, Stamp};
use crate::domain::vital::overdue_after;

/// MOAA/S of a patient who answers readily to their name.
const AWAKE: u8 = 5;

impl Bed {
    /// Told and recorded; nothing is judged by it.
    pub(in crate::domain) fn intervene(
        &mut self,
        drug: &Arc<str>,
        dose: Option<&Arc<str>>,
        act: &Act,
        now: Stamp,
        desk: &mut Desk<'_>,
    ) -> Answer {
        let note = note_of(act, drug, None, dose.map(|dose| dose.to_string()));
        self.tell_session(SessionChange::Intervened, Some(note), now, desk);
        Ok(Done::Taken)
    }

    /// Whether the session may end so, and what is overridden for it, in words.
    ///
    /// # Errors
    /// `NotReady` with all that is missing: also to a lead who gave no reason, so that nobody
    /// overrides unseen. `ReasonNeeded` where another end has none; `BadValue` where a patient who
    /// had a dose would be called not dosed.
    pub(super) fn may_end(
        &self,
        disposition: Disposition,
        checks: Checks,
        act: &Act,
        now: Stamp,
    ) -> Result<Option<String>, Refused> {
        let is_dosed = self.session.as_ref().is_some_and(|it| it.dose_start().is_some());
        match disposition {
            Disposition::HomeEscorted => {
                let missing = self.missing_for_discharge(checks, now);
                if missing.is_empty() {
                    return Ok(None);
                }
                if !(act.by.acts_as_lead() && act.reason.is_some()) {
                    return Err(Refused::NotReady { missing });
                }
                let words: Vec<_> = missing.iter().map(Missing::words).collect();
                Ok(Some(format!("override: {}", words.join(", "))))
            }
            Disposition::NotDosed if is_dosed => Err(Refused::BadValue),
            Disposition::Admitted
            | Disposition::Transferred
            | Disposition::LeftAgainstAdvice
            | Disposition::NotDosed => match act.reason {
                Some(_) => Ok(None),
                None => Err(Refused::ReasonNeeded),
            },
        }
    }

    /// All that keeps the patient from going home with these checks; empty: nothing, or no session.
    pub(super) fn missing_for_discharge(&self, checks: Checks, now: Stamp) -> Vec<Missing> {
        let Some(session) = &self.session else { return Vec::new() };
        let due = self.timed_readings().into_iter().filter(|it| it.at <= now.mono);
        let due = due.map(|it| Missing::TimedReading { id: it.id.as_str().into() });
        let unticked = checks.all().into_iter().filter(|(_, ticked)| !ticked);
        let unticked = unticked.map(|(name, _)| Missing::Check { name });
        let mut missing: Vec<_> = self.unobserved(session, now).into_iter().collect();
        missing.extend(self.discharge_pressure(session, now));
        missing.extend(due);
        missing.extend(of_the_patient(session, checks));
        missing.extend(unticked);
        missing
    }

    fn unobserved(&self, session: &Session, now: Stamp) -> Option<Missing> {
        match (session.dose_start(), self.observed_until()) {
            (None, _) => None,
            (Some(_), None) => Some(Missing::DoseRunning),
            (Some(_), Some(until)) => {
                (now.mono < until).then(|| Missing::Observation { until: now.at_mono(until) })
            }
        }
    }

    /// When the phase discharge begins; `None`: no dose, or one runs.
    pub(super) fn observed_until(&self) -> Option<MonoTime> {
        let session = self.session.as_ref()?;
        let mut until = None;
        let (mut phase, mut next) = session.phase_at(&self.rules.preset, MonoTime::default());
        while let Some(at) = next {
            (phase, next) = session.phase_at(&self.rules.preset, at);
            until = Some(at);
        }
        until.filter(|_| phase == Phase::Discharge)
    }

    /// B6 over the readings since the dose. The one that opens it must be the patient's last before
    /// leaving (clinical 2.2): not older than the planned reading may be late.
    fn discharge_pressure(&self, session: &Session, now: Stamp) -> Vec<Missing> {
        let from = session.dose_start().map_or(self.patient_since, |dose| dose.mono);
        let last = now.mono.minus(overdue_after(self.interval()));
        let taken = self.recent.newest_first(Some(self.patient_since));
        let taken = taken.filter(|it| it.at >= from);
        let newest = taken.clone().filter(|it| it.at >= last);
        let families = self.rules.families().iter();
        let families = families.filter(|it| it.family == AlarmFamily::Discharge);
        let gates = families.flat_map(|it| &it.bands);
        let missing = gates.filter_map(|rule| {
            let (gate, id) = (rule.gate?, rule.id.clone());
            match (gate.standing(rule, taken.clone()), gate.standing(rule, newest.clone())) {
                (Standing::Stops(_), _) => Some(Missing::DischargePressure { rule: id }),
                // One of the last two is enough to end B6's alarm, but not to go home with the
                // other: the last one before leaving must itself pass.
                (Standing::Open, Standing::Open) => {
                    let last_stops = taken.clone().find_map(|it| gate.says(rule, &it));
                    (last_stops == Some(true)).then_some(Missing::DischargePressure { rule: id })
                }
                (Standing::Open | Standing::TooFew, _) => Some(Missing::Readings { rule: id }),
            }
        });
        missing.collect()
    }
}

/// How the patient is, as it was entered. A symptom that nothing else names is no reason to stay.
fn of_the_patient(session: &Session, checks: Checks) -> impl Iterator<Item = Missing> {
    let moaas = session.moaas;
    let sedated = moaas.map_or(!checks.awake, |score| score < AWAKE);
    let sedated = sedated.then_some(Missing::Sedation { moaas });
    let mut symptoms = session.symptoms.iter().filter(|it| *it != Symptom::Other);
    let stands = symptoms.next().is_some() && !checks.symptoms_gone;
    sedated.into_iter().chain(stands.then_some(Missing::Symptoms))
}

/// "home_escorted: awake, oriented, gait, symptoms_gone, escort".
pub(super) fn words(disposition: Disposition, checks: Checks) -> String {
    let ticked: Vec<_> =
        checks.all().into_iter().filter(|(_, ticked)| *ticked).map(|(name, _)| name).collect();
    match ticked.as_slice() {
        [] => disposition.name().to_owned(),
        [..] => format!("{}: {}", disposition.name(), ticked.join(", ")),
    }
}
