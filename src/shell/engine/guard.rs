//! Catches a panic of one bed's step, and of nothing else (safety S2).
//!
//! The bed that failed is put out of service for a moment by `Input::Quarantined`; the input that
//! did it is journaled and acknowledged all the same, else its redelivery would fail for ever.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

use crate::domain::alarm::occurrence::Transition;
use crate::domain::ids::BedIndex;
use crate::domain::input::Input;
use crate::domain::time::Stamp;
use crate::domain::ward::{Reply, Ward};

/// What became of a step.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Stepped {
    Done(Reply),
    /// The step was taken back; the bed is to be quarantined.
    Failed {
        bed: BedIndex,
        why: Arc<str>,
    },
}

/// Steps the ward; on a panic inside a bed its transitions and numbers are taken back.
pub(super) fn step(
    ward: &mut Ward,
    input: &Input,
    now: Stamp,
    out: &mut Vec<Transition>,
) -> Stepped {
    let (mark, from) = (ward.mark(), out.len());
    match catch_unwind(AssertUnwindSafe(|| ward.step(input, now, out))) {
        Ok(reply) => Stepped::Done(reply),
        Err(panic) => {
            let Some(bed) = ward.stepping() else { resume_unwind(panic) };
            out.truncate(from);
            ward.rewind(mark);
            let why = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let why = why.or_else(|| panic.downcast_ref::<String>().cloned());
            let why = why.unwrap_or_else(|| "unknown".to_owned());
            tracing::error!(bed = bed.0, why, "the step of a bed failed; the bed is rebuilt");
            Stepped::Failed { bed, why: why.into() }
        }
    }
}
