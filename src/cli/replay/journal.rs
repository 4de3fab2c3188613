//! A journal of the service → the transitions of its ward, once more: every input that the live
//! engine stepped, in its order and with its time, stepped again.
//!
//! Under the limits that it was written under, the transitions must be the journal's own (safety
//! A3: one standing condition, one alarm record); each is compared with it and the summary says
//! so. The configuration must have the journal's beds and sources; a change of it while the
//! journal was written is not played again, and shows as a difference.

use std::collections::VecDeque;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use super::check::{LimitsOf, Origin};
use super::print::{Beds, Note, Of, Printer, Summary};
use super::tally::Tally;
use crate::app;
use crate::domain::alarm::occurrence::Transition;
use crate::domain::alarm::rule::AlarmPreset;
use crate::domain::time::Stamp;
use crate::domain::ward::Ward;
use crate::shell::engine;
use crate::shell::journal::{JournalError, Recorded};

/// Plays and prints a journal.
///
/// # Errors
/// When the journal can't be read, or the output not written.
pub(super) async fn play(
    path: &Path,
    origin: &Origin,
    preset: &Arc<AlarmPreset>,
    printer: &mut Printer<'_, impl Write>,
) -> anyhow::Result<Tally> {
    let names = app::names(&origin.config);
    let mut journal = Recorded::open(path).await?;
    let mut told = Told::new(origin.limits);
    let file = path.display().to_string();
    let (mut tally, mut out) = (Tally::default(), Vec::new());
    let mut page = journal.inputs(&names).await?;
    let zero = page.first().map_or_else(Stamp::default, |first| first.now);
    let simulated = journal.origin().await?;
    let of = Of { file: &file, preset, zero, beds: Beds::Named, origin: simulated };
    printer.heading(&of)?;
    let mut plan = app::plan(&origin.config, simulated);
    for bed in &mut plan.beds {
        bed.preset = Arc::clone(preset);
    }
    let mut ward = Ward::new(plan, zero);
    while !page.is_empty() {
        for input in &page {
            engine::fold(&mut ward, input, &mut out);
            for transition in out.drain(..) {
                told.compare(&transition, &mut journal).await?;
                tally.count(&transition);
                printer.transition(&of, &transition)?;
            }
        }
        page = journal.inputs(&names).await?;
    }
    tally.end(ward.now().mono);
    let note = told.note(&mut journal).await?;
    printer.summary(&Summary { file: Some(&file), preset, tally: &tally, note })?;
    Ok(tally)
}

/// The journal's own transitions, as far as they agree.
struct Told {
    limits: LimitsOf,
    next: VecDeque<Transition>,
    /// Number of the first transition that came out otherwise.
    differs: Option<u64>,
}

impl Told {
    const fn new(limits: LimitsOf) -> Self {
        Self { limits, next: VecDeque::new(), differs: None }
    }

    fn is_asked(&self) -> bool {
        self.limits == LimitsOf::TheJournal && self.differs.is_none()
    }

    async fn compare(
        &mut self,
        transition: &Transition,
        journal: &mut Recorded,
    ) -> Result<(), JournalError> {
        if self.is_asked() && self.next(journal).await?.as_ref() != Some(transition) {
            self.differs = Some(transition.seq.0);
        }
        Ok(())
    }

    /// At the end: nothing may be left in the journal.
    async fn note(mut self, journal: &mut Recorded) -> Result<Note, JournalError> {
        if self.is_asked() {
            self.differs = self.next(journal).await?.map(|left| left.seq.0);
        }
        Ok(match (self.limits, self.differs) {
            (LimitsOf::AnotherPreset, _) => Note::Nothing,
            (LimitsOf::TheJournal, None) => Note::SameAsJournal,
            (LimitsOf::TheJournal, Some(seq)) => Note::DiffersFrom(seq),
        })
    }

    async fn next(&mut self, journal: &mut Recorded) -> Result<Option<Transition>, JournalError> {
        if self.next.is_empty() {
            self.next = journal.transitions().await?.into();
        }
        Ok(self.next.pop_front())
    }
}
