//! Vital signs that a person took: judged by all rules at entry (alarms 14).

use super::{Bed, Desk};
use crate::domain::act::{Act, Answer, Refused, Unknown};
use crate::domain::session::hand::HandReading;
use crate::domain::time::Stamp;

impl Bed {
    /// As from a device of its own.
    pub(in crate::domain) fn enter_reading(
        &mut self,
        _reading: &HandReading,
        _act: &Act,
        _now: Stamp,
        _desk: &mut Desk<'_>,
    ) -> Answer {
        Err(Refused::Unknown(Unknown::Bed))
    }
}
