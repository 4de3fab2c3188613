//! The gate of discharge and what was done for the patient.

use std::sync::Arc;

use super::{Bed, Desk};
use crate::domain::act::{Act, Answer, Refused, Unknown};
use crate::domain::time::Stamp;

impl Bed {
    /// Told and recorded; nothing is judged by it.
    pub(in crate::domain) fn intervene(
        &mut self,
        _drug: &Arc<str>,
        _dose: Option<&Arc<str>>,
        _act: &Act,
        _now: Stamp,
        _desk: &mut Desk<'_>,
    ) -> Answer {
        Err(Refused::Unknown(Unknown::Session))
    }
}
