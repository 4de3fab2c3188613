//! The ward as the journal left it: newest checkpoint, then every input after it through the same
//! step as live. The transitions of that fold are in the journal already and go nowhere.

use super::guard;
use crate::domain::time::Stamp;
use crate::domain::ward::{Ward, WardPlan};
use crate::shell::journal::Recovery;

/// The checkpoint can't be read by this version.
#[derive(Debug, thiserror::Error)]
#[error("the journal's checkpoint can't be read: {0}")]
pub struct Unrestorable(String);

/// # Errors
/// When the checkpoint is not one of ours; the journal is never passed over in silence.
pub fn restore(plan: WardPlan, recovery: &Recovery, now: Stamp) -> Result<Ward, Unrestorable> {
    let first = recovery.tail.first().map(|input| input.now);
    let mut ward = match &recovery.checkpoint {
        Some(state) => Ward::load(plan, state).map_err(|e| Unrestorable(e.to_string()))?,
        None => Ward::new(plan, first.unwrap_or(now)),
    };
    let mut out = Vec::new();
    for recorded in &recovery.tail {
        guard::step(&mut ward, &recorded.input, recorded.now, &mut out);
        out.clear();
    }
    Ok(ward)
}
