//! A session's start, its preset, and its move to another bed.

use std::sync::Arc;

use super::Ward;
use crate::domain::act::{Act, Answer, Refused, Unknown};
use crate::domain::alarm::occurrence::Transition;
use crate::domain::ids::{BedIndex, SessionId};
use crate::domain::session::start::StartOrder;
use crate::domain::time::Stamp;

impl Ward {
    pub(super) fn start_session(
        &mut self,
        _act: &Act,
        _bed: BedIndex,
        _order: &StartOrder,
        _now: Stamp,
        _out: &mut Vec<Transition>,
    ) -> Answer {
        Err(Refused::Unknown(Unknown::Bed))
    }

    pub(super) fn choose_preset(
        &mut self,
        _act: &Act,
        _session: SessionId,
        _preset: &Arc<str>,
        _now: Stamp,
        _out: &mut Vec<Transition>,
    ) -> Answer {
        Err(Refused::Unknown(Unknown::Preset))
    }

    pub(super) fn move_session(
        &mut self,
        _act: &Act,
        _session: SessionId,
        _bed: BedIndex,
        _now: Stamp,
        _out: &mut Vec<Transition>,
    ) -> Answer {
        Err(Refused::Unknown(Unknown::Session))
    }
}
