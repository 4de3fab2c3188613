//! Readings summed up as the baseline (alarms 7; contract 6).

use super::{Bed, Desk};
use crate::domain::act::{Act, Answer, Refused, Unknown};
use crate::domain::ids::ReadingId;
use crate::domain::time::Stamp;

impl Bed {
    /// At least two determinations, a minute apart.
    pub(in crate::domain) fn accept_readings(
        &mut self,
        _readings: &[ReadingId],
        _act: &Act,
        _now: Stamp,
        _desk: &mut Desk<'_>,
    ) -> Answer {
        Err(Refused::Unknown(Unknown::Reading))
    }
}
