//! Which doses a session admits, and what it still has to wait for: the baseline before the first
//! one, the rest between nasal devices. What the pressures say is the gates' (`alarm::gate`).

use std::time::Duration;

use super::Session;
use super::dose::{Dose, DoseId, DoseOrder, Way};
use crate::domain::act::Refused;
use crate::domain::time::{MonoTime, Stamp};

/// From one nasal device's start to the next one's (clinical 1.3).
pub const DEVICE_REST: Duration = Duration::from_secs(5 * 60);

/// A baseline holds so long before the dose (clinical 2.3).
const BASELINE_HOLDS: Duration = Duration::from_secs(30 * 60);

/// People give times in whole minutes: what was just before a dose may look as if it came after.
pub const WHOLE_MINUTE: Duration = Duration::from_secs(60);

impl Session {
    /// The dose that an order makes, if this session can have it.
    ///
    /// # Errors
    /// As `Dose::of_order`. `CommandReused`: there is one of this name. `AlreadySo`: an infusion
    /// runs, or this device was given. `BadValue`: the device before it was not, or it has no
    /// number where others have one. `BadTime`: it comes before that one, or after the next.
    pub fn admit(&self, id: DoseId, order: &DoseOrder, now: Stamp) -> Result<Dose, Refused> {
        if self.doses.iter().any(|dose| dose.id == id) {
            return Err(Refused::CommandReused);
        }
        let dose = Dose::of_order(id, order, Way::of(&self.route), self.started, now)?;
        if dose.runs() && self.counting().any(Dose::runs) {
            return Err(Refused::AlreadySo);
        }
        match dose.device_number {
            Some(number) => self.check_device(number, dose.started.mono)?,
            // Nobody could tell whether it is one of them again, or one more than there may be.
            None if self.counting().any(|dose| dose.device_number.is_some()) => {
                return Err(Refused::BadValue);
            }
            None => {}
        }
        Ok(dose)
    }

    fn check_device(&self, number: u8, at: MonoTime) -> Result<(), Refused> {
        let start_of = |number| {
            let device = self.counting().find(|dose| dose.device_number == Some(number));
            device.map(|dose| dose.started.mono)
        };
        if start_of(number).is_some() {
            return Err(Refused::AlreadySo);
        }
        let before = start_of(number - 1);
        if number > 1 && before.is_none() {
            return Err(Refused::BadValue);
        }
        let in_order = before.is_none_or(|before| before <= at)
            && start_of(number + 1).is_none_or(|next| at <= next);
        if in_order { Ok(()) } else { Err(Refused::BadTime) }
    }

    /// Until when a nasal dose at `at` has to wait: the one before it rests.
    #[must_use]
    pub fn rests_until(&self, at: MonoTime) -> Option<Stamp> {
        if Way::of(&self.route) != Way::Nasal {
            return None;
        }
        let before = self.counting().map(|dose| dose.started).filter(|it| it.mono <= at);
        let until = before.max_by_key(|started| started.mono)?.plus(DEVICE_REST);
        (at < until.mono).then_some(until)
    }

    /// The accepted baseline is one for a dose at `at`: taken before it, and not long before.
    #[must_use]
    pub fn baseline_holds(&self, at: MonoTime) -> bool {
        let taken = self.baseline.and(self.baseline_taken);
        taken.is_some_and(|taken| {
            taken <= at.plus(WHOLE_MINUTE) && at.since(taken) <= BASELINE_HOLDS
        })
    }
}

#[cfg(test)]
mod tests;
